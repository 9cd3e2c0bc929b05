"""Normal forms of what a report tells: telephone numbers, plates, postcodes, what3words, days.

The server keeps everything as it was typed; it is read here, at the desk, and nothing is changed: what is
found goes beside the words it was found in. Text in, small frozen values out; no text is an error, and the
time grows as its length does. The part about the source is never looked at: nobody is to be found by how they
can be reached.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from desk.normalise import days, postcodes, registrations, telephones, threewords
from desk.normalise.found import Found, Kind, Reading
from payload import Report
from payload.outline import Part, Section, sections

__all__ = ["WHAT_HAPPENED", "Found", "Kind", "Reading", "as_json", "in_text", "normalised", "place"]

WHAT_HAPPENED = f"{Part.REPORT}.what_happened"

Finder = Callable[[str, str], Iterator[Found]]

# Answers that are one thing, and how it is read.
_FIELDS: Mapping[str, Finder] = {
    "people.telephone": telephones.in_field,
    "places.postcode": postcodes.in_field,
    "places.what3words": threewords.in_field,
    "vehicles.registration": registrations.in_field,
    "when.date": days.in_field,
}
# Numbers and letters of other kinds, which would pass for a telephone number or a plate.
_OTHERS = frozenset(
    {"people.accounts", "places.map_reference", "money.accounts", "money.wallets", "travel.flight"}
)
_IN_TEXT: tuple[Finder, ...] = (
    telephones.in_text,
    registrations.in_text,
    postcodes.in_text,
    threewords.in_text,
)


def normalised(report: Report) -> tuple[Found, ...]:
    """Find all that has a normal form in the part ``report`` and in what the files are said to show."""
    return tuple(_found(report))


def place(section: Section, number: int, name: str) -> str:
    """Give the place of an answer in the payload; ``number`` counts the section's entries from 0."""
    entry = f"{section.name}[{number}]" if section.one else section.name
    return f"{section.part}.{entry}.{name}"


def in_text(text: str, where: str) -> Iterator[Found]:
    """Find what can be found in running words."""
    for finder in _IN_TEXT:
        yield from finder(text, where)


def as_json(found: Iterable[Found]) -> dict[str, list[dict[str, object]]]:
    """Give the object that `show --json` prints: a list for every kind, empty or not."""
    told: dict[str, list[dict[str, object]]] = {kind.value: [] for kind in Kind}
    for one in found:
        told[one.kind.value].append(one.as_json())
    return told


def _found(report: Report) -> Iterator[Found]:
    yield from in_text(report.what_happened, WHAT_HAPPENED)
    for section in sections(Part.REPORT):
        for number, entry in enumerate(report.answers.entries(section.name)):
            for name, answer in entry.items():
                kind = f"{section.name}.{name}"
                if isinstance(answer, str) and section.field(name).is_text and kind not in _OTHERS:
                    finder = _FIELDS.get(kind, in_text)
                    yield from finder(answer, place(section, number, name))
    for number, file in enumerate(report.files):
        yield from in_text(file.caption, f"files[{number}].caption")
