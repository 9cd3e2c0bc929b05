"""What of a case may go out, taken apart from what must not: the one place that sees both.

The part that tells what happened goes to `desk.referral`; of the part about the source only the consent does.
How to reach them, and what they told of themselves, is kept aside, to be looked for in what goes out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from desk.book import CaseFile
from desk.book.work import WHOLE_CASE
from desk.errors import DeskError
from desk.packing.consent import Consent, Refused
from desk.packing.told import Addition, Sending
from desk.pointing import Guarded
from payload import FollowUp, Report
from payload.changes import Grade
from payload.outline import Part, sections
from publishing.agencies import Agency

T = TypeVar("T")
_REACH = (("contact", "how"),)
_TOLD = (("contact", "when"), ("you", "how_known"), ("you", "who_else"), ("evidence", "originals"))
_FIRST_ASKED = 2  # the schema from which on a report's form asked for consent


@dataclass(frozen=True, slots=True)
class Wish:
    """What staff choose. Numbers count from 1: ``sends`` those of `versions`, ``additions`` the follow-ups,
    ``files`` those that `show` prints; None takes all. ``originals`` are files that go as they came.
    """

    agency: Agency
    grade: Grade
    sends: tuple[int, ...] = (1,)
    additions: tuple[int, ...] | None = None
    files: tuple[int, ...] = ()
    originals: frozenset[int] = field(default_factory=frozenset)
    exact_days: bool = False
    answer_to: str = ""


def check_open(file: CaseFile) -> None:
    """See that something of the case may go out at all.

    :raises Refused: it is locked, a message to the team, or nothing in it tells what its source agreed to.
    """
    if file.work.is_locked(WHOLE_CASE):
        raise Refused("this case is locked", "read docs/legal.md; whoever locked it wrote why in its notes")
    if not file.reports:
        kind = "a message to the team" if file.case.kind == "contact" else "without its report"
        raise Refused(
            f"this case is {kind}: it cannot be passed on",
            "only who sends a report is asked whether it may be; ask them to send one",
        )


def versions(file: CaseFile) -> list[Report]:
    """Give the reports that differ in what they tell; what was sent again word for word counts once."""
    found: dict[tuple[str, str], Report] = {}
    for report in file.reports:
        found.setdefault((report.what_happened, str(report.answers.as_json(Part.REPORT))), report)
    return list(found.values())


def additions(file: CaseFile) -> list[FollowUp]:
    """Give what its source added later in words, the oldest first, each text once."""
    found: dict[str, FollowUp] = {}
    for content in file.contents:
        if isinstance(content, FollowUp) and content.text.strip():
            found.setdefault(content.text, content)
    return list(found.values())


def chosen_sends(file: CaseFile, wish: Wish) -> tuple[Sending, ...]:
    """Give the chosen reports, less the part about their source.

    :raises DeskError: a number is none of theirs.
    """
    return tuple(map(_sending, _numbered(versions(file), wish.sends, "report")))


def chosen_additions(file: CaseFile, wish: Wish) -> tuple[Addition, ...]:
    """Give the chosen follow-ups.

    :raises DeskError: a number is none of theirs.
    """
    found = additions(file)
    wanted = range(1, len(found) + 1) if wish.additions is None else wish.additions
    return tuple(Addition(one.received_on, one.text) for one in _numbered(found, tuple(wanted), "follow-up"))


def consents(file: CaseFile) -> list[Consent]:
    """Give what each send of a report says that may be done with it."""
    return [
        Consent.of(sent.content.answers.entries("consent"), asked=(sent.schema or 1) >= _FIRST_ASKED)
        for sent in file.sends
        if isinstance(sent.content, Report)
    ]


def guarded(file: CaseFile) -> Guarded:
    """Give what of the source must not go out, of all that they sent."""
    return Guarded(tuple(_answers(file, _REACH)), tuple(_answers(file, _TOLD)))


def _sending(report: Report) -> Sending:
    told = {
        section.name: entries
        for section in sections(Part.REPORT)
        if (entries := report.answers.entries(section.name))
    }
    return Sending(report.received_on, report.what_happened, told)


def _answers(file: CaseFile, wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    for report in file.reports:
        for section, name in wanted:
            for entry in report.answers.entries(section):
                if isinstance(answer := entry.get(name), str):
                    yield answer


def _numbered(all_: Sequence[T], numbers: Sequence[int], what: str) -> list[T]:
    for number in numbers:
        if not 1 <= number <= len(all_):
            raise DeskError(f"there is no {what} {number} in this case", f"it has {len(all_)}")
    return [all_[number - 1] for number in dict.fromkeys(numbers)]
