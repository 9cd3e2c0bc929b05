"""The doctor finds each thing that is wrong, says what to do, and raises no alarm where nothing is wrong."""

import importlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

import commands
from commands import doctor_care, doctor_disk, doctor_machine, doctor_site
from commands.doctor_check import Check, Patient
from commands.running import Stopped
from config import Config
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from publishing.publish import publish
from store import Store, done
from tests import engine, inside
from tests.commands.backups import Server, report
from tests.commands.conftest import MONTH, TODAY, Site
from tests.site import CONTENT

doctor = importlib.import_module("commands.doctor")
ONION = "a" * 56 + ".onion"


@dataclass
class Place:
    """A site that is as it should be, on a machine that is."""

    server: Server
    store: Store
    machine: Path
    onion: str | None = None
    given: str | None = None
    day: date = TODAY
    practice: str = "1"

    def checks(self, url: str | None = None) -> dict[str, Check]:
        environ = engine.environment(self.server.data) | {"VIGIL_PRACTICE": self.practice}
        settings = Config.read(environ | ({"VIGIL_ONION": self.onion} if self.onion else {}))
        patient = Patient(settings, self.day, None, self.store, self.store.look(), self.given, url)
        return {check.name: check for check in doctor.examined(patient)}

    def wrong(self) -> set[str]:
        return {name for name, check in self.checks().items() if check.ok is False}

    def write(self, name: str, text: str) -> None:
        path = self.machine / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def place(tmp_path: Path, team_keys: TeamKeys, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    server = Server(tmp_path / "data", team_keys).prepared()
    # Published once a test run: the pages do not matter here.
    (server.data / "site.db").write_bytes(_published(tmp_path))
    (server.data / "form.keys").write_bytes(b"form keys")
    os.utime(server.data / "site.db", (0, 0))
    (server.data / "form.keys").chmod(0o600)
    machine = tmp_path / "machine"
    for module in (doctor_machine, doctor_site):
        monkeypatch.setattr(module, "PROC", machine / "proc")
    monkeypatch.setattr(doctor_machine, "SYS", machine / "sys")
    monkeypatch.setattr(doctor_machine, "ETC", machine / "etc")
    monkeypatch.setattr(doctor_machine, "ROOT", machine / "code")
    monkeypatch.setattr(doctor_machine, "_is_kept", lambda: True)
    monkeypatch.setattr(doctor_care, "ROOT", machine)
    # The tests' PostgreSQL, where there is one, waits for no disk and has no copy.
    monkeypatch.setattr("store.postgres.looking.remarks", lambda _: ())
    store = server.open()
    store.note_done(done.SWEEP)
    store.note_done(done.BACKUP)
    made = Place(server, store, machine)
    made.write("proc/swaps", "Filename Type Size Used Priority\n")
    made.write("proc/sys/kernel/core_pattern", "|/bin/false\n")
    made.write("proc/sys/fs/suid_dumpable", "0\n")
    made.write("proc/1/comm", "systemd\n")
    made.write("proc/700/comm", "tor\n")
    yield made
    store.close()


_kept: list[bytes] = []


def _published(folder: Path) -> bytes:
    if not _kept:
        publish(CONTENT, folder / "site.db", today=TODAY + timedelta(days=60))
        _kept.append((folder / "site.db").read_bytes())
    return _kept[0]


def test_where_all_is_well_nothing_is_wrong_and_nothing_is_to_be_done(place: Place) -> None:
    checks = place.checks()
    assert [check for check in checks.values() if check.ok is False] == []
    # Practice keys are what there is to be said of this one; where nothing can be known, nothing is advised.
    told = {name for name, check in checks.items() if check.ok is None and check.hint}
    assert told - {"disk"} == {"practice"}
    assert all(check.what and "\n" not in check.what + check.hint for check in checks.values())
    assert all(check.hint for check in checks.values() if check.ok is False)


@pytest.mark.parametrize(
    ("day", "ok", "says"),
    [
        (date(2026, 12, 1), True, "practice: 23 months"),
        (date(2028, 9, 2), None, "the team's keys end on 31 October 2028"),
        (date(2028, 10, 30), None, "1 month left"),
        (date(2028, 11, 1), False, "ended on 31 October 2028"),
        (date(2026, 10, 31), False, "begin with 202611"),
    ],
    ids=["fine", "two months", "two days", "ended", "not begun"],
)
def test_the_months_that_are_left_are_counted(place: Place, day: date, ok: bool | None, says: str) -> None:
    place.day = day
    check = place.checks()["keys"]
    assert check.ok is ok
    assert says in check.what


def test_keys_that_cannot_be_used_are_told(place: Place, identity: Identity) -> None:
    path = place.server.data / "team.keys"
    path.write_bytes(b"nonsense")
    assert "cannot be used" in place.checks()["keys"].what
    path.unlink()
    assert "cannot be read" in place.checks()["keys"].what
    other = Identity.new().team_keys((DeskKeys.make("x", MONTH).public(),), version=9, practice=True)
    path.write_bytes(other)
    assert "may not follow" in place.checks()["list of keys"].what
    path.write_bytes(place.server.team.raw)
    path.chmod(0o622)
    assert "who changes the keys reads what is sent" in place.checks()["team.keys"].what


def _others_read(path: Path) -> None:
    path.chmod(0o644)


def _others_write(path: Path) -> None:
    path.chmod(0o602)


@pytest.mark.usefixtures("on_sqlite")  # of files, and it has the most
@pytest.mark.parametrize(
    ("name", "break_it", "check", "says"),
    [
        (".", lambda path: path.chmod(0o750), "permissions", "others can look into"),
        ("team.keys", _others_write, "permissions", "can be written by anybody"),
        ("vigil.db", lambda path: path.chmod(0o640), "permissions", "others could read"),
        ("blobs", lambda path: path.chmod(0o707), "permissions", "can be written by anybody"),
        ("form.keys", _others_read, "form.keys", "others can read"),
        ("form.keys", lambda path: path.chmod(0o620), "form.keys", "others can read"),
    ],
    ids=[
        "an open folder",
        "keys to write",
        "a database to read",
        "blobs to write",
        "form keys to read",
        "form keys to write",
    ],
)
def test_what_others_may_do_is_told(
    place: Place, name: str, break_it: Callable[[Path], None], check: str, says: str
) -> None:
    break_it(place.server.data / name)
    found = place.checks()[check]
    assert found.ok is False
    assert says in found.what
    assert "chmod" in found.hint or "remove" in found.hint


@pytest.mark.parametrize(
    ("free", "ok", "says"),
    [
        (60, False, "no report can be taken"),
        (500, False, "no file is taken any more"),
        (900, None, "soon no file"),
        (5000, True, "free, of"),
    ],
)
def test_the_reserves_of_the_disk_are_watched(
    place: Place, monkeypatch: pytest.MonkeyPatch, free: int, ok: bool | None, says: str
) -> None:
    real = os.statvfs(place.server.data)
    words = list(real)
    words[0] = words[1] = 1_000_000  # sizes of a block
    words[2], words[4] = 100_000, free  # blocks in all, and free to users
    words[5] = 0  # a file system that counts no inodes
    monkeypatch.setattr(doctor_disk.os, "statvfs", lambda _: os.statvfs_result(words))
    check = place.checks()["disk"]
    assert check.ok is ok
    assert says in check.what


@pytest.mark.parametrize(
    ("files", "name", "ok"),
    [
        ({"proc/swaps": "F\n/dev/sda2 x\n"}, "swap", None),
        ({"proc/swaps": "F\n/dev/dm-1 x\n", "sys/block/dm-1/dm/uuid": "CRYPT-PLAIN-x\n"}, "swap", True),
        ({"proc/swaps": "F\n/dev/dm-1 x\n", "sys/block/dm-1/dm/uuid": "LVM-x\n"}, "swap", None),
        ({"proc/swaps": "F\n/dev/zram0 x\n"}, "swap", True),
        ({"proc/sys/kernel/core_pattern": "|/lib/systemd/systemd-coredump %P\n"}, "core dumps", None),
        (
            {
                "proc/sys/kernel/core_pattern": "|/lib/systemd/systemd-coredump %P\n",
                "etc/systemd/coredump.conf": "[Coredump]\nStorage=none\n",
            },
            "core dumps",
            True,
        ),
        ({"proc/sys/fs/suid_dumpable": "1\n"}, "core dumps", None),
    ],
    ids=["plain swap", "sealed swap", "plain lvm", "zram", "kept dumps", "no dumps kept", "suid dumps"],
)  # fmt: skip
def test_memory_that_may_reach_the_disk_is_told(
    place: Place, files: dict[str, str], name: str, ok: bool | None
) -> None:
    for path, text in files.items():
        place.write(path, text)
    check = place.checks()[name]
    assert check.ok is ok
    assert bool(check.hint) is (ok is None)


@pytest.mark.parametrize("what", ["report", "export", "site.db", "release"])
def test_a_clock_that_was_put_back_is_told(place: Place, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if what == "report":
        report(place.store)
    elif what == "export":
        with place.store.pinned():
            pass
    elif what == "site.db":
        os.utime(place.server.data / "site.db")
        place.day = date(2020, 1, 1)
    else:
        place.write("code/VERSION", "1.2.3\n")
        place.day = date(2020, 1, 1)
    place.day = min(place.day, TODAY - timedelta(days=1))
    check = place.checks()["clock"]
    assert check.ok is False
    assert "the clock was put back, or was ahead" in check.what


def test_a_clock_that_nobody_keeps_is_no_alarm(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_machine, "_is_kept", lambda: False)
    assert place.checks()["clock"].ok is None
    assert place.checks()["clock"].hint
    monkeypatch.setattr(doctor_machine, "_is_kept", lambda: None)
    assert not place.checks()["clock"].hint


@pytest.mark.parametrize("name", ["sweep", "backup"])
def test_nights_that_were_missed_are_told(place: Place, name: str) -> None:
    place.day = TODAY + timedelta(days=2)
    assert place.checks()[name].ok is True
    place.day = TODAY + timedelta(days=3)
    assert place.checks()[name].ok is None  # where one practises
    place.practice = ""
    assert place.checks()[name].ok is False
    assert f"the last {name} was 3 days ago" in place.checks()[name].what
    inside.forget_done(place.server.data, name)
    assert place.checks()[name].ok is False
    place.day = TODAY
    assert place.checks()[name] == Check(name, None, "none yet: the first is tonight")


def test_what_is_lost_damaged_or_not_published_is_told(place: Place) -> None:
    _, (blob,) = report(place.store, b"x" * 100)
    assert "1 report (1 not collected yet), 1 file, no replies" in place.checks()["store"].what
    inside.lose(place.store.data, blob)
    assert "1 file that reports rely on is gone" in place.checks()["store"].what
    (place.server.data / "site.db").unlink()
    assert {"store", "texts"} <= place.wrong()


def test_a_failure_of_the_last_week_is_told(place: Place) -> None:
    place.store.count_failure("KeyError", "views/report.py:7")
    assert "KeyError at views/report.py:7 (1)" in place.checks()["failures"].what


@pytest.mark.parametrize(
    ("setting", "given", "ok"),
    [
        (None, None, None), (ONION, None, None), (ONION, ONION, True), (ONION, "b" * 56 + ".onion", False),
        (None, ONION, False), (ONION, "", False),
    ],
    ids=["none", "not looked at", "the same", "another", "not in the settings", "tor has none"],
)  # fmt: skip
def test_tors_address_is_the_one_of_the_settings(
    place: Place, setting: str | None, given: str | None, ok: bool | None
) -> None:
    place.onion, place.given = setting, given
    assert place.checks()["tor"].ok is ok


def test_a_tor_that_does_not_run_is_told_where_it_can_be_seen(place: Place) -> None:
    place.onion = place.given = ONION
    (place.machine / "proc/700/comm").write_text("python3\n")
    assert "tor is not running" in place.checks()["tor"].what
    (place.machine / "proc/1/comm").unlink()
    (place.machine / "proc/1").rmdir()
    assert place.checks()["tor"].ok is True


def run(site: Site, *arguments: str, text: str = "") -> tuple[int, str]:
    app = Flask(__name__)
    app.extensions["vigil"] = site
    commands.register(app)
    done_ = app.test_cli_runner().invoke(args=["doctor", *arguments], input=text)
    return done_.exit_code, done_.stdout


def test_the_command_says_it_in_words_and_in_json(place: Place, team_keys: TeamKeys) -> None:
    settings = Config.read(engine.environment(place.server.data) | {"VIGIL_PRACTICE": "1"})
    site = Site(place.store, team_keys, settings)  # type: ignore[arg-type]  # it has what is asked for
    status, words = run(site)
    lines = words.splitlines()
    assert {line[:6] for line in lines} <= {"ok    ", "look  ", "-     ", "WRONG "}
    status_json, said = run(site, "--json")
    checks = json.loads(said)
    assert [set(check) for check in checks] == [{"name", "ok", "what", "hint"}] * len(lines)
    assert status == status_json == (1 if any(check["ok"] is False for check in checks) else 0)
    status, said = run(site, "--json", "--onion-file", "-", text=f"{ONION}\n")
    assert status == 1
    (tor,) = [check for check in json.loads(said) if check["name"] == "tor"]
    assert f"VIGIL_ONION={ONION}" in tor["hint"]


def test_it_looks_where_the_site_does_not_start(tmp_path: Path) -> None:
    settings = Config.read({"VIGIL_DATA": str(tmp_path), "VIGIL_PRACTICE": "1"})
    stopped = Stopped(settings, "the team keys cannot be read", "make them")
    checks = doctor.examined(Patient(settings, TODAY, stopped, None, None, None, None))
    assert checks[0] == Check("start", False, stopped.what, stopped.hint)
    assert {check.name for check in checks} >= {"keys", "disk", "sweep", "store", "version"}
