"""Pictures: looked at when a text names them, then made anew as WebP in a few sizes, without their metadata.

A picture is named for its content, so an address never stands for another picture, and can be kept for ever.
"""

import functools
import hashlib
import io
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from publishing import files
from publishing.model import Variant

FOLDER = "images"
WIDTHS = (480, 960, 1600)
CARD_WIDTH = 1200
LARGEST_FILE = 30_000_000
# What cameras of 24 megapixels make. All of them are held in memory at once, four bytes each.
LARGEST_PIXELS = 25_000_000
LONGEST_SIDE = 16_000
SMALLEST_SIDE = 16
SMALLER = "export a copy of at most 4,000 pixels a side"
# A change of how pictures are made is a change of their names.
MAKER = b"1"
_FORMATS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(
    r"images/(?:[A-Za-z0-9][A-Za-z0-9_-]*/)*[A-Za-z0-9][A-Za-z0-9_-]*\.(?:jpe?g|png|webp)", re.IGNORECASE
)
# Orientations (EXIF) that lay a picture on its side.
_TURNED = (5, 6, 7, 8)
_ORIENTATION = 0x0112
# What Pillow raises for bytes that are not as they should be, depending on where they are not: TypeError for
# a text in the metadata in the place of a number.
_DAMAGE = (
    OSError, EOFError, ValueError, TypeError, SyntaxError, struct.error, Image.DecompressionBombError
)  # fmt: skip

# Path under /images/, type, bytes.
Made = tuple[str, str, bytes]


class BadImage(Exception):  # noqa: N818 - says what is the case
    """A picture that cannot be used: what is wrong, and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


@dataclass(frozen=True)
class Picture:
    """What a text needs to know of a picture, before it is made: its sizes, smallest first, and its card."""

    variants: tuple[Variant, ...]
    card: Variant

    @property
    def largest(self) -> Variant:
        """The largest of its sizes."""
        return self.variants[-1]


@functools.lru_cache(maxsize=1024)
def look(folder: Path, file: str) -> Picture:
    """Say what ``file`` ("images/…", within the content folder) will become.

    :raises BadImage: it is missing, of another kind, too large or damaged
    """
    if not _NAME.fullmatch(file):
        raise BadImage(
            f"{file!r} is not the name of a picture",
            "name it like images/high-street.jpg: letters, digits, - and _, and .jpg, .png or .webp",
        )
    data = _bytes(folder, file)
    with _damage_named(file), _opened(file, data) as image:
        width, height = image.size
        if image.getexif().get(_ORIENTATION) in _TURNED:
            width, height = height, width
    digest = hashlib.sha256(MAKER + data).hexdigest()[:12]
    stem = str(PurePosixPath(file).relative_to(FOLDER).with_suffix(""))
    widths = [one for one in WIDTHS if one < width] + [width] * (width <= WIDTHS[-1])
    variants = tuple(_variant(f"{stem}-{one}-{digest}.webp", one, width, height) for one in widths)
    card = min(width, CARD_WIDTH)
    return Picture(variants, _variant(f"{stem}-card-{digest}.jpg", card, width, height))


def make(folder: Path, file: str) -> list[Made]:
    """Make what `look` said, as (path, type, bytes).

    :raises BadImage: it is damaged
    """
    picture = look(folder, file)
    with _damage_named(file):
        return _made(picture, file, _bytes(folder, file))


def _made(picture: Picture, file: str, data: bytes) -> list[Made]:
    with _opened(file, data) as opened:
        # Pillow reads no further than it must: a JPEG is decoded at half or a quarter of its size.
        opened.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
        image = _plain(opened)
    made = [
        (one.path, "image/webp", _written(_sized(image, one), "WEBP", quality=78, method=4))
        for one in picture.variants
    ]
    card = _sized(image, picture.card)
    if card.mode == "RGBA":
        card = Image.alpha_composite(Image.new("RGBA", card.size, "white"), card).convert("RGB")
    made.append(
        (picture.card.path, "image/jpeg", _written(card, "JPEG", quality=82, optimize=True, progressive=True))
    )
    return made


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Pillow from warning: of many pixels, which are counted here, and of metadata, which is left out.

    Threads that make pictures must be inside one that is older than they are: filters are for all threads.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _damage_named(file: str) -> Iterator[None]:
    """Turn whatever Pillow raises for a damaged file, at any step, into BadImage."""
    try:
        with quiet():
            yield
    except _DAMAGE as error:
        raise BadImage(f"{file} is damaged: {error}", "export the picture again") from None


def _variant(path: str, to: int, width: int, height: int) -> Variant:
    return Variant(path, to, max(1, round(height * to / width)))


def _bytes(folder: Path, file: str) -> bytes:
    try:
        return files.data(folder, file, LARGEST_FILE)
    except files.BadFile as error:
        raise BadImage(f"{file} {error.what}", error.hint) from None
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise BadImage(f"{file} cannot be read: {reason}", "put the picture into the folder images") from None


def _opened(file: str, data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise BadImage(f"{file} has far too many pixels", SMALLER) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise BadImage(f"{file} is not a JPEG, PNG or WebP picture", "export it as one of these") from None
    width, height = image.size
    if width * height > LARGEST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise BadImage(f"{file} has {width} x {height} pixels", SMALLER)
    if min(width, height) < SMALLEST_SIDE:
        raise BadImage(f"{file} has only {width} x {height} pixels", "take a larger picture")
    return image


def _plain(opened: Image.Image) -> Image.Image:
    """The pixels alone, upright, in sRGB: none of the file's metadata goes with them."""
    turned = ImageOps.exif_transpose(opened)
    clear = "A" in turned.getbands() or "transparency" in turned.info
    mode = "RGBA" if clear else "RGB"
    profile = turned.info.get("icc_profile")
    image = turned
    if profile and turned.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            colours = turned.convert("RGB") if turned.mode == "RGBA" else turned
            done = ImageCms.profileToProfile(
                colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            # A colour profile that cannot be used costs some truth of colour, not the picture.
            done = None
        if done is not None:
            if turned.mode == "RGBA":
                done.putalpha(turned.getchannel("A"))
            image = done
    image = image.convert(mode)
    plain = Image.new(mode, image.size)
    plain.paste(image)
    return plain


def _sized(image: Image.Image, to: Variant) -> Image.Image:
    if image.size == (to.width, to.height):
        return image
    return image.resize((to.width, to.height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _written(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
