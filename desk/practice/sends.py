"""What is filed, read from `reports/*.toml`: a table for each send, in the words of `payload.outline`.

A send has ``draft`` (a name, from which its draft id follows), ``days_ago``, and, by its ``kind`` (a report
if nothing is said), ``what_happened`` with ``answers``; ``text`` with the ``mailbox`` (a report's draft) it
is written from; or ``to``, ``topic``, ``message`` and ``reach``. ``again`` sends a report a second time, as a
browser does whose line broke off. ``files`` name what `desk.practice.making` makes.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from crypto.mailbox import Mailbox as Box
from crypto.returncode import root
from crypto.secret import ReturnCode
from payload import Answers, AttachedFile, Contact, FollowUp, Mailbox, Payload, Report
from payload.contact import Role
from payload.outline import SECTION, Field

REPORTS = Path(__file__).with_name("reports")
_DRAFT = b"vigil/practice/draft\0"
_CODE = b"vigil/practice/code\0"

Attach = Callable[[Mapping[str, str], date], AttachedFile]


@dataclass(frozen=True, slots=True)
class Planned:
    """One send: its draft id (16 bytes), and what it says once the day and the sealed files are known."""

    draft: bytes
    made: Callable[[date, Attach], Payload]


def planned() -> list[Planned]:
    """Give every send, in the order in which they are written down."""
    return [Planned(draft_of(told["draft"]), _maker(told, tables)) for tables in _tables() for told in tables]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many of each kind are filed; ``again``: reports that are sent a second time."""

    reports: int
    again: int
    follow_ups: int
    messages: int

    @property
    def sends(self) -> int:
        """How many sends these are together."""
        return self.reports + self.again + self.follow_ups + self.messages


def plan() -> Plan:
    """Count what is filed."""
    told = [one for tables in _tables() for one in tables]
    kinds = [one.get("kind", Report.kind) for one in told]
    again = sum(bool(one.get("again")) for one in told)
    return Plan(
        kinds.count(Report.kind) - again, again, kinds.count(FollowUp.kind), kinds.count(Contact.kind)
    )


def draft_of(name: str) -> bytes:
    """Give the draft id, 16 bytes, of a name: the same at every desk, and so is the case's name."""
    return sha256(_DRAFT + name.encode()).digest()[:16]


def code_of(name: str) -> ReturnCode:
    """Give the return code of the source who sent a draft: a trainee can read replies with its words."""
    return ReturnCode(sha256(_CODE + name.encode()).digest()[:16])


def _tables() -> Iterator[list[dict[str, Any]]]:
    for path in sorted(REPORTS.glob("*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8"))["send"]


def _maker(told: dict[str, Any], tables: Sequence[dict[str, Any]]) -> Callable[[date, Attach], Payload]:
    def made(today: date, attach: Attach) -> Payload:
        if told.get("again"):
            first = next(table for table in tables if table["draft"] == told["draft"])
            report = _report(first, today, attach)
            # Sent a second time it has a return code of its own.
            return replace(report, mailbox=_mailbox(f"{told['draft']} again"))
        return _KINDS[told.get("kind", Report.kind)](told, today, attach)

    return made


def _report(told: dict[str, Any], today: date, attach: Attach) -> Report:
    day = _day(told, today)
    return Report(
        draft_of(told["draft"]),
        day,
        "en",
        told["what_happened"].strip(),
        tuple(attach(file, day) for file in told.get("files", ())),
        Answers({name: _entries(name, given) for name, given in told.get("answers", {}).items()}),
        _mailbox(told["draft"]),
    )


def _follow_up(told: dict[str, Any], today: date, attach: Attach) -> FollowUp:
    day = _day(told, today)
    return FollowUp(
        draft_of(told["draft"]),
        day,
        "en",
        _mailbox(told["mailbox"]),
        told["text"].strip(),
        tuple(attach(file, day) for file in told.get("files", ())),
    )


def _contact(told: dict[str, Any], today: date, _attach: Attach) -> Contact:
    return Contact(
        draft_of(told["draft"]),
        _day(told, today),
        "en",
        Role(told["to"]),
        told["topic"],
        told["message"].strip(),
        told["reach"],
    )


_KINDS: Mapping[str, Callable[[dict[str, Any], date, Attach], Payload]] = {
    Report.kind: _report,
    FollowUp.kind: _follow_up,
    Contact.kind: _contact,
}


def _day(told: dict[str, Any], today: date) -> date:
    return today - timedelta(days=told["days_ago"])


def _mailbox(name: str) -> Mailbox:
    box = Box(root(code_of(name)))
    return Mailbox(bytes(box.public), box.reply_key.reveal())


def _entries(section: str, given: Any) -> tuple[dict[str, str | tuple[str, ...]], ...]:
    return tuple(
        {name: _answer(SECTION[section].field(name), answer) for name, answer in entry.items()}
        for entry in (given if SECTION[section].one else [given])
    )


def _answer(field: Field, answer: str | list[str]) -> str | tuple[str, ...]:
    if isinstance(answer, str):
        return answer
    return tuple(sorted(answer, key=[choice.value for choice in field.choices].index))
