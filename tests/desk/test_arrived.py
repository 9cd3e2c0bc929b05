"""What a bundle held is remembered in order and once, in as much memory as it takes on the disk."""

import hashlib
import random
import tracemalloc

from desk.server import Arrived

MANY = 20_000


def _digests(count: int) -> list[str]:
    return sorted(hashlib.sha256(str(number).encode()).hexdigest() for number in range(count))


def test_members_are_remembered_sorted_and_once_however_they_came() -> None:
    digests = _digests(50)
    names = [f"blob/{digest[:32]}" for digest in digests] + [f"env/{digest}" for digest in digests]
    in_order, anyhow = Arrived(), Arrived()
    for name in names:
        in_order.add(name)
    for name in random.Random(1).sample([*names, *names[:7]], len(names) + 7):
        anyhow.add(name)
    for other in ("manifest", "team.keys", "reply/00"):
        anyhow.add(other)
    packed = b"".join(in_order.packed())
    assert packed == b"".join(anyhow.packed())
    assert packed[8:] == b"".join(map(bytes.fromhex, digests)) + b"".join(
        bytes.fromhex(digest[:32]) for digest in sorted(digests)
    )


def test_many_members_take_a_few_bytes_each() -> None:
    digests = _digests(MANY)
    tracemalloc.start()
    try:
        arrived = Arrived()
        for digest in digests:
            arrived.add(f"env/{digest}")
        list(arrived.packed())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * 32 * MANY
