"""A draft as a page shows it: the whole text with its marks in it, and beside each what can be decided."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from desk.packing.cutting import sentences
from desk.packing.told import Row, file_pieces
from desk.pointing import Choice, Mark, Nature, Piece
from desk.referral import Draft

SAYS: Mapping[Choice, str] = {
    Choice.KEEP: "Leave it in",
    Choice.REMOVE: "Take it out",
    Choice.SENTENCE: "Take the whole sentence out",
    Choice.REPLACE: "Put these words in its place",
    Choice.NOT_THEIRS: "It is not the source’s: leave it in",
}


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """A piece of text: within the mark of this number, or 0."""

    text: str
    number: int = 0

    @property
    def lines(self) -> list[str]:
        """Give the text line by line."""
        return self.text.replace("\r\n", "\n").replace("\t", "    ").split("\n")


@dataclass(frozen=True, slots=True, repr=False)
class ToDecide:
    """A mark, its number on the page, and how many others have the same words."""

    mark: Mark
    number: int
    alike: int

    @property
    def choices(self) -> list[tuple[Choice, str]]:
        """Give what can be decided, in words."""
        looked = self.mark.nature is Nature.FILE_NAME or not self.mark.text
        return [
            (choice, "I have looked" if looked and choice is Choice.KEEP else SAYS[choice])
            for choice in self.mark.choices
        ]


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A question and its answer with its marks."""

    label: str
    runs: tuple[Run, ...]
    marks: tuple[ToDecide, ...] = ()
    place: str = ""  # by which it can be left out, or nothing
    where: str = ""  # by which words can be taken out of it, or nothing
    sentences: tuple[tuple[str, str], ...] = ()  # name and words of each that can be taken out


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """What stands under one title; ``level`` as of `desk.packing.told.Group`."""

    level: int
    title: str
    rows: tuple[Shown, ...]


def parts(draft: Draft) -> list[Part]:
    """Give all that would go out, and the names of files, which would not."""
    by_place: dict[str, list[ToDecide]] = defaultdict(list)
    same = Counter(_key(mark) for mark in draft.marks)
    for number, mark in enumerate(draft.marks, 1):
        others = same[_key(mark)] - 1 if mark.text else 0
        by_place[mark.where].append(ToDecide(mark, number, others))
    found = [
        Part(group.level, group.title, tuple(_row(row, by_place) for row in group.rows))
        for group in draft.groups
    ]
    rows = tuple(
        _shown(piece.label, piece.text, by_place[piece.where], *_places(piece))
        for piece in file_pieces(draft.told.files)
    )
    return [*found, *([Part(1, "Files", rows)] if rows else [])]


def _row(row: Row, by_place: Mapping[str, list[ToDecide]]) -> Shown:
    marks = by_place.get(row.where, ()) if row.where else ()
    return _shown(row.label, row.text, marks, row.place, row.where)


def _places(piece: Piece) -> tuple[str, str]:
    return (piece.where, piece.where) if piece.nature is Nature.FREE else ("", "")


def _shown(label: str, text: str, marks: Sequence[ToDecide], place: str, where: str) -> Shown:
    each = sentences(text) if where else ()
    named = tuple((f"{where}#{number}", text[start:end]) for number, (start, end) in enumerate(each))
    return Shown(label, tuple(_runs(text, marks)), tuple(marks), place, where, named)


def _runs(text: str, marks: Sequence[ToDecide]) -> Iterator[Run]:
    at = 0
    for one in marks:
        if one.mark.start > at:
            yield Run(text[at : one.mark.start])
        if one.mark.text:
            yield Run(one.mark.text, one.number)
        at = one.mark.end
    if at < len(text):
        yield Run(text[at:])


def _key(mark: Mark) -> tuple[str, tuple[Choice, ...]]:
    return mark.text.casefold(), mark.choices
