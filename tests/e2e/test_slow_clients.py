"""Somebody with a slow line, or forty of them, holds nobody else up."""

import threading
import time
from contextlib import ExitStack, closing

from tests.counts import count
from tests.e2e.conftest import MakeSite
from tests.e2e.http_client import connected, head, multipart, received, request
from tests.e2e.server import Site
from tests.e2e.source import Form, Source
from tests.e2e.waiting import until

SLOW, STALLED = count(40, 400), count(30, 300)
PIECES, PIECE = 30, 2_000


class SlowUpload(threading.Thread):
    """An upload in small pieces with a pause after each, as over a bad line."""

    def __init__(self, site: Site, number: int) -> None:
        super().__init__(daemon=True)
        self.site, self.number = site, number
        self.started, self.attached, self.trouble = threading.Event(), False, ""

    def run(self) -> None:
        try:
            source = Source(self.site.address)
            files = [("upload", f"{self.number}.bin", b"s" * PIECES * PIECE)]
            body, kind = multipart([*source.controls("slow"), ("do", "attach")], files)
            with closing(connected(self.site.address, bound=600)) as sock:
                sock.sendall(head("POST", "/report", "127.0.0.1", len(body), kind, {"Connection": "close"}))
                for at in range(0, len(body), PIECE):
                    sock.sendall(body[at : at + PIECE])
                    self.started.set()
                    time.sleep(0.1)  # this is the slowness itself
                answer = received(sock)
            self.attached = answer.status == 200 and len(Form(answer.text).tokens) == 1
        except OSError as broken:
            self.trouble = repr(broken)
        finally:
            self.started.set()


def test_slow_uploads_and_stalled_clients_hold_nobody_up(make_site: MakeSite) -> None:
    site = make_site().start()
    with ExitStack() as stalled:
        for _ in range(STALLED):
            sock = stalled.enter_context(closing(connected(site.address)))
            sock.sendall(b"GET /report HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Never")
        uploads = [SlowUpload(site, number) for number in range(SLOW)]
        for upload in uploads:
            upload.start()
        until(lambda: all(upload.started.is_set() for upload in uploads), "uploads under way")

        # While all of them are under way, others are answered: how fast is for the bench to say.
        answered = 0
        while any(upload.is_alive() for upload in uploads):
            assert request(site.address, "GET", "/report").status == 200
            answered += 1
        assert answered
        assert Source(site.address).send("in between")
    assert not [upload.trouble for upload in uploads if upload.trouble]
    assert all(upload.attached for upload in uploads)
