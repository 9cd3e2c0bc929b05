import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from store import Marked, State, Store
from store.marks import AT_ONCE
from tests import inside
from tests.store.conftest import DAY, World, files, pending
from tests.store.kept import keep
from tests.store.test_replies import attach

ONE, TWO, THREE = (bytes([n]) * 32 for n in (1, 2, 3))
IDS = [bytes([n]) * 16 for n in range(10)]


def kept(store: Store, ids: list[bytes] = IDS) -> tuple[bytes, bytes]:
    """Keep a report with a file; give its digest and the file's id."""
    envelope, blob = os.urandom(5000), pending(store)
    keep(store, envelope, [blob], ids)
    return hashlib.sha256(envelope).digest(), blob


def marks(store: Store) -> int:
    return inside.count(store.data, "mark")


def test_what_the_desk_has_goes_and_the_row_stays_for_its_time(
    store: Store, folder: Path, world: World
) -> None:
    digest, blob = kept(store)
    other, other_blob = kept(store, [os.urandom(16)])
    (before,) = store.slots(IDS)
    assert store.mark(ONE, [digest], [blob], {ONE}) == Marked(envelopes=1, blobs=1, unknown=0)
    assert [found for found, _ in store.envelopes()] == [other]
    assert store.kept_blobs().__next__()[0] == other_blob
    assert files(folder) == {other_blob.hex()}
    (row,) = store.slots(IDS)
    assert row.state is State.COLLECTED
    assert (row.id, row.day, row.record) == (before.id, before.day, before.record)
    assert store.mark(ONE, [digest], [blob], {ONE}) == Marked(envelopes=0, blobs=0, unknown=2)
    assert marks(store) == 0


def test_with_several_desks_only_what_every_one_has_goes(store: Store) -> None:
    digest, blob = kept(store)
    needed = {ONE, TWO}
    assert store.mark(ONE, [digest], [blob], needed) == Marked(0, 0, 0)
    assert store.mark(ONE, [digest], [blob], needed) == Marked(0, 0, 0)
    assert store.mark(THREE, [digest], [blob], needed) == Marked(0, 0, 0)
    assert len(list(store.envelopes())) == len(list(store.kept_blobs())) == 1
    assert store.mark(TWO, [digest], [], needed) == Marked(1, 0, 0)
    assert store.mark(TWO, [], [blob], needed) == Marked(0, 1, 0)
    assert marks(store) == 0


def test_a_desk_that_is_needed_no_longer_holds_up_nothing(store: Store) -> None:
    digest, blob = kept(store)
    store.mark(ONE, [digest], [blob], {ONE, TWO})
    assert store.mark(ONE, [], [], {ONE}) == Marked(1, 1, 0)


def test_where_no_desk_collects_nothing_goes(store: Store) -> None:
    digest, blob = kept(store)
    assert store.mark(ONE, [digest], [blob], set()) == Marked(0, 0, 0)
    assert len(list(store.envelopes())) == 1


def test_no_desk_can_take_away_what_no_report_has_claimed_or_a_reply_brought(
    store: Store, folder: Path
) -> None:
    waiting, of_reply = pending(store), os.urandom(16)
    attach(store, of_reply)
    assert store.mark(ONE, [os.urandom(32)], [waiting, of_reply], {ONE}) == Marked(0, 0, 3)
    assert files(folder) == {waiting.hex(), of_reply.hex()}


def test_what_its_source_deletes_takes_its_marks_along(store: Store) -> None:
    digest, blob = kept(store)
    store.mark(ONE, [digest], [blob], {ONE, TWO})
    assert marks(store) == 2
    store.delete(slots={slot: [blob] for slot in IDS})
    assert marks(store) == 0


def test_a_desk_that_was_added_is_not_waited_for_by_what_it_can_never_open(
    store: Store, world: World
) -> None:
    store.trust_keys(b"version 1", [ONE])
    before = kept(store, [os.urandom(16)])
    store.trust_keys(b"version 2", [ONE, TWO], b"version 1")
    same_day = kept(store, [os.urandom(16)])
    world.day += timedelta(days=1)
    after = kept(store, [os.urandom(16)])
    digests, blobs = [digest for digest, _ in (before, same_day, after)], [before[1], same_day[1], after[1]]
    assert store.mark(ONE, digests, blobs, {ONE, TWO}) == Marked(2, 2, 0)
    assert store.waiting(ONE, {ONE, TWO}) == {TWO: 2}
    assert [digest for digest, _ in store.envelopes()] == [after[0]]
    assert store.mark(TWO, [after[0]], [after[1]], {ONE, TWO}) == Marked(1, 1, 0)
    assert store.waiting(ONE, {ONE, TWO}) == {}


def test_the_desks_of_the_first_list_wait_for_each_other_from_its_first_day(store: Store) -> None:
    store.trust_keys(b"version 1", [ONE, TWO])
    digest, blob = kept(store)
    assert store.mark(ONE, [digest], [blob], {ONE, TWO}) == Marked(0, 0, 0)
    assert store.waiting(ONE, {ONE, TWO}) == {TWO: 2}
    assert store.waiting(TWO, {ONE, TWO}) == {}


def test_a_file_that_two_reports_name_goes_when_the_desk_has_it(store: Store, folder: Path) -> None:
    _, blob = kept(store)
    keep(store, os.urandom(500), [blob], [os.urandom(16)])
    assert store.mark(ONE, [], [blob], {ONE}) == Marked(0, 1, 0)
    assert files(folder) == set()


def test_many_go_by_several_transactions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.erasing.AT_ONCE", 7)
    monkeypatch.setattr("store.marks.AT_ONCE", 5)
    assert AT_ONCE == 100
    things = [kept(store, [os.urandom(16)]) for _ in range(12)]
    digests, blobs = [digest for digest, _ in things], [blob for _, blob in things]
    assert store.mark(ONE, iter(digests * 2), iter(blobs), [ONE]) == Marked(12, 12, 0)
    assert list(store.envelopes()) == []


def test_each_collected_row_has_a_last_day_of_its_own(store: Store, world: World) -> None:
    ids = [os.urandom(16) for _ in range(40)]
    digests = [kept(store, [slot])[0] for slot in ids]
    store.mark(ONE, digests, [], {ONE})
    left = []
    for day in range(29, 40):
        store.sweep(DAY + timedelta(days=day))
        left.append(len(store.slots(ids)))
    assert left[:2] == [40, 40]
    assert left[9:] == [0, 0]
    assert len(set(left[1:9])) > 4
