"""The report's pages as documents: the blank one is made once, and whatever points to an id finds it."""

import gzip
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from werkzeug.test import TestResponse

from payload.limits import MAX_FILES
from payload.outline import SECTIONS, Kind
from tests.site import Site, hidden, problems
from tests.views.asked import filled, name_of, places
from views import report_pages
from views.intake import MOST_TOLD
from web.blank_page import HOLE

# Attributes that name ids, one or several.
POINTERS = {"for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-errormessage"}
UNNAMED = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """The ids of a page, what points to ids, and the controls that no label names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.pointers: list[str] = []
        self.labelled: set[str] = set()
        self.unlabelled: list[str] = []
        self._in_label = 0
        self._loose: list[str] = []
        self.feed(html)
        self.close()
        self.unlabelled = [one for one in self._loose if one not in self.labelled]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if "id" in at:
            self.ids[at["id"]] += 1
        for name in POINTERS & at.keys():
            self.pointers += at[name].split()
        for name in ("href", "data-hx-target", "data-hx-include"):
            if at.get(name, "").startswith("#"):
                self.pointers.append(at[name][1:].split()[0])
        if tag == "label":
            self._in_label += 1
            self.labelled.add(at.get("for", ""))
        control = tag in {"input", "select", "textarea"} and at.get("type") not in UNNAMED
        if control and not self._in_label and "aria-label" not in at:
            self._loose.append(at.get("id", f"{tag} {at.get('name')}"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label -= 1

    @property
    def dangling(self) -> list[str]:
        """What points to no id of the page."""
        return [pointer for pointer in self.pointers if pointer not in self.ids]

    @property
    def twice(self) -> list[str]:
        """Ids that stand more than once."""
        return [name for name, count in self.ids.items() if count > 1]


def sound(html: str) -> Page:
    page = Page(html)
    assert page.twice == []
    assert page.dangling == []
    assert page.unlabelled == []
    return page


# ---- the blank form


def test_two_blank_forms_differ_in_their_draft_alone(site: Site) -> None:
    pages = [site.client.get("/report") for _ in range(2)]
    drafts = [hidden(page, "draft")[0] for page in pages]
    assert drafts[0] != drafts[1]
    texts = [page.text.replace(draft, "") for page, draft in zip(pages, drafts, strict=True)]
    assert texts[0] == texts[1]
    assert [page.text.count(draft) for page, draft in zip(pages, drafts, strict=True)] == [1, 1]
    assert HOLE not in pages[0].text


def test_the_blank_form_is_the_same_compressed(site: Site) -> None:
    plain, packed = (site.client.get("/report", headers={"Accept-Encoding": kind}) for kind in ("", "gzip"))
    assert packed.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(packed.data).decode()
    draft = text.split('name="draft" value="')[1].split('"')[0]
    assert text.replace(draft, "") == plain.text.replace(hidden(plain, "draft")[0], "")


def test_the_blank_form_has_one_hole_and_is_what_an_empty_post_shows(site: Site) -> None:
    with site.app.test_request_context("/report"):
        blank = report_pages.blank(HOLE)
    assert blank.count(HOLE) == 1
    draft = site.draft()
    again = site.client.post("/report", data={"draft": draft, "do": "change-"})
    assert again.text.replace(hidden(again, "draft")[0], HOLE) == blank


def test_the_blank_form_asks_every_question_once_and_answers_none(site: Site) -> None:
    page = site.client.get("/report").text
    for section, number, field in places(1):
        name = name_of(section, number, field)
        # One control, but for what is ticked: there each choice is one.
        ticked = field.kind is Kind.SEVERAL or section.name == "danger"
        assert page.count(f'name="{name}"') == (len(field.choices) if ticked else 1)
    assert " checked" not in page
    assert " selected" not in page
    assert "<details id" in page
    assert " open>" not in page
    assert "maxlength" not in page


# ---- ids, and what points to them


def test_on_the_blank_form_all_that_points_to_an_id_finds_it(site: Site) -> None:
    page = sound(site.client.get("/report").text)
    assert page.ids.keys() >= {"report", "what_happened", "upload", "send", "now", "told", "said", "files"}
    assert page.ids.keys() >= {section.name for section in SECTIONS if section.name != "danger"}


def wrong(site: Site, entries: int, files: int) -> TestResponse:
    """Send a form in which whatever can be wrong is, with so many entries and files."""
    fields, _ = filled(lambda _name: "x" * 301, entries=entries)
    chosen = {name_of(*place): "nonsense" for place in places(entries) if not place[2].is_text}
    # Longer than a line for all, and than a box for one: all texts stay within what one post may have.
    answers = {**fields, "in_need-0-condition": "x" * 5_001, **chosen, "danger-now": ["yes", "nonsense"]}
    attached = site.post(do="attach", files=[(f"{number}.jpg", b"1") for number in range(files)])
    answer = site.post(
        "x" * 100_001,
        do="review",
        answers=answers,
        tokens=[*hidden(attached, "file"), "spoiled"],
        captions=["x" * 301] * files,
        draft="",
    )
    assert answer.status_code == 422
    return answer


def test_on_a_form_where_all_is_wrong_all_that_points_to_an_id_finds_it(site: Site) -> None:
    answer = wrong(site, entries=1, files=3)
    page = sound(answer.text)
    at_fields = [name for name in page.ids if name.endswith("-wrong")]
    # Beside what happened, the files and each caption; in the longest answer, and in all others but those.
    asked = [field for _, _, field in places(1) if field.kind is not Kind.LONG]
    assert len(at_fields) == 2 + 3 + 1 + len(asked)
    # At the top alone stands what is wrong with the draft.
    assert len(problems(answer)) == len(at_fields) + 1
    assert set(page.pointers) >= {name.removesuffix("-wrong") for name in at_fields}


def test_on_a_form_with_far_too_much_wrong_some_is_told_and_the_rest_counted(site: Site) -> None:
    answer = wrong(site, entries=51, files=MAX_FILES)
    sound(answer.text)
    *told, rest = problems(answer)
    assert len(told) == MOST_TOLD
    number = re.fullmatch(r"(\d+) more are wrong\.", rest)
    assert number
    assert int(number[1]) > 1_800


def test_on_the_review_page_all_that_points_to_an_id_finds_it(site: Site) -> None:
    fields, _ = filled(lambda name: name, entries=50)
    tokens = hidden(site.post(do="attach", files=[("a", b"1"), ("b", b"2")]), "file")
    page = sound(site.post("words", do="review", answers=fields, tokens=tokens).text)
    assert page.ids.keys() >= {"review", "report", "send", "told", "now"}


def test_on_the_receipt_all_that_points_to_an_id_finds_it(site: Site) -> None:
    assert sound(site.post("words", answers={"danger-now": "yes"}).text).ids.keys() >= {"received", "now"}


@pytest.mark.parametrize(
    "section", [section for section in SECTIONS if section.one], ids=lambda one: one.name
)
def test_a_page_that_got_its_entries_one_by_one_is_as_sound(site: Site, section) -> None:
    """As the script does: each piece takes the place of the paragraph with the button."""
    html = site.client.get("/report").text
    for number in range(1, section.most):
        piece = site.client.get(f"/report/more?section={section.name}&number={number}").text
        before, rest = html.split(f'<p class="more" id="{section.name}-more">')
        html = before + piece + rest.split("</p>", 1)[1]
    page = sound(html)
    assert f"{section.name}-49" in page.ids
    assert f"{section.name}-50" not in page.ids


def test_a_files_line_and_a_refusal_for_the_script_are_as_sound(site: Site) -> None:
    for draft in (None, "spoiled"):
        line = site.post(do="upload", files=[("a.jpg", b"1")], draft=draft)
        assert line.status_code == 200
        sound(line.text)
    refused = site.post(do="upload")
    assert refused.status_code == 422
    sound(refused.text)
    assert 'class="wrong"' in refused.text
