"""A request holds so much and no more, and whoever sends too much is told so with their words kept."""

import tracemalloc

import pytest

from payload.limits import MAX_FILES, MAX_TEXT, MAX_WORDS
from tests.web.forms import BOUNDARY, ENCODINGS, File, Kept, Parts, Sinks, form, multipart, request
from web import body
from web.request import Request

URLENCODED = "application/x-www-form-urlencoded"
MiB = 1 << 20


def consumed(sent: Request) -> int:
    at: int = sent.environ["wsgi.input"].at
    return at


def sent(parts: Parts, *, chunked: bool = False) -> Request:
    return request(multipart(parts), chunked=chunked, sizes=[70_000])


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_that_is_too_large_is_a_problem_and_all_else_arrives(chunked: bool) -> None:
    parts = [
        ("a", "before"),
        ("f", File("big", bytes(3_000_000))),
        ("f", File("small", b"x")),
        ("b", "after"),
    ]
    sinks = Sinks()
    got = body.read(sent(parts, chunked=chunked), sinks, body.Limits(file_bytes=1_000_000))
    assert [(problem.upload.name, problem.why) for problem in got.problems] == [("big", body.TOO_LARGE)]
    assert [upload.name for upload in got.uploads] == ["small"]
    assert got.fields.to_dict() == {"a": "before", "b": "after"}
    assert (sinks.all[0].abandoned, sinks.all[1].abandoned) == (1, 0)


def test_a_file_of_just_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    for size, taken in ((1000, True), (1001, False)):
        got = body.read(sent([("f", File("x", bytes(size)))]), Sinks(), body.Limits(file_bytes=1000))
        assert bool(got.uploads) is taken
        assert bool(got.problems) is not taken


@pytest.mark.parametrize("chunked", [False, True])
def test_beyond_the_overshoot_reading_stops_and_the_text_typed_before_is_kept(chunked: bool) -> None:
    request_ = sent([("a", "kept"), ("f", File("x", bytes(5_000_000)))], chunked=chunked)
    sinks = Sinks()
    with pytest.raises(body.TooLarge) as refused:
        body.read(request_, sinks, body.Limits(file_bytes=1000, overshoot=1_000_000))
    assert refused.value.fields.to_dict() == {"a": "kept"}
    assert [sink.abandoned for sink in sinks.all] == [1]
    assert 1_000_000 < consumed(request_) < 1_500_000


def test_more_files_than_allowed_are_named_and_the_rest_arrives() -> None:
    got = body.read(
        sent([("f", File(f"{n}", b"x")) for n in range(5)] + [("f", File("", b"")), ("t", "text")]),
        Sinks(),
        body.Limits(files=3),
    )
    assert [upload.name for upload in got.uploads] == ["0", "1", "2"]
    assert [(problem.upload.name, problem.why) for problem in got.problems] == [
        ("3", body.TOO_MANY),
        ("4", body.TOO_MANY),
    ]
    assert got.fields["t"] == "text"


def in_headers(size: int) -> bytes:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{"n" * 10_000}"\r\n\r\n\r\n'.encode()
    return part * (size // len(part)) + f"--{BOUNDARY}--".encode()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (multipart([("a", "x" * 1_100_000)]), None),
        (multipart([("a", "x" * 1000)] * 1100), None),
        (multipart([("n" * 10_000, "")] * 200), None),
        (in_headers(2_000_000), None),
        (b"x" * 2_000_000 + multipart([]), None),
        (multipart([]) + b"x" * 2_000_000, None),
        (b"a=" + b"x" * 1_100_000, URLENCODED),
        (b"a=" + b"%41" * 1_100_000, URLENCODED),
        (b"a=" + b"+" * 1_100_000, URLENCODED),
        (b"x" * 1_100_000, URLENCODED),
        (b"&" * 1_100_000, URLENCODED),
        (b"=" * 1_100_000, URLENCODED),
        ((b"a=" + b"x" * 1000 + b"&") * 1100, URLENCODED),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_all_that_is_not_a_file_is_bounded_in_total(data: bytes, kind: str | None, chunked: bool) -> None:
    kind = kind or f"multipart/form-data; boundary={BOUNDARY}"
    request_ = request(data, content_type=kind, chunked=chunked, sizes=[65536])
    with pytest.raises(body.TooLarge):
        body.read(request_, Sinks(), body.Limits(other_bytes=MiB))
    assert consumed(request_) == len(data), "read to its end, so that the browser sees the answer"


@pytest.mark.parametrize("kind", ["multipart", URLENCODED])
def test_fields_are_counted_in_both_encodings(kind: str) -> None:
    for number, fits in ((6000, True), (6001, False)):
        if kind == URLENCODED:
            request_ = request(b"a=1&" * number, content_type=URLENCODED)
        else:
            request_ = request(
                multipart([("a", "1")] * number, "b"), content_type="multipart/form-data; boundary=b"
            )
        if fits:
            assert len(body.read(request_).fields.getlist("a")) == number
        else:
            with pytest.raises(body.TooLarge) as refused:
                body.read(request_)
            assert len(refused.value.fields.getlist("a")) == 6000


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_longest_honest_report_fits(encoding: str) -> None:
    """All words of a report in four bytes each, every field there, and the tokens of the longest names."""
    face = "\U0001f642"
    parts = [("what_happened", face * MAX_TEXT)]
    parts += [(f"people-{number % 50}-{number}", face * 60) for number in range((MAX_WORDS - MAX_TEXT) // 60)]
    parts += [("file", "A" * 6000), ("caption", "")] * MAX_FILES
    assert len(parts) < body.Limits().fields
    got = body.read(form(encoding, parts)).fields
    assert sorted(got.items(multi=True)) == sorted(parts)


@pytest.mark.slow
def test_six_megabytes_of_escapes_cost_no_more_memory_than_they_say() -> None:
    data = b"a=" + b"%41" * 2_000_000
    request_ = request(data, content_type=URLENCODED)
    tracemalloc.start()
    with pytest.raises(body.TooLarge):
        body.read(request_)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 24 << 20


def test_a_sink_that_refuses_when_opened_is_a_problem_with_its_word() -> None:
    def full(_upload: body.Upload) -> Kept:
        raise body.Refused("room")

    got = body.read(sent([("f", File("x", b"1")), ("t", "still here")]), full)
    assert [(problem.upload.name, problem.why) for problem in got.problems] == [("x", "room")]
    assert got.fields["t"] == "still here"
    assert got.uploads == []


class RefusesWrite(Kept):
    def write(self, data: bytes) -> None:
        raise body.Refused("room")


class RefusesFinish(Kept):
    def finish(self) -> None:
        raise body.Refused("room")


@pytest.mark.parametrize("kind", [RefusesWrite, RefusesFinish])
def test_a_sink_that_refuses_later_is_abandoned_once_and_the_rest_arrives(kind: type[Kept]) -> None:
    sinks = Sinks(kind)
    got = body.read(sent([("f", File("x", bytes(300_000))), ("t", "still here")]), sinks)
    assert [(problem.upload.name, problem.why) for problem in got.problems] == [("x", "room")]
    assert got.fields["t"] == "still here"
    assert got.uploads == []
    assert [sink.abandoned for sink in sinks.all] == [1]


def test_without_a_place_for_files_they_are_read_past() -> None:
    got = body.read(sent([("f", File("x", bytes(300_000))), ("t", "text")]))
    assert got.fields["t"] == "text"
    assert got.uploads == []


def test_the_overshoot_is_a_file_more_unless_said_otherwise() -> None:
    assert body.Limits(file_bytes=500_000_000).overshoot == 500_000_000
    assert body.Limits(file_bytes=1).overshoot == 64 << 20
    assert body.Limits(overshoot=0).overshoot == 0
