"""What is shown of a file is made anew: pixels, samples, text; where nothing can be shown, the reason is."""

import io
import struct
import wave
from pathlib import Path

import pytest
from PIL import Image

from desk.errors import DeskError
from desk.strangers import opened as opening
from desk.strangers.cleaning import cleaned
from desk.strangers.preview import Preview, preview
from tests.desk.strangers import making
from tests.desk.strangers.store import stored


def shown(folder: Path, data: bytes, **how: object) -> Preview:
    casebook, file = stored(folder, data)
    return preview(casebook, file, locked=False, **how)  # type: ignore[arg-type]  # blurred and part


def pixels(found: Preview) -> Image.Image:
    assert found.kind == "image", found
    return Image.open(io.BytesIO(found.data))


def is_red(picture: Image.Image, at: tuple[int, int]) -> bool:
    red, green, blue = picture.convert("RGB").getpixel(at)
    return red > 150 and green < 100 and blue < 100


PICTURES = {
    "jpeg": making.jpeg,
    "png": making.png,
    "gif": lambda: making.saved("GIF"),
    "webp": lambda: making.saved("WEBP"),
    "bmp": lambda: making.saved("BMP"),
    "tiff": lambda: making.saved("TIFF"),
    "heic": making.heic,
    "avif": lambda: making.saved("AVIF"),
    "mp4": making.film,
    "h264": lambda: making.film(codec="libx264"),
    "webm": lambda: making.film("webm", "libvpx"),
    "avi": lambda: making.film("avi"),
    "wmv": lambda: making.film("asf", "msmpeg4v3"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_or_the_first_of_a_film_is_shown(kind: str, tmp_path: Path) -> None:
    found = shown(tmp_path, PICTURES[kind]())
    picture = pixels(found)
    assert picture.size == (64, 48)
    assert is_red(picture, (10, 24))
    assert not is_red(picture, (54, 24))
    assert found.type == "image/png"
    # A PNG of ours alone: its head, its pixels, its end.
    assert [name for name, _ in chunks(found.data) if name != b"IDAT"] == [b"IHDR", b"IEND"]


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    at, found = 8, []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


TURNED = {
    1: (10, 24),
    2: (54, 24),
    3: (54, 24),
    4: (10, 24),
    5: (24, 10),
    6: (24, 10),
    7: (24, 54),
    8: (24, 54),
}


@pytest.mark.parametrize("orientation", TURNED)
def test_a_picture_is_shown_upright(orientation: int, tmp_path: Path) -> None:
    assert is_red(pixels(shown(tmp_path, making.jpeg(orientation))), TURNED[orientation])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_a_picture_of_every_kind_is_shown_upright(kind: str, tmp_path: Path) -> None:
    exif = making.exif(6)
    if kind == "HEIF":
        data = making.heic(6)
    else:
        data = making.saved(kind, exif=exif if kind == "TIFF" else exif.tobytes())
    assert is_red(pixels(shown(tmp_path, data)), (24, 10))


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_a_large_picture_is_shown_upright_too(kind: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    making.picture(2400, 1800).save(out, kind, exif=making.exif(6))
    picture = pixels(shown(tmp_path, out.getvalue()))
    assert picture.size == (1200, 1600)
    assert is_red(picture, (600, 300))
    assert not is_red(picture, (600, 1300))


def test_a_film_is_shown_upright_and_so_is_its_cleaned_copy(tmp_path: Path) -> None:
    data = making.turned_film()
    casebook, file = stored(tmp_path, data)
    for one in (data, cleaned(casebook, file, locked=False).data):
        picture = pixels(shown(tmp_path, one))
        assert picture.size == (48, 64)
        assert is_red(picture, (24, 10))
        assert not is_red(picture, (24, 54))


def test_a_large_picture_is_shown_small_and_its_size_told(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (6000, 4000), (200, 10, 10)).save(out, "JPEG")
    found = shown(tmp_path, out.getvalue())
    assert max(pixels(found).size) <= 1600
    assert found.note == "6,000 by 4,000 pixels as sent"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_kind_of_pixel_is_shown(mode: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    picture = (
        making.picture().convert("L").convert("I").convert(mode)
        if mode in ("I;16", "I", "F")
        else making.picture().convert(mode)
    )
    picture.save(out, "TIFF" if mode in ("CMYK", "YCbCr", "F", "I") else "PNG")
    assert pixels(shown(tmp_path, out.getvalue())).mode == "RGB"


def test_what_is_see_through_is_shown_on_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert pixels(shown(tmp_path, out.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def test_blurred_means_that_little_is_left(tmp_path: Path) -> None:
    out = io.BytesIO()
    # Stripes of a pixel: a face would be finer than what is left.
    stripes = Image.new("RGB", (400, 300), (255, 255, 255))
    for x in range(0, 400, 2):
        stripes.paste((0, 0, 0), (x, 0, x + 1, 300))
    stripes.save(out, "PNG")
    blurred = pixels(shown(tmp_path, out.getvalue(), blurred=True)).convert("L")
    dark, light = blurred.getextrema()
    assert light - dark < 30  # type: ignore[operator]  # Pillow types it for all modes
    assert max(blurred.size) == 480


@pytest.mark.parametrize(
    "kind",
    [
        ("mp3", "libmp3lame"),
        ("ogg", "libopus"),
        ("flac", "flac"),
        ("wav", "pcm_s16le"),
        ("ipod", "aac"),
        ("adts", "aac"),
    ],
    ids=str,
)
def test_sound_is_made_anew(kind: tuple[str, str], tmp_path: Path) -> None:
    rate = 48_000 if kind[1] == "libopus" else 16_000
    found = shown(tmp_path, making.tone(*kind, rate=rate))
    assert (found.kind, found.type) == ("sound", "audio/wav")
    with wave.open(io.BytesIO(found.data)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16_000)
        assert 0.8 < sound.getnframes() / 16_000 < 1.3
        assert any(sound.readframes(8_000))


def test_long_sound_comes_in_parts(tmp_path: Path) -> None:
    data = making.tone("wav", "pcm_s16le", seconds=250, rate=8_000)
    casebook, file = stored(tmp_path, data)
    parts = [preview(casebook, file, locked=False, part=part) for part in (0, 1, 2)]
    assert [part.more for part in parts] == [True, False, False]
    assert parts[0].note == "part 1"
    lengths = [(len(part.data) - 44) / 32_000 for part in parts[:2]]
    assert lengths[0] == 240
    assert 9 < lengths[1] < 12
    assert parts[2].why == "it has no further part"


TEXTS = {
    "docx": (making.docx, "The van came\tat nine.\nTwice & loud."),
    "xlsx": (making.xlsx, "name\tamount\t\nKev\t250"),
    "pptx": (making.pptx, "Slide 9\n\n\nSlide 10"),
    "odt": (making.odt, "Head\nA   B"),
    "rtf": (lambda: making.RTF, "The van\ncafé €10 {x}"),
    "utf-8": (lambda: "Zoë 👀".encode(), "Zoë 👀"),
    "utf-16": (lambda: "Zoë".encode("utf-16"), "Zoë"),
    "windows": (lambda: "Zoë".encode("cp1252"), "Zoë"),
    "svg": (lambda: b"<svg onload='x()'/>", "<svg onload='x()'/>"),
    "html": (lambda: b"<html><script>x</script>", "<html><script>x</script>"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_text_is_shown_as_text(kind: str, tmp_path: Path) -> None:
    make, text = TEXTS[kind]
    found = shown(tmp_path, make())
    assert (found.kind, found.data.decode()) == ("text", text)


def test_what_was_struck_out_and_written_in_the_margin_is_not_in_the_text(tmp_path: Path) -> None:
    for make in (making.docx, making.odt):
        assert making.MARK.encode() not in shown(tmp_path, make()).data


def test_pages_of_a_pdf_come_one_by_one(tmp_path: Path) -> None:
    out = io.BytesIO()
    pages = [Image.new("RGB", (100, 80), colour) for colour in ("red", "blue")]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    casebook, file = stored(tmp_path, out.getvalue())
    first, second, third = (preview(casebook, file, locked=False, part=part) for part in (0, 1, 2))
    assert (first.note, first.more, second.note, second.more) == ("page 1 of 2", True, "page 2 of 2", False)
    assert is_red(pixels(first), (20, 20))
    assert not is_red(pixels(second), (20, 20))
    assert third.why == "it has no further part"


def test_the_names_in_an_archive_are_shown(tmp_path: Path) -> None:
    from tests.desk.strangers.store import zipped

    assert b"nothing was unpacked. Their names:\na/b.txt" in shown(tmp_path, zipped({"a/b.txt": "x"})).data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b"MZ" + bytes(100), "there is no preview for this kind of file"),
        (b"\x7fELF" + bytes(100), "there is no preview for this kind of file"),
        (bytes(range(256)) * 4, "there is no preview for this kind of file"),
        (b"\xff\xd8\xff not a picture", "the file is damaged"),
        (b"%PDF-1.7 not a document", "the file is damaged"),
        (b"PK\x05\x06", "the file is damaged"),
    ],
)
def test_what_cannot_be_shown_is_told_why(data: bytes, why: str, tmp_path: Path) -> None:
    found = shown(tmp_path, data)
    assert (found.kind, found.data) == ("none", b"")
    assert found.why.startswith(why)


def test_a_missing_damaged_or_locked_file_is_not_shown(tmp_path: Path) -> None:
    casebook, file = stored(tmp_path, making.jpeg())
    with pytest.raises(DeskError, match="locked"):
        preview(casebook, file, locked=True)
    blob = casebook.blob(file.sealed_sha256.hex())
    whole = blob.read_bytes()
    blob.write_bytes(whole[:-1] + b"x")
    with pytest.raises(DeskError, match="damaged"):
        preview(casebook, file, locked=False)
    blob.unlink()
    with pytest.raises(DeskError, match="missing"):
        preview(casebook, file, locked=False)


def test_a_file_too_large_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_WHOLE", 100)
    assert shown(tmp_path, making.jpeg()).why == "the file is too large to be opened"


def test_nothing_readable_touches_the_disk(tmp_path: Path) -> None:
    data = b"The van came at nine, and nobody may read this on a disk. " * 50
    shown(tmp_path, data)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(found) == 1
    assert b"The van" not in found[0].read_bytes()
