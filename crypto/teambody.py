"""What team.keys says: who the desks are and which public key each has in which month.

A body says nothing about who wrote it; ``teamkeys`` reads signed ones, ``identity`` signs them.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from nacl.bindings import crypto_core_ed25519_is_valid_point

from crypto import strict_base64, strict_json
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys, Refused, UnsafeKey
from crypto.primitives import refusing
from crypto.xwing import PublicKey

MAX_DESKS = 4
MAX_EPOCHS = 60
MAX_NAME = 64  # characters
MAX_VERSION = 2**32 - 1
_KEYS = ("identity", "version", "practice", "expires", "oldest", "newest", "desks")


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk's public part: the key it signs with (Ed25519, 32 bytes) and its X-Wing key for each month.

    ``collects``: the server waits for this desk to have collected an envelope before it deletes it.
    """

    name: str
    sign_public: bytes
    collects: bool
    epochs: Mapping[Epoch, PublicKey]

    def __post_init__(self) -> None:
        object.__setattr__(self, "epochs", MappingProxyType(dict(self.epochs)))


@dataclass(frozen=True, slots=True)
class TeamBody:
    """The signed part of team.keys, checked: every desk has one key for each month from oldest to newest.

    :raises BadTeamKeys: on making one that breaks a rule of FORMAT.md, "Team keys".
    """

    identity: bytes
    version: int
    practice: bool
    expires: date
    oldest: Epoch
    newest: Epoch
    desks: tuple[Desk, ...]
    previous: bytes | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.version <= MAX_VERSION:
            raise BadTeamKeys(f"version is not a whole number from 1 to {MAX_VERSION}")
        if not 1 <= len(self.desks) <= MAX_DESKS:
            raise BadTeamKeys(f"it lists {len(self.desks)} desks, not 1 to {MAX_DESKS}")
        signers = [self.identity, *(desk.sign_public for desk in self.desks)]
        signers += [] if self.previous is None else [self.previous]
        for key in signers:
            _check_signer(key)
        if len(set(signers)) != len(signers):
            raise BadTeamKeys("a signing key stands twice: the identity and every desk have their own")
        if len({desk.name for desk in self.desks}) != len(self.desks):
            raise BadTeamKeys("two desks have one name")
        months = set(months_between(self.oldest, self.newest))
        for desk in self.desks:
            check_desk(desk)
            _check_months(desk, months)
        publics = [public for desk in self.desks for public in desk.epochs.values()]
        if len(set(publics)) != len(publics):
            raise BadTeamKeys("a public key stands twice: every desk has a new one each month")

    def to_bytes(self) -> bytes:
        """Write the body, as it is then signed."""
        value: dict[str, object] = {
            "identity": _written(self.identity),
            "version": self.version,
            "practice": self.practice,
            "expires": self.expires.isoformat(),
            "oldest": str(self.oldest),
            "newest": str(self.newest),
            "desks": [write_desk(desk) for desk in self.desks],
        }
        if self.previous is not None:
            value["previous"] = _written(self.previous)
        return strict_json.write_object(value)


def read_identity(data: bytes) -> tuple[dict[str, object], bytes, bytes | None]:
    """Read as much of a body as its signature needs: the object, its identity and the previous one, if any.

    :raises BadTeamKeys: not a strict JSON object with exactly the known keys.
    """
    try:
        value = strict_json.exactly(strict_json.read_object(data), _KEYS, ("previous",))
    except strict_json.JsonError as bad:
        raise BadTeamKeys(f"the body is refused: {bad}") from None
    previous = _key(value["previous"], "previous") if "previous" in value else None
    return value, _key(value["identity"], "identity"), previous


def read_body(value: dict[str, object], identity: bytes, previous: bytes | None) -> TeamBody:
    """Read the rest of a body that read_identity began and whose signature is good.

    :raises BadTeamKeys: a field of the wrong type, or a rule of FORMAT.md broken; says which.
    """
    try:
        oldest, newest = _epoch(value["oldest"], "oldest"), _epoch(value["newest"], "newest")
        if oldest > newest:
            raise BadTeamKeys("oldest is later than newest")
        desks = value["desks"]
        if not isinstance(desks, list):
            raise BadTeamKeys("desks is not a list")
        # Counted before it is read: every desk costs up to 60 key checks.
        if not 1 <= len(desks) <= MAX_DESKS:
            raise BadTeamKeys(f"it lists {len(desks)} desks, not 1 to {MAX_DESKS}")
        return TeamBody(
            identity=identity,
            previous=previous,
            version=strict_json.whole_number(value["version"], "version", 1, MAX_VERSION),
            practice=strict_json.truth(value["practice"], "practice"),
            expires=_day(value["expires"]),
            oldest=oldest,
            newest=newest,
            desks=tuple(read_desk(desk, f"desk {number}") for number, desk in enumerate(desks, 1)),
        )
    except strict_json.JsonError as bad:
        raise BadTeamKeys(str(bad)) from None


def months_between(oldest: Epoch, newest: Epoch) -> Iterator[Epoch]:
    """Give every month from oldest to newest, both included.

    :raises BadTeamKeys: more than 60, or none.
    """
    if oldest > newest:
        raise BadTeamKeys("oldest is later than newest")
    for _ in range(MAX_EPOCHS):
        yield oldest
        if oldest == newest:
            return
        oldest = oldest.next()
    raise BadTeamKeys(f"it holds more than {MAX_EPOCHS} epochs")


def check_name(name: str) -> None:
    """Check a desk's name: 1 to 64 characters that print, no space at either end, composed (NFC).

    :raises BadTeamKeys: another.
    """
    fine = name.isprintable() and name == name.strip() and unicodedata.is_normalized("NFC", name)
    if not fine or not 1 <= len(name) <= MAX_NAME:
        raise BadTeamKeys(f"a desk's name is not 1 to {MAX_NAME} plain characters")


def _check_signer(key: bytes) -> None:
    try:
        with refusing("not a signing key"):
            fine = crypto_core_ed25519_is_valid_point(key)
    except Refused:
        fine = False
    if not fine:
        raise BadTeamKeys("a signing key is not an Ed25519 key")


def _check_months(desk: Desk, months: set[Epoch]) -> None:
    if missing := sorted(months - set(desk.epochs)):
        raise BadTeamKeys(f"desk {desk.name}: epoch {missing[0]} has no key")
    if more := sorted(set(desk.epochs) - months):
        raise BadTeamKeys(f"desk {desk.name}: epoch {more[0]} is not from oldest to newest")


def check_desk(desk: Desk) -> None:
    """Check what a desk says of itself alone: its name, and that its signing key is one.

    :raises BadTeamKeys: it is not.
    """
    check_name(desk.name)
    _check_signer(desk.sign_public)


def read_desk(value: object, where: str) -> Desk:
    """Read what ``write_desk`` wrote; ``where`` stands in front of each reason.

    :raises BadTeamKeys: a field of the wrong type, or a key that is unsafe.
    """
    try:
        found = strict_json.exactly(value, ("name", "sign", "collects", "epochs"))
        name = strict_json.text(found["name"], "name")
        epochs = found["epochs"]
        if not isinstance(epochs, dict):
            raise BadTeamKeys(f"{where}: epochs is not an object")
        if len(epochs) > MAX_EPOCHS:
            raise BadTeamKeys(f"{where}: it holds more than {MAX_EPOCHS} epochs")
        keys = {
            _epoch(month, f"{where}: an epoch"): _public(public, f"{where}, epoch {month}")
            for month, public in epochs.items()
        }
        sign = _key(found["sign"], f"{where}: sign")
        return Desk(name, sign, strict_json.truth(found["collects"], "collects"), keys)
    except strict_json.JsonError as bad:
        raise BadTeamKeys(f"{where}: {bad}") from None


def write_desk(desk: Desk) -> dict[str, object]:
    """Give a desk as the object that stands in a list."""
    return {
        "name": desk.name,
        "sign": _written(desk.sign_public),
        "collects": desk.collects,
        "epochs": {str(epoch): _written(desk.epochs[epoch]) for epoch in sorted(desk.epochs)},
    }


def _public(value: object, where: str) -> PublicKey:
    try:
        return PublicKey(_bytes(value, where))
    except UnsafeKey as unsafe:
        raise BadTeamKeys(f"{where}: {unsafe}") from None


def _key(value: object, what: str) -> bytes:
    key = _bytes(value, what)
    if len(key) != 32:
        raise BadTeamKeys(f"{what} has {len(key)} bytes, not 32")
    return key


def _bytes(value: object, what: str) -> bytes:
    try:
        return strict_base64.decoded(strict_json.text(value, what).encode("utf-8"))
    except strict_base64.Base64Error:
        raise BadTeamKeys(f"{what} is not base64") from None
    except strict_json.JsonError as bad:
        raise BadTeamKeys(str(bad)) from None


def _written(value: bytes) -> str:
    return strict_base64.encoded(value).decode("ascii")


def _epoch(value: object, what: str) -> Epoch:
    try:
        return Epoch.parse(strict_json.text(value, what))
    except strict_json.JsonError as bad:
        raise BadTeamKeys(str(bad)) from None
    except ValueError:
        raise BadTeamKeys(f"{what} is not a month, YYYYMM") from None


def _day(value: object) -> date:
    written = strict_json.text(value, "expires")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise BadTeamKeys("expires is not a day, YYYY-MM-DD") from None
    # Python 3.11 reads other spellings too, such as 20261101 and 2026-W44-7.
    if day.isoformat() != written:
        raise BadTeamKeys("expires is not a day, YYYY-MM-DD")
    return day
