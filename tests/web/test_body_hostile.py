"""Bodies made to cost much: what they can make the server do and hold is bounded by what they send."""

import tracemalloc

import pytest
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize

from tests.web.forms import BOUNDARY, File, InPieces, Kept, Parts, Sinks, calls, multipart, request
from web import body, incoming
from web.incoming import Incoming
from web.receiving import MOST_NAME

URLENCODED = "application/x-www-form-urlencoded"
SHORT = "multipart/form-data; boundary=a"
MiB = 1 << 20


def file_of(data: bytes) -> bytes:
    head = b"--a\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n"
    return head + data + b"\r\n--a--\r\n"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(b"&" * 1_000_000, URLENCODED, id="separators"),
        pytest.param(b"a&" * 500_000, URLENCODED, id="fields"),
        pytest.param(b"a=" + b"+" * 1_000_000, URLENCODED, id="blanks"),
        pytest.param(b"--a\r\nContent-Disposition:;name=\r\n\r\n\r\n" * 25_000, SHORT, id="parts"),
        pytest.param(
            b"--a\r\nContent-Disposition:;name=;filename=\r\n\r\n\r\n" * 20_000, SHORT, id="no files"
        ),
        pytest.param(
            (b"--a\r\nContent-Disposition:;name=" + b";a=" * 5_000 + b"\r\n\r\n\r\n") * 60,
            SHORT,
            id="parameters",
        ),
        pytest.param(
            (b"--a\r\nContent-Disposition:;name=a\r\n" + b"a\r\n" * 5_000 + b"\r\n\r\n") * 60,
            SHORT,
            id="header lines",
        ),
        pytest.param(file_of(b"\r\n--ax" * 150_000), SHORT, id="almost boundaries"),
        pytest.param(file_of((b"\r\n--a" + b" " * 100 + b"x") * 10_000), SHORT, id="padded boundaries"),
        pytest.param(file_of(b"\r" * 1_000_000), SHORT, id="carriage returns"),
    ],
)
def test_a_megabyte_of_anything_is_read_in_a_bounded_number_of_steps(data: bytes, kind: str) -> None:
    sent = request(data, content_type=kind)
    assert calls(lambda: body.read(sent, Sinks())) < 400_000


def test_within_one_piece_reading_stops_at_the_last_field_that_fits() -> None:
    sent = request(b"a=1&" + b"&" * 200_000, content_type=URLENCODED)
    with pytest.raises(body.TooLarge) as refused:
        body.read(sent)
    assert refused.value.fields.to_dict() == {"a": "1"}


@pytest.mark.parametrize("data", [b"\r\n--ax" * 1000, b"\r\n--a\r" * 1000, b"\r\n--a-\r\n--a \tx" * 500])
def test_a_file_full_of_almost_boundaries_arrives_to_the_byte(data: bytes) -> None:
    for size in (1, 7, 1000, 1 << 18):
        sinks = Sinks()
        body.read(request(file_of(data), content_type=SHORT, sizes=[size]), sinks)
        assert bytes(sinks.all[0].data) == data


@pytest.mark.parametrize("blanks", [0, 1, 99, 100, 101, 500])
def test_how_a_body_is_cut_does_not_decide_what_is_a_boundary(blanks: int) -> None:
    data = file_of(b"one\r\n--a" + b" " * blanks + b"\r\nContent-Disposition:;name=t\r\n\r\ntwo")
    found = set()
    for size in (1, 3, 64, 1 << 18):
        sinks = Sinks()
        got = body.read(request(data, content_type=SHORT, sizes=[size]), sinks)
        found.add((bytes(sinks.all[0].data), got.fields.get("t")))
    assert len(found) == 1
    assert (found.pop()[1] == "two") is (blanks <= 100)


def test_forty_files_too_many_are_named_and_thousands_end_the_request() -> None:
    def sent(number: int) -> Parts:
        return [("t", "kept"), *[("f", File(f"{n}", b"")) for n in range(number)]]

    got = body.read(request(multipart(sent(80))), Sinks(), body.Limits(files=40))
    assert (len(got.uploads), len(got.problems)) == (40, 40)
    sinks = Sinks()
    with pytest.raises(body.TooLarge) as refused:
        body.read(request(multipart(sent(81))), sinks, body.Limits(files=40))
    assert refused.value.fields.to_dict() == {"t": "kept"}
    assert [sink.abandoned for sink in sinks.all] == [1] * 40


def test_a_name_is_cut_where_no_file_system_would_take_it() -> None:
    got = body.read(request(multipart([("f", File("n" * 5000, b"", "t" * 5000))])), Sinks())
    assert len(got.uploads[0].name) == len(got.uploads[0].type) == MOST_NAME


class Remembers(InPieces):
    """A stream that remembers how much was asked for at once."""

    asked = 0

    def read(self, size: int = -1, /) -> bytes:
        self.asked = max(self.asked, size)
        return super().read(size)


def test_a_chunked_body_is_read_in_small_pieces_and_others_run_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    breaths = []
    monkeypatch.setattr(incoming.blocking, "breathe", lambda: breaths.append(1))
    stream = Remembers(bytes(200_000), [])
    assert sum(map(len, Incoming(stream, None).pieces())) == 200_000
    assert stream.asked <= 4096
    assert len(breaths) >= 200_000 // 4096


@pytest.mark.parametrize("error", [InvalidChunkSize(b"zz"), ChunkMissingTerminator(b"zz")])
def test_chunks_that_are_none_are_a_bad_body(error: Exception) -> None:
    data = multipart([("a", "kept"), ("f", File("x", b"12"))])[:-10]
    sinks = Sinks()
    with pytest.raises(body.BadBody) as refused:
        body.read(request(data, chunked=True, then=error), sinks)
    assert refused.value.fields.to_dict() == {"a": "kept"}
    assert [sink.abandoned for sink in sinks.all] == [1]


def test_what_goes_wrong_while_the_rest_is_read_past_does_not_cost_the_text() -> None:
    data = multipart([("a", "kept"), ("b", "x" * 2_000_000)])
    sent = request(data[:-10], chunked=True, sizes=[4096], then=InvalidChunkSize(b"zz"))
    with pytest.raises(body.TooLarge) as refused:
        body.read(sent)
    assert refused.value.fields["a"] == "kept"


class Measures(Kept):
    """Says what is held while a file arrives."""

    held = 0

    def write(self, data: bytes) -> None:
        super().write(data)
        Measures.held = tracemalloc.get_traced_memory()[0]


def test_a_text_with_one_emoji_takes_no_more_than_its_bytes_while_a_file_is_awaited() -> None:
    sent = request(multipart([("text", "x" * 1_000_000 + "\U0001f642"), ("f", File("x", b"1"))], BOUNDARY))
    tracemalloc.start()
    try:
        body.read(sent, Sinks(Measures))
    finally:
        tracemalloc.stop()
    # The text, and one piece of the body.
    assert Measures.held < 1_600_000
