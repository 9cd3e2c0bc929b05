"""All patterns of a casebook: the counts, what is new and rising, and what an investigator asks first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desk.patterns.asking import asked, labels
from desk.patterns.combining import BEFORE, CHANCE, RECENT, Combination, Compared, compared
from desk.patterns.facts import Facts
from desk.patterns.tables import FEWEST, Row, Table, counted
from payload.choices import CONDUCT, PREMISES

HOW = (
    "Reports are counted, and not people or crimes: one person can report twice, and many report nothing. "
    "What was marked as spam, or as the same as another case, is left out. So is each report that may be "
    "passed to no one, and each whose source ticked what we may do and not “Look into it”. Only what a "
    "report tells is counted, and nothing about its source."
)
FEW = (
    f"Counts under {FEWEST} are marked: do not publish them, so few could point to a source or a victim. A "
    "larger count is no permission. The desk has not checked whether a source agreed. "
    "Where one row of a table is left out of print, leave out a second one too, or the total gives it away."
)
NOTHING_BEFORE = (
    f"Nothing can be called new or rising yet: that takes {RECENT} weeks of reports, and as many before them."
)


@dataclass(frozen=True, slots=True, repr=False)
class Patterns:
    """The patterns of ``cases`` cases received from ``since`` to ``until``, both None where there are none;
    ``left_out`` were marked as spam or the same as another, and ``withheld`` by their sources. ``compared``
    is None where there is too little to compare with."""

    cases: int
    left_out: int
    since: date | None
    until: date | None
    compared: Compared | None
    tables: tuple[Table, ...]
    withheld: int = 0

    def __repr__(self) -> str:
        return "<Patterns>"

    @property
    def not_counted(self) -> str:
        """Say how many are not counted and why, or nothing."""
        why = (
            (self.left_out, "marked as spam, or as the same as another"),
            (self.withheld, "withheld: to be passed to no one, or not to be looked into"),
        )
        return "; ".join(f"{count:,} more not counted, {reason}" for count, reason in why if count)

    @property
    def comparing(self) -> str:
        """Say how new and rising were found, with the numbers."""
        if (found := self.compared) is None:
            return NOTHING_BEFORE
        weeks = (found.first - found.since).days // 7
        return (
            f"The {RECENT} weeks from {day(found.first)} to {day(found.last)} ({found.recent:,} reports) "
            f"are compared with the {weeks} weeks before them ({found.before:,} reports). New: not once in "
            "any report before. Rising: a larger part of all reports than before, by so much that chance "
            f"alone would do it less than once in {1 / CHANCE:.0f} times. Of the {found.tried:,} "
            f"combinations looked at, chance alone can make up to {found.by_chance:.1f} seem to rise: read "
            "the reports before you believe it."
        )

    def table(self, name: str) -> Table:
        """Give a table by its name.

        :raises KeyError: there is none.
        """
        return {table.name: table for table in self.tables}[name]

    def as_json(self) -> dict[str, object]:
        """Give the object that `patterns --json` prints."""
        return {
            "cases": self.cases,
            "left_out": self.left_out,
            "withheld": self.withheld,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "fewest": FEWEST,
            "how": HOW,
            "comparing": self.comparing,
            "tables": {table.name: table.as_json() for table in self.tables},
        }


def patterns(facts: Sequence[Facts], left_out: int = 0, withheld: int = 0) -> Patterns:
    """Find the patterns in what is known of the cases; ``left_out`` and ``withheld`` more are not counted."""
    days = [one.received_on for one in facts]
    found = compared(facts)
    tables = (*_counts(facts), *_combinations(found), *asked(facts))
    since, until = min(days, default=None), max(days, default=None)
    return Patterns(len(facts), left_out, since, until, found, tables, withheld)


def day(value: date) -> str:
    """Give a day for people: "4 May 2026"."""
    return f"{value.day} {value:%B %Y}"


def _counts(facts: Sequence[Facts]) -> Iterator[Table]:
    rows = counted(((kind, one.case) for one in facts for kind in one.kinds), labels(CONDUCT))
    about = "A report can tell of several kinds."
    yield Table("kinds", "Kinds of harm", about, "Kind", rows)
    rows = counted((area, one.case) for one in facts for area in one.areas)
    without = sum(not one.areas for one in facts)
    none = f"{without:,}" if without >= FEWEST else f"Fewer than {FEWEST}"
    about = (
        "The letters that postcodes begin with, of the postcodes and the towns that a report names. "
        f"{none} of the reports name neither."
    )
    yield Table("areas", "Postcode areas", about, "Area", rows)
    rows = counted(((kind, one.case) for one in facts for kind in one.premises), labels(PREMISES))
    yield Table("premises", "Kinds of place", "A report can tell of several places.", "Kind of place", rows)
    yield Table(
        "weeks", "Weeks", "Reports by the week in which they were received.", "Week from", _weeks(facts)
    )


def _weeks(facts: Sequence[Facts]) -> tuple[Row, ...]:
    """Give every week from the newest back to the first, the empty ones too."""
    cases: dict[date, list[str]] = {}
    for one in facts:
        cases.setdefault(one.week, []).append(one.case)
    if not cases:
        return ()
    first, last = min(cases), max(cases)
    weeks = [last - timedelta(days=7 * back) for back in range((last - first).days // 7 + 1)]
    return tuple(Row(week.isoformat(), day(week), tuple(cases.get(week, ()))) for week in weeks)


def _combinations(found: Compared | None) -> Iterator[Table]:
    new = found.new if found else ()
    about = (
        f"A kind of harm in a place where no report before the last {RECENT} weeks told of it; now two do."
    )
    yield Table(
        "new",
        "New combinations",
        about,
        "Kind of harm, and where",
        tuple(_row(one, {}) for one in new),
    )
    rising = found.rising if found else ()
    about = (
        f"Cases are those of the last {RECENT} weeks; beside them, how many there were in up to {BEFORE} "
        "weeks before, and how rarely chance alone would make so many of them new, were nothing changed."
    )
    yield Table(
        "rising",
        "Rising combinations",
        about,
        "Kind of harm, and where",
        tuple(_row(one, {"before": one.before, "chance": once_in(one.chance)}) for one in rising),
        {"before": "Before", "chance": "By chance alone"},
    )


def _row(one: Combination, more: dict[str, str | int]) -> Row:
    where = labels(PREMISES)[one.place] if one.by == "premises" else one.place
    label = f"{labels(CONDUCT)[one.kind]}: {where}"
    return Row(f"{one.kind} {one.by} {one.place}", label, one.cases, more)


def once_in(chance: float) -> str:
    """Say a chance in words: "once in 250 times"."""
    times = 1 / max(chance, 1e-6)
    if times < 2:
        return "often"
    rounded = round(times, 1 - len(str(int(times)))) if times >= 100 else round(times)
    return f"once in {rounded:,.0f} times" if times < 1e6 else "less than once in a million times"
