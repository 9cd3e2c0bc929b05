"""What somebody typed stays, and a file once attached is not asked for again, whatever goes wrong."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from payload.limits import MAX_FILES, MAX_TEXT
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.http_client import connected, head, multipart, received, request, urlencoded
from tests.e2e.server import Site
from tests.e2e.source import Form, Source
from tests.e2e.steps import Browser, report

TEXT = "  Two lines,\n\nwith spaces & <b>signs</b> \"quoted\" </textarea> 'and' ünïcödé 👀\n"
MB = 1_000_000


def test_an_empty_form_says_what_is_missing(source: Source) -> None:
    assert not source.send("")
    assert source.answer.status == 422
    assert "even one sentence helps" in source.answer.text
    assert source.send("one sentence")


def test_a_file_alone_is_a_report(source: Source) -> None:
    assert source.attach(("a.txt", b"bytes")).send("")


@pytest.mark.parametrize("change", ["garbled", "", "A" * 5_000, "\0", "ünicode"])
def test_a_draft_token_that_does_not_open_costs_one_more_press(source: Source, change: str) -> None:
    source.attach(("a.txt", b"bytes"))
    fields = [(name, change if name == "draft" else value) for name, value in source.controls(TEXT)]
    body, kind = multipart([*fields, ("do", "send")])
    source.answer = request(source.address, "POST", "/report", body, kind)
    assert source.answer.status == 422
    assert source.form.value("what_happened") == TEXT
    assert len(source.form.tokens) == 1
    assert source.send()


def test_a_garbled_file_token_names_the_trouble_and_keeps_the_rest(source: Source) -> None:
    source.attach(("a.txt", b"bytes"), ("b.txt", b"more bytes"))
    fields = source.controls(TEXT)
    first = fields.index(("file", source.form.tokens[0]))
    fields[first] = ("file", "garbled")
    body, kind = multipart([*fields, ("do", "send")])
    source.answer = request(source.address, "POST", "/report", body, kind)
    assert source.answer.status == 422
    assert source.form.value("what_happened") == TEXT
    assert len(source.form.tokens) == 1
    assert source.send()


def test_a_form_older_than_the_servers_form_keys_keeps_its_text(make_site: MakeSite) -> None:
    site = make_site().start()
    source = Source(site.address).attach(("a.txt", b"bytes"))
    site.stop()
    (site.data / "form.keys").unlink()
    site.start()
    assert not source.send(TEXT)
    assert source.answer.status == 422
    assert source.form.value("what_happened") == TEXT
    assert source.send(), source.answer.text


def test_a_restart_between_attach_and_send_loses_nothing(
    make_site: MakeSite, firefox: Firefox, window: OpenWindow, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(os.urandom(900_000))
    browsers: list[Browser] = [firefox, window(script=True), window(script=False)]
    for i, browser in enumerate(browsers):
        page = report(browser, site.url).describe(f"before the restart {i}").attach(photo)
        site.stop() if i == 1 else site.kill()
        site.start()
        page.send()
    desk.take(site, tmp_path / "bundle.tar")
    for i in range(len(browsers)):
        assert desk.opened(f"before the restart {i}")["files"][0]["size"] == 900_000


def test_too_long_a_text_comes_back_whole_with_its_files(source: Source) -> None:
    source.attach(("a.txt", b"bytes"))
    text = TEXT + "x" * MAX_TEXT
    assert not source.send(text)
    assert source.answer.status == 422
    assert source.form.value("what_happened") == text
    assert len(source.form.tokens) == 1
    assert source.send("shorter now")


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
    page = report(browser, site.url).describe("text of the report")
    browser.choose("#upload", many)
    said = page.send_refused()
    assert "0.bin" in said
    assert page.typed() == "text of the report"


@pytest.mark.parametrize("encode", [multipart, urlencoded])
@pytest.mark.parametrize("fields", [[("x", "y" * 100)] * 100_000, [("what_happened", "y" * 9 * MB)]])
def test_more_than_any_form_holds_is_refused_with_a_page(
    site: Site, source: Source, encode: object, fields: list[tuple[str, str]]
) -> None:
    body, kind = encode([*source.controls(), *fields])  # type: ignore[operator]
    answer = request(site.address, "POST", "/report", body, kind)
    assert answer.status == 413
    assert "<h1" in answer.text


def test_a_chunked_body_is_taken_and_bounded_as_any_other(site: Site, source: Source) -> None:
    body, kind = multipart([*source.controls("in chunks"), ("do", "send")])
    pieces = [body[i : i + 100] for i in range(0, len(body), 100)]
    answer = request(site.address, "POST", "/report", pieces, kind)
    assert answer.status == 200
    assert "received" in Form(answer.text).ids
    body, kind = multipart([("x", "y" * 9 * MB)])
    pieces = [body[i : i + 50_000] for i in range(0, len(body), 50_000)]
    assert request(site.address, "POST", "/report", pieces, kind).status == 413


def test_forty_files_go_and_one_more_is_named(source: Source) -> None:
    source.attach(*[(f"file {i}.txt", b"%d" % i) for i in range(MAX_FILES)], text=TEXT)
    assert len(source.form.tokens) == MAX_FILES
    source.attach(("one too many.txt", b"more"))
    assert "one too many.txt" in source.answer.text
    assert len(source.form.tokens) == MAX_FILES
    assert source.form.value("what_happened") == TEXT
    assert source.send()


def test_a_robot_that_fills_the_trap_is_shown_its_text_again(source: Source) -> None:
    fields = [(name, "I am a robot" if name == "website" else value) for name, value in source.controls(TEXT)]
    body, kind = multipart([*fields, ("do", "send")])
    source.answer = request(source.address, "POST", "/report", body, kind)
    assert source.answer.status == 422
    assert source.form.value("what_happened") == TEXT
    assert source.send()


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
    assert source.attach(*[(name, name.encode()) for name in names]).send("names")
    desk.take(site, tmp_path / "bundle.tar")
    mine = desk.opened("names")
    files = mine["files"]
    # What a browser escapes cannot be told from what was typed so: the one name that differs.
    assert [file["name"] for file in files] == [name.replace("%22", '"') for name in names]
    written = desk.files(mine["case"], tmp_path / "out")
    assert {file["sha256"] for file in files} <= set(written.values())
    assert not (tmp_path / "etc").exists()
