"""The doctor finds an address in a log, takes nothing else for one, and never repeats what it found."""

import gzip
import os
from pathlib import Path

import pytest

from commands import doctor_logs
from commands.doctor_check import Check, Patient
from config import Config
from tests.commands.conftest import TODAY

CLIENT = "203.0.113.77"


@pytest.mark.parametrize(
    "line",
    [
        f"Invalid request from ip={CLIENT}: x",
        f'{CLIENT} - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
        f"client: {CLIENT}, server: x",
        f"[{CLIENT}]:443 closed",
        f"{CLIENT}:51034",
        "2001:db8::1 connected",
        "from [2001:db8:0:1:2:3:4:5]:80",
        "::ffff:203.0.113.77",
        "PROXY TCP6 fc00:dead:beef:4dad::0:29 ::1",
        "10.1.2.3 asked",
        "Mozilla/5.0 (X11; Linux x86_64)",
        "curl/8.5.0",
        "user-agent: x",
        "X-Forwarded-For: unknown",
    ],
)
def test_an_address_or_a_browser_is_found(line: str) -> None:
    assert doctor_logs.tells(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Listening at: unix:/run/vigil/http.sock (700)",
        "Listening at: http://127.0.0.1:8000 (700)",
        "listening on [::1]:80 and [::]:80",
        "Tor 0.4.9.11 running on Linux with Libevent 2.1.12-stable, OpenSSL 3.0.15",
        "Nov 22 10:11:12.000 [notice] Bootstrapped 100% (done): Done",
        "version 1.2.3.4 is installed",
        "release 6.1.0.28",
        "it took 1.5 s, 12:34:56 to 12:35:00",
        "abc::def in C++, a::b",
        "de:ad:be:ef:00:11 is a network card",
        "999.999.999.999",
        "1.2.3.4.5 is a section",
        "vigil: removed no unclaimed files and no broken uploads",
        "deadbeefdeadbeefdeadbeefdeadbeef",
    ],
)
def test_nothing_else_is_taken_for_one(line: str) -> None:
    assert not doctor_logs.tells(line)


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(doctor_logs, "LOG", tmp_path / "log")
    monkeypatch.setattr(doctor_logs, "OWN_NGINX", tmp_path / "etc")
    (tmp_path / "data").mkdir()
    for name in ("nginx", "tor"):
        (tmp_path / "log" / name).mkdir(parents=True)
    return tmp_path


def checks(folder: Path, onion: str = "", journal: tuple[str, ...] | None = None) -> dict[str, Check]:
    environ = {"VIGIL_DATA": str(folder / "data"), "VIGIL_ONION": onion}
    patient = Patient(Config.read(environ), TODAY, None, None, None, None, None, journal)
    return {check.name: check for check in doctor_logs.checks(patient)}


@pytest.mark.parametrize(
    "name", ["data/gunicorn.log", "data/old/x.log.1", "log/nginx/error.log", "log/nginx/a.log.2.gz"]
)
def test_a_log_with_an_address_is_named_without_it(logs: Path, name: str) -> None:
    (logs / "etc").mkdir()
    path = logs / name
    path.parent.mkdir(exist_ok=True)
    text = f"all is well\n{CLIENT} was here\n".encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    found = checks(logs)["logs"]
    assert found.ok is False
    assert str(path) in found.what
    assert CLIENT not in found.what + found.hint


def test_another_nginx_is_not_judged(logs: Path) -> None:
    (logs / "log/nginx/access.log").write_text(f"{CLIENT}\n")
    (logs / "data/x.log").write_text("all is well\n")
    assert checks(logs)["logs"].ok is True


def test_tors_log_is_looked_at_where_the_site_has_an_onion_service(logs: Path) -> None:
    (logs / "log/tor/notices.log").write_text(f"host X at {CLIENT}:443 failed\n")
    assert "tor's log" not in checks(logs)
    found = checks(logs, "a" * 56 + ".onion")["tor's log"]
    assert (found.ok, bool(found.hint)) == (None, True)


def test_a_log_that_cannot_be_read_is_told(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (logs / "data/closed.log").write_text("x\n")

    def closed(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(doctor_logs, "_lines", closed)
    found = checks(logs)["logs"]
    assert found.ok is None
    assert "this user cannot read it" in found.what
    assert found.hint


def test_a_damaged_archive_of_a_log_is_no_failure(logs: Path) -> None:
    (logs / "data/x.log.gz").write_bytes(gzip.compress(b"x" * 1000)[:-9])
    assert checks(logs)["logs"].ok is True


def test_only_the_end_of_a_huge_log_is_read(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_logs, "MOST", 100)
    (logs / "data/x.log").write_text(f"{CLIENT}\n" + "x" * 200)
    assert checks(logs)["logs"].ok is True
    (logs / "data/x.log").write_text("x" * 200 + f"\n{CLIENT}\n")
    assert checks(logs)["logs"].ok is False


def test_where_there_is_no_log_nothing_is_called_well(logs: Path) -> None:
    (logs / "etc").mkdir()
    found = checks(logs, "a" * 56 + ".onion")
    assert [(found[name].ok, found[name].hint) for name in ("logs", "tor's log")] == [(None, "")] * 2


@pytest.mark.parametrize(
    ("journal", "ok", "hint"),
    [
        (None, None, ""),
        ((), None, ""),
        (("Started vigil.service.", "tor: Bootstrapped 100% (done): Done"), True, ""),
        (("Started vigil.service.", f"ip={CLIENT}"), False, "journalctl -u vigil "),
        (("Started vigil.service.", f"tor: host X at {CLIENT}:443"), None, "journalctl -u tor@default "),
    ],
    ids=["not given", "empty", "well", "an address", "a relay"],
)
def test_the_journal_is_looked_through_where_root_hands_it_over(
    logs: Path, journal: tuple[str, ...] | None, ok: bool | None, hint: str
) -> None:
    found = checks(logs, journal=journal)["journal"]
    assert (found.ok, found.hint.startswith(hint), bool(found.hint)) == (ok, True, bool(hint))
    assert CLIENT not in found.what + found.hint


def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(
    logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (logs / "data/x.log").write_text("all is well\n")
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "tor" and real(path, mode))
    found = checks(logs, "a" * 56 + ".onion")
    assert found["logs"].ok is True
    assert found["tor's log"].ok is None
    assert f"{logs}/log/tor cannot be read" in found["tor's log"].what
