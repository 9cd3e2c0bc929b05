"""What people call themselves in a text: "I am Jane Smith", "my name is jane", "this is Jane again".

A wide net: a word too many costs staff a decision, a name too few can cost a source their safety.
"""

import re
from collections.abc import Iterator

from desk.pointing_common import COMMON, NEVER_NAMES

_WORD = r"[^\W\d_](?:[^\W\d_]|['’.\-](?=[^\W\d_]))*\.?"
# After these a name follows, in whatever case; up to three words of it.
_NAMED = re.compile(
    r"\b(?:my\s+(?:full\s+|real\s+|first\s+|last\s+)?name(?:\s+is|['’]s|:)|i\s*(?:am|['’]m)\s+called|call\s+me|name\s*:)"
    rf"\s*((?:{_WORD}\s*){{1,3}})",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"\b(?:this\s+is|it\s*(?:is|['’]s)|i\s*(?:am|['’]m))\s+((?:{_WORD}\s+){{1,3}}?)(?:again|here|speaking|writing)\b",
    re.IGNORECASE,
)
# After these it may be anything: only words with a capital count.
_MAYBE = re.compile(rf"(?i:\b(?:i\s*am|i\s*['’]m|im|this\s+is|it['’]?s\s+me,?)\s+)((?:{_WORD}\s*){{1,3}})")
_SIGNED = re.compile(
    rf"(?i:\b(?:thanks|thank\s+you|regards|wishes|love|yours|sincerely|faithfully|cheers|signed|from))[,.!\s]*"
    rf"((?:{_WORD}[ \t]*){{1,3}})[.!\s]*\Z"
)


def presented(text: str) -> Iterator[str]:
    """Give each name by which its writer calls themselves in ``text``."""
    for pattern, capitals in ((_NAMED, False), (_AGAIN, False), (_MAYBE, True), (_SIGNED, True)):
        for match in pattern.finditer(text):
            if name := _name(match[1], capitals=capitals):
                yield name


def _name(words: str, *, capitals: bool) -> str:
    """Give the words up to the first that is part of no name."""
    found: list[str] = []
    for word in words.split():
        plain = word.strip(".").casefold().replace("’", "'")
        if (
            plain in NEVER_NAMES
            or (capitals and not word[0].isupper())
            or (plain in COMMON and word.islower())
        ):
            break
        found.append(word)
        # Behind the end of a sentence another one begins.
        if word.endswith(".") and len(word) > 2:
            break
    return " ".join(found).rstrip(".")
