"""A cleaned copy shows the same, and nothing that was planted in the file is left in it."""

import io
import re
import struct
import wave
import zlib
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from PIL import Image
from pypdf import PdfReader

from desk.errors import DeskError
from desk.strangers import opened as opening
from desk.strangers.cleaning import Cleaned, cleaned
from desk.strangers.metadata import metadata
from tests.desk.strangers import making
from tests.desk.strangers.making import MARK
from tests.desk.strangers.store import stored
from tests.desk.strangers.test_preview import chunks, is_red

SEEN = MARK.encode()


def clean(folder: Path, data: bytes, name: str = "Josephine-Planted.jpg") -> Cleaned:
    casebook, file = stored(folder, data, name)
    return cleaned(casebook, file, locked=False)


def traces(data: bytes) -> list[str]:
    """Look for the mark in every way that a file might hold it."""
    forms = {form: MARK.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")}
    found = [name for name, form in forms.items() if form in data]
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        unpacked = _unpacked(data[match.start() :])
        found += [f"packed {name}" for name, form in forms.items() if form in unpacked]
    return found


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 2**20)
    except zlib.error:
        return b""


def carried(folder: Path, data: bytes) -> list[str]:
    """Give what the copy states that may lead to somebody, as the desk itself would tell it."""
    casebook, file = stored(folder, data)
    return [f"{fact.name}: {fact.value}" for fact in metadata(casebook, file, locked=False) if fact.tells_who]


PICTURES: dict[str, Callable[[], bytes]] = {
    "jpeg": making.jpeg,
    "jpeg with a film behind it": lambda: making.jpeg() + making.film(),
    "png": making.png,
    "webp": lambda: making.saved("WEBP", exif=making.exif(), xmp=making.XMP),
    "tiff": lambda: making.saved("TIFF", exif=making.exif()),
    "heic": making.heic,
    "avif": lambda: making.saved("AVIF", exif=making.exif().tobytes(), xmp=making.XMP),
    "gif": lambda: making.saved("GIF", comment=SEEN),
    "bmp": lambda: making.saved("BMP") + SEEN,
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_keeps_its_looks_and_nothing_else(kind: str, tmp_path: Path) -> None:
    data = PICTURES[kind]()
    assert SEEN in data
    copy = clean(tmp_path, data)
    assert copy.name in ("picture.jpg", "picture.png")
    picture = Image.open(io.BytesIO(copy.data))
    assert picture.size == (64, 48)
    assert is_red(picture, (10, 24))
    assert not is_red(picture, (54, 24))
    assert not traces(copy.data)
    assert not carried(tmp_path, copy.data)
    assert not picture.getexif()
    if copy.type == "image/jpeg":
        assert set(segments(copy.data)) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
    else:
        assert {name for name, _ in chunks(copy.data)} == {b"IHDR", b"IDAT", b"IEND"}


def segments(data: bytes) -> list[int]:
    at, found = 2, []
    while data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return [*found, 0xDA]


def test_a_cleaned_picture_stands_upright(tmp_path: Path) -> None:
    picture = Image.open(io.BytesIO(clean(tmp_path, making.jpeg(6)).data))
    assert picture.size == (48, 64)
    assert is_red(picture, (24, 10))


def test_a_pdf_becomes_pictures_of_its_pages(tmp_path: Path) -> None:
    data = making.pdf("Meet at nine")
    assert SEEN in data
    copy = clean(tmp_path, data)
    assert (copy.name, copy.type) == ("document.pdf", "application/pdf")
    assert not traces(copy.data)
    assert not carried(tmp_path, copy.data)
    read = PdfReader(io.BytesIO(copy.data), strict=True)
    (page,) = read.pages
    assert not read.metadata
    assert read.xmp_metadata is None
    assert page.extract_text() == ""
    assert "/Annots" not in page
    assert [round(float(one)) for one in page.mediabox[2:]] == [200, 150]
    (picture,) = page.images
    assert not Image.open(io.BytesIO(picture.data)).getexif()
    assert is_red(picture.image.convert("RGB"), (100, picture.image.height - 50))


def test_all_pages_of_a_pdf_come_along_in_order(tmp_path: Path) -> None:
    out = io.BytesIO()
    pages = [Image.new("RGB", (100 + number, 80), "red") for number in range(12)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    read = PdfReader(io.BytesIO(clean(tmp_path, out.getvalue()).data), strict=True)
    assert [round(float(page.mediabox[2])) for page in read.pages] == [100 + number for number in range(12)]


def test_too_many_pages_are_not_cleaned_in_part(tmp_path: Path) -> None:
    out = io.BytesIO()
    pages = [Image.new("1", (8, 8)) for _ in range(201)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    copy = clean(tmp_path, out.getvalue())
    assert (copy.data, copy.why_not) == (b"", "it has too many pages to be cleaned")


def _mp3() -> bytes:
    # ID3v1 at the end, beside the ID3v2 at the beginning.
    return making.tone("mp3", "libmp3lame") + b"TAG" + SEEN.ljust(125, b"\0")


def _wav() -> bytes:
    sound = making.tone("wav", "pcm_s16le")
    extra = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in (
            (b"bext", SEEN.ljust(602, b"\0")),
            (b"iXML", SEEN.ljust(40)),
            (b"id3 ", SEEN.ljust(40)),
        )
    )
    whole = sound[8:] + extra
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _mp4_boxes() -> bytes:
    # A free box and an XMP box of Adobe's behind the film.
    boxes = [b"free" + SEEN, b"uuid" + bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + making.XMP]
    return making.film() + b"".join(struct.pack(">I", len(box) + 4) + box for box in boxes)


def _flac() -> bytes:
    sound = making.tone("flac", "flac")
    # A block for applications, behind STREAMINFO.
    block = b"\x02" + len(SEEN).to_bytes(3, "big") + SEEN
    return sound[:42] + block + sound[42:]


# Half a second of silence, as old telephones record it: no library here writes it.
AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 25
TRACKS: dict[str, Callable[[], bytes]] = {
    "mp4": making.film,
    "mp4 with boxes": _mp4_boxes,
    "mp4 with sound": lambda: making.film(codec="libx264", sound="aac"),
    "webm": lambda: making.film("webm", "libvpx", sound="libopus"),
    "mkv": lambda: making.film("matroska", "libx264", sound="aac"),
    "mov": lambda: making.film("mov", "libx264", sound="aac"),
    "avi": lambda: making.film("avi"),
    "flv": lambda: making.film("flv", "flv1"),
    "ts": lambda: making.film("mpegts", "libx264", sound="aac"),
    "mp3": _mp3,
    "m4a": lambda: making.tone("ipod", "aac"),
    "opus": lambda: making.tone("ogg", "libopus", rate=48_000),
    "flac": _flac,
    "wav": _wav,
    "aac": lambda: making.tone("adts", "aac"),
    "caf": lambda: making.tone("caf", "pcm_s16be"),
    "amr": lambda: AMR,
}


@pytest.mark.parametrize("kind", TRACKS)
def test_sound_and_film_keep_their_tracks_and_no_tag(kind: str, tmp_path: Path) -> None:
    data = TRACKS[kind]()
    copy = clean(tmp_path, data)
    assert not copy.why_not
    assert not traces(copy.data)
    for word in (rb"53\.4100", rb"x264 - core", rb"Lavf\d", rb"2026"):
        assert not re.search(word, copy.data), word
    assert not carried(tmp_path, copy.data)
    before, after = _tracks(data), _tracks(copy.data)
    assert [track[:2] for track in after] == [track[:2] for track in before]
    for (_, _, here), (_, _, there) in zip(after, before, strict=True):
        # An MP3 states in a tag how much of its last frame is silence.
        assert here == there or (copy.name == "sound.mp3" and abs(here - there) == 1)
        assert here


def _tracks(data: bytes) -> list[tuple[str, str, int]]:
    with av.open(io.BytesIO(data)) as container:
        streams = [*container.streams.video, *container.streams.audio]
        counts = {stream.index: 0 for stream in streams}
        for packet in container.demux(streams):
            counts[packet.stream.index] += len(packet.decode())
        return [(stream.type, stream.codec_context.name, counts[stream.index]) for stream in streams]


def test_a_copy_sounds_the_same(tmp_path: Path) -> None:
    data = _wav()
    copy = clean(tmp_path, data)
    with wave.open(io.BytesIO(data)) as before, wave.open(io.BytesIO(copy.data)) as after:
        assert before.readframes(10**9) == after.readframes(10**9)


def test_the_cover_of_a_sound_does_not_come_along(tmp_path: Path) -> None:
    picture = making.jpeg()
    frame = b"\0image/jpeg\0\x03\0" + picture
    tag = b"APIC" + len(frame).to_bytes(4, "big") + b"\0\0" + frame
    sizes = bytes((len(tag) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    copy = clean(tmp_path, b"ID3\x03\0\0" + sizes + tag + making.tone("mp3", "libmp3lame"))
    assert copy.name == "sound.mp3"
    assert not traces(copy.data)


DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "docx": (making.docx, "The van came\tat nine.\nTwice & loud.\n"),
    "xlsx": (making.xlsx, "name\tamount\t\nKev\t250\n"),
    "pptx": (making.pptx, "Slide 9\n\n\nSlide 10\n"),
    "odt": (making.odt, "Head\nA   B\n"),
    "rtf": (lambda: making.RTF, "The van\ncafé €10 {x}\n"),
    "text": (lambda: "\ufeffThe\u200b v\u2060an\u202e\x1b[1m!\r\n".encode(), "The van[1m!\n"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_becomes_its_text(kind: str, tmp_path: Path) -> None:
    make, text = DOCUMENTS[kind]
    copy = clean(tmp_path, make())
    assert (copy.name, copy.data.decode()) == ("text.txt", text)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg/>", "the desk cannot clean this kind of file"),
        (b"MZ" + bytes(100), "the desk cannot clean this kind of file"),
        (b"PK\x05\x06" + bytes(18), "the desk cannot clean this kind of file"),
        (b"", "the file is empty"),
        (b"\xff\xd8\xff no", "the file is damaged"),
    ],
)
def test_what_cannot_be_cleaned_is_told_why(data: bytes, why: str, tmp_path: Path) -> None:
    copy = clean(tmp_path, data)
    assert copy.data == b""
    assert copy.why_not.startswith(why)


def test_a_locked_file_is_not_cleaned_and_a_large_one_is_not_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    casebook, file = stored(tmp_path, making.jpeg())
    with pytest.raises(DeskError, match="locked"):
        cleaned(casebook, file, locked=True)
    monkeypatch.setattr(opening, "MOST_WHOLE", 100)
    assert cleaned(casebook, file, locked=False).why_not == "the file is too large to be opened"
