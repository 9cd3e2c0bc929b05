"""Connections found in other processes: the same as here, and none outlives the one that asked."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desk.connections import beside
from desk.connections.beside import found_beside
from desk.connections.finder import Finder
from desk.connections.findings import Findings, findings
from desk.connections.later import Later
from desk.errors import DeskError
from payload import Answers, Report
from tests.desk.conftest import ROOT
from tests.payload.reports import plain_report

_PARTS = ("cases", "links", "links_of", "facts", "places", "routes", "moments", "unread")
_WAIT = 60.0  # seconds at most


def _file(name: str, *contents: Report) -> Any:
    """Give what is looked at of a case of a book."""
    held = tuple(
        SimpleNamespace(body=one.to_bytes(), brief=SimpleNamespace(kind=one.kind, digest=f"{name}{at}"))
        for at, one in enumerate(contents)
    )
    return SimpleNamespace(name=name, contents=contents, held=held)


def _files(count: int) -> list[Any]:
    """Give cases of which every second one names the plate of another."""
    return [
        _file(
            f"case{number:04}",
            plain_report(
                draft=number.to_bytes(16, "big"),
                what_happened=f"LX{number // 2 % 50:02} ABC stood in Leeds, they ring 07400 {number:06}.",
                files=(),
                answers=Answers({"travel": ({"route": "from Leeds to York"},)}),
            ),
        )
        for number in range(count)
    ]


def _same(one: Findings, other: Findings) -> bool:
    return all(getattr(one, part) == getattr(other, part) for part in _PARTS)


def test_what_is_found_in_other_processes_is_what_is_found_here(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [*_files(229), _file("empty")]
    monkeypatch.setattr(beside, "MANY", 1)
    told: list[tuple[int, int]] = []
    found = found_beside(files, lambda done, of: told.append((done, of)))
    assert found.links
    assert _same(found, findings(files))
    assert told[-1] == (230, 230)


def test_what_did_not_open_or_is_no_report_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MANY", 1)
    closed = SimpleNamespace(body=None, brief=SimpleNamespace(kind=None, digest="x"))
    note = SimpleNamespace(body=b"{}", brief=SimpleNamespace(kind="note", digest="y"))
    files = [SimpleNamespace(name="a", contents=(), held=(closed, note)), *_files(2)]
    found = found_beside(files)  # type: ignore[arg-type]  # as files of a book
    assert found.cases == 3
    assert set(found.facts) == {"case0000", "case0001"}


def test_where_the_other_process_fails_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MANY", 1)
    files = _files(1)
    files[0].held[0].body = b"no report"
    with pytest.raises(DeskError, match="interrupted"):
        found_beside(files)


_KILLED = """
import os, sys, time
from desk.connections import beside
from tests.desk.test_network_beside import _files
beside.MANY = 1
def told(done, of):
    print(done, flush=True)
    time.sleep(3600)
beside.found_beside(_files(400), told)
"""


_GATHERING = """
import time
from desk.connections import gathering
from tests.desk.test_network_beside import _files
gathering.MANY = 1
def told(done, of):
    print(done, flush=True)
    time.sleep(3600)
gathering.gathered(_files(400), told)
"""
_OPENING = """
import time
from desk import opening
opening.MANY = 1
def slow(casebook, openers, digest):
    time.sleep(0.05)
    return digest
opening.open_sent = slow
for one in opening.each_opened(None, {}, [str(at) for at in range(6_400)], str):
    print(one, flush=True)
    time.sleep(3600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    "asking_for", [_KILLED, _GATHERING, _OPENING], ids=["beside", "gathering", "opening"]
)
def test_no_process_outlives_the_one_that_asked(asking_for: str) -> None:
    asking = subprocess.Popen(
        [sys.executable, "-c", asking_for], cwd=ROOT, stdout=subprocess.PIPE, encoding="ascii"
    )
    assert asking.stdout is not None
    assert asking.stdout.readline()
    helpers = _below(asking.pid)
    assert helpers
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    asking.stdout.close()
    until = time.monotonic() + _WAIT
    while any(_lives(pid) for pid in helpers):
        assert time.monotonic() < until, "a helper lives on"
        time.sleep(0.05)


def _below(pid: int) -> list[int]:
    """Give the processes that a process has started, and those that they have."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def test_a_finder_gives_what_it_found_last_and_looks_again_when_there_is_more() -> None:
    finder, files = Finder(), _files(4)
    finder.newest(files)
    finder.wait(_WAIT)
    first = finder.newest(files)
    assert first is not None
    assert first.cases == 4
    assert not finder.looking
    assert finder.newest(files) is first
    more = _files(6)
    assert finder.newest(more) is first
    finder.wait(_WAIT)
    second = finder.newest(more)
    assert second is not None
    assert second.cases == 6


def test_work_of_a_second_is_done_once_and_nobody_waits_for_it() -> None:
    later: Later[str, int] = Later(2)
    go, made = threading.Event(), []

    def make() -> int:
        go.wait(_WAIT)
        made.append(1)
        return 7

    assert later.get("a", make, 0) is None
    assert later.get("a", make, 0) is None
    go.set()
    assert later.get("a", make, _WAIT) == 7
    assert made == [1]
    for key in ("b", "c"):
        later.get(key, lambda: 1, _WAIT)
    later.get("a", make, _WAIT)
    assert made == [1, 1]


def test_work_that_fails_is_told_once_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threading.excepthook", lambda *_: None)
    later: Later[str, int] = Later(2)

    def fails() -> int:
        raise OSError

    with pytest.raises(DeskError):
        later.get("a", fails, _WAIT)
    assert later.get("a", lambda: 3, _WAIT) == 3
