"""Letters on the site: chosen, filled in, seen, taken as a file; nothing of what is typed stays anywhere."""

import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import docx
import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from publishing.publish import publish
from publishing.typeset import NotPrintable
from tests.site import CONTENT, MULTIPART, Site, multipart, problems
from views import letter
from web.headers import ALWAYS

AT = "/letter/support-for-victims"
TYPED = {
    "name": "Zoë Łukasz",
    "address": "14 Harbour Road\r\nBristol BS1 5XX",
    "mp": "Jane Smith MP",
    "constituency": "Bristol Central",
    "date": "22 November 2026",
}
HOSTILE = "<b>&amp;</b> #panic() $x$ ]]> {name} \u202e\x07 "


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site.make(tmp_path_factory.mktemp("letters") / "site")
    publish(CONTENT, made.folder / "site.db")
    yield made
    made.close()


def post(site: Site, path: str = AT, htmx: bool = False, **typed: str) -> TestResponse:
    headers = {"HX-Request": "true"} if htmx else {}
    return site.client.post(path, data=TYPED | typed, headers=headers)


def sheet(page: str) -> str:
    inside = page.split('<div class="sheet"')[1].split("</div>")[0]
    return unescape(re.sub(r"<[^>]+>", " ", inside))


def fields(page: str) -> dict[str, str]:
    """What the form of a page holds."""
    found = dict(re.findall(r'<input type="text" id="\w+" name="(\w+)" value="([^"]*)"', page))
    found["address"] = re.findall(r'<textarea id="address"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[0]
    return {name: unescape(value) for name, value in found.items()}


def pdf_text(answer: TestResponse) -> str:
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def word_text(answer: TestResponse) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(answer.data)).paragraphs)


def test_the_letters_are_listed_with_what_they_ask(site: Site) -> None:
    page = site.client.get("/letter").text
    for one in site.vigil.published.letters():
        assert f'href="/letter/{one.slug}"' in page
        assert f'href="/letter/{one.slug}.pdf"' in page
        assert one.summary in unescape(page)
    assert "https://members.parliament.uk/FindYourMP" in page
    assert "House of Commons<br>London<br>SW1A 0AA" in page


def test_a_letter_comes_with_todays_date_and_its_gaps_marked(site: Site) -> None:
    answer = site.client.get(AT)
    assert answer.status_code == 200
    assert fields(answer.text)["date"] == f"{site.vigil.today():%-d %B %Y}"
    assert '<span class="gap">your name</span>' in answer.text
    assert "https://www.legislation.gov.uk/ukpga/2015/30/section/45" in answer.text


@pytest.mark.parametrize("path", ["/letter/none", "/letter/none.pdf", "/letter/none.docx", f"{AT}.odt"])
def test_a_letter_that_is_not_there_is_not_found(site: Site, path: str) -> None:
    assert site.client.get(path).status_code == 404
    assert site.client.post(path, data=TYPED).status_code in (404, 405)


def test_the_letter_is_shown_as_it_is_typed(site: Site) -> None:
    partial = post(site, htmx=True)
    assert partial.status_code == 200
    assert "<html" not in partial.text
    assert "HX-Request" in partial.headers["Vary"]
    for text in (partial.text, post(site).text):
        said = sheet(text)
        assert "14 Harbour Road" in said
        assert "Jane Smith MP" in said
        assert "Dear Jane Smith," in said
        assert "I am your constituent in Bristol Central, and" in said
        assert "Zoë Łukasz" in said


def test_without_script_the_whole_page_comes_back_with_what_was_typed(site: Site) -> None:
    page = post(site).text
    assert fields(page) == TYPED | {"address": TYPED["address"].replace("\r\n", "\n")}


def test_what_is_left_empty_stays_a_gap(site: Site) -> None:
    said = post(site, name="", constituency="", mp="").text
    assert '<span class="gap">your name</span>' in said
    assert "I am your constituent, and" in sheet(said)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("form", ["multipart", "urlencoded"])
def test_the_letter_is_taken_as_a_file(site: Site, kind: str, form: str) -> None:
    if form == "multipart":
        sent = {"data": multipart(list(TYPED.items()), []), "content_type": MULTIPART}
    else:
        sent = {"data": urlencode(TYPED), "content_type": "application/x-www-form-urlencoded"}
    answer = site.client.post(f"{AT}.{kind}", **sent)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="letter.{kind}"'
    assert answer.headers["Cache-Control"] == "no-store"
    said = pdf_text(answer) if kind == "pdf" else word_text(answer)
    assert "I am your constituent in Bristol Central, and" in said
    assert "Zoë Łukasz" in said


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_blank_letter_is_one_request(site: Site, kind: str) -> None:
    answer = site.client.get(f"{AT}.{kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="letter.{kind}"'
    said = pdf_text(answer) if kind == "pdf" else word_text(answer)
    assert "House of Commons" in said
    again = site.client.get(f"{AT}.{kind}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/letter", AT, f"{AT}.pdf", f"{AT}.docx"])
def test_every_answer_carries_the_headers_and_no_cookie(site: Site, path: str) -> None:
    security = {name: value for name, value in ALWAYS.items() if name != "Cache-Control"}
    answers = [site.client.get(path)] + ([post(site, path)] if path != "/letter" else [])
    for answer in answers:
        assert dict(answer.headers).items() >= security.items()
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", [AT, f"{AT}.pdf", f"{AT}.docx"])
def test_hostile_text_gives_a_good_letter(site: Site, path: str) -> None:
    answer = post(site, path, name=HOSTILE, address=HOSTILE, mp=HOSTILE, constituency=HOSTILE)
    assert answer.status_code == 200
    said = {"pdf": pdf_text, "docx": word_text}.get(path.rpartition(".")[2], lambda got: sheet(got.text))(
        answer
    )
    assert said.count("<b>&amp;</b> #panic() $x$ ]]> {name}") >= 5
    assert "\u202e" not in said
    assert "\x07" not in said


@pytest.mark.parametrize("path", [AT, f"{AT}.pdf", f"{AT}.docx"])
@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "x" * 10_000, "Your name: this is 9,800 characters too long. Up to 200 fit into one line."),
        ("mp", "é" * 201, "The name of your MP: this is 1 character too long. Up to 200 fit into one line."),
        ("constituency", "x" * 101, "Your constituency, if you like: this is 1 character too long."),
        ("date", "x" * 61, "Date: this is 1 character too long."),
        ("address", "x\n" * 5_000, "Your address: this has 5,000 lines. Up to 10 fit."),
        ("address", "ok\n" + "\U0001f600" * 201, "Your address: this is 1 character too long."),
        ("name", "ab\n" * 3_000, "Your name: this is 8,800 characters too long."),
    ],
)
def test_too_much_is_a_clear_error_with_all_that_was_typed(
    site: Site, path: str, field: str, typed: str, message: str
) -> None:
    answer = post(site, path, **{field: typed})
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"
    assert any(said.startswith(message) for said in problems(answer)), problems(answer)
    kept = fields(answer.text)
    assert kept[field] == typed
    assert kept["date" if field == "name" else "name"] == TYPED["date" if field == "name" else "name"]
    assert f'href="#{field}"' in answer.text
    assert typed not in sheet(answer.text)


def test_what_a_pdf_cannot_show_is_named_and_all_is_kept(site: Site) -> None:
    name = "\u738b\u5c0f \U0001f600 \u0939\u093f"
    answer = post(site, f"{AT}.pdf", name=name)
    assert answer.status_code == 422
    assert problems(answer) == [
        (
            "Your name: the PDF cannot show “\u738b”, “\u5c0f”, “\U0001f600”, “\u0939”, U+093F."
            " Take the Word file, which can, or write this in other letters."
        )
    ]
    assert fields(answer.text)["name"] == name
    assert name in sheet(answer.text)
    assert name in word_text(post(site, f"{AT}.docx", name=name))


def test_the_form_comes_back_without_what_no_page_can_hold(site: Site) -> None:
    page = post(site, name="A\x00n\x07n\ufffe", address="1\r\n2\x1b", mp="x" * 300).text
    assert (fields(page)["name"], fields(page)["address"]) == ("Ann", "1\n2")


def test_of_many_strange_characters_a_few_are_named(site: Site) -> None:
    name = "".join(chr(0x4E00 + number) for number in range(150))
    assert "142 others" in problems(post(site, f"{AT}.pdf", name=name))[0]


@pytest.mark.parametrize(
    ("signs", "message"),
    [
        (["o", "\u064e"], "The PDF cannot show “o”, U+064E where it stands."),
        ([], "The PDF cannot show some of what you typed."),
    ],
)
def test_an_unforeseen_refusal_of_the_typesetter_is_a_clear_error(
    site: Site, monkeypatch: pytest.MonkeyPatch, signs: list[str], message: str
) -> None:
    def refuses(*_: object) -> bytes:
        raise NotPrintable({"": signs})

    monkeypatch.setitem(letter.KINDS, "pdf", (letter.KINDS["pdf"][0], refuses))
    answer = post(site, f"{AT}.pdf")
    assert answer.status_code == 422
    assert problems(answer)[0].startswith(message)
    assert fields(answer.text)["name"] == TYPED["name"]


def test_a_body_that_is_too_large_is_a_clear_error(site: Site) -> None:
    answer = site.client.post(
        f"{AT}.pdf",
        data=urlencode(TYPED | {"zzz": "x" * 2_000_000}),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 422
    assert problems(answer)[0].startswith("This was too much to take in")
    assert fields(answer.text)["name"] == TYPED["name"]


@pytest.mark.parametrize("path", [AT, f"{AT}.pdf"])
@pytest.mark.parametrize("body", [b"address=" + b"a\n" * 530_000, b"address=" + b"a%0A" * 16_000])
def test_a_flood_of_lines_is_not_set_into_a_letter(site: Site, path: str, body: bytes) -> None:
    answer = site.client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    # What was read is in its box, once; no sheet is made of it.
    assert len(answer.data) < len(body)
    assert "lines. Up to 10 fit." in problems(answer)[-1]


def test_another_kind_of_body_is_refused(site: Site) -> None:
    assert site.client.post(AT, data="{}", content_type="application/json").status_code == 415


@pytest.mark.parametrize("path", [AT, f"{AT}.pdf", f"{AT}.docx"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example"}])
def test_a_foreign_page_cannot_have_letters_made(site: Site, path: str, headers: dict[str, str]) -> None:
    assert site.client.post(path, data=TYPED, headers=headers).status_code == 403


def test_nothing_that_was_typed_is_kept(site: Site) -> None:
    for path in (AT, f"{AT}.pdf", f"{AT}.docx"):
        site.client.get(path)
    before = len(site.vigil.answers)
    for path in (AT, f"{AT}.pdf", f"{AT}.docx"):
        post(site, path, name="Xanthippe Quince")
    assert len(site.vigil.answers) == before
    assert site.reports() == []
    assert "Xanthippe" not in site.client.get(AT).text
    for file in site.folder.rglob("*"):
        if file.is_file():
            assert b"Xanthippe" not in file.read_bytes()


def test_when_many_letters_are_being_made_nothing_typed_is_lost(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter, "WAIT_SECONDS", 0.01)
    with letter._PRESS:
        answer = post(site, f"{AT}.pdf")
    assert answer.status_code == 503
    assert problems(answer) == ["Many letters are being made just now. Try again in a minute."]
    assert fields(answer.text)["name"] == TYPED["name"]
    assert post(site, f"{AT}.pdf").status_code == 200


def test_the_press_is_free_again_after_a_failure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> bytes:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setitem(letter.KINDS, "docx", (letter.KINDS["docx"][0], fails))
        assert post(site, f"{AT}.docx").status_code == 500
    assert post(site, f"{AT}.docx").status_code == 200


def test_before_anything_is_published_the_page_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    bare = Site.make(tmp_path_factory.mktemp("bare") / "site")
    try:
        for path in ("/letter", AT, f"{AT}.pdf"):
            assert bare.client.get(path).status_code == 503
        assert post(bare).status_code == 503
    finally:
        bare.close()
