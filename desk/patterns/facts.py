"""What is counted of one case: small, from the part ``report`` alone, and nothing of the source."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desk.connections.mention import Kind, Mention
from desk.connections.routes import routes
from desk.connections.towns import AREA_OF, LONDON
from desk.connections.written import joined, tidy, towns, unread_postcodes
from desk.urgency import UNDER_18
from payload import FollowUp, Report
from payload.choices import AGES, CONDUCT, PREMISES, UNKNOWN, Choice

CHILD = "child"  # a kind of harm
COUNTY_LINES = "county_lines"
CUCKOOING = "cuckooing"
INVESTIGATE = "investigate"  # what a source lets us do
_FIRST, _FIRST_WORDS = 200, 3  # characters that are looked at, and words
_LOOKED_FOR = frozenset({Kind.TELEPHONE, Kind.REGISTRATION, Kind.ADDRESS, Kind.POSTCODE})
_AREA = re.compile(r"[A-Z]{1,2}(?=[0-9])")
_PORT = re.compile(
    r"\b(?:the|at|port of|airport|international|ferry|terminal|station|coach|train|railway|bus)\b|[^\w\s]"
)


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """What a case says that can be counted, each thing once: values of `payload.choices`, the first halves of
    postcodes ("LS1"), legs of routes, ports. ``areas`` are the letters that postcodes begin with ("LS"), of
    the towns that it names too; ``in_need`` and ``suspects`` are ages; ``found`` is what other cases may have
    too and was seen whole, as (kind, value), and ``written`` how it was typed, as (value, words); ``towns``
    are named for certain; ``unread`` is what was typed for a postcode and is none that the desk knows, as
    (value, words); ``begins`` are its first words.

    ``withheld``: its source said that it goes to no one, or ticked what we may do without "Look into it"."""

    case: str
    received_on: date
    danger: bool
    kinds: tuple[str, ...]
    premises: tuple[str, ...]
    districts: tuple[str, ...]
    areas: tuple[str, ...]
    in_need: tuple[str, ...]
    suspects: tuple[str, ...]
    ports: tuple[str, ...]
    legs: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, str], ...]
    written: tuple[tuple[str, str], ...] = ()
    towns: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    begins: str = ""
    withheld: bool = False

    def __repr__(self) -> str:
        return f"<Facts {self.case}>"

    @property
    def week(self) -> date:
        """The Monday of the week in which it was received."""
        return monday(self.received_on)

    @property
    def children(self) -> bool:
        """Whether it tells of a child, by a kind of harm or by an age."""
        return CHILD in self.kinds or bool(UNDER_18.intersection((*self.in_need, *self.suspects)))


def monday(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def facts(case: str, contents: Sequence[Report | FollowUp], mentions: Iterable[Mention]) -> Facts | None:
    """Give what can be counted of a case, of all that was sent in it; None where no report is among it."""
    reports = [content for content in contents if isinstance(content, Report)]
    if not reports:
        return None
    mentions = list(mentions)
    seen = [
        (mention, joined(mention.kind, mention.value)) for mention in mentions if mention.kind in _LOOKED_FOR
    ]
    found = {(mention.kind, value) for mention, value in seen}
    named = {(mention.more.get("as"), mention.value) for mention in mentions if mention.kind is Kind.PLACE}
    districts = {value for how, value in named if how == "district"}
    areas = {match[0] for one in districts if (match := _AREA.match(one))}
    areas |= {AREA_OF[value] for how, value in named if how == "town" and value in AREA_OF}
    legs = {leg: None for route in routes(case, reports) for leg in route.legs}
    if areas & LONDON:
        areas.discard(AREA_OF["london"])
    return Facts(
        case=case,
        received_on=min(report.received_on for report in reports),
        danger="yes" in _answers(reports, "danger", "now"),
        kinds=_in_order(CONDUCT, _answers(reports, "what", "kinds")),
        premises=_in_order(PREMISES, _answers(reports, "places", "premises")),
        districts=tuple(sorted(districts)),
        areas=tuple(sorted(areas)),
        in_need=_in_order(AGES, _answers(reports, "in_need", "ages")),
        suspects=_in_order(AGES, _answers(reports, "people", "age")),
        ports=tuple(sorted({port for text in _answers(reports, "travel", "port") if (port := _port(text))})),
        legs=tuple(legs),
        found=tuple(sorted((str(kind), value) for kind, value in found if "?" not in value)),
        written=tuple(
            (value, tidy(mention.as_typed)) for mention, value in seen if mention.kind is Kind.ADDRESS
        ),
        towns=towns(contents, mentions),
        unread=tuple(sorted(set(unread_postcodes(reports, mentions)))),
        begins=" ".join(reports[0].what_happened[:_FIRST].split()[:_FIRST_WORDS]),
        withheld=any(map(_withheld, reports)),
    )


def _withheld(report: Report) -> bool:
    """Whether a source forbade what counting for an article would be."""
    ticked = set(_answers([report], "consent", "may"))
    return "none" in _answers([report], "consent", "to") or (bool(ticked) and INVESTIGATE not in ticked)


def _answers(reports: Iterable[Report], section: str, field: str) -> Iterator[str]:
    for report in reports:
        for entry in report.answers.entries(section):
            answer = entry.get(field, ())
            yield from (answer,) if isinstance(answer, str) else answer


def _in_order(choices: Sequence[Choice], given: Iterable[str]) -> tuple[str, ...]:
    """Give the choices that were made, in the form's order; that one does not know is no fact."""
    made = set(given) - {UNKNOWN.value}
    return tuple(choice.value for choice in choices if choice.value in made)


def _port(text: str) -> str:
    """Give a port's name without what some say with it: "Port of Dover", "dover ferry terminal" are one."""
    words = _PORT.sub(" ", text.casefold()).split()
    return " ".join(word.capitalize() for word in words)
