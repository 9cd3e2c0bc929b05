"""The vectors of tokens: what a hidden field holds, and what comes of it."""

import base64
import struct
from hashlib import sha256
from typing import Any

from nacl import bindings

from tests.vectors.build import fixed_bytes
from tests.vectors.changes import Change

ABOUT = (
    "Tokens. base64(bases[base]) with changes (see changes.py) made in order is the token's text. kind "
    "says what it is read as; form, of which form. form_keys are the living keys by number; mailbox_keys "
    "the newest and the previous key, those of the machine named machine. outcome is 'opens' (then is "
    "gives what it holds) or an error and its reason."
)
FORM_KEYS = {6: fixed_bytes("yesterday's key"), 7: fixed_bytes("today's key")}
MACHINE = "web-1"
MAILBOX_KEYS = [fixed_bytes("the newest key"), fixed_bytes("the previous key")]

DRAFT = struct.pack(">16sI", fixed_bytes("draft", 16), 1_795_000_000)
NAME = "Ćma 1.jpg".encode()
FILE = (
    struct.pack(
        ">16s16s32sQ32s32sH",
        fixed_bytes("draft", 16),
        fixed_bytes("blob", 16),
        fixed_bytes("key"),
        50_000_000,
        fixed_bytes("hash"),
        fixed_bytes("sealed hash"),
        len(NAME),
    )
    + NAME
    + b"image/jpeg"
)
ROOT = fixed_bytes("a root")

OPEN = "BadToken: the token does not open"
LENGTH = "BadToken: the token has a wrong length"
OTHER = "OtherMachine: the token is another machine's"
BASE64 = "BadToken: the token is not base64"


def _token(key: bytes, plain: bytes, aad: bytes, first: bytes) -> bytes:
    nonce = fixed_bytes(f"nonce {plain.hex()} {aad!r}", 24)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, nonce, key)
    return base64.urlsafe_b64encode(first + nonce + sealed).rstrip(b"=")


def _form(plain: bytes, use: bytes, form: bytes, number: int = 7) -> bytes:
    return _token(FORM_KEYS[number], plain, b"vigil/v1/" + use + b"\0" + form + b"\0", bytes((number,)))


def _root(plain: bytes, key: bytes, machine: str = MACHINE, bound: str = MACHINE) -> bytes:
    tag, other = (
        sha256(b"vigil/v1/machine" + b"\0" + name.encode()).digest()[:6] for name in (machine, bound)
    )
    return _token(key, plain, b"vigil/v1/mailbox-token" + b"\0" + other, tag)


BASES = {
    "draft": _form(DRAFT, b"draft-token", b"report"),
    "yesterday's draft": _form(DRAFT, b"draft-token", b"report", 6),
    "contact's draft": _form(DRAFT, b"draft-token", b"contact"),
    "mailbox's draft": _form(DRAFT, b"draft-token", b"mailbox"),
    "short draft": _form(DRAFT[:-1], b"draft-token", b"report"),
    "file": _form(FILE, b"file-token", b"report"),
    "mailbox's file": _form(FILE, b"file-token", b"mailbox"),
    "file without a name": _form(FILE[:138], b"file-token", b"report"),
    "short file": _form(FILE[:137], b"file-token", b"report"),
    "file of no text": _form(FILE[:136] + b"\0\1\xff", b"file-token", b"report"),
    "root": _root(ROOT, MAILBOX_KEYS[0]),
    "root under the previous key": _root(ROOT, MAILBOX_KEYS[1]),
    "root under a key that is gone": _root(ROOT, fixed_bytes("the key before")),
    "short root": _root(ROOT[:-1], MAILBOX_KEYS[0]),
    "another machine's root": _root(ROOT, fixed_bytes("another machine's key"), "web-2", "web-2"),
    "root bound to another machine": _root(ROOT, MAILBOX_KEYS[0], bound="web-2"),
}
INSIDE = {"draft": DRAFT.hex(), "file": FILE.hex(), "root": ROOT.hex()}


def found() -> list[dict[str, Any]]:
    """Give the vectors."""

    def entry(
        name: str, base: str, kind: str, form: str, outcome: str, changes: list[Change] | None = None
    ) -> dict[str, Any]:
        made: dict[str, Any] = {
            "name": name,
            "base": base,
            "changes": changes or [],
            "kind": kind,
            "form": form,
        }
        return made | {"outcome": outcome} | ({"is": INSIDE[kind]} if outcome == "opens" else {})

    end = len(BASES["root"])
    return [
        entry("a draft", "draft", "draft", "report", "opens"),
        entry("a draft under yesterday's key", "yesterday's draft", "draft", "report", "opens"),
        entry("a draft of the contact form", "contact's draft", "draft", "contact", "opens"),
        entry("a draft of the mailbox", "mailbox's draft", "draft", "mailbox", "opens"),
        entry("a file", "file", "file", "report", "opens"),
        entry("a file of the mailbox", "mailbox's file", "file", "mailbox", "opens"),
        entry("a root", "root", "root", "", "opens"),
        entry("a root under the previous key", "root under the previous key", "root", "", "opens"),
        entry("a draft of another form", "contact's draft", "draft", "report", OPEN),
        entry("a report's draft in the mailbox", "draft", "draft", "mailbox", OPEN),
        entry("a file as a draft", "file", "draft", "report", OPEN),
        entry("a draft as a file", "draft", "file", "report", OPEN),
        entry("a draft as a root", "draft", "root", "", OTHER),
        entry("a root as a draft", "root", "draft", "report", "BadToken: the token's key is gone"),
        entry("a draft too short", "short draft", "draft", "report", LENGTH),
        entry("a file too short", "short file", "file", "report", LENGTH),
        entry("a file that ends before its name", "file without a name", "file", "report", LENGTH),
        entry(
            "a file whose name is no text",
            "file of no text",
            "file",
            "report",
            "BadToken: the token holds no text",
        ),
        entry("a root too short", "short root", "root", "", LENGTH),
        entry("a root whose key is gone", "root under a key that is gone", "root", "", OPEN),
        entry(
            "the number of another key", "draft", "draft", "report", OPEN, [{"at": 0, "write": b"Bg".hex()}]
        ),
        entry(
            "the number of no key",
            "draft",
            "draft",
            "report",
            "BadToken: the token's key is gone",
            [{"at": 0, "write": b"CA".hex()}],
        ),
        entry(
            "a changed draft",
            "draft",
            "draft",
            "report",
            OPEN,
            [{"at": 40, "write": _other(BASES["draft"], 40)}],
        ),
        entry("a changed root", "root", "root", "", OPEN, [{"at": 40, "write": _other(BASES["root"], 40)}]),
        entry("a root cut by four", "root", "root", "", OPEN, [{"cut": end - 4}]),
        entry("a root cut by one", "root", "root", "", BASE64, [{"cut": end - 3}]),
        entry("a root with padding", "root", "root", "", BASE64, [{"append": b"====".hex()}]),
        entry("a root with a line end", "root", "root", "", BASE64, [{"append": "0a"}]),
        entry("another machine's root", "another machine's root", "root", "", OTHER),
        entry("a root that claims another machine", "root bound to another machine", "root", "", OPEN),
        entry(
            "another name in a root",
            "root",
            "root",
            "",
            OTHER,
            [{"at": 0, "write": _other(BASES["root"], 0)}],
        ),
        entry("no token", "root", "root", "", "BadToken: the token is too short", [{"cut": 0}]),
        entry(
            "no token for a draft",
            "draft",
            "draft",
            "report",
            "BadToken: the token is too short",
            [{"cut": 0}],
        ),
        entry("letters that are not ASCII", "root", "root", "", BASE64, [{"append": "é".encode().hex()}]),
        entry(
            "16385 characters",
            "root",
            "root",
            "",
            "BadToken: the token is too long",
            [{"append": b"A".hex() * 16_281}],
        ),
    ]


def _other(token: bytes, at: int) -> str:
    return (b"A" if token[at : at + 1] != b"A" else b"B").hex()
