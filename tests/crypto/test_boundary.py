"""What the libraries raise is translated in one place, and the server never loads what opens."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from crypto import errors, primitives
from crypto.errors import CryptoError, Refused
from tests.crypto.made import PUBLIC

SEED = bytes(range(32))
SIGNATURE = primitives.sign(SEED, b"message")
SEALED = primitives.aead_seal(SEED, b"plain", b"aad")
PRIVATE = primitives.xwing_private(bytes(64), SEED)

REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("a seed too short", lambda: primitives.sign(b"short", b"")),
    ("a seed that is text", lambda: primitives.signing_public("x" * 32)),  # type: ignore[arg-type]  # on purpose
    ("a signature too short", lambda: primitives.verify(primitives.signing_public(SEED), b"", b"")),
    ("another message", lambda: primitives.verify(primitives.signing_public(SEED), b"x", SIGNATURE)),
    ("a signer of zeros", lambda: primitives.verify(bytes(32), b"message", SIGNATURE)),
    ("a signer too short", lambda: primitives.verify(b"", b"message", SIGNATURE)),
    ("another aad", lambda: primitives.aead_open(SEED, SEALED, b"")),
    ("an AEAD key too short", lambda: primitives.aead_open(b"", SEALED, b"aad")),
    ("an AEAD key too short to seal", lambda: primitives.aead_seal(b"", b"", b"")),
    ("sealed bytes too short", lambda: primitives.aead_open(SEED, SEALED[:39], b"aad")),
    ("a private key too short", lambda: primitives.xwing_private(b"", SEED)),
    ("a scalar too short", lambda: primitives.xwing_public_halves(bytes(64), b"")),
    ("a public key too short", lambda: primitives.xwing_public(b"", bytes(32))),
    ("a point of low order", lambda: primitives.try_x25519(bytes(32))),
    ("nothing to open", lambda: primitives.hpke_open(PRIVATE, b"", b"")),
    ("zeros to open", lambda: primitives.hpke_open(PRIVATE, b"", bytes(1168))),
    ("too little memory", lambda: primitives.argon2id(b"", bytes(16), operations=1, memory=1)),
    ("no operation", lambda: primitives.argon2id(b"", bytes(16), operations=0, memory=1 << 20)),
    ("a salt too short", lambda: primitives.argon2id(b"", b"", operations=1, memory=1 << 20)),
    (
        "sealing to a point of low order",
        lambda: primitives.hpke_seal(primitives.xwing_public(PUBLIC[0].mlkem, bytes(32)), b"", b""),
    ),
]


@pytest.mark.parametrize(("name", "attempt"), REFUSED, ids=[name for name, _ in REFUSED])
def test_bad_input_is_refused_by_one_error_without_its_bytes(
    name: str, attempt: Callable[[], object]
) -> None:
    with pytest.raises(Refused) as caught:
        attempt()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_what_the_boundary_seals_and_signs_it_opens_and_verifies() -> None:
    primitives.verify(primitives.signing_public(SEED), b"message", SIGNATURE)
    assert primitives.aead_open(SEED, SEALED, b"aad") == b"plain"


def test_every_error_of_the_room_is_a_crypto_error() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    found = [kind for kind in classes if issubclass(kind, BaseException)]
    assert len(found) > 8
    assert all(issubclass(error, CryptoError) for error in found)


def test_an_error_of_our_own_mistake_is_not_translated() -> None:
    with pytest.raises(ZeroDivisionError), primitives.refusing("not this"):
        _ = 1 // 0


def test_what_the_server_imports_loads_nothing_that_opens_and_no_other_room() -> None:
    program = (
        "import sys\n"
        "from crypto import seal, attachment, teamkeys, tokens, epoch, errors\n"
        "from crypto import mailbox, returncode, open_attachment\n"
        "print(*sorted(name for name in sys.modules if name.partition('.')[0] in "
        "{'crypto', 'payload', 'store', 'web', 'views', 'flask', 'peewee', 'gevent', 'desk'}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    names = set(loaded.stdout.split())
    assert all(name == "crypto" or name.startswith("crypto.") for name in names)
    assert {"crypto.mailbox", "crypto.seal"} <= names
    assert not names & {f"crypto.{name}" for name in ("open", "reply", "keyfile", "passphrase", "identity")}


def test_the_package_itself_imports_none_of_its_modules() -> None:
    program = "import sys, crypto; print(*(name for name in sys.modules if name.startswith('crypto.')))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert loaded.stdout.split() == []
