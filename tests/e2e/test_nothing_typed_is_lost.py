"""What somebody typed stays, and a file once attached is not asked for again, whatever goes wrong."""

from contextlib import closing
from html import escape
from pathlib import Path

import pytest

from payload.limits import MAX_ENTRIES, MAX_FILES, MAX_LONG, MAX_TEXT
from tests.e2e import filled
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.http_client import connected, head, multipart, received, request, urlencoded
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.steps import report

TEXT = "  Two lines,\n\nwith spaces & <b>signs</b> \"quoted\" </textarea> 'and' ünïcödé 👀\n"
MB = 1_000_000
SAID = filled.as_fields()
ONCE = filled.as_fields(entries=1)
CAPTION = "what ‘it’ <shows>\n& more"  # noqa: RUF001 - as people write


@pytest.fixture
def full(source: Source) -> Source:
    """Somebody who has answered everything, in two entries where more than one fits, and attached a file."""
    return filled_in(source)


def filled_in(source: Source) -> Source:
    for section in ("places", "people", "in_need", "vehicles"):
        source.press("do", f"add-{section}")
    source.attach(("a.txt", b"bytes"), text=TEXT)
    return source.write(said=SAID).caption(0, CAPTION)


def all_held(source: Source, caption: str = CAPTION) -> bool:
    """Whether the page that came holds every word; what it holds instead is shown when a test fails."""
    wanted = {name: [said] if isinstance(said, str) else said for name, said in SAID.items()}
    wanted |= {"what_happened": [TEXT]} | ({"caption": [caption]} if caption else {})
    assert source.form.said == wanted
    assert len(source.form.tokens) == bool(caption)
    return True


def test_an_empty_form_says_what_is_missing(source: Source) -> None:
    assert not source.send("")
    assert source.answer.status == 422
    assert "one sentence helps" in source.answer.text
    assert source.send("one sentence")


def test_a_file_alone_is_a_report(source: Source) -> None:
    assert source.attach(("a.txt", b"bytes")).send("")


@pytest.mark.parametrize("page", ["form", "review"])
@pytest.mark.parametrize("change", ["garbled", "", "A" * 5_000, "\0", "ünicode"])
def test_a_draft_token_that_does_not_open_costs_one_more_press(full: Source, change: str, page: str) -> None:
    assert page == "form" or full.review()
    full.form.of("draft")[0].value = change
    assert not full.press("do", "send" if page == "review" else "review").received
    assert full.answer.status == 422
    assert all_held(full)
    assert full.send()


@pytest.mark.parametrize("page", ["form", "review"])
def test_a_garbled_file_token_names_the_trouble_and_keeps_the_rest(full: Source, page: str) -> None:
    full.press("do", "attach", [("upload", "b.txt", b"more bytes")]).caption(1, "of the other")
    assert page == "form" or full.review()
    full.form.of("file")[1].value = "garbled"
    assert not full.press("do", "send" if page == "review" else "review").received
    assert full.answer.status == 422
    assert "of the other" in full.answer.text
    assert all_held(full)
    assert full.send()


@pytest.mark.parametrize("page", ["form", "review"])
def test_a_form_older_than_the_servers_form_keys_keeps_its_text(make_site: MakeSite, page: str) -> None:
    site = make_site().start()
    source = filled_in(Source(site.address))
    assert page == "form" or source.review()
    site.stop()
    (site.data / "form.keys").unlink()
    site.start()
    assert not source.send()
    assert source.answer.status == 422
    assert escape(CAPTION) in source.answer.text
    assert all_held(source, caption="")
    assert source.send(), source.answer.text


def test_too_long_a_text_comes_back_whole_with_all_answers_and_files(full: Source) -> None:
    text = TEXT + "x" * MAX_TEXT
    assert not full.send(text)
    assert full.answer.status == 422
    assert full.form.value("what_happened") == text
    full.write(TEXT)
    assert all_held(full)
    assert full.send()


def test_answers_that_are_too_long_come_back_whole(full: Source) -> None:
    over = {name: str(said) + "x" * MAX_LONG for name, said in SAID.items() if isinstance(said, str)}
    over = {name: said for name, said in over.items() if not full.form.of(name)[0].options}
    del over["danger-now"]
    full.write(said=over).caption(0, "c" * 5_000)
    assert not full.review()
    assert full.answer.status == 422
    said = full.form.said
    assert {name: said[name] for name in over} == {name: [text] for name, text in over.items()}
    assert said["caption"] == ["c" * 5_000]
    full.write(said=SAID).caption(0, CAPTION)
    assert all_held(full)
    assert full.send()


def test_entries_beyond_the_limit_are_shown_and_go_once_the_others_are_out(source: Source) -> None:
    fields = [(f"people-{number}-names", f"name {number}") for number in range(1, MAX_ENTRIES + 2)]
    source.write(said={"people-0-names": "name 0"})
    body, kind = multipart([*source.controls(TEXT), *fields, ("do", "review")])
    source.answer = request(source.address, "POST", "/report", body, kind)
    assert source.answer.status == 422
    for number in (MAX_ENTRIES + 1, MAX_ENTRIES):
        assert source.form.value(f"people-{number}-names") == f"name {number}"
        source.press("do", f"drop-people-{number}")
    assert source.form.value("what_happened") == TEXT
    assert source.send()


def test_a_text_of_exactly_the_limit_is_taken(source: Source) -> None:
    # Four bytes a character, and every line end twice as long on the way.
    assert source.send("👀\n" * (MAX_TEXT // 2))


def test_too_large_a_file_is_named_and_the_rest_arrives(
    make_site: MakeSite, firefox: Firefox, tmp_path: Path
) -> None:
    site = make_site(environment={"VIGIL_MAX_FILE_MB": "1"}).start()
    small, large = tmp_path / "small.bin", tmp_path / "large.bin"
    small.write_bytes(b"s" * MB)
    large.write_bytes(b"l" * (MB + 1))
    page = report(firefox, site.url).describe("text")
    firefox.choose("#upload", [small, large])
    said = page.send_refused()
    assert "large.bin" in said
    assert "1 MB" in said
    assert page.typed() == "text"
    assert page.listed() == 1
    page.send()


def test_an_oversize_body_gets_a_page_not_a_reset(
    make_site: MakeSite, window: OpenWindow, tmp_path: Path
) -> None:
    site = make_site(environment={"VIGIL_MAX_FILE_MB": "1"}).start()
    many = [tmp_path / f"{i}.bin" for i in range(6)]
    for path in many:
        path.write_bytes(b"l" * 8 * MB)
    browser = window(script=False)
    said = {"people-0-names": "Bo", "contact-how": "by letter"}
    page = report(browser, site.url).describe("text of the report").fill(said)
    browser.choose("#upload", many)
    told = page.send_refused()
    assert "0.bin" in told
    assert page.typed() == "text of the report"
    assert page.held(said) == said


@pytest.mark.parametrize("encode", [multipart, urlencoded])
@pytest.mark.parametrize("fields", [[("x", "y" * 100)] * 100_000, [("what_happened", "y" * 9 * MB)]])
def test_more_than_any_form_holds_is_refused_with_all_that_fits(
    source: Source, encode: object, fields: list[tuple[str, str]]
) -> None:
    source.write(TEXT, ONCE)
    body, kind = encode([*source.controls(), *fields])  # type: ignore[operator]
    source.answer = request(source.address, "POST", "/report", body, kind)
    assert source.answer.status == 413
    assert "too much to send at once" in source.answer.text
    assert source.form.value("what_happened").startswith(TEXT)
    for name, said in ONCE.items():
        assert source.form.said[name] == ([said] if isinstance(said, str) else said)
    assert source.send(TEXT)


def test_forty_files_go_and_one_more_is_named(source: Source) -> None:
    source.attach(*[(f"file {i}.txt", b"%d" % i) for i in range(MAX_FILES)], text=TEXT)
    captions = [f"of file {i}" for i in range(MAX_FILES)]
    for position, caption in enumerate(captions):
        source.caption(position, caption)
    source.attach(("one too many.txt", b"more"))
    assert "one too many.txt" in source.answer.text
    assert len(source.form.tokens) == MAX_FILES
    assert source.form.said == {"what_happened": [TEXT], "caption": captions}
    assert source.send()


@pytest.mark.parametrize("page", ["form", "review"])
def test_a_robot_that_fills_the_trap_is_shown_its_text_again(full: Source, page: str) -> None:
    assert page == "form" or full.review()
    full.write(said={"website": "I am a robot"})
    assert not full.press("do", "send" if page == "review" else "review").received
    assert full.answer.status == 422
    assert all_held(full)
    assert full.send()


def test_a_body_that_ends_too_soon_is_answered(site: Site, source: Source) -> None:
    body, kind = multipart([*source.controls("text"), ("do", "send")])
    cut = body[:-60]
    with closing(connected(site.address)) as sock:
        sock.sendall(head("POST", "/report", "127.0.0.1", len(cut), kind, {"Connection": "close"}))
        sock.sendall(cut)
        answer = received(sock)
    assert answer.status == 400
    assert "<h1" in answer.text


NAMES = [
    'quote".txt',
    "new\nline.txt",
    "back\\slash.txt",
    "../../etc/passwd",
    "/absolute",
    "percent%22.txt",
    "semi;colon=x.txt",
    "C:\\Users\\me\\photo.jpg",
    "​zero width.txt",
    "مرحبا.pdf",
    "emoji 👀.png",
    " spaces .txt ",
    "...",
    "-rf",
    "con.txt",
    "x" * 255,
]


def test_every_odd_name_arrives_as_it_was_sent(make_site: MakeSite, desk: Desk, tmp_path: Path) -> None:
    site = make_site().start()
    source = Source(site.address)
    names = [*NAMES, "twice.txt", "twice.txt"]
    source.attach(*[(name, name.encode()) for name in names])
    for position, name in enumerate(names):
        source.caption(position, f"caption of {name}")
    assert source.send("names")
    desk.take(site, tmp_path / "bundle.tar")
    mine = desk.opened("names")
    files = mine["files"]
    # What a browser escapes cannot be told from what was typed so: the one name that differs.
    assert [file["name"] for file in files] == [name.replace("%22", '"') for name in names]
    assert [file["caption"] for file in files] == [f"caption of {name}" for name in names]
    written = desk.files(mine["case"], tmp_path / "out")
    assert {file["sha256"] for file in files} <= set(written.values())
    assert not (tmp_path / "etc").exists()
