"""Two web machines on one database import: what a source has deleted since does not come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from crypto.keyfile import DeskKeys
from store import Busy, Store
from store.postgres import alone
from tests import inside
from tests.commands.parcel import Parcel, taken
from tests.store.postgres.two import cut_off, open_store, url

pytestmark = pytest.mark.usefixtures("on_postgres")


@pytest.fixture
def other(on_postgres: None, store: Store, tmp_path: Path) -> Iterator[Store]:
    """The store as another machine has it."""
    found = open_store(tmp_path / "other", url(store.data))
    yield found
    found.close()


def test_nothing_is_imported_while_another_machine_imports(
    store: Store,
    other: Store,
    desk: DeskKeys,
    runner: FlaskCliRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alone, "PATIENCE", 0.01)
    parcel = Parcel(desk)
    slot = parcel.reply(b"one")
    path = parcel.write(tmp_path / "back")
    with other.importing():
        # As that one has it by now: brought, and deleted by its source.
        _, told = taken(runner, path, exit_code=1)
        assert told[0] == "error: another machine imports a bundle"
        assert inside.count(store.data, "reply") == 0
    taken(runner, path)
    assert [row.id for row in store.replies([slot])] == [slot]


def test_an_import_ends_whose_turn_may_have_ended(
    store: Store,
    desk: DeskKeys,
    runner: FlaskCliRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parcel = Parcel(desk)
    slot = parcel.reply(b"one")
    path = parcel.write(tmp_path / "back")
    last, times = store.last_import, iter([True])

    def breaks(desk: bytes) -> tuple[int, bytes] | None:
        if next(times, False):
            cut_off(store.data)
        return last(desk)

    monkeypatch.setattr(store, "last_import", breaks)
    _, told = taken(runner, path, exit_code=1)
    assert len(told) == 2
    assert inside.count(store.data, "reply") == 0
    taken(runner, path)
    assert [row.id for row in store.replies([slot])] == [slot]


def test_the_turn_is_told_to_have_ended(store: Store, other: Store) -> None:
    with store.importing() as check:
        check()
        cut_off(store.data)
        with other.importing(), pytest.raises(Busy):
            check()
