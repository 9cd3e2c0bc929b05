"""An onion service's keys come back from what was sealed, as tor has them, and nothing else does."""

import base64
import re
from hashlib import sha256
from pathlib import Path

import pytest

import crypto
from crypto import envelope, onionkeys
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, CryptoError, NotForThisKey
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.onionkeys import HOSTNAME, PUBLIC_FILE, SECRET_FILE, OnionKeys
from crypto.open import opened
from crypto.secret import OnionKey
from crypto.teamkeys import TeamKeys
from tests.vectors import make_onionkeys
from tests.vectors.make_onionkeys import KEYS, SECRET, expanded
from tests.vectors.read import Vector, document, vectors

FORMAT = Path(crypto.__file__).with_name("FORMAT.md").read_text("utf-8")
DESKS = [DeskKeys.make(name, Epoch(202611), 3) for name in ("one", "two")]
TEAM = TeamKeys.read(Identity.new().team_keys([desk.public() for desk in DESKS], version=1, practice=True))
MADE = onionkeys.locked(KEYS, TEAM)
LAST = Epoch(202701)


def outcome(vector: Vector) -> str:
    try:
        keys = make_onionkeys.opened(vector.data, vector.more.get("seed") == "other")
    except CryptoError as error:
        return f"{type(error).__name__}: {error}"
    assert sha256(keys.secret.reveal() + keys.public).hexdigest() == vector.more["sha256"]
    assert keys.address == vector.more["address"]
    return "opens"


@pytest.mark.parametrize("vector", vectors("onionkeys.json"), ids=repr)
def test_onion_keys_have_the_outcome_of_their_vector(vector: Vector) -> None:
    assert outcome(vector) == vector.outcome


def test_the_table_in_the_format_and_the_file_are_what_the_script_makes() -> None:
    section = re.search(r"^### onionkeys\.json\n(.*?)(?=^##|\Z)", FORMAT, re.DOTALL | re.MULTILINE)
    assert section
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section[1], re.MULTILINE)[1:]
    made = [(each["name"], each["outcome"]) for each in make_onionkeys.found()]
    assert rows == made
    assert [(each["name"], each["outcome"]) for each in document("onionkeys.json")["vectors"]] == made


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.name)
def test_every_desk_opens_them_with_its_key_of_the_lists_last_month(desk: DeskKeys) -> None:
    assert TEAM.newest == onionkeys.month_of(MADE) == LAST
    assert onionkeys.unlocked(MADE, desk.seeds[LAST]) == KEYS
    with pytest.raises(NotForThisKey):
        onionkeys.unlocked(MADE, desk.seeds[Epoch(202611)])


def test_a_casebook_takes_none_and_nothing_else_is_taken_for_them() -> None:
    assert envelope.header(MADE).kind is Kind.ONION
    with pytest.raises(BadEnvelope, match="kind"):
        opened(MADE, [DESKS[0].seeds[LAST]])


def test_the_files_are_those_of_tor_and_are_read_back() -> None:
    files = KEYS.files()
    assert files[HOSTNAME] == KEYS.address.encode() + b"\n"
    assert files[SECRET_FILE] == b"== ed25519v1-secret: type0 ==\0\0\0" + SECRET
    assert files[PUBLIC_FILE] == b"== ed25519v1-public: type0 ==\0\0\0" + KEYS.public
    assert OnionKeys.of_files(files) == KEYS


def test_the_address_is_the_one_that_tor_writes() -> None:
    # The example in tor's rend-spec-v3, "Encoding onion addresses": an address says its public key.
    address = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
    assert re.fullmatch(r"[a-z2-7]{56}\.onion", KEYS.address)
    public = base64.b32decode(address[:56].upper())[:32]
    shown = object.__new__(OnionKeys)
    object.__setattr__(shown, "public", public)
    assert shown.address == address


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (SECRET_FILE, None, "not as tor writes it"),
        (SECRET_FILE, b"", "not as tor writes it"),
        (SECRET_FILE, KEYS.files()[SECRET_FILE][:-1], "not as tor writes it"),
        (SECRET_FILE, KEYS.files()[PUBLIC_FILE], "not as tor writes it"),
        (SECRET_FILE, KEYS.files()[SECRET_FILE][:32] + expanded("other"), "do not belong together"),
        (PUBLIC_FILE, None, "not as tor writes it"),
        (PUBLIC_FILE, KEYS.files()[PUBLIC_FILE] + b"\n", "not as tor writes it"),
        (HOSTNAME, None, "is not the address"),
        (HOSTNAME, b"a" * 56 + b".onion\n", "is not the address"),
    ],
    ids=[
        "no secret", "an empty secret", "a cut secret", "public for secret", "another secret",
        "no public", "a longer public", "no name", "another name",
    ],
)  # fmt: skip
def test_files_that_are_not_tors_are_refused(name: str, content: bytes | None, says: str) -> None:
    files = KEYS.files()
    if content is None:
        del files[name]
    else:
        files[name] = content
    with pytest.raises(BadEnvelope, match=says) as caught:
        OnionKeys.of_files(files)
    assert SECRET.hex() not in str(caught.value)


def test_nothing_of_the_secret_shows() -> None:
    assert SECRET not in MADE
    assert KEYS.public not in MADE
    assert repr(KEYS).startswith("OnionKeys(secret=<OnionKey>")
    assert OnionKey(SECRET) == KEYS.secret
