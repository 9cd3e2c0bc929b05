"""The table of web machines: each tells of itself, by the day, and who is silent for long is forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from store import Store
from store.machines import Machines, WebMachine
from store.postgres.machines import DAYS_SILENT
from tests import engine
from tests.store.conftest import DAY

WEB1 = WebMachine("web1", b"host...1", DAY, "1.2.3", b"t" * 32, b"s" * 32, b"f" * 16, 7)
WEB2 = replace(WEB1, name="web2", host=b"host...2")


@pytest.fixture
def machines(on_postgres: None, tmp_path: Path) -> Iterator[Machines]:
    store: Store = engine.open_store(tmp_path / "data")
    assert store.machines is not None
    yield store.machines
    store.close()


def test_what_a_machine_tells_takes_the_place_of_what_it_told(machines: Machines) -> None:
    assert list(machines.all()) == []
    machines.note(WEB2)
    machines.note(WEB1)
    assert list(machines.all()) == [WEB1, WEB2]
    later = replace(WEB1, day=DAY + timedelta(days=1), release="", texts=b"", form_keys=b"", team=8)
    machines.note(later)
    assert list(machines.all()) == [later, WEB2]


def test_two_machines_of_one_name_are_kept_apart(machines: Machines) -> None:
    twin = replace(WEB1, host=b"host...3")
    machines.note(WEB1)
    machines.note(twin)
    assert list(machines.all()) == [WEB1, twin]


def test_who_has_swept_stays_noted_when_it_tells_more(machines: Machines) -> None:
    machines.note(WEB1)
    machines.note(WEB2)
    machines.note_swept(WEB1.name, WEB1.host, DAY)
    machines.note(replace(WEB1, team=8))
    assert {each.name: each.swept for each in machines.all()} == {"web1": DAY, "web2": None}


def test_a_machine_that_is_gone_is_forgotten(machines: Machines) -> None:
    machines.note(WEB1)
    machines.note(replace(WEB2, day=DAY + timedelta(days=DAYS_SILENT)))
    assert len(machines.all()) == 2
    machines.note(replace(WEB2, day=DAY + timedelta(days=DAYS_SILENT + 1)))
    assert [each.name for each in machines.all()] == ["web2"]


def test_on_sqlite_one_machine_has_the_store_alone(on_sqlite: None, tmp_path: Path) -> None:
    store = engine.open_store(tmp_path / "data")
    assert store.machines is None
    store.close()
