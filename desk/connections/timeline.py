"""A timeline: what reports say when it happened, when they were received, what staff noted, what is due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from desk.normalise import days
from payload import FollowUp, Report
from payload.outline import SECTION

if TYPE_CHECKING:
    from desk.book import CaseFile


class Sort(StrEnum):
    """Where a moment comes from."""

    SAID = "said"
    RECEIVED = "received"
    NOTED = "noted"
    PASSED_ON = "passed on"
    DUE = "due"


@dataclass(frozen=True, slots=True, repr=False)
class Moment:
    """Something that happened ``on`` a day, in a month or in a year (YYYY-MM-DD, YYYY-MM, YYYY), or on no
    certain day (""): what, of which case (or "" of the investigation itself), and where that comes from.
    ``received`` is the day when words that tell of no certain day came in."""

    on: str
    what: str
    case: str
    source: Sort
    received: str = ""

    def __repr__(self) -> str:
        return "<Moment>"

    def as_json(self) -> dict[str, str]:
        """Give the JSON object of it."""
        told = {"on": self.on, "what": self.what, "case": self.case, "from": self.source.value}
        return told | ({"received": self.received} if self.received else {})


def ordered(moments: Iterable[Moment]) -> list[Moment]:
    """Put moments in order, the earliest first; a month stands before its days, and what has no certain day
    before all, in the order in which it was received."""
    return sorted(
        moments, key=lambda moment: (moment.on, moment.received, moment.case, moment.source, moment.what)
    )


def parted(moments: Iterable[Moment]) -> tuple[list[Moment], list[Moment]]:
    """Part those of a certain day, month or year from those of none; each in the order given."""
    found = list(moments)
    return [one for one in found if one.on], [one for one in found if not one.on]


def sent(case: str, contents: Iterable[Report | FollowUp]) -> Iterator[Moment]:
    """Give when what was sent in a case was received, and the days that it says. Words that are no certain
    day ("last Friday") have none; the day on which they were received is told beside them."""
    for content in contents:
        received = content.received_on.isoformat()
        more = isinstance(content, FollowUp)
        yield Moment(
            received, "more was received" if more else "the report was received", case, Sort.RECEIVED
        )
        if isinstance(content, Report):
            yield from _said(case, content)


def of_cases(files: Iterable["CaseFile"], moments: Iterable[Moment], only: str = "") -> list[Moment]:
    """Give the timeline of these cases: of ``moments``, which are in order, those of the case ``only`` or
    all, and what staff noted, passed on, and still has to do."""
    found = [moment for moment in moments if moment.case == only] if only else list(moments)
    worked = [moment for file in files if file.notes for moment in _worked(file)]
    return ordered([*found, *worked]) if worked else found


def _worked(file: "CaseFile") -> Iterator[Moment]:
    work = file.work
    yield from (Moment(event.on, event.text, file.name, Sort.NOTED) for event in work.events)
    yield from (due(task.due, task.title, file.name) for task in work.tasks if task.due and not task.done)
    for one in work.referrals:
        day = one.written_at.date().isoformat()
        yield Moment(day, f"passed on to {one.change.agency_name}", file.name, Sort.PASSED_ON)


def due(on: date, title: str, case: str = "") -> Moment:
    """Give the moment when a task is due."""
    return Moment(on.isoformat(), title, case, Sort.DUE)


def _said(case: str, report: Report) -> Iterator[Moment]:
    received = report.received_on.isoformat()
    for entry in report.answers.entries("when"):
        for name in ("date", "pattern"):
            answer = entry.get(name)
            if not isinstance(answer, str):
                continue
            found = next(days.in_field(answer, ""), None) if name == "date" else None
            if found is not None:
                yield Moment(found.values[0], "it happened, the report says", case, Sort.SAID)
            else:
                label = SECTION["when"].field(name).label
                yield Moment("", f"{label}: {answer}", case, Sort.SAID, received)
