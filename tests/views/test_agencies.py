"""Whom to call: the list, the questions that narrow it, and that they leave nothing behind."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from publishing import agencies as known
from publishing.publish import publish
from tests.site import CONTENT, Site
from tests.views import newsroom
from views import agencies

HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the starter's agencies, and no articles."""
    made = Site.make(tmp_path_factory.mktemp("agencies") / "site")
    try:
        content = newsroom.write(made.folder / "content", {})
        (content / "agencies.toml").write_bytes((CONTENT / "agencies.toml").read_bytes())
        publish(content, made.folder / "site.db")
        yield made
    finally:
        made.close()


def get(site: Site, path: str = "/agencies/") -> str:
    answer = site.client.get(path)
    assert answer.status_code == 200
    return answer.text


def post(site: Site, headers: dict[str, str] | None = None, **chosen: str) -> str:
    answer = site.client.post("/agencies/", data=chosen, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def listed(html: str) -> list[str]:
    return re.findall(r'<li class="card" id="([^"]+)">', html)


def card(html: str, name: str) -> str:
    part = html.split(f'<li class="card" id="{name}">')[1].split("</details>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def all_ids(site: Site) -> list[str]:
    return [one.id for one in site.vigil.published.agencies()]


# ---- the list


def test_everybody_is_listed_in_the_order_of_the_file_before_anybody_chose(site: Site) -> None:
    html = get(site)
    assert listed(html) == all_ids(site)
    assert listed(html)[0] == "999"
    assert 'class="urgent now"' not in html


def test_every_number_can_be_pressed(site: Site) -> None:
    html = get(site)
    for one in site.vigil.published.agencies():
        if one.phone:
            assert f'<a class="call" href="{one.phone_href}">{one.phone}</a>' in html
    for way in ('<a href="sms:999">999</a>', '<a href="tel:18000">18000</a>', '<a href="tel:18001101">'):
        assert way in html


def test_each_says_hours_cost_anonymity_languages_and_when_it_was_checked(site: Site) -> None:
    html = get(site)
    for name in all_ids(site):
        text = card(html, name)
        for label in ("Open", "Cost", "Anonymous?", "Confidential?", "Languages", "Where", "Checked"):
            assert f" {label} " in text, (name, label)
        assert "Checked Not yet: none of us has rung them or looked at their pages live." in text


def test_what_is_not_known_is_said_to_be_so(site: Site) -> None:
    text = card(get(site), "crimestoppers")
    assert "Languages We have not found out." in text
    assert "Ask them before you say anything about yourself." in card(get(site), "fair-work-agency")


def test_every_source_is_named(site: Site) -> None:
    html = unescape(get(site))
    for one in site.vigil.published.agencies():
        for source in one.sources:
            assert f'<a href="{source}"' in html


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 1), "Checked By a person, on 1 November 2026 ."),
        (
            date(2025, 11, 1),
            "Checked On 1 November 2025 . That is more than a year ago: it may be out of date.",
        ),
    ],
)
def test_an_entry_says_when_it_was_checked_and_that_a_year_is_long(
    site: Site, monkeypatch: pytest.MonkeyPatch, day: date, words: str
) -> None:
    found = [replace(one, checked_on=day) for one in site.vigil.published.agencies()]
    monkeypatch.setattr(site.vigil.published, "agencies", lambda: found)
    monkeypatch.setattr(site.vigil, "today", lambda: date(2026, 11, 20))
    assert words in card(post(site), "crimestoppers")


def test_the_page_is_made_anew_when_the_day_changes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [replace(one, checked_on=date(1998, 1, 1)) for one in site.vigil.published.agencies()]
    monkeypatch.setattr(site.vigil.published, "agencies", lambda: found)
    monkeypatch.setattr(site.vigil, "today", lambda: date(1999, 1, 1))
    assert "more than a year ago" not in get(site)
    monkeypatch.setattr(site.vigil, "today", lambda: date(1999, 1, 2))
    assert "more than a year ago" in get(site)


def test_words_of_the_newsroom_cannot_become_markup(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    one = site.vigil.published.agencies()[0]
    odd = replace(one, name="<b>A", what_for="<i>999</i>", hours='"><script>', text="<u>")
    monkeypatch.setattr(site.vigil.published, "agencies", lambda: [odd])
    html = post(site)
    assert "&lt;b&gt;A" in html
    assert '&lt;i&gt;<a href="tel:999">999</a>&lt;/i&gt;' in html
    assert "<script>" not in html
    assert "<u>" not in html


def test_a_browser_that_has_the_page_already_is_told_so(site: Site) -> None:
    tag = site.client.get("/agencies/").headers["ETag"]
    assert site.client.get("/agencies/", headers={"If-None-Match": tag}).status_code == 304


# ---- the questions


def test_the_words_of_the_choices_are_for_the_keys_that_the_list_knows() -> None:
    assert tuple(agencies.KINDS) == known.KINDS
    assert tuple(agencies.NATIONS) == known.NATIONS


def test_the_form_posts_so_that_no_choice_stands_in_an_address(site: Site) -> None:
    form = get(site).split('<form id="chooser"')[1].split("</form>")[0]
    assert 'method="post" action="/agencies/#found"' in form
    assert 'autocomplete="off"' in form
    assert "push-url" not in form
    assert re.findall(r'name="(\w+)"', form) == ["what", "where", "danger", "danger", "danger"]


def test_choices_behind_a_question_mark_change_nothing(site: Site) -> None:
    assert get(site, "/agencies/?what=fraud&where=wales&danger=yes") == get(site)


def test_a_kind_and_a_nation_narrow_the_list_best_fit_first(site: Site) -> None:
    html = post(site, what="fraud", where="scotland")
    assert listed(html) == ["police-scotland", "crimestoppers", "999"]
    assert "3 who can help, best fit first." in html
    assert '<option value="fraud" selected>' in html
    assert '<option value="scotland" selected>' in html
    assert '<a href="/agencies/">Start again' in html


def test_nothing_chosen_shows_everybody(site: Site) -> None:
    assert listed(post(site)) == all_ids(site)
    assert listed(post(site, what="", where="", danger="no")) == all_ids(site)


@pytest.mark.parametrize("danger", ["yes", "unsure"])
def test_danger_puts_999_first_and_alone(site: Site, danger: str) -> None:
    html = post(site, what="trafficking", where="wales", danger=danger)
    urgent = html.split('<section class="urgent now"')[1].split("</section>")[0]
    assert html.index('class="urgent now"') < html.index('class="card"')
    assert '<a class="call" href="tel:999">Call 999</a></h2>' in urgent
    for words in ("press 55", "register", "18000", "999 BSL"):
        assert words in urgent
    assert listed(html)[0] == "modern-slavery-helpline"
    assert "999" not in listed(html)
    assert "In danger: first 999. Below it," in html


@pytest.mark.parametrize(
    "chosen",
    [
        {"what": "weather"},
        {"what": "any"},
        {"where": "france", "danger": "<script>"},
        {"what": "\x00", "where": "Wales"},
        {"other": "x"},
    ],
)
def test_what_is_not_on_the_list_of_choices_is_ignored(site: Site, chosen: dict[str, str]) -> None:
    html = post(site, **chosen)
    assert listed(html) == all_ids(site)
    assert " selected" not in html
    assert " checked" not in html


def test_htmx_gets_the_piece_that_the_page_includes(site: Site) -> None:
    whole = post(site, what="border", where="wales")
    piece = post(site, HTMX, what="border", where="wales")
    assert "<html" not in piece
    assert piece.strip() in whole
    boosted = post(site, HTMX | {"HX-Boosted": "true"}, what="border")
    assert "<html" in boosted


def test_htmx_is_told_of_no_address_and_brings_danger_into_view(site: Site) -> None:
    calm = site.client.post("/agencies/", data={"what": "border"}, headers=HTMX)
    danger = site.client.post("/agencies/", data={"danger": "yes"}, headers=HTMX)
    assert "HX-Reswap" not in calm.headers
    assert danger.headers["HX-Reswap"] == "innerMorph show:top"
    for answer in (calm, danger):
        assert not {name for name, _ in answer.headers if "url" in name.lower() or name == "Location"}
        assert "Set-Cookie" not in answer.headers
        assert "HX-Request" in answer.headers["Vary"]


def test_choices_from_a_foreign_page_are_refused(site: Site) -> None:
    answer = site.client.post("/agencies/", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"what=" + b"x" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"a=1&" * 30, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
    ],
)
def test_what_is_no_answer_to_three_questions_is_refused(
    site: Site, data: bytes, kind: str, status: int
) -> None:
    answer = site.client.post("/agencies/", data=data, content_type=kind)
    assert answer.status_code == status
    assert "<h1" in answer.text


def test_nothing_of_a_choice_reaches_the_disk(site: Site) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()}

    before = files()
    post(site, what="trafficking", where="wales", danger="yes")
    after = files()
    # The log of the database may be cut meanwhile; what is there holds no choice.
    assert not [path for path, data in after.items() if data != before.get(path) and b"trafficking" in data]


def test_a_site_without_articles_published_says_so_and_takes_reports(tmp_path: Path) -> None:
    bare = Site.make(tmp_path / "site")
    try:
        for answer in (bare.client.get("/agencies/"), bare.client.post("/agencies/", data={"danger": "yes"})):
            assert answer.status_code == 503
            assert "being set up" in answer.text
            assert "tel:999" in answer.text
        assert bare.client.get("/report").status_code == 200
    finally:
        bare.close()
