"""The systemd units: what they may do, by systemd's own judgement, and that what they name is there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNITS = ROOT / "deploy/systemd"
SERVICES = sorted([*UNITS.glob("*.service"), *(ROOT / "deploy/staff").glob("*.service")])
ALL = sorted([*UNITS.glob("vigil*"), *(ROOT / "deploy/staff").glob("*.socket")])
RELEASE = "/opt/vigil/current/"
MOST = 1.0  # of 10, systemd's "exposure"
HAS_SYSTEMD = shutil.which("systemd-analyze") is not None
needs_systemd = pytest.mark.skipif(
    not HAS_SYSTEMD and "CI" not in os.environ, reason="there is no systemd-analyze on this machine"
)


def lines(unit: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit.read_text(), re.MULTILINE)


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_systemd_judges_each_service_as_hardly_exposed(unit: Path) -> None:
    judged = analyze("security", "--offline=true", "--no-pager", unit)
    score = re.search(r"Overall exposure level for \S+: ([0-9.]+)", judged.stdout)
    assert score, judged.stdout + judged.stderr
    assert float(score[1]) <= MOST, judged.stdout


@needs_systemd
def test_systemd_finds_no_fault_in_any_unit(tmp_path: Path) -> None:
    for unit in {*ALL, *SERVICES}:
        # The programs are not here; the paths of a release are judged below.
        text = re.sub(r"^(Exec\w+)=(-?)\S+", r"\1=\2/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE))
    units = sorted(path for path in tmp_path.iterdir() if "@" not in path.name)
    judged = analyze("verify", "--man=no", "--recursive-errors=no", *units)
    ours = [line for line in judged.stderr.splitlines() if "vigil" in line]
    assert ours == []


@pytest.mark.parametrize("unit", [*SERVICES, *ALL], ids=lambda path: path.name)
def test_what_a_unit_names_of_a_release_is_in_this_one(unit: Path) -> None:
    named = re.findall(rf"{RELEASE}([^\s#]+)", unit.read_text())
    gone = [path for path in named if not path.startswith(".venv/") and not (ROOT / path).exists()]
    assert gone == []


def test_what_runs_is_python_a_program_of_debian_or_a_script_that_may_be_run() -> None:
    for unit in SERVICES:
        for line in [*lines(unit, "ExecStart"), *lines(unit, "ExecReload")]:
            program = line.lstrip("-").split()[0]
            if program.startswith(RELEASE) and not program.endswith(".venv/bin/python"):
                script = ROOT / program.removeprefix(RELEASE)
                assert script.stat().st_mode & 0o111 == 0o111, program
            elif not program.startswith(RELEASE):
                assert program in {"/bin/kill", "/usr/sbin/sshd"}, program


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_no_service_has_a_network_a_core_dump_swap_or_another_user(unit: Path) -> None:
    for name, wanted in {
        "PrivateNetwork": "yes",
        "RestrictAddressFamilies": "AF_UNIX",
        "IPAddressDeny": "any",
        "LimitCORE": "0",
        "MemorySwapMax": "0",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "MemoryDenyWriteExecute": "yes",
        "CapabilityBoundingSet": "",
        "User": "vigil",
        "UMask": "0077",
    }.items():
        assert lines(unit, name) == [wanted], name


def test_the_services_of_the_site_are_hardened_alike() -> None:
    def hardening(unit: Path) -> list[str]:
        text = unit.read_text().split("# What it may not do.")[1].split("[Install]")[0]
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    wanted = hardening(UNITS / "vigil.service")
    for name in ("vigil-sweep.service", "vigil-backup.service"):
        assert hardening(UNITS / name) == wanted


def test_where_it_is_enabled_the_site_never_starts_without_tors_door() -> None:
    assert "vigil.service" in lines(UNITS / "vigil-onion.socket", "WantedBy")[0].split()
    assert "vigil-onion.socket" in lines(UNITS / "vigil.service", "After")[0].split()


def test_each_door_is_open_to_the_site_and_to_one_other() -> None:
    doors = {
        unit.name: (lines(unit, "ListenStream"), lines(unit, "SocketGroup"))
        for unit in UNITS.glob("*.socket")
    }
    assert doors == {
        "vigil.socket": (["/run/vigil/clearnet.sock"], ["www-data"]),
        "vigil-onion.socket": (["/run/vigil/http.sock"], ["debian-tor"]),
    }
    for unit in UNITS.glob("*.socket"):
        assert lines(unit, "SocketMode") == ["0660"]
        assert lines(unit, "SocketUser") == ["vigil"]


def test_a_stop_ends_after_minutes_and_only_a_reload_waits_for_uploads() -> None:
    service = UNITS / "vigil.service"
    assert lines(service, "TimeoutStopSec") == ["2min"]
    # It asks the main process for a new one, and stops nothing: what is under way has gunicorn's three hours.
    assert lines(service, "ExecReload") == ["/bin/kill -USR2 $MAINPID"]
    assert "\ngraceful_timeout = 10_800\n" in (ROOT / "deploy/gunicorn.conf.py").read_text()


def test_a_crowd_at_the_doors_waits_and_memory_goes_back() -> None:
    for unit in UNITS.glob("*.socket"):
        assert lines(unit, "Backlog") == ["4096"]
    (memory,) = lines(UNITS / "vigil.service", "Environment")
    assert set(memory.split()) == {
        "MALLOC_ARENA_MAX=2",
        "MALLOC_TRIM_THRESHOLD_=131072",
        "MALLOC_MMAP_THRESHOLD_=131072",
    }


def test_nothing_notes_when_staff_came() -> None:
    staff = ROOT / "deploy/staff"
    for unit in ("vigil-staff.socket", "vigil-staff@.service"):
        assert lines(staff / unit, "LogLevelMax") == ["alert"]
    assert lines(staff / "vigil-staff@.service", "RuntimeDirectory") == ["vigil-staff"]
    assert lines(staff / "vigil-staff@.service", "RuntimeDirectoryPreserve") == ["yes"]


def test_the_installer_lays_out_every_unit() -> None:
    script = (ROOT / "deploy/install/lay_out.sh").read_text()
    assert [unit.name for unit in ALL if unit.name not in script] == []
