"""Words that only may point to a source: each kind of them is marked, with why."""

import pytest

from desk.pointing import Choice, Nature, Severity
from tests.desk.referral.cases import found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I live next door to them.", "where the source lives"),
        ("You can see it from my bedroom window.", "where the source lives"),
        ("It is across the road from us.", "where the source lives"),
        ("We used to live in the flat above.", "where the source lives"),
        ("My boss hides it.", "where the source works"),
        ("It began when I worked there.", "where the source works"),
        ("I’ve been working for them.", "where the source works"),
        ("As a nurse one sees a lot.", "for a living"),
        ("I am one of the cleaners there.", "for a living"),
        ("My daughter goes to that school.", "close to the source"),
        ("A friend of mine was taken.", "close to the source"),
        ("I was the only one who stayed.", "only one or a few"),
        ("Only three of us know the code.", "only one or a few"),
        ("Nobody else knows about the cellar.", "only one or a few"),
        ("The girls told nobody apart from me.", "only one or a few"),
        ("I saw two men.", "the source was there"),
        ("I then quickly filmed them.", "the source was there"),
        ("I took a photo of the plate.", "the source was there"),
        ("He hit me.", "would know that it is about the source"),
        ("They made us work.", "would know that it is about the source"),
        ("They owe it to me.", "would know that it is about the source"),
        ("The van left at 3.14 am.", "exact a time"),
        ("It was ten minutes past two.", "exact a time"),
        ("The van left two hours ago.", "when it was sent"),
        ("They came yesterday.", "when it was sent"),
        ("The only woman on the shift was hurt.", "only one person fits"),
        ("The receptionist saw the money.", "a job"),
        ("My name is not needed.", "name"),
        ("Ring me at any time.", "reach the source"),
        ("The office is at 0114 496 0123.", "telephone number"),
        ("Somebody is at info@example.org there.", "an e-mail address"),
        ("And we carried it all winter.", "would know"),
        ("Such a thing, says I myself, is wrong.", "told by somebody who was there"),
    ],
)
def test_words_that_may_point_to_the_source_are_marked(text: str, why: str) -> None:
    marks = found(text)
    assert [mark for mark in marks if why in mark.why], [(mark.text, mark.why) for mark in marks]
    assert all(mark.severity is Severity.MAY_POINT for mark in marks)
    assert all(
        mark.choices == (Choice.KEEP, Choice.REMOVE, Choice.SENTENCE, Choice.REPLACE) for mark in marks
    )


@pytest.mark.parametrize(
    "text",
    [
        "Three men wait in a silver van by the station. They sell to children.",
        "I think he is the boss. We believe that they pay nobody.",
        "A man called Dave drives, and a girl of about 15 sits behind him.",
        "They keep the passports of the men and take them to the farm at night.",
    ],
)
def test_what_could_be_known_to_anybody_is_not_marked(text: str) -> None:
    assert [mark.text for mark in found(text)] == []


def test_in_answers_about_others_a_job_or_number_is_theirs() -> None:
    text = "The taxi driver, 0114 496 0123"
    assert found(text, nature=Nature.ABOUT_OTHERS) == []
    assert len(found(text)) == 2
    assert found("The taxi driver told me", nature=Nature.ABOUT_OTHERS)


def test_words_of_the_part_about_the_source_are_marked_where_they_recur() -> None:
    told = ("I do the laundry at the Crown with Leroy.", "Only Beata knows")
    marks = found("Beata and leroy met at the CROWN. The laun-\ndry was full.", told=told)
    assert [mark.text for mark in marks] == ["Beata", "leroy", "CROWN.", "laun-\ndry"]
    assert all("used this word" in mark.why for mark in marks)


def test_a_number_that_stands_in_the_part_about_the_source_counts_as_contact() -> None:
    (mark,) = found("Ring 07700 900123 there", told=("My sister, 07700900123, told me",))
    assert mark.severity is Severity.CONTACT


def test_a_text_that_is_not_english_is_to_be_read_by_somebody() -> None:
    polish = (
        "W zeszłym tygodniu widziałem furgonetkę i dwóch mężczyzn przed tym domem, "
        "a potem oni weszli do środka."
    )
    (mark,) = found(polish)
    assert (mark.text, mark.choices) == ("", (Choice.KEEP,))
    assert "not English" in mark.why
    assert [
        mark.text for mark in found("\u4ed6\u4eec\u628a\u4eba\u5173\u5728\u5730\u4e0b\u5ba4\u91cc\u9762")
    ] == [""]
    assert not found("4 Orchard Mews, Aldermouth, Harbour Vale Industrial Estate, Unit 7")
    assert not found("They were seen in the van, and that is all there was of it for them.")


def test_overlapping_reasons_become_one_mark_with_all_of_them() -> None:
    (mark,) = found("Call me 07700 900123", "07700 900123")[-1:]
    assert mark.severity is Severity.CONTACT
    assert "reached" in mark.why
    assert "telephone number" in mark.why
