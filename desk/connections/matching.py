"""How two values are weighed: what makes a score.

A score says how likely two cases speak of the same thing. It begins with ``best``, what the likeness is worth
where nothing else could explain it, and is divided by what chance explains: ``chance`` is how many other
values of the casebook would be expected to be as like by accident. What both cases say besides (the place,
the make and colour of a vehicle) makes chance less likely by as many times as such a thing is rare, or more
likely where it contradicts. Where nothing bears a likeness out, it is worth ``alone`` at most.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from desk.connections.mention import Mention

DEFAULT_MIN = 0.7  # links of a lower score are kept back unless they are asked for


@dataclass(frozen=True, slots=True, repr=False)
class Alike:
    """Two values, or one and the same, that may be one thing; ``how`` says why, in words that follow what
    was typed: "the same number".
    """

    one: str
    other: str
    how: str
    best: float
    alone: float = 1.0
    chance: float = 0.0
    placed: bool = False  # whether where the cases play says anything of it
    rivals: tuple[str, ...] = ()  # other whole values that a part fits as well

    def __repr__(self) -> str:
        return "<Alike>"


@dataclass(frozen=True, slots=True)
class Besides:
    """What else speaks for or against: ``times`` likelier, ``most`` the highest score left, the words, and
    how many ``rivals`` fit no less well.
    """

    times: float = 1.0
    most: float = 1.0
    words: str = ""
    rivals: int = 0


NOTHING_BESIDES = Besides()
Values = Mapping[str, Mapping[str, Mention]]  # by value and case
Matcher = Callable[[Values, int], Iterator[Alike]]


def score(alike: Alike, besides: Besides, placed: float) -> float:
    """Work a score out; ``placed`` says how many times likelier it is by where the two cases play."""
    times = placed * besides.times
    top = alike.best if times > 1.0 else min(alike.best, alike.alone)
    return round(min(top / (1 + alike.chance / times + besides.rivals / placed), besides.most), 3)


def same(values: Values, how: str, best: float, *, placed: bool = False) -> Iterator[Alike]:
    """Give the values that several cases share."""
    for value, cases in values.items():
        if len(cases) > 1:
            yield Alike(value, value, how, best, placed=placed)
