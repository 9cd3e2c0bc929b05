"""What staff made of a case or an investigation, as rows for people and as JSON."""

from collections.abc import Iterable, Iterator, Sequence

from desk.book.casefile import CaseFile
from desk.book.investigations import InvestigationFile
from desk.book.work import Said, Work
from desk.columns import quoted
from desk.harmless import harmless, harmless_lines, harmless_name
from payload import StaffNote
from payload.changes import (
    HANDLING,
    INFORMATION,
    SOURCES,
    STATUSES,
    Change,
    Event,
    Grade,
    Referred,
    Task,
    Text,
)

ID = 6  # hex letters by which a task is named


def mark(file: CaseFile) -> str:
    """Give what `list` says in one word or three: DANGER, children, unread, or how far the work is."""
    work = file.work
    far = "unread" if not work.read else ("read" if work.status == "new" else work.status)
    urgent = [word.upper() if word == "danger" else word for word in file.urgent]
    return ", ".join([*urgent, *([work.group] if work.group else []), far])


def work_lines(work: Work) -> Iterator[str]:
    """Give what holds of a case; nothing where nobody noted anything."""
    if work.status != "new" or work.read:
        yield f"work      {STATUSES[work.status]}{'' if work.read else ', not all of it read'}"
    if work.owner:
        yield from quoted(harmless_name(work.owner), "owner     ")
    for tag in sorted(work.tags):
        yield from quoted(harmless_name(tag), "tag       ")
    if work.group:
        yield f"group     {work.group}"
    if work.grade is not None:
        yield from _grade_lines(work.grade)
    for said in (*work.locks, *work.unlocks):
        what = f"file {said.change.file[:12]}" if said.change.file else "the whole case"
        how = "locked    " if said.change.locked else "unlocked  "
        yield f"{how}{what}, by {_by(said.author, said.desk)} on {said.written_at:%Y-%m-%d}"
        if said.change.why:
            yield from quoted(harmless_name(said.change.why), "          ")
    for referral in work.referrals:
        yield from _referral_lines(referral)
    yield from task_lines(work.tasks)
    yield from event_lines(work.events)


def _grade_lines(grade: Grade) -> Iterator[str]:
    yield f"graded    {grade.code}"
    for said in (SOURCES[grade.source], INFORMATION[grade.information], HANDLING[grade.handling]):
        yield f"          {said}"
    for line in harmless_lines(grade.conditions) if grade.conditions else ():
        yield from quoted(line, "          ")


def _referral_lines(said: Said[Referred]) -> Iterator[str]:
    referral = said.change
    yield f"passed on {said.written_at:%Y-%m-%d}, {referral.grade}, by {_by(said.author, said.desk)}"
    yield from quoted(harmless_name(referral.agency_name), "  to      ")
    yield f"  pack    SHA-256 {referral.pack_sha256}"


def task_lines(tasks: Iterable[Task]) -> Iterator[str]:
    """Give tasks with the letters by which `--done` names them."""
    for task in tasks:
        due = f", by {task.due}" if task.due else ""
        done = "done" if task.done else f"to do{due}"
        yield from quoted(harmless_name(task.title), f"task {task.task_id.hex()[:ID]}  {done}  ")


def event_lines(events: Iterable[Event]) -> Iterator[str]:
    """Give a timeline."""
    for event in events:
        for place, line in enumerate(harmless_lines(event.text)):
            yield from quoted(line, f"{event.on if not place else '':10}  ")


def text_lines(texts: Sequence[Said[Text]]) -> Iterator[str]:
    """Give the notes in words, in the order in which they were written."""
    for said in texts:
        yield ""
        yield f"note of {said.written_at:%Y-%m-%d %H:%M} (UTC) by {_by(said.author, said.desk)}"
        for line in harmless_lines(said.change.text):
            yield from quoted(line, "  ")


def investigation_lines(one: InvestigationFile) -> Iterator[str]:
    """Give an investigation in full."""
    yield from quoted(harmless_name(one.name), f"{one.id.hex()[:8]}  {'open' if one.open else 'closed'}  ")
    for line in harmless_lines(one.about) if one.about else ():
        yield from quoted(line, "  ")
    yield f"cases     {', '.join(one.cases) or 'none yet'}"
    if one.absent:
        yield f"not here  {', '.join(one.absent)}"
    for person in one.people:
        reach = "; ".join(harmless_name(word) for word in (person.role, person.reach) if word)
        yield from quoted(f"{harmless_name(person.name)}{f' ({reach})' if reach else ''}", "person    ")
    yield from task_lines(one.tasks)
    yield from event_lines(one.timeline)
    yield from text_lines(one.texts)


def _by(author: str, desk: str) -> str:
    return harmless_name(author) or f"desk {harmless(desk)}"


def work_json(work: Work) -> dict[str, object]:
    """Give what holds of a case as JSON."""
    return {
        "status": work.status,
        "read": work.read,
        "owner": work.owner,
        "tags": sorted(work.tags),
        "group": work.group,
        "grade": None if work.grade is None else {**_plain(work.grade), "code": work.grade.code},
        "locked": sorted(work.locked),
        "tasks": [_plain(task) for task in work.tasks],
        "timeline": [_plain(event) for event in work.events],
        "referrals": [{**_plain(one.change), **_told(one)} for one in work.referrals],
    }


def notes_json(notes: Iterable[StaffNote]) -> list[dict[str, object]]:
    """Give all notes as they were written."""
    return [
        {
            "written_at": f"{note.written_at:%Y-%m-%dT%H:%M:%SZ}",
            "author": note.author,
            "desk": note.desk,
            "change": note.change.as_json(),
        }
        for note in notes
    ]


def investigation_json(one: InvestigationFile) -> dict[str, object]:
    """Give an investigation as JSON."""
    return {
        "id": one.id.hex(),
        "name": one.name,
        "about": one.about,
        "open": one.open,
        "cases": list(one.cases),
        "absent": list(one.absent),
        "people": [_plain(person) for person in one.people],
        "tasks": [_plain(task) for task in one.tasks],
        "timeline": [_plain(event) for event in one.timeline],
        "notes": notes_json(one.notes),
    }


def _plain(change: Change) -> dict[str, object]:
    return {name: value for name, value in change.as_json().items() if name != "what"}


def _told(said: Said[Referred]) -> dict[str, object]:
    return {
        "written_at": f"{said.written_at:%Y-%m-%dT%H:%M:%SZ}",
        "author": said.author,
        "desk": said.desk,
    }
