"""A picture that cannot be used is named with its place; it never ends in a traceback or in wrong advice."""

import random
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from publishing import images
from publishing.site_file import replacing
from tests.counts import count
from tests.publishing.newsroom import Newsroom, picture, png_that_says


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def damaged() -> dict[str, bytes]:
    png = picture(kind="PNG")
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000))
    end = png.index(b"IEND") - 4
    return {
        "half.png": png[: len(png) // 2],
        "told.png": png[:33] + chunk(b"eXIf", b"GARBAGE!" * 9) + png[33:],
        "bomb.png": png[:end] + bomb + png[end:],
    }


@pytest.mark.parametrize("name", ["half.png", "told.png", "bomb.png"])
def test_a_damaged_picture_is_named_with_its_line(newsroom: Newsroom, name: str) -> None:
    newsroom.write(f"images/{name}", damaged()[name])
    newsroom.article(text=f"First.\n\n![x](images/{name})\n")
    found = newsroom.problems()
    assert len(found) == 1
    assert f"images/{name} is damaged" in found[0].what
    assert found[0].hint == "export the picture again"
    assert not newsroom.target.exists()


def test_no_damage_raises_anything_else(tmp_path: Path) -> None:
    chance = random.Random(7)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    whole = [picture(60, 40, kind, exif=exif) for kind in ("JPEG", "PNG", "WEBP")]
    (tmp_path / "images").mkdir()
    for number in range(count(150, 5_000)):
        data = bytearray(whole[number % 3])
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(min(len(data), 400))] = chance.randrange(256)
        (tmp_path / "images" / "x.png").write_bytes(
            data[: chance.choice([len(data), chance.randrange(len(data))])]
        )
        images.look.cache_clear()
        with suppress(images.BadImage):
            images.make(tmp_path, "images/x.png")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(newsroom: Newsroom) -> None:
    newsroom.write("images/x.png", png_that_says(5001, 5000))
    newsroom.article(text="![x](images/x.png)\n")
    assert [one.what for one in newsroom.problems()] == ["images/x.png has 5001 x 5000 pixels"]


def test_an_error_that_is_not_of_the_system_is_no_advice_about_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="image file is truncated"), replacing(tmp_path / "site.db"):
        raise OSError("image file is truncated")
