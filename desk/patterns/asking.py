"""What an investigator of county lines asks first: which numbers and plates come back, where homes are taken
over, whether children are in it, how people travel, and how old they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from desk.connections.written import commonest
from desk.patterns.facts import COUNTY_LINES, CUCKOOING, Facts
from desk.patterns.tables import Row, Table, counted, shortened
from desk.urgency import UNDER_18
from payload.choices import AGES, CONDUCT, Choice

MOST = 50  # rows of a table whose values are endless; the first ones have most cases
_LAST = "until"
_COLUMNS = {
    "areas": "Postcode areas",
    "kinds": "Kinds of harm",
    "since": "First received",
    _LAST: "Last received",
}

TELEPHONE, REGISTRATION, ADDRESS, POSTCODE = "telephone", "registration", "address", "postcode"


def asked(facts: Sequence[Facts]) -> Iterator[Table]:
    """Give the tables, in the order in which an investigator would ask."""
    yield from _coming_back(facts)
    yield _taken_over(facts)
    yield _children(facts)
    yield _children_by_area(facts)
    yield from _travel(facts)
    yield from _ages(facts)


def labels(choices: Iterable[Choice]) -> dict[str, str]:
    """Give the words of choices by their values."""
    return {choice.value: choice.label for choice in choices}


def _coming_back(facts: Sequence[Facts]) -> Iterator[Table]:
    numbers = _found(facts, (TELEPHONE,), least=2)
    yield _table(
        "telephones",
        "Phone numbers in most reports",
        "Each number that two reports or more tell of. A number that many reports tell of may be a deal "
        "line: read what they say of it.",
        "Phone number",
        numbers,
    )
    far = sorted(
        (
            row
            for row in (*numbers, *_found(facts, (REGISTRATION,), least=2))
            if len(str(row.more["areas"]).split()) > 1
        ),
        key=lambda row: (-len(str(row.more["areas"]).split()), -row.count, row.value),
    )
    yield _table(
        "travelling",
        "Phone numbers and number plates in more than one postcode area",
        "The area is that of the places in the same report, which may tell of several. "
        "Plates that were seen in part are not counted here; the links show them.",
        "Number or plate",
        far,
    )


def _taken_over(facts: Sequence[Facts]) -> Table:
    return _table(
        "cuckooing",
        "Addresses in reports of homes taken over",
        "Every address and whole postcode in reports where “A home taken over by a gang” was ticked. "
        "Someone who lives there may be in danger: check before anyone calls or writes.",
        "Address or postcode",
        [
            row
            for row in _found([one for one in facts if CUCKOOING in one.kinds], (ADDRESS, POSTCODE), least=1)
            if row.more["kind"] == ADDRESS or " " in row.value
        ],
    )


def _children(facts: Sequence[Facts]) -> Table:
    asked_: Mapping[str, tuple[str, Callable[[Facts], bool]]] = {
        "children": ("Reports that tell of a child in any way below", lambda one: one.children),
        "ticked": ("“A child used or harmed” was ticked", lambda one: "child" in one.kinds),
        "in_need": ("Someone under 18 may need help", lambda one: bool(UNDER_18.intersection(one.in_need))),
        "suspects": ("Someone suspected is under 18", lambda one: bool(UNDER_18.intersection(one.suspects))),
        "county_lines": (
            "A child, and people forced into crime",
            lambda one: one.children and COUNTY_LINES in one.kinds,
        ),
        "danger": ("A child, and someone is in danger now", lambda one: one.children and one.danger),
    }
    rows = [
        Row(name, label, cases)
        for name, (label, fits) in asked_.items()
        if (cases := tuple(one.case for one in facts if fits(one)))
    ]
    about = "A child whom a gang sends to sell is a victim, also where the report calls them a suspect."
    return Table("children", "Children", about, "What the report says", tuple(rows))


def _children_by_area(facts: Sequence[Facts]) -> Table:
    rows = counted((area, one.case) for one in facts if one.children for area in one.areas)
    about = "Reports that tell of a child, by the letters that their postcodes begin with."
    return Table("children_areas", "Children, by postcode area", about, "Postcode area", rows)


def _travel(facts: Sequence[Facts]) -> Iterator[Table]:
    legs = counted((f"{start} → {end}", one.case) for one in facts for start, end in one.legs)
    rows, left = shortened(legs, MOST)
    about = (
        "From where to where, as the answers on travel and on vehicles say it, stop by stop. Only what was "
        "written plainly is read; the page of routes shows the rest as it was typed."
    )
    yield Table("routes", "Routes", about, "From and to", rows, left_out=left)
    rows, left = shortened(counted((port, one.case) for one in facts for port in one.ports), MOST)
    about = "As the reports name them; “Port of Dover” and “Dover ferry terminal” are counted as one."
    yield Table("ports", "Ports, airports and stations", about, "Port of call", rows, left_out=left)


def _ages(facts: Sequence[Facts]) -> Iterator[Table]:
    ages = labels(AGES)
    rows = counted(((age, one.case) for one in facts for age in one.in_need), ages, ordered=True)
    about = "Reports, not people: one report can tell of several."
    yield Table("ages_in_need", "Ages of people who may need help", about, "Age", rows)
    rows = counted(((age, one.case) for one in facts for age in one.suspects), ages, ordered=True)
    yield Table("ages_suspects", "Ages of people suspected", about, "Age", rows)


def _table(name: str, title: str, about: str, head: str, rows: Sequence[Row]) -> Table:
    shown, left = shortened(rows, MOST)
    return Table(name, title, about, head, shown, _COLUMNS, naming=True, left_out=left)


def _found(facts: Sequence[Facts], kinds: tuple[str, ...], least: int) -> list[Row]:
    """Give what ``least`` cases or more tell of, with where, of what, and when."""
    cases: dict[tuple[str, str], list[Facts]] = {}
    for one in facts:
        for kind, value in one.found:
            if kind in kinds:
                cases.setdefault((kind, value), []).append(one)
    rows = [_row(kind, value, found) for (kind, value), found in cases.items() if len(found) >= least]
    return sorted(rows, key=lambda row: (-row.count, row.value))


def _row(kind: str, value: str, found: Sequence[Facts]) -> Row:
    days = [one.received_on for one in found]
    typed = [words for one in found for written, words in one.written if written == value]
    harm = labels(CONDUCT)
    more: dict[str, str | int] = {
        "kind": kind,
        "areas": " ".join(sorted({area for one in found for area in one.areas})),
        "kinds": "; ".join(harm[kind_] for kind_ in harm if any(kind_ in one.kinds for one in found)),
        "since": min(days).isoformat(),
        _LAST: max(days).isoformat(),
    }
    return Row(value, commonest(typed) if typed else value, tuple(one.case for one in found), more)
