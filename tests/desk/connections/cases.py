"""Reports for tests of mentions and links, and short ways to ask for these."""

from collections.abc import Mapping
from hashlib import sha256

from desk.connections.links import Link, links
from desk.connections.matching import DEFAULT_MIN
from desk.connections.mention import Kind, Mention
from desk.connections.mentions import mentions
from payload import Answers, Report
from tests.payload.reports import plain_report

Said = str | Report


def report(text: str = "", **answers: object) -> Report:
    """Give a report of a text and of answers by section: one entry, or a list of them."""
    told = {name: tuple(entry) if isinstance(entry, list) else (entry,) for name, entry in answers.items()}
    draft = sha256(text.encode("utf-8", "surrogatepass") + repr(told).encode()).digest()[:16]
    return plain_report(draft=draft, what_happened=text, files=(), answers=Answers(told))  # type: ignore[arg-type]


def told(said_: Said, name: str = "c") -> tuple[Mention, ...]:
    """Give the mentions of a case of one report, its free words among them."""
    return mentions(name, [report(said_) if isinstance(said_, str) else said_])


def said(said_: Said, name: str = "c") -> tuple[Mention, ...]:
    """Give the mentions of a case of one report that are of something."""
    return tuple(one for one in told(said_, name) if one.kind is not Kind.WORDS)


def values(said_: Said, kind: Kind) -> list[str]:
    """Give the values of one kind that a report holds."""
    return [one.value for one in said(said_) if one.kind is kind]


def linked(cases: Mapping[str, Said], least: float = DEFAULT_MIN) -> list[Link]:
    """Give the links between cases by name."""
    return links([one for name, said_ in cases.items() for one in told(said_, name)], least=least)


def best(one: Said, other: Said, kind: str, others: Mapping[str, Said] | None = None) -> float:
    """Give the score of the best link of a kind between two reports, 0.0 where there is none."""
    found = linked({"a": one, "b": other, **(others or {})}, 0.0)
    return max((link.score for link in found if (link.a, link.b, link.kind) == ("a", "b", kind)), default=0.0)
