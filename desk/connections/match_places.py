"""Which postcodes, addresses and named premises may be one."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

from desk.connections.matching import NOTHING_BESIDES, Alike, Besides, Values
from desk.connections.mention import Mention
from desk.connections.near import one_off
from desk.connections.premises_words import COMPANY
from desk.connections.wordlists import words

# Streets of nearly every town, and words of nearly every shop's name.
_EVERYWHERE = words(
    """
    high station church london victoria green main park chapel queens kings mill manor new york school
    north south east west albert springfield grove george king queen street bridge market windsor
    alexandra broad commercial bath hill the stanley cambridge richmond norfolk warwick church northern
    western eastern southern oxford castle
    """
)
_COMMON_KINDS = frozenset({"street", "road", "lane", "avenue", ""})
_NO_STREET = 0.6  # at most, for houses of one name that are not both said to be on one street
_MANY = 400_000  # cases among which even a telling name of premises is met twice by chance
_SMOOTH = 50  # addresses: a small casebook does not tell how common they are
_PLAIN_WORDS = words(
    """
    sunny golden star royal best quick diamond city lucky happy sunshine perfect crystal elite prime
    premier top super express dragon palace garden oriental oasis paradise lotus bamboo jade pearl angel
    beauty lovely pink blue green red king queen prince king's crown sparkle shine bright platinum gold
    silver magic polish euro american california usa tropical modern classic star rainbow village town
    high street main station corner new lee lily rose kim tony ali ace a1 speedy express fresh clean hot
    tasty istanbul mr
    """
)


def postcodes(values: Values, cases: int) -> Iterator[Alike]:
    """Give the cases that name one postcode."""
    del cases
    for value, those in values.items():
        if len(those) > 1 and "?" not in value:
            yield Alike(value, value, "the same postcode", 0.86)


def besides_postcode(one: Mention, other: Mention, alike: Alike, values: Values) -> Besides:
    """Weigh the addresses that were told with a postcode: two houses of one street are two places."""
    del alike, values
    mine, theirs = one.more.get("house", ""), other.more.get("house", "")
    if mine and theirs and not set(mine.split(";")) & set(theirs.split(";")):
        return Besides(1.0, 0.6, ", but of two houses")
    return NOTHING_BESIDES


def addresses(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of addresses."""
    named = {value for value in values if "|" not in value}
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)  # by house number and street
    for value in sorted(set(values) - named):
        building, street, _ = value.split("|")
        groups[building.rpartition("/")[2], street].append(value)
    streets = Counter(street for _, street in groups)
    numbers = Counter(number for number, _ in groups)
    total = len(groups)
    for (number, street), group in groups.items():
        likely = max((streets[street] - 1) / (total + _SMOOTH), 0.03 if street in _EVERYWHERE else 0.0005)
        chance = total * likely * max((numbers[number] - 1) / (total + _SMOOTH), 0.004)
        for at, one in enumerate(group):
            for other in group[at:]:
                yield from _addresses(values, one, other, chance)
    yield from _misspelt(values, groups, total, cases)
    yield from _several(groups)
    for value in sorted(named):
        if len(values[value]) > 1:
            yield Alike(value, value, "a house of the same name", 0.9, 0.6, 0.3, placed=True)


def _addresses(values: Values, one: str, other: str, chance: float) -> Iterator[Alike]:
    if one == other and len(values[one]) < 2:
        return
    (mine, street, kind), (theirs, _, other_kind) = one.split("|"), other.split("|")
    flats = mine.rpartition("/")[0], theirs.rpartition("/")[0]
    if kind != other_kind:
        if kind and other_kind:
            yield Alike(
                one,
                other,
                "the same house number and name of a street, but not the same kind of street",
                0.6,
                0.5,
                chance * 3 + 0.2,
                placed=True,
            )
        return
    if all(flats) and flats[0] != flats[1]:
        yield Alike(one, other, "two flats in one house", 0.62, 0.55, chance, placed=True)
    elif any(flats) and not all(flats):
        yield Alike(one, other, "the same house; only one names the flat", 0.9, 0.8, chance, placed=True)
    else:
        # "14 High Street" is in every town: alone it says little.
        common = street in _EVERYWHERE and kind in _COMMON_KINDS
        yield Alike(one, other, "the same address", 0.96, 0.5 if common else 0.88, chance, placed=True)


def _several(groups: Mapping[tuple[str, str], list[str]]) -> Iterator[Alike]:
    """Find addresses of several numbers, "9-11", of which another is one."""
    for (number, street), group in sorted(groups.items()):
        for each in number.split("-") if "-" in number else ():
            for one in group:
                for other in groups.get((each, street), ()):
                    if one.rpartition("|")[2] == other.rpartition("|")[2]:
                        how = "the same street, and a house number that one gives among several"
                        yield Alike(one, other, how, 0.9, 0.8, 0.02, placed=True)


def _misspelt(
    values: Values, groups: dict[tuple[str, str], list[str]], total: int, cases: int
) -> Iterator[Alike]:
    del values, cases
    numbers: dict[str, list[str]] = defaultdict(list)
    for number, street in groups:
        numbers[street].append(number)
    for first, last in one_off(numbers, fewest=4):
        if first.startswith("the ") != last.startswith("the "):
            continue
        for number in sorted(set(numbers[first]) & set(numbers[last])):
            for one in groups[number, first]:
                for other in groups[number, last]:
                    if one.rpartition("|")[2] == other.rpartition("|")[2] and _flat(one) == _flat(other):
                        how = "the same house number, and a street but for one letter"
                        yield Alike(
                            one,
                            other,
                            how,
                            0.9,
                            0.74 if len(first) > 6 else 0.5,
                            0.02 + total / 100_000,
                            placed=True,
                        )


def _flat(value: str) -> str:
    return value.partition("|")[0].rpartition("/")[0]


def besides_address(one: Mention, other: Mention, alike: Alike, values: Values) -> Besides:
    """Weigh the postcode and the town that stand behind each address."""
    del values
    mine, theirs = one.more.get("postcode", ""), other.more.get("postcode", "")
    if mine and theirs:
        apart = OSA.distance(mine, theirs, score_cutoff=2)
        if apart == 0:
            return Besides(200.0, 1.0, f"; both in {mine}")
        if apart > 1:
            return Besides(0.02, 0.3, ", but the postcodes differ")
    mine, theirs = one.more.get("street", ""), other.more.get("street", "")
    street = ""
    if mine and theirs:
        if OSA.distance(mine, theirs, score_cutoff=2) > 1:
            return Besides(0.02, 0.4, ", but the streets differ")
        street = f"; both on {mine.title()}"
    if towns_differ(one, other):
        return Besides(0.02, 0.4, ", but the towns differ")
    # Houses of one name are in every town; a number and a street that share it say more.
    if street or ("|" in alike.one and _stated(one) & _stated(other)):
        return Besides(30.0 if street else 8.0, 1.0, street)
    mine, theirs = one.more.get("district", ""), other.more.get("district", "")
    if mine and theirs and mine[:2] != theirs[:2]:
        return Besides(0.02, 0.4, ", but the postcodes differ")
    return NOTHING_BESIDES if "|" in alike.one else Besides(1.0, _NO_STREET)


def towns_differ(one: Mention, other: Mention) -> bool:
    """Tell whether two places are said to be in two towns, whether anybody knows these or not."""
    mine, theirs = one.more.get("town", ""), other.more.get("town", "")
    if mine and theirs and mine != theirs and not {mine, theirs} & {"london"}:
        return not (_stated(one) & _stated(other))
    told = _stated(one), _stated(other)
    return bool(told[0] and told[1] and not told[0] & told[1])


def _stated(one: Mention) -> set[str]:
    """Give how the words begin that say where something is: "Nottm" is no other town than Nottingham."""
    told = (*one.more.get("stated", "").split(), *one.more.get("town", "").split())
    return {word[:3] for word in told}


def besides_premises(one: Mention, other: Mention, alike: Alike, values: Values) -> Besides:
    """Weigh where two premises are said to be."""
    del alike, values
    if towns_differ(one, other):
        return Besides(0.05, 0.5, ", but the towns differ")
    if _stated(one) & _stated(other):
        return Besides(8.0)
    return NOTHING_BESIDES


def premises(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of premises: the same name, and kinds of business that do not contradict each other."""
    by_core: dict[str, list[str]] = defaultdict(list)
    classes: dict[str, str] = {}
    for value in sorted(values):
        some = next(iter(values[value].values()))
        by_core[some.more["core"]].append(value)
        classes[value] = some.more["class"]
    for core, group in by_core.items():
        chance = _chance(core, cases)
        for at, one in enumerate(group):
            for other in group[at:]:
                yield from _premises(values, one, other, classes, chance)
    yield from _longer(by_core, classes, cases)
    yield from _squeezed(by_core, classes, cases)


def _squeezed(by_core: Mapping[str, list[str]], classes: dict[str, str], cases: int) -> Iterator[Alike]:
    """Find names that are one but for a blank or a letter."""
    squeezed: dict[str, list[str]] = defaultdict(list)
    for core in by_core:
        squeezed[core.replace(" ", "")].append(core)
    for cores in squeezed.values():
        for at, first in enumerate(cores):
            for last in cores[at + 1 :]:
                yield from _near(
                    by_core[first],
                    by_core[last],
                    classes,
                    _chance(first, cases),
                    "the same name, written together or apart",
                )
    for first, last in one_off(squeezed, fewest=5):
        for one in squeezed[first]:
            for other in squeezed[last]:
                yield from _near(
                    by_core[one],
                    by_core[other],
                    classes,
                    _chance(one, cases) * 2 + 0.05,
                    "the same name but for one letter",
                )


def _longer(by_core: Mapping[str, list[str]], classes: dict[str, str], cases: int) -> Iterator[Alike]:
    """Find names of which one has words before it that the other has not."""
    for core in sorted(by_core):
        words_ = core.split()
        for at in range(1, len(words_)):
            less = " ".join(words_[at:])
            for one in by_core[core]:
                for other in by_core.get(less, ()):
                    if classes[one] == classes[other]:
                        how = "the same name; one has a word more"
                        yield Alike(one, other, how, 0.86, 0.6, _chance(less, cases) * 2, placed=True)


def _chance(core: str, cases: int) -> float:
    words = core.split()
    rare = 1.0
    for word in words:
        rare *= 1 / 60 if word in _PLAIN_WORDS else 1 / 1500
    return max(0.02, cases / _MANY, cases / 10 * max(rare, 1e-6))


def _premises(
    values: Values, one: str, other: str, classes: dict[str, str], chance: float
) -> Iterator[Alike]:
    if one == other:
        if len(values[one]) > 1:
            yield Alike(one, other, "premises or a company of the same name", 0.95, 0.84, chance, placed=True)
    elif COMPANY in (classes[one], classes[other]):
        yield Alike(
            one,
            other,
            "the same name; one says what kind of business it is",
            0.88,
            0.74,
            chance * 2,
            placed=True,
        )
    else:
        yield Alike(
            one,
            other,
            "the same name, told as different kinds of business",
            0.66,
            0.4,
            chance * 4 + 0.1,
            placed=True,
        )


def _near(
    ones: list[str], others: list[str], classes: dict[str, str], chance: float, how: str
) -> Iterator[Alike]:
    for one in ones:
        for other in others:
            if classes[one] == classes[other]:
                yield Alike(one, other, how, 0.9, 0.76 if len(one) > 9 else 0.6, chance, placed=True)
            elif COMPANY in (classes[one], classes[other]):
                yield Alike(one, other, how, 0.8, 0.55, chance * 2, placed=True)


def three_words(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of what3words addresses."""
    del cases
    for value, those in values.items():
        if len(those) > 1:
            yield Alike(value, value, "the same what3words address", 0.95)
    for one, other in one_off(values, fewest=12):
        yield Alike(one, other, "the same what3words address but for one letter", 0.8, 0.55, placed=True)
