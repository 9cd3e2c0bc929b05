"""What says nearly the same in nearly the same words is one group; what only resembles it is not."""

import random
from pathlib import Path

from desk.book import CaseFile
from desk.book.alike import same_words
from tests.counts import count
from tests.desk.booked import booked
from tests.desk.conftest import DeskUnderTest

WORDS = [
    f"{a}{b}" for a in ("ka", "lo", "mi", "ter", "van", "sto") for b in ("ra", "ne", "lis", "den", "mo", "ti")
]


def _told(desk: DeskUnderTest, folder: Path, *texts: str) -> list[CaseFile]:
    parcel = desk.parcel()
    for text in texts:
        parcel.add(text)
    desk.done("import", parcel.write(folder / "in.tar"))
    return booked(desk).files()


def _grouped(files: list[CaseFile]) -> list[list[str]]:
    found = ([one.contents[0].words for one in group] for group in same_words(files))
    return sorted(sorted(group) for group in found)


def test_small_changes_do_not_part_a_text(desk: DeskUnderTest, tmp_path: Path) -> None:
    maker = random.Random(7)
    text = [maker.choice(WORDS) for _ in range(80)]
    changed = [*text[:40], "changed", *text[41:]]
    longer = ["Hello!", *text, "Please", "help."]
    shouted = [word.upper() + "," for word in text]
    other = [maker.choice(WORDS) for _ in range(80)]
    half = [*text[:40], *other[40:]]
    texts = [" ".join(words) for words in (text, changed, longer, shouted, other, half)]
    assert _grouped(_told(desk, tmp_path, *texts)) == [sorted(texts[:4])]


def test_short_texts_must_be_the_same(desk: DeskUnderTest, tmp_path: Path) -> None:
    texts = ["Help me please now", "help me, please: NOW!", "help me please", "Help", "help"]
    assert _grouped(_told(desk, tmp_path, *texts)) == [sorted(texts[:2])]


def test_copies_by_the_hundred_are_one_group_and_the_largest_comes_first(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    maker = random.Random(11)
    text = " ".join(maker.choice(WORDS) for _ in range(60))
    many = [f"{text} {number}" for number in range(count(40, 1_000))]
    pair = [" ".join(maker.choice(WORDS) for _ in range(60))] * 2
    apart = [" ".join(maker.choice(WORDS) for _ in range(60)) for _ in range(20)]
    files = _told(desk, tmp_path, *many, *pair, *apart)
    assert [len(group) for group in same_words(files)] == [len(many), 2]
    names = [[file.name for file in group] for group in same_words(list(reversed(files)))]
    assert names == [[file.name for file in group] for group in same_words(files)]


def test_nothing_is_alike_in_an_empty_casebook(desk: DeskUnderTest) -> None:
    assert same_words(booked(desk).files()) == []


def test_what_did_not_open_is_alike_to_nothing(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    for number in (98, 99):
        parcel.add_body(f'{{"schema":{number},"kind":"report"}}'.encode())
    desk.done("import", parcel.write(tmp_path / "in.tar"))
    assert same_words(booked(desk).files()) == []
