"""The corpus: cases from a seed, each with what was sent and the facts that are told in it."""

import base64
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass

from payload import FollowUp, Report

from .facts import Fact
from .stories import written
from .world import World

SIZES = (1, 2, 3, 4, 5, 6, 8)
OFTEN = (80, 8, 5, 3, 2, 1, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its name as the desk gives it, what its source sent, and the facts in that."""

    name: str
    contents: tuple[Report | FollowUp, ...]
    facts: tuple[Fact, ...]


def corpus(count: int, seed: int = 7) -> Iterator[Case]:
    """Give so many cases, the same for the same seed."""
    rng = random.Random(seed)
    world, left = World(rng), count
    while left > 0:
        affair = world.affair()
        for _ in range(min(left, rng.choices(SIZES, OFTEN)[0])):
            draft = rng.randbytes(16)
            contents, facts = written(rng, affair, draft, left)
            yield Case(name_of(draft), contents, tuple(facts))
            left -= 1


def name_of(draft: bytes) -> str:
    """Name the case of a draft as the desk does."""
    digest = hashlib.sha256(b"vigil/v1/case\0" + draft).digest()
    return base64.b32encode(digest)[:10].decode("ascii").lower()
