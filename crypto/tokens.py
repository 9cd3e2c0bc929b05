"""Sealed form fields: what a page must carry until it comes back, since the server keeps no session.

Sealed, not only signed: a draft's id ties rows of the store together and a file's key opens its blob, so
neither stands readable in a page that a browser may keep. FORMAT.md, "Tokens", specifies the bytes.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from crypto import strict_base64
from crypto.errors import BadToken, OtherMachine, Refused
from crypto.primitives import MAC, NONCE, aead_open, aead_seal
from crypto.secret import AttachmentKey, FormKey, MailboxRoot

__all__ = [
    "Draft",
    "FileToken",
    "Form",
    "FormKeys",
    "MailboxKeys",
    "machine_tag",
    "open_draft",
    "open_file",
    "open_root",
    "seal_draft",
    "seal_file",
    "seal_root",
]

LABEL_DRAFT = b"vigil/v1/draft-token\0"
LABEL_FILE = b"vigil/v1/file-token\0"
LABEL_MAILBOX = b"vigil/v1/mailbox-token\0"
LABEL_MACHINE = b"vigil/v1/machine\0"
MAX_TOKEN = 16 * 1024  # characters; a name of 1,000 four-byte characters makes 5,800
DRAFT_ID = 16
MACHINE = 6

_DRAFT = struct.Struct(">16sI")
_FILE = struct.Struct(">16s16s32sQ32s32sH")  # draft, blob, key, size, hash, sealed hash, bytes of the name


class Form(StrEnum):
    """The kinds of form: a token of one is refused by every other. The value is bound to the token."""

    REPORT = "report"
    CONTACT = "contact"
    MAILBOX = "mailbox"


@dataclass(frozen=True, slots=True)
class FormKeys:
    """The living form keys by number (0 to 255: the day's ordinal modulo 256), and which one seals.

    :raises ValueError: a number out of range, or no key for the newest.
    """

    newest: int
    keys: Mapping[int, FormKey]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))
        if self.newest not in self.keys:
            raise ValueError("the newest form key is missing")
        if not all(0 <= number <= 255 for number in self.keys):
            raise ValueError("a form key's number is from 0 to 255")


@dataclass(frozen=True, slots=True)
class MailboxKeys:
    """The keys, of half an hour each, under which an open mailbox's root rides: never written to a disk.

    ``machine`` is the tag of the web machine whose they are: no other has them.
    """

    machine: bytes
    newest: FormKey
    previous: FormKey | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One form given out: its random id (16 bytes), and when, in whole seconds since 1970 (UTC)."""

    id: bytes
    made: int


@dataclass(frozen=True, slots=True)
class FileToken:
    """One file already sealed: its draft and blob (16 bytes), key, true size, hashes (32 bytes), name, type.

    The draft's id stands inside, so that a form whose draft token is spoiled still finds its way back.
    """

    draft: bytes
    blob: bytes
    key: AttachmentKey
    size: int
    sha256: bytes
    sealed_sha256: bytes
    name: str = field(repr=False)
    type: str


def seal_draft(keys: FormKeys, draft: Draft, form: Form = Form.REPORT) -> str:
    """Seal a draft into the text of a hidden field.

    :raises ValueError: an id that is not 16 bytes, or a time out of range.
    """
    _check_draft_id(draft.id)
    try:
        plain = _DRAFT.pack(draft.id, draft.made)
    except struct.error:
        raise ValueError("the time does not fit") from None
    return _seal(keys, plain, _label(LABEL_DRAFT, form))


def open_draft(keys: FormKeys, token: str, form: Form = Form.REPORT) -> Draft:
    """Open what seal_draft made for the same form.

    :raises BadToken: anything else, or its key is gone.
    """
    plain = _open(keys, token, _label(LABEL_DRAFT, form))
    if len(plain) != _DRAFT.size:
        raise BadToken("the token has a wrong length")
    return Draft(*_DRAFT.unpack(plain))


def seal_file(keys: FormKeys, file: FileToken, form: Form = Form.REPORT) -> str:
    """Seal a file's token into the text of a hidden field of one form.

    :raises ValueError: a field of the wrong length or size, or a name that is not UTF-8 text.
    """
    _check_draft_id(file.draft)
    if len(file.blob) != 16 or len(file.sha256) != 32 or len(file.sealed_sha256) != 32:
        raise ValueError("an id or a hash has a wrong length")
    name = file.name.encode("utf-8")
    hashes = (file.sha256, file.sealed_sha256)
    try:
        fixed = _FILE.pack(file.draft, file.blob, file.key.reveal(), file.size, *hashes, len(name))
    except struct.error:
        raise ValueError("a size does not fit") from None
    token = _seal(keys, fixed + name + file.type.encode("utf-8"), _label(LABEL_FILE, form))
    if len(token) > MAX_TOKEN:
        raise ValueError("the name or the type is too long")
    return token


def open_file(
    keys: FormKeys, token: str, form: Form = Form.REPORT, *, draft: bytes | None = None
) -> FileToken:
    """Open what seal_file made for the same form and, when ``draft`` (16 bytes) is given, for that draft.

    Who gives no draft must compare the files' own: files of two drafts never belong into one report.

    :raises BadToken: anything else, or its key is gone.
    """
    plain = _open(keys, token, _label(LABEL_FILE, form))
    if len(plain) < _FILE.size:
        raise BadToken("the token has a wrong length")
    owner, blob, key, size, digest, sealed_digest, length = _FILE.unpack_from(plain)
    if draft is not None and draft != owner:
        raise BadToken("the token belongs to another draft")
    words = plain[_FILE.size :]
    if length > len(words):
        raise BadToken("the token has a wrong length")
    try:
        name, kind = words[:length].decode("utf-8"), words[length:].decode("utf-8")
    except UnicodeDecodeError:
        raise BadToken("the token holds no text") from None
    return FileToken(owner, blob, AttachmentKey(key), size, digest, sealed_digest, name, kind)


def machine_tag(name: str) -> bytes:
    """Give what names a web machine in its tokens: 6 bytes, no secret, the same after a restart."""
    return sha256(LABEL_MACHINE + name.encode("utf-8")).digest()[:MACHINE]


def seal_root(keys: MailboxKeys, root: MailboxRoot) -> str:
    """Seal a mailbox's root into the text of a hidden field, under the newest key."""
    sealed = aead_seal(keys.newest.reveal(), root.reveal(), LABEL_MAILBOX + keys.machine)
    return strict_base64.encoded(keys.machine + sealed, url=True).decode("ascii")


def open_root(keys: MailboxKeys, token: str) -> MailboxRoot:
    """Open what seal_root made under either key.

    :raises OtherMachine: it names another machine, which alone has its key: the source gives the words again.
    :raises BadToken: anything else, or its key is gone: the source gives the words again.
    """
    found = _decoded(token)
    if len(found) < MACHINE + NONCE + MAC:
        raise BadToken("the token is too short")
    machine, sealed = found[:MACHINE], found[MACHINE:]
    if machine != keys.machine:
        raise OtherMachine("the token is another machine's")
    for key in (keys.newest, keys.previous):
        if key is None:
            continue
        try:
            plain = aead_open(key.reveal(), sealed, LABEL_MAILBOX + machine)
        except Refused:
            continue  # the other key may open it
        if len(plain) != MailboxRoot.SIZE:
            raise BadToken("the token has a wrong length")
        return MailboxRoot(plain)
    raise BadToken("the token does not open")


def _label(label: bytes, form: Form) -> bytes:
    return label + form.value.encode("ascii") + b"\0"


def _check_draft_id(draft_id: bytes) -> None:
    if len(draft_id) != DRAFT_ID:
        raise ValueError(f"a draft id has {DRAFT_ID} bytes")


def _seal(keys: FormKeys, plain: bytes, aad: bytes) -> str:
    sealed = aead_seal(keys.keys[keys.newest].reveal(), plain, aad)
    return strict_base64.encoded(bytes((keys.newest,)) + sealed, url=True).decode("ascii")


def _decoded(token: str) -> bytes:
    if len(token) > MAX_TOKEN:
        raise BadToken("the token is too long")
    try:
        return strict_base64.decoded(token.encode("ascii"), url=True)
    except ValueError:  # Base64Error, or not ASCII
        raise BadToken("the token is not base64") from None


def _open(keys: FormKeys, token: str, aad: bytes) -> bytes:
    sealed = _decoded(token)
    if len(sealed) < 1 + NONCE + MAC:
        raise BadToken("the token is too short")
    key = keys.keys.get(sealed[0])
    if key is None:
        raise BadToken("the token's key is gone")
    try:
        return aead_open(key.reveal(), sealed[1:], aad)
    except Refused:
        raise BadToken("the token does not open") from None
