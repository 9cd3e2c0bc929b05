"""Pictures: upright and as plain pixels, with bounds that are checked before a pixel is decoded."""

from collections.abc import Callable
from typing import BinaryIO, TypeVar, cast

from PIL import AvifImagePlugin, ExifTags, Image, ImageFile

from .frames import Answer, Cannot
from .kinds import Kind

MOST_PIXELS = 64_000_000  # of what is decoded whole
MOST_DRAFT = 400_000_000  # of a JPEG, which is decoded at an eighth where a preview needs no more
PREVIEW_SIDE = 1600
WHITE = (255, 255, 255)
_SMOOTH = frozenset({"RGB", "RGBA", "L", "LA", "CMYK", "YCbCr", "I", "F", "I;16", "I;16B", "I;16L"})
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Pixels = TypeVar("Pixels", bound=Image.Image)


def opened(source: BinaryIO, kind: Kind, most: int = MOST_DRAFT) -> ImageFile.ImageFile:
    """Open a picture without decoding it; no reader but the one of its kind is tried.

    :raises Cannot: it is damaged, or has more than ``most`` pixels.
    """
    if kind.reader == "HEIF":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener(thumbnails=False)
    # The box may begin no thread.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    # Ours is checked below, before anything is decoded; Pillow's own would warn as well as raise.
    Image.MAX_IMAGE_PIXELS = None
    source.seek(0)
    picture = reading(lambda: Image.open(source, formats=[kind.reader]))
    if picture.width * picture.height > most:
        raise Cannot("too-large")
    return picture


def preview(source: BinaryIO, kind: Kind, answer: Answer) -> None:
    """Send the picture, small, and how large it is."""
    picture = opened(source, kind)
    size = picture.size
    send(answer, decoded(picture, PREVIEW_SIDE), {"width": size[0], "height": size[1]})


def clean(source: BinaryIO, kind: Kind, answer: Answer) -> None:
    """Send the whole picture: its pixels, and nothing else of it."""
    picture = opened(source, kind, MOST_PIXELS)
    frames = getattr(picture, "n_frames", 1)
    send(
        answer, decoded(picture, 0), {"frames": frames, "photograph": kind.code not in ("png", "gif", "bmp")}
    )


def decoded(picture: Image.Image, side: int) -> Image.Image:
    """Give upright RGB pixels, at most ``side`` wide and high, or all of them for 0.

    :raises Cannot: it is damaged, or too large to be decoded.
    """
    return reading(lambda: _decoded(picture, side))


def send(answer: Answer, picture: Image.Image, about: dict[str, object]) -> None:
    """Send pixels: rows from the top, three bytes each."""
    answer.send({"pixels": list(picture.size), **about}, picture.tobytes())


def _decoded(picture: Image.Image, side: int) -> Image.Image:
    if side:
        picture.draft("RGB", (side, side))
    if picture.width * picture.height > MOST_PIXELS:
        raise Cannot("too-large")
    picture.load()
    # After loading: some readers turn the picture themselves, and forget that it was to be turned.
    turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    found: Image.Image = picture
    if side and max(picture.size) > side:
        if picture.mode not in _SMOOTH:
            see_through = picture.mode == "P" and "transparency" in picture.info
            found = picture.convert("RGBA" if see_through else "L" if picture.mode == "1" else "RGB")
        found.thumbnail((side, side), reducing_gap=2.0)
    found = _plain(found)
    return found if turn is None else found.transpose(turn)


def _plain(picture: Image.Image) -> Image.Image:
    if picture.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        # Scaled from its darkest to its lightest: a cut at 255 would show white.
        low, high = cast("tuple[float, float]", picture.convert("F").getextrema())
        scale = 255 / max(high - low, 1e-9)
        return picture.convert("F").point(lambda x: x * scale - low * scale).convert("L").convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        above = picture.convert("RGBA")
        ground = Image.new("RGB", above.size, WHITE)
        ground.paste(above, mask=above.getchannel("A"))
        return ground
    return picture.convert("RGB")


def reading(step: "Callable[[], Pixels]") -> Pixels:
    """Do a step of Pillow's.

    :raises Cannot: the picture is damaged.
    """
    try:
        return step()
    except (MemoryError, Cannot):
        raise
    # Readers of fifty formats raise what they happen upon, on bytes that somebody made up for them.
    except Exception as bad:
        if isinstance(bad, Image.DecompressionBombError):
            raise Cannot("too-large") from bad
        raise Cannot("damaged") from bad
