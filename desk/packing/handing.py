"""What of a case may go out, taken apart from what must not: the one place that sees both.

The part that tells what happened goes to `desk.referral`; of the part about the source only the consent does.
How to reach them, and what they told of themselves, is kept aside, to be looked for in what goes out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from desk.book import Book, CaseFile
from desk.book.locks import is_locked
from desk.book.work import WHOLE_CASE
from desk.errors import DeskError
from desk.packing.consent import Consent, Refused
from desk.packing.later import Agreed, agreed
from desk.packing.presenting import presented
from desk.packing.told import Addition, Sending, month_or_day
from desk.pointing import Guarded
from desk.urgency import DANGER
from payload import AttachedFile, FollowUp, Report
from payload.changes import Grade
from payload.outline import Part, sections
from publishing.agencies import Agency

T = TypeVar("T")
LOCKED = "do not open, copy or delete it. Call the solicitor"
_REACH = (("contact", "how"),)
_TOLD = (
    ("contact", "when"),
    ("you", "how_known"),
    ("you", "who_else"),
    ("evidence", "originals"),
    ("consent", "agencies"),
)
_FIRST_ASKED = 2  # the schema from which on a report's form asked for consent


@dataclass(frozen=True, slots=True, repr=False)
class Later:
    """A later yes as a person states it: the number of the follow-up (as `additions` counts), the words in
    it, the agencies that they agreed to, and the names of the two people who read it so.
    """

    number: int
    quote: str
    agencies: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """What staff choose. Numbers count from 1: ``sends`` those of `versions`, ``additions`` the follow-ups,
    None takes all. ``files`` are named by the SHA-256 (hex) of the sealed attachment, for their numbers
    change when more is sent; ``originals`` are those of them that go as they came.
    ``passed_on`` is the day that the paper says; ``later`` a yes that the source gave afterwards.
    """

    agency: Agency
    grade: Grade
    passed_on: date
    sends: tuple[int, ...] = (1,)
    additions: tuple[int, ...] | None = None
    files: tuple[str, ...] = ()
    originals: frozenset[str] = field(default_factory=frozenset)
    exact_days: bool = False
    answer_to: str = ""
    later: Later | None = None


def check_open(file: CaseFile) -> None:
    """See that something of the case may go out at all.

    :raises Refused: it is locked, a message to the team, or nothing in it tells what its source agreed to.
    """
    if said := _lock_of(file, WHOLE_CASE):
        raise Refused(f"this case is locked. {said}", LOCKED)
    if not file.reports:
        kind = "a message to the team" if file.case.kind == "contact" else "without its report"
        raise Refused(
            f"this case is {kind}: it cannot be passed on",
            "only who sends a report is asked whether it may be; ask them to send one",
        )


def locked_by(book: Book, file: CaseFile, one: AttachedFile) -> str:
    """Tell who locked a file, when and why, here or in another case that has the same; "" if nobody did."""
    if said := _lock_of(file, one.sealed_sha256.hex()):
        return said
    if not is_locked(book.files(), file, one):
        return ""
    return "The same file is locked in another case"


def _lock_of(file: CaseFile, sealed: str) -> str:
    for said in file.work.locks:
        if said.change.file in (WHOLE_CASE, sealed):
            why = said.change.why.strip().rstrip(".") or "no reason was written"
            return f"Locked by {said.author}, {month_or_day(said.written_at.date(), exact=True)}: {why}"
    return ""


def has_danger(file: CaseFile) -> bool:
    """Tell whether one of its reports says that somebody is in danger now."""
    return DANGER in file.urgent


def agreed_later(file: CaseFile, later: Later | None) -> Agreed | None:
    """Give the later yes that a person states.

    :raises DeskError: it does not stand there, or stands before the last report.
    """
    if later is None:
        return None
    (one,) = _numbered(additions(file), (later.number,), "follow-up")
    if any(report.received_on > one.received_on for report in file.reports):
        raise DeskError(
            "its source sent a report after that follow-up: what they ticked there counts",
            "choose a follow-up that came later, or ask them in a reply",
        )
    return agreed((one.received_on, one.text), later.quote, later.agencies, later.people)


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


def guarded(file: CaseFile, wish: Wish) -> Guarded:
    """Give what of the source must not go out, of all that they sent, passed on or not.

    What they call themselves anywhere is guarded as how to reach them is, and so are the numbers in reports
    and follow-ups that are not chosen: theirs are often given in one that says "my new number".
    """
    sent, added = versions(file), additions(file)
    chosen = set(range(1, len(added) + 1) if wish.additions is None else wish.additions)
    left_out = [one.text for number, one in enumerate(added, 1) if number not in chosen]
    left_out += [one.what_happened for number, one in enumerate(sent, 1) if number not in wish.sends]
    texts = [text for report in file.reports for text in (report.what_happened, *report.answers.texts())]
    called = (name for text in (*texts, *(one.text for one in added)) for name in presented(text))
    return Guarded(
        (*_answers(file, _REACH), *dict.fromkeys(called)), tuple(_answers(file, _TOLD)), tuple(left_out)
    )


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
