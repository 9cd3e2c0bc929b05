"""A text that is too long costs no other field: what stands behind it is read, and its beginning is kept."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.web.forms import ENCODINGS, File, Parts, Sinks, form, multipart, request
from web import body
from web.incoming import FAST_PIECE
from web.texts import SHORT, SPARE

SMALL = body.Limits(field_bytes=100, other_bytes=1000, overshoot=1 << 20)
MiB = 1 << 20
Fields = list[tuple[str, str]]

both = pytest.mark.parametrize("encoding", ENCODINGS)


def refused(
    encoding: str, parts: Parts, limits: body.Limits = SMALL, sizes: tuple[int, ...] = ()
) -> body.TooLarge:
    with pytest.raises(body.TooLarge) as caught:
        body.read(form(encoding, parts, sizes=sizes), Sinks(), limits)
    return caught.value


def told(fields: MultiDict[str, str]) -> Fields:
    return list(fields.items(multi=True))


@both
@pytest.mark.parametrize("size", [1, 7, 64, 1 << 18])
def test_the_beginning_of_a_text_that_is_too_long_is_kept_and_all_that_stands_around_it(
    encoding: str, size: int
) -> None:
    text = "".join(f"word {number} " for number in range(1000))
    error = refused(encoding, [("a", "before"), ("text", text), ("b", "after"), ("c", "")], sizes=(size,))
    assert told(error.fields) == [("a", "before"), ("text", text[:100]), ("b", "after"), ("c", "")]
    assert error.cut == ["text"]
    assert error.code == 413


@both
def test_a_text_of_just_the_limit_is_taken_and_one_byte_more_is_not(encoding: str) -> None:
    assert body.read(form(encoding, [("text", "x" * 100)]), limits=SMALL).fields["text"] == "x" * 100
    error = refused(encoding, [("text", "x" * 101)])
    assert told(error.fields) == [("text", "x" * 100)]


@both
def test_several_texts_that_are_too_long_are_each_named_in_their_order(encoding: str) -> None:
    error = refused(encoding, [("a", "1" * 200), ("b", "ok"), ("c", "2" * 200), ("a", "3" * 200)])
    assert error.cut == ["a", "c", "a"]
    assert told(error.fields) == [("a", "1" * 100), ("a", "3" * 100), ("b", "ok"), ("c", "2" * 100)]


@both
@pytest.mark.parametrize("letter", ["x", "é", "€", "\U0001f642"])
@given(ahead=st.integers(0, 8), size=st.integers(1, 40))
def test_no_letter_is_cut_in_two(encoding: str, letter: str, ahead: int, size: int) -> None:
    text = "-" * ahead + letter * 200
    kept = refused(encoding, [("text", text)], sizes=(size,)).fields["text"]
    assert text.startswith(kept)
    assert 100 - len(letter.encode()) < len(kept.encode()) <= 100


@pytest.mark.parametrize(
    "end", [b"\x80", b"\xbf\xbf\xbf\xbf", b"\xff", b"\xc0", b"\xed\xa0\x80", b"\xf8\x88"]
)
def test_bytes_that_are_no_text_can_be_cut_too(end: bytes) -> None:
    for ahead in range(90, 101):
        sent = request(multipart([("t", "x" * ahead + "|")]).replace(b"|", end * 100))
        with pytest.raises(body.TooLarge) as caught:
            body.read(sent, limits=SMALL)
        assert caught.value.fields["t"].startswith("x" * ahead)


@both
def test_when_all_texts_together_are_too_much_those_behind_are_kept_while_they_are_short(
    encoding: str,
) -> None:
    limits = body.Limits(field_bytes=MiB, other_bytes=MiB)
    long, token = "y" * (MiB - 1000), "t" * 6000
    parts = [
        ("text", long),
        ("more", long),
        *[("file", token)] * 40,
        ("note", "z" * 30_000),
        ("last", "kept"),
    ]
    error = refused(encoding, parts, limits)
    assert error.fields["text"] == long
    assert error.fields.getlist("file") == [token] * 40
    assert error.fields["last"] == "kept"
    assert error.cut == ["more", "note"]
    assert [len(error.fields[name]) for name in error.cut] == [SHORT - len(name) for name in error.cut]


@both
def test_texts_that_are_together_just_the_limit_are_taken_and_one_byte_more_is_refused_whole(
    encoding: str,
) -> None:
    parts = [(f"{number:02}", "x" * 98) for number in range(10)]
    assert told(body.read(form(encoding, parts), limits=SMALL).fields) == parts
    error = refused(encoding, [*parts, ("a", "")])
    assert told(error.fields) == [*parts, ("a", "")]
    assert error.cut == []


@both
def test_there_is_an_end_to_what_is_kept(encoding: str) -> None:
    limits = body.Limits(field_bytes=50_000, other_bytes=100_000)
    error = refused(encoding, [(f"field {number}", "x" * 30_000) for number in range(100)], limits)
    kept = sum(len(name) + len(value) for name, value in told(error.fields))
    assert 100_000 + SPARE - SHORT < kept <= 100_000 + SPARE
    assert told(error.fields)[0] == ("field 0", "x" * 30_000)


@both
def test_beyond_the_overshoot_reading_stops_and_what_came_is_kept(encoding: str) -> None:
    limits = body.Limits(field_bytes=1000, overshoot=MiB)
    sent = form(encoding, [("a", "1"), ("text", "x" * (3 * MiB)), ("b", "2")], sizes=[65536])
    with pytest.raises(body.TooLarge) as caught:
        body.read(sent, limits=limits)
    assert told(caught.value.fields) == [("a", "1"), ("text", "x" * 1000)]
    assert caught.value.cut == ["text"]
    assert sent.environ["wsgi.input"].at < MiB + FAST_PIECE


@both
@pytest.mark.parametrize("length", [0, 1, 11, 12])
def test_a_form_that_ends_too_early_after_such_a_text_is_refused_for_the_text(
    encoding: str, length: int
) -> None:
    whole = form(encoding, [("text", "x" * 200), ("b", "y" * 50)])
    data = whole.environ["wsgi.input"].read()
    cut = request(data[: len(data) - 60 - length], content_type=whole.content_type)
    with pytest.raises(body.TooLarge) as caught:
        body.read(cut, limits=SMALL)
    assert caught.value.fields["text"] == "x" * 100


def test_of_a_form_that_ends_too_early_as_much_is_kept_as_came() -> None:
    data = multipart([("a", "whole"), ("b", "not wh€le")])
    with pytest.raises(body.BadBody) as caught:
        body.read(request(data[: data.index("€".encode()) + 2]))
    assert told(caught.value.fields) == [("a", "whole"), ("b", "not wh")]
    assert caught.value.cut == ["b"]


def test_files_beside_a_text_that_is_too_long_are_undone_and_no_more_are_opened() -> None:
    sinks = Sinks()
    parts: Parts = [
        ("f", File("one", b"1" * 1000)),
        ("text", "x" * 200),
        *[("f", File(f"later {number}", bytes(100_000))) for number in range(5)],
        ("b", "after"),
    ]
    with pytest.raises(body.TooLarge) as caught:
        body.read(form("multipart", parts, sizes=[4096]), sinks, SMALL)
    assert told(caught.value.fields) == [("text", "x" * 100), ("b", "after")]
    assert [(sink.upload.name, sink.abandoned) for sink in sinks.all] == [("one", 1)]


@both
@pytest.mark.parametrize("count", [1, 5_000])
def test_memory_does_not_grow_with_what_is_read_past(encoding: str, count: int) -> None:
    """Twelve megabytes in one field or in many: what is kept, a copy of one field, and a few pieces."""
    parts = [("text", "x" * (12_000_000 // count))] * count
    sent = form(encoding, parts, sizes=[65536])
    limits = body.Limits(field_bytes=100_000, other_bytes=200_000)
    tracemalloc.start()
    try:
        with pytest.raises(body.TooLarge) as caught:
            body.read(sent, limits=limits)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Kept as bytes and, in the end, as text: twice as much.
    assert peak < 2 * (200_000 + SPARE) + 4 * FAST_PIECE
    assert sum(map(len, caught.value.fields.getlist("text"))) <= 200_000 + SPARE
