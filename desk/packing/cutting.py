"""What a person takes out beyond the marks: whole answers, sentences, and words that they name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from desk.errors import DeskError
from desk.pointing import Piece

LEFT_OUT = "[left out]"
MOST = 5_000  # characters of words to take out of one answer
_END = re.compile(r"[.!?\u3002]+[\"'”’)\]]*(?=\s|$)|\n")
_SHORTENED = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|rd|no|nos|e\.g|i\.e|a\.m|p\.m|approx|[A-Z])\.$", re.IGNORECASE
)

Span = tuple[int, int]
Put = tuple[int, int, str]  # from where up to where, and what stands there instead


@dataclass(frozen=True, slots=True, repr=False)
class Cuts:
    """By place: ``left_out`` answers, captions and additions that do not go out at all; ``sentences`` as
    "place#number" from 0; ``words`` that are taken out wherever they stand in a text.
    """

    left_out: frozenset[str] = frozenset()
    sentences: frozenset[str] = frozenset()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many were chosen."""
        return len(self.left_out) + len(self.sentences) + sum(map(len, self.words.values()))


def sentences(text: str) -> tuple[Span, ...]:
    """Give where each sentence of a text begins and ends, without the gaps between them."""
    ends = [match.end() for match in _END.finditer(text) if not _SHORTENED.search(text, 0, match.end())]
    found, start = [], 0
    for end in (*ends, len(text)):
        said = text[start:end].strip()
        if said:
            begin = text.index(said, start)
            found.append((begin, begin + len(said)))
        start = end
    return tuple(found)


def whole_sentence(text: str, span: Span) -> Span:
    """Give the sentences that a span stands in, from the first up to the last."""
    touched = [one for one in sentences(text) if one[0] < span[1] and span[0] < one[1]]
    return (touched[0][0], touched[-1][1]) if touched else span


def taken_out(piece: Piece, cuts: Cuts) -> tuple[Put, ...]:
    """Give what a person takes out of a text.

    :raises DeskError: words do not stand in it, or there is no such sentence.
    """
    all_ = sentences(piece.text)
    found = []
    for named in cuts.sentences:
        where, _, number = named.rpartition("#")
        if where == piece.where:
            if not (number.isascii() and number.isdecimal() and int(number) < len(all_)):
                raise DeskError(f"there is no sentence {number} in {where}", "choose it anew")
            found.append(all_[int(number)])
    for words in cuts.words.get(piece.where, ()):
        found += _standing(piece, words)
    return tuple((start, end, LEFT_OUT) for start, end in found)


def given(text: str, typed: str) -> tuple[str, ...]:
    """Give the words that a person pasted: all of it, where that stands in the text, or line by line."""
    if not typed.strip():
        return ()
    if _pattern(typed).search(text):
        return (typed.strip(),)
    return tuple(line.strip() for line in typed.splitlines() if line.strip())


def put(text: str, puts: Sequence[Put]) -> str:
    """Give a text with each span replaced; where spans meet in one another, nothing of either is left."""
    made, at = [], 0
    for start, end, words in _merged(puts):
        made += [text[at:start], words]
        at = end
    return "".join((*made, text[at:]))


def _merged(puts: Sequence[Put]) -> Iterator[Put]:
    current: Put | None = None
    for start, end, words in sorted(puts):
        if current is not None and start < current[1]:
            current = current[0], max(end, current[1]), LEFT_OUT
            continue
        if current is not None:
            yield current
        current = start, end, words
    if current is not None:
        yield current


def _standing(piece: Piece, words: str) -> list[Span]:
    if len(words) > MOST:
        raise DeskError(f"more than {MOST:,} characters are to be taken out at once", "leave the answer out")
    found = [match.span() for match in _pattern(words).finditer(piece.text)]
    if not found:
        raise DeskError(
            f"the words to be taken out do not stand in: {piece.label}", "copy them out of it, or clear them"
        )
    return found


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
