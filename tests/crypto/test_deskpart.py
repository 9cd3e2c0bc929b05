"""A desk's public part: signed by the desk itself, read whole or refused."""

import base64
import json
import random

import pytest

from crypto import deskpart
from crypto.deskpart import LABEL, MAGIC, DeskPart
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys
from crypto.keyfile import DeskKeys
from crypto.primitives import sign
from tests.counts import count

KEYS = DeskKeys.make("Zoë", Epoch(202611), 2)
PART = DeskPart(KEYS.public(), practice=True)
MADE = PART.signed(KEYS.sign)


def remade(change: dict[str, object], **desk: object) -> bytes:
    """Sign another body with the desk's own key."""
    value = json.loads(base64.b64decode(MADE.split(b"\n")[1])) | change
    if desk:
        value["desk"] |= desk
    body = json.dumps(value, ensure_ascii=False).encode()
    lines = [body, sign(KEYS.sign.reveal(), LABEL + body)]
    return MAGIC + b"".join(base64.b64encode(line) + b"\n" for line in lines)


def test_a_part_is_read_as_it_was_written() -> None:
    assert deskpart.read(MADE) == PART
    assert deskpart.read(remade({})) == PART


def test_a_fingerprint_is_of_the_signing_key() -> None:
    again = DeskKeys(KEYS.name, KEYS.sign, {}).with_months(Epoch(202701), 3)
    assert DeskPart(again.public(), practice=True).fingerprint == PART.fingerprint
    other = DeskKeys.make("Zoë", Epoch(202611), 1)
    assert DeskPart(other.public(), practice=True).fingerprint != PART.fingerprint
    assert [len(group) for group in PART.fingerprint.split(" ")] == [4] * 8


def test_no_secret_stands_in_it() -> None:
    for seed in (KEYS.sign, *KEYS.seeds.values()):
        assert seed.reveal() not in base64.b64decode(MADE.split(b"\n")[1])
        assert base64.b64encode(seed.reveal()) not in base64.b64decode(MADE.split(b"\n")[1])


def test_only_the_desk_itself_signs_it() -> None:
    with pytest.raises(BadTeamKeys, match="signature"):
        PART.signed(DeskKeys.make("x", Epoch(202611), 1).sign)


def test_any_flipped_bit_is_refused() -> None:
    dice = random.Random(9)
    for bit in [dice.randrange(len(MADE) * 8) for _ in range(count(300, 20_000))]:
        changed = bytearray(MADE)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadTeamKeys):
            deskpart.read(bytes(changed))


def test_every_truncation_and_anything_behind_is_refused() -> None:
    for length in range(0, len(MADE), count(53, 1)):
        with pytest.raises(BadTeamKeys):
            deskpart.read(MADE[:length])
    for more in (b"\n", b"\0", MADE):
        with pytest.raises(BadTeamKeys):
            deskpart.read(MADE + more)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (remade({"more": 1}), "unknown key"),
        (remade({"practice": 1}), "practice is not true or false"),
        (remade({"desk": []}), "an object was expected"),
        (remade({}, name=" x"), "plain characters"),
        (remade({}, epochs={}), None),
        (remade({}, sign="AA=="), "sign has 1 bytes"),
        (remade({}, epochs={"202613": ""}), "not a month"),
        (b"vigil team keys v1\n" + MADE[len(MAGIC) :], "not a desk's public part"),
        (MAGIC + b"!\n" + MADE.split(b"\n")[2] + b"\n", "not base64"),
        (bytes(deskpart.MAX_FILE + 1), "larger"),
    ],
    ids=["more", "practice", "no desk", "name", "no month", "sign", "month", "magic", "base64", "large"],
)
def test_what_no_list_takes_is_refused_here(data: bytes, reason: str | None) -> None:
    if reason is None:
        assert deskpart.read(data).desk.epochs == {}
        return
    with pytest.raises(BadTeamKeys, match=reason):
        deskpart.read(data)
