"""The search through all that was written or ticked, in whatever form a number stands there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.book.book import Book
from desk.book.casefile import CaseFile
from desk.book.folding import LEAST_SIGNS, as_digits, joined, words_of
from desk.book.held import Held, texts_of, ticked_of
from desk.harmless import harmless

_ABROAD = re.compile(r"(?:00)?44(?=[0-9]{9,10}$)|0044|0(?=[1-9])")  # in front of a number of this country


@dataclass(frozen=True)
class Hit:
    """A case in which all words were found, and pieces of text around them, harmless on one line."""

    file: CaseFile
    excerpts: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Hit {self.file.name}>"


MOST_EXCERPTS = 3
_AROUND = 60  # characters on each side of what was found


def search(book: Book, words: str, most: int | None = None) -> list[Hit]:
    """Give the cases in which every word stands, or begins one that does, the newest first; at most ``most``.

    Capitals and accents do not matter. A number or mark written in groups is found in one piece too, and the
    other way round; a telephone number with +44 or without. Searched is all that the source wrote and ticked,
    the team answered and staff noted, and the names of files and cases.
    """
    sought = Sought(words)
    if not sought:
        return []
    files = [file for file in book.newest() if sought.fits(file)]
    return [Hit(file, tuple(excerpts(file, words))) for file in files[:most]]


def excerpts(file: CaseFile, words: str) -> Iterator[str]:
    """Give at most ``MOST_EXCERPTS`` pieces of a case's texts in which one of these words stands."""
    sought = Sought(words)
    given = 0
    for held in (*file.held, *file.held_replies, *file.held_notes):
        if not sought.stands_in(held):
            continue
        for text in (*texts_of(held.sent), *ticked_of(held.sent)):
            if given < MOST_EXCERPTS and (piece := sought.piece_of(text)):
                given += 1
                yield piece


class Sought:
    """Words that are looked for: each group of alternatives must be found, by any of them.

    An alternative that begins with a blank begins a word; any other may stand within one.
    """

    def __init__(self, words: str) -> None:
        single = words_of(words)
        whole = [f" {word}" for word in joined(single)]
        pieces = _numbers(single) + _normal(words)
        # KX61 ABC may stand there as KX61ABC: then neither of its parts has to be found alone.
        self.groups = [
            (f" {word}", *(one for one in whole if word in one), *_pieces_of(word, pieces)) for word in single
        ]

    def __bool__(self) -> bool:
        return bool(self.groups)

    def fits(self, file: CaseFile) -> bool:
        """Tell whether all of them stand in a case."""
        return all(
            any(one in file.words for one in group) or file.name.startswith(group[0][1:])
            for group in self.groups
        )

    def stands_in(self, held: Held) -> bool:
        """Tell whether one of them stands in an envelope."""
        return any(one in held.words for group in self.groups for one in group)

    def piece_of(self, text: str) -> str:
        """Give what stands around the first of them in a text, on one line, or nothing."""
        place = self._place(text)
        if place is None:
            return ""
        start, end = max(place - _AROUND, 0), place + _AROUND
        piece = " ".join(text[start:end].split())
        return harmless(f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}")

    def _place(self, text: str) -> int | None:
        sought = [one[1:] for group in self.groups for one in group if one[0] == " "]
        within = [one for group in self.groups for one in group if one[0] != " "]
        longest = max(map(len, (*sought, *within)))
        for match in re.finditer(r"[^\W_]+", text):
            word = "".join(words_of(match[0]))
            if not word:
                continue
            if any(word.startswith(one) for one in sought):
                return match.start()
            if within or any(one.startswith(word) for one in sought):
                rest = "".join(words_of(text[match.start() : match.end() + 2 * longest]))
                if any(rest.startswith(one) for one in sought) or _begins(rest, within):
                    return match.start()
        return None


_Pieces = list[tuple[frozenset[str], str]]  # for which of the typed words, and what may stand there instead


def _pieces_of(word: str, pieces: _Pieces) -> Iterator[str]:
    return (piece for words, piece in pieces if word in words)


def _numbers(words: Sequence[str]) -> _Pieces:
    """Give what digits that stand one behind the other may be written as: without 44 or 0 in front."""
    found: _Pieces = []
    for match in re.finditer(r"(?: [0-9oils]*[0-9][0-9oils]*)+(?![^ ])", f" {' '.join(words)}"):
        groups = match[0].split()
        # All of it may be one number, or each group be one.
        for some in (groups, *([group] for group in groups)):
            found += ((frozenset(some), piece) for piece in _without_front(as_digits("".join(some))))
    return found


def _normal(words: str) -> _Pieces:
    """Give the normal forms of what was typed: of a telephone number, a plate, a postcode."""
    # Here alone: the library for telephone numbers adds a fifth to what a command needs to start.
    from desk.normalise import in_text

    found: _Pieces = []
    for one in in_text(words, ""):
        typed = frozenset(words_of(one.as_typed))
        for value in one.values:
            whole = "".join(words_of(value))
            found += ((typed, piece) for piece in _without_front(as_digits(whole)) if "?" not in value)
    return found


def _without_front(number: str) -> Iterator[str]:
    rest = _ABROAD.sub("", number, count=1) if _ABROAD.match(number) else number
    rest = rest.removeprefix("0")
    yield from (piece for piece in dict.fromkeys((number, rest)) if len(piece) >= LEAST_SIGNS)


def _begins(rest: str, within: Sequence[str]) -> bool:
    read = as_digits(rest)
    # What may stand in front of a number of this country: 0, 44, 440, 0044.
    return any(
        read.removeprefix(front).startswith(one) for one in within for front in ("", "0", "44", "440", "0044")
    )
