from datetime import timedelta
from pathlib import Path

import pytest

from store import Limits, NoRoom, Store
from tests.store.conftest import DAY, MB, OpenStore, World, files, notes, pending
from tests.store.kept import keep

# More than an engine holds back before it writes.
UNIT = 100_000


@pytest.fixture
def tight(opened: OpenStore, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose pending files may take 10 MB together."""
    monkeypatch.setattr("store.blobs.QUOTA_EVERY", 10 * UNIT)
    return opened(Limits(file_reserve=50 * MB, text_reserve=10 * MB, pending_quota=100 * UNIT))


def test_beyond_the_quota_the_largest_pending_file_goes_first(tight: Store) -> None:
    small, large, middle = (pending(tight, bytes(size * UNIT)) for size in (10, 50, 30))
    last = pending(tight, bytes(20 * UNIT))
    assert tight.missing([small, large, middle, last]) == [large]


def test_a_file_that_is_itself_the_largest_is_refused(tight: Store, folder: Path) -> None:
    other = pending(tight, bytes(40 * UNIT))
    blob = tight.start_blob(None)
    for _ in range(69):
        blob.write(bytes(UNIT))
    with pytest.raises(NoRoom):
        blob.write(bytes(UNIT))
    assert files(folder) == {other.hex()}
    assert notes(folder) == set()


def test_files_being_written_count_and_can_be_evicted(tight: Store, folder: Path) -> None:
    large = tight.start_blob(None)
    for _ in range(80):
        large.write(bytes(UNIT))
    other = tight.start_blob(None)
    for _ in range(30):
        other.write(bytes(UNIT))
    other.finish()
    assert files(folder) == {other.id.hex()}
    with pytest.raises(NoRoom):
        large.finish()
    assert files(folder) == {other.id.hex()}
    assert notes(folder) == set()
    assert tight.missing([large.id, other.id]) == [large.id]


def test_what_reports_claimed_is_never_evicted_and_does_not_count(tight: Store) -> None:
    for _ in range(3):
        kept = pending(tight, bytes(60 * UNIT))
        keep(tight, kept, [kept])
    assert len(list(tight.kept_blobs())) == 3
    assert tight.missing([blob for blob, _ in tight.kept_blobs()]) == []


def test_a_nearly_full_disk_refuses_files(store: Store, world: World, folder: Path) -> None:
    world.free = 60 * MB
    store.start_blob(9 * MB).abandon()
    with pytest.raises(NoRoom):
        store.start_blob(11 * MB)
    blob = store.start_blob(None)
    world.free = 49 * MB
    with pytest.raises(NoRoom):
        blob.write(b"x")
    assert files(folder) == set()


def test_without_a_fixed_quota_pending_files_may_take_half_of_what_is_free(
    opened: OpenStore, world: World
) -> None:
    store = opened(Limits(file_reserve=50 * MB, text_reserve=10 * MB, floor=10 * UNIT))
    world.free = 50 * MB + 40 * UNIT
    first = pending(store, bytes(12 * UNIT))
    world.free -= 12 * UNIT
    second = pending(store, bytes(8 * UNIT))
    assert store.missing([first, second]) == []
    world.free -= 8 * UNIT
    third = pending(store, bytes(9 * UNIT))
    assert store.missing([first, second, third]) == [first]


def test_one_day_s_files_may_take_half_of_the_room_there_was_and_words_go_on(
    opened: OpenStore, world: World
) -> None:
    store = opened(Limits(file_reserve=50 * MB, text_reserve=10 * MB, floor=10 * UNIT))
    world.free = 50 * MB + 100 * UNIT

    def claimed(size: int) -> None:
        blob = pending(store, bytes(size * UNIT))
        world.free -= size * UNIT
        keep(store, blob, [blob])

    claimed(20)
    waiting = pending(store, bytes(10 * UNIT))
    world.free -= 10 * UNIT
    claimed(29)
    claimed(1)
    with pytest.raises(NoRoom):
        store.start_blob(1)
    keep(store, b"words, and a file that came before", [waiting])
    store.sweep()
    with pytest.raises(NoRoom):
        store.start_blob(1)
    world.day = DAY + timedelta(days=1)
    claimed(15)
    claimed(5)
    with pytest.raises(NoRoom):
        store.start_blob(1)


def test_so_little_that_it_is_under_the_floor_is_never_refused_for_the_day(
    opened: OpenStore, world: World
) -> None:
    store = opened(Limits(file_reserve=50 * MB, text_reserve=10 * MB, floor=30 * UNIT))
    world.free = 50 * MB + 40 * UNIT
    blob = pending(store, bytes(29 * UNIT))
    world.free -= 29 * UNIT
    keep(store, b"e", [blob])
    pending(store, bytes(UNIT))
