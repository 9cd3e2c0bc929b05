"""What a seized PostgreSQL tells of a day: much before the sweep, which these see, and then nothing."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import psycopg
import pytest

from bench.postgres import Server, running
from store import Store
from tests.counts import count
from tests.store.postgres import quiet, seized
from tests.store.sqlite.test_sweep import correlation

pytestmark = pytest.mark.usefixtures("on_postgres")
TABLES = ("slot", "body", "blob", "piece")


class Place:
    """A server, a store on it, and what sources have sent, in this order."""

    def __init__(self, server: Server, url: str, store: Store) -> None:
        self.server, self.url, self.store = server, url, store
        self.reports: list[quiet.Report] = []

    def report(self, number: int = 1, files: int = 1) -> list[quiet.Report]:
        new = [quiet.kept(self.store, Random(), files) for _ in range(number)]
        self.reports += new
        return new

    def files(self, name: str) -> seized.Table:
        return seized.table(self.server, self.url, name)

    def found(self, name: str, marks: Sequence[bytes]) -> list[seized.Found]:
        found = seized.rows(self.files(name).rows, marks)
        return [found[mark] for mark in marks]

    def of_values(self, name: str, marks: Sequence[bytes]) -> list[seized.Found]:
        found = seized.rows(self.files(name).values, marks)
        return [found[mark] for mark in marks]

    @property
    def slots(self) -> list[bytes]:
        return [each.slot for each in self.reports]

    @property
    def blobs(self) -> list[bytes]:
        return [blob for each in self.reports for blob in each.blobs]

    @property
    def envelopes(self) -> list[bytes]:
        return [each.envelope for each in self.reports]

    @property
    def contents(self) -> list[bytes]:
        return [mark for each in self.reports for mark in each.blobs.values()]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server"), **quiet.SETTINGS) as server:
        yield server


@pytest.fixture
def place(server: Server, tmp_path: Path) -> Iterator[Place]:
    url = quiet.database(server)
    store = quiet.opened(tmp_path / "data", url)
    yield Place(server, url, store)
    store.close()
    server.drop(url)


def test_the_transaction_of_a_row_tells_what_came_with_it_until_the_sweep(place: Place) -> None:
    place.report(count(20, 100), files=2)
    place.store.sweep()
    settled = len(place.reports)
    place.report(20, files=2)

    def tied() -> list[bool]:
        """Say of each file whether it has its report's transaction, and of no other one."""
        slots = {
            row.xmin: each for row, each in zip(place.found("slot", place.slots), place.slots, strict=True)
        }
        blobs = place.found("blob", place.blobs)
        owners = [each.slot for each in place.reports for _ in each.blobs]
        return [slots.get(row.xmin) == owner for row, owner in zip(blobs, owners, strict=True)]

    before = tied()
    assert all(before[2 * settled :])
    assert not any(before[: 2 * settled - 2])
    place.store.sweep()
    for name, marks in (("slot", place.slots), ("blob", place.blobs)):
        assert len({row.xmin for row in place.found(name, marks)}) == 1


@pytest.mark.parametrize("swept", [False, True], ids=["before", "after"])
def test_neither_places_nor_numbers_of_large_values_follow_the_order_of_arrival_after_the_sweep(
    place: Place, swept: bool
) -> None:
    place.report(count(60, 300))
    if swept:
        place.store.sweep()
    orders: dict[str, list[int]] = {}
    for name, marks in (("slot", place.slots), ("blob", place.blobs)):
        orders[f"{name} place"] = [row.place for row in place.found(name, marks)]
    orders["body place"] = [row.place for row in place.found("body", place.slots)]
    for name, marks in (("body", place.envelopes), ("piece", place.contents)):
        values = place.of_values(name, marks)
        orders[f"{name} value place"] = [row.place for row in values]
        orders[f"{name} value number"] = [row.value for row in values]
        orders[f"{name} value transaction"] = [row.xmin for row in values]
    told = {name: abs(correlation(order)) for name, order in orders.items() if len(set(order)) > 1}
    if swept:
        assert {name: value for name, value in told.items() if value > 0.65} == {}
    else:
        assert {name: value for name, value in told.items() if value < 0.9} == {}
        assert len(told) == 9


def test_what_was_deleted_is_in_no_file_after_the_sweep(place: Place) -> None:
    place.report(30, files=2)
    place.store.sweep()
    place.report(10, files=2)
    gone, here = place.reports[5:8] + place.reports[-3:], place.reports[-4]
    secrets = [secret for each in gone for secret in each.secrets]
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    place.store.delete({each.slot: list(each.blobs) for each in gone})
    assert seized.left(place.server.data / "base", secrets)
    assert seized.left(place.server.data / "pg_wal", secrets)
    place.store.sweep()
    assert seized.left(place.server.data, secrets) == {}
    assert seized.left(place.server.data, here.secrets)


def test_the_log_tells_of_no_transaction_before_the_sweep(place: Place) -> None:
    place.report(10)
    came = {row.xmin for row in place.found("slot", place.slots)}
    assert came <= seized.logged(place.server)
    place.store.sweep()
    assert not came & seized.logged(place.server)
    assert seized.left(place.server.data / "pg_wal", [*place.slots, *place.envelopes, *place.contents]) == {}


def test_who_looks_into_a_mailbox_after_the_sweep_leaves_no_mark_on_their_rows(place: Place) -> None:
    def looked(mine: quiet.Report) -> bool:
        """Look as a source does; say whether that changed a page."""
        before = pages()
        assert [row.id for row in place.store.slots([mine.slot, os.urandom(16)])] == [mine.slot]
        for blob in mine.blobs:
            with place.store.open_blob(blob) as file:
                file.read()
        return pages() != before

    def pages() -> list[bytes]:
        tables = [place.files(name) for name in TABLES]
        return [file.read_bytes() for each in tables for file in (*each.rows, *each.values, *each.indexes)]

    place.report(20)
    assert looked(place.reports[3])
    place.store.sweep()
    assert [mine for mine in place.reports[::4] if looked(mine)] == []


def test_no_line_of_the_server_is_caused_by_a_report_nor_by_a_failure(place: Place) -> None:
    before = place.server.log.read_bytes()
    mine = place.report(3)[0]
    place.store.delete({mine.slot: list(mine.blobs)})
    place.store.sweep()
    with psycopg.connect(place.url) as connection, pytest.raises(psycopg.Error):
        connection.execute("INSERT INTO slot SELECT * FROM slot")
    assert place.server.log.read_bytes() == before


def test_statistics_keep_no_bytes(place: Place) -> None:
    place.report(20)
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        kept = connection.execute(
            "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'"
        ).fetchall()
        assert ("slot",) in kept
        query = (
            "SELECT s.tablename, s.attname FROM pg_stats s JOIN pg_attribute a ON a.attname = s.attname"
            " AND attrelid = format('%I', tablename)::regclass"
            " WHERE schemaname = 'public' AND atttypid = 'bytea'::regtype"
        )
        assert connection.execute(query).fetchall() == []
