import os
from datetime import timedelta

import pytest

from store import RECORD_BYTES, MailboxFull, SlotRow, State, Store
from tests.store.conftest import DAY, World, pending
from tests.store.kept import keep

IDS = [bytes([n]) * 16 for n in range(20)]


def record_of(slot: bytes) -> bytes:
    return slot.ljust(RECORD_BYTES, b".")


def test_a_mailbox_finds_its_own_rows_and_no_other(store: Store, world: World) -> None:
    store.keep_report(b"one", [], IDS[:10], record_of)
    world.day += timedelta(days=1)
    store.keep_report(b"two", [], IDS[:10], record_of)
    keep(store, b"somebody else's", ids=IDS[10:])
    found = store.slots(IDS[:10])
    assert [row.day for row in found] == [DAY + timedelta(days=1), DAY]
    assert {row.id for row in found} <= set(IDS[:10])
    assert all(row.state is State.KEPT and row.record == record_of(row.id) for row in found)
    assert len(store.slots(IDS)) == 3
    assert store.slots([]) == store.slots([os.urandom(16)]) == []


def test_a_row_takes_any_free_id_until_none_is_left(store: Store) -> None:
    firsts = set()
    for turn in range(30):
        keep(store, b"%d" % turn, ids=IDS)
        (row,) = store.slots(IDS)
        firsts.add(row.id)
        store.delete(slots={row.id: []})
    assert len(firsts) > 5
    for turn in range(len(IDS)):
        keep(store, b"again %d" % turn, ids=IDS)
    assert {row.id for row in store.slots(IDS)} == set(IDS)
    blob = pending(store)
    with pytest.raises(MailboxFull):
        keep(store, b"one too many", [blob], IDS)
    assert list(store.kept_blobs()) == []
    assert store.drop_pending(blob)


def test_the_same_envelope_again_takes_no_second_id(store: Store) -> None:
    for _ in range(2):
        keep(store, b"envelope", ids=IDS)
    assert len(store.slots(IDS)) == 1


@pytest.mark.parametrize(
    ("ids", "length"), [([bytes(15)], RECORD_BYTES), ([bytes(16)], RECORD_BYTES - 1), ([bytes(16)], 0)]
)
def test_what_is_of_the_wrong_length_is_not_kept(store: Store, ids: list[bytes], length: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        store.keep_report(b"envelope", [], ids, lambda _: bytes(length))
    assert list(store.envelopes()) == []


def test_a_record_that_cannot_be_made_keeps_nothing(store: Store) -> None:
    def fails(_: bytes) -> bytes:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.keep_report(b"envelope", [pending(store)], IDS, fails)
    assert list(store.envelopes()) == list(store.kept_blobs()) == store.slots(IDS) == []


def test_a_repr_shows_no_id_and_no_record() -> None:
    row = SlotRow(b"i" * 16, DAY, State.KEPT, b"r" * RECORD_BYTES)
    assert "iii" not in repr(row)
    assert "rrr" not in repr(row)
