"""A newsroom's folder to break: right in every file until a test changes one."""

import struct
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from publishing.errors import Broken, Problem
from publishing.publish import Published, publish
from publishing.reading import SiteDb

TODAY = date(2026, 11, 22)

SITE = """\
name = "Vigil"

[topics]
county-lines = "County lines"
local = "Where we live"
"""

AGENCIES = """\
[[agency]]
id = "police"
name = "The police"
what_for = "In danger now."
phone = "999"
phone_href = "tel:999"
nations = ["england"]
hours = ""
languages = ""
anonymous = ""
tracing = ""
cost = ""
for = ["any"]
checked_on = ""
source = "https://police.example/"
"""

LETTER = """\
+++
title = "Support"
summary = "What it asks for."
subject = "Support for victims"

[[sources]]
title = "A report"
publisher = "An office"
url = "https://office.example/report"
date_read = 2026-01-02
+++

Dear {mp},

I write to you about victims.

Yours sincerely,

{name}
"""

ABOUT = """\
+++
title = "About"
summary = "Who we are."
+++

Some words. [Report](/report).
"""

# Its lines are counted by the tests: the text begins on line 14.
ARTICLE = """\
+++
title = "A piece"
byline = "Ann Neill"
date = 2026-03-01
topic = "county-lines"
summary = "What it says."

[[sources]]
title = "A report"
publisher = "An office"
url = "https://office.example/report"
date_read = 2026-01-02
+++
The first words.
"""


class Newsroom:
    """The folder of a newsroom, and the site that it publishes."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.target = folder / "data" / "site.db"
        self.write("site.toml", SITE)
        self.write("agencies.toml", AGENCIES)
        self.write("letters/support.md", LETTER)
        self.write("pages/about.md", ABOUT)
        self.site = SiteDb(self.target)

    def write(self, file: str, text: str | bytes) -> None:
        path = self.content / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def article(self, slug: str = "piece", text: str | None = None, **lines: str) -> None:
        """Write an article; ``lines`` are put in place of those of the same key, or added: TOML each."""
        matter, _, body = ARTICLE.removeprefix("+++\n").partition("+++\n")
        rows = matter.splitlines()
        for key, value in lines.items():
            line = f"{key} = {value}"
            at = next((n for n, row in enumerate(rows) if row.startswith(f"{key} =")), None)
            if at is None:
                rows.insert(0, line)
            else:
                rows[at] = line
        self.write(f"articles/{slug}.md", "\n".join(["+++", *rows, "+++", body if text is None else text]))

    def publish(self, *, drafts: bool = False, today: date = TODAY) -> Published:
        return publish(self.content, self.target, drafts=drafts, today=today)

    def problems(self, *, drafts: bool = False) -> list[Problem]:
        """What is wrong; nothing was published."""
        try:
            self.publish(drafts=drafts)
        except Broken as broken:
            return broken.problems
        return []


def picture(width: int = 900, height: int = 600, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.save(out, kind, **options)
    return out.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that it does not have."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    ended = chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + ended
