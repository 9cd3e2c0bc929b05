"""Learn from pairs of rows, half of whose sources are known, to tell whether two rows share a source.

Every way in which two rows can be compared gives a feature. Those that do best on the known half are put
together by a linear discriminant; what counts is the area under the ROC curve on the other half: 0.5 is
guessing, 1 is knowing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from operator import eq
from random import Random

from tests.unlinkable.seized import Row

BEST = 10
MOST_PAIRS = 1000
# For each pair of one source, so many of two.
STRANGERS = 2
RIDGE = 1e-3
# Numbers with so many values may tell an order, and are compared with all others of the kind.
ORDER = 20

Rows = Mapping[bytes, Row]
Pair = tuple[Row, Row]
# Pairs of one source, and pairs of two.
Halves = tuple[list[Pair], list[Pair]]
Feature = Callable[[Row, Row], float]


def auc(same: Sequence[float], other: Sequence[float]) -> float:
    """Give the chance that one of ``same`` is above one of ``other``, ties counting half."""
    below = sorted(other)
    wins = sum(bisect_left(below, value) + bisect_right(below, value) for value in same)
    return wins / (2 * len(same) * len(other))


def judged(first: Rows, second: Rows, owners: Mapping[bytes, int], random: Random) -> float:
    """Learn on half the sources, judge on the others, and the other way round; give the mean of both."""
    sources = sorted(set(owners.values()))
    random.shuffle(sources)
    halves = [set(sources[::2]), set(sources[1::2])]
    pairs = [_pairs(first, second, owners, half, random) for half in halves]
    features = list(_features(first, second))
    return (_learnt(features, *pairs) + _learnt(features, *pairs[::-1])) / 2


def _learnt(features: list[Feature], known: Halves, asked: Halves) -> float:
    """Put the best features of the known pairs together, and give what they are worth on the others."""
    worth = [abs(auc(*([feature(*pair) for pair in some] for some in known)) - 0.5) for feature in features]
    best = [features[place] for place in sorted(range(len(features)), key=worth.__getitem__)[-BEST:]]
    same, other = ([[feature(*pair) for feature in best] for pair in some] for some in known)
    weights = discriminant(same, other)

    def score(pair: Pair) -> float:
        return sum(weight * feature(*pair) for weight, feature in zip(weights, best, strict=True))

    return auc(*([score(pair) for pair in some] for some in asked))


def discriminant(same: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> list[float]:
    """Give Fisher's linear discriminant of two kinds of rows: a weight a feature."""
    width = len(same[0])
    means = [[sum(row[at] for row in rows) / len(rows) for at in range(width)] for rows in (same, other)]
    spread = [[0.0] * width for _ in range(width)]
    for rows, mean in zip((same, other), means, strict=True):
        centred = [[row[at] - mean[at] for row in rows] for at in range(width)]
        for a in range(width):
            for b in range(a, width):
                spread[a][b] += sum(x * y for x, y in zip(centred[a], centred[b], strict=True)) / len(rows)
                spread[b][a] = spread[a][b]
    for at in range(width):
        spread[at][at] += RIDGE * spread[at][at] + 1e-12
    return _solved(spread, [one - two for one, two in zip(*means, strict=True)])


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    width = len(rows)
    for at in range(width):
        pivot = max(range(at, width), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(width):
            if below != at:
                factor = rows[below][at] / rows[at][at]
                rows[below] = [x - factor * y for x, y in zip(rows[below], rows[at], strict=True)]
    return [rows[at][width] / rows[at][at] for at in range(width)]


def _pairs(
    first: Rows, second: Rows, owners: Mapping[bytes, int], half: set[int], random: Random
) -> tuple[list[Pair], list[Pair]]:
    """Give pairs of one source, and pairs of two.

    The days of the ones are those of the others: days are known to tell something, and are not what is asked.
    """
    mine = [key for key in first if owners[key] in half]
    theirs = [key for key in second if owners[key] in half]
    same: list[Pair] = []
    others: dict[tuple[int, int], list[Pair]] = {}
    for a, b in combinations(mine, 2) if first is second else product(mine, theirs):
        pair = first[a], second[b]
        if owners[a] == owners[b]:
            same.append(pair)
        else:
            others.setdefault(_days(pair), []).append(pair)
    same = random.sample(same, min(len(same), MOST_PAIRS))
    strangers = [pair for one in same for pair in random.choices(others[_days(one)], k=STRANGERS)]
    return same, strangers


def _days(pair: Pair) -> tuple[int, int]:
    return pair[0].numbers["day"], pair[1].numbers["day"]


def _features(first: Rows, second: Rows) -> Iterator[Feature]:
    """Give every way to compare a row of the one kind with one of the other."""
    ranks = [_ranks(rows) for rows in (first, second)]
    numbers = [sorted(rank) for rank in ranks]
    alike = first is second
    for one, two in product(*numbers):
        orders = min(len(ranks[0][one]), len(ranks[1][two])) >= ORDER
        if one == two or (orders and not alike):
            yield _nearness(one, two, ranks[0][one], ranks[1][two])
    for name in sorted(set(numbers[0]) & set(numbers[1])):
        for bits in (4, 6, 8):
            yield _same_low_bits(name, bits)
        yield _low_bits_near(name)
    for name in sorted(_names(first) & _names(second)):
        yield _alike(name)


def _ranks(rows: Rows) -> dict[str, dict[int, float]]:
    """Give, for every number that varies, the place of each of its values among all of them, from 0 to 1."""
    names = {name for row in rows.values() for name in row.numbers}
    ranks = {}
    for name in names:
        values = sorted({row.numbers[name] for row in rows.values() if name in row.numbers})
        if len(values) > 1:
            ranks[name] = {value: place / (len(values) - 1) for place, value in enumerate(values)}
    return ranks


def _names(rows: Rows) -> set[str]:
    return {name for row in rows.values() for name in row.bytes}


def _nearness(one: str, two: str, ones: dict[int, float], twos: dict[int, float]) -> Feature:
    def near(a: Row, b: Row) -> float:
        if one not in a.numbers or two not in b.numbers:
            return -0.5
        # By its root: what is very near stands out.
        return -(abs(ones[a.numbers[one]] - twos[b.numbers[two]]) ** 0.5)

    return near


def _same_low_bits(name: str, bits: int) -> Feature:
    mask = (1 << bits) - 1

    def same(a: Row, b: Row) -> float:
        if name not in a.numbers or name not in b.numbers:
            return 0.0
        return float(not (a.numbers[name] ^ b.numbers[name]) & mask)

    return same


def _low_bits_near(name: str) -> Feature:
    def near(a: Row, b: Row) -> float:
        if name not in a.numbers or name not in b.numbers:
            return -128.0
        return -float(abs((a.numbers[name] & 255) - (b.numbers[name] & 255)))

    return near


def _alike(name: str) -> Feature:
    def equal_bytes(a: Row, b: Row) -> float:
        return float(sum(map(eq, a.bytes.get(name, b""), b.bytes.get(name, b""))))

    return equal_bytes
