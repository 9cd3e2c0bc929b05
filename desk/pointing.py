"""Marks words that may point to a source, for a person to decide before anything is passed on.

Text in, places out. What reaches the source is found however it was typed; what only may point to them by
English words, and by the words that they used in the part about themselves. No finder knows everything: staff
read the whole text too, and the page and the command say so.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desk import pointing_numbers, pointing_phrases
from desk.pointing_common import COMMON, ENGLISH
from desk.pointing_fold import Stream, bridged, digits, fold, leet, letters, near, unspoken
from desk.pointing_values import Guarded, Sort, Value, values

__all__ = ["Choice", "Guarded", "Mark", "Nature", "Piece", "Severity", "marks", "surviving"]

REACHES = "it is, or is nearly, how the source can be reached, or a name that stands there"
THEIRS = "the source used this word when they told who they are or how they know"
IN_NAME = "the file is called so. Its name is not passed on: see whether the file itself shows the same"
FOREIGN = (
    "these words are not English, and only English is searched for what may point: let somebody read them"
)

_FEWEST_LETTERS, _FEWEST_WORDS = 10, 12  # of a text whose language can be told
_ENGLISH_IN = 12  # one word in so many, at least
_NUMBER_DIGITS = range(9, 21)
_ACCOUNT_DIGITS = range(6, 9)  # of a number that is one of a bank only by the words before it
_LONGEST_WORD = 100  # characters that a mark grows by, to end where a word ends
_BETWEEN = frozenset(' \t\r\n,;()[]{}<>"“”|')


class Severity(StrEnum):
    """``CONTACT`` is a way to reach the source or their name; ``MAY_POINT`` is all else."""

    CONTACT = "contact"
    MAY_POINT = "may point"


class Choice(StrEnum):
    """What a person can decide of a mark."""

    KEEP = "keep"
    REMOVE = "remove"
    SENTENCE = "sentence"
    REPLACE = "replace"
    NOT_THEIRS = "not theirs"


class Nature(StrEnum):
    """What a text is: the source's own words, an answer about other people, what stands in a file, or its
    name. The last two cannot be changed, and a file's name is not passed on.
    """

    FREE = "free"
    ABOUT_OTHERS = "about others"
    FILE_TEXT = "file text"
    FILE_NAME = "file name"


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """A text that may be passed on: where it stands, its name for people, what it is, and the text."""

    where: str
    label: str
    nature: Nature
    text: str

    def __repr__(self) -> str:
        return f"<Piece {self.where}>"


@dataclass(frozen=True, slots=True, repr=False)
class Mark:
    """A place to decide on: ``text`` is what stands in the piece ``where`` from ``start`` up to ``end``.

    One with no text is about the whole piece. Marks of a piece do not overlap.
    """

    where: str
    start: int
    end: int
    text: str
    why: str
    severity: Severity
    nature: Nature

    def __repr__(self) -> str:
        return f"<Mark {self.where} {self.severity}>"

    @property
    def id(self) -> str:
        """Give its name: the same for the same text in the same place."""
        named = "\0".join((self.where, str(self.start), self.severity, self.text))
        return hashlib.sha256(named.encode()).hexdigest()[:12]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Give what can be decided.

        What reaches the source cannot just be kept: a person says that it is not theirs, or it goes. What
        cannot be changed, in a file, is kept or the file is left out.
        """
        out = (Choice.REMOVE, Choice.SENTENCE, Choice.REPLACE)
        fixed = self.nature in (Nature.FILE_TEXT, Nature.FILE_NAME) or not self.text
        if self.severity is Severity.CONTACT:
            return (Choice.NOT_THEIRS,) if fixed else (*out, Choice.NOT_THEIRS)
        return (Choice.KEEP,) if fixed else (Choice.KEEP, *out)


def marks(pieces: Iterable[Piece], guarded: Guarded) -> tuple[Mark, ...]:
    """Give all that a person must decide on, in the order of the pieces."""
    wanted = values(guarded)
    return tuple(mark for piece in pieces for mark in _marks(piece, wanted))


def surviving(pieces: Iterable[Piece], guarded: Guarded, allowed: Iterable[Mark]) -> tuple[Mark, ...]:
    """Give the marks of what reaches the source that are left in decided pieces.

    ``allowed`` are those of which a person said that they are not the source's: each lets one pass.
    """
    passing = Counter((mark.where, fold(mark.text)) for mark in allowed)
    found = []
    for mark in marks(pieces, guarded):
        if mark.severity is Severity.CONTACT:
            known = (mark.where, fold(mark.text))
            passing[known] -= 1
            if passing[known] < 0:
                found.append(mark)
    return tuple(found)


_Span = tuple[int, int, str, Severity]


def _marks(piece: Piece, wanted: Sequence[Value]) -> Iterator[Mark]:
    spans = [_grown(piece.text, span) for span in _reaching(piece.text, wanted)]
    if piece.nature is not Nature.FILE_NAME:
        others = piece.nature is Nature.ABOUT_OTHERS
        foreign = _is_foreign(piece.text)
        found = pointing_phrases.told(piece.text, about_others=others, english=not foreign)
        spans += [(start, end, why, Severity.MAY_POINT) for start, end, why in found]
        if not others:
            spans += [_grown(piece.text, span) for span in _any_reach(piece)]
        if foreign:
            yield Mark(piece.where, 0, 0, "", FOREIGN, Severity.MAY_POINT, piece.nature)
    for start, end, why, severity in _merged(spans):
        # The name of a file stays here, whatever stands in it.
        held = piece.nature is Nature.FILE_NAME
        yield Mark(
            piece.where,
            start,
            end,
            piece.text[start:end],
            IN_NAME if held else why,
            Severity.MAY_POINT if held else severity,
            piece.nature,
        )


def _reaching(text: str, wanted: Sequence[Value]) -> Iterator[_Span]:
    if not text:
        return
    plain = letters(text)
    streams = {
        Sort.LETTERS: [plain, *leet(plain)],
        Sort.DIGITS: [*digits(text), *bridged(text)],
        Sort.ADDRESS: [unspoken(text)],
    }
    streams[Sort.ADDRESS] += streams[Sort.LETTERS]
    for value in wanted:
        why = REACHES if value.reaches else THEIRS
        severity = Severity.CONTACT if value.reaches else Severity.MAY_POINT
        for stream in streams[value.sort]:
            for first, end in near(stream.signs, value.signs, value.edits):
                start, stop = stream.span(first, end)
                if _counts(text, stream, value, first, end):
                    yield start, stop, why, severity


def _counts(text: str, stream: Stream, value: Value, first: int, end: int) -> bool:
    if value.whole and not stream.is_aligned(first, end):
        return False
    start, stop = stream.span(first, end)
    if value.capital:
        return text[start].isupper()
    if stream.signs[first:end] != value.signs and text[start:stop].casefold() in COMMON:
        return False
    return not (value.whole and value.edits and stream.signs[first] != value.signs[0] and end - first < 6)


def _any_reach(piece: Piece) -> Iterator[_Span]:
    text = piece.text
    if why := pointing_numbers.asked_for(piece.where):
        yield *_trimmed(text), why, Severity.MAY_POINT
        return
    for match in pointing_phrases.ADDRESS.finditer(text):
        yield *match.span(), pointing_phrases.ANY_ADDRESS, Severity.MAY_POINT
    for run in digits(text):
        start, end = run.span(0, len(run.signs))
        why = pointing_numbers.kind_of(text, start, end, run.signs)
        banks = len(run.signs) in _ACCOUNT_DIGITS and why == pointing_numbers.BANK
        if banks or len(run.signs) in _NUMBER_DIGITS:
            yield start, end, why, Severity.MAY_POINT


def _trimmed(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))


def _grown(text: str, span: _Span) -> _Span:
    """Give a span that begins and ends where words do: half a name beside the gap says the whole."""
    start, end, why, severity = span
    while start > 0 and text[start - 1] in "+(":
        start -= 1
    for _ in range(_LONGEST_WORD):
        if start > 0 and text[start - 1] not in _BETWEEN:
            start -= 1
        if end < len(text) and text[end] not in _BETWEEN:
            end += 1
    return start, end, why, severity


def _merged(spans: Iterable[_Span]) -> Iterator[_Span]:
    current: _Span | None = None
    for start, end, why, severity in sorted(spans):
        if current is None or start >= current[1]:
            if current is not None:
                yield current
            current = start, end, why, severity
            continue
        whys = current[2] if why in current[2] else f"{current[2]}; {why}"
        graver = Severity.CONTACT if Severity.CONTACT in (severity, current[3]) else Severity.MAY_POINT
        current = current[0], max(end, current[1]), whys, graver
    if current is not None:
        yield current


def _is_foreign(text: str) -> bool:
    """Tell whether it is another language than English, as far as its short words and its letters show it."""
    alphabetic = [char for char in text if char.isalpha()]
    if sum(not char.isascii() for char in alphabetic) > max(_FEWEST_LETTERS, len(alphabetic) // 2):
        return True
    # Names and addresses are of no language: a word with a capital says nothing.
    words = [word for raw in text.split() if (word := raw.strip(".,;:!?\"'()")) and word[0].islower()]
    if len(words) < _FEWEST_WORDS:
        return False
    return _ENGLISH_IN * sum(word in ENGLISH for word in words) < len(words)
