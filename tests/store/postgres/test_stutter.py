"""A sweep lets nobody wait for a table that somebody reads for long, and waits itself for a bounded time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store import Busy, Store
from store.postgres import settling
from store.postgres.settling import Settler
from tests import engine, inside
from tests.store.conftest import OpenStore, pending
from tests.store.kept import keep

pytestmark = pytest.mark.usefixtures("on_postgres")


class Clock:
    """Time that passes by waiting alone."""

    def __init__(self) -> None:
        self.now = 0.0

    def pause(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(settling, "pause", clock.pause)
    monkeypatch.setattr(settling, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def store(on_postgres: None, opened: OpenStore) -> Store:
    found = opened()
    keep(found, b"e", [pending(found)])
    found.note_done("it")
    return found


@pytest.fixture
def other(store: Store, folder: Path) -> Iterator["psycopg.Connection[Any]"]:
    """Another program on the same database, which reads for long."""
    with psycopg.connect(engine.database(folder) or "", autocommit=True) as connection:
        yield connection


def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of what tables are asked for so that everybody else has to wait."""
    asked: list[str] = []
    begun = Settler._begun

    def noted(self: Settler, table: str, mode: str) -> bool:
        if mode != "SHARE UPDATE EXCLUSIVE":
            asked.append(table)
        return begun(self, table, mode)

    monkeypatch.setattr(Settler, "_begun", noted)
    return asked


def test_beside_an_export_no_table_is_asked_for_and_the_sweep_waits_once_for_all(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_for(monkeypatch)
    with store.pinned() as here:
        list(here.envelopes())
        monkeypatch.setattr(settling, "LONG", 0.0)
        with pytest.raises(Busy, match=r"body.*blob"):
            store.sweep()
        # Of those an export reads none.
        assert set(asked) <= {"arriving", "done", "machine", "migration"}
    assert settling.PATIENCE <= clock.now < settling.PATIENCE + 2 * settling.LOCK_SECONDS
    store.sweep()


def test_one_table_that_is_held_does_not_keep_the_others_from_being_settled(
    store: Store,
    folder: Path,
    other: "psycopg.Connection[Any]",
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = asked_for(monkeypatch)
    monkeypatch.setattr(settling, "LONG", 0.0)
    other.execute("BEGIN; LOCK TABLE blob IN ACCESS SHARE MODE; SELECT 1")
    with pytest.raises(Busy, match=r": blob could not"):
        store.sweep()
    other.execute("ROLLBACK")
    assert "blob" not in asked
    assert "slot" in asked
    assert inside.run(folder, "SELECT count(*) FROM ONLY piece") == [(0,)]
