"""The inbox: filters that an address can hold, and the search through all that was written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from desk.book.book import Book
from desk.book.casefile import CaseFile
from desk.book.folding import joined, words_of
from desk.book.held import Held, texts_of
from desk.harmless import harmless
from desk.urgency import CHILDREN, DANGER
from payload.changes import SAME_AS, SPAM, STATUSES

KINDS = ("report", "contact", "follow-up", "note", "unknown")
URGENT = ("any", DANGER, CHILDREN)
GROUPS = ("", "spam", "all")  # what is neither spam nor the same as another case; spam alone; everything
NOBODY = "nobody"  # the owner of what has none
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST = 300  # characters of any one value
_CHOICES = {
    "kind": KINDS,
    "status": ("open", *STATUSES),
    "urgent": URGENT,
    "group": GROUPS,
    "unread": ("yes",),
}


@dataclass(frozen=True)
class Filter:
    """Which cases to show; what is empty lets all through.

    ``kind`` one of ``KINDS``; ``status`` one of `payload.changes.STATUSES`, or "open" for all but closed;
    ``unread`` "yes"; ``urgent`` one of ``URGENT``; ``owner`` a name, or ``NOBODY``; ``tag``; ``since`` and
    ``until`` days (YYYY-MM-DD) between which its source last sent something; ``words`` as ``search`` takes
    them; ``group`` one of ``GROUPS``.
    """

    kind: str = ""
    status: str = ""
    unread: str = ""
    urgent: str = ""
    owner: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    group: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filter":
        """Read one from an address's parameters; what is none that this knows counts as not given."""
        held = {field.name: given.get(field.name, "").strip()[:_MOST] for field in fields(cls)}
        for name, choices in _CHOICES.items():
            if held[name] not in choices:
                held[name] = ""
        for name in ("since", "until"):
            if not _DAY.fullmatch(held[name]):
                held[name] = ""
        return cls(**held)

    def as_query(self, **other: str) -> str:
        """Give the parameters of an address, ``other`` ones in place of its own: "status=new&tag=van"."""
        given = {field.name: getattr(self, field.name) for field in fields(self)} | other
        return urlencode({name: value for name, value in given.items() if value})

    def __bool__(self) -> bool:
        return self != Filter()


def found(book: Book, wanted: Filter) -> list[CaseFile]:
    """Give the cases that a filter lets through, the newest first.

    With no ``group`` what was marked as spam, or as the same as another case that is here, is left out.
    """
    sought = _Sought(wanted.words)
    return [file for file in book.newest() if _fits(book, file, wanted) and sought.fits(file)]


def _fits(book: Book, file: CaseFile, wanted: Filter) -> bool:
    work = file.work
    return (
        _in_group(book, work.group, wanted.group)
        and wanted.kind in ("", file.case.kind)
        and (wanted.status in ("", work.status) or (wanted.status == "open" and work.status != "closed"))
        and not (wanted.unread and work.read)
        and (
            not wanted.urgent or bool(file.urgent if wanted.urgent == "any" else wanted.urgent in file.urgent)
        )
        and (not wanted.owner or work.owner == ("" if wanted.owner == NOBODY else wanted.owner))
        and (not wanted.tag or wanted.tag in work.tags)
        and (not wanted.since or file.latest_on >= wanted.since)
        and (not wanted.until or "" < file.latest_on <= wanted.until)
    )


def _in_group(book: Book, group: str, wanted: str) -> bool:
    if wanted == "spam":
        return group == SPAM
    if wanted == "all" or not group:
        return True
    # What it is the same as may not be here: then it is shown itself.
    return group != SPAM and not book.has(group.removeprefix(SAME_AS))


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
    other way round. Searched is all that the source wrote, the team answered and staff noted, and the names
    of files and cases.
    """
    sought = _Sought(words)
    if not sought:
        return []
    files = [file for file in book.newest() if sought.fits(file)]
    return [Hit(file, tuple(excerpts(file, words))) for file in files[:most]]


def excerpts(file: CaseFile, words: str) -> Iterator[str]:
    """Give at most ``MOST_EXCERPTS`` pieces of a case's texts in which one of these words stands."""
    sought = _Sought(words)
    given = 0
    for held in (*file.held, *file.held_replies, *file.held_notes):
        if not sought.stands_in(held):
            continue
        for text in texts_of(held.sent):
            if given < MOST_EXCERPTS and (piece := sought.piece_of(text)):
                given += 1
                yield piece


class _Sought:
    """Words that are looked for: each group of alternatives must be found, by any of them."""

    def __init__(self, words: str) -> None:
        single = words_of(words)
        whole = [f" {word}" for word in joined(single)]
        # KX61 ABC may stand there as KX61ABC: then neither of its parts has to be found alone.
        self.groups = [
            (f" {word}", *(one for one in whole if word in one))
            for word in single
        ]  # fmt: skip

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
        sought = [one[1:] for group in self.groups for one in group]
        longest = max(map(len, sought))
        for match in re.finditer(r"[^\W_]+", text):
            word = "".join(words_of(match[0]))
            if not word:
                continue
            if any(word.startswith(one) for one in sought):
                return match.start()
            if any(one.startswith(word) for one in sought):
                rest = "".join(words_of(text[match.start() : match.end() + 2 * longest]))
                if any(rest.startswith(one) for one in sought):
                    return match.start()
        return None


def owners(files: Sequence[CaseFile]) -> list[str]:
    """Give everybody who has a case, for a list to choose from."""
    return sorted({file.work.owner for file in files if file.work.owner}, key=str.casefold)


def tags(files: Sequence[CaseFile]) -> list[str]:
    """Give every tag in use."""
    return sorted({tag for file in files for tag in file.work.tags}, key=str.casefold)
