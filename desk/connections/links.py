"""Links: which two cases share what, how surely, and why in a sentence."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from desk.blank import one_space
from desk.connections import match_names, match_numbers, match_online, match_places, match_plates
from desk.connections.context import AGAINST, Context
from desk.connections.lexicon import heard
from desk.connections.matching import (
    DEFAULT_MIN,
    NOTHING_BESIDES,
    Alike,
    Besides,
    Matcher,
    Values,
    score,
)
from desk.connections.mention import LINKING, Kind, Mention

__all__ = ["DEFAULT_MIN", "Link", "links"]

_MATCHERS: Mapping[Kind, Matcher] = {
    Kind.REGISTRATION: match_plates.alike,
    Kind.TELEPHONE: match_numbers.telephones,
    Kind.POSTCODE: match_places.postcodes,
    Kind.ADDRESS: match_places.addresses,
    Kind.ACCOUNT: match_numbers.accounts,
    Kind.WALLET: match_numbers.wallets,
    Kind.EMAIL: match_online.emails,
    Kind.WEB: match_online.webs,
    Kind.SOCIAL: match_online.socials,
    Kind.NAME: match_names.alike,
    Kind.PREMISES: match_places.premises,
    Kind.WHAT3WORDS: match_places.three_words,
}
_BESIDES: Mapping[Kind, Callable[[Mention, Mention, Alike, Values], Besides]] = {
    Kind.REGISTRATION: match_plates.besides,
    Kind.ADDRESS: match_places.besides_address,
    Kind.POSTCODE: match_places.besides_postcode,
    Kind.PREMISES: match_places.besides_premises,
}
LOWEST = 0.3  # links below are not made
MOST_PAIRS = 40_000  # of cases that one likeness joins; of more, each case is linked with the next
_HUB = 0.5
_WHOLE_NAME = 0.8  # what a first and a last name are worth alone
_TRAVELS = 0.25  # people go from town to town: another one speaks little against a whole name
_ELSEWHERE = 0.6  # at most, where the two cases play in two parts of the country
_UNSURE = 0.5  # at most, where both may be no name at all, and no place bears them out
_BORNE_OUT = 0.5  # what is left of the doubt where another kind of thing links the same two cases
_LONGEST = 60  # characters of what was typed


@dataclass(frozen=True, slots=True, repr=False)
class Link:
    """Two cases, ``a`` before ``b``, that share ``value``: ``score`` from 0 to 1, ``why`` in a sentence."""

    a: str
    b: str
    kind: str
    value: str
    score: float
    why: str

    def __repr__(self) -> str:
        return f"<Link {self.kind}>"

    def as_json(self) -> dict[str, object]:
        """Give the object that `links --json` prints."""
        return {
            "a": self.a,
            "b": self.b,
            "kind": self.kind,
            "value": self.value,
            "score": self.score,
            "why": self.why,
        }


def links(
    mentions: Iterable[Mention],
    told: Callable[[int, int], None] | None = None,
    least: float = DEFAULT_MIN,
) -> list[Link]:
    """Find all links of a score of at least ``least`` (and ``LOWEST``), by the names of the cases, then kind
    and value.

    ``told`` is called with how many kinds are done and how many there are.
    """
    known = list(mentions)
    known += heard(known)
    cases = len({mention.case for mention in known})
    context = Context(known, cases)
    by_kind: dict[Kind, dict[str, dict[str, Mention]]] = {kind: defaultdict(dict) for kind in LINKING}
    houses = _houses(known)
    for mention in sorted(known, key=_order):
        if mention.kind is Kind.POSTCODE and (house := houses.get((mention.case, mention.value))):
            mention = replace(mention, more={**mention.more, "house": house})
        if mention.kind in by_kind:
            _put(by_kind[mention.kind][mention.value], mention)
    found: dict[tuple[str, str, str, str], tuple[Link, frozenset[str]]] = {}
    for done, kind in enumerate(LINKING):
        if told is not None:
            told(done, len(LINKING))
        _take(found, _of_kind(kind, by_kind[kind], context, cases))
    if told is not None:
        told(len(LINKING), len(LINKING))
    every = sorted(_borne_out(_without_echoes(found)).items())
    return [link for _, (link, _) in every if link.score >= least]


_Found = dict[tuple[str, str, str, str], tuple[Link, frozenset[str]]]


def _order(mention: Mention) -> tuple[str, str, str]:
    return mention.case, mention.where, mention.value


def _houses(mentions: Iterable[Mention]) -> dict[tuple[str, str], str]:
    """Give the houses that a case names with a postcode, parted by ";"."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.kind is Kind.ADDRESS and (postcode := mention.more.get("postcode")):
            found[mention.case, postcode].add(mention.value.rpartition("|")[0].rpartition("/")[2])
    return {key: ";".join(sorted(houses)) for key, houses in found.items()}


def _put(cases: dict[str, Mention], mention: Mention) -> None:
    """Keep one mention of a value a case: what others of it add is put together."""
    first = cases.get(mention.case)
    if first is None:
        cases[mention.case] = mention
        return
    new = {key: value for key, value in mention.more.items() if key not in first.more}
    if first.more.get("unsure") and not mention.more.get("unsure"):
        cases[mention.case] = mention
    elif new and "unsure" not in mention.more:
        cases[mention.case] = replace(first, more={**new, **first.more})


def _take(found: _Found, new: Iterable[tuple[Link, frozenset[str]]]) -> None:
    for link, values in new:
        key = (link.a, link.b, link.kind, link.value)
        before = found.get(key)
        if before is None or before[0].score < link.score:
            found[key] = (link, values)


def _of_kind(
    kind: Kind, values: Values, context: Context, cases: int
) -> Iterator[tuple[Link, frozenset[str]]]:
    besides = _BESIDES.get(kind)
    for alike in _MATCHERS[kind](values, cases):
        for first, last, hub in _pairs(alike, values):
            unsure = "unsure" in first.more and "unsure" in last.more
            if unsure and "very" in (first.more["unsure"], last.more["unsure"]):
                continue
            more = NOTHING_BESIDES if besides is None else besides(first, last, alike, values)
            times, place = context.bears(first.case, last.case) if alike.placed else (1.0, "")
            if hub:
                more = replace(more, most=min(more.most, _HUB))
            worth = _worth(kind, alike, (first, last), more, times)
            if worth < LOWEST:
                continue
            words = f"{more.words}; both name {_shown(place)}" if place else more.words
            value = alike.one if _fuller(alike.one, alike.other) else alike.other
            why = f"{_quoted(first, last)}: {alike.how}{words}."
            yield (
                Link(first.case, last.case, kind.value, _told(value), worth, why),
                frozenset((alike.one, alike.other)),
            )


def _worth(kind: Kind, alike: Alike, both: tuple[Mention, Mention], more: Besides, times: float) -> float:
    """Score a likeness; ``times`` says how many times likelier it is by where the two cases play."""
    if more.times > 1.0 and kind is Kind.PREMISES:
        # The town behind a name is one of the places of its case, which are weighed already.
        times, more = (times, replace(more, times=1.0)) if times > 1.0 else (1.0, more)
    if times <= AGAINST and more.times > 1.0 and kind is Kind.ADDRESS:
        times = 1.0
    if kind is Kind.NAME and alike.alone >= _WHOLE_NAME:
        times = max(times, _TRAVELS)
    worth = score(alike, more, times)
    if times <= AGAINST:
        worth = min(worth, _ELSEWHERE)
    if _both_unsure(*both) and times <= 1.0:
        worth = min(worth, _UNSURE)
    if times <= 1.0 and "yes" in [one.more.get("alone") for one in both]:
        worth = min(worth, _UNSURE)
    return worth


def _both_unsure(one: Mention, other: Mention) -> bool:
    return "unsure" in one.more and "unsure" in other.more


def _pairs(alike: Alike, values: Values) -> Iterator[tuple[Mention, Mention, bool]]:
    """Give the pairs of mentions that a likeness joins, the case with the smaller name first."""
    mine, theirs = values[alike.one], values[alike.other]
    if alike.one == alike.other:
        names = sorted(mine)
        if len(names) * (len(names) - 1) // 2 > MOST_PAIRS:
            for a, b in pairwise(names):
                yield mine[a], mine[b], True
            return
        for at, a in enumerate(names):
            for b in names[at + 1 :]:
                yield mine[a], mine[b], False
        return
    hub = len(mine) * len(theirs) > MOST_PAIRS
    for a in sorted(mine)[:1] if hub else sorted(mine):
        for b in sorted(theirs):
            if a != b:
                yield (mine[a], theirs[b], hub) if a < b else (theirs[b], mine[a], hub)


def _without_echoes(found: _Found) -> _Found:
    """Leave out a likeness where the same two cases share one of its values outright."""
    exact: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    best: dict[tuple[str, str, str], float] = {}
    for (a, b, kind, _), (link, values) in found.items():
        if len(values) == 1:
            exact[a, b, kind] |= values
            best[a, b, kind] = max(best.get((a, b, kind), 0.0), link.score)
    return {
        key: one
        for key, one in found.items()
        if len(one[1]) == 1 or not exact.get(key[:3], set()) & one[1] or one[0].score > best[key[:3]]
    }


def _borne_out(found: _Found) -> _Found:
    """Raise what is less than sure where another kind of thing links the same two cases."""
    pairs: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for (a, b, _, _), (link, values) in found.items():
        kind = _sort(link, values)
        pairs[a, b][kind] = max(pairs[a, b].get(kind, 0.0), link.score)
    raised: _Found = {}
    for key, (link, values) in found.items():
        mine = _sort(link, values)
        others = [worth for kind, worth in pairs[key[0], key[1]].items() if kind != mine]
        if not others or link.score >= 0.9 or "differ" in link.why:
            raised[key] = (link, values)
            continue
        doubt = (1 - link.score) * (1 - _BORNE_OUT * max(others))
        raised[key] = (replace(link, score=round(1 - doubt, 3)), values)
    return raised


def _sort(link: Link, values: frozenset[str]) -> str:
    """Give the kind of a link; the name of a house is read as one of premises too, and bears none out."""
    house = link.kind == Kind.ADDRESS.value and not any("|" in value for value in values)
    return Kind.PREMISES.value if house else link.kind


def _fuller(one: str, other: str) -> bool:
    return (one.count("?"), -len(one), one) <= (other.count("?"), -len(other), other)


def _told(value: str) -> str:
    return value.replace("|", " ").strip()


def _shown(place: str) -> str:
    return place if place != place.lower() else place.title()


def _quoted(first: Mention, last: Mention) -> str:
    mine, theirs = _cut(first.as_typed), _cut(last.as_typed)
    if mine == theirs:
        return f"\u201c{mine}\u201d in both"
    return f"\u201c{mine}\u201d and \u201c{theirs}\u201d"


def _cut(typed: str) -> str:
    plain = one_space(typed).strip(" ,;:'\"\u201c\u201d\u2018\u2019")
    if plain.count("(") != plain.count(")"):
        plain = plain.strip("() ")
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "\u2026"
