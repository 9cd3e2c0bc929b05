"""Lines broken at the width of the terminal: where it breaks them itself, the rest has no bar in front."""

import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

NARROWEST = 30
TAB = 8
_REGIONAL = range(0x1F1E6, 0x1F200)  # two of them are a flag, or two wide letters


def columns() -> int:
    """Give how many columns a line may have: the terminal's, or 80 where there is none."""
    return max(shutil.get_terminal_size((80, 24)).columns, NARROWEST)


def width(text: str) -> int:
    """Give how many columns ``text`` takes at the most."""
    return len(text) if text.isascii() else sum(map(_width, text))


def rows(text: str, most: int) -> list[str]:
    """Break one line into rows of at most ``most`` columns, 2 or more, at a space where there is one.

    Nothing is lost but such a space where there is no column left for it. A tab becomes the spaces that it
    stands for.
    """
    found, row, used = [], "", 0
    for char in _untabbed(text):
        takes = _width(char)
        if used + takes > most and row and char == " ":
            found.append(row)
            row, used = "", 0
            continue
        # Twice, where what goes to the next row leaves no room there for a wide letter either.
        while used + takes > most and row:
            # What follows the last space of the row goes to the next one; without any, nothing does.
            end = row.rfind(" ") + 1 or len(row)
            found.append(row[:end])
            row = row[end:]
            used = width(row)
        row += char
        used += takes
    return [*found, row]


def quoted(text: str, first: str, most: int | None = None) -> Iterator[str]:
    """Give what a stranger wrote, a line of it, as rows that all have a bar in front; ``first`` is before it.

    ``most`` is how many columns a row may have, the terminal's unless it is given.
    """
    before = first
    for row in rows(_printed(text), max((most or columns()) - width(first) - 2, 2)):
        yield f"{before}| {row}"
        before = " " * width(first)


def beside(label: str, told: Sequence[tuple[str, str]], left: int, most: int) -> Iterator[str]:
    """Give rows of at most ``most`` columns: ``label`` in the first ``left``, and beside it what is told.

    ``told`` are lines, each with the mark that all of its rows begin with, such as the bar of a quotation.
    """
    ours = rows(_printed(label), left)
    room = max(most - left - 4, 2)
    theirs = [f"{mark} {row}" for mark, text in told for row in rows(_printed(text), room)]
    for one, other in zip_longest(ours, theirs, fillvalue=""):
        padding = " " * (left - width(one))
        yield f"{one}{padding}  {other}" if other else one


def cut(text: str, most: int) -> str:
    """Give as much of ``text`` as ``most`` columns hold, with … where more follows."""
    text = _printed(text)
    if width(text) <= most:
        return text
    more = _printed("…")
    kept, used = "", width(more)
    for char in text:
        used += _width(char)
        if used > most:
            break
        kept += char
    return kept + more


def _printed(text: str) -> str:
    # What the terminal's encoding lacks is printed as \U0001f600, ten columns for one.
    encoding = sys.stdout.encoding
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _untabbed(text: str) -> str:
    if "\t" not in text:
        return text
    done, at = [], 0
    for char in text:
        shown = " " * (TAB - at % TAB) if char == "\t" else char
        done.append(shown)
        at += width(shown)
    return "".join(done)


def _width(char: str) -> int:
    if char.isascii():
        return 1
    # A joiner joins nothing in some terminals, and a selector makes a symbol wide: the most is counted.
    if unicodedata.category(char) in {"Mn", "Me"} and char != "\ufe0f":
        return 0
    wide = unicodedata.east_asian_width(char) in "WF" or ord(char) in _REGIONAL
    return 2 if wide else 1
