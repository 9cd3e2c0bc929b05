"""Routes: what a report says of from where to where, read as stops in their order.

Only two answers are read, those that ask for it: how people travelled, and where a vehicle came from and went
to. What is not understood is kept as it was typed, with no stops: nothing is guessed. A stop has a name: it
is typed with a capital or a number, or is a known town; "Salt Lane to the wash" says one end alone.
"""

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desk.connections.towns import AREA_OF
from payload import FollowUp, Report

MOST_WORDS = 4  # of a stop: what is longer is a sentence, and no place
_ASKED = (("travel", "route"), ("vehicles", "direction"))

_DASH = "[=\u2010-\u2015-]"
_ARROWS = re.compile(rf"\s*(?:{_DASH}+>|{_DASH}*[→⇒➡]|\.{{3}}|…)\s*|\s+(?:{_DASH}+|>)\s+")
_CLAUSES = re.compile(r"[;\n]|\.(?:\s|$)")
_MOVING = (
    r"(?:(?:and|it|they|he|she|then|was|were|went|goes|go|going|gone|head(?:ed|s|ing)?|driv(?:es?|ing)|drove|"
    r"travel(?:s|led|ling)?|mov(?:es|ed|ing)|taken|sent|brought|came|comes|off|on|up|down|over|out|back|"
    r"across|all|the|way),?\s+)*"
)
_TOWARDS = r"(?:to|towards?|into|for)"
_FROM_TO = re.compile(rf"\bfrom\s+(?P<first>.+?),?\s+{_MOVING}{_TOWARDS}\s+(?P<rest>.+)")
_TO_FROM = re.compile(rf"(?:^|\s){_TOWARDS}\s+(?P<rest>.+?),?\s+{_MOVING}from\s+(?P<first>.+)")
_BARE = re.compile(rf"^(?P<first>.+?),?\s+{_MOVING}(?:to|towards)\s+(?P<rest>.+)")
_NEXT = re.compile(rf",?\s+{_MOVING}(?:to|towards)\s+|,?\s+(?:and\s+)?then\s+(?:on\s+)?(?:to\s+)?")
_VIA = re.compile(r",?\s+(?:via|through|by way of|stopping (?:at|in)|changing (?:at|in))\s+")
# What no longer belongs to a place's name: how, when, with whom.
_AFTER = re.compile(
    r"(?:[,(:!?\"]|\s+(?:by|on|in|at|with|using|every|each|when|where|while|about|around|who|which|because|"
    r"twice|once|most|usually|sometimes|late|early|again|daily|weekly|for|as|but|"
    r"and\s+(?:back|on|then|later|return\w*|home|he|she|they|it))\b).*",
    re.DOTALL,
)
_SAID = re.compile(
    r"^(?:i|we|it|they|he|she|you|came|come|comes|coming|went|goes|going|head\w*|driv\w*|drove|travel\w*|"
    r"mov\w*|taken|off|up|down|back|being|is|was|were|are|to|from)\b"
)
_ABOUT = re.compile(r"^(?:(?:the|somewhere|near|outside|around|direction|of|i think|maybe|probably)\s+)+")
_NOWHERE = frozenset({
    "", "?", "here", "there", "home", "somewhere", "unknown", "anywhere", "elsewhere", "it", "them", "him",
    "her", "i don’t know", "i don't know", "dont know", "not sure", "me", "us", "work",
    "places", "different places",
})  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Route:
    """A route in a case: its ``stops`` in order, at least two, or none where the answer was not understood;
    ``asked`` is the section that it stands in, "travel" or "vehicles"."""

    case: str
    asked: str
    as_typed: str
    stops: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Route>"

    @property
    def legs(self) -> tuple[tuple[str, str], ...]:
        """Each stop with the one that follows."""
        return tuple(zip(self.stops, self.stops[1:], strict=False))

    def as_json(self) -> dict[str, object]:
        """Give the JSON object of it."""
        return {
            "case": self.case,
            "asked": self.asked,
            "as_typed": self.as_typed,
            "stops": list(self.stops),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Leg:
    """From one stop to the next, and the cases that say so, by name; ``typed`` is how they say it."""

    origin: str
    destination: str
    cases: tuple[str, ...]
    typed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "<Leg>"


def routes(case: str, contents: Iterable[Report | FollowUp]) -> tuple[Route, ...]:
    """Read the routes in the part ``report`` of what was sent in a case, each once, as they come."""
    found: dict[tuple[str, str], Route] = {}
    for content in contents:
        if isinstance(content, Report):
            for section, answer in _answers(content):
                for clause, read in _clauses(answer):
                    found.setdefault((section, clause), Route(case, section, clause, read))
    return tuple(found.values())


def stops(text: str) -> tuple[str, ...]:
    """Read one clause, as "from Leeds to York via Selby": the stops in order, or none."""
    plain = " ".join(_ARROWS.sub(" to ", text).casefold().split()).strip(string.punctuation + " ")
    match = _FROM_TO.search(plain) or _TO_FROM.search(plain) or _BARE.search(plain)
    if match is None:
        return ()
    first, *between = _VIA.split(match["first"])
    rest = [_VIA.split(leg) for leg in _NEXT.split(match["rest"])]
    # "to York via Selby": Selby comes before.
    named = [first, *between, *(stop for to, *by in rest for stop in (*by, to))]
    read = [_stop(name) for name in named]
    if len(read) < 2 or not all(stop and _is_name(stop, text) for stop in read):
        return ()
    return tuple(stop for at, stop in enumerate(read) if at == 0 or stop != read[at - 1])


def legs(routes: Iterable[Route]) -> list[Leg]:
    """Gather the legs of many routes; what most cases say comes first."""
    told: dict[tuple[str, str], set[str]] = {}
    typed: dict[tuple[str, str], dict[str, None]] = {}
    for route in routes:
        for leg in route.legs:
            told.setdefault(leg, set()).add(route.case)
            typed.setdefault(leg, {})[route.as_typed] = None
    found = [Leg(*leg, tuple(sorted(cases)), tuple(typed[leg])) for leg, cases in told.items()]
    return sorted(found, key=lambda leg: (-len(leg.cases), leg.origin, leg.destination))


def _answers(report: Report) -> Iterator[tuple[str, str]]:
    for section, field in _ASKED:
        for entry in report.answers.entries(section):
            answer = entry.get(field)
            if isinstance(answer, str):
                yield section, answer


def _clauses(answer: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the clauses that are routes, or the whole answer where none is."""
    clauses = [clause.strip() for clause in _CLAUSES.split(answer)]
    read = [(clause, found) for clause in clauses if (found := stops(clause))]
    yield from read or [(" ".join(answer.split()), ())]


def _is_name(stop: str, text: str) -> bool:
    """Whether a stop is the name of a place, by how it was typed."""
    if stop.casefold() in AREA_OF or any(map(str.isdigit, stop)):
        return True
    spelt = re.compile(r"\s+".join(map(re.escape, stop.split())), re.IGNORECASE)
    return any(word[0].isupper() for found in spelt.findall(text) for word in found.split())


def _stop(name: str) -> str:
    bare = _ABOUT.sub("", _AFTER.sub("", name).strip(string.punctuation + " "))
    if (
        bare in _NOWHERE
        or not set(bare).isdisjoint("<>@=/\\")
        or _SAID.match(bare)
        or len(bare.split()) > MOST_WORDS
    ):
        return ""
    return " ".join(
        word.upper() if any(map(str.isdigit, word)) else word.capitalize() for word in bare.split()
    )
