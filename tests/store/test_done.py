"""The day on which something was last done is noted, and nothing more exact."""

from datetime import timedelta

from store import Store, done
from tests.store.conftest import DAY, OpenStore, World


def test_what_was_never_done_has_no_day(store: Store) -> None:
    assert store.last_done(done.BACKUP) is None
    assert store.last_done(done.BEGUN) == DAY


def test_a_sweep_and_an_export_are_noted_when_they_are_through(opened: OpenStore, world: World) -> None:
    store = opened()
    world.day += timedelta(days=3)
    store.sweep()
    with store.pinned():
        assert store.last_done(done.EXPORT) is None
    assert store.last_done(done.SWEEP) == store.last_done(done.EXPORT) == world.day
    opened()
    assert store.last_done(done.BEGUN) == DAY
