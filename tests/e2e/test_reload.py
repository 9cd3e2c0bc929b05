"""A reload and a stop cut nothing: uploads go on, who comes is answered, a bad release changes nothing."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.e2e import doors
from tests.e2e.answers_mailbox import Visitor, words_of
from tests.e2e.http_client import head, multipart, received
from tests.e2e.released import Released
from tests.e2e.source import Form, Source
from tests.e2e.waiting import until


@pytest.fixture
def released(linux: None, practice: Path, tmp_path: Path) -> Iterator[Released]:
    """A running server of the release "first"."""
    with Released(tmp_path / "site", practice / "data") as site:
        yield site


class Upload:
    """A file that comes by tor's door, half of it at first."""

    def __init__(self, site: Released) -> None:
        source = Source(site.address)
        files = [("upload", "film.bin", os.urandom(300_000))]
        body, kind = multipart([*source.controls("half of it"), ("do", "attach")], files)
        self.sock, self.rest = doors.connected(site.by_tor), body[len(body) // 2 :]
        sent = head("POST", "/report", "localhost", len(body), kind, {"Expect": "100-continue"})
        self.sock.sendall(sent + body[: len(body) // 2])
        # Told to go on, it is in the hands of a worker.
        assert self.sock.recv(25, socket.MSG_WAITALL) == b"HTTP/1.1 100 Continue\r\n\r\n"

    def finish(self) -> Form:
        """Send the rest; give the form with the file attached."""
        with closing(self.sock):
            self.sock.sendall(self.rest)
            answer = received(self.sock)
        assert answer.status == 200
        form = Form(answer.text)
        assert len(form.tokens) == 1
        return form


class Readers(threading.Thread):
    """Readers at both doors, one after the other, who note which release answered."""

    def __init__(self, site: Released) -> None:
        super().__init__(daemon=True)
        self.site, self.over = site, threading.Event()
        self.by: list[str] = []
        self.trouble: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            try:
                for door in (self.site.by_tor, self.site.by_nginx):
                    answer = doors.ask(door, "/healthz")
                    assert answer.status == 200, answer
                    self.by.append(answer.header("Server"))
            except (OSError, AssertionError) as broken:
                self.trouble.append(repr(broken))

    def __enter__(self) -> "Readers":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()


def answering(site: Released) -> str:
    return doors.ask(site.by_nginx, "/healthz").header("Server")


def test_a_reload_cuts_no_upload_and_turns_nobody_away(released: Released) -> None:
    assert released.process is not None
    with Readers(released) as readers:
        upload = Upload(released)
        released.release("second")
        released.reload()
        assert released.told() != released.process.pid
        until(lambda: readers.by[-1] == "second", "answer of the new release")
        assert released.process.poll() is None  # it waits for the upload
        form = upload.finish()
        released.process.wait(120)
        # The file that the old one took is good in the new one.
        source = Source(released.address)
        source.form = form
        assert source.send("all of it")
    assert not readers.trouble
    assert set(readers.by) == {"first", "second"}
    assert "Traceback" not in released.output()


def test_while_an_upload_goes_on_there_can_be_more_reloads(released: Released) -> None:
    with ExitStack() as ended:
        uploads = []
        for name in ("second", "third"):
            uploads.append(upload := Upload(released))
            ended.callback(upload.sock.close)
            released.release(name)
            released.reload()
            released.told()
            until(lambda: answering(released) == name, f"answer of the {name} release")  # noqa: B023 - awaited here
        for upload in uploads:
            upload.finish()


def test_a_release_that_cannot_start_changes_nothing(released: Released) -> None:
    with Readers(released) as readers:
        upload = Upload(released)
        released.release("bad", broken=True)
        released.reload()
        until(lambda: "a release that does not start" in released.output(), "end of the new master")
        upload.finish()
        assert answering(released) == "first"
        # And the next one may be better. The old master may not have noticed the end of the bad one yet.
        released.release("good")

        def reloaded() -> bool:
            released.reload()
            return answering(released) == "good"

        until(reloaded, "answer of the good release")
        released.told()
    assert not readers.trouble
    assert set(readers.by) == {"first", "good"}


def test_a_stop_waits_for_an_upload(released: Released) -> None:
    assert released.process is not None
    upload = Upload(released)
    with closing(doors.connected(released.by_nginx)) as kept:
        kept.sendall(head("GET", "/healthz", "localhost", 0, "", {}))
        assert received(kept).header("Connection") == "keep-alive"
        # As systemd does: every process hears it.
        os.killpg(released.process.pid, signal.SIGTERM)
        until(lambda: "Handling signal: term" in released.output(), "end begun")
        upload.finish()
        assert released.process.wait(120) == 0


def test_a_mailbox_that_was_open_asks_for_the_words_again(released: Released) -> None:
    source, visitor = Source(released.address), Visitor(released)
    assert source.send("something")
    visitor.press("open", "open", {"code": words_of(source.answer)})
    assert "message" in visitor.page.text
    released.reload()
    released.told()
    assert released.process is not None
    released.process.wait(120)
    # The key of an open page is in one master's memory only.
    asked = visitor.press("asked", "send", {"message": "one more thing"}).text
    assert "Type your words again" in asked
    assert "one more thing" in asked
