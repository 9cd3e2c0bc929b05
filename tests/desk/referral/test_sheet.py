"""The paper of a referral is made in a few tries, whatever somebody wrote."""

import random
from typing import Any

import pytest

from desk.packing import sheet
from desk.packing.pack import packed
from tests.desk.referral.test_pack import contents, printed

RANGES = ((0x300, 0x370), (0x530, 0x590), (0x10A0, 0x1100), (0x600, 0x700), (0x400, 0x500), (0x1E00, 0x1F00))


def hostile(length: int) -> str:
    draw = random.Random(1)
    return "".join(chr(draw.randrange(*draw.choice(RANGES))) for _ in range(length))


@pytest.mark.parametrize(
    "text",
    [hostile(20_000), "a\u0301\u0302\u0303" * 5_000, "q\u0591" + "b\u05b0" * 50, "^]\\-[" * 50 + "\u4e00"],
    ids=["random", "marks", "clusters", "signs of a class"],
)
def test_it_takes_three_tries_at_most(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[object] = []
    compiled = sheet.compiled

    def counted(*given: Any) -> bytes:
        tries.append(given)
        return compiled(*given)

    monkeypatch.setattr(sheet, "compiled", counted)
    assert printed(packed(contents(text)).data)
    assert len(tries) <= 3
