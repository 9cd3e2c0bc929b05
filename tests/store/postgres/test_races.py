"""What two web machines do at the same moment comes out as if one had been first."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from store import Busy, KeptReply, Limits, MissingBlobs, NoRoom, StoreError
from store.postgres.pieces import PIECE
from tests import inside
from tests.store.conftest import MB, pending
from tests.store.kept import keep
from tests.store.postgres.two import begun, by_hand, machines

pytestmark = pytest.mark.usefixtures("on_postgres")
SLOT = b"s" * 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def both(on_postgres: None, folder: Path) -> Iterator[list[Any]]:
    with ExitStack() as stack:
        found = machines(folder)
        for each in found:
            stack.callback(each.close)
        yield found


def test_a_file_that_is_being_dropped_is_not_claimed(both: list[Any], folder: Path) -> None:
    blob = pending(both[0])
    with by_hand(folder) as hand:
        hand.execute("DELETE FROM blob WHERE id = %b", (blob,))
        with begun(folder, lambda: keep(both[1], b"envelope", [blob])) as (kept,):
            assert not kept.done()
            hand.commit()
            with pytest.raises(MissingBlobs) as caught:
                kept.result()
    assert caught.value.ids == (blob,)
    assert list(both[0].envelopes()) == []


def test_a_file_that_is_being_claimed_is_not_dropped(both: list[Any], folder: Path) -> None:
    blob = pending(both[0])
    with by_hand(folder) as hand:
        hand.execute("UPDATE blob SET kept = true, claims = 1 WHERE id = %b", (blob,))
        with begun(folder, lambda: both[1].drop_pending(blob)) as (gone,):
            assert not gone.done()
            hand.commit()
            assert gone.result() is False
    assert both[0].missing([blob]) == []


def test_the_same_envelope_at_two_machines_is_kept_once(both: list[Any], folder: Path) -> None:
    blob = pending(both[0])
    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(keep, both[at % 2], b"envelope", [blob]) for at in range(16)]:
            future.result()
    assert len(list(both[0].envelopes())) == inside.count(folder, "slot") == 1
    assert inside.run(folder, "SELECT claims FROM blob") == [(1,)]


def test_two_reports_that_want_the_same_id_have_one_each(both: list[Any], folder: Path) -> None:
    ids = [os.urandom(16) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(keep, both[at % 2], b"%d" % at, (), ids) for at in range(8)]:
            future.result()
    assert {row.id for row in both[0].slots(ids)} == set(ids)


def test_a_report_that_two_machines_delete_gives_up_its_claims_once(both: list[Any], folder: Path) -> None:
    blob = pending(both[0])
    for envelope, slot in ((b"one", SLOT), (b"two", b"t" * 16)):
        keep(both[0], envelope, [blob], [slot])
    with by_hand(folder) as hand:
        hand.execute("SELECT 1 FROM slot WHERE id = %b FOR UPDATE", (SLOT,))
        calls = [lambda each=each: each.delete({SLOT: [blob]}) for each in both]
        with begun(folder, *calls) as deleted:
            hand.commit()
            for each in deleted:
                each.result()
    # The other report still names it.
    assert both[0].missing([blob]) == []
    both[1].delete({b"t" * 16: [blob]})
    assert both[0].missing([blob]) == [blob]
    assert inside.count(folder, "piece") == 0


def test_a_reply_that_two_machines_bring_is_there_once(both: list[Any]) -> None:
    with ThreadPoolExecutor(8) as pool:
        brought = [pool.submit(both[at % 2].keep_reply, SLOT, b"reply") for at in range(12)]
        assert sorted(future.result().name for future in brought) == ["NEW"] + ["SAME"] * 11
    assert both[0].keep_reply(SLOT, b"another") is KeptReply.TAKEN


def test_one_machine_at_a_time_writes_a_replys_file(both: list[Any]) -> None:
    one = both[0].take_blob(SLOT)
    with pytest.raises(Busy):
        both[1].take_blob(SLOT)
    one.write(b"x" * 3 * PIECE)
    one.finish()
    assert both[1].take_blob(SLOT) is KeptReply.SAME


def test_whoever_has_lost_the_lock_writes_no_more(both: list[Any], folder: Path) -> None:
    one = both[0].take_blob(SLOT)
    one.write(b"old" * PIECE)
    one._file._turn.close()
    other = both[1].take_blob(SLOT)
    other.write(b"new" * PIECE)
    with pytest.raises(Busy):
        one.write(b"old" * PIECE)
    other.finish()
    with both[0].open_blob(SLOT) as file:
        assert file.read() == b"new" * PIECE
    assert inside.arriving(folder) == set()


def test_of_two_lists_of_keys_one_is_trusted(both: list[Any]) -> None:
    assert both[0].trust_keys(b"first", [b"a"])
    with ThreadPoolExecutor(2) as pool:
        said = pool.map(lambda at: both[at].trust_keys(b"%d" % at, [b"%d" % at], before=b"first"), range(2))
        assert sorted(said) == [False, True]
    assert len(both[0].signers()) == 2


def test_marks_of_two_desks_at_two_machines_take_all_that_both_have(both: list[Any], folder: Path) -> None:
    desks = [b"a" * 32, b"b" * 32]
    envelopes = [b"%d" % number for number in range(150)]
    for envelope in envelopes:
        keep(both[0], envelope)
    digests = [hashlib.sha256(envelope).digest() for envelope in envelopes]
    with ThreadPoolExecutor(2) as pool:
        marks = [pool.submit(both[at].mark, desks[at], digests, [], desks) for at in range(2)]
        assert sum(future.result().envelopes for future in marks) == 150
    assert inside.count(folder, "mark") == inside.count(folder, "body") == 0
    assert inside.count(folder, "slot") == 150


def test_uploads_at_two_machines_stay_within_the_quota(on_postgres: None, folder: Path) -> None:
    limits = Limits(pending_quota=4 * MB)
    with ExitStack() as stack:
        both = machines(folder, limits=limits)
        for each in both:
            stack.callback(each.close)

        def upload(at: int) -> None:
            blob = both[at % 2].start_blob(None)
            try:
                for _ in range(4):
                    blob.write(bytes(PIECE))
                blob.finish()
            except NoRoom:
                blob.abandon()

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(upload, range(18)))
        pending(both[0])
        assert sum(both[1]._room.pending().values()) <= 4 * MB
        rows = inside.run(folder, "SELECT COALESCE(sum(octet_length(data)), 0) FROM piece")
        assert rows[0][0] <= 4 * MB
        assert inside.arriving(folder) == set()


def test_an_upload_that_another_machine_evicts_ends(both: list[Any], folder: Path) -> None:
    blob = both[0].start_blob(None)
    blob.write(bytes(2 * PIECE))
    assert both[1].drop_pending(blob.id)
    with pytest.raises(NoRoom):
        blob.write(bytes(PIECE))
    assert inside.count(folder, "piece") == inside.count(folder, "arriving") == 0
    with pytest.raises(StoreError):
        blob.finish()


def test_machines_that_start_at_once_make_the_tables_once(on_postgres: None, tmp_path: Path) -> None:
    from tests import engine
    from tests.store.postgres.two import open_store

    empty = engine.server().fresh()
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda at: open_store(tmp_path / f"web{at}", empty), range(4)):
            found.close()
    engine.server().drop(empty)
