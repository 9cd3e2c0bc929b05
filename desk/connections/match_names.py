"""Which names may be one person's. First names alone link nothing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from desk.connections.firstnames import COMMON_SURNAMES, FIRST, forms
from desk.connections.matching import Alike, Values
from desk.connections.mention import Mention
from desk.connections.near import one_off
from desk.connections.wordlists import words

_COMMON_FIRST = words(
    """
    david john michael james robert william daniel thomas mohammed paul mark andrew richard peter
    christopher anthony stephen matthew joseph alexander ali ahmed maria anna sarah susan karen emma
    """
)
_LESS = 0.4  # of those who share a name by chance, so many would be told of for such things
_SMOOTH = 50  # names: a small casebook does not tell how common they are
_SKELETON = (
    (re.compile(r"que"), "k"), (re.compile(r"x"), "ks"),
    (re.compile(r"ph"), "f"), (re.compile(r"ck|q|c(?![hiey])|kh"), "k"), (re.compile(r"sch|sz|sh|\u0161"),
    "s"),
    (re.compile(r"cz|ch|tch"), "c"), (re.compile(r"w"), "v"), (re.compile(r"j|y|ie|ey|ee|i"), "i"),
    (re.compile(r"ou|oo|u"), "u"),
    (re.compile(r"(.)\1+"), r"\1"), (re.compile(r"(?<=.)h"), ""), (re.compile(r"z"), "s"),
    (re.compile(r"e$"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


def alike(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of names."""
    form = {value: _form(values, value) for value in values}
    full = sorted(value for value in values if form[value] == "full")
    nicks = sorted(value for value in values if form[value] == "nick")
    yield from _full(values, full, cases)
    yield from _nicks(values, nicks, cases)
    yield from _initials(values, sorted(v for v in values if form[v] == "initial"), full)
    yield from _surnames(values, sorted(v for v in values if form[v] == "surname"), full, cases)


def skeleton(word: str) -> str:
    """Give a word as it sounds, roughly: spellings of one name in other alphabets fall together."""
    for pattern, put in _SKELETON:
        word = pattern.sub(put, word)
    return word


def _form(values: Values, value: str) -> str:
    found = {mention.more.get("form", "") for mention in values[value].values()}
    for form in ("full", "nick", "initial", "surname"):
        if form in found:
            return form
    return "first"


class _Full:
    """How common the first and last names of a casebook are, told by how many different names hold them."""

    def __init__(self, full: list[str]) -> None:
        self._lasts_of: dict[str, set[str]] = defaultdict(set)
        self._firsts_of: dict[str, set[str]] = defaultdict(set)
        for name in full:
            first, last = name.split(" ", 1)
            for form in forms(first):
                self._lasts_of[form].add(last)
            self._firsts_of[last].add(min(forms(first)))
        self._total = sum(map(len, self._firsts_of.values())) + _SMOOTH

    def chance(self, name: str, cases: int) -> float:
        """Give how many other people of this name are to be expected among the cases."""
        first, last = name.split(" ", 1)
        common = bool(forms(first) & _COMMON_FIRST)
        likely = max((len(self._lasts_of[form]) - 1) / self._total for form in forms(first))
        surname = (len(self._firsts_of[last]) - 1) / self._total
        both = 0.3 if common and last in COMMON_SURNAMES else 0.0
        likely = max(likely, 0.02 if common else 0.003)
        surname = max(surname, 0.008 if last in COMMON_SURNAMES else 0.0002)
        return _LESS * max(self._total - _SMOOTH, cases / 3) * likely * surname + both


def _full(values: Values, full: list[str], cases: int) -> Iterator[Alike]:
    known = _Full(full)
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for name in full:
        chance = known.chance(name, cases)
        if len(values[name]) > 1:
            yield Alike(name, name, "the same name", 0.93, 0.86, chance, placed=True)
        for first in forms(name.split(" ", 1)[0]):
            groups[frozenset((first, name.split(" ", 1)[1]))].append(name)
        groups[frozenset(name.split(" ", 1))].append(name)
        for parts in {frozenset(_parts(told)) for told in _tellings(values[name], name)}:
            if len(parts) > 2:
                groups[parts].append(name)
    for group in groups.values():
        for one, other in _pairs(group):
            if (one, other) not in seen:
                seen.add((one, other))
                chance = max(known.chance(one, cases), known.chance(other, cases))
                lasts = one.split(" ", 1)[1], other.split(" ", 1)[1]
                how = (
                    "the same name in another order or in other parts"
                    if lasts[0] != lasts[1]
                    else "the same last name, and two forms of one first name"
                )
                yield Alike(one, other, how, 0.91, 0.82, chance * 1.5, placed=True)
    yield from _misspelt(full, known, seen, cases)


def _misspelt(full: list[str], known: _Full, seen: set[tuple[str, str]], cases: int) -> Iterator[Alike]:
    """Find names whose first or last part is spelt in another way."""
    by_last: dict[str, list[str]] = defaultdict(list)
    for name in full:
        by_last[name.split(" ", 1)[1]].append(name)
    sounds: dict[str, list[str]] = defaultdict(list)
    for last in by_last:
        sounds[skeleton(last)].append(last)
    near = dict.fromkeys(one_off(by_last, fewest=5), 2)
    near |= {pair: 1 for group in sounds.values() for pair in _pairs(group)}
    for (first, last), worse in sorted(near.items()):
        for one in by_last[first]:
            for other in by_last[last]:
                pair = (min(one, other), max(one, other))
                if pair in seen:
                    continue
                chance = max(known.chance(one, cases), known.chance(other, cases)) * worse
                for like in _both_near(pair, (first, last), chance):
                    seen.add(pair)
                    yield like
    yield from _near_firsts(by_last, known, seen, cases)


def _near_firsts(
    by_last: Mapping[str, list[str]], known: _Full, seen: set[tuple[str, str]], cases: int
) -> Iterator[Alike]:
    for group in by_last.values():
        for one, other in _pairs(group[:200]):
            if (one, other) not in seen and _near_first(one.split(" ", 1)[0], other.split(" ", 1)[0]):
                seen.add((one, other))
                chance = max(known.chance(one, cases), known.chance(other, cases))
                yield Alike(
                    one,
                    other,
                    "the same last name, and a first name spelt a little differently",
                    0.88,
                    0.74,
                    chance * 3,
                    placed=True,
                )


def _tellings(cases: Mapping[str, Mention], name: str) -> set[str]:
    return {mention.more.get("all", name) for mention in cases.values()}


def _parts(name: str) -> list[str]:
    return re.split(r"[ \-]", name)


def _same_first(one: str, other: str) -> bool:
    return bool(forms(one) & forms(other)) or skeleton(one) == skeleton(other)


def _both_near(pair: tuple[str, str], lasts: tuple[str, str], chance: float) -> Iterator[Alike]:
    """Compare two names of which the last ones are spelt a little differently."""
    one, other = pair[0].split(" ", 1)[0], pair[1].split(" ", 1)[0]
    if _same_first(one, other):
        how = "the same first name, and a last name spelt a little differently"
        yield Alike(*pair, how, 0.9, 0.8, chance * 2, placed=True)
    elif _off_by_one(one, other) and len(lasts[1]) > 4 and not COMMON_SURNAMES.intersection(lasts):
        how = "a first and a last name that are both spelt a little differently"
        yield Alike(*pair, how, 0.86, 0.72, chance * 6, placed=True)


def _off_by_one(one: str, other: str) -> bool:
    return len(one) > 4 and len(other) > 4 and any(True for _ in one_off((one, other)))


def _near_first(one: str, other: str) -> bool:
    if one in FIRST and other in FIRST:
        return skeleton(one) == skeleton(other) and len(one) > 3
    return len(one) > 3 and len(other) > 3 and any(True for _ in one_off((one, other)))


def _nicks(values: Values, nicks: list[str], cases: int) -> Iterator[Alike]:
    groups: dict[str, list[str]] = defaultdict(list)
    for value in nicks:
        groups[_nick_key(value)].append(value)
    for group in groups.values():
        several = sum(len(values[value]) for value in group)
        for at, one in enumerate(group):
            chance = _nick_chance(one, cases, several)
            if len(values[one]) > 1:
                yield Alike(
                    one,
                    one,
                    "the same nickname",
                    0.9,
                    0.75 if len(one.split()) > 1 else 0.74,
                    chance,
                    placed=True,
                )
            for other in group[at + 1 :]:
                yield Alike(
                    one, other, "the same nickname, spelt in two ways", 0.88, 0.71, chance * 1.3, placed=True
                )
    for first, last in one_off(groups, fewest=6):
        for one in groups[first]:
            for other in groups[last]:
                yield Alike(
                    one,
                    other,
                    "the same nickname but for one letter",
                    0.84,
                    0.6,
                    _nick_chance(one, cases, 2) * 2,
                    placed=True,
                )


def _nick_key(value: str) -> str:
    words = [word for word in re.split(r"[ \-']", value) if word and word != "the"]
    return " ".join(
        min(forms(word)) if word in FIRST else skeleton(re.sub(r"^lil$", "little", word)) for word in words
    )


def _nick_chance(value: str, cases: int, several: int) -> float:
    """Give how many others of this nickname are to be expected: a few nicknames are in every town."""
    words = value.split()
    likely = 1 / 8000 if len(words) == 1 else 1 / 30_000
    if len(words) > 1 and words[-1] in FIRST:
        likely = 1 / 8000
    return cases / 3 * likely + max(0, several - 12) * 0.05


def _initials(values: Values, initials: list[str], full: list[str]) -> Iterator[Alike]:
    index: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in full:
        first, last = name.split(" ", 1)
        for form in forms(first):
            index[form, last[0]].append(name)
    for value in initials:
        first, letter = value.split(" ", 1)
        fits = sorted({name for form in forms(first) for name in index.get((form, letter), ())})
        for name in fits:
            yield Alike(
                value,
                name,
                "a first name and the first letter of the last",
                0.82,
                0.4,
                0.4 + len(fits) - 1,
                placed=True,
            )
        if len(values[value]) > 1:
            yield Alike(
                value,
                value,
                "the same first name, and the same first letter of the last",
                0.8,
                0.4,
                1.0,
                placed=True,
            )


def _surnames(values: Values, surnames: list[str], full: list[str], cases: int) -> Iterator[Alike]:
    index: dict[str, list[str]] = defaultdict(list)
    for name in full:
        index[name.split(" ", 1)[1]].append(name)
    for value in surnames:
        rare = cases / 3 * (0.01 if value in COMMON_SURNAMES else 0.0004)
        for name in index.get(value, ()):
            yield Alike(
                value,
                name,
                "the same last name; one without the first",
                0.85,
                0.66,
                rare + len(index[value]) - 1,
                placed=True,
            )
        if len(values[value]) > 1:
            yield Alike(
                value, value, "the same last name", 0.84, 0.66, rare + len(index.get(value, ())), placed=True
            )


def _pairs(group: list[str]) -> Iterator[tuple[str, str]]:
    known = sorted(set(group))
    for at, one in enumerate(known):
        for other in known[at + 1 :]:
            yield one, other
