"""What was put into a form comes out of it, to the byte, however the network cut it up."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import MultiPartParser

from tests.counts import count
from tests.web.forms import BOUNDARY, File, InPieces, Parts, Sinks, multipart, request
from web import body

# Text as a browser can send it: no lone surrogates; in names a line break is escaped, elsewhere kept.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
# A name that holds an escape itself cannot be told from one that was escaped: browsers write both alike.
names = texts.filter(lambda name: not re.search("%(22|0d|0a)", name, re.IGNORECASE))
near_boundary = st.sampled_from(
    [b"\r\n--", b"\r", b"\n", b"\r\n", b"--", f"--{BOUNDARY[:-1]}".encode(), f"\r\n--{BOUNDARY}x".encode()]
)
contents = st.lists(st.one_of(st.binary(max_size=40), near_boundary), max_size=6).map(b"".join)
files = st.builds(File, name=names.filter(bool), data=contents)
forms = st.lists(st.tuples(names, st.one_of(texts, files)), max_size=8)
cuts = st.lists(st.integers(1, 90), min_size=1, max_size=5)


def outcome(got: body.Body, sinks: Sinks) -> tuple[list[tuple[str, str]], list[tuple[str, str, bytes]]]:
    assert [upload.sink for upload in got.uploads] == sinks.all
    assert all(sink.finished and not sink.abandoned for sink in sinks.all)
    uploads = [(one.upload.field, one.upload.name, bytes(one.data)) for one in sinks.all]
    return list(got.fields.items(multi=True)), uploads


def put_in(parts: Parts) -> tuple[list[tuple[str, str]], list[tuple[str, str, bytes]]]:
    fields: dict[str, list[str]] = {}
    for name, value in parts:
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
    return (
        [(name, value) for name, values in fields.items() for value in values],
        [(name, value.name, value.data) for name, value in parts if isinstance(value, File)],
    )


@given(forms, cuts)
def test_every_form_comes_out_as_it_was_put_in_however_it_is_cut(parts: Parts, sizes: list[int]) -> None:
    sinks = Sinks()
    got = body.read(request(multipart(parts), sizes=sizes), sinks)
    assert outcome(got, sinks) == put_in(parts)
    assert got.problems == []


@given(forms, cuts)
def test_a_chunked_form_comes_out_the_same(parts: Parts, sizes: list[int]) -> None:
    sinks = Sinks()
    got = body.read(request(multipart(parts), sizes=sizes, chunked=True), sinks)
    assert outcome(got, sinks) == put_in(parts)


def test_a_form_cut_in_two_at_every_place_comes_out_the_same() -> None:
    parts = [("a", "one\r\ntwo"), ("f", File('x".txt', b"\r\n--\r\n-\r")), ("f", File("y", b"")), ("b", "")]
    whole = multipart(parts)
    for at in range(1, len(whole)):
        sinks = Sinks()
        got = body.read(request(whole, sizes=[at, len(whole)]), sinks)
        assert outcome(got, sinks) == put_in(parts), at


@given(st.lists(st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), texts), max_size=6))
def test_werkzeugs_parser_finds_the_same_fields_in_a_whole_body(parts: list[tuple[str, str]]) -> None:
    data = multipart(parts)
    theirs, _ = MultiPartParser().parse(InPieces(data, []), BOUNDARY.encode(), len(data))
    assert body.read(request(data)).fields == theirs


@pytest.mark.parametrize("boundary", ["x", "-" * 70, "'()+_,-./:=?", "a b", "WebKitFormBoundaryAbC123"])
def test_every_boundary_that_the_rfc_allows_works(boundary: str) -> None:
    parts = [("a", "1"), ("f", File("n", b"--" + boundary.encode()))]
    sinks = Sinks()
    sent = request(multipart(parts, boundary), content_type=f'multipart/form-data; boundary="{boundary}"')
    assert outcome(body.read(sent, sinks), sinks) == put_in(parts)


@pytest.mark.parametrize(
    "name",
    [
        "plain.txt", 'quo"te.txt', "back\\slash.txt", "ends\\", '\\"', "semi;colon; filename=x", "a=b",
        "new\nline", "cr\rlf\r\n", "per%cent.txt", "100%", "%2", "dot.", " leading and trailing ", "..",
        "../../etc/passwd", "C:\\fakepath\\a.txt", "nul\0byte", "tab\t", "日本語.txt", "🙂.png", "e\u0301",
        "rtl\u202egpj.exe", "\ufeffbom", "\ud7ff", "x" * 1000, "'", "`$(id)`", "-rf", "con", "%", "a&b",
        "\x7f", "\x1b[31m", "\u2028", "\x85", "\x0b\x0c",
    ],
)  # fmt: skip
def test_a_file_name_arrives_as_it_was(name: str) -> None:
    sinks = Sinks()
    body.read(request(multipart([("f", File(name, b"x"))])), sinks)
    assert [sink.upload.name for sink in sinks.all] == [name]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('form-data; name="f"; filename="a\\"b"', 'a"b'),
        ('form-data; name="f"; filename="a\\\\\\"b"', 'a\\"b'),
        ("form-data; name=f; filename=plain", "plain"),
        ('form-data;name="f";filename="tight"', "tight"),
        ('form-data; filename="first"; name="f"', "first"),
        ('form-data; name="f"; filename="one"; filename="two"', "one"),
        ('FORM-DATA; NAME="f"; FILENAME="loud"', "loud"),
    ],
)
def test_names_as_other_programs_write_them_are_understood(header: str, name: str) -> None:
    data = f"--{BOUNDARY}\r\ncontent-disposition: {header}\r\n\r\nx\r\n--{BOUNDARY}--".encode()
    sinks = Sinks()
    body.read(request(data), sinks)
    assert [(sink.upload.field, sink.upload.name) for sink in sinks.all] == [("f", name)]


def test_two_files_of_one_name_both_arrive() -> None:
    sinks = Sinks()
    body.read(request(multipart([("f", File("same", b"1")), ("f", File("same", b"2"))])), sinks)
    assert [bytes(sink.data) for sink in sinks.all] == [b"1", b"2"]


def test_an_input_without_a_file_is_no_file_but_an_empty_file_is_one() -> None:
    sinks = Sinks()
    got = body.read(
        request(multipart([("f", File("", b"")), ("f", File("empty", b"")), ("f", File("", b"x"))])), sinks
    )
    assert [(upload.name, upload.size) for upload in got.uploads] == [("empty", 0), ("", 1)]
    assert [bytes(sink.data) for sink in sinks.all] == [b"", b"x"]


def test_forty_files_all_arrive() -> None:
    parts = [("f", File(f"{number}.bin", bytes([number]) * number * 1000)) for number in range(40)]
    sinks = Sinks()
    got = body.read(request(multipart(parts), sizes=[65536]), sinks)
    assert outcome(got, sinks) == put_in(parts)


def test_a_files_sink_sees_the_fields_that_stood_before_it() -> None:
    seen: list[str | None] = []

    class Looking(Sinks):
        def __call__(self, upload: body.Upload):  # type: ignore[no-untyped-def]  # as the base class
            seen.append(upload.fields_so_far.get("name"))
            return super().__call__(upload)

    body.read(request(multipart([("name", "exact %22"), ("f", File("x", b""))])), Looking())
    assert seen == ["exact %22"]


def test_the_type_of_a_file_arrives_as_sent() -> None:
    sinks = Sinks()
    body.read(request(multipart([("f", File("x", b"", "text/plain; charset=utf-8"))])), sinks)
    assert sinks.all[0].upload.type == "text/plain; charset=utf-8"


def test_nothing_touches_a_temporary_file(no_temporary_files: None) -> None:
    big = File("big", bytes(3_000_000))
    sinks = Sinks()
    got = body.read(request(multipart([("t", "x" * 600_000), ("f", big)])), sinks)
    assert len(sinks.all[0].data) == 3_000_000
    assert len(got.fields["t"]) == 600_000


def test_large_pieces_are_handed_on_without_being_collected() -> None:
    """A file's bytes leave the reader with the piece that brought them, so memory does not grow with it."""
    given_at: list[int] = []
    stream_at: list[int] = []
    data = multipart([("f", File("x", bytes(count(4, 40) << 20)))])
    sent = request(data)
    stream = sent.environ["wsgi.input"]

    class Watching(Sinks):
        def __call__(self, upload: body.Upload):  # type: ignore[no-untyped-def]  # as the base class
            sink = super().__call__(upload)
            write = sink.write

            def watched(piece: bytes) -> None:
                write(piece)
                given_at.append(len(sink.data))
                stream_at.append(stream.at)

            sink.write = watched  # type: ignore[method-assign]  # to look on
            return sink

    body.read(sent, Watching())
    assert all(at - given < 1000 for given, at in zip(given_at, stream_at, strict=True))
    assert max(after - before for before, after in pairwise(stream_at)) <= 256 * 1024
