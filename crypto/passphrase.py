"""A small secret under a passphrase: what key files and identity files have in common.

Offline only. FORMAT.md, "Key file", specifies the bytes.
"""

import struct
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from secrets import token_bytes

from crypto.errors import BadKeyFile, Refused, WrongPassphrase
from crypto.primitives import MAC, NONCE, aead_open, aead_seal, argon2id

MAGIC = b"VIGILK\n"
VERSION = 1
LABEL = b"vigil/v1/key-file\0"
MAX_FILE = 1024 * 1024
SALT = 16
DIGEST = 32
_HEADER = struct.Struct(">7sBBII16s")  # magic, version, kind, operations, memory in KiB, salt

MAX_OPERATIONS = 16
MAX_MEMORY = 1024 * 1024  # KiB, so 1 GiB: what libsodium calls SENSITIVE
MIN_MEMORY = 8  # KiB
MAX_WORK = 8 * 1024 * 1024  # operations times KiB: twice SENSITIVE, some ten seconds


class FileKind(IntEnum):
    """What a file holds; each kind is refused where the other is expected."""

    DESK_KEYS = 1
    IDENTITY = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """What a guess at the passphrase costs: Argon2id's passes, and its memory in KiB.

    :raises ValueError: more or less than a reader accepts.
    """

    operations: int
    memory: int

    def __post_init__(self) -> None:
        fine = 1 <= self.operations <= MAX_OPERATIONS and MIN_MEMORY <= self.memory <= MAX_MEMORY
        if not fine or self.operations * self.memory > MAX_WORK:
            raise ValueError("Argon2id's parameters are out of bounds")


MODERATE = Cost(operations=3, memory=256 * 1024)
PRACTICE = Cost(operations=1, memory=MIN_MEMORY)  # guards nothing: for practice keys and tests only


def lock(kind: FileKind, plain: bytes, passphrase: str, cost: Cost = MODERATE) -> bytes:
    """Give the bytes of a file that holds ``plain`` under a passphrase.

    :raises ValueError: an empty passphrase, or more than fits into a file.
    """
    if not passphrase:
        raise ValueError("a passphrase is needed")
    salt = token_bytes(SALT)
    header = _HEADER.pack(MAGIC, VERSION, kind, cost.operations, cost.memory, salt)
    sealed = header + aead_seal(_key(passphrase, salt, cost), plain, LABEL + header)
    if len(sealed) + DIGEST > MAX_FILE:
        raise ValueError("too many keys for one file")
    return sealed + sha256(sealed).digest()


def unlock(kind: FileKind, data: bytes, passphrase: str) -> bytes:
    """Open what ``lock`` made. Of a file, MAX_FILE + 1 bytes are enough to see that it is too large.

    :raises BadKeyFile: damaged, another kind or version, or parameters that no honest writer uses.
    :raises WrongPassphrase: the file is as it was written, and this passphrase does not open it.
    """
    cost, salt = _header(kind, data)
    sealed = data[:-DIGEST]
    # The digest is no secret and guards against nobody. It tells a damaged file from a mistyped passphrase,
    # which Poly1305 alone cannot, and it does so before the slow hash.
    if sha256(sealed).digest() != data[-DIGEST:]:
        raise BadKeyFile("the file is damaged")
    try:
        key = _key(passphrase, salt, cost)
    except Refused:
        raise BadKeyFile(f"this machine has no {cost.memory // 1024} MiB of free memory to open it") from None
    try:
        return aead_open(key, sealed[_HEADER.size :], LABEL + sealed[: _HEADER.size])
    except Refused:
        raise WrongPassphrase("the passphrase does not open it") from None


def _header(kind: FileKind, data: bytes) -> tuple[Cost, bytes]:
    if not data.startswith(MAGIC):
        raise BadKeyFile("it is not a key file")
    if len(data) < _HEADER.size + NONCE + MAC + DIGEST:
        raise BadKeyFile("the file is cut short")
    if len(data) > MAX_FILE:
        raise BadKeyFile("the file is too large")
    _, version, found, operations, memory, salt = _HEADER.unpack_from(data)
    if version != VERSION:
        raise BadKeyFile("it is of an unknown version")
    if found != kind:
        raise BadKeyFile("it holds another kind of key")
    try:
        return Cost(operations, memory), salt
    except ValueError:
        raise BadKeyFile("it asks for more work than any honest file") from None


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # Keyboards differ in how they compose a letter and its accent. What a terminal could not decode stays
    # in the text as surrogates, and must neither crash nor be lost.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return argon2id(typed, salt, operations=cost.operations, memory=cost.memory * 1024)
