"""The report form shown again: whatever button was pressed, its fields hold exactly what was typed."""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from payload.limits import MAX_FILES, MAX_LONG, MAX_SHORT
from payload.outline import SECTIONS, Field, Kind, Section
from tests.e2e.source import Form
from tests.site import Site, hidden, problems
from tests.views.asked import AWKWARD, Fields, filled, name_of, places, typed

REPEATED = [section.name for section in SECTIONS if section.one]
CHANGES = [f"change-{section.name}" for section in SECTIONS] + ["change-what_happened", "change-files"]


def opened(answer: TestResponse) -> list[str]:
    """Give the sections of a page that do not stand closed."""
    return re.findall(r'<details id="(\w+)" open>', answer.text)


def focused(answer: TestResponse) -> list[str]:
    """Give the ids of what takes the focus when the page comes."""
    return re.findall(r'<[^>]* id="([^"]*)"[^>]* autofocus', answer.text)


def without(fields: Fields, section: str, number: int) -> Fields:
    """Give the answers with an entry taken out, and those behind it moved up."""
    left: Fields = {}
    for name, said in fields.items():
        of, *rest = name.split("-")
        if of == section and int(rest[0]) == number:
            continue
        moved = of == section and int(rest[0]) > number
        left[f"{of}-{int(rest[0]) - 1}-{rest[1]}" if moved else name] = said
    return left


# ---- every button


@pytest.mark.parametrize("awkward", AWKWARD.values(), ids=AWKWARD)
def test_every_button_that_shows_the_form_gives_back_what_was_typed(site: Site, awkward: str) -> None:
    fields, _ = filled(lambda name: f"{awkward}{name}{awkward}")
    text, attached = f"{awkward}text{awkward}", site.post(do="attach", files=[("a.jpg", b"1")])
    there = {"what_happened": [text], "caption": [awkward], **typed(fields)}
    for do in ["attach", "change-money", "drop-people-7", "drop-money-0", "add-money", "unknown", "remove"]:
        tokens = hidden(attached, "file")
        answer = site.post(text, do=do, answers=fields, tokens=tokens, captions=[awkward])
        assert answer.status_code == 200
        assert Form(answer.text).said == there
        assert len(hidden(answer, "file")) == 1
    # Pressed on the page that has just come, as browsers do.
    for do in ["attach", "add-people", "add-vehicles", "drop-vehicles-2", "attach"]:
        answer = site.press(answer, do)
        assert answer.status_code == 200
        assert Form(answer.text).said == there
    assert site.reports() == []


@pytest.mark.parametrize("awkward", AWKWARD.values(), ids=AWKWARD)
def test_what_is_wrong_gives_back_what_was_typed(site: Site, awkward: str) -> None:
    fields, _ = filled(lambda name: f"{awkward}{name}{awkward}")
    fields["when-date"] = awkward * (MAX_SHORT // len(awkward) + 1)
    fields["people-1-accounts"] = awkward * (MAX_LONG // len(awkward) + 1)
    for do, draft in product(("review", "send"), (None, "spoiled")):
        answer = site.post(awkward, do=do, answers=fields, draft=draft)
        assert answer.status_code == 422
        assert len(problems(answer)) == (2 if draft is None else 3)
        assert Form(answer.text).said == typed({**fields, "what_happened": awkward})


@pytest.mark.parametrize("section", REPEATED)
def test_an_entry_taken_out_leaves_the_others_in_order(site: Site, section: str) -> None:
    fields, _ = filled(lambda name: f"{name} 🙂", entries=4)
    for number in (0, 1, 3):
        answer = site.post("words", do=f"drop-{section}-{number}", answers=fields)
        assert answer.status_code == 200
        there = {name: sorted(said) for name, said in Form(answer.text).said.items()}
        left = {"what_happened": "words", **without(fields, section, number)}
        assert there == {name: sorted(said) for name, said in typed(left).items()}
        assert section in opened(answer)
        assert focused(answer) == [f"{section}-add"]


@pytest.mark.parametrize("number", ["", "x", "-1", "2", "00000", "²", "1e0", "9" * 400, "0-0", " 0"])
def test_taking_out_an_entry_that_is_not_there_changes_nothing(site: Site, number: str) -> None:
    answers = {"people-0-names": "first", "people-1-names": "second"}
    answer = site.post("words", do=f"drop-people-{number}", answers=answers)
    assert answer.status_code == 200
    assert Form(answer.text).said == typed({**answers, "what_happened": "words"})


@pytest.mark.parametrize("section", REPEATED)
def test_another_entry_comes_after_those_that_are_there_and_takes_the_focus(site: Site, section: str) -> None:
    answer = site.post("words", do=f"add-{section}", answers={f"{section}-0-{_text(section)}": "first"})
    for number in (1, 2, 3):
        assert answer.status_code == 200
        assert opened(answer) == [section]
        (first,) = focused(answer)
        assert first.startswith(f"{section}-{number}-")
        assert f'<fieldset class="entry" id="{section}-{number}">' in answer.text
        assert f'<fieldset class="entry" id="{section}-{number + 1}">' not in answer.text
        answer = site.press(answer, f"add-{section}")
    assert Form(answer.text).said == {"what_happened": ["words"], f"{section}-0-{_text(section)}": ["first"]}


def _text(section: str) -> str:
    return next(field.name for place, _, field in places() if place.name == section and field.is_text)


@pytest.mark.parametrize(
    "do", ["add-money", "add-what_happened", "add-", "add", "add-nonsense", "drop-", "drop", ""]
)
def test_a_button_that_no_page_has_shows_the_form_again(site: Site, do: str) -> None:
    data = {"draft": site.draft(), "do": do, "what_happened": "kept", "money-shops": "kept too"}
    answer = site.client.post("/report", data=data)
    assert answer.status_code == 200
    assert Form(answer.text).said == {"what_happened": ["kept"], "money-shops": ["kept too"]}
    assert site.reports() == []


def test_a_post_without_a_button_sends(site: Site) -> None:
    data = {"draft": site.draft(), "what_happened": "sent", "money-shops": "this too"}
    assert 'id="received"' in site.client.post("/report", data=data).text
    (report,) = site.reports()
    assert list(report.answers.texts()) == ["this too"]


@pytest.mark.parametrize("do", CHANGES)
def test_change_opens_the_part_and_puts_the_focus_into_it(site: Site, do: str) -> None:
    answer = site.post("words", do=do)
    part = do.removeprefix("change-")
    (focus,) = focused(answer)
    assert focus.startswith({"files": "upload", "danger": "danger-now-"}.get(part, part))
    closed = {"what_happened", "files", "danger"}
    assert opened(answer) == ([] if part in closed else [part])


def test_a_part_in_which_something_stands_is_open_and_the_others_are_not(site: Site) -> None:
    answer = site.post(do="attach", answers={"money-shops": "x", "what-kinds": ["drugs"], "travel-port": " "})
    assert opened(answer) == ["what", "money"]


def test_a_part_with_a_problem_is_open_and_the_problems_take_the_focus(site: Site) -> None:
    answer = site.post(do="review", answers={"travel-port": "x" * 301})
    assert opened(answer) == ["travel"]
    assert focused(answer) == ["problems"]


def test_forty_files_and_their_captions_are_shown_again(site: Site) -> None:
    files = [(f"{number}.jpg", b"%d" % number) for number in range(MAX_FILES)]
    captions = [f"caption {number} <b>" for number in range(MAX_FILES)]
    attached = site.post(do="attach", files=files)
    answer = site.post(do="add-people", tokens=hidden(attached, "file"), captions=captions)
    form = Form(site.press(answer, "attach").text)
    assert form.said == {"caption": captions}
    names = [site.vigil.drafts.open_file(token).name for token in form.tokens]
    assert names == [name for name, _ in files]


# ---- anything at all


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for many examples; nothing is ever sent to it."""
    made = Site.make(Path(tmp_path_factory.mktemp("again")) / "site")
    yield made
    made.close()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=400)
BUTTONS = ["review", "attach", "unknown", *CHANGES, *(f"drop-{name}-5" for name in REPEATED)]


@st.composite
def said_of(draw: st.DrawFn, field: Field) -> Sequence[str]:
    """Answer one question: in any text, or by any choices, also such as no form has."""
    if field.is_text:
        return [draw(TEXT)]
    values = [choice.value for choice in field.choices] + draw(st.lists(TEXT, max_size=1))
    most = 1 if field.kind is Kind.ONE else None
    return draw(st.lists(st.sampled_from(values), max_size=most, unique=True))


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Sequence[str]]:
    """Fill in some questions of up to three entries of each section."""
    chosen = draw(
        st.lists(st.sampled_from(list(places(3))), max_size=25, unique_by=lambda place: name_of(*place))
    )
    return {name_of(*place): draw(said_of(place[2])) for place in chosen}


def shown(said: dict[str, Sequence[str]]) -> dict[str, list[str]]:
    """Give what the form must hold: all texts, and of the choices those that it knows, in its order."""
    found: dict[str, list[str]] = {}
    for section, number, field in _in_page(said):
        values = said.get(name_of(*_came_as(said, section, number), field), [])
        known = [choice.value for choice in field.choices if choice.value in values]
        there = [value for value in values if value] if field.is_text else known
        if there:
            found[name_of(section, number, field)] = there
    return found


def _numbers(said: dict[str, Sequence[str]], section: Section) -> list[int]:
    """Give the numbers of a section's entries of which anything came."""
    came = {
        int(name.split("-")[1])
        for name, values in said.items()
        if name.split("-")[0] == section.name and values
    }
    return sorted(came)


def _in_page(said: dict[str, Sequence[str]]) -> Iterator[tuple[Section, int, Field]]:
    for section in SECTIONS:
        for number in range(len(_numbers(said, section)) if section.one else 1):
            for field in section.fields:
                yield section, number, field


def _came_as(said: dict[str, Sequence[str]], section: Section, number: int) -> tuple[Section, int]:
    return section, (_numbers(said, section)[number] if section.one else 0)


@given(text=TEXT, said=forms(), do=st.sampled_from(BUTTONS))
def test_whatever_is_filled_in_the_page_that_comes_holds_it(
    open_site: Site, text: str, said, do: str
) -> None:
    answer = open_site.post(text, do=do, answers=said)
    assert answer.status_code in {200, 422}
    there = Form(answer.text).said
    # Where there is a page to look it through, entries and answers that are empty are left out there.
    if 'id="review"' in answer.text:
        answer = open_site.press(answer, "change-what_happened")
        assert _sorted(Form(answer.text).said) == _sorted(there)
        assert sorted(map(sorted, there.values())) == sorted(map(sorted, _with(text, shown(said)).values()))
    else:
        assert there == _with(text, shown(said))
    assert not list(open_site.store.failures())


def _sorted(said: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in said.items()}


def _with(text: str, there: dict[str, list[str]]) -> dict[str, list[str]]:
    return {**({"what_happened": [text]} if text else {}), **there}


@given(
    came=st.lists(
        st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), TEXT), max_size=20
    ),
    prefix=st.sampled_from(
        ["", "people-", "people-0-", "when-", "-", "file", "caption", "what_happened", "draft"]
    ),
    do=st.sampled_from(["review", "attach", "add-people", "drop-people-0", "change-you", "upload", "send"]),
)
def test_whatever_the_fields_are_called_there_is_an_answer_and_nothing_breaks(
    open_site: Site, came: list[tuple[str, str]], prefix: str, do: str
) -> None:
    fields = [("do", do), *((prefix + name, said) for name, said in came)]
    answer = open_site.client.post(
        "/report", data=urlencode(fields), content_type="application/x-www-form-urlencoded"
    )
    # Without a draft that is ours nothing is ever sent.
    assert answer.status_code in {200, 422}
    assert 'id="received"' not in answer.text
    assert not list(open_site.store.failures())
