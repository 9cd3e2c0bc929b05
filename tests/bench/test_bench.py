"""The bench's arithmetic, and a tiny run of every measurement."""

import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from bench import __main__ as bench
from bench import crowd, newsroom, pace, wire
from bench.budgets import BUDGETS, Budget
from bench.place import Place
from bench.scale import TINY
from bench.table import Row, as_json, printed

BROKEN_OFF = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    # Side by side: they mostly wait, and here nobody judges how long it took.
    with ThreadPoolExecutor(len(bench.GROUPS)) as pool:
        measured = list(pool.map(lambda group: group(TINY, Place()), bench.GROUPS.values()))
    return [row for rows in measured for row in rows]


def test_a_tiny_run_measures_every_row_of_the_table_once(rows: list[Row]) -> None:
    assert sorted(row.name for row in rows) == sorted(budget.name for budget in BUDGETS)


def test_whatever_is_measured_has_a_figure_and_a_reference(rows: list[Row]) -> None:
    for row in rows:
        assert row.value is None or row.value >= 0
        assert (row.value is None) == (row.reference is None)


def test_the_printed_table_has_each_row_with_its_budget_and_reference(rows: list[Row]) -> None:
    table = printed(rows)
    for budget in BUDGETS:
        line = next(line for line in table.splitlines() if line.startswith(f"{budget.name}  "))
        assert budget.text() in line
        assert budget.reference in line


def test_the_figures_as_json_hold_the_same_rows(rows: list[Row]) -> None:
    for row, entry in zip(rows, as_json(rows), strict=True):
        assert (entry["name"], entry["value"], entry["verdict"]) == (row.name, row.value, row.verdict)


def test_the_first_load_of_the_form_and_of_an_article_are_within_their_budgets(rows: list[Row]) -> None:
    # Bytes and requests are the same on every machine, so they are judged here too.
    judged = ("First load", "Its requests", "An article that the browser has")
    loads = [row for row in rows if row.name.startswith(judged)]
    assert len(loads) == 7
    assert [row.name for row in loads if row.verdict != "OK"] == []


def test_no_slow_upload_fails_among_stalled_clients(rows: list[Row]) -> None:
    assert next(row for row in rows if row.name.startswith("400 slow")).value == 0


@pytest.mark.parametrize(
    ("name", "value", "reference", "verdict"),
    [
        ("GET /report", 40, 100, "OK"),
        ("GET /report", 39, 100, "OVER"),
        ("GET an article", 50, 100, "OK"),
        ("GET an article", 49, 100, "OVER"),
        ("Its requests", 2, 1, "OK"),
        ("Its requests", 3, 1, "OVER"),
        ("100 MB file, sealed and fsynced", 1.25, 1, "OK"),
        ("100 MB file, sealed and fsynced", 2, 1, "OVER"),
        ("New source, CPU", None, None, "not measured"),
    ],
)
def test_a_figure_is_judged_by_its_budget(
    name: str, value: float | None, reference: float | None, verdict: str
) -> None:
    assert Row(name, value, reference).verdict == verdict


def test_a_budget_is_written_with_its_unit() -> None:
    assert Budget("x", 14.6, "KB", "y").text() == "at most 14.6 KB"
    assert Budget("x", 0.4, "a second", "y", at_least=True, of_ratio=True).text() == "at least 0.4 times"


def test_all_that_a_page_names_is_fetched_and_scripts_only_where_they_run() -> None:
    page = (
        '<link rel="icon" href="data:image/png;base64,AAAA"><link rel="stylesheet" href="/static/a.css">'
        '<link rel="alternate" href="/feed"><script src="/static/b.js" defer></script><img src="/c.png">'
    )
    assert wire.named(page, scripts=False) == ["/static/a.css", "/c.png"]
    assert wire.named(page, scripts=True) == ["/static/a.css", "/static/b.js", "/c.png"]


def test_a_page_that_asks_another_site_is_no_first_load() -> None:
    with pytest.raises(wire.BrokenAnswer, match=r"cdn\.example"):
        wire.named('<script src="//cdn.example/x.js"></script>', scripts=True)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
            b"hello",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    ],
)
def test_every_byte_of_an_answer_is_counted(answer: bytes, body: bytes) -> None:
    with _answering(answer) as address:
        got = wire.get(address, "/")
    assert (got.status, got.body, got.received) == (200, body, len(answer))


def test_no_two_articles_of_the_newsroom_are_alike() -> None:
    assert len({newsroom.article(number) for number in range(500)}) == 500


def test_an_answer_that_breaks_off_is_named() -> None:
    with _answering(BROKEN_OFF) as address, pytest.raises(wire.BrokenAnswer):
        wire.get(address, "/")


def test_an_error_is_not_counted_as_pace() -> None:
    wrong = b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"
    with _answering(wrong) as address, pytest.raises(wire.BrokenAnswer, match="500"):
        crowd.get_seconds(address)


def test_the_own_load_generator_counts_what_was_answered(rows: list[Row]) -> None:
    with _answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as address:
        assert pace.by_threads(address, "/", TINY) > 0


@contextmanager
def _answering(answer: bytes) -> Iterator[wire.Address]:
    """A server on loopback that answers each request with the same bytes; a broken-off answer ends it."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked = b""
            while data := self.request.recv(1 << 16):
                asked += data
                if asked.endswith(b"\r\n\r\n"):
                    self.request.sendall(answer)
                    asked = b""
                    if answer == BROKEN_OFF:
                        return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            host, port = server.server_address[:2]
            yield str(host), port
        finally:
            server.shutdown()
            thread.join()
