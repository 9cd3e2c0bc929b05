"""The small forms of a case: each gives one change, in words that a page can say when something is wrong."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from desk.book.days import day, part_day
from desk.errors import DeskError
from payload.changes import Change, Event, Grade, Group, Lock, Owner, Read, Status, Tags, Task, Text

Typed = MultiDict[str, str]


def _day(text: str) -> date | None:
    return day(text) if text.strip() else None


def _needed(typed: Typed, name: str, what: str) -> str:
    text = typed.get(name, "").strip()
    if not text:
        raise DeskError(f"{what} is missing", "write it, then press the button again")
    return text


def _tags(typed: Typed) -> Tags:
    add = tuple(dict.fromkeys(tag for each in typed.get("add", "").split(",") if (tag := each.strip())))
    remove = tuple(dict.fromkeys(typed.getlist("remove")))
    if not add and not remove:
        raise DeskError("no tag was named", "write one or several, with commas between them")
    return Tags(add, remove)


def _grade(typed: Typed) -> Grade:
    source, handling, conditions = (
        typed.get("source", ""),
        typed.get("handling", ""),
        typed.get("conditions", ""),
    )
    if source not in ("1", "2", "3") or not typed.get("information") or not handling:
        raise DeskError("the grading is not complete", "choose one of each of the three lists")
    if handling == "C" and not conditions.strip():
        raise DeskError("the conditions are missing", "write on what conditions it may be shared")
    return Grade(int(source), typed["information"], handling, conditions.strip())


def _task(typed: Typed) -> Task:
    title = _needed(typed, "title", "what is to be done")
    known = typed.get("task", "")
    try:
        id_ = bytes.fromhex(known) if known else secrets.token_bytes(16)
    except ValueError:
        raise DeskError("there is no such task", "open the case anew") from None
    return Task(id_, title, _day(typed.get("due", "")), typed.get("done") == "yes")


def _event(typed: Typed) -> Event:
    return Event(part_day(_needed(typed, "on", "the day")), _needed(typed, "text", "what happened"))


def _lock(typed: Typed) -> Lock:
    if typed.get("locked") == "yes":
        return Lock(typed.get("file", ""), True, typed.get("why", "").strip())
    why = _needed(typed, "why", "the reason for taking the block off")
    second = _needed(typed, "second", "the name of a second person, who agrees")
    return Lock(typed.get("file", ""), False, f"{why} (agreed with {second})")


CHANGES: Mapping[str, Callable[[Typed], Change]] = {
    "text": lambda typed: Text(_needed(typed, "text", "the note")),
    "status": lambda typed: Status(typed.get("status", "")),
    "owner": lambda typed: Owner(typed.get("owner", "").strip()),
    "tags": _tags,
    "grade": _grade,
    "read": lambda typed: Read(typed.get("read") == "yes"),
    "task": _task,
    "event": _event,
    "group": lambda typed: Group(typed.get("group", "").strip()),
    "lock": _lock,
}


def change_of(typed: Typed) -> Change:
    """Give the change that a form asks for: its field ``what`` names it.

    :raises DeskError: something is missing, or wrong.
    :raises BadPayload: a field is too long, or holds what no form of ours sends.
    """
    make = CHANGES.get(typed.get("what", ""))
    if make is None:
        raise DeskError("the form did not arrive whole", "open the case anew and use the form on it")
    return make(typed)
