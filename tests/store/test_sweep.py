from datetime import timedelta
from pathlib import Path

from store import Store
from tests import inside
from tests.store.conftest import DAY, World, files, pending
from tests.store.kept import keep


def test_what_no_report_claimed_goes_after_two_whole_days(store: Store, world: World, folder: Path) -> None:
    first, claimed = pending(store), pending(store)
    keep(store, b"e", [claimed])
    world.day = DAY + timedelta(days=1)
    second = pending(store)
    assert store.sweep(DAY + timedelta(days=2)).unclaimed == 0
    assert store.sweep(DAY + timedelta(days=3)).unclaimed == 1
    assert store.missing([first, second, claimed]) == [first]
    assert store.sweep(DAY + timedelta(days=4)).unclaimed == 1
    assert store.sweep(DAY + timedelta(days=400)).unclaimed == 0
    assert files(folder) == {claimed.hex()}


def test_a_lost_file_is_told(store: Store) -> None:
    blob = pending(store)
    keep(store, b"e", [blob])
    inside.lose(store.data, blob)
    assert store.sweep(DAY).lost == 1
