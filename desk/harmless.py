"""Text from strangers, made fit for a terminal: no escapes, no turned-round lines, no words in our mouth."""

import unicodedata
from collections.abc import Iterator

from desk.blank import BLANK, is_blank, one_space

# Joiners shape letters and emoji in several scripts, selectors say whether a symbol is one; neither does
# anything to a terminal. They are shown as they are where they have something to act on.
_JOINERS = "\u200c\u200d"
_JOINED = frozenset("LMS")
_SELECTORS = "\ufe0e\ufe0f"
_SELECTED = frozenset({"So", "Sm"})
# Controls, formats (bidi overrides, zero-width marks, tags), half surrogates, unassigned, private use, line
# separators.
_MARKED = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})


def harmless(text: str) -> str:
    """Give ``text`` as one line; a character that acts, or shows nothing, is marked: ``<U+001B>``."""
    # What prints has none of the marked categories: most lines do, and `list` shows ten thousand.
    if text.isprintable() and not BLANK.search(text):
        return text
    return "".join(_shown(text))


def harmless_name(text: str) -> str:
    """Give a file's name or another short text so, and with no gap that pushes its end out of sight."""
    return one_space(harmless(text))


def harmless_lines(text: str) -> list[str]:
    """Give ``text`` line by line, each harmless; tabs stay, and the browser's CR LF is one line end."""
    lines = text.replace("\r\n", "\n").split("\n")
    return ["\t".join(harmless(part) for part in line.split("\t")) for line in lines]


def beginning(text: str, most: int) -> str:
    """Give the first words of ``text`` on one harmless line of at most ``most`` characters."""
    # A bounded piece, since `list` does this for ten thousand reports of any length.
    line = " ".join(text[: 4 * most].split())
    shown = harmless(line)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _shown(text: str) -> Iterator[str]:
    before = ""  # the category of the character before, where it shows
    for char in text:
        category = unicodedata.category(char)
        if char in _JOINERS:
            shows = before[:1] in _JOINED
        elif char in _SELECTORS:
            shows = before in _SELECTED
        else:
            shows = category not in _MARKED and not is_blank(char)
        yield char if shows else f"<U+{ord(char):04X}>"
        before = category if shows else ""
