"""What a picture carries: EXIF with its place and its small picture, IPTC, comments, profiles."""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from . import pictures
from .frames import Cannot
from .kinds import Kind

_IPTC = {
    (2, 5): "Title", (2, 25): "Keywords", (2, 55): "Date created", (2, 80): "Author", (2, 85): "Author title",
    (2, 90): "City", (2, 92): "Place", (2, 95): "Province", (2, 101): "Country", (2, 110): "Credit",
    (2, 115): "Source", (2, 116): "Copyright", (2, 118): "Contact", (2, 120): "Caption", (2, 122): "Writer",
}  # fmt: skip
_DEGREES = 3
_FOLDERS = {
    ExifTags.IFD.Exif: ExifTags.TAGS,
    ExifTags.IFD.GPSInfo: ExifTags.GPSTAGS,
    ExifTags.IFD.IFD1: ExifTags.TAGS,
}
_POINTERS = frozenset({0x8769, 0x8825, 0xA005, 0x0201, 0x0202})
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def facts(source: BinaryIO, kind: Kind) -> Iterator[tuple[str, str]]:
    """Give all that a picture states, from its beginning on; no pixel is decoded.

    :raises Cannot: it is damaged.
    """
    picture = pictures.opened(source, kind)
    yield "Size", f"{picture.width:,} by {picture.height:,} pixels"
    if (count := getattr(picture, "n_frames", 1)) > 1:
        yield "Pictures in it", str(count)
    try:
        yield from _of_exif(picture.getexif())
        yield from _of_iptc(picture)
        yield from _of_info(picture)
    except Cannot:
        raise
    except Exception as bad:  # what readers raise on bytes that somebody made up for them
        raise Cannot("damaged") from bad


def _of_exif(found: Image.Exif) -> Iterator[tuple[str, str]]:
    for tag, value in found.items():
        if tag not in _POINTERS:
            yield _named(ExifTags.TAGS, tag), _text(value)
    for folder, names in _FOLDERS.items():
        inside = found.get_ifd(folder)
        if folder is ExifTags.IFD.GPSInfo:
            yield from _place(inside)
        if folder is ExifTags.IFD.IFD1 and inside:
            yield "Small picture inside (thumbnail), which may show more than the large one", "there is one"
            continue
        for tag, value in inside.items():
            if tag not in _POINTERS:
                prefix = "GPS: " if folder is ExifTags.IFD.GPSInfo else ""
                yield prefix + _named(names, tag).removeprefix("GPS").strip(), _text(value)


def _place(inside: Mapping[int, object]) -> Iterator[tuple[str, str]]:
    """Give latitude and longitude as people write them."""
    found = []
    for letter, numbers in ((1, 2), (3, 4)):
        match inside.get(numbers):
            case (degrees, minutes, seconds):
                value = _number(degrees) + _number(minutes) / 60 + _number(seconds) / 3600
                found.append(f"{value:.6f} {str(inside.get(letter, '?'))[:1]}")
    if len(found) == 2:
        yield "GPS: place", ", ".join(found)


def _number(value: object) -> float:
    return float(str(value)) if not isinstance(value, int | float) else float(value)


def _of_iptc(picture: ImageFile.ImageFile) -> Iterator[tuple[str, str]]:
    for key, value in (IptcImagePlugin.getiptcinfo(picture) or {}).items():
        name = _IPTC.get(key)
        for one in value if isinstance(value, list) else [value]:
            if name:
                yield f"IPTC {name.lower()}", _text(one)


def _of_info(picture: Image.Image) -> Iterator[tuple[str, str]]:
    for name, value in picture.info.items():
        if name == "icc_profile":
            yield "Colour profile", f"{len(value):,} bytes"
        elif name == "photoshop":
            yield "Photoshop data", "there is some"
        elif name == "comment":
            yield "Comment", _text(value)
    for name, value in getattr(picture, "text", {}).items():
        if not str(name).startswith("XML:"):
            yield f"Text: {name}", _text(value)


def _named(names: Mapping[int, str], tag: int) -> str:
    return _WORDS.sub(" ", names.get(tag, f"Tag {tag:#06x}"))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        text = value.split(b"\0\0\0", 1)[1] if value.startswith(b"ASCII\0\0\0") else value
        plain = text.strip(b"\0 ")
        return plain.decode("ascii") if plain.isascii() and len(plain) < 500 else f"{len(value):,} bytes"
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value[:20])
    return str(value).strip("\0 ")
