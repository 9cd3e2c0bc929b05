"""Text from strangers, made fit for a terminal: no escapes, no turned-round lines, no words in our mouth."""

import unicodedata

# Joiners shape letters and emoji in several scripts, and do nothing to a terminal.
_JOINERS = "\u200c\u200d"
# Controls, formats (bidi overrides, zero-width marks, tags), half surrogates, private use, line separators.
_MARKED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def harmless(text: str) -> str:
    """Give ``text`` as one line; a character that acts instead of showing is marked: ``<U+001B>``."""
    # What prints has none of the marked categories: most lines do, and `list` shows ten thousand.
    if text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


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


def _shown(char: str) -> str:
    if char in _JOINERS or unicodedata.category(char) not in _MARKED:
        return char
    return f"<U+{ord(char):04X}>"
