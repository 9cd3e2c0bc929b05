"""Files that a browser shows, made here of the pixels and samples that the box sent, and of nothing else."""

import struct
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from desk.strangers.box import BoxFailed

if TYPE_CHECKING:
    from PIL.Image import Image

BLURRED_SIDE = 24  # pixels that are left of a blurred picture's longer side
_WAV = struct.Struct("<4sI4s4sIHHIIHH4sI")


def pixels(said: Mapping[str, object], data: bytes, side: int) -> "Image":
    """Take pixels as they came.

    :raises BoxFailed: they are not as many as they should be, or the picture is larger than ``side``.
    """
    # Here alone: a command that shows no picture does not load Pillow. It reads nothing of a stranger's.
    from PIL import Image

    match said.get("pixels"):
        case [int(width), int(height)] if 0 < width <= side and 0 < height <= side:
            if len(data) == 3 * width * height:
                return Image.frombytes("RGB", (width, height), data)
    raise BoxFailed("nonsense")


def png(picture: "Image", level: int = 1) -> bytes:
    """Write pixels as PNG."""
    out = BytesIO()
    picture.save(out, "PNG", compress_level=level)
    return out.getvalue()


def jpeg(picture: "Image", quality: int = 92) -> bytes:
    """Write pixels as JPEG."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def blurred(picture: "Image") -> "Image":
    """Give a picture of which only colours are left: the rest is not in the browser either."""
    from PIL.Image import Resampling

    small = picture.copy()
    small.thumbnail((BLURRED_SIDE, BLURRED_SIDE))
    scale = 480 / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return small.resize(size, Resampling.BICUBIC)


def wav(samples: bytes, rate: int) -> bytes:
    """Write samples of one channel, 16 bits each, as WAV."""
    head = _WAV.pack(
        b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", len(samples)
    )
    return head + samples
