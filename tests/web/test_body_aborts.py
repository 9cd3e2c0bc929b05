"""Whatever way a body fails, every sink is undone and no half file counts as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import ClientDisconnected, HTTPException

from tests.web.forms import BOUNDARY, File, Kept, Sinks, multipart, request
from web import body, incoming
from web.incoming import Incoming

WHOLE = multipart([("a", "1"), ("f", File("one", b"11")), ("f", File("two", b"22" * 50)), ("b", "2")])
# From here on nothing is missing: the last boundary is whole.
COMPLETE = WHOLE.rindex(b"--") + 2


def assert_undone(sinks: Sinks) -> None:
    assert all(sink.abandoned == 1 for sink in sinks.all)


@given(st.integers(0, COMPLETE - 1), st.integers(1, 200))
def test_a_client_that_goes_leaves_nothing(cut: int, size: int) -> None:
    sinks = Sinks()
    with pytest.raises(ClientDisconnected):
        body.read(request(WHOLE[:cut], length=len(WHOLE), sizes=[size]), sinks)
    assert_undone(sinks)


@given(st.integers(0, COMPLETE - 1))
def test_a_server_that_says_the_client_has_gone_leaves_nothing(cut: int) -> None:
    sinks = Sinks()
    with pytest.raises(ClientDisconnected):
        body.read(request(WHOLE[:cut], chunked=True, sizes=[50], then=ConnectionResetError()), sinks)
    assert_undone(sinks)


@given(st.integers(0, COMPLETE - 1), st.booleans())
def test_a_body_that_ends_before_its_end_boundary_leaves_nothing(cut: int, chunked: bool) -> None:
    sinks = Sinks()
    with pytest.raises(body.BadBody) as refused:
        body.read(request(WHOLE[:cut], chunked=chunked), sinks)
    assert_undone(sinks)
    assert set(refused.value.fields) <= {"a", "b"}


@given(st.binary(max_size=300))
def test_bytes_that_are_no_form_are_refused_or_hold_nothing(noise: bytes) -> None:
    for data in (noise, f"--{BOUNDARY}\r\n".encode() + noise, noise + f"\r\n--{BOUNDARY}--".encode()):
        sinks = Sinks()
        try:
            body.read(request(data), sinks)
        except HTTPException:
            assert_undone(sinks)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_make_an_urlencoded_form(noise: bytes, size: int) -> None:
    kind = "application/x-www-form-urlencoded"
    cut = body.read(request(noise, content_type=kind, sizes=[size])).fields
    assert cut == body.read(request(noise, content_type=kind)).fields


class Breaks(Kept):
    def write(self, data: bytes) -> None:
        super().write(data)
        if self.upload.name == "two":
            raise OSError("the disk is gone")


def test_a_sink_that_breaks_ends_the_request_and_all_sinks_are_undone() -> None:
    sinks = Sinks(Breaks)
    with pytest.raises(OSError, match="the disk is gone"):
        body.read(request(WHOLE), sinks)
    assert len(sinks.all) == 2
    assert_undone(sinks)


class BreaksAgain(Breaks):
    def abandon(self) -> None:
        super().abandon()
        raise RuntimeError("it cannot be undone")


def test_a_sink_that_cannot_be_undone_does_not_keep_the_others() -> None:
    sinks = Sinks(BreaksAgain)
    with pytest.raises(RuntimeError):
        body.read(request(WHOLE), sinks)
    assert_undone(sinks)


class Killed(Kept):
    def write(self, data: bytes) -> None:
        raise SystemExit


def test_a_worker_told_to_stop_undoes_its_files() -> None:
    sinks = Sinks(Killed)
    with pytest.raises(SystemExit):
        body.read(request(WHOLE), sinks)
    assert_undone(sinks)


def test_a_body_that_comes_too_slowly_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 60))  # a minute passes whenever somebody looks

    def minutes() -> float:
        return float(next(clock))

    monkeypatch.setattr(incoming.time, "monotonic", minutes)
    sinks = Sinks()
    with pytest.raises(body.Stalled) as stalled:
        body.read(request(WHOLE, sizes=[10]), sinks)
    assert stalled.value.code == 408
    assert_undone(sinks)


def test_a_slow_body_that_keeps_its_pace_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 60))
    monkeypatch.setattr(incoming.time, "monotonic", lambda: float(next(clock)))
    data = multipart([("f", File("x", bytes(5_000_000)))])
    assert body.read(request(data, sizes=[65536]), Sinks()).uploads[0].size == 5_000_000


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("text/plain", body.UnknownEncoding),
        ("application/json", body.UnknownEncoding),
        ("multipart/mixed; boundary=x", body.UnknownEncoding),
        ("", body.UnknownEncoding),
        ("multipart/form-data", body.BadBody),
        ("multipart/form-data; boundary=", body.BadBody),
        ("multipart/form-data; boundary=" + "x" * 201, body.BadBody),
    ],
)
def test_what_is_no_form_is_refused(kind: str, error: type[body.BodyError]) -> None:
    with pytest.raises(error):
        body.read(request(b"a=1", content_type=kind))


def test_no_body_is_an_empty_form() -> None:
    assert not body.read(request(b"", content_type="")).fields


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: text/plain",
        b"Content-Disposition: form-data",
        b'Content-Disposition: form-data; filename="x"',
        b"",
        b"X: " + b"x" * 20_000,
    ],
)
def test_a_part_without_a_name_or_an_end_to_its_headers_is_refused(headers: bytes) -> None:
    data = f"--{BOUNDARY}\r\n".encode() + headers + b"\r\n\r\nx\r\n" + f"--{BOUNDARY}--".encode()
    with pytest.raises(body.BadBody):
        body.read(request(data))


def test_a_refused_body_is_read_to_its_end_when_that_is_near() -> None:
    data = b"not a form" * 100_000
    sent = request(data, content_type="text/plain")
    with pytest.raises(body.UnknownEncoding):
        body.read(sent)
    assert sent.environ["wsgi.input"].at == len(data)


def test_a_length_that_is_no_number_and_a_stream_without_end_is_no_body() -> None:
    for length in ("-1", "+5", "x", "٣"):
        stream = request(b"abc").environ["wsgi.input"]
        assert list(Incoming.of({"CONTENT_LENGTH": length, "wsgi.input": stream}).pieces()) == []


def test_no_more_is_read_than_the_stated_length() -> None:
    stream = request(b"abcdef").environ["wsgi.input"]
    assert b"".join(Incoming(stream, 3).pieces()) == b"abc"
    assert stream.at == 3
