"""What somebody typed into the search box, turned into a question that FTS5 cannot misread."""

import re
import unicodedata

MOST_WORDS = 10
LONGEST_WORD = 40
MOST_TYPED = 400
# The start of a word shorter than this would be the start of half of all words.
SHORTEST_START = 2
SHORTEST_STEM = 4

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ings?|ed|e?s|e)$")


def words(typed: str) -> list[str]:
    """Give the words of what was typed, in small letters, each once; at most MOST_WORDS."""
    text = unicodedata.normalize("NFC", typed[:MOST_TYPED]).casefold()
    # A possessive is no word of its own: "victim's" is "victim".
    text = re.sub(r"['\u2019]s\b", "", text)
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(text)))[:MOST_WORDS]


def question(typed: str, *, every: bool = True) -> str:
    """Give the MATCH expression for what was typed: every word of it, or with ``every`` false any.

    A word also finds its other forms (gang, gangs), and the last one whatever begins so, since it may be half
    typed. Empty where nothing was typed that could be found.
    """
    found = words(typed)
    if not found:
        return ""
    parts = [_forms(word) for word in found[:-1]]
    parts.append(_start(found[-1]))
    return (" AND " if every else " OR ").join(parts)


def _forms(word: str) -> str:
    stem = _ENDING.sub("", word)
    if not word.isascii() or len(stem) < SHORTEST_STEM:
        return f'"{word}"'
    # The word itself beside its stem: what matches exactly counts twice, so it comes first.
    return f'("{word}" OR "{stem}"*)'


def _start(word: str) -> str:
    if len(word) < SHORTEST_START:
        return f'"{word}"'
    stem = _ENDING.sub("", word)
    if word.isascii() and len(stem) >= SHORTEST_STEM:
        return f'("{word}" OR "{stem}"*)'
    return f'("{word}" OR "{word}"*)'
