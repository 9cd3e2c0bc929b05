"""Every limit of a report in real browsers: one less, just so, and one more, with and without JavaScript.

What fits arrives whole. Of what does not, the page says so at its top and at the field, and all typed stays.
Characters are code points: an emoji is one, for the page and for the server.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from payload.limits import MAX_ENTRIES, MAX_FILES, MAX_LONG, MAX_SHORT, MAX_TEXT, MAX_WORDS
from payload.outline import SECTION, SECTIONS, Kind, Part
from tests.counts import SOAK
from tests.e2e import filled
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.hands import ChromiumKeys, FirefoxKeys
from tests.e2e.server import Site
from tests.e2e.steps import FORM, Answers, Browser, ReportPage, report
from tests.e2e.waiting import until

SCRIPT, PLAIN = "chromium with script", "firefox"
EACH = [SCRIPT, PLAIN, "chromium", "firefox with script"] if SOAK else [SCRIPT, PLAIN]
REPEATED = [section.name for section in SECTIONS if section.one]
# Adding fifty entries one by one takes a while: one section each, unless there is time.
ENTRIES = [(SCRIPT, "people"), (PLAIN, "vehicles")]
if SOAK:
    ENTRIES = list(itertools.product(EACH, REPEATED))
QUESTIONS = {name: field for section in SECTIONS for each in filled.names(section, 1) for name, field in each}
TEXTS = {name: field for name, field in QUESTIONS.items() if field.is_text}
SIGN = "\N{EYES}"
OpenForm = Callable[[str], ReportPage]

# As it stands when it was pasted: of a hundred thousand characters, the drivers type each.
PASTE = """(css, text) => {
  const it = document.querySelector(css);
  it.focus();
  it.value = text;
  it.dispatchEvent(new InputEvent("input", { bubbles: true }));
}"""
# Makes entries as a page of another day may have had them: copies of the first, with names that count on.
COPY = """(section, from, to) => {
  const entries = document.querySelectorAll(`#${section} .entry`);
  const first = entries[0], last = entries[entries.length - 1];
  for (let number = to - 1; number >= from; number--) {
    const copy = first.cloneNode(true);
    for (const it of copy.querySelectorAll("[name]")) it.name = it.name.replace(/-0-/, `-${number}-`);
    for (const it of [copy, ...copy.querySelectorAll("[id]")]) it.id = it.id.replace(/-0/, `-${number}`);
    last.after(copy);
  }
}"""
TOLD = """() => [...document.querySelectorAll("#problems a")].map(
  link => [link.hash.slice(1), link.textContent.trim()])"""
# What the page says of the length of each of its text boxes, as everybody sees it.
STATED = """() => Object.fromEntries([...document.querySelectorAll("details textarea")].map(it =>
  [it.id, it.closest(".field").querySelector("small").textContent]))"""


@pytest.fixture(scope="module")
def limits_site(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server of its own, whose reports are few and long."""
    with Site(tmp_path_factory.mktemp("limits") / "site", practice / "data") as running:
        yield running


def look(browser: Browser) -> Callable[..., Any]:
    """What reads and changes the page of a browser."""
    if isinstance(browser, Chromium):
        return ChromiumKeys(browser).look
    assert isinstance(browser, Firefox)
    return FirefoxKeys(browser).look


@pytest.fixture
def form(
    limits_site: Site,
    window: OpenWindow,
    firefox: Firefox,
    scripted_firefox: Firefox,
    monkeypatch: pytest.MonkeyPatch,
) -> OpenForm:
    """The form in the browser of this name, into which long texts are pasted."""

    def open_form(name: str) -> ReportPage:
        script = "script" in name
        browser: Browser = window(script=script)
        if "firefox" in name:
            browser = scripted_firefox if script else firefox
        monkeypatch.setattr(browser, "fill", lambda css, text: look(browser)(PASTE, css, text))
        return report(browser, limits_site.url)

    return open_form


def exactly(length: int, begins: str, ends: str = "") -> str:
    """A text of so many characters, most of them of four bytes, with some lines."""
    lines = f"{SIGN * 60}\n" * (length // 61 + 1)
    return f"{begins} {lines}"[: length - len(ends) - 1] + SIGN + ends


def over(name: str, _kind: Kind) -> str:
    """A text of one character too many."""
    return exactly(TEXTS[name].most + 1, name, "z")


def fits(name: str, _kind: Kind) -> str:
    """A text of as many characters as fit, or of one less."""
    return exactly(TEXTS[name].most - list(TEXTS).index(name) % 2, name)


def told(page: ReportPage) -> dict[str, str]:
    """What the page says at its top, by the field that it leads to."""
    return dict(look(page.browser)(TOLD))


def at_field(page: ReportPage, field: str) -> str:
    """What the page says beside a field, which it marks as wrong."""
    browser = page.browser
    assert browser.count(f"#{field}[aria-invalid=true]") == 1
    return browser.text(f"#{field}-wrong")


def arrived(desk: Desk, site: Site, folder: Path, begins: str) -> dict[str, Any]:
    """The payload of the report that begins with this word, as the desk opens it."""
    return desk.take(site, folder / "bundle.tar").opened(begins)


# ---- characters


def test_the_limits_are_stated_beside_each_field_with_and_without_script(form: OpenForm) -> None:
    stated = []
    for name in (SCRIPT, "chromium"):
        page = form(name)
        assert f"Up to {MAX_TEXT:,} characters here, {MAX_WORDS:,} with all" in page.browser.text(
            "#what_happened-hint"
        )
        assert f"Up to {MAX_FILES} files" in page.browser.text("#upload-hint")
        stated.append(look(page.browser)(STATED))
    assert stated[0] == stated[1] == {name: f"Up to {q.most:,} characters" for name, q in TEXTS.items()}
    assert {question.most for question in TEXTS.values()} == {MAX_SHORT, MAX_LONG}


@pytest.mark.parametrize("name", EACH if SOAK else [PLAIN])
def test_every_text_is_taken_up_to_its_last_character(
    form: OpenForm, limits_site: Site, desk: Desk, tmp_path: Path, name: str
) -> None:
    page, begins = form(name), f"each-{EACH.index(name)}"
    long = {**filled.as_fields(over, entries=1), "what_happened": exactly(MAX_TEXT + 1, begins, "z")}
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a photograph")
    page.describe(long.pop("what_happened")).attach(photo).caption(0, exactly(MAX_SHORT + 1, "file"))
    page.fill(long)
    if page.browser.script:
        until(lambda: page.browser.count("#count .wrong"), "word of the length")
        assert "This is 1 character too long: 100,000 fit." in page.browser.text("#count")

    page.send_refused()
    wrong = told(page)
    assert wrong.keys() == {*TEXTS, "what_happened", "caption-0"}
    assert all(" 1 character too long" in message for message in wrong.values())
    for field, message in wrong.items():
        assert message == at_field(page, field)
    assert page.held(long) == long
    assert page.typed() == exactly(MAX_TEXT + 1, begins, "z")
    assert page.caption_of(0) == exactly(MAX_SHORT + 1, "file")

    page.describe(text := exactly(MAX_TEXT, begins)).caption(0, exactly(MAX_SHORT, "file"))
    for field in TEXTS:
        page.answer(field, fits(field, Kind.SHORT))
    page.send()
    payload = arrived(desk, limits_site, tmp_path, begins)
    assert payload["report"] == {"what_happened": text, **filled.as_json(Part.REPORT, fits, entries=1)}
    assert payload["source"] == filled.as_json(Part.SOURCE, fits, entries=1)
    assert [file["caption"] for file in payload["files"]] == [exactly(MAX_SHORT, "file")]


@pytest.mark.parametrize("name", EACH if SOAK else [SCRIPT])
def test_all_texts_together_are_taken_up_to_their_last_character(
    form: OpenForm, limits_site: Site, desk: Desk, tmp_path: Path, name: str
) -> None:
    page, begins = form(name), f"total-{EACH.index(name)}"
    long = [field.name for field in SECTION["in_need"].fields if field.kind is Kind.LONG]
    entries = (MAX_WORDS - MAX_TEXT) // (len(long) * MAX_LONG)
    given = {
        f"in_need-{number}-{question}": exactly(MAX_LONG, str(number))
        for number in range(entries)
        for question in long
    }
    grow(page, "in_need", entries)
    page.describe(text := exactly(MAX_TEXT, begins)).fill({**given, "when-date": "M"})
    page.send_refused()
    assert told(page) == {
        "what_happened": "All you wrote is 1 character too long in all. Shorten it, or send a second report."
    }
    assert at_field(page, "what_happened") == told(page)["what_happened"]
    assert (page.typed(), page.held(given)) == (text, given)
    # Just so; and then one character less.
    page.answer("when-date", "").review().change("in_need")
    last = list(given)[-1]
    given[last] = given[last][:-1]
    page.answer(last, given[last]).send()
    found = arrived(desk, limits_site, tmp_path, begins)["report"]
    assert found["what_happened"] == text
    assert [entry[name] for entry in found["in_need"] for name in long] == list(given.values())


# ---- entries and files


def grow(page: ReportPage, section: str, entries: int) -> None:
    """Add entries until there are so many; without a script, all but one of them at once."""
    page.open(section)
    if not page.browser.script:
        look(page.browser)(COPY, section, page.entries(section), entries - 1)
    while page.entries(section) < entries:
        page.add(section)


def first_text(section: str) -> str:
    """The first question of a section that is answered in words."""
    return next(field.name for field in SECTION[section].fields if field.is_text)


def numbered(section: str, entries: int) -> Answers:
    """A text for each of so many entries."""
    return {f"{section}-{number}-{first_text(section)}": f"entry {number}" for number in range(entries)}


@pytest.mark.parametrize(("name", "section"), ENTRIES)
def test_as_many_entries_are_taken_as_fit(
    form: OpenForm, limits_site: Site, desk: Desk, tmp_path: Path, name: str, section: str
) -> None:
    page, begins = form(name), f"{section}-{EACH.index(name)}"
    title, places = SECTION[section].title, numbered(section, MAX_ENTRIES)
    page.describe(begins)
    grow(page, section, MAX_ENTRIES - 1)
    assert page.browser.count(f"#{section}-add") == 1
    page.add(section)
    # No more can be added, and the page says so.
    assert page.browser.count(f"#{section}-add") == 0
    assert f"More than {MAX_ENTRIES} do not fit." in page.browser.text(f"#{section}-more")

    one_more = numbered(section, MAX_ENTRIES + 1)
    look(page.browser)(COPY, section, MAX_ENTRIES, MAX_ENTRIES + 1)
    page.fill(one_more).send_refused()
    message = f"{title}: only {MAX_ENTRIES} fit in one report. Put the others into a second report."
    assert told(page) == {section: message}
    assert page.browser.text(f"#{section} > .wrong") == message
    assert page.held(one_more) == one_more
    page.press(f"button[value=drop-{section}-{MAX_ENTRIES}]", FORM)
    page.send()
    found = arrived(desk, limits_site, tmp_path, begins)["report"][section]
    assert [entry[first_text(section)] for entry in found] == list(places.values())


@pytest.mark.parametrize("name", EACH if SOAK else [PLAIN])
def test_as_many_files_are_taken_as_fit(
    form: OpenForm, limits_site: Site, desk: Desk, tmp_path: Path, name: str
) -> None:
    page, begins = form(name), f"files-{EACH.index(name)}"
    paths = [tmp_path / f"{number:02}.bin" for number in range(MAX_FILES + 1)]
    for path in paths:
        path.write_bytes(path.name.encode() * 9)
    page.describe(begins)
    page.attach(*paths[: MAX_FILES - 1]).attach(paths[MAX_FILES - 1])
    page.browser.choose("#upload", paths[MAX_FILES:])
    if page.browser.script:
        until(lambda: page.browser.count("#told:not(:empty)"), "refusal")
        assert f"Only {MAX_FILES} files fit into one report." in page.browser.text("#told")
    else:
        page.press("#attach", FORM)
        message = told(page)["upload"]
        assert (
            message
            == f"“{paths[-1].name}” was not attached: a report holds 40 files. Send it with a second report."
        )
        assert at_field(page, "upload") == message
    assert (page.typed(), page.listed()) == (begins, MAX_FILES)
    page.send()
    found = arrived(desk, limits_site, tmp_path, begins)["files"]
    assert [file["name"] for file in found] == [path.name for path in paths[:MAX_FILES]]
    assert [file["sha256"] for file in found] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in paths[:MAX_FILES]
    ]
