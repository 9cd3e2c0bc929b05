"""The torrc files that we ship: every line with its reason, and nothing that would undo them.

tests/e2e/test_torrc.py has tor itself read them.
"""

from pathlib import Path

import pytest

from tests.e2e import torrc

SHIPPED = [torrc.WEB, torrc.STAFF]
NAMES = [path.name for path in SHIPPED]
# What the services must be told, and what they may never be.
WEB = {
    "SocksPort": "0",
    "ControlPort": "0",
    "ControlSocket": "0",
    "AvoidDiskWrites": "1",
    "SafeLogging": "1",
    "HeartbeatPeriod": "0",
    "Sandbox": "0",
    "HiddenServiceDir": torrc.WEB_FOLDER,
    "HiddenServicePort": f"80 {torrc.WEB_SOCKET}",
    "HiddenServiceExportCircuitID": "haproxy",
    "HiddenServicePoWDefensesEnabled": "1",
    "HiddenServiceMaxStreamsCloseCircuit": "0",
}
STAFF = {
    "HiddenServiceDir": torrc.STAFF_FOLDER,
    "HiddenServicePort": f"22 {torrc.STAFF_SOCKET}",
    "HiddenServiceMaxStreamsCloseCircuit": "0",
}
NEVER = {
    "HiddenServiceSingleHopMode",
    "HiddenServiceNonAnonymousMode",
    "HiddenServiceEnableIntroDoSDefense",
    "HiddenServiceAllowUnknownPorts",
    "HiddenServiceDirGroupReadable",
    "DisableNetwork",
    "ORPort",
    "ExitRelay",
    "VanguardsLiteEnabled",
    "User",
}


@pytest.mark.parametrize("path", SHIPPED, ids=NAMES)
def test_every_line_has_its_reason_above_it(path: Path) -> None:
    assert [name for name, _, explained in torrc.directives(path) if not explained] == []


@pytest.mark.parametrize("path", SHIPPED, ids=NAMES)
def test_nothing_is_said_twice_and_nothing_unsafe(path: Path) -> None:
    names = [name for name, _, _ in torrc.directives(path)]
    assert len(names) == len(set(names))
    assert NEVER & set(names) == set()
    # Which part of tor opens what is the installer's to say.
    assert not [name for name in names if name.startswith("%")]


@pytest.mark.parametrize(("path", "wanted"), [(torrc.WEB, WEB), (torrc.STAFF, STAFF)], ids=NAMES)
def test_what_matters_is_set(path: Path, wanted: dict[str, str]) -> None:
    told = {name: value for name, value, _ in torrc.directives(path)}
    assert wanted.items() <= told.items()


def test_tor_says_in_its_log_what_the_operator_caused_and_nothing_of_visitors() -> None:
    (told,) = [value for name, value, _ in torrc.directives(torrc.WEB) if name == "Log"]
    *ranges, destination = told.split()
    assert (ranges, destination) == (["[*]err", "[config,fs,control]notice"], torrc.LOG)


def test_apparmor_lets_tor_open_the_two_sockets_and_nothing_else() -> None:
    text = (torrc.ROOT / "deploy/apparmor/system_tor.local").read_text()
    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    sockets = [each.removeprefix("unix:/run") for each in (torrc.WEB_SOCKET, torrc.STAFF_SOCKET)]
    assert rules == [f"/{{,var/}}run{socket} rw," for socket in sockets]
