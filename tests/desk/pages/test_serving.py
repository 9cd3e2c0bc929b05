"""The server itself: where it listens, what is left of a process that was locked, how it ends."""

import http.client
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from desk.pages import serving
from desk.pages.doors import Doors
from tests.desk.conftest import ROOT, DeskUnderTest

BOUND = 120.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Served:
    """A desk that is served in processes of its own."""

    process: "subprocess.Popen[str]"
    port: int
    start: str
    cookie: str = ""
    inside: str = ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Ask as the browser does; give the status, where it leads, and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=BOUND)
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form)
        connection.request("GET" if form is None else "POST", path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).split(";")[0]
        connection.close()
        return answer.status, answer.getheader("Location") or "", page

    def enter(self) -> None:
        """Open the printed address."""
        status, self.inside, _ = self.ask(self.start.partition(str(self.port))[2])
        assert status == 303

    def unlock(self) -> str:
        """Unlock it; give the inbox."""
        self.ask(f"{self.inside}unlock", {"name": "Ann", "passphrase": "practice"})
        until = time.monotonic() + BOUND
        while (found := self.ask(self.inside))[0] != 200:
            assert time.monotonic() < until, found
            time.sleep(0.05)
        return found[2]

    def workers(self) -> set[int]:
        """The processes that the first one started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(number) for number in children.read_text().split()}


@pytest.fixture
def served(filled: DeskUnderTest) -> Iterator[Served]:
    port = free_port()
    command = filled.command("serve", "--port", port, "--no-browser")
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    (start,) = re.findall(r"http://\S+", process.stdout.readline())
    yield Served(process, port, start)
    process.send_signal(signal.SIGINT)
    assert process.wait(BOUND) == 0
    left = process.stdout.read()
    process.stdout.close()
    assert "Traceback" not in left
    assert "error" not in left


def test_locking_ends_the_process_that_had_it_open_and_a_fresh_one_is_locked(served: Served) -> None:
    served.enter()
    assert "A white van" in served.unlock()
    before = served.workers()
    assert "The desk is locked" in served.ask(f"{served.inside}lock", {})[2]
    until = time.monotonic() + BOUND
    while before & served.workers() or not served.workers():
        assert time.monotonic() < until
        time.sleep(0.05)
    status, leads, _ = served.ask(served.inside)
    assert (status, leads) == (303, f"{served.inside}unlock")
    # The name that was typed is there, and the same browser is known.
    assert 'value="Ann"' in served.ask(f"{served.inside}unlock")[2]
    assert "A white van" in served.unlock()


def test_it_listens_on_this_computer_alone_and_says_nothing_without_the_cookie(served: Served) -> None:
    assert served.ask("/")[0] == 403
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    at = [row.split()[1] for row in rows if row.split()[3] == "0A"]
    assert [one for one in at if one.endswith(f":{served.port:04X}")] == [f"0100007F:{served.port:04X}"]
    six = Path("/proc/net/tcp6")
    assert not six.exists() or f":{served.port:04X} " not in six.read_text()


def test_what_was_typed_is_sealed_when_it_is_ended(served: Served, filled: DeskUnderTest) -> None:
    served.enter()
    served.unlock()
    served.ask(f"{served.inside}here", {"at": "/case/x/note", "text": "half a note"})
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(BOUND) == 0
    assert len(list(filled.home.glob("typed-*"))) == 1


def test_it_ends_with_its_window(served: Served) -> None:
    served.enter()
    served.process.send_signal(signal.SIGHUP)
    assert served.process.wait(BOUND) == 0


def test_a_port_that_is_taken_is_told(filled: DeskUnderTest) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = filled.run("serve", "--port", taken.getsockname()[1], "--no-browser")
    assert answer.status == 1
    assert "of this computer is taken" in answer.err
    assert "serve --port" in answer.err


@pytest.mark.parametrize(
    "wrong", [("--port", "80"), ("--port", "x"), ("--idle", "0"), ("--idle", "241")], ids=str
)
def test_what_cannot_be_is_told(filled: DeskUnderTest, wrong: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        filled.run("serve", *wrong)
    assert ended.value.code == 2


def test_the_browser_is_led_by_a_file_that_only_its_owner_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    opened: list[str] = []
    monkeypatch.setattr(serving.webbrowser, "open", opened.append)
    monkeypatch.setenv("DISPLAY", ":0")
    doors = Doors(8100)
    opener = serving._Opener(doors)
    opener.open()
    (file,) = tmp_path.glob("desk-*/open-*.html")
    assert doors.start in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    until = time.monotonic() + BOUND
    while not opened:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert opened == [file.as_uri()]
    assert doors.token not in opened[0]
    opener.forget()
    opener.forget()
    assert list(tmp_path.iterdir()) == []


def test_no_other_program_of_the_same_person_reads_its_memory() -> None:
    asked = (
        "import ctypes; from desk.pages import serving; serving.hide_memory(); "
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
