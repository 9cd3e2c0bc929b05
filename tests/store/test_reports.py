import hashlib
from pathlib import Path

import pytest

from store import Closed, MissingBlobs, NoRoom, Store
from tests import inside
from tests.store.conftest import MB, World, files, pending
from tests.store.kept import keep

ENVELOPE = b"envelope" * 600


def test_a_report_is_kept_with_its_files(store: Store) -> None:
    data = [b"one" * 1000, b"", b"three" * 50_000]
    blobs = [pending(store, part) for part in data]
    keep(store, ENVELOPE, blobs)
    digest = hashlib.sha256(ENVELOPE).digest()
    assert list(store.envelopes()) == [(digest, len(ENVELOPE))]
    assert store.envelope(digest) == ENVELOPE
    assert sorted(store.kept_blobs()) == sorted((b, len(d)) for b, d in zip(blobs, data, strict=True))
    for blob, part in zip(blobs, data, strict=True):
        with store.open_blob(blob) as file:
            assert file.read() == part


def test_the_same_envelope_twice_is_kept_once(store: Store, folder: Path) -> None:
    blob = pending(store)
    keep(store, ENVELOPE, [blob])
    keep(store, ENVELOPE, [blob])
    assert len(list(store.envelopes())) == 1
    assert inside.count(folder, "slot") == 1


def test_a_report_sent_again_under_another_seal_may_name_the_same_files(store: Store) -> None:
    blob = pending(store)
    keep(store, ENVELOPE, [blob, blob])
    keep(store, ENVELOPE[::-1], [blob])
    assert len(list(store.envelopes())) == 2
    assert [found for found, _ in store.kept_blobs()] == [blob]


def test_a_report_whose_files_are_gone_is_not_kept_and_says_which(store: Store, folder: Path) -> None:
    here, dropped, unlinked = pending(store), pending(store), pending(store)
    store.drop_pending(dropped)
    inside.lose(folder, unlinked)
    never = bytes(16)
    with pytest.raises(MissingBlobs) as caught:
        keep(store, ENVELOPE, [never, here, unlinked, dropped])
    assert caught.value.ids == (never, unlinked, dropped)
    assert store.missing([dropped, here, never]) == [dropped, never]
    assert list(store.envelopes()) == []
    assert list(store.kept_blobs()) == []
    assert inside.count(folder, "slot") == 0


def test_a_claimed_file_cannot_be_dropped(store: Store, folder: Path) -> None:
    blob = pending(store)
    keep(store, ENVELOPE, [blob])
    assert not store.drop_pending(blob)
    assert files(folder) == {blob.hex()}


def test_a_pending_file_can_be_dropped_any_number_of_times(store: Store, folder: Path) -> None:
    blob = pending(store)
    assert store.drop_pending(blob)
    assert store.drop_pending(blob)
    assert files(folder) == set()


def test_a_text_goes_through_until_the_last_reserve(store: Store, world: World) -> None:
    world.free = 20 * MB
    with pytest.raises(NoRoom):
        store.start_blob(None)
    keep(store, ENVELOPE, [])
    world.free = 10 * MB
    with pytest.raises(NoRoom):
        keep(store, ENVELOPE[::-1], [])
    assert len(list(store.envelopes())) == 1


def test_many_envelopes_come_once_each_and_in_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.reports.PAGE", 3)
    wanted = sorted((hashlib.sha256(bytes([n])).digest(), 1) for n in range(10))
    blobs = sorted(pending(store, b"x") for _ in range(7))
    for n in range(10):
        keep(store, bytes([n]), blobs if n == 5 else [])
    assert list(store.envelopes()) == wanted
    assert list(store.kept_blobs()) == [(blob, 1) for blob in blobs]


def test_an_envelope_that_is_not_there_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        store.envelope(bytes(32))


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(Closed):
        keep(store, ENVELOPE, [])
