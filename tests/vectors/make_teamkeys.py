"""The vectors of team.keys: right lists, and lists that an identity signed although they are wrong."""

import json
from base64 import b64encode
from typing import Any

from crypto import xwing
from crypto.primitives import sign, signing_public
from crypto.teamkeys import LABEL, LABEL_PREVIOUS, MAGIC, fingerprint
from tests.vectors.build import fixed_bytes, seed
from tests.vectors.changes import Change

ABOUT = (
    "team.keys. base64(bases[base]) with changes (see changes.py) made in order is what a reader gets. "
    "outcome is 'reads' (and version, practice, desks and fingerprint) or an error and its reason."
)
IDENTITY, PREVIOUS, STRANGER = (fixed_bytes(name) for name in ("identity", "previous", "stranger"))
B64 = "BadTeamKeys: a line is not base64"
SECOND = "BadTeamKeys: it has a second signature, and names no previous identity"
SIGNER_TWICE = "a signing key stands twice: the identity and every desk have their own"
PUBLIC_TWICE = "a public key stands twice: every desk has a new one each month"
SIGNATURE = "BadTeamKeys: the signature is wrong"
LINES = "BadTeamKeys: it has {} lines after the first, not 2 or 3"
JSON = "BadTeamKeys: the body is refused: {}"

Body = dict[str, Any]


def b64(data: bytes) -> str:
    """Write standard base64."""
    return b64encode(data).decode("ascii")


def desk(name: str, *months: str) -> Body:
    """Give a desk as a list holds it."""
    return {
        "name": name,
        "sign": b64(signing_public(fixed_bytes(f"sign {name}"))),
        "collects": True,
        "epochs": {month: b64(xwing.public_of(seed(f"{name} {month}"))) for month in months},
    }


def body(*desks: Body) -> Body:
    """Give the body of a list."""
    months = sorted(desks[0]["epochs"])
    return {
        "identity": b64(signing_public(IDENTITY)),
        "version": 7,
        "practice": True,
        "expires": "2028-10-31",
        "oldest": months[0],
        "newest": months[-1],
        "desks": list(desks),
    }


def signed(inside: Body | bytes, identity: bytes = IDENTITY, previous: bytes | None = None) -> bytes:
    """Sign whatever it is."""
    raw = inside if isinstance(inside, bytes) else json.dumps(inside, ensure_ascii=False).encode()
    lines = [raw, sign(identity, LABEL + raw)]
    if previous is not None:
        lines.append(sign(previous, LABEL_PREVIOUS + raw))
    return MAGIC + b"".join(b64encode(line) + b"\n" for line in lines)


ONE = body(desk("Anna", "202611"))
TWO = body(desk("Anna", "202612", "202701"), desk("Zoë", "202612", "202701"))
FOUR = body(*(desk(name, "202611") for name in ("a", "b", "c", "d")))
HANDED = ONE | {"previous": b64(signing_public(PREVIOUS))}
BASES = {
    "one": signed(ONE),
    "two": signed(TWO),
    "four": signed(FOUR),
    "handed over": signed(HANDED, previous=PREVIOUS),
}
SIZE = len(BASES["one"])
LAST = BASES["one"].rindex(b"\n", 0, -1) + 1  # where the signature's line begins


def entry(name: str, base: str, changes: list[Change], outcome: str) -> dict[str, Any]:
    """Make one vector."""
    made: dict[str, Any] = {"name": name, "base": base, "changes": changes, "outcome": outcome}
    if outcome == "reads":
        of = {"one": ONE, "two": TWO, "four": FOUR, "handed over": HANDED}[base]
        made |= {"version": 7, "practice": True, "desks": [each["name"] for each in of["desks"]]}
        made |= {"fingerprint": fingerprint(signing_public(IDENTITY))}
    return made


def resigned(name: str, data: bytes, outcome: str) -> dict[str, Any]:
    """Make one vector of a list that was signed although it is wrong."""
    BASES[name] = data
    return entry(name, name, [], f"BadTeamKeys: {outcome}")


def but(outcome: str, title: str, of: Body = ONE, /, **changed: object) -> dict[str, Any]:
    """Make one vector of a body with other values."""
    return resigned(title, signed(of | changed), outcome)


def desk_but(outcome: str, title: str, /, **changed: object) -> dict[str, Any]:
    """Make one vector of a body whose desk has other values."""
    return but(outcome, title, desks=[ONE["desks"][0] | changed])


def good() -> list[dict[str, Any]]:
    """Lists that read."""
    return [entry(name, name, [], "reads") for name in ("one", "two", "four", "handed over")]


def lines() -> list[dict[str, Any]]:
    """The file's lines wrong."""
    cut = "BadTeamKeys: it is cut short: the last line has no end"
    one = BASES["one"]
    start = len(MAGIC)
    stray = chr(one[SIZE - 4] + 1).encode()  # the same bytes in base64, spelt with a stray bit
    return [
        entry("empty", "one", [{"cut": 0}], "BadTeamKeys: it is not a team.keys file"),
        entry("another file", "one", [{"at": 0, "write": "56"}], "BadTeamKeys: it is not a team.keys file"),
        entry("version 2", "one", [{"at": 17, "write": "32"}], "BadTeamKeys: it is of an unknown version"),
        entry(
            "windows' line ends",
            "one",
            [{"at": 18, "write": "0d0a"}],
            "BadTeamKeys: it is of an unknown version",
        ),
        entry("nothing after the first line", "one", [{"cut": start}], LINES.format(0)),
        entry("no signature", "one", [{"cut": LAST}], LINES.format(1)),
        entry("cut in the body", "one", [{"cut": 1000}], cut),
        entry("cut in the signature", "one", [{"cut": SIZE - 10}], cut),
        entry("no last line end", "one", [{"cut": SIZE - 1}], cut),
        entry("a byte after the end", "one", [{"append": "41"}], cut),
        entry("an empty line after the end", "one", [{"append": "0a"}], SECOND),
        entry("two lines too many", "one", [{"append": "0a0a"}], LINES.format(4)),
        entry("junk for base64 in the body", "one", [{"at": 100, "write": "2a"}], B64),
        entry("a space in the body", "one", [{"at": 100, "write": "20"}], B64),
        entry("the url alphabet", "one", [{"at": SIZE - 8, "write": "2d5f"}], B64),
        entry("no padding", "one", [{"take": [[0, SIZE - 3]]}, {"append": "0a"}], B64),
        entry("a stray bit in the last character", "one", [{"at": SIZE - 4, "write": stray.hex()}], B64),
        entry("a second signature, unasked", "one", [{"take": [[0, SIZE], [LAST, SIZE]]}], SECOND),
        entry(
            "body and signature swapped",
            "one",
            [{"take": [[0, start], [LAST, SIZE], [start, LAST]]}],
            JSON.format("it is not JSON"),
        ),
        entry(
            "a megabyte of more",
            "one",
            [{"take": [[0, SIZE]] * 400}],
            "BadTeamKeys: it is larger than 1048576 bytes",
        ),
    ]


def signatures() -> list[dict[str, Any]]:
    """Signatures that are not what they must be."""
    return [
        entry("signature changed", "one", [{"at": LAST + 5, "flip": 1}], SIGNATURE),
        resigned("signed by a stranger", signed(ONE, STRANGER), "the signature is wrong"),
        resigned("signed without the label", _unlabelled(ONE), "the signature is wrong"),
        resigned("signature cut to 63 bytes", _short(ONE), "the signature is wrong"),
        resigned("previous did not sign", signed(HANDED), "the previous identity's signature is missing"),
        resigned(
            "previous' signature by a stranger",
            signed(HANDED, previous=STRANGER),
            "the previous identity's signature is wrong",
        ),
        but("the signature is wrong", "identity is no point", identity=b64(b"\xff" * 32)),
        but("the signature is wrong", "identity all zeros", identity=b64(bytes(32))),
        but("identity has 31 bytes, not 32", "identity too short", identity=b64(bytes(31))),
        but("identity is not text", "identity a number", identity=5),
        but("identity is not base64", "identity in hex and a stop", identity="ab."),
    ]


def jsons() -> list[dict[str, Any]]:
    """Bodies that are no strict JSON object of the known keys."""
    text = json.dumps(ONE)

    def raw(name: str, inside: bytes, reason: str) -> dict[str, Any]:
        return resigned(name, signed(inside), f"the body is refused: {reason}")

    return [
        raw("body empty", b"", "it is not JSON"),
        raw("body a list", b"[]", "it is not an object"),
        raw("body not UTF-8", text.replace("Anna", "An\xff").encode("latin-1"), "it is not JSON"),
        raw("body nested too deep", b"[" * 20_000, "it is not JSON"),
        raw(
            "half a surrogate pair", text.replace("Anna", "\\ud83d").encode(), "it holds half of a character"
        ),
        raw("a key twice", (text[:-1] + ', "practice": false}').encode(), "a key stands twice"),
        raw(
            "a key of a desk twice",
            text.replace('"collects"', '"name": "b", "collects"').encode(),
            "a key stands twice",
        ),
        raw(
            "an epoch twice",
            text.replace('"epochs": {', '"epochs": {"202611": "", ').encode(),
            "a key stands twice",
        ),
        raw("a number with a fraction", text.replace("7,", "7.0,").encode(), "a number has a fraction"),
        raw("not a number", text.replace("7,", "NaN,").encode(), "it holds a number that is none"),
        raw("a byte order mark", b"\xef\xbb\xbf" + text.encode(), "it is not JSON"),
        raw("a key missing", text.replace('"practice": true, ', "").encode(), "practice is missing"),
        but("the body is refused: it has an unknown key", "a key unknown", comment="x"),
    ]


def fields() -> list[dict[str, Any]]:
    """Values that are of the wrong type or out of bounds."""
    version = "version is not a whole number from 1 to 4294967295"
    day = "expires is not a day, YYYY-MM-DD"
    return [
        but(version, "version 0", version=0),
        but(version, "version too high", version=2**32),
        but(version, "version true", version=True),
        but(version, "version text", version="7"),
        but("practice is not true or false", "practice 1", practice=1),
        but(day, "expires no day", expires="2028-02-30"),
        but(day, "expires in short", expires="20281031"),
        but(day, "expires a week", expires="2028-W44-2"),
        but("expires is not text", "expires null", expires=None),
        but("oldest is not a month, YYYYMM", "oldest month 13", oldest="202613"),
        but("oldest is not text", "oldest a number", oldest=202611),
        but("newest is not a month, YYYYMM", "newest in another script", newest="٢٠٢٦١١"),
        but("oldest is later than newest", "oldest after newest", oldest="202612"),
        but("it holds more than 60 epochs", "five years and a month", newest="203111"),
        but("desks is not a list", "desks an object", desks={}),
        but("it lists 0 desks, not 1 to 4", "no desk", desks=[]),
        but("it lists 5 desks, not 1 to 4", "five desks", FOUR, desks=[*FOUR["desks"], desk("e", "202611")]),
        but("desk 1: an object was expected", "a desk is text", desks=["Anna"]),
    ]


def desks() -> list[dict[str, Any]]:
    """Desks that are not as they must be."""
    good = ONE["desks"][0]["epochs"]["202611"]
    name = "a desk's name is not 1 to 64 plain characters"
    a, b = FOUR["desks"][:2]
    twice = ONE["desks"][0] | {"epochs": {"202611": good, "202612": good}}
    outside = {"202611": good, "202701": b64(xwing.public_of(seed("outside")))}
    return [
        desk_but(name, "name empty", name=""),
        desk_but(name, "name of 65", name="x" * 65),
        desk_but(name, "name with a line end", name="An\nna"),
        desk_but(name, "name turns the writing round", name="An\u202ena"),
        desk_but(name, "name not composed", name="Zoe\u0308"),
        desk_but(name, "name ends in a space", name="Anna "),
        desk_but("desk 1: name is not text", "name a number", name=5),
        desk_but("desk 1: it has an unknown key", "desk with more", more=1),
        desk_but("desk 1: collects is not true or false", "collects null", collects=None),
        desk_but("desk 1: sign has 33 bytes, not 32", "sign too long", sign=b64(bytes(33))),
        desk_but("a signing key is not an Ed25519 key", "sign all zeros", sign=b64(bytes(32))),
        desk_but("a signing key is not an Ed25519 key", "sign no point", sign=b64(b"\xff" * 32)),
        desk_but(SIGNER_TWICE, "sign is the identity", sign=ONE["identity"]),
        desk_but("desk 1: epochs is not an object", "epochs a list", epochs=[]),
        desk_but("desk Anna: epoch 202611 has no key", "no epoch", epochs={}),
        but("desk Anna: epoch 202612 has no key", "an epoch of the range unlisted", newest="202612"),
        but(
            "desk b: epoch 202611 has no key", "one desk lacks an epoch", FOUR, desks=[a, b | {"epochs": {}}]
        ),
        desk_but(
            "desk Anna: epoch 202701 is not from oldest to newest",
            "an epoch outside the range",
            epochs=outside,
        ),
        desk_but("desk 1: an epoch is not a month, YYYYMM", "epoch 0", epochs={"000000": good}),
        desk_but(
            "desk 1: it holds more than 60 epochs",
            "61 epochs",
            epochs={str(month): "" for month in range(61)},
        ),
        but(PUBLIC_TWICE, "two epochs, one key", newest="202612", desks=[twice]),
        but("two desks have one name", "two desks of one name", FOUR, desks=[a, b | {"name": "a"}]),
        but(SIGNER_TWICE, "two desks sign alike", FOUR, desks=[a, b | {"sign": a["sign"]}]),
        but(PUBLIC_TWICE, "two desks, one key", FOUR, desks=[a, b | {"epochs": a["epochs"]}]),
    ]


def publics() -> list[dict[str, Any]]:
    """Public keys that protect nothing."""
    key = xwing.public_of(seed("Anna 202611"))
    where = "desk 1, epoch 202611"

    def public(name: str, value: object, reason: str) -> dict[str, Any]:
        return desk_but(f"{where}{reason}", name, epochs={"202611": value})

    return [
        public("public key too short", b64(key[:-1]), ": a public key has 1216 bytes"),
        public("public key too long", b64(key + b"\0"), ": a public key has 1216 bytes"),
        public("public key not base64", b64(key)[:-1] + "*", " is not base64"),
        public("public key null", None, " is not text"),
        public("the ML-KEM half zero", b64(bytes(1184) + key[1184:]), ": the ML-KEM half is all zeros"),
        public(
            "the ML-KEM half zero but for its matrix",
            b64(bytes(1152) + key[1152:]),
            ": the ML-KEM half is all zeros",
        ),
        public("the X25519 half zero", b64(key[:1184] + bytes(32)), ": the X25519 half is all zeros"),
        public("the X25519 half of low order", b64(key[:1184] + b"\1" + bytes(31)), ": a half is not a key"),
        public("the ML-KEM half out of range", b64(b"\xff" * 1152 + key[1152:]), ": a half is not a key"),
    ]


def found() -> list[dict[str, Any]]:
    """Give all vectors; BASES is complete only afterwards."""
    return [*good(), *lines(), *signatures(), *jsons(), *fields(), *desks(), *publics()]


def _unlabelled(inside: Body) -> bytes:
    raw = json.dumps(inside).encode()
    return MAGIC + b64encode(raw) + b"\n" + b64encode(sign(IDENTITY, raw)) + b"\n"


def _short(inside: Body) -> bytes:
    raw = json.dumps(inside).encode()
    return MAGIC + b64encode(raw) + b"\n" + b64encode(sign(IDENTITY, LABEL + raw)[:63]) + b"\n"
