"""What is written into the tracks of a film for nobody's eyes is in no byte of the copy."""

import io
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from desk.strangers.inside import traces
from desk.strangers.inside.frames import Cannot
from tests.desk.strangers import making
from tests.desk.strangers.test_cleaning import clean

PLANTED = b"JANESMITHTAG 07700 900123"


def filmed(format_: str, codec: str, change: Callable[[bytes], bytes], **options: str) -> bytes:
    """Make a film, its packets changed."""
    out = io.BytesIO()
    with av.open(out, "w", format=format_) as written:
        stream = written.add_stream(codec, rate=Fraction(5), options=options)
        stream.width, stream.height = 64, 48
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame.from_image(making.picture())
            for packet in stream.encode(frame.reformat(format=stream.pix_fmt)):
                written.mux(changed(packet, change))
        for packet in stream.encode(None):
            written.mux(changed(packet, change))
    return out.getvalue()


def changed(packet: "av.Packet", change: Callable[[bytes], bytes]) -> "av.Packet":
    made = av.Packet(change(bytes(packet)))
    made.pts, made.dts, made.stream = packet.pts, packet.dts, packet.stream
    made.time_base, made.is_keyframe = packet.time_base, packet.is_keyframe
    return made


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2, "big") + data


FILMS: dict[str, Callable[[], bytes]] = {
    "mjpeg": lambda: filmed(
        "avi",
        "mjpeg",
        lambda data: data[:2] + segment(0xE1, PLANTED) + segment(0xFE, PLANTED) + data[2:] + PLANTED,
    ),
    "mjpeg in mov": lambda: filmed("mov", "mjpeg", lambda data: data[:2] + segment(0xE5, PLANTED) + data[2:]),
    "mpeg4": lambda: filmed("avi", "mpeg4", lambda data: b"\0\0\1\xb2" + PLANTED + data),
    "mpeg4 in mp4": lambda: filmed("mp4", "mpeg4", lambda data: b"\0\0\1\xb2" + PLANTED + data),
    "hevc": lambda: filmed("mp4", "libx265", lambda data: data),
    "hevc in mkv": lambda: filmed("matroska", "libx265", lambda data: data),
}


@pytest.mark.parametrize("kind", FILMS)
def test_no_byte_of_a_film_tells_who_made_it(kind: str, tmp_path: Path) -> None:
    data = FILMS[kind]()
    assert any(word in data for word in (b"JANESMITH", b"x265", b"Lavc"))
    copy = clean(tmp_path, data)
    assert not copy.why_not
    for word in (rb"JANESMITH", rb"900123", rb"x265", rb"options:", rb"Lavc", rb"Lavf\d"):
        assert not re.search(word, copy.data), word
    with av.open(io.BytesIO(copy.data)) as container:
        assert len(list(container.decode(video=0))) == 5


def test_the_comments_of_a_vorbis_head_are_written_over() -> None:
    said = [b"Xiph.Org 1.3", b"ARTIST=Jane Smith"]
    words = (1).to_bytes(4, "little").join(len(one).to_bytes(4, "little") + one for one in said)
    head = b"\x02\x1e\x2a\x01vorbis...\x03vorbis" + words + b"\x01\x05vorbis setup"
    out = bytearray(b"before" + head + b"after")
    traces.write_over(memoryview(out), [("vorbis", head)])
    assert len(out) == len(head) + 11
    assert b"Jane" not in out
    assert b"Xiph" not in out
    assert b"setupafter" in out


def test_what_is_no_picture_is_not_passed_as_one() -> None:
    with pytest.raises(Cannot):
        traces.of_packet("mjpeg", PLANTED)
