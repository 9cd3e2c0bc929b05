"""Form keys that several web machines share: each derives them alone, and none that is over comes back."""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from crypto import sharedkeys
from store import FormKeysDamaged
from store.form_keys import MOST_DAYS_OFF, SHARED, TITLE, number_of, prepare, share
from tests.store.conftest import DAY

following = sharedkeys.following


def days(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one" / "form.keys"


def copied(path: Path, name: str) -> Path:
    """Another machine's file, as its operator copies it there."""
    target = path.parent.parent / name / "form.keys"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(path.read_bytes())
    target.chmod(0o600)
    return target


def test_machines_that_begin_with_the_same_file_have_the_same_keys_for_good(path: Path) -> None:
    assert share(path, DAY, following)
    other = copied(path, "two")
    for number in (*range(10), 40, 41, 200):
        here, there = (prepare(each, days(number), following) for each in (path, other))
        assert here == there
        assert here.shared
        assert path.read_bytes() == other.read_bytes()


def test_a_machine_that_was_off_for_weeks_finds_its_way_alone(path: Path) -> None:
    share(path, DAY, following)
    other = copied(path, "two")
    for number in range(30):
        daily = prepare(path, days(number), following)
    assert prepare(other, days(29), following) == daily
    assert path.read_bytes() == other.read_bytes()


def test_what_was_open_before_is_good_after_the_site_has_gone_to_several_machines(path: Path) -> None:
    before = [prepare(path, days(number), following) for number in (-2, -1, 0)][-1]
    assert not before.shared
    assert len(before.keys) == 3
    assert share(path, DAY, following)
    after = prepare(copied(path, "two"), DAY, following)
    assert after.shared
    assert before.newest == after.newest
    assert {number: after.keys[number] for number in before.keys} == dict(before.keys)
    assert not share(path, DAY, following)
    # Yesterday's is good until the day after tomorrow's comes, as on one machine.
    assert prepare(path, days(1), following).keys[number_of(days(-1))] == before.keys[number_of(days(-1))]


def test_keys_older_than_two_days_are_destroyed_and_cannot_be_derived(path: Path) -> None:
    share(path, DAY, following)
    first = prepare(path, DAY, following).keys[number_of(DAY)]
    prepare(path, days(3), following)
    text = path.read_text()
    assert [line.split(" ")[0] for line in text.splitlines()[1:]] == [str(days(n)) for n in (1, 2, 3)]
    held = prepare(path, days(3), following).keys.values()
    assert first not in held
    # What is left gives later keys and never that one.
    later = set(held)
    for key in held:
        for _ in range(300):
            key = following(key)
            later.add(key)
    assert first not in later


@pytest.mark.parametrize("ahead", [-2, -1, 1])
def test_clocks_that_differ_around_midnight_do_no_harm(path: Path, ahead: int) -> None:
    share(path, days(-5), following)
    other = copied(path, "two")
    here = prepare(path, DAY, following)
    there = prepare(other, days(ahead), following)
    # Each opens what the other seals with.
    if ahead != -2:
        assert there.keys[here.newest] == here.keys[here.newest]
    assert here.keys[there.newest] == there.keys[there.newest]
    # And a clock that is put right again has today's and yesterday's.
    right = prepare(other, DAY, following)
    assert right.newest == here.newest
    assert {number_of(days(number)) for number in (-1, 0, 1)} <= right.keys.keys()
    assert all(here.keys[number] == key for number, key in right.keys.items())
    assert prepare(other, days(-1), following).newest == number_of(days(-1))


def test_a_clock_far_from_the_keys_is_told_and_destroys_nothing(path: Path) -> None:
    share(path, DAY, following)
    before = path.read_bytes()
    for day in (days(-1), date(1970, 1, 1), days(MOST_DAYS_OFF + 1), date(2062, 1, 1)):
        with pytest.raises(FormKeysDamaged) as caught:
            prepare(path, day, following)
        assert str(day) in caught.value.what
        assert "set the clock" in caught.value.hint
        assert "from another web machine" in caught.value.hint
    assert path.read_bytes() == before


def test_keys_made_anew_serve_from_the_day_after_tomorrow_and_nothing_leads_to_them(path: Path) -> None:
    share(path, DAY, following)
    old = copied(path, "old")
    assert share(path, DAY, following, anew=True)
    new = copied(path, "new")
    for number in (0, 1):
        here, there = prepare(old, days(number), following), prepare(new, days(number), following)
        assert here.keys[here.newest] == there.keys[there.newest]
    mine = prepare(path, days(2), following)
    assert mine == prepare(new, days(2), following)
    assert mine.keys[mine.newest] != prepare(old, days(2), following).keys[mine.newest]
    # What was sealed yesterday is good on both.
    assert mine.keys[number_of(days(1))] == prepare(old, days(2), following).keys[number_of(days(1))]
    assert prepare(path, days(9), following) == prepare(new, days(9), following)


def test_the_seeds_say_from_what_all_later_keys_follow_also_when_asked_a_day_later(path: Path) -> None:
    share(path, DAY, following)
    plain = prepare(path, DAY, following)
    assert plain.seeds(DAY, following) == ((DAY.toordinal(), plain.keys[plain.newest]),)
    share(path, DAY, following, anew=True)
    first = prepare(path, DAY, following)
    seeds = first.seeds(DAY, following)
    assert [ordinal for ordinal, _ in seeds] == [DAY.toordinal(), days(2).toordinal()]
    for number in (1, 2):
        assert prepare(path, days(number), following).seeds(DAY, following) == seeds
    with pytest.raises(KeyError):
        prepare(path, days(3), following).seeds(DAY, following)


def test_the_check_agrees_where_the_keys_do_and_tells_nothing_of_them() -> None:
    key = sha256(b"key").digest()
    check = sharedkeys.check([(7, key)])
    assert len(check) == sharedkeys.CHECK
    others = [[(8, key)], [(7, following(key))], [(7, key), (9, key)]]
    assert check not in {sharedkeys.check(other) for other in others}
    assert check[:8] not in key + following(key)


@pytest.mark.parametrize(
    "content",
    [
        f"{SHARED}\n".encode(),
        f"{SHARED}\n2026-11-22 AAAA\n".encode(),
        f"{SHARED} \n2026-11-22 {'A' * 43}=\n".encode(),
        f"{TITLE[:-1]}3\n2026-11-22 {'A' * 43}=\n".encode(),
    ],
    ids=["no key", "a short key", "another title", "another version"],
)
def test_a_damaged_file_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o600)
    for call in (prepare, share):
        with pytest.raises(FormKeysDamaged) as caught:
            call(path, DAY, following)
        assert "copy it from another one" in caught.value.hint
    assert path.read_bytes() == content
