"""The vectors of a mailbox: the records of its rows, and the replies in it."""

from typing import Any

from nacl import bindings

from crypto import xwing
from crypto.envelope import FIXED, STANZA, Kind
from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.kdf import expand
from crypto.mailbox import signed_part
from crypto.primitives import sign, signing_public
from crypto.secret import BoxSeed, MailboxRoot, SigningSeed
from crypto.teambody import Desk
from tests.vectors.build import MadeEnvelope, body, fixed_bytes, seed
from tests.vectors.changes import Change, difference

ABOUT_RECORDS = (
    "Records. base64(bases[base]) with changes (see changes.py) made in order is the record that the row "
    "with the id row has; mailbox names one of roots. outcome is 'opens' (then blobs are the ids in it) "
    "or an error and its reason. changes of long hex are a record sealed anew under the right key."
)
ABOUT_REPLIES = (
    "Replies. base64(bases[base]) with changes (see changes.py) made in order is the envelope that lies "
    "at the id slot; mailbox names one of roots, team one of teams: a team.keys in base64, which is "
    "trusted. outcome is 'opens' (then size and sha256 are those of what was written, and desk is who "
    "wrote it) or an error and its reason. changes of long hex are a reply sealed anew under the right "
    "key."
)
ROOTS = {name: MailboxRoot(fixed_bytes(f"root of {name}")) for name in ("a mailbox", "another mailbox")}
ROW, OTHER_ROW = fixed_bytes("a row", 16), fixed_bytes("another row", 16)
BLOBS = [fixed_bytes(f"blob {number}", 16) for number in range(40)]

OPEN = "BadRecord: the record does not open"
SHAPE = "BadRecord: the record is not well formed"
LENGTH = "BadRecord: a record has 681 bytes"


def _key(mailbox: str, use: bytes) -> bytes:
    return expand(ROOTS[mailbox].reveal(), label=use)


def _record(plain: bytes, name: str) -> bytes:
    nonce = fixed_bytes(f"nonce of {name}", 24)
    seal = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt
    return nonce + seal(plain, ROW, nonce, _key("a mailbox", b"vigil/v1/record" + b"\0"))


def _plain(blobs: list[bytes], count: int | None = None) -> bytes:
    return bytes((len(blobs) if count is None else count,)) + b"".join(blobs).ljust(640, b"\0")


RECORDS = {
    "none": _record(_plain([]), "none"),
    "three": _record(_plain(BLOBS[:3]), "three"),
    "forty": _record(_plain(BLOBS), "forty"),
}
HELD = {"none": [], "three": BLOBS[:3], "forty": BLOBS}


def records() -> list[dict[str, Any]]:
    """Give the vectors of records."""

    def entry(
        name: str,
        base: str,
        changes: list[Change],
        outcome: str,
        row: bytes = ROW,
        mailbox: str = "a mailbox",
    ) -> dict[str, Any]:
        made = {"name": name, "base": base, "changes": changes, "row": row.hex(), "mailbox": mailbox}
        blobs = {"blobs": [blob.hex() for blob in HELD[base]]} if outcome == "opens" else {}
        return made | {"outcome": outcome} | blobs

    def anew(name: str, plain: bytes, outcome: str) -> dict[str, Any]:
        return entry(name, "three", difference(RECORDS["three"], _record(plain, name)), outcome)

    return [
        entry("no blob", "none", [], "opens"),
        entry("three blobs", "three", [], "opens"),
        entry("forty blobs", "forty", [], "opens"),
        entry("the record of another row", "three", [], OPEN, OTHER_ROW),
        entry("the record of another mailbox", "three", [], OPEN, ROW, "another mailbox"),
        entry("random bytes", "three", [{"at": 0, "write": fixed_bytes("no record", 681).hex()}], OPEN),
        entry("nonce changed", "three", [{"at": 3, "flip": 1}], OPEN),
        entry("count changed", "three", [{"at": 24, "flip": 1}], OPEN),
        entry("an id changed", "three", [{"at": 30, "flip": 128}], OPEN),
        entry("MAC changed", "three", [{"at": 680, "flip": 1}], OPEN),
        entry("one byte too few", "three", [{"cut": 680}], LENGTH),
        entry("one byte too many", "three", [{"append": "00"}], LENGTH),
        entry("nothing", "three", [{"cut": 0}], LENGTH),
        anew("an id more than counted", _plain(BLOBS[:4], 3), SHAPE),
        anew("41 ids counted", _plain(BLOBS, 41), SHAPE),
        anew("255 ids counted", _plain(BLOBS, 255), SHAPE),
        anew("the last byte not zero", _plain(BLOBS[:3])[:-1] + b"\1", SHAPE),
        anew("an id too few to fit", _plain(BLOBS[:39])[:-16], LENGTH),
    ]


DESKS = {name: SigningSeed(fixed_bytes(f"signing {name}")) for name in ("Anna", "Bert", "Carol")}
SLOT, OTHER_SLOT = fixed_bytes("a slot", 16), fixed_bytes("another slot", 16)
BOX = {name: BoxSeed(_key(name, b"vigil/v1/box" + b"\0")) for name in ROOTS}
PUBLIC = {name: xwing.public_of(box) for name, box in BOX.items()}


def _team(*names: str) -> bytes:
    desks = tuple(
        Desk(
            name,
            signing_public(DESKS[name].reveal()),
            True,
            {Epoch(202611): xwing.public_of(seed(f"desk {name}"))},
        )
        for name in names
    )
    identity = Identity(SigningSeed(fixed_bytes("an identity")))
    return identity.team_keys(desks, version=len(names), practice=True)


TEAMS = {"Anna and Bert": _team("Anna", "Bert"), "Anna alone": _team("Anna")}


def _signed(said: bytes, desk: str, *, mailbox: str = "a mailbox", slot: bytes = SLOT) -> bytes:
    secret = DESKS[desk].reveal()
    return signing_public(secret) + sign(secret, signed_part(PUBLIC[mailbox], slot, said)) + said


def _sealed(inside: bytes, kind: Kind = Kind.REPLY) -> MadeEnvelope:
    return MadeEnvelope.to([BOX["a mailbox"]], inside, 4096, kind)


SAID = body(300)
ANNA, BERT, CAROL = _signed(SAID, "Anna"), _signed(SAID, "Bert"), _signed(SAID, "Carol")
REPLIES = {
    "Anna's": _sealed(ANNA).sealed(),
    "Bert's": _sealed(BERT).sealed(),
    "empty": _sealed(_signed(b"", "Anna")).sealed(),
}
WRITER = {"Anna's": ("Anna", SAID), "Bert's": ("Bert", SAID), "empty": ("Anna", b"")}

UNLISTED = "BadReply: no desk of the team signed it"
SIGNATURE = "BadReply: the signature is wrong"
NOT_MINE = "NotForThisKey: no key given opens it"
HEAD = FIXED + STANZA


def replies() -> list[dict[str, Any]]:
    """Give the vectors of replies."""

    def entry(name: str, base: str, changes: list[Change], outcome: str, **other: str) -> dict[str, Any]:
        usual = {"slot": SLOT.hex(), "mailbox": "a mailbox", "team": "Anna and Bert"}
        made = {"name": name, "base": base, "changes": changes} | usual | other | {"outcome": outcome}
        if outcome == "opens":
            desk, said = WRITER[base]
            made |= {"desk": desk, "size": len(said), "said": said.hex()}
        return made

    def anew(name: str, inside: bytes, outcome: str, kind: Kind = Kind.REPLY) -> dict[str, Any]:
        return entry(name, "Anna's", difference(REPLIES["Anna's"], _sealed(inside, kind).sealed()), outcome)

    def at(name: str, place: int, outcome: str) -> dict[str, Any]:
        return entry(name, "Anna's", [{"at": place, "flip": 1}], outcome)

    return [
        entry("by the first desk", "Anna's", [], "opens"),
        entry("by the second desk", "Bert's", [], "opens"),
        entry("of no byte", "empty", [], "opens"),
        entry("in another slot", "Anna's", [], SIGNATURE, slot=OTHER_SLOT.hex()),
        entry("in another mailbox", "Anna's", [], NOT_MINE, mailbox="another mailbox"),
        entry("by a desk that was removed", "Bert's", [], UNLISTED, team="Anna alone"),
        anew("by a desk that was never listed", CAROL, UNLISTED),
        anew("signed for another mailbox", _signed(SAID, "Anna", mailbox="another mailbox"), SIGNATURE),
        anew("signed for another slot", _signed(SAID, "Anna", slot=OTHER_SLOT), SIGNATURE),
        anew("another desk's name on it", BERT[:32] + ANNA[32:], SIGNATURE),
        anew("a stranger's signature under a desk's name", ANNA[:32] + CAROL[32:], SIGNATURE),
        anew("other words than were signed", ANNA[:-1] + b"!", SIGNATURE),
        anew("a word more than was signed", ANNA + b"!", SIGNATURE),
        anew("a signature of zeros", ANNA[:32] + bytes(64) + SAID, SIGNATURE),
        anew("a signer of zeros", bytes(96) + SAID, UNLISTED),
        anew("too short for a signature", ANNA[:95], SIGNATURE),
        anew("too short for a signer", ANNA[:31], UNLISTED),
        anew("nothing inside", b"", UNLISTED),
        anew("a backup", ANNA, "BadReply: of a kind that does not belong here", Kind.BACKUP),
        anew("a report", ANNA, "BadReply: of a kind that does not belong here", Kind.INCOMING),
        at("magic wrong", 0, "BadReply: not an envelope"),
        at("version 0", 6, "BadReply: unknown version"),
        entry("kind 0", "Anna's", [{"at": 7, "write": "00"}], "BadReply: unknown kind"),
        at("an epoch", 11, "BadReply: it names an epoch and has none"),
        entry("two stanzas said", "Anna's", [{"at": 12, "write": "02"}], "BadReply: wrong number of desks"),
        at("the wrapped key changed", FIXED + 1120, NOT_MINE),
        at("the commitment changed", HEAD, "BadReply: wrong commitment"),
        at("a chunk changed", HEAD + 100, "BadReply: a chunk does not authenticate"),
        entry("cut short", "Anna's", [{"cut": 3000}], "BadReply: no envelope has this length"),
        entry("nothing", "Anna's", [{"cut": 0}], "BadReply: truncated"),
    ]
