"""Key files: a passphrase opens them, damage is no wrong passphrase, no file can exhaust a machine."""

import random
import struct
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import keyfile, passphrase
from crypto.epoch import Epoch
from crypto.errors import BadKeyFile, BadTeamKeys, WrongPassphrase
from crypto.keyfile import MODERATE, PRACTICE, Cost, DeskKeys
from crypto.passphrase import FileKind
from crypto.secret import SigningSeed
from crypto.xwing import public_of
from tests.counts import count

PHRASE = "correct horse battery staple"
FIRST = Epoch(202611)
KEYS = DeskKeys.make("Zoë's desk", FIRST, 3)
LOCKED = keyfile.locked(KEYS, PHRASE, PRACTICE)
HEADER = 33


def digested(data: bytes) -> bytes:
    """Give a file with its digest made right again."""
    return data[:-32] + sha256(data[:-32]).digest()


def with_parameters(operations: int, memory: int) -> bytes:
    return digested(LOCKED[:9] + struct.pack(">II", operations, memory) + LOCKED[17:])


def test_what_is_locked_opens_to_the_same_keys() -> None:
    assert keyfile.unlocked(LOCKED, PHRASE) == KEYS


@pytest.mark.slow
def test_the_default_cost_is_moderate_and_is_in_the_header() -> None:
    locked = keyfile.locked(KEYS, PHRASE)
    assert struct.unpack_from(">II", locked, 9) == (3, 256 * 1024) == (MODERATE.operations, MODERATE.memory)
    assert keyfile.unlocked(locked, PHRASE) == KEYS


def test_a_desk_starts_with_two_years_of_independent_keys() -> None:
    keys = DeskKeys.make("Anna", FIRST)
    assert next(iter(keys.seeds)) == FIRST
    assert list(keys.seeds)[-1] == Epoch(202810)
    assert len({seed.reveal() for seed in keys.seeds.values()}) == 24


def test_the_public_part_holds_the_public_keys_of_the_seeds() -> None:
    public = KEYS.public()
    assert public.name == KEYS.name
    assert public.epochs == {epoch: public_of(seed) for epoch, seed in KEYS.seeds.items()}
    assert list(KEYS.public([FIRST.next()]).epochs) == [FIRST.next()]


def test_more_months_keep_the_keys_that_are_there() -> None:
    more = KEYS.with_months(FIRST.next(), 4)
    assert len(more.seeds) == 5
    assert all(more.seeds[epoch] == seed for epoch, seed in KEYS.seeds.items())


def test_a_destroyed_key_is_not_in_the_file_any_more() -> None:
    less = KEYS.without([FIRST])
    again = keyfile.unlocked(keyfile.locked(less, PHRASE, PRACTICE), PHRASE)
    assert FIRST not in again.seeds
    assert len(again.seeds) == 2


def test_a_desk_without_any_month_is_kept_too() -> None:
    empty = KEYS.without(KEYS.seeds)
    assert keyfile.unlocked(keyfile.locked(empty, PHRASE, PRACTICE), PHRASE) == empty


def test_two_writings_of_the_same_keys_have_nothing_in_common() -> None:
    again = keyfile.locked(KEYS, PHRASE, PRACTICE)
    assert again[17:HEADER] != LOCKED[17:HEADER]
    assert again[HEADER:] != LOCKED[HEADER:]


def test_no_seed_and_no_name_stands_in_the_file_or_in_a_repr() -> None:
    for secret in [KEYS.sign.reveal(), *(seed.reveal() for seed in KEYS.seeds.values())]:
        assert secret not in LOCKED
        assert secret.hex() not in repr(KEYS)
        assert repr(secret) not in repr(KEYS)
    assert KEYS.name.encode() not in LOCKED


@pytest.mark.parametrize(
    "wrong", ["", " ", PHRASE + " ", PHRASE[:-1], PHRASE.upper(), "\ud83d", "x" * 10_000]
)
def test_another_passphrase_is_wrong_and_the_file_is_not_called_damaged(wrong: str) -> None:
    with pytest.raises(WrongPassphrase):
        keyfile.unlocked(LOCKED, wrong)


def test_a_passphrase_opens_however_its_accents_were_typed() -> None:
    locked = keyfile.locked(KEYS, "Zoe\u0308 und Anna", PRACTICE)
    assert keyfile.unlocked(locked, "Zo\u00eb und Anna") == KEYS


def test_a_passphrase_that_the_terminal_could_not_decode_opens_too() -> None:
    phrase = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert keyfile.unlocked(keyfile.locked(KEYS, phrase, PRACTICE), phrase) == KEYS


def test_an_empty_passphrase_is_not_taken() -> None:
    with pytest.raises(ValueError, match="passphrase"):
        keyfile.locked(KEYS, "", PRACTICE)


def test_any_flipped_bit_is_damage() -> None:
    dice = random.Random(12)
    for bit in [dice.randrange(len(LOCKED) * 8) for _ in range(count(500, 20_000))]:
        changed = bytearray(LOCKED)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadKeyFile):
            keyfile.unlocked(bytes(changed), PHRASE)


def test_every_truncation_is_damage() -> None:
    for length in range(len(LOCKED)):
        with pytest.raises(BadKeyFile):
            keyfile.unlocked(LOCKED[:length], PHRASE)


def test_bytes_after_the_end_are_damage() -> None:
    with pytest.raises(BadKeyFile):
        keyfile.unlocked(LOCKED + b"\0", PHRASE)


@pytest.mark.parametrize("place", [17, 32, HEADER, HEADER + 23, HEADER + 30, len(LOCKED) - 33])
def test_a_change_with_the_digest_made_right_does_not_open(place: int) -> None:
    changed = bytearray(LOCKED)
    changed[place] ^= 1
    with pytest.raises(WrongPassphrase):
        keyfile.unlocked(digested(bytes(changed)), PHRASE)


@pytest.mark.parametrize(
    ("operations", "memory"),
    [
        (0, 8),
        (17, 8),
        (2**32 - 1, 8),
        (1, 0),
        (1, 7),
        (1, 1024 * 1024 + 1),
        (1, 64 * 1024 * 1024),
        (1, 2**32 - 1),
        (9, 1024 * 1024),
        (16, 1024 * 1024),
    ],
)
def test_a_file_that_asks_for_too_much_or_too_little_work_is_refused_before_it(
    operations: int, memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object, **more: object) -> bytes:
        raise AssertionError("the slow hash was computed")

    monkeypatch.setattr(passphrase, "argon2id", never)
    with pytest.raises(BadKeyFile, match="honest file"):
        keyfile.unlocked(with_parameters(operations, memory), PHRASE)
    with pytest.raises(ValueError, match="bounds"):
        Cost(operations, memory)


def test_other_parameters_within_bounds_do_not_open_what_was_locked_with_these() -> None:
    with pytest.raises(WrongPassphrase):
        keyfile.unlocked(with_parameters(2, 16), PHRASE)


def test_a_machine_without_the_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*args: object, **more: object) -> bytes:
        raise passphrase.Refused("no memory")

    monkeypatch.setattr(passphrase, "argon2id", no_memory)
    with pytest.raises(BadKeyFile, match="MiB of free memory"):
        keyfile.unlocked(with_parameters(1, 1024 * 1024), PHRASE)


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0, b"W", "not a key file"),
        (7, b"\0", "unknown version"),
        (7, b"\2", "unknown version"),
        (8, b"\0", "another kind"),
        (8, b"\2", "another kind"),
        (8, b"\xff", "another kind"),
    ],
)
def test_a_wrong_header_field_is_named(place: int, value: bytes, reason: str) -> None:
    with pytest.raises(BadKeyFile, match=reason):
        keyfile.unlocked(digested(LOCKED[:place] + value + LOCKED[place + 1 :]), PHRASE)


NAME = struct.pack(">H", 4) + b"Anna"
SEED = bytes(range(32))
ENTRY = struct.pack(">I32s", 202611, SEED)
LATER = struct.pack(">I32s", 202612, SEED)


@pytest.mark.parametrize(
    "inside",
    [
        b"",
        NAME,
        NAME + SEED,
        NAME + SEED + b"\0",
        NAME + SEED + b"\0\1",
        NAME + SEED + b"\0\0" + ENTRY,
        NAME + SEED + b"\0\1" + ENTRY[:-1],
        NAME + SEED + b"\0\1" + ENTRY + b"\0",
        NAME + SEED + b"\0\2" + LATER + ENTRY,
        NAME + SEED + b"\0\2" + ENTRY + ENTRY,
        NAME + SEED + b"\0\1" + struct.pack(">I32s", 202613, SEED),
        b"\xff\xff" + NAME + SEED,
        struct.pack(">H", 0) + SEED + b"\0\0",
        struct.pack(">H", 2) + b"\xff\xfe" + SEED + b"\0\0",
        struct.pack(">H", 2) + b"\r\n" + SEED + b"\0\0",
    ],
)
def test_a_right_passphrase_on_wrong_contents_is_a_bad_file(inside: bytes) -> None:
    with pytest.raises(BadKeyFile, match="not a desk's keys"):
        keyfile.unlocked(passphrase.lock(FileKind.DESK_KEYS, inside, PHRASE, PRACTICE), PHRASE)


@given(st.binary(max_size=300), st.booleans())
def test_any_contents_are_read_or_refused_and_crash_nothing(inside: bytes, locked: bool) -> None:
    data = passphrase.lock(FileKind.DESK_KEYS, inside, PHRASE, PRACTICE) if locked else inside
    with pytest.raises(BadKeyFile):
        keyfile.unlocked(data, PHRASE)


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb", " a", "\x1b[31m", "\ud83d"])
def test_a_desk_is_not_given_a_name_that_no_list_takes(name: str) -> None:
    with pytest.raises(BadTeamKeys, match="name"):
        DeskKeys(name, SigningSeed.new(), {})


def test_the_longest_name_is_kept() -> None:
    keys = DeskKeys("\U0001f40e" * 64, SigningSeed.new(), {})
    assert keyfile.unlocked(keyfile.locked(keys, PHRASE, PRACTICE), PHRASE) == keys


def test_a_rewritten_file_takes_a_new_passphrase_and_forgets_a_destroyed_month() -> None:
    again = keyfile.locked(KEYS.without([FIRST]), "another", PRACTICE)
    with pytest.raises(WrongPassphrase):
        keyfile.unlocked(again, PHRASE)
    assert FIRST not in keyfile.unlocked(again, "another").seeds


def test_a_file_larger_than_any_honest_one_is_refused() -> None:
    with pytest.raises(BadKeyFile, match="too large"):
        keyfile.unlocked(LOCKED + bytes(passphrase.MAX_FILE + 1 - len(LOCKED)), PHRASE)
