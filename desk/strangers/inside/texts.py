"""Text, whatever it is written in; markup too is shown as text, and never as what it describes."""

import codecs
from typing import BinaryIO

from .frames import Answer, Cannot

MOST_SHOWN = 200_000  # characters of a preview
MOST_CLEANED = 20 * 2**20  # bytes of a text that is cleaned
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def preview(source: BinaryIO, answer: Answer, part: int) -> None:
    """Send a part of a text, as `send` cuts it."""
    source.seek(0)
    data = source.read(MOST_CLEANED)
    cut = bool(source.read(1))
    send(answer, decoded(data, cut=cut), part, more=cut)


def clean(source: BinaryIO, answer: Answer) -> None:
    """Send the whole text.

    :raises Cannot: it is larger than ``MOST_CLEANED``.
    """
    source.seek(0)
    data = source.read(MOST_CLEANED + 1)
    if len(data) > MOST_CLEANED:
        raise Cannot("too-large")
    send(answer, decoded(data), most=MOST_CLEANED)


def send(answer: Answer, text: str, part: int = 0, *, most: int = MOST_SHOWN, more: bool = False) -> None:
    """Send a part of a text, of ``most`` characters, counted from 0, and whether there are more.

    :raises Cannot: it has not so many.
    """
    at = part * most
    if part and at >= len(text):
        raise Cannot("no-part")
    more = more or len(text) > at + most
    answer.send({"text": True, "more": more}, text[at : at + most].encode("utf-8", "replace"))


def decoded(data: bytes, *, cut: bool = False) -> str:
    """Read bytes as what they are most likely written in: by their mark, as UTF-8, else as Windows does.

    ``cut``: they end somewhere, maybe within a letter.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=not cut)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
