"""What a row of a list tells of a case: how it begins, what harm it tells of, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desk.book import Book, CaseFile
from desk.harmless import beginning
from desk.normalise import postcodes
from payload import Contact, FollowUp, Payload, Report
from payload.choices import CONDUCT, UNKNOWN
from payload.contact import LABELS

MOST = 200  # characters of the words; the style cuts them to two lines
MOST_PLACE = 60
_KINDS = {choice.value: choice.label for choice in CONDUCT if choice != UNKNOWN}
_LIKE_ONE = re.compile(r"([A-Za-z]{1,2}[0-9][0-9A-Za-z]?) ?[0-9][A-Za-z]{2}")  # of no area that there is
_PLACED = ("address", "landmark", "online", "what3words", "map_reference")


@dataclass(frozen=True, slots=True, repr=False)
class About:
    """How a case begins; ``what`` it is, for a report the kinds of harm that were ticked; ``place`` is the
    first half of a postcode, or the words of the first place, or nothing. All are harmless lines."""

    begins: str
    what: str
    place: str

    def __repr__(self) -> str:
        return "<About>"


def about(book: Book, file: CaseFile) -> About:
    """Tell of a case; it is read once, until something else comes in."""
    known: dict[str, About] = book.made_once("rows", lambda _: {})
    if file.name not in known:
        known[file.name] = _told(file)
    return known[file.name]


def _told(file: CaseFile) -> About:
    content = next(iter(file.contents), None)
    head = file.case.head
    if content is None:
        return About(head.begins or head.why or "(no words)", f"{file.case.kind}, not opened", "")
    place = next(_places(content), "") if isinstance(content, Report) else ""
    return About(beginning(content.words, MOST) or "(no words)", _what(content), beginning(place, MOST_PLACE))


def _what(content: Payload) -> str:
    if isinstance(content, Contact):
        label = LABELS[content.to]
        return f"message {label}" if label.startswith("about ") else f"message to {label}"
    if isinstance(content, FollowUp):
        return "follow-up to a report that is not here"
    ticked = [kind for entry in content.answers.entries("what") for kind in entry.get("kinds", ())]
    said = [f"{label[:1].lower()}{label[1:]}" for kind, label in _KINDS.items() if kind in ticked]
    return ", ".join(said) or "report, no kind ticked"


def _places(report: Report) -> Iterator[str]:
    entries = report.answers.entries("places")
    for entry in entries:
        typed = str(entry.get("postcode", "")).strip()
        for found in postcodes.in_field(typed, ""):
            yield found.values[0].split()[0]
        if match := _LIKE_ONE.fullmatch(typed):
            yield match[1].upper()
    for entry in entries:
        for name in ("postcode", *_PLACED):
            if answer := str(entry.get(name, "")).strip():
                yield answer
