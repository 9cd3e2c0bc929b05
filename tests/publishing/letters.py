"""Letters for tests: one of our own, and what somebody might fill in."""

from pathlib import Path

from publishing import letters
from publishing.errors import Problem
from publishing.letter_sheet import Filled
from publishing.letters import Letter
from publishing.model import Source

SOURCE = '{title = "A report", publisher = "A court", url = "https://court.example/1", date_read = ""}'
HEAD = {
    "title": '"Look after them"',
    "summary": '"Asks for one thing."',
    "subject": '"People in need"',
    "sources": f"[{SOURCE}]",
}
TEXT = """Dear {mp},

I live in [{constituency}, in ]your constituency.
So I write.

- Look at this;
  and that.
- And here.

1. First.
2. Second.

Then:

1. Once more.

Yours sincerely,

{name}
"""

LETTER = Letter(
    slug="look",
    title="Look after them",
    summary="Asks for one thing.",
    subject="People in need",
    text=TEXT.strip(),
    sources=(Source("A report", "A court", "https://court.example/1", None),),
)

FILLED = Filled.of(
    name="Zoë Łukasz",
    address="Flat 2\r\n14 Harbour Road\r\n\r\nBristol BS1 5XX",
    mp="Jane Smith MP",
    constituency="Bristol Central",
    date="22 November 2026",
)


def written(folder: Path, text: str = TEXT, name: str = "look.md", **more: str) -> Path:
    """Write one letter into a content folder; ``more`` are lines of its front matter, "" leaves one out."""
    head = "\n".join(f"{key} = {value}" for key, value in (HEAD | more).items() if value)
    (folder / "letters").mkdir(exist_ok=True)
    (folder / "letters" / name).write_text(f"+++\n{head}\n+++\n{text}", encoding="utf-8")
    return folder


def read(folder: Path) -> tuple[list[Letter], list[Problem]]:
    """Read the letters of a folder, and what is wrong with them."""
    problems: list[Problem] = []
    return letters.read(folder, problems), problems
