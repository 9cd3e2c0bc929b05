"""Boundaries and what only looks like one, wherever a read ends."""

import pytest

from tests.counts import count
from web.multipart import FEW, Decoder, part_of
from web.parts import End, Event, Part

BOUNDARY = b"----geckoformboundary0123"
HEAD = b'Content-Disposition: form-data; name="f"; filename="a"\r\nContent-Type: x/y\r\n\r\n'


def _decoded(body: bytes, size: int) -> tuple[list[Event], bytes]:
    decoder, events, content = Decoder(BOUNDARY), [], b""
    for start in range(0, len(body), size):
        for event in decoder.feed(body[start : start + size]):
            if isinstance(event, bytes):
                content += event
            else:
                events.append(event)
    assert list(decoder.finish()) == []
    return events, content


@pytest.mark.parametrize("misses", [0, 1, FEW - 1, FEW, FEW + 1, 3 * FEW])
@pytest.mark.parametrize("miss", [b"x", b"-x", b" x", b"\rx", b"\t\r", b""], ids=repr)
def test_a_file_made_of_near_misses_comes_whole_wherever_a_read_ends(misses: int, miss: bytes) -> None:
    file = b"a" + (b"\r\n--" + BOUNDARY + miss + b"b") * misses + b"c"
    body = b"--" + BOUNDARY + b"\r\n" + HEAD + file + b"\r\n--" + BOUNDARY + b"--\r\n"
    sizes = {1, 2, len(BOUNDARY), len(body) - 1, len(body), *range(3, len(body), count(97, 7))}
    for size in sizes:
        assert _decoded(body, size) == ([Part("f", "a", "x/y"), End.PART], file)


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        (b'Content-Disposition: form-data; name="when-date"', Part("when-date")),
        (b'Content-Disposition: form-data; name=""', Part("")),
        ('Content-Disposition: form-data; name="größe"'.encode(), Part("größe")),
        (b'Content-Disposition: form-data; name="a\xff"', Part("a\ufffd")),
        (b'Content-Disposition: form-data; name="a%22b"', Part('a"b')),
        (b'Content-Disposition: form-data; name="a\\"b"', Part('a"b')),
        (b'content-disposition: form-data; name="a"', Part("a")),
        (b'Content-Disposition: form-data; name="a"; filename=""', Part("a", "")),
        (b'Content-Disposition: form-data; name="a"\r\nContent-Type: t', Part("a", None, "t")),
        (b'Content-Disposition: form-data; name="a"; name="b"', Part("a")),
    ],
    ids=repr,
)
def test_the_head_of_a_part_is_read_as_browsers_write_it(headers: bytes, part: Part) -> None:
    assert part_of(headers) == part
