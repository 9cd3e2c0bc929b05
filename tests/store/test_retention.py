import os
from datetime import timedelta
from pathlib import Path

import pytest

from store import Retention, Store
from tests import inside
from tests.engine import open_store
from tests.store.conftest import DAY, SMALL, World, files, pending
from tests.store.kept import keep
from tests.store.test_marks import ONE, kept
from tests.store.test_replies import attach

SLOTS = [os.urandom(16) for _ in range(30)]
YEAR = timedelta(days=366)


def test_replies_and_their_files_go_each_on_a_day_of_its_own(store: Store, folder: Path) -> None:
    for slot in SLOTS:
        store.keep_reply(slot, slot * 10)
        attach(store, slot)
    replies, left = [], []
    for day in range(89, 107):
        done = store.sweep(DAY + timedelta(days=day))
        replies.append(len(list(store.replies(SLOTS))))
        left.append(len(files(folder)))
        assert done.reply_blobs == (left[-2] if len(left) > 1 else 30) - left[-1]
        # While a reply is here, so is its file.
        assert {row.id.hex() for row in store.replies(SLOTS)} <= files(folder)
    assert replies[:2] == left[:9][:2] == [30, 30]
    assert replies[9:] == [0] * 9
    assert left[16:] == [0, 0]
    assert len(set(replies)) > 4
    assert len(set(left)) > 4


def test_a_day_that_the_caller_names_is_the_earliest(store: Store) -> None:
    last = DAY + timedelta(days=3)
    for slot in SLOTS:
        store.keep_reply(slot, b"reply", expires=last)
    assert store.sweep(last).replies == 0
    gone = [store.sweep(last + timedelta(days=day)).replies for day in range(1, 10)]
    assert sum(gone) == 30
    assert gone[8] == 0


def test_the_sweep_says_how_much_went(store: Store) -> None:
    digest, blob = kept(store)
    store.mark(ONE, [digest], [blob], {ONE})
    store.keep_reply(SLOTS[0], b"reply")
    attach(store, SLOTS[1])
    done = store.sweep(DAY + YEAR)
    assert (done.slots, done.replies, done.reply_blobs) == (1, 1, 1)
    again = store.sweep(DAY + YEAR)
    assert (again.slots, again.replies, again.reply_blobs) == (0, 0, 0)


@pytest.mark.parametrize("days", [-3660, -366, -1, 1, 366, 3660])
def test_whatever_the_clock_says_no_report_that_waits_is_lost(
    store: Store, world: World, folder: Path, days: int
) -> None:
    blobs = []
    for number in range(3):
        blobs.append(pending(store))
        keep(store, b"before %d" % number, blobs[-1:])
        world.day = DAY + timedelta(days=days)
        store.sweep()
    world.day = DAY
    store.sweep()
    assert len(list(store.envelopes())) == 3
    assert {blob for blob, _ in store.kept_blobs()} == set(blobs)
    assert files(folder) == {blob.hex() for blob in blobs}


def test_a_report_that_waits_stays_even_if_its_row_had_a_last_day(store: Store) -> None:
    slot = os.urandom(16)
    keep(store, b"envelope", ids=[slot])
    inside.run(store.data, "UPDATE slot SET expires = '2000-01-01'")
    assert store.sweep(DAY + YEAR).slots == 0
    assert len(store.slots([slot])) == 1


def test_the_limits_of_the_site_count(folder: Path) -> None:
    retention = Retention(collected_days=2, reply_days=4, blur_days=0)
    store = open_store(folder, limits=SMALL, retention=retention, today=lambda: DAY)
    try:
        assert store.retention == retention
        digest, _ = kept(store)
        store.mark(ONE, [digest], [], {ONE})
        store.keep_reply(SLOTS[0], b"reply")
        went = [store.sweep(DAY + timedelta(days=day)) for day in range(2, 6)]
        assert [done.slots for done in went] == [0, 1, 0, 0]
        assert [done.replies for done in went] == [0, 0, 0, 1]
    finally:
        store.close()


@pytest.mark.parametrize("wrong", ["collected_days", "reply_days", "blur_days"])
def test_a_negative_number_of_days_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="negative"):
        Retention(**{wrong: -1})
