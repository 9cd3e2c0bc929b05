"""`keys.backup` opens by the recovery secret alone, to the same keys, and whatever is changed is refused."""

import random

import pytest

from crypto import backup, envelope, keyfile, xwing
from crypto.backup import Backup, recovery_public
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, NotForThisKey
from crypto.identity import Identity
from crypto.kdf import hkdf
from crypto.keyfile import DeskKeys
from crypto.open import opened
from crypto.seal import sealed
from crypto.secret import EpochSeed, RecoverySecret, XWingSeed
from crypto.teamkeys import TeamKeys
from tests.counts import count

KEYS = DeskKeys.make("Zoë's desk", Epoch(202611), 2)
TEAM = TeamKeys.read(Identity.new().team_keys((KEYS.public(),), version=3, practice=True))
SECRET = RecoverySecret.new()
PUBLIC = recovery_public(SECRET)
MADE = backup.locked(Backup(KEYS, TEAM), PUBLIC)


def test_a_backup_opens_to_the_same_keys_and_list() -> None:
    assert backup.unlocked(MADE, SECRET) == Backup(KEYS, TEAM)


def test_another_secret_does_not_open_it() -> None:
    with pytest.raises(NotForThisKey):
        backup.unlocked(MADE, RecoverySecret.new())


def test_it_is_an_envelope_of_its_own_kind_and_of_no_month() -> None:
    header = envelope.header(MADE)
    assert (header.kind, header.epoch, header.recipients) == (Kind.BACKUP, None, 1)


def test_the_key_comes_from_the_secret_as_the_format_has_it() -> None:
    seed = hkdf(SECRET.reveal(), salt=b"", label=b"vigil/v1/recovery\0")
    assert xwing.public_of(XWingSeed(seed)) == PUBLIC


def test_a_desk_opens_no_backup_and_the_recovery_secret_no_report() -> None:
    seed = EpochSeed(hkdf(SECRET.reveal(), salt=b"", label=b"vigil/v1/recovery\0"))
    with pytest.raises(BadEnvelope, match="kind"):
        opened(MADE, [seed])
    for kind in (Kind.INCOMING, Kind.NOTE, Kind.KEPT):
        with pytest.raises(BadEnvelope, match="kind"):
            backup.unlocked(sealed(kind, Epoch(202611), [PUBLIC], b"x"), SECRET)


def test_nothing_of_it_is_readable() -> None:
    for seed in (KEYS.sign, *KEYS.seeds.values()):
        assert seed.reveal() not in MADE
    assert KEYS.name.encode() not in MADE
    assert TEAM.raw[:64] not in MADE
    assert SECRET.reveal() not in MADE


def test_any_flipped_bit_is_refused() -> None:
    dice = random.Random(7)
    for bit in [dice.randrange(len(MADE) * 8) for _ in range(count(200, 20_000))]:
        changed = bytearray(MADE)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((BadEnvelope, NotForThisKey)):
            backup.unlocked(bytes(changed), SECRET)


def test_every_truncation_is_refused() -> None:
    lengths = range(0, len(MADE), count(97, 1))
    for length in lengths:
        with pytest.raises((BadEnvelope, NotForThisKey)):
            backup.unlocked(MADE[:length], SECRET)
    with pytest.raises(BadEnvelope):
        backup.unlocked(MADE + b"\0", SECRET)


PACKED = keyfile.packed(KEYS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0\0",
        b"\0\0\0\0" + TEAM.raw,
        b"\xff\xff\xff\xff" + PACKED,
        len(PACKED).to_bytes(4, "big") + PACKED,
        len(PACKED).to_bytes(4, "big") + PACKED + TEAM.raw + b"\n",
        (len(PACKED) - 1).to_bytes(4, "big") + PACKED + TEAM.raw,
    ],
    ids=["empty", "cut", "no keys", "a length too big", "no list", "bytes behind", "a length too small"],
)
def test_other_contents_are_no_backup(body: bytes) -> None:
    with pytest.raises(BadEnvelope, match="not a desk's keys"):
        backup.unlocked(sealed(Kind.BACKUP, None, [PUBLIC], body), SECRET)


def test_a_backup_shows_no_secret_in_its_text() -> None:
    assert KEYS.sign.reveal().hex() not in repr(Backup(KEYS, TEAM))
    assert repr(SECRET) == "<RecoverySecret>"
