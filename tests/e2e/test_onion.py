"""The site as an onion service: the shipped torrc before the shipped gunicorn, and a visitor's own Tor."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from tests.counts import count
from tests.e2e.coming_back import mailbox
from tests.e2e.descriptor import opened
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.http_client import Address, connected, received, request
from tests.e2e.server import Site
from tests.e2e.steps import END, report
from tests.e2e.test_main_road import some_file
from tests.e2e.tornet import TorNet
from tests.e2e.waiting import until

STREAMS = 32  # of one visitor at a time; deploy/torrc says so too


@pytest.fixture
def visitor(tor: TorNet) -> Iterator[Firefox]:
    """As near as can be to Tor Browser at "Safest"."""
    browser = Firefox(tor.socks)
    yield browser
    browser.close()


def address(tor: TorNet) -> Address:
    return tor.onion, 80


def test_a_source_reads_an_article_reports_with_a_file_and_reads_the_reply(
    tor: TorNet, site: Site, visitor: Firefox, desk: Desk, tmp_path: Path
) -> None:
    url, word = f"http://{tor.onion}", f"onion{os.urandom(8).hex()}"
    visitor.go(f"{url}/articles/")
    visitor.click('main a[href^="/articles/"]')
    until(
        lambda: visitor.count("main article h1, article main h1, main h1") and visitor.count(END), "article"
    )
    assert len(visitor.text("main")) > 2000

    file = some_file(tmp_path / "seen.mp4", count(2_000_000, 20_000_000))
    words = report(visitor, url).describe(word).attach(file).send().code()
    case = desk.take(site, tmp_path / "out.tar").opened(word)["case"]
    desk.reply(case, f"we have {word}").give(site, tmp_path / "back.tar")
    assert mailbox(visitor, url).open(words).replies() == [f"we have {word}"]


def test_proof_of_work_is_in_what_visitors_are_told(tor: TorNet) -> None:
    assert request(address(tor), "GET", "/safety", socks=tor.socks).status == 200
    told = tor.descriptor()
    assert [line.split()[:2] for line in opened(told, tor.onion) if line.startswith("pow-params")] == [
        ["pow-params", "v1"]
    ]


def test_whoever_opens_too_many_connections_loses_only_those(tor: TorNet) -> None:
    """The one that was there first goes on, on the same circuit: it may be an upload."""
    whole = f"GET /safety HTTP/1.1\r\nHost: {tor.onion}\r\n\r\n".encode()
    with ExitStack() as ended:
        first = ended.enter_context(closing(connected(address(tor), socks=tor.socks)))
        first.sendall(whole[:20])
        refused = 0
        for _ in range(STREAMS + 8):
            try:
                ended.enter_context(closing(connected(address(tor), socks=tor.socks)))
            except OSError:
                refused += 1
        assert refused >= 8
        first.sendall(whole[20:])
        assert received(first).status == 200


def test_tor_writes_no_line_that_a_visitor_caused(tor: TorNet) -> None:
    """Not even one that asks for what is not there, or comes too often."""
    log = tor.node("service").folder / "shipped.log"
    before = log.read_text()
    assert "Bootstrapped 100%" in before
    assert request(address(tor), "GET", "/", socks=tor.socks).status == 200
    assert request(address(tor), "GET", "/nowhere", socks=tor.socks).status == 404
    with pytest.raises(OSError, match="SOCKS refused"):
        connected((tor.onion, 81), socks=tor.socks)
    with ExitStack() as ended:
        for _ in range(STREAMS + 8):
            with suppress(OSError):
                ended.enter_context(closing(connected(address(tor), socks=tor.socks)))
    assert log.read_text() == before
