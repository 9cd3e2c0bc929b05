"""The limits of a report: each is met at its last character, entry and field, and passed by one more."""

import pytest

from payload.limits import MAX_ENTRIES, MAX_FILES, MAX_LONG, MAX_SHORT, MAX_TEXT, MAX_WORDS
from payload.outline import SECTIONS, Kind
from tests.e2e.source import Form
from tests.site import MULTIPART, Site, hidden, multipart, problems
from tests.views.asked import answered, name_of, places
from views.forms.answers import MOST_SHOWN
from web.body import Limits

REPEATED = [section for section in SECTIONS if section.one]
TEXTS = [(name_of(*place), place[2]) for place in places(1) if place[2].is_text]
# Each question's names are what a problem says first: "Person 1, Hair: ...".
PLACES = {name_of(s, n, f): f"{f'{s.one} {n + 1}' if s.one else s.title}, {f.label}" for s, n, f in places(1)}


def names_of(section, count: int) -> dict[str, str]:
    """Give so many entries, each with a text of its own."""
    field = next(field for field in section.fields if field.is_text)
    return {name_of(section, number, field): f"entry {number}" for number in range(count)}


# ---- one answer


@pytest.mark.parametrize("letter", ["x", "🙂", "\n", "\u0301"], ids=["letter", "emoji", "line", "accent"])
def test_each_answer_may_be_as_long_as_its_limit_and_no_longer(site: Site, letter: str) -> None:
    at_limit = {name: "a" + letter * (field.most - 2) + "z" for name, field in TEXTS}
    assert {len(said) for said in at_limit.values()} == {MAX_SHORT, MAX_LONG}
    assert site.post("words", answers=at_limit).status_code == 200
    (report,) = site.reports()
    assert list(report.answers.texts()) == list(at_limit.values())

    over = {name: said + "!" for name, said in at_limit.items()}
    for do in ("review", "send"):
        answer = site.post("words", do=do, answers=over)
        assert answer.status_code == 422
        assert problems(answer) == [
            f"{PLACES[name]}: this is 1 character too long. {field.most:,} fit. Shorten it."
            for name, field in TEXTS
        ]
        assert [name for name, _ in TEXTS if f'href="#{name}"' not in answer.text] == []
        assert Form(answer.text).said == {
            "what_happened": ["words"],
            **{n: [said] for n, said in over.items()},
        }
    assert len(site.reports()) == 1


@pytest.mark.parametrize("field", [MAX_SHORT, MAX_LONG])
def test_one_character_fewer_than_the_limit_is_no_problem(site: Site, field: int) -> None:
    answers = {name: "x" * (question.most - 1) for name, question in TEXTS if question.most == field}
    assert site.post("words", do="review", answers=answers).status_code == 200


def test_line_ends_count_once_on_whatever_system(site: Site) -> None:
    assert site.post(answers={"when-date": "May" + "\r\n" * (MAX_SHORT - 3)}).status_code == 200
    answer = site.post(do="review", answers={"when-date": "May" + "\r\n" * (MAX_SHORT - 2)})
    assert problems(answer) == [f"{PLACES['when-date']}: this is 1 character too long. 300 fit. Shorten it."]


@pytest.mark.parametrize(("extra", "status"), [(-1, 200), (0, 200), (1, 422)])
def test_what_happened_may_be_as_long_as_its_limit_and_no_longer(site: Site, extra: int, status: int) -> None:
    text = "🙂" * (MAX_TEXT + extra)
    for do in ("review", "send"):
        answer = site.post(text, do=do)
        assert answer.status_code == status
    if extra > 0:
        assert problems(answer) == ["This is 1 character too long. Shorten it, or attach the rest as a file."]
        assert Form(answer.text).said == {"what_happened": [text]}
    else:
        assert [report.what_happened for report in site.reports()] == [text]


@pytest.mark.parametrize(("extra", "status"), [(-1, 200), (0, 200), (1, 422)])
def test_caption_may_be_as_long_as_its_limit_and_no_longer(site: Site, extra: int, status: int) -> None:
    attached = site.post(do="attach", files=[("a.jpg", b"1"), ("b.jpg", b"2")])
    captions = ["fine", "é" * (MAX_SHORT + extra)]
    for do in ("review", "send"):
        answer = site.post(do=do, tokens=hidden(attached, "file"), captions=captions)
        assert answer.status_code == status
    if extra > 0:
        assert problems(answer) == ["“b.jpg”: what it shows is 1 character too long. 300 fit. Shorten it."]
        assert 'href="#caption-1"' in answer.text
        assert 'id="caption-1"' in answer.text
        assert Form(answer.text).said == {"caption": captions}
    else:
        (report,) = site.reports()
        assert [file.caption for file in report.files] == captions


# ---- all of it


def longest(extra: int) -> tuple[str, dict[str, str]]:
    """Give a text and answers that have MAX_WORDS and ``extra`` characters in all, of four bytes each."""
    texts = (MAX_WORDS - MAX_TEXT) // MAX_LONG
    names = [f"in_need-{number}-{name}" for number in range(MAX_ENTRIES) for name in ("condition", "may_not")]
    answers = dict.fromkeys(names[:texts], "🙂" * MAX_LONG)
    if extra > 0:
        answers["money-shops"] = "🙂" * extra
    return "🙂" * (MAX_TEXT + min(extra, 0)), answers


@pytest.mark.parametrize(("extra", "status"), [(-1, 200), (0, 200), (1, 422)])
def test_all_words_together_may_reach_their_limit_and_no_more(site: Site, extra: int, status: int) -> None:
    text, answers = longest(extra)
    assert len(text) + sum(map(len, answers.values())) == MAX_WORDS + extra
    answer = site.post(text, do="review", answers=answers)
    assert answer.status_code == status
    assert Form(answer.text).said == {"what_happened": [text], **{n: [said] for n, said in answers.items()}}
    if extra > 0:
        assert problems(answer) == [
            "All you wrote is 1 character too long in all. Shorten it, or send a second report."
        ]
        assert site.post(text, answers=answers).status_code == 422
    else:
        assert site.press(answer, "send").status_code == 200
        (report,) = site.reports()
        assert len(report.what_happened) + sum(map(len, report.answers.texts())) == MAX_WORDS + extra


def test_a_report_in_which_every_limit_is_reached_goes_through_every_page(site: Site) -> None:
    texts, captions = len(TEXTS) * MAX_ENTRIES, [f"{n:02}" + "🙂" * (MAX_SHORT - 2) for n in range(MAX_FILES)]
    each = (MAX_WORDS - MAX_TEXT) // texts
    fields, held = answered(lambda name: name + "🙂" * (each - len(name)), entries=MAX_ENTRIES)
    attached = site.post(do="attach", files=[(f"{n}.jpg", b"%d" % n) for n in range(MAX_FILES)])
    form = site.post(
        "🙂" * MAX_TEXT, do="change-money", answers=fields, tokens=hidden(attached, "file"), captions=captions
    )
    assert form.status_code == 200
    review = site.press(form, "review")
    assert review.status_code == 200
    assert site.press(review, "send").status_code == 200
    (report,) = site.reports()
    assert report.answers == held
    assert [file.caption for file in report.files] == captions


# ---- entries


@pytest.mark.parametrize("section", REPEATED, ids=lambda section: section.name)
def test_fifty_entries_arrive_and_the_fifty_first_is_too_many(site: Site, section) -> None:
    answer = site.post(do="review", answers=names_of(section, MAX_ENTRIES))
    assert site.press(answer, "send").status_code == 200
    (report,) = site.reports()
    assert len(report.answers.entries(section.name)) == MAX_ENTRIES

    answers = names_of(section, MAX_ENTRIES + 1)
    for do in ("review", "send"):
        answer = site.post(do=do, answers=answers)
        assert answer.status_code == 422
        assert problems(answer) == [
            f"{section.title}: only 50 fit in one report. Put the others into a second report."
        ]
        assert f'href="#{section.name}"' in answer.text
        assert Form(answer.text).said == {name: [said] for name, said in answers.items()}
    dropped = site.press(answer, f"drop-{section.name}-50")
    assert site.press(dropped, "review").status_code == 200
    assert len(site.reports()) == 1


@pytest.mark.parametrize("section", REPEATED, ids=lambda section: section.name)
def test_the_page_offers_fifty_entries_and_then_says_why_there_are_no_more(site: Site, section) -> None:
    add = f"add-{section.name}"
    page = site.post(do=add, answers=names_of(section, MAX_ENTRIES - 1))
    assert page.status_code == 200
    assert "More than 50 do not fit." in page.text
    assert add not in {button.value for button in Form(page.text).of("do")}
    assert f"drop-{section.name}-{MAX_ENTRIES - 1}" in {button.value for button in Form(page.text).of("do")}

    again = site.post(do=add, answers=names_of(section, MAX_ENTRIES))
    assert again.status_code == 422
    assert problems(again) == [
        f"{section.title}: only 50 fit in one report. Put the others into a second report."
    ]
    assert Form(again.text).said == {n: [said] for n, said in names_of(section, MAX_ENTRIES).items()}


def test_entries_in_which_nothing_was_written_do_not_count(site: Site) -> None:
    answers = {f"people-{number}-names": "x" if number % 2 else "" for number in range(2 * MAX_ENTRIES)}
    assert site.post(answers=answers).status_code == 200
    (report,) = site.reports()
    assert len(report.answers.entries("people")) == MAX_ENTRIES


# ---- far too much


def test_of_far_too_many_entries_the_first_are_shown_and_it_is_said(site: Site) -> None:
    answers = {name: said for section in REPEATED for name, said in names_of(section, 1_400).items()}
    answer = site.post("kept", do="review", answers=answers)
    assert answer.status_code == 422
    assert problems(answer) == [
        f"{section.title}: only 50 fit in one report. Put the others into a second report. "
        "Of far more than that, only the first are shown below."
        for section in REPEATED
    ]
    shown = {name: [said] for s in REPEATED for name, said in names_of(s, MOST_SHOWN).items()}
    assert Form(answer.text).said == {"what_happened": ["kept"], **shown}
    assert site.post("kept", answers=answers).status_code == 422
    assert site.reports() == []


@pytest.mark.parametrize("do", ["review", "attach", "add-people", "drop-people-0"])
def test_a_page_draws_no_more_than_sixty_entries_of_a_section_whatever_was_sent(site: Site, do: str) -> None:
    for said in ("x", ""):
        answers = {f"{s.name}-{n}-{s.fields[0].name}": said for s in REPEATED for n in range(1_400)}
        form = Form(site.post(do=do, answers=answers).text)
        most = sum(MOST_SHOWN * _controls(section) for section in REPEATED)
        assert len(form.controls) < most + 500


def _controls(section) -> int:
    """How many controls an entry has: one a question, or one a box to tick, and a button."""
    return 1 + sum(len(f.choices) if f.kind is Kind.SEVERAL else 1 for f in section.fields)


@pytest.mark.parametrize("do", ["review", "send", "attach"])
def test_more_fields_than_a_form_has_are_refused_with_what_came_first(site: Site, do: str) -> None:
    names = [f"people-{n // 100}-{'names' if n % 2 else 'hair'}" for n in range(100_000)]
    fields = [
        ("draft", site.draft()),
        ("do", do),
        ("what_happened", "kept"),
        *((name, "x") for name in names),
    ]
    answer = site.client.post("/report", data=multipart(fields, []), content_type=MULTIPART)
    assert answer.status_code == 413
    assert "too much to send at once" in problems(answer)[0]
    assert Form(answer.text).value("what_happened") == "kept"
    assert len(answer.data) < 1_000_000
    assert site.reports() == []


def test_the_last_field_that_a_form_may_have_is_read(site: Site) -> None:
    fields = [
        ("draft", site.draft()),
        ("do", "review"),
        *([("people-0-hair", " ")] * (Limits().fields - 4)),
    ]
    data = [*fields, ("what_happened", "kept")]
    for more, status in ((0, 200), (1, 413)):
        body = multipart([*data, *([("x", "")] * more)], [])
        assert site.client.post("/report", data=body, content_type=MULTIPART).status_code == status


@pytest.mark.parametrize("do", ["review", "send", "attach", "add-people"])
def test_a_text_beyond_all_bounds_costs_no_other_answer(site: Site, do: str) -> None:
    attached = site.post(do="attach", files=[("a.jpg", b"1")])
    answers = {name: f"{name} 🙂" for name, _ in TEXTS}
    answers["you-who_else"] = "x" * 3_000_000
    answer = site.post(
        "kept",
        do=do,
        answers={**answers, "danger-now": "yes"},
        tokens=hidden(attached, "file"),
        captions=["a door"],
    )
    assert answer.status_code == 413
    said = Form(answer.text).said
    (cut,) = said.pop("you-who_else")
    assert len(cut) > 1_000_000
    assert answers["you-who_else"].startswith(cut)
    del answers["you-who_else"]
    there = {"what_happened": ["kept"], "danger-now": ["yes"], "caption": ["a door"]}
    assert said == {**there, **{name: [text] for name, text in answers.items()}}
    assert 'id="now"' in answer.text.split("<form")[0]
    assert len(hidden(answer, "file")) == 1
    assert site.reports() == []
