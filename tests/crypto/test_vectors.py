"""Every vector has the outcome that its file and FORMAT.md name: one outcome each, good and bad."""

import hmac
import io
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

import crypto
from crypto import envelope, open_attachment, xwing
from crypto import open as open_envelope
from crypto.errors import CryptoError
from crypto.primitives import hpke_open, xwing_private
from crypto.secret import AttachmentKey, EpochSeed
from tests.vectors import make, make_keys
from tests.vectors.read import FOLDER, Vector, document, vectors

FORMAT = Path(crypto.__file__).with_name("FORMAT.md").read_text("utf-8")


def open_vector_envelope(vector: Vector) -> bytes:
    seeds = document("envelopes.json")["seeds"]
    held = [EpochSeed(bytes.fromhex(seeds[name])) for name in vector.more["opens_with"]]
    opened = open_envelope.opened(vector.data, held)
    assert opened.epoch.number == 202611
    assert len(opened.body) == vector.more["size"]
    return opened.body


def open_vector_attachment(vector: Vector) -> bytes:
    key = AttachmentKey(bytes.fromhex(document("attachments.json")["keys"][vector.more["key"]]))
    opened = b"".join(open_attachment.opened(io.BytesIO(vector.data), key, vector.more["size"]))
    assert len(opened) == vector.more["size"]
    return opened


def open_vector_key(vector: Vector) -> bytes:
    return xwing.PublicKey(vector.data)


OPENERS: dict[str, Callable[[Vector], bytes]] = {
    "envelopes": open_vector_envelope,
    "attachments": open_vector_attachment,
    "keys": open_vector_key,
}


def outcome(opener: Callable[[Vector], bytes], vector: Vector) -> str:
    try:
        opened = opener(vector)
    except CryptoError as error:
        return f"{type(error).__name__}: {error}"
    if "sha256" in vector.more:
        assert sha256(opened).hexdigest() == vector.more["sha256"]
    return "opens"


@pytest.mark.parametrize("vector", vectors("envelopes.json"), ids=repr)
def test_an_envelope_has_the_outcome_of_its_vector(vector: Vector) -> None:
    assert outcome(open_vector_envelope, vector) == vector.outcome


@pytest.mark.parametrize("vector", vectors("attachments.json"), ids=repr)
def test_an_attachment_has_the_outcome_of_its_vector(vector: Vector) -> None:
    assert outcome(open_vector_attachment, vector) == vector.outcome


@pytest.mark.parametrize("vector", vectors("keys.json"), ids=repr)
def test_a_public_key_has_the_outcome_of_its_vector(vector: Vector) -> None:
    assert outcome(open_vector_key, vector) == vector.outcome


@pytest.mark.parametrize("file", OPENERS)
def test_the_table_of_outcomes_in_the_format_is_that_of_the_vectors(file: str) -> None:
    section = re.search(rf"^### {file}\.json\n(.*?)(?=^##|\Z)", FORMAT, re.DOTALL | re.MULTILINE)
    assert section, f"FORMAT.md has no table of {file}.json"
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section[1], re.MULTILINE)
    assert rows[0] == ("vector", "outcome")
    assert [row for row in rows[1:] if not row[0].startswith("-")] == [
        (vector.name, vector.outcome) for vector in vectors(f"{file}.json")
    ]


def test_the_files_hold_what_the_script_makes() -> None:
    for file, made in (
        ("envelopes.json", make.envelopes()),
        ("attachments.json", make.attachments()),
        ("keys.json", make_keys.keys()),
    ):
        kept = [(entry["name"], entry["outcome"]) for entry in document(file)["vectors"]]
        assert kept == [(entry["name"], entry["outcome"]) for entry in made]


def test_there_are_enough_vectors_and_no_name_is_used_twice() -> None:
    names = [(file, vector.name) for file in OPENERS for vector in vectors(f"{file}.json")]
    assert len(names) >= 100
    assert len(set(names)) == len(names)


def test_no_vector_file_is_big() -> None:
    assert all(path.stat().st_size < 700_000 for path in FOLDER.glob("*.json"))


def test_every_reason_of_the_code_has_a_vector() -> None:
    """A reason that no vector names is one that nobody has seen refused."""
    folder = Path(crypto.__file__).parent
    sources = ("envelope", "open", "open_attachment", "stream", "unsealing", "xwing")
    raised = {
        reason
        for name in sources
        for reason in re.findall(
            r"(?:Bad\w+|NotForThisKey|UnsafeKey|Refused|refusing)\(f?\"(.+?)\"\)",
            (folder / f"{name}.py").read_text("utf-8"),
        )
    }
    named = {vector.outcome.partition(": ")[2] for file in OPENERS for vector in vectors(f"{file}.json")}
    assert {reason.replace("{PUBLIC}", "1216") for reason in raised} <= named


def test_a_header_is_read_without_any_key() -> None:
    good = next(vector for vector in vectors("envelopes.json") if vector.name == "four desks, the last opens")
    header = envelope.header(good.data)
    assert (header.kind, header.epoch.number, header.recipients) == (envelope.Kind.INCOMING, 202611, 4)


def test_the_seed_of_the_draft_gives_its_public_key() -> None:
    seed = EpochSeed(bytes.fromhex(document("keys.json")["draft"]["seed"]))
    assert xwing.public_of(seed) == vectors("keys.json")[0].data


def test_the_draft_decapsulates_to_its_shared_secret() -> None:
    """HPKE's key schedule is done by hand from the draft's secret; what that seals must open."""
    draft = {name: bytes.fromhex(text) for name, text in document("keys.json")["draft"].items()}
    suite = b"HPKE" + bytes.fromhex("647a00010003")

    def extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return hmac.digest(salt, b"HPKE-v1" + suite + label + secret, "sha256")

    def expand(key: bytes, label: bytes, context: bytes, length: int) -> bytes:
        info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return hmac.digest(key, info + b"\1", "sha256")[:length]

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", b"an info")
    secret = extract(draft["shared"], b"secret", b"")
    cipher = ChaCha20Poly1305(expand(secret, b"key", context, 32))
    sealed = cipher.encrypt(expand(secret, b"base_nonce", context, 12), b"what was sealed", b"")
    private = xwing_private(*xwing.expand(EpochSeed(draft["seed"])))
    assert hpke_open(private, b"an info", draft["encapsulated"] + sealed) == b"what was sealed"
