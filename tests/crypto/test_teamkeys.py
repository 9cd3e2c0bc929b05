"""team.keys: what is signed and right is read, anything else is refused and said."""

import json
import random
import re
from base64 import b64decode
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crypto
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys, CryptoError
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.primitives import signing_public
from crypto.secret import SigningSeed
from crypto.teambody import MAX_EPOCHS, TeamBody
from crypto.teamkeys import MAGIC, MAX_FILE, TeamKeys, fingerprint
from crypto.xwing import public_of
from tests.counts import count
from tests.vectors import make_teamkeys
from tests.vectors.make_teamkeys import IDENTITY, ONE, PREVIOUS, STRANGER, signed
from tests.vectors.read import Vector, document, vectors

GOOD = signed(ONE)
FIRST = Epoch(202611)


@pytest.mark.parametrize("vector", vectors("teamkeys.json"), ids=repr)
def test_a_list_has_the_outcome_of_its_vector(vector: Vector) -> None:
    if vector.outcome != "reads":
        with pytest.raises(CryptoError) as refused:
            TeamKeys.read(vector.data)
        assert f"{refused.type.__name__}: {refused.value}" == vector.outcome
        return
    read = TeamKeys.read(vector.data)
    assert read.version == vector.more["version"]
    assert read.practice is vector.more["practice"]
    assert [desk.name for desk in read.desks] == vector.more["desks"]
    assert read.fingerprint == vector.more["fingerprint"]


def test_the_vectors_are_those_that_the_script_makes() -> None:
    made = make_teamkeys.found()
    assert document("teamkeys.json")["vectors"] == made
    kept = {name: b64decode("".join(lines)) for name, lines in document("teamkeys.json")["bases"].items()}
    assert kept == make_teamkeys.BASES
    assert len({vector["name"] for vector in made}) == len(made) >= 30


def test_every_reason_to_refuse_a_list_has_a_vector() -> None:
    folder = Path(crypto.__file__).parent
    source = "".join(
        (folder / name).read_text("utf-8") for name in ("teambody.py", "teamkeys.py", "strict_json.py")
    )
    reading = source.partition("def check_follows")[0] + source.partition("def _lines")[2]
    reasons = re.findall(r'(?:BadTeamKeys|JsonError)\(f?"(.+?)"', reading)
    outcomes = " / ".join(vector.outcome for vector in vectors("teamkeys.json"))
    # Reached by who asks a list for a month, or makes one, not by who reads one.
    elsewhere = {"epoch {epoch} is not listed"}
    assert len(reasons) > 25
    for reason in set(reasons) - elsewhere:
        pattern = re.sub(r"\\\{.+?\\\}", ".+", re.escape(reason))
        assert re.search(pattern, outcomes), reason


def test_any_flipped_bit_is_refused() -> None:
    dice = random.Random(11)
    bits = [dice.randrange(len(GOOD) * 8) for _ in range(count(500, 20_000))]
    for bit in bits:
        changed = bytearray(GOOD)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadTeamKeys):
            TeamKeys.read(bytes(changed))


def test_any_flipped_bit_of_the_last_signature_is_refused_when_there_are_two() -> None:
    good = signed(make_teamkeys.HANDED, previous=PREVIOUS)
    assert TeamKeys.read(good).body.previous == signing_public(PREVIOUS)
    for place in range(len(good) - 180, len(good)):
        changed = bytearray(good)
        changed[place] ^= 1
        with pytest.raises(BadTeamKeys):
            TeamKeys.read(bytes(changed))


def test_every_shorter_list_is_refused() -> None:
    step = max(1, len(GOOD) // count(300, len(GOOD)))
    for length in [*range(0, len(GOOD), step), len(GOOD) - 2, len(GOOD) - 1]:
        with pytest.raises(BadTeamKeys):
            TeamKeys.read(GOOD[:length])


@given(st.binary(max_size=400), st.booleans())
def test_junk_is_refused_and_crashes_nothing(junk: bytes, magic: bool) -> None:
    with pytest.raises(BadTeamKeys):
        TeamKeys.read(MAGIC + junk if magic else junk)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from([*ONE, "previous", "desk name", "desk sign", "desk collects", "desk epochs"]), JSON_VALUES
)
def test_a_signed_body_with_any_value_anywhere_is_read_or_refused_and_crashes_nothing(
    key: str, value: object
) -> None:
    body = json.loads(json.dumps(ONE))
    if key.startswith("desk "):
        body["desks"][0][key[5:]] = value
    else:
        body[key] = value
    try:
        read = TeamKeys.read(signed(json.dumps(body).encode()))
    except BadTeamKeys:
        return
    assert key in {"version", "practice", "desk collects", "desk name"}
    assert read.desks


@given(st.text(max_size=300))
def test_any_signed_text_is_read_or_refused_and_crashes_nothing(text: str) -> None:
    with pytest.raises(BadTeamKeys):
        TeamKeys.read(signed(text.encode("utf-8", "surrogatepass")))


def test_a_file_of_the_greatest_size_is_looked_at_and_a_larger_one_is_not() -> None:
    with pytest.raises(BadTeamKeys, match="lines"):
        TeamKeys.read(GOOD + b"\n" * (MAX_FILE - len(GOOD)))
    with pytest.raises(BadTeamKeys, match="larger"):
        TeamKeys.read(GOOD + b"\n" * (MAX_FILE + 1 - len(GOOD)))


def test_four_desks_of_five_years_fit() -> None:
    desks = tuple(DeskKeys.make(name, FIRST, MAX_EPOCHS).public() for name in "abcd")
    made = Identity.new().team_keys(desks, version=1, practice=True)
    assert len(TeamKeys.read(made).desks) == 4


def test_the_fingerprint_is_that_of_the_format() -> None:
    """Worked out by hand, apart from the code: sha256sum, then base32 of the first 20 bytes."""
    assert fingerprint(bytes(range(32))) == "HUSS 6NPD ARYA 7OWM K56E WWEP LCUA SLGO"


def test_the_fingerprint_is_fit_for_print() -> None:
    printed = TeamKeys.read(GOOD).fingerprint
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", printed)
    assert printed == fingerprint(signing_public(IDENTITY))
    assert printed != fingerprint(signing_public(STRANGER))


def test_the_epoch_is_todays_month_or_the_nearest_listed() -> None:
    keys = TeamKeys.read(make_teamkeys.BASES["two"])
    assert keys.epoch(date(2026, 12, 31)) == Epoch(202612)
    assert keys.epoch(date(2027, 1, 1)) == Epoch(202701)
    assert keys.epoch(date(2020, 5, 5)) == Epoch(202612)
    assert keys.epoch(date(2031, 5, 5)) == Epoch(202701)


def test_every_desk_is_a_recipient_in_the_order_of_the_list() -> None:
    keys = TeamKeys.read(make_teamkeys.BASES["two"])
    wanted = tuple(public_of(make_teamkeys.seed(f"{name} 202701")) for name in ("Anna", "Zoë"))
    assert keys.recipients(Epoch(202701)) == wanted
    with pytest.raises(BadTeamKeys, match="202702 is not listed"):
        keys.recipients(Epoch(202702))


def listed(
    version: int, *, practice: bool = True, by: bytes = IDENTITY, after: bytes | None = None
) -> TeamKeys:
    body = ONE | {"version": version, "practice": practice, "identity": make_teamkeys.b64(signing_public(by))}
    if after is not None:
        body["previous"] = make_teamkeys.b64(signing_public(after))
    return TeamKeys.read(signed(body, by, after))


def test_a_newer_list_of_the_same_identity_follows() -> None:
    listed(8).check_follows(listed(7))


def test_the_same_list_follows_itself() -> None:
    listed(7).check_follows(listed(7))


def test_a_new_identity_follows_the_one_that_signed_for_it() -> None:
    listed(8, by=STRANGER, after=IDENTITY).check_follows(listed(7))


@pytest.mark.parametrize(
    ("newer", "reason"),
    [
        (listed(6), "older than version 7"),
        (listed(7, by=IDENTITY, after=PREVIOUS), "another version 7"),
        (listed(8, practice=False), "practice"),
        (listed(8, by=STRANGER), "another identity"),
        (listed(8, by=STRANGER, after=PREVIOUS), "another identity"),
        (listed(6, by=STRANGER, after=IDENTITY), "older than version 7"),
    ],
)
def test_a_list_that_does_not_follow_is_refused(newer: TeamKeys, reason: str) -> None:
    with pytest.raises(BadTeamKeys, match=reason):
        newer.check_follows(listed(7))


def test_a_list_is_not_changed_by_who_reads_it() -> None:
    epochs = TeamKeys.read(GOOD).desks[0].epochs
    with pytest.raises(TypeError):
        epochs[FIRST] = public_of(make_teamkeys.seed("x"))  # type: ignore[index]  # what is tested


def test_a_body_is_written_as_it_is_read() -> None:
    body = TeamKeys.read(GOOD).body
    again = Identity(SigningSeed(IDENTITY)).signed(body.to_bytes())
    assert TeamKeys.read(again).body == body
    assert isinstance(body, TeamBody)


def test_no_refusal_says_a_byte_of_the_keys() -> None:
    for vector in vectors("teamkeys.json"):
        key = ONE["desks"][0]["epochs"]["202611"]
        assert key[:12] not in vector.outcome
