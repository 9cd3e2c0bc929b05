"""Names for addresses: small letters, digits and hyphens."""

import hashlib
import re
import unicodedata

LONGEST = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})


def is_slug(text: str) -> bool:
    """Can ``text`` stand in an address as it is?"""
    return len(text) <= LONGEST and _SLUG.fullmatch(text) is not None


def slug(text: str) -> str:
    """Make a slug of a name or a heading; one in other letters than Latin gets a number of its own."""
    plain = text.casefold()
    if not plain.isascii():
        folded = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    plain = re.sub(r"['\u2019]", "", plain)
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
    return made or "n" + hashlib.sha256(text.encode()).hexdigest()[:8]
