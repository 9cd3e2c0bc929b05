"""Files made to do harm: each is told or refused within its bounds, and the desk goes on."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from desk.casebook import Casebook
from desk.errors import DeskError
from desk.strangers import opened as opening
from desk.strangers.cleaning import cleaned
from desk.strangers.looking import looked
from desk.strangers.metadata import metadata
from desk.strangers.opened import opened_file
from desk.strangers.preview import preview
from payload import AttachedFile
from tests.counts import count
from tests.desk.strangers import making
from tests.desk.strangers.store import stored, zipped

pytestmark = pytest.mark.slow
TOO_MUCH = "the file is too large, or unpacks to too much"
DAMAGED = "the file is damaged, or made to look like one of its kind"


def png_of(width: int, height: int, pixels: bytes, *extra: bytes) -> bytes:
    """A PNG of one bit a pixel, whatever its pixels are."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [_chunk(b"IHDR", head), *extra, _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")]
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def packed_zeros(size: int) -> bytes:
    packer = zlib.compressobj(9)
    piece = bytes(2**20)
    return b"".join(packer.compress(piece) for _ in range(size // 2**20)) + packer.flush()


def gif_by_header() -> bytes:
    data = bytearray(making.saved("GIF"))
    data[6:10] = b"\xff\xff\xff\xff"
    at = data.index(b"\x2c")
    data[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    return bytes(data)


def heic_by_header() -> bytes:
    data = bytearray(making.heic())
    at = -1
    while (at := data.find(b"ispe", at + 1)) >= 0:
        data[at + 8 : at + 16] = struct.pack(">II", 65_535, 65_535)
    return bytes(data)


def jpeg_by_header() -> bytes:
    data = bytearray(making.saved("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    return bytes(data)


def docx_bomb() -> bytes:
    return making.docx(body="<w:p/>" + " " * (40 * 2**20))


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><w:document><w:p><w:t>&a9;</w:t></w:p></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def outside_entity() -> bytes:
    body = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document><w:p><w:t>&e;</w:t></w:p></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(30_000):
            made.writestr(str(number), b"")
    return out.getvalue()


def lying_zip() -> bytes:
    data = bytearray(making.docx(body="<w:p>" + "<w:t>x</w:t>" * 1000 + "</w:p>"))
    # The directory says that the document is three bytes long.
    at = data.index(b"PK\x01\x02")
    at = data.index(b"word/document.xml", at) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 3)
    return bytes(data)


def pdf_with(content: bytes, *, packed: bool = False, box: str = "0 0 200 150", count: int = 1) -> bytes:
    flate = " /Filter /FlateDecode" if packed else ""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [3 0 R] >>".encode(),
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R >>".encode(),
        f"<< /Length {len(content)}{flate} >>\nstream\n".encode() + content + b"\nendstream",
    ]
    out = b"%PDF-1.6\n" + b"".join(b"%d 0 obj\n%b\nendobj\n" % each for each in enumerate(objects, 1))
    return out + b"trailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n"


def deep_xml() -> bytes:
    return making.docx(body="<w:p>" * 100_000 + "</w:p>" * 100_000)


BOMBS: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "PNG of 10 gigapixels by its header": (lambda: png_of(100_000, 100_000, b""), (TOO_MUCH,)),
    "PNG that unpacks to 400 megapixels": (
        lambda: png_of(20_000, 20_000, packed_zeros(51 * 2**20)),
        (TOO_MUCH,),
    ),
    "PNG whose pixels never end": (lambda: png_of(100, 100, packed_zeros(64 * 2**20)), ("",)),
    "GIF of 4 gigapixels by its header": (gif_by_header, (TOO_MUCH,)),
    "HEIC of 4 gigapixels by its header": (heic_by_header, (TOO_MUCH, DAMAGED)),
    "JPEG of 4 gigapixels by its header": (jpeg_by_header, (TOO_MUCH,)),
    "Word document that unpacks to 40 MB": (docx_bomb, (TOO_MUCH,)),
    "Word document of a thousand laughs": (laughs, (DAMAGED,)),
    "Word document that asks for another file": (outside_entity, (DAMAGED,)),
    "Word document that lies of its size": (lying_zip, (DAMAGED,)),
    "Word document a hundred thousand deep": (deep_xml, ("there is no text in it",)),
    "archive of 30,000 members": (many_members, (TOO_MUCH,)),
    "PDF whose page unpacks to 64 MB": (lambda: pdf_with(packed_zeros(64 * 2**20), packed=True), ("",)),
    "PDF of a page as long as a road": (lambda: pdf_with(b"", box="0 0 9999999 1"), (DAMAGED,)),
    "PDF of a billion pages": (lambda: pdf_with(b"", count=10**9), ("", DAMAGED)),
    "PDF whose pages are its own parents": (
        lambda: (
            b"%PDF-1.6\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 5 >>\nendobj\n"
            b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
        ),
        (DAMAGED,),
    ),
    "film that is a list of other files": (lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", ("",)),
    "film that is a script for a reader": (lambda: b"ffconcat version 1.0\nfile /etc/passwd\n", ("",)),
    "film cut off": (lambda: making.film()[:600], (DAMAGED,)),
    "sound cut off": (lambda: making.tone("flac", "flac")[:60], (DAMAGED,)),
}


def read_or_refused(casebook: Casebook, file: AttachedFile) -> None:
    """Read what a file carries; an error must be one that says that it cannot be read."""
    with suppress(DeskError):  # "could not be read safely"
        assert all(fact.name for fact in metadata(casebook, file, locked=False))


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_or_shown_within_its_bounds(bomb: str, tmp_path: Path) -> None:
    make, whys = BOMBS[bomb]
    casebook, file = stored(tmp_path, make())
    found = preview(casebook, file, locked=False)
    assert found.why in whys
    if found.kind == "text":
        assert b"root:" not in found.data
    looked(casebook, file, locked=False)
    copy = cleaned(casebook, file, locked=False)
    assert b"root:" not in copy.data
    read_or_refused(casebook, file)


def test_a_text_that_unpacks_within_a_picture_is_not_unpacked(tmp_path: Path) -> None:
    texts = [_chunk(b"zTXt", b"Comment%d\0\0" % n + packed_zeros(2 * 2**20)) for n in range(4)]
    data = png_of(8, 8, zlib.compress(bytes(16)), *texts)
    casebook, file = stored(tmp_path, data)
    facts = metadata(casebook, file, locked=False)
    assert [fact.value for fact in facts if fact.name == "There may be more"] == [DAMAGED]


def test_a_picture_within_the_bounds_is_shown_however_large(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (8_000, 7_900), 1).save(out, "PNG")
    casebook, file = stored(tmp_path, out.getvalue())
    assert preview(casebook, file, locked=False).kind == "image"


def test_of_a_file_of_any_size_little_is_taken_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    casebook, file = stored(tmp_path, making.jpeg() + bytes(12 * 2**20))
    monkeypatch.setattr(opening, "MOST_WHOLE", 8 * 2**20)
    with opened_file(casebook, file, locked=False) as opened:
        assert not opened.whole
        assert opened.source.seek(0, 2) <= opening.MOST_HEAD + 65_536


DAMAGED_KINDS: dict[str, Callable[[], bytes]] = {
    "jpeg": making.jpeg, "png": making.png, "heic": making.heic, "gif": lambda: making.saved("GIF"),
    "webp": lambda: making.saved("WEBP"), "tiff": lambda: making.saved("TIFF", exif=making.exif()),
    "mp4": lambda: making.film(codec="libx264", sound="aac"), "webm": lambda: making.film("webm", "libvpx"),
    "ogg": lambda: making.tone("ogg", "libopus", rate=48_000),
    "mp3": lambda: making.tone("mp3", "libmp3lame"),
    "pdf": making.pdf, "docx": making.docx, "xlsx": making.xlsx, "odt": making.odt, "rtf": lambda: making.RTF,
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED_KINDS)
def test_a_damaged_file_harms_nobody(kind: str, tmp_path: Path) -> None:
    whole = DAMAGED_KINDS[kind]()
    for seed in range(count(1, 100)):
        dice = random.Random(f"{kind} {seed}")
        data = bytearray(whole[: dice.randint(len(whole) // 2, len(whole))])
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        casebook, file = stored(tmp_path, bytes(data), f"x.{kind}")
        assert looked(casebook, file, locked=False).kind
        shown = preview(casebook, file, locked=False)
        assert (shown.kind == "none") == bool(shown.why)
        copy = cleaned(casebook, file, locked=False)
        assert bool(copy.data) != bool(copy.why_not)
        read_or_refused(casebook, file)
