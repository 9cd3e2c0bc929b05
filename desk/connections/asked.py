"""Which links somebody wants to see: a filter that is also the page's address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.connections.findings import Findings
from desk.connections.matching import DEFAULT_MIN
from desk.connections.network import CONFIRMED, KINDS, OPEN, REJECTED, Decisions, with_decisions
from payload.choices import CONDUCT

if TYPE_CHECKING:
    from desk.book import Book
    from desk.connections.links import Link

USUAL = round(DEFAULT_MIN * 100)  # hundredths of score
ALL, NOT_REJECTED = "all", ""
SHOWN = {
    NOT_REJECTED: "All but the rejected",
    OPEN: "Not decided yet",
    CONFIRMED: "Confirmed",
    REJECTED: "Rejected",
    ALL: "All",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The links of one ``kind``, or of all (""); of one ``case`` or of all; those of at least ``least``
    hundredths of score, or decided on; and what staff decided of them, a key of `SHOWN`."""

    kind: str = ""
    case: str = ""
    least: int = USUAL
    show: str = NOT_REJECTED

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Read it from an address; what makes no sense there asks for everything."""
        kind, show, least = query.get("only", ""), query.get("show", ""), query.get("least", "")
        return cls(
            kind if kind in KINDS else "",
            query.get("case", "").strip().lower(),
            min(int(least), 100) if least.isascii() and least.isdigit() and len(least) < 4 else USUAL,
            show if show in SHOWN else NOT_REJECTED,
        )

    def lets(self, score: float, decision: str) -> bool:
        """Tell whether a link of this score, on which this was decided, is asked for."""
        shown = decision != REJECTED if self.show == NOT_REJECTED else self.show in (ALL, decision)
        return shown and (score >= self.least / 100 or decision != OPEN)

    def as_query(self) -> dict[str, str]:
        """Give the parts of an address that `of` reads."""
        written = {"only": self.kind, "case": self.case, "show": self.show}
        written["least"] = str(self.least) if self.least != USUAL else ""
        return {name: value for name, value in written.items() if value}


def asked_for(found: Findings, decisions: Decisions, asked: Asked) -> list[tuple["Link", str]]:
    """Give the links that are asked for, each with what was decided; the surest first."""
    links: Iterable[Link] = found.links
    if asked.case:
        links = found.links_of.get(asked.case, ()) or _beginning(found, asked.case)
    return [
        (link, decision)
        for link, decision in with_decisions(links, decisions)
        if (not asked.kind or link.kind == asked.kind) and asked.lets(link.score, decision)
    ]


def first_words(book: "Book", names: Iterable[str]) -> dict[str, str]:
    """Give how the reports of these cases begin, by name; of none where a case is not here any more."""
    return {name: book.case(name).case.head.begins for name in names if book.has(name)}


def titles_of(found: Findings) -> dict[str, str]:
    """Give a few words of each case, for a picture: how it begins, or else a kind of harm."""
    harm = {choice.value: choice.label for choice in CONDUCT}
    return {
        name: one.begins or next((harm[kind] for kind in one.kinds), "") for name, one in found.facts.items()
    }


def _beginning(found: Findings, case: str) -> list["Link"]:
    return [link for link in found.links if link.a.startswith(case) or link.b.startswith(case)]
