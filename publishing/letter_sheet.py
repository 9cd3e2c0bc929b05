"""A letter with its gaps filled: what the page, the PDF and the Word file all draw.

What stays empty becomes a gap that they draw as a line, to be filled by hand.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from publishing.letter_text import GAPS, Block, Gap, Maybe, Part
from publishing.letters import Letter

# By post a letter needs no more; Royal Mail delivers to the Palace of Westminster.
HOUSE_OF_COMMONS = ("House of Commons", "London", "SW1A 0AA")
ADDRESS_LINES = 4

# What one letter takes; more is nobody's name.
MAX_LINE = 200
MAX_CONSTITUENCY = 100
MAX_DATE = 60
MAX_ADDRESS_LINES = 10

# What turns the order of the text round it, so that one name could turn the whole letter; and what stands for
# no character, which XML forbids.
_NEVER = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"
_MEMBER = re.compile(r"[\s,]+M\.?P\.?$", re.IGNORECASE)


class Run(NamedTuple):
    """A piece of a line: its text, or, where ``gap`` names one of GAPS, a line to write on."""

    text: str
    gap: str = ""


Line = tuple[Run, ...]


class Drawn(NamedTuple):
    """A paragraph, or the items of a list; ``kind`` is paragraph, bullets or numbers."""

    kind: str
    items: tuple[Line, ...]


@dataclass(frozen=True)
class Filled:
    """What the sender gave, each one line of plain text; empty what they did not give."""

    name: str = ""
    address: tuple[str, ...] = ()
    mp: str = ""
    constituency: str = ""
    date: str = ""

    @classmethod
    def of(cls, *, name: str, address: str, mp: str, constituency: str, date: str) -> Self:
        """Take what was typed, as it was typed: ``address`` in lines."""
        lines = (plain(line) for line in address.splitlines())
        return cls(
            name=plain(name),
            address=tuple(line for line in lines if line),
            mp=_MEMBER.sub("", plain(mp)),
            constituency=plain(constituency),
            date=plain(date),
        )

    def given(self, gap: str) -> str:
        """What goes into a gap of the text, all in one line."""
        return ", ".join(self.address) if gap == "address" else str(getattr(self, gap))

    @property
    def texts(self) -> dict[str, str]:
        """All that was given, by the names of GAPS."""
        return {gap: self.given(gap) for gap in GAPS}


BLANK = Filled()


@dataclass(frozen=True)
class Sheet:
    """One letter to be drawn, from its top to its foot.

    ``sender`` is the address at the top, ``to`` whom it goes to; then come ``date``, ``opening`` ("Dear …,"),
    ``subject``, the ``body`` down to "Yours sincerely,", room to sign, and ``name``. ``sources`` say in small
    print where its facts can be read.
    """

    sender: tuple[Line, ...]
    to: tuple[Line, ...]
    date: Line
    opening: Line
    subject: str
    body: tuple[Drawn, ...]
    name: Line
    sources: tuple[str, ...]


def plain(text: str) -> str:
    """Give what was typed into one line without control characters, composed as fonts want it."""
    spaced = re.sub(r"\s+", " ", text)
    kept = (sign for sign in spaced if unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _NEVER)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def sheet(letter: Letter, filled: Filled) -> Sheet:
    """Fill a letter. With nothing filled in, all its gaps are lines, those in [brackets] too."""
    blocks = [_drawn(block, filled) for block in letter.blocks]
    opening, closing = blocks[0], blocks[-1]
    sender = tuple((Run(line),) for line in filled.address)
    return Sheet(
        sender=sender or tuple((Run("", "address"),) for _ in range(ADDRESS_LINES)),
        to=((*_gap("mp", filled), Run(" MP")), *((Run(line),) for line in HOUSE_OF_COMMONS)),
        date=_gap("date", filled) if filled.date else (Run("Date: "), *_gap("date", filled)),
        opening=opening.items[0],
        subject=letter.subject,
        body=tuple(blocks[1:-1]),
        name=closing.items[0],
        # Without addresses, which nobody copies from paper; the site's page links them.
        sources=tuple(f"{one.publisher}, “{one.title}”" for one in letter.sources),
    )


def _drawn(block: Block, filled: Filled) -> Drawn:
    return Drawn(block.kind, tuple(_line(item, filled) for item in block.items))


def _line(parts: Iterable[Part], filled: Filled) -> Line:
    runs: list[Run] = []
    for part in parts:
        if isinstance(part, Gap):
            runs += _gap(part.name, filled)
        elif isinstance(part, Maybe):
            gaps = [inner.name for inner in part.parts if isinstance(inner, Gap)]
            if filled == BLANK or all(filled.given(gap) for gap in gaps):
                runs += _line(part.parts, filled)
        else:
            runs.append(Run(part))
    return tuple(runs)


def _gap(name: str, filled: Filled) -> Line:
    given = filled.given(name)
    return (Run(given),) if given else (Run("", name),)
