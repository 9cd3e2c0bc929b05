"""The pieces of text that mentions are taken from: of a report what it says about others, never its source.

Sources also write of themselves where only others were asked about: "my number is …", "call me on …". They
are not to be found by how they can be reached, so those words are covered before anything is looked for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from desk.normalise import WHAT_HAPPENED, place
from payload import FollowUp, Report
from payload.answers import Answer
from payload.outline import Part, sections

MOST_TEXT = 100_000  # characters
_WORD = re.compile(r"[^\W_]+")
COVER = "|"  # no finder takes it for a part of anything
_NO_ENTRY: Mapping[str, Answer] = {}

_MINE = (
    r"\bmy (?:own |personal |mobile |work |home |phone |e-?mail |contact |real |full )*"
    r"(?:number|mobile|mob|phone|e-?mail|address|postcode|name|details|insta(?:gram)?|snap(?:chat)?|telegram"
    r"|whats ?app|signal|facebook)(?! ?plate)(?:'s|\u2019s)?(?: number| address)?(?: is| are| =|:|-)+[ \n]*"
)
_REACH = (
    r"\b(?:call|ring|text|phone|reach|contact|e-?mail|message|msg|dm|whats ?app|find|write to)"
    r" me (?:back )?(?:on|at|via|by|through)\b"
)
_LIVE = r"\b(?:I|we) live at\b|\bI am called\b|\bI['\u2019]m called\b"
_OWN = re.compile(
    rf"(?:{_MINE}|{_REACH}|{_LIVE})[^;\n!?]{{0,60}}?(?:$|[;\n!?]|\. |, (?=[a-z])|.(?=\b(?:and|"
    rf"but|the|he|she|they)\b))",
    re.IGNORECASE,
)


# The sections of a report, and of each what is asked in them: whether the answer is words.
_SECTIONS = [
    (section, {field.name: field.is_text for field in section.fields}) for section in sections(Part.REPORT)
]


class Piece(NamedTuple):
    """A piece of text: its place in the payload, the text, what question it answers ("people.names", or
    nothing for running words), the other answers of the same entry, and all its words in small letters:
    what a finder looks for begins with asking whether any of it is there.
    """

    where: str
    text: str
    asked: str = ""
    entry: Mapping[str, Answer] = _NO_ENTRY
    known: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"<Piece {self.where}>"


def pieces(contents: Sequence[Report | FollowUp]) -> Iterator[Piece]:
    """Give the pieces of what a case's source sent, each with their own details covered."""
    for number, content in enumerate(contents):
        before = f"{number}." if number else ""
        for piece in _report(content) if isinstance(content, Report) else _follow_up(content):
            yield piece_of(before + piece.where, covered(piece.text), piece.asked, piece.entry)


def piece_of(where: str, text: str, asked: str = "", entry: Mapping[str, Answer] = _NO_ENTRY) -> Piece:
    """Make a piece of a text; no more than ``MOST_TEXT`` of its characters are read."""
    text = text[:MOST_TEXT]
    return Piece(where, text, asked, entry, frozenset(_WORD.findall(text.lower())))


def covered(text: str) -> str:
    """Cover what a source says of how they themselves can be reached; the length stays."""
    if " me " not in text and "my " not in text.lower() and "live at" not in text and "called" not in text:
        return text
    return _OWN.sub(lambda match: COVER * len(match[0]), text)


def _report(report: Report) -> Iterator[Piece]:
    yield Piece(WHAT_HAPPENED, report.what_happened)
    for section, is_text in _SECTIONS:
        for number, entry in enumerate(report.answers.entries(section.name)):
            for name, answer in entry.items():
                if isinstance(answer, str) and is_text[name]:
                    yield Piece(place(section, number, name), answer, f"{section.name}.{name}", entry)
    for number, file in enumerate(report.files):
        if file.caption:
            yield Piece(f"files[{number}].caption", file.caption)


def _follow_up(follow_up: FollowUp) -> Iterator[Piece]:
    yield Piece("follow_up.text", follow_up.text)
    for number, file in enumerate(follow_up.files):
        if file.caption:
            yield Piece(f"files[{number}].caption", file.caption)
