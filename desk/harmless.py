"""Text from strangers, made fit for a terminal: no escapes, no turned-round lines, no words in our mouth."""

import re
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
# Marks above and below a letter. No script puts so many on one; a thousand cover what stands around.
_STACKING = frozenset({"Mn", "Me"})
MOST_STACKED = 8
_STACKED = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_STACKED + 1}}}")  # they, and some other signs


def harmless(text: str) -> str:
    """Give ``text`` as one line; a character that acts, or shows nothing, is marked: ``<U+001B>``.

    Of marks stacked on one letter all but the first ``MOST_STACKED`` are counted: ``<9 more marks>``.
    """
    # What prints has none of the marked categories: most lines do, and `list` shows ten thousand.
    if text.isprintable() and not BLANK.search(text) and not _STACKED.search(text):
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
    stacked = 0
    for char in text:
        category = unicodedata.category(char)
        if category in _STACKING and not is_blank(char):
            stacked += 1
            if stacked > MOST_STACKED:
                continue
        elif char not in _JOINERS:  # what is behind a joiner still stands on the same letter
            yield _more(stacked)
            stacked = 0
        if char in _JOINERS:
            shows = before[:1] in _JOINED
        elif char in _SELECTORS:
            shows = before in _SELECTED
        else:
            shows = category not in _MARKED and not is_blank(char)
        yield char if shows else f"<U+{ord(char):04X}>"
        before = category if shows else ""
    yield _more(stacked)


def _more(stacked: int) -> str:
    return f"<{stacked - MOST_STACKED} more marks>" if stacked > MOST_STACKED else ""
