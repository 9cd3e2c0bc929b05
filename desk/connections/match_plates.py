"""Which registration marks may be of one vehicle."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from desk.connections import vehicles
from desk.connections.matching import Alike, Besides, Values
from desk.connections.mention import Mention
from desk.connections.near import differs_at, shorter, substituted
from desk.connections.signs_seen import UNSEEN, Signs, fitting, overlapping

_ALIKE = (
    "8B", "5S", "2Z", "6G", "DO", "DQ", "OQ", "0D", "0Q", "CG", "UV", "VY", "VW", "MN", "NH", "EF", "PR",
    "BR", "KX", "1L",
    "1T", "1I", "7T", "LI", "TI", "17", "38", "3B", "56", "68", "89", "HM", "WM", "AR", "AH", "PF", "BP",
    "JI", "JL", "XY",
    "NW", "35", "UO", "4A", "TY", "KR", "EB", "BD", "BE", "GO", "CO", "69", "90", "08", "06", "LE", "TF",
    "VN", "HK", "XK",
)  # fmt: skip
LOOK_ALIKE = frozenset(frozenset(pair) for pair in _ALIKE)
# "bravo" and "delta", "m" and "n" are heard for one another as well.
SOUND_ALIKE = frozenset(
    frozenset(pair)
    for pair in ("BD", "BP", "BV", "MN", "DT", "SF", "EG", "CE", "PT", "AJ", "GJ", "KJ", "CZ", "DE", "BE")
)
_ALPHABET = 25
_TIMES = {"make": 8.0, "colour": 5.0}  # rarer than one in so many are of the same
_BUT_FOR_ONE = "the same plate but for one sign"
_FEWEST = 3  # signs seen
_MOST_RIVALS = 40  # whole plates that fit a part: of more, it says nothing


def alike(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs; ``cases`` is how many cases there are."""
    del cases
    whole = {value for value in values if UNSEEN not in value}
    parts = set(values) - whole
    signs = Signs(whole, _ALPHABET)
    for value, those in values.items():
        if len(those) > 1 and value in whole:
            short = len(value) < 5
            yield Alike(value, value, "the same plate", 0.6 if short else 0.98, alone=0.5 if short else 1.0)
    yield from _in_part(parts, whole, signs)
    yield from _of_parts(values, parts, signs)
    yield from _misread(whole, signs)
    yield from _too_short(values, whole)


def besides(one: Mention, other: Mention, alike_: Alike, values: Values) -> Besides:
    """Weigh what is said of the two vehicles, and of others whose plates fit as well."""
    agreed, against = vehicles.agree(one.more, other.more)
    exact = alike_.one == alike_.other and UNSEEN not in alike_.one
    if against:
        said = f"{' and '.join(against)} differ{'s' if len(against) == 1 else ''}"
        return (
            Besides(1.0, 0.85, f", though the {said}") if exact else Besides(0.05, 0.3, f", but the {said}")
        )
    part = one if one.value == alike_.one else other
    rivals = sum(_rivals(part, values[rival], len(agreed)) for rival in alike_.rivals)
    words = f", and {rivals + 1} whole plates fit it" if rivals else ""
    if not agreed:
        return Besides(words=words, rivals=rivals)
    worth = 1.0
    for what in agreed:
        worth *= _TIMES[what]
    said = " and ".join(one.more[what].replace("/", " or ") for what in reversed(agreed))
    return Besides(worth, 1.0, f"{words}; both are said to be {said}", rivals)


def _rivals(part: Mention, cases: Mapping[str, Mention], agreed: int) -> bool:
    """Tell whether a whole plate fits what is said of a part no less well than another."""
    for mention in cases.values():
        same, against = vehicles.agree(part.more, mention.more)
        if not against and len(same) >= agreed:
            return True
    return False


def _in_part(parts: set[str], whole: set[str], signs: Signs) -> Iterator[Alike]:
    fits: dict[str, list[str]] = defaultdict(list)
    for part, text in fitting(parts, whole):
        fits[part].append(text)
    for part, texts in fits.items():
        unseen = part.count(UNSEEN)
        if len(part) - unseen < _FEWEST or len(texts) > _MOST_RIVALS:
            continue
        best = {1: 0.95, 2: 0.93, 3: 0.9}.get(unseen, 0.82)
        alone = {1: 0.92, 2: 0.88, 3: 0.82}.get(unseen, 0.74)
        for text in texts:
            chance = signs.total(len(text)) * signs.likely(part)
            rivals = tuple(other for other in texts if other != text)
            yield Alike(part, text, f"the same plate, {_unseen(unseen)}", best, alone, chance, rivals=rivals)


def _of_parts(values: Values, parts: set[str], signs: Signs) -> Iterator[Alike]:
    for part in parts:
        if len(values[part]) > 1:
            seen = len(part) - part.count(UNSEEN)
            if seen >= 4:
                chance = signs.total(len(part)) * signs.likely(part) + (0.3 if seen < 5 else 0.02)
                yield Alike(
                    part,
                    part,
                    f"the same {seen} signs of a plate",
                    0.9,
                    {4: 0.6, 5: 0.78}.get(seen, 0.88),
                    chance,
                    placed=True,
                )
    for one, other, shared in overlapping(parts):
        common = "".join(mine if mine == theirs else UNSEEN for mine, theirs in zip(one, other, strict=True))
        chance = signs.total(len(one)) * signs.likely(common) + (0.3 if shared < 5 else 0.03)
        yield Alike(
            one,
            other,
            f"two parts of a plate that share {shared} signs",
            0.88,
            {4: 0.5, 5: 0.72}.get(shared, 0.85),
            chance,
            placed=True,
        )


def _misread(whole: set[str], signs: Signs) -> Iterator[Alike]:
    seen: set[tuple[str, str]] = set()
    for one, other in substituted(value for value in whole if len(value) >= 6):
        if (one, other) in seen:
            continue
        seen.add((one, other))
        places = differs_at(one, other)
        chance = min(signs.neighbours(one), signs.neighbours(other)) / 4
        if len(places) == 2:
            yield Alike(
                one, other, "the same plate, with two signs changed about", 0.93, 0.76, chance, placed=True
            )
            continue
        pair = frozenset((one[places[0]], other[places[0]]))
        if pair in LOOK_ALIKE or pair in SOUND_ALIKE:
            word = "looks" if pair in LOOK_ALIKE else "sounds"
            yield Alike(one, other, f"{_BUT_FOR_ONE} that {word} alike", 0.92, 0.6, chance * 3)
        else:
            yield Alike(one, other, _BUT_FOR_ONE, 0.8, 0.4, chance * 9 + 1)


def _too_short(values: Values, whole: set[str]) -> Iterator[Alike]:
    short = {
        value
        for value in whole
        if len(value) == 6
        and any(m.more.get("form") in ("other", "dateless") for m in values[value].values())
    }
    for one, other in shorter(short, (value for value in whole if len(value) == 7)):
        yield Alike(one, other, "the same plate, with one sign left out", 0.88, 0.72, 0.02)


def _unseen(count: int) -> str:
    words = {1: "one sign", 2: "two signs", 3: "three signs", 4: "four signs", 5: "five signs"}
    return f"{words.get(count, f'{count} signs')} unseen"
