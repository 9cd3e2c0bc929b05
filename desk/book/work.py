"""What staff made of a case: its notes one after the other, and what holds after the last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from payload import StaffNote
from payload.changes import (
    Change,
    Event,
    Grade,
    Group,
    Lock,
    Owner,
    Read,
    Referred,
    Status,
    Tags,
    Task,
    Text,
)

C = TypeVar("C", bound=Change)
NEW = "new"
WHOLE_CASE = ""  # what stands in ``Work.locked`` for all files and the case itself


@dataclass(frozen=True, slots=True)
class Said(Generic[C]):
    """One change, when (UTC, to the second), by whom and at which desk it was noted."""

    change: C
    written_at: datetime
    author: str
    desk: str

    def __repr__(self) -> str:
        return "<Said>"


@dataclass(frozen=True, slots=True)
class Work:
    """What holds of a case, by its notes.

    ``status`` is one of `payload.changes.STATUSES`; ``tasks`` the open ones first, by day; ``events`` by day;
    ``texts`` and ``referrals`` in the order in which they were noted; ``locks`` those in force, by the file's
    hash (hex) or ``WHOLE_CASE``, ``unlocks`` those that were taken off; ``read`` false again when its source
    sends more.
    """

    status: str = NEW
    owner: str = ""
    tags: frozenset[str] = frozenset()
    grade: Grade | None = None
    tasks: tuple[Task, ...] = ()
    events: tuple[Event, ...] = ()
    texts: tuple[Said[Text], ...] = ()
    referrals: tuple[Said[Referred], ...] = ()
    locks: tuple[Said[Lock], ...] = ()
    unlocks: tuple[Said[Lock], ...] = ()
    group: str = ""
    read: bool = False

    def __repr__(self) -> str:
        return "<Work>"

    @property
    def locked(self) -> frozenset[str]:
        """Which files are locked, by the SHA-256 (hex) of the sealed attachment; "" for the whole case."""
        return frozenset(said.change.file for said in self.locks)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """What is still to do."""
        return tuple(task for task in self.tasks if not task.done)

    def is_locked(self, sealed: str) -> bool:
        """Tell whether a file (SHA-256, hex, of it sealed) must not be shown, saved or passed on."""
        return any(said.change.file in (WHOLE_CASE, sealed) for said in self.locks)


NOTHING = Work()


def in_order(notes: Iterable[StaffNote]) -> tuple[StaffNote, ...]:
    """Give notes as they were written, each once, however often it was sealed."""
    each = {(note.written_at, note.note_id, note.change): note for note in notes}
    return tuple(sorted(each.values(), key=lambda note: (note.written_at, note.note_id)))


def work_of(notes: Sequence[StaffNote], sends: frozenset[str]) -> Work:
    """Give what holds after these notes, which are in order; ``sends`` names what the source sent."""
    if not notes:
        return NOTHING
    grades = said(notes, Grade)
    return Work(
        status=_last(notes, Status, "status", NEW),
        owner=_last(notes, Owner, "owner", ""),
        tags=_tags(notes),
        grade=grades[-1].change if grades else None,
        tasks=tasks_of(notes),
        events=events_of(notes),
        texts=said(notes, Text),
        referrals=said(notes, Referred),
        locks=_locks(notes, in_force=True),
        unlocks=_locks(notes, in_force=False),
        group=_last(notes, Group, "group", ""),
        read=_is_read(notes, sends),
    )


def said(notes: Iterable[StaffNote], kind: type[C]) -> tuple[Said[C], ...]:
    """Give the changes of one kind, in the order of the notes."""
    return tuple(
        Said(note.change, note.written_at, note.author, note.desk)
        for note in notes
        if isinstance(note.change, kind)
    )


def tasks_of(notes: Iterable[StaffNote]) -> tuple[Task, ...]:
    """Give the tasks as they stand: the open ones first, then by day, those without a day last."""
    tasks = {one.change.task_id: one.change for one in said(notes, Task)}
    return tuple(sorted(tasks.values(), key=lambda task: (task.done, task.due or date.max, task.title)))


def events_of(notes: Iterable[StaffNote]) -> tuple[Event, ...]:
    """Give the timeline by day; a year or a month stands before the days in it."""
    return tuple(sorted((one.change for one in said(notes, Event)), key=lambda event: event.on))


def _last(notes: Iterable[StaffNote], kind: type[Change], name: str, otherwise: str) -> str:
    found = otherwise
    for note in notes:
        if isinstance(note.change, kind):
            found = getattr(note.change, name)
    return found


def _tags(notes: Iterable[StaffNote]) -> frozenset[str]:
    tags: set[str] = set()
    for one in said(notes, Tags):
        tags |= set(one.change.add)
        tags -= set(one.change.remove)
    return frozenset(tags)


def _locks(notes: Iterable[StaffNote], *, in_force: bool) -> tuple[Said[Lock], ...]:
    found: Mapping[str, Said[Lock]] = {one.change.file: one for one in said(notes, Lock)}
    return tuple(one for one in found.values() if one.change.locked is in_force)


def _is_read(notes: Iterable[StaffNote], sends: frozenset[str]) -> bool:
    seen: set[str] = set()
    read = False
    for one in said(notes, Read):
        read = one.change.read
        seen = seen | set(one.change.seen) if read else set()
    return read and sends <= seen
