"""All that was noted in a case, in words."""

from dataclasses import dataclass

from desk.book import CaseFile
from payload import StaffNote
from payload.changes import (
    STATUSES,
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

FIRST = STATUSES["new"]


@dataclass(frozen=True, repr=False)
class Noted:
    """One change: when (UTC), by whom, at which desk, and in words what changed."""

    when: str
    author: str
    desk: str
    what: str

    def __repr__(self) -> str:
        return "<Noted>"


def history(file: CaseFile) -> list[Noted]:
    """Give what was noted, the newest first."""
    numbers = {one.sealed_sha256.hex(): number for number, one in enumerate(file.attachments, 1)}
    found, status = [], FIRST
    for note in file.notes:
        found.append(_noted(note, status, numbers))
        if isinstance(note.change, Status):
            status = STATUSES[note.change.status]
    return found[::-1]


def _noted(note: StaffNote, status: str, numbers: dict[str, int]) -> Noted:
    words = _words(note.change, status, numbers)
    return Noted(note.written_at.strftime("%Y-%m-%d %H:%M"), note.author, note.desk, words)


def _words(change: Change, status: str, numbers: dict[str, int]) -> str:
    if isinstance(change, Status):
        return f"Status: {status} → {STATUSES[change.status]}"
    if isinstance(change, Lock):
        return _lock(change, numbers)
    if isinstance(change, Referred):
        return f"Passed on to {change.agency_name}, graded {change.grade}"
    return _plain(change)


def _plain(change: Change) -> str:
    match change:
        case Text():
            return "Wrote a note"
        case Owner():
            return f"Owner: {change.owner or 'nobody'}"
        case Tags():
            return _tags(change)
        case Grade():
            return f"Graded {change.code}" + (f": {change.conditions}" if change.conditions else "")
        case Read():
            return "Read" if change.read else "Marked as unread"
        case Task():
            due = f", by {change.due}" if change.due else ""
            return f"Task{' done' if change.done else ''}: {change.title}{due}"
        case Event():
            return f"Timeline: {change.on} {change.text}"
        case Group():
            return f"It is {change.group}" if change.group else "It is neither spam nor the same as another"
    return "A change that this desk has no words for"


def _tags(change: Tags) -> str:
    put = [f"put on {', '.join(change.add)}"] if change.add else []
    taken = [f"took off {', '.join(change.remove)}"] if change.remove else []
    return f"Tags: {'; '.join(put + taken)}"


def _lock(change: Lock, numbers: dict[str, int]) -> str:
    number = numbers.get(change.file)
    what = "the whole case" if not change.file else "a file" if number is None else f"file {number}"
    done = "Blocked" if change.locked else "No longer blocked"
    return f"{done}, {what}" + (f": {change.why}" if change.why else "")
