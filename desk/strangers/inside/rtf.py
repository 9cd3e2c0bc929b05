"""Rich text without its richness."""

import re
from typing import BinaryIO

from . import texts
from .frames import Answer, Cannot

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.IGNORECASE,
)
_LEFT_OUT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "datastore", "themedata",
    "rsidtbl", "generator", "xmlnstbl", "header", "footer", "listtable", "listoverridetable", "latentstyles",
    "colorschememapping", "fldinst",
})  # fmt: skip
_LINES = frozenset({"par", "line", "row", "sect", "page"})


def preview(source: BinaryIO, answer: Answer, part: int) -> None:
    """Send a part of its text."""
    texts.send(answer, text_of(source), part)


def clean(source: BinaryIO, answer: Answer) -> None:
    """Send all of its text."""
    texts.send(answer, text_of(source), most=texts.MOST_CLEANED)


def text_of(source: BinaryIO) -> str:
    """Give its text.

    :raises Cannot: it is too large, or has none.
    """
    source.seek(0)
    data = source.read(texts.MOST_CLEANED + 1)
    if len(data) > texts.MOST_CLEANED:
        raise Cannot("too-large")
    text = "".join(_pieces(data)).strip()
    if not text:
        raise Cannot("no-text")
    return text


def _pieces(data: bytes) -> list[str]:
    found: list[str] = []
    groups: list[bool] = []
    hidden, passed = False, 0
    for token in _TOKEN.finditer(data):
        word, number, byte, sign, brace, plain = token.groups()
        if brace == b"{":
            groups.append(hidden)
        elif brace == b"}":
            hidden = groups.pop() if groups else False
        elif (word is not None and word.decode() in _LEFT_OUT) or sign == b"*":
            hidden = True
        elif hidden:
            continue
        elif passed and (byte or plain):
            # What stands behind a letter by its number is for readers that do not know it.
            found.append((plain or b"")[passed:].decode("cp1252", "replace"))
            passed = 0
        elif word == b"u" and number:
            found.append(chr(int(number) % 65536))
            passed = 1
        else:
            found.append(_sign(word, byte, sign, plain))
    return [piece for piece in found if piece]


def _sign(word: bytes | None, byte: bytes | None, sign: bytes | None, plain: bytes | None) -> str:
    if word is not None:
        return "\n" if word.decode() in _LINES else "\t" if word == b"tab" or word == b"cell" else ""
    if byte is not None:
        return bytes([int(byte, 16)]).decode("cp1252", "replace")
    if sign is not None:
        return {b"~": " ", b"\n": "\n", b"\r": "\n"}.get(
            sign, sign.decode("latin-1") if sign in b"{}\\" else ""
        )
    return (plain or b"").decode("cp1252", "replace")
