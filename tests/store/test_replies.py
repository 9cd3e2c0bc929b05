import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from store import Busy, Closed, KeptReply, Limits, NoRoom, ReplyBlob, Store
from tests import inside
from tests.store.conftest import DAY, MB, OpenStore, World, files, notes, pending
from tests.store.kept import keep

SLOTS = [bytes([n]) * 16 for n in range(4)]


def attach(store: Store, blob: bytes, data: bytes = b"sealed" * 100) -> None:
    """Take a reply's file, whole."""
    writer = store.take_blob(blob)
    assert isinstance(writer, ReplyBlob)
    writer.write(data)
    writer.finish()


def test_replies_are_found_by_their_ids_newest_first(store: Store, world: World) -> None:
    assert store.keep_reply(SLOTS[0], b"older") is KeptReply.NEW
    world.day += timedelta(days=1)
    assert store.keep_reply(SLOTS[1], b"newer") is KeptReply.NEW
    store.keep_reply(SLOTS[2], b"somebody else's")
    found = list(store.replies(SLOTS[:2]))
    assert [(row.id, row.day, row.envelope) for row in found] == [
        (SLOTS[1], DAY + timedelta(days=1), b"newer"),
        (SLOTS[0], DAY, b"older"),
    ]


def test_a_reply_never_takes_the_place_of_another(store: Store) -> None:
    store.keep_reply(SLOTS[0], b"reply")
    assert store.keep_reply(SLOTS[0], b"reply") is KeptReply.SAME
    assert store.keep_reply(SLOTS[0], b"another") is KeptReply.TAKEN
    assert [row.envelope for row in store.replies(SLOTS)] == [b"reply"]


def test_a_reply_s_file_is_kept_at_once_and_no_export_sees_it(store: Store, folder: Path) -> None:
    blob = os.urandom(16)
    attach(store, blob, b"content")
    with store.open_blob(blob) as file:
        assert file.read() == b"content"
    assert store.take_blob(blob) is KeptReply.SAME
    assert not store.drop_pending(blob)
    assert list(store.kept_blobs()) == []
    store.sweep(DAY + timedelta(days=10))
    assert files(folder) == {blob.hex()}


def test_a_file_half_written_is_begun_anew_and_one_without_a_file_too(
    opened: OpenStore, store: Store, folder: Path
) -> None:
    half, lost = os.urandom(16), os.urandom(16)
    inside.leave_half(folder, half, b"half of it")
    attach(store, lost)
    inside.lose(folder, lost)
    for blob in (half, lost):
        attach(store, blob, b"whole")
        with store.open_blob(blob) as file:
            assert file.read() == b"whole"
    assert notes(folder) == set()


def test_two_processes_do_not_write_one_file(store: Store, opened: OpenStore) -> None:
    blob = os.urandom(16)
    first = store.take_blob(blob)
    assert isinstance(first, ReplyBlob)
    with pytest.raises(Busy):
        opened().take_blob(blob)
    first.finish()
    assert opened().take_blob(blob) is KeptReply.SAME


def test_an_abandoned_file_leaves_nothing(store: Store, folder: Path) -> None:
    writer = store.take_blob(os.urandom(16))
    assert isinstance(writer, ReplyBlob)
    writer.write(b"x")
    writer.abandon()
    assert files(folder) == set()
    with pytest.raises(Closed):
        writer.finish()


def test_a_report_s_file_is_not_a_reply_s(store: Store) -> None:
    waiting, claimed = pending(store), pending(store)
    keep(store, b"envelope", [claimed])
    assert store.take_blob(waiting) is KeptReply.TAKEN
    assert store.take_blob(claimed) is KeptReply.TAKEN


def test_files_of_replies_count_to_no_bound_of_what_sources_send(opened: OpenStore) -> None:
    store = opened(Limits(file_reserve=50 * MB, text_reserve=10 * MB, pending_quota=1000, floor=1000))
    waiting = pending(store, bytes(900))
    blob = os.urandom(16)
    attach(store, blob, bytes(5000))
    assert store.missing([waiting]) == []
    store.start_blob(10).abandon()


def test_without_room_neither_reply_nor_file_is_kept(store: Store, world: World) -> None:
    world.free = 10 * MB
    with pytest.raises(NoRoom):
        store.keep_reply(SLOTS[0], b"reply")
    with pytest.raises(NoRoom):
        store.take_blob(SLOTS[0])
    assert list(store.replies(SLOTS)) == []


def test_a_file_that_is_here_stays_as_long_as_the_last_reply_that_brings_it(
    store: Store, world: World
) -> None:
    blob = os.urandom(16)
    attach(store, blob)
    world.day += timedelta(days=40)
    assert store.take_blob(blob) is KeptReply.SAME
    store.keep_reply(SLOTS[0], b"reply")
    for _ in range(105):
        world.day += timedelta(days=1)
        store.sweep()
        assert not list(store.replies(SLOTS)) or store.missing([blob]) == []
    assert store.missing([blob]) == [blob]


def test_replies_are_read_one_by_one(store: Store) -> None:
    for slot in SLOTS[:2]:
        store.keep_reply(slot, b"reply to " + slot)
    rows = store.replies(SLOTS)
    first = next(rows)
    store.delete(replies={slot: [] for slot in SLOTS[:2] if slot != first.id})
    assert list(rows) == []


@pytest.mark.parametrize("call", ["keep_reply", "take_blob"])
def test_an_id_of_the_wrong_length_is_refused(store: Store, call: str) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        store.keep_reply(bytes(15), b"reply") if call == "keep_reply" else store.take_blob(bytes(17))


def test_a_repr_shows_no_id_and_no_envelope(store: Store) -> None:
    store.keep_reply(b"i" * 16, hashlib.sha256().digest() * 4)
    (row,) = store.replies([b"i" * 16])
    assert repr(row) == f"ReplyRow(day={DAY!r})"
