"""The fuzz target, which is run by hand, still reaches what it is for."""

import random

from tests.counts import count
from tests.fuzz import envelope as target


def chunk(tag: int, data: bytes, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return bytes((tag,)) + size.to_bytes(3, "big") + data


def test_the_target_opens_what_is_right() -> None:
    inside = (5).to_bytes(4, "big") + b"seen."
    for data in (
        b"\0" + target.SEALED,
        b"\1",
        b"\2" + chunk(3, inside, 4096),
        b"\3" + target.ATTACHMENT.sealed(),
        b"\4\0\0\5" + chunk(3, b"seen.", 16_384),
    ):
        assert target.one_input(data)


def test_the_target_refuses_what_is_wrong() -> None:
    inside = (5).to_bytes(4, "big") + b"seen."
    for data in (
        b"",
        b"\0" + target.SEALED[:-1],
        b"\1\0\7\0\2",
        b"\2" + chunk(1, inside, 4096),
        b"\2" + chunk(3, inside, 4095),
        b"\3",
        b"\4\0\0\4" + chunk(3, b"seen.", 16_384),
    ):
        assert not target.one_input(data)


def test_random_inputs_crash_nothing() -> None:
    for number in range(count(500, 50_000)):
        chance = random.Random(number)
        target.one_input(bytes((chance.randrange(5),)) + chance.randbytes(chance.randrange(400)))
