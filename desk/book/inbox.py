"""The inbox: filters that an address can hold, what stands first, and the marks that a row shows."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from types import MappingProxyType
from urllib.parse import urlencode

from desk.book.book import Book
from desk.book.casefile import CaseFile
from desk.book.days import day
from desk.book.searching import Sought
from desk.errors import DeskError
from desk.urgency import CHILDREN, DANGER
from payload.changes import SAME_AS, SPAM, STATUSES

KINDS = ("report", "contact", "follow-up", "note", "unknown")
URGENT = ("any", DANGER, CHILDREN)
GROUPS = ("", "spam", "all")  # what is neither spam nor the same as another case; spam alone; everything
NOBODY = "nobody"  # the owner of what has none
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
    ``until`` days (YYYY-MM-DD) between which its source last sent something; ``words`` as
    `desk.book.searching` takes them; ``group`` one of ``GROUPS``.
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
            held[name] = _day(held[name])
        return cls(**held)

    def as_query(self, **other: str) -> str:
        """Give the parameters of an address, ``other`` ones in place of its own: "status=new&tag=van"."""
        given = {field.name: getattr(self, field.name) for field in fields(self)} | other
        return urlencode({name: value for name, value in given.items() if value})

    def __bool__(self) -> bool:
        return self != Filter()


Groups = Mapping[str, Sequence[str]]  # by a case's name: the names of those in nearly the same words
NO_GROUPS: Groups = MappingProxyType({})


def _day(text: str) -> str:
    """Give a day that was typed in any way as YYYY-MM-DD, nothing for what is none."""
    with suppress(DeskError):
        return day(text).isoformat()
    return ""


def found(book: Book, wanted: Filter, groups: Groups = NO_GROUPS) -> list[CaseFile]:
    """Give the cases that a filter lets through: those of ``first_names``, then all others; in both the
    newest first.

    With no ``group`` what was marked as spam, or as the same as another case that is here, is left out, until
    its source sends more.
    """
    sought = Sought(wanted.words)
    files = [file for file in book.newest() if _fits(book, file, wanted) and sought.fits(file)]
    first = first_names(book, groups)
    return sorted(files, key=lambda file: file.name not in first)


def first_names(book: Book, groups: Groups = NO_GROUPS) -> frozenset[str]:
    """Give the names of the cases that stand first: somebody is in danger now, and they are not closed; with
    them those that they are the same as, or that say nearly the same and are not closed either."""
    urgent = [file for file in book.files() if DANGER in file.urgent and _waits(file)]
    names = {file.name for file in urgent}
    for file in urgent:
        # Of cases that say the same one row is shown, and it may be another's.
        near = {*groups.get(file.name, ()), file.work.group.removeprefix(SAME_AS)}
        names |= {one.name for name in near if book.has(name) and _waits(one := book.case(name))}
    return frozenset(names)


def _waits(file: CaseFile) -> bool:
    return file.work.status != "closed" and not (file.work.group == SPAM and file.work.read)


@dataclass(frozen=True, slots=True)
class Marks:
    """The strictest of what is known of cases that one row stands for.

    ``urgent`` as `CaseFile.urgent`; ``by_staff`` those of them that no report says; ``to_no_one``: one of
    their sources said that it may be passed on to no one; ``unread``: one of them was not read.
    """

    urgent: tuple[str, ...]
    by_staff: tuple[str, ...]
    to_no_one: bool
    unread: bool


def marks(files: Iterable[CaseFile]) -> Marks:
    """Give the strictest marks of cases that are shown as one."""
    each = list(files)
    told = {mark for file in each for mark in file.urgent if mark not in file.urgent_by_staff}
    urgent = tuple(mark for mark in (DANGER, CHILDREN) if any(mark in file.urgent for file in each))
    return Marks(
        urgent,
        tuple(mark for mark in urgent if mark not in told),
        any(file.to_no_one for file in each),
        any(not file.work.read for file in each),
    )


def same_as(book: Book) -> Mapping[str, tuple[CaseFile, ...]]:
    """Give by a case's name the cases of which staff noted that they are the same as it."""
    noted: dict[str, list[CaseFile]] = {}
    for file in book.files():
        if file.work.group.startswith(SAME_AS):
            noted.setdefault(book.current(file.work.group.removeprefix(SAME_AS)), []).append(file)
    return {name: tuple(files) for name, files in noted.items()}


def _fits(book: Book, file: CaseFile, wanted: Filter) -> bool:
    work = file.work
    return (
        _in_group(book, file, wanted.group)
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


def _in_group(book: Book, file: CaseFile, wanted: str) -> bool:
    group = file.work.group
    if wanted == "spam":
        return group == SPAM
    # Who was taken for a robot, or for another, may still call for help.
    if wanted == "all" or not group or not file.work.read:
        return True
    # What it is the same as may not be here: then it is shown itself.
    return group != SPAM and not book.has(group.removeprefix(SAME_AS))


def owners(files: Sequence[CaseFile]) -> list[str]:
    """Give everybody who has a case, for a list to choose from."""
    return sorted({file.work.owner for file in files if file.work.owner}, key=str.casefold)


def tags(files: Sequence[CaseFile]) -> list[str]:
    """Give every tag in use."""
    return sorted({tag for file in files for tag in file.work.tags}, key=str.casefold)
