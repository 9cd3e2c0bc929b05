"""Which telephone numbers, bank accounts and wallets may be one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from desk.connections.matching import Alike, Values, same
from desk.connections.money import GAP
from desk.connections.near import differs_at, shorter, substituted
from desk.connections.signs_seen import UNSEEN, Signs, fitting, overlapping

_DIGITS = 10
_BRITISH_LONG = len("+447700900123")
_FREE = ("+44800", "+44808", "+443")


def telephones(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of telephone numbers."""
    del cases
    whole = {value for value in values if UNSEEN not in value}
    parts = set(values) - whole
    signs = Signs((value for value in whole if len(value) == _BRITISH_LONG), _DIGITS)
    for value in whole:
        if (many := len(values[value])) > 1:
            # A number that is free to call and stands in many cases is more likely a helpline than a gang's.
            helpline = value.startswith(_FREE) and many > 4
            yield Alike(value, value, "the same telephone number", 0.6 if helpline else 0.98)
    found = list(fitting(parts, whole))
    fits = Counter(part for part, _ in found)
    for part, text in found:
        unseen = part.count(UNSEEN)
        chance = signs.total(len(text)) * signs.likely(part) + fits[part] - 1
        yield Alike(
            part, text, f"the same telephone number as far as it was told, {_unseen(unseen)} not known",
            0.93 if unseen < 5 else 0.88, 0.9 if unseen < 5 else 0.76, chance, placed=True,
        )  # fmt: skip
    for part in parts:
        if len(values[part]) > 1:
            seen = sum(map(str.isdigit, part)) - 2
            yield Alike(
                part,
                part,
                "the same part of a telephone number",
                0.85,
                0.72 if seen > 4 else 0.45,
                0.1 + signs.total(_BRITISH_LONG) * signs.likely(part),
                placed=True,
            )
    for one, other, shared in overlapping(parts):
        if shared >= 7:
            yield Alike(
                one, other, "two parts of a telephone number that go together", 0.8, 0.6, 0.1, placed=True
            )
    yield from _misdialled(whole, signs)


def _unseen(count: int) -> str:
    return "one digit is" if count == 1 else f"{count} digits are"


def _misdialled(whole: set[str], signs: Signs) -> Iterator[Alike]:
    long = {value for value in whole if len(value) == _BRITISH_LONG and value.startswith("+44")}
    seen: set[tuple[str, str]] = set()
    for one, other in substituted(long):
        if (one, other) in seen:
            continue
        seen.add((one, other))
        places = differs_at(one, other)
        chance = min(signs.neighbours(one), signs.neighbours(other))
        if len(places) == 2:
            yield Alike(
                one,
                other,
                "the same telephone number, with two digits changed about",
                0.92,
                0.76,
                chance / 2,
                placed=True,
            )
        else:
            yield Alike(one, other, "the same telephone number but for one digit", 0.55, chance=chance)
    short = {value for value in whole if value.startswith("+44") and len(value) == _BRITISH_LONG - 1}
    for one, other in shorter(short, long):
        yield Alike(
            one,
            other,
            "the same telephone number, with one digit left out",
            0.9,
            0.8,
            signs.neighbours(other) / 4,
            placed=True,
        )
    for one, other in shorter(
        long, (value for value in whole if value.startswith("+44") and len(value) == _BRITISH_LONG + 1)
    ):
        yield Alike(
            one,
            other,
            "the same telephone number, with one digit too many",
            0.9,
            0.8,
            signs.neighbours(one) / 4,
            placed=True,
        )


def accounts(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of bank accounts."""
    del cases
    yield from same(values, "the same bank account", 0.98)
    by_number: dict[str, list[str]] = defaultdict(list)
    for value in sorted(values):
        by_number[value.rpartition("-")[2]].append(value)
    for group in by_number.values():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                yield from _accounts(one, other)
    digits = sorted(value for value in values if value.replace("-", "").isdigit())
    for one, other in sorted(set(substituted(digits))):
        if one.rpartition("-")[2] == other.rpartition("-")[2]:
            continue
        if len(differs_at(one, other)) == 2:
            yield Alike(
                one,
                other,
                "the same bank account, with two digits changed about",
                0.92,
                0.78,
                0.0,
                placed=True,
            )
        elif "-" in one:
            yield Alike(
                one,
                other,
                "the same sort code, and an account number that one digit makes different",
                0.82,
                0.6,
                0.0,
                placed=True,
            )
    for one, other in shorter(digits, digits):
        yield Alike(one, other, "the same bank account, with one digit left out", 0.9, 0.8)


def _accounts(one: str, other: str) -> Iterator[Alike]:
    mine, theirs = one.rpartition("-")[0], other.rpartition("-")[0]
    if not mine or not theirs:
        yield Alike(one, other, "the same account number; one of them without its sort code", 0.94)
    elif mine.isdigit() and theirs.isdigit() and OSA.distance(mine, theirs, score_cutoff=2) == 1:
        yield Alike(
            one, other, "the same account number, and a sort code that one digit makes different", 0.9
        )
    else:
        yield Alike(one, other, "the same account number at another bank", 0.4)


def wallets(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of wallets."""
    del cases
    yield from same(
        {value: those for value, those in values.items() if GAP not in value}, "the same wallet", 0.99
    )
    whole = sorted(value for value in values if GAP not in value)
    short = sorted(value for value in values if GAP in value)
    yield from _shortened(values, whole, short)
    seen: set[tuple[str, str]] = set()
    for one, other in _blocks(whole):
        if (one, other) in seen:
            continue
        seen.add((one, other))
        if one.lower() == other.lower():
            yield Alike(one, other, "the same wallet but for capital letters", 0.95)
        elif (apart := OSA.distance(one, other, score_cutoff=2)) <= 2:
            valid = all(_valid(values, value) for value in (one, other))
            signs = "one sign" if apart == 1 else "two signs"
            yield Alike(
                one,
                other,
                f"the same wallet but for {signs}",
                0.4 if valid else 0.92,
                0.4 if valid else 0.85 if apart == 1 else 0.78,
            )
        elif apart > 2 and (len(one) != len(other)) and _one_begins(one, other):
            yield Alike(one, other, "the same wallet, not written to its end", 0.88)


def _one_begins(one: str, other: str) -> bool:
    less, more = sorted((one, other), key=len)
    return more.startswith(less) or more.endswith(less[4:])


def _blocks(whole: list[str]) -> Iterator[tuple[str, str]]:
    blocks: dict[str, list[str]] = defaultdict(list)
    for value in whole:
        plain = value.lower()
        blocks[f"<{plain[:12]}"].append(value)
        blocks[f">{plain[-9:]}"].append(value)
        blocks[f"|{plain[12:22]}"].append(value)
    for group in blocks.values():
        for at, one in enumerate(group[:50]):
            for other in group[at + 1 : 50]:
                if one != other:
                    yield (one, other) if one < other else (other, one)


def _valid(values: Values, value: str) -> bool:
    return any(mention.more.get("valid") == "yes" for mention in values[value].values())


def _shortened(values: Values, whole: list[str], short: list[str]) -> Iterator[Alike]:
    heads: dict[str, list[str]] = defaultdict(list)
    for value in whole:
        heads[value[:4].lower()].append(value)
    for value in short:
        head, tail = value.split(GAP)
        fits = [
            text
            for text in heads.get(head[:4].lower(), whole if len(head) < 4 else ())
            if _ends(text, head, tail)
        ]
        for text in fits:
            chance = (len(heads) + len(whole)) * 20.0 ** -(len(tail) + max(0, len(head) - 4)) + len(fits) - 1
            yield Alike(value, text, "the same wallet as far as it was told", 0.93, 0.9, chance)
        if len(values[value]) > 1:
            yield Alike(
                value,
                value,
                "the same two ends of a wallet",
                0.92,
                0.88,
                20.0 ** -max(len(tail), len(head) - 4) * len(short),
            )
    by_tail: dict[str, list[str]] = defaultdict(list)
    for value in short:
        by_tail[value[-3:].lower()].append(value)
    for group in by_tail.values():
        for one, other in _of_group(group[:50]):
            first, last = one.split(GAP), other.split(GAP)
            if (
                _begin(first[0], last[0])
                and _begin(first[1][::-1], last[1][::-1])
                and min(len(first[1]), len(last[1])) > 2
            ):
                yield Alike(one, other, "the same two ends of a wallet", 0.9, 0.85, 0.01)


def _of_group(group: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = sorted(group)
    for at, one in enumerate(known):
        for other in known[at + 1 :]:
            yield one, other


def _begin(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _ends(text: str, head: str, tail: str) -> bool:
    plain = text.lower()
    return plain.startswith(head.lower()) and plain.endswith(tail.lower()) and len(head) + len(tail) > 5
