"""A later yes: the words must stand in what was added, two people read them, and it is noted in the case."""

from datetime import date
from pathlib import Path

import pytest

from desk.errors import DeskError
from desk.packing.consent import Consent, Refused, to_confirm
from desk.packing.later import Agreed, agreed
from payload import Answers, FollowUp
from payload.changes import Text
from tests.desk.conftest import DeskUnderTest
from tests.desk.referral.test_refer import TO, filled, opened, sent
from tests.payload.reports import plain_report

DAY = date(2026, 5, 6)
WORDS = "I have thought.\nYes, tell the  slavery helpline now."
AGREED = Agreed(DAY, "Yes, tell", "Modern Slavery Helpline", ("Ann", "Ben"))


def test_the_words_must_stand_in_what_was_added() -> None:
    made = agreed((DAY, WORDS), "thought. yes, tell the slavery\nhelpline", "The helpline", ("Ann", " Ben "))
    assert made.people == ("Ann", "Ben")
    assert "“thought. yes, tell the slavery helpline”" in made.noted
    assert "Read so by Ann and Ben" in made.noted


@pytest.mark.parametrize(
    ("quote", "agencies", "people", "why"),
    [
        ("Yes, tell everybody", "Unseen", ("Ann", "Ben"), "do not stand"),
        (" ", "Unseen", ("Ann", "Ben"), "do not stand"),
        ("Yes, tell", " ", ("Ann", "Ben"), "to whom"),
        ("Yes, tell", "Unseen", ("Ann", "ann "), "two people"),
        ("Yes, tell", "Unseen", ("Ann", ""), "two people"),
    ],
)
def test_what_is_missing_of_a_later_yes_is_told(
    quote: str, agencies: str, people: tuple[str, ...], why: str
) -> None:
    with pytest.raises(DeskError, match=why):
        agreed((DAY, WORDS), quote, agencies, people)


@pytest.mark.parametrize("consent", [Consent(True, to="none"), Consent(True, to="some"), Consent(False)])
def test_it_counts_in_place_of_what_was_refused_and_for_whom_it_names(consent: Consent) -> None:
    with pytest.raises(Refused):
        to_confirm([consent], "Modern Slavery and Exploitation Helpline")
    later, named = to_confirm([consent], "Modern Slavery and Exploitation Helpline", later=AGREED)
    assert (later.key, later.about, named.second) == ("later", "Yes, tell", False)
    _, other = to_confirm([consent], "Crimestoppers", later=AGREED)
    assert other.second
    risky = to_confirm([Consent(True, "no", to="none")], "Crimestoppers", later=AGREED)
    assert risky[-1].key == "risk"


def test_it_is_taken_up_on_the_command_line_and_noted(desk: DeskUnderTest, tmp_path: Path) -> None:
    report = plain_report(
        files=(),
        received_on=date(2026, 3, 4),
        what_happened="They wait in a van.",
        answers=Answers({"consent": ({"to": "none"},)}),
    )
    assert report.mailbox is not None
    case = sent(desk, tmp_path, report, FollowUp(b"f" * 16, DAY, "en", report.mailbox, WORDS))
    words = tmp_path / "words"
    words.write_text("Yes, tell the slavery helpline now.\n")
    wish = ("refer", case, *TO, "--grade", "2BP", "--addition", "none")
    assert "to no one" in desk.run(*wish, "--write-decisions", tmp_path / "no").err
    later = ("--agreed-later", 1, "--agreed-to", "the modern slavery helpline", "--agreed-by", "Ann")
    answer = desk.run(*wish, *later, "--agreed-by", "Ben", "--write-decisions", tmp_path / "no")
    assert "words by which its source agreed later are missing" in answer.err
    answer = desk.run(*wish, *later, "--agreed-words", words, "--write-decisions", tmp_path / "no")
    assert "two people" in answer.err
    later = (*later, "--agreed-by", "Ben", "--agreed-words", words)
    path, out = tmp_path / "decisions", tmp_path / "out.zip"
    desk.done(*wish, *later, "--write-decisions", path)
    desk.done(*wish, *later, "--decisions", filled(path), "--out", out)
    notes = [note.change.text for note in opened(desk, case).notes if isinstance(note.change, Text)]
    assert any("They agreed later: on 2026-05-06" in text and "Ann and Ben" in text for text in notes)


def test_a_yes_before_the_last_report_does_not_count(desk: DeskUnderTest, tmp_path: Path) -> None:
    report = plain_report(files=(), received_on=date(2026, 5, 7), what_happened="They wait.")
    assert report.mailbox is not None
    case = sent(desk, tmp_path, report, FollowUp(b"f" * 16, DAY, "en", report.mailbox, WORDS))
    words = tmp_path / "words"
    words.write_text("Yes, tell")
    later = ("--agreed-later", 1, "--agreed-words", words, "--agreed-to", "x", "--agreed-by", "A")
    answer = desk.run("refer", case, *TO, "--grade", "2BP", *later, "--write-decisions", tmp_path / "no")
    assert (answer.status, "after that follow-up" in answer.err) == (1, True)
