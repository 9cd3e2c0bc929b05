"""What a screen reader says of the whole form: questions in place, limits, what is wrong, what is sent.

Expected from the outline alone, so that a new question is looked for by itself.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Route

from payload.limits import MAX_FILES, MAX_TEXT, MAX_WORDS
from payload.outline import SECTIONS, Field, Kind, Section
from tests.counts import SOAK
from tests.e2e import filled
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import OpenWindow
from tests.e2e.scripted import a_file
from tests.e2e.server import Site
from tests.e2e.steps import ReportPage, report
from tests.e2e.tree import Node, tree
from tests.e2e.waiting import until

DETAILS = [section for section in SECTIONS if section.name != "danger"]
REPEATED = [section for section in SECTIONS if section.one]
CONTROLS = ("textbox", "combobox", "checkbox", "radio")
EXPANDABLE = "DisclosureTriangle"
TOO_LONG = "this is 1 character too long. {:,} fit. Shorten it."
CHOOSE = "choose again from the list."
SCRIPT = [pytest.param(True, id="script"), pytest.param(False, id="no script")]
# The groups it is in, its role, its name, its description.
Said = tuple[tuple[str, ...], str, str, str]


@pytest.fixture(params=SCRIPT)
def page(request: pytest.FixtureRequest, site: Site, window: OpenWindow) -> ReportPage:
    """The form in Chromium, with JavaScript and without."""
    return report(window(script=request.param), site.url)


@pytest.fixture(params=SCRIPT if SOAK else SCRIPT[1:])
def served(request: pytest.FixtureRequest, site: Site, window: OpenWindow) -> ReportPage:
    """The same, for pages that come from the server as they are and take long to fill in."""
    return report(window(script=request.param), site.url)


def read(page: ReportPage) -> Node:
    """What a screen reader is given of the page."""
    assert isinstance(page.browser, Chromium)
    return tree(page.browser)


def open_all(page: ReportPage, entries: int = 1) -> ReportPage:
    """Open every section, with so many entries in those that can have several."""
    for section in DETAILS:
        page.open(section.name)
    for section in REPEATED:
        while page.entries(section.name) < entries:
            page.add(section.name)
    # Without a script, what nobody has answered closes on the way.
    for section in DETAILS:
        page.open(section.name)
    return page


def places(entries: int) -> Iterator[tuple[Section, tuple[str, ...], Field, str]]:
    """Every question, the groups around it, and the note that belongs to it."""
    for section in SECTIONS:
        for number in range(entries if section.one else 1):
            for field in section.fields:
                group = (f"{section.one} {number + 1}",) if section.one else ()
                first = number == 0 and field is section.fields[0]
                yield section, group, field, section.note if first else ""


def described(field: Field, note: str) -> str:
    """What is said of a question after its name: a note, its limit, its hint."""
    limit = f"Up to {field.most:,} characters" if field.is_text else ""
    return " ".join(said for said in (note, limit, field.hint) if said)


def expected(entries: int) -> Iterator[Said]:
    """The controls of all questions."""
    for section, group, field, note in places(entries):
        if field.is_text:
            yield group, "textbox", field.label, described(field, note)
        elif field.kind is Kind.ONE and section.name != "danger":
            yield group, "combobox", field.label, described(field, note)
        else:
            role = "checkbox" if field.kind is Kind.SEVERAL else "radio"
            yield from (((*group, field.label), role, choice.label, "") for choice in field.choices)


def said(controls: list[Node]) -> list[Said]:
    """What is said of controls; unnamed groups say nothing."""
    return [(tuple(filter(None, node.groups)), node.role, node.name, node.description) for node in controls]


def test_every_question_is_named_in_its_place_with_its_limit_and_its_hint(page: ReportPage) -> None:
    found = read(open_all(page, entries=2))
    box = found.one("textbox", "What happened?")
    assert f"Up to {MAX_TEXT:,} characters here, {MAX_WORDS:,} with all" in box.description
    questions = said([node for node in found.every(*CONTROLS) if node is not box])
    assert questions == list(expected(entries=2))
    # Nobody has to guess which of two is meant.
    assert len(set(questions)) == len(questions)
    groups = [(node.groups, node.name, node.description) for node in found.every("group")]
    for section, group, field, note in places(entries=2):
        if field.kind is Kind.SEVERAL or section.name == "danger":
            around = ("", *group) if section.name != "danger" else ()
            assert (around, field.label, described(field, note)) in groups


def test_every_button_says_what_it_does_and_to_what(page: ReportPage) -> None:
    found = read(open_all(page, entries=2))
    buttons = [node.name for node in found.every("button")]
    assert len(set(buttons)) == len(buttons)
    wanted = {section.add for section in REPEATED} | {f"Remove {section.one} 2" for section in REPEATED}
    assert wanted < set(buttons)
    upload = next(node for node in found.every("button") if f"{MAX_FILES} files" in node.description)
    assert upload.name
    assert "of up to 500 MB each" in upload.description


def test_an_attached_file_is_named_by_its_controls(page: ReportPage, tmp_path: Path) -> None:
    page.attach(a_file(tmp_path, "one.jpg"), a_file(tmp_path, "two.jpg"))
    files = read(page).one("list", "Attached files")
    for name in ("one.jpg", "two.jpg"):
        assert files.one("button", f"Remove {name}")
        (caption,) = [node for node in files.every("textbox") if name in node.name]
        assert caption.name == f"What it shows (leave out who you are) {name} Up to 300 characters"


def test_a_section_says_that_it_can_be_opened_and_shows_nothing_before(page: ReportPage) -> None:
    closed = read(page)
    assert [node.name for node in closed.every(EXPANDABLE)] == [section.title for section in DETAILS]
    assert not any(node.states["expanded"] for node in closed.every(EXPANDABLE))
    assert [node.name for node in closed.every("textbox")] == ["What happened?"]
    opened = read(open_all(page))
    assert all(node.states["expanded"] for node in opened.every(EXPANDABLE))


# ---- what is wrong


def too_long(name: str, kind: Kind) -> str:
    """A text of one character too many."""
    field = QUESTIONS[name]
    assert field.kind is kind
    return "x" * (field.most + 1)


QUESTIONS = {
    name: field for section in SECTIONS for entry in filled.names(section, 1) for name, field in entry
}
# One question of each kind of choice.
ODD = {
    "radio": "danger-now",
    "list": next(
        name for name, field in QUESTIONS.items() if field.kind is Kind.ONE and name[:6] != "danger"
    ),
    "boxes": next(name for name, field in QUESTIONS.items() if field.kind is Kind.SEVERAL),
}
SPOIL = """names => { for (const name of names) {
  const first = document.querySelector(`[name="${name}"]`);
  (first.localName === "select" ? first.options[1] : first).value = "spoiled";
  if (first.localName === "select") first.selectedIndex = 1; else first.checked = true;
} }"""


def place_of(section: Section, group: tuple[str, ...]) -> str:
    return group[0] if group else section.title


def test_what_is_wrong_is_an_alert_and_stands_in_the_words_of_its_field(served: ReportPage) -> None:
    served.fill(filled.as_fields(too_long, entries=1)).describe("x" * (MAX_TEXT + 1))
    served.send_refused()
    found = read(served)
    assert found.name.startswith("Problem")
    (alert,) = [node for node in found.every("alert") if node.text]
    assert alert.states.get("focused")
    messages = {
        (group, field.label): f"{place_of(section, group)}, {field.label}: {TOO_LONG.format(field.most)}"
        for section, group, field, _ in places(1)
        if field.is_text
    }
    text = "This is 1 character too long. Shorten it, or attach the rest as a file."
    messages[(), "What happened?"] = text
    assert sorted(node.name for node in alert.every("link")) == sorted(messages.values())
    wrong = {(tuple(filter(None, node.groups)), node.name): node for node in found if node.invalid}
    assert wrong.keys() == messages.keys()
    for place, node in wrong.items():
        assert node.description.endswith(messages[place])


def test_a_choice_that_is_none_is_named_where_it_is_made(page: ReportPage) -> None:
    assert isinstance(page.browser, Chromium)
    open_all(page)
    page.browser.page.evaluate(SPOIL, list(ODD.values()))
    page.send_refused()
    found = read(page)
    for name in ODD.values():
        label = QUESTIONS[name].label
        (node,) = [node for node in found.every("group", "combobox") if node.name == label]
        assert node.description.endswith(f"{label}: {CHOOSE}")
        assert node.invalid or node.role == "group"


# ---- what is told while nobody reads there


def lives(root: Node) -> list[Node]:
    """The regions of which a screen reader tells what appears in them."""
    return [node for node in root if node.states.get("live") in {"polite", "assertive"}]


def test_what_tells_is_there_before_it_has_anything_to_tell(page: ReportPage) -> None:
    assert [(node.role, node.text) for node in lives(read(page))] == [
        ("generic", ""),
        ("status", ""),
        ("alert", ""),
        ("status", ""),
    ]
    page.describe("words").review()
    assert [(node.role, node.text) for node in lives(read(page))] == [("alert", ""), ("status", "")]


def told_in(before: Node, after: Node) -> list[str]:
    """What appeared in the regions that were there before."""
    there = {node.key for node in lives(before)}
    return [node.text for node in lives(after) if node.text and node.key in there]


def test_whom_to_call_is_told_at_once_and_stays(page: ReportPage) -> None:
    before = read(page)
    assert "Call 999 now" not in before.text
    page.answer("danger-now", "yes")
    after = read(page)
    (told,) = told_in(before, after)
    assert told.startswith("Call 999 now")
    assert after.one("heading", "Call 999 now").states["level"] == 2
    page.answer("danger-now", "no")
    assert told_in(before, read(page)) == []

    page.answer("danger-now", "yes").describe("words").review()
    assert read(page).one("heading", "Call 999 now")
    page.change("danger")
    assert read(page).one("heading", "Call 999 now")
    page.send()
    assert read(page).one("heading", "Call 999 now")


def test_what_the_script_says_is_told(site: Site, window: OpenWindow, tmp_path: Path) -> None:
    browser = window(script=True)
    page = report(browser, site.url)
    before = read(page)
    held: list[Route] = []
    browser.page.route("**/report", lambda route: held.append(route))
    page.browser.choose("#upload", [a_file(tmp_path, "a.bin")])
    until(lambda: browser.count("#going li") and held, "upload")
    going = read(page)
    assert [node.text for node in lives(going.one("list", "Files on their way"))] == [""]
    held.pop().abort()
    until(lambda: browser.count("#going .why:not(:empty)"), "word of the break")
    assert any("connection broke" in told for told in told_in(going, read(page)))

    browser.click("#going .cancel")
    page.describe("x" * (MAX_TEXT - 1))
    until(lambda: browser.count("#count p"), "word of the length")
    assert "1 character left." in told_in(before, read(page))

    browser.click("#send")
    until(lambda: held, "send")
    assert "Sending." in told_in(before, read(page))
    held.pop().abort()
    until(lambda: browser.count("#told:not(:empty)"), "word of the loss")
    assert any("No answer came back" in told for told in told_in(before, read(page)))


# ---- what will be sent


def answers(page: ReportPage) -> list[tuple[str, str]]:
    """The terms of the page with their definitions."""
    found = read(page).every("term", "definition")
    assert [node.role for node in found] == ["term", "definition"] * (len(found) // 2)
    return [(term.text, definition.text) for term, definition in zip(found[::2], found[1::2], strict=True)]


def shown(field: Field, said: filled.Said) -> str:
    """An answer in the words of the page."""
    if field.is_text:
        assert isinstance(said, str)
        return " ".join(said.split())
    values = [said] if isinstance(said, str) else said
    return " ".join(field.label_of(value) for value in values)


def test_the_review_reads_as_questions_and_answers_each_with_a_way_to_change_it(served: ReportPage) -> None:
    given = filled.as_fields()
    served.fill(given).describe("words").review()
    found = read(served)
    questions = [
        (field.label, shown(field, given[name]))
        for section in SECTIONS
        for entry in filled.names(section, filled.ENTRIES)
        for name, field in entry
    ]
    assert answers(served) == questions
    titles = [section.title for section in SECTIONS]
    parts = [node.name for node in found.every("heading") if node.states["level"] == 2]
    assert [part for part in parts if part in titles] == titles
    assert [node.name for node in found.every("heading") if node.states["level"] == 3] == [
        f"{section.one} {number + 1}" for section in REPEATED for number in range(filled.ENTRIES)
    ]
    changes = [node.name for node in found.every("button") if node.name.startswith("Change")]
    assert [name.replace(" :", ":") for name in changes] == [f"Change: {part}" for part in parts]


def test_the_headings_of_every_page_are_in_order(page: ReportPage) -> None:
    def levels() -> list[int]:
        return [node.states["level"] for node in read(page).every("heading")]

    found = {"form": levels()}
    page.send_refused()
    found["problem"] = levels()
    page.answer("danger-now", "yes").describe("words")
    found["danger"] = levels()
    page.fill({"when-date": "May", "people-0-names": "Bo"}).add("people").answer(
        "people-1-names", "Cy"
    ).review()
    found["review"] = levels()
    page.send()
    found["received"] = levels()
    for name, each in found.items():
        assert each[0] == 1, name
        assert each.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(each)), (name, each)
    assert found["review"].count(3) == 2  # the people
