"""Tor is killed in the middle of an upload: the upload breaks, and goes on once Tor is there again."""

import os
from contextlib import closing
from pathlib import Path

from tests.e2e.desk import Desk
from tests.e2e.http_client import connected, head, multipart
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.test_failures import answer
from tests.e2e.tornet import TorNet
from tests.e2e.waiting import kill, until

FILM = 2_000_000


def test_an_upload_during_which_tor_is_killed_breaks_and_goes_once_tor_is_back(
    tor: TorNet, site: Site, desk: Desk, tmp_path: Path
) -> None:
    word = f"tor{os.urandom(8).hex()} and every word of it"
    address, blobs = (tor.onion, 80), site.data / "blobs"
    source = Source(address, socks=tor.socks)
    source.attach(("first.jpg", b"first"), text=word).caption(0, "the van")
    film = os.urandom(FILM)
    body, kind = multipart(source.parts("do", "attach", [("upload", "film.mp4", film)]))
    before = set(blobs.iterdir())
    with closing(connected(address, socks=tor.socks)) as sock:
        sock.sendall(head("POST", "/report", tor.onion, len(body), kind, {"Connection": "close"}))
        sock.sendall(body[: FILM // 2])
        until(lambda: set(blobs.iterdir()) - before, "upload under way")
        service = tor.node("service")
        assert service.process is not None
        kill(service.process)
        assert answer(sock, body[FILM // 2 :]) is None
    # What had come of it is gone; the site itself noticed nothing else.
    until(lambda: not set(blobs.iterdir()) - before, "end of the half file")
    assert site.answers()

    service.start(tor.shipped(service.folder), *tor.lines)
    service.control("SETEVENTS HS_DESC", until="^650 HS_DESC UPLOADED", bound=tor.bound)
    until(tor.answers, "page through Tor", bound=tor.bound)
    # The page is still in the browser, with all that it held.
    source.attach(("film.mp4", film))
    assert source.send()
    mine = desk.take(site, tmp_path / "bundle.tar").opened(word)
    assert [(file["name"], file["size"]) for file in mine["files"]] == [("first.jpg", 5), ("film.mp4", FILM)]
