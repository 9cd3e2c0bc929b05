"""Open the envelopes of a casebook: one whole, or all of them briefly."""

import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import payload
from crypto import envelope as envelopes
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, NotForThisKey
from crypto.keyfile import DeskKeys
from crypto.open import Opener
from desk.casebook import Casebook, DamagedFile
from desk.errors import DeskError
from desk.harmless import beginning
from desk.helpers import end_with
from desk.progress import bar
from desk.urgency import urgent
from payload import BadPayload, Mailbox, Payload, Reply, Report, SentReply, StaffNote, UnknownPayload

T = TypeVar("T")

NOTE = "note"  # the kind of what a desk wrote
BEGINNING = 60  # characters of the words that `list` shows
MANY = 500  # envelopes from which other processes help: each costs 0.3 ms, a process some 20 ms
_BATCH = 64


class State(StrEnum):
    """What the desk can do with an envelope."""

    OPENED = "opened"
    DAMAGED = "damaged"
    NO_KEY = "no key"
    NEWER = "newer version"


@dataclass(frozen=True)
class Sent:
    """One envelope, opened and read, or why it was not.

    ``body`` is the JSON that was sealed, ``content`` what a source says in it, or ``note`` the desk's copy of
    a reply, or ``staff`` what somebody noted; ``sealed_as`` is the envelope's own kind, where its header
    could be read.
    """

    digest: str
    state: State
    why: str = ""
    epoch: Epoch | None = None
    content: Payload | None = None
    body: bytes | None = None
    note: SentReply | None = None
    sealed_as: Kind | None = None
    staff: StaffNote | None = None

    def __repr__(self) -> str:
        return f"<Sent {self.digest}>"

    @property
    def kind(self) -> str | None:
        """What came, which only its content says; of the desk's own notes the outside says that they are."""
        if self.content is not None:
            return self.content.kind
        ours = self.note is not None or self.staff is not None
        return NOTE if self.sealed_as is Kind.NOTE or ours else None

    @property
    def schema(self) -> int | None:
        """The number of the schema that it was sent in, or None when it did not open."""
        sent = self.as_sent()
        return None if self.content is None or sent is None else sent["schema"]

    def as_sent(self) -> dict[str, Any] | None:
        """Give the payload as it was sent, less its mailbox and all that is called a key, or None."""
        if self.body is None:
            return None
        try:
            # NaN and the like, which JSON does not know, stay visible as text.
            value = json.loads(self.body, parse_constant=str)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict):
            return None
        # The server drew the keys; nobody sent them. In a saved answer they would outlive the epoch's key.
        # A mailbox says which payloads are one source's, and where the answers lie.
        # A later version may have them elsewhere than this one.
        _drop_keys(value)
        return value


def _drop_keys(value: object) -> None:
    left = [value]
    while left:
        match left.pop():
            case dict() as members:
                members.pop("key", None)
                members.pop("mailbox", None)
                left += members.values()
            case list() as items:
                left += items


@dataclass(frozen=True)
class Brief:
    """What `list` and the search for a case need of one envelope: small, and without any key."""

    digest: str
    state: State
    why: str
    epoch: str | None
    kind: str | None = None
    draft: bytes | None = None
    received_on: str | None = None
    characters: int = 0
    size: int = 0  # bytes of the JSON
    begins: str = ""
    files: tuple[tuple[str, int], ...] = ()  # hash of the sealed attachment (hex), size of the file
    blobs: tuple[str, ...] = ()  # the same attachments' ids (hex)
    mailbox: bytes | None = None  # H of its public key
    body: bytes = b""  # H of the JSON
    kept: bool = False  # sealed anew by a desk, word for word
    slot: str = ""  # of the copy of a reply: where that lies (hex)
    subject: str = ""  # of what staff noted: the kind of its subject
    about: bytes = b""  # and that one's id
    urgent: tuple[str, ...] = ()  # of a report: "danger" now, "children"

    def __repr__(self) -> str:
        return f"<Brief {self.digest}>"


Openers = Mapping[Epoch, Opener]


def openers_of(keys: DeskKeys) -> Openers:
    """Work out the private keys of every month that a desk holds."""
    return {epoch: Opener([seed]) for epoch, seed in keys.seeds.items()}


def open_sent(casebook: Casebook, openers: Openers, digest: str) -> Sent:
    """Open one envelope; what is wrong with it is an answer, not an error.

    :raises OSError: the file cannot be read.
    """
    try:
        data = casebook.envelope(digest)
        header = envelopes.header(data)
    except DamagedFile:
        return Sent(digest, State.DAMAGED, "the file is not what its name says: import its bundle again")
    except BadEnvelope as bad:
        # Its bytes are those that the server sealed, so a number unknown here comes from a later version.
        newer = str(bad) in {"unknown version", "unknown kind"}
        return Sent(digest, State.NEWER if newer else State.DAMAGED, str(bad))
    found = _opened(openers, digest, header.epoch, data)
    return replace(found, epoch=header.epoch, sealed_as=header.kind)


def _opened(openers: Openers, digest: str, epoch: Epoch | None, data: bytes) -> Sent:
    if epoch is None:
        return Sent(digest, State.DAMAGED, "it is not sealed to desks, and does not belong here")
    opener = openers.get(epoch)
    if opener is None:
        return Sent(
            digest, State.NO_KEY, f"no key for {epoch} here: it was destroyed, or another desk has it"
        )
    try:
        found = opener.opened(data)
    except NotForThisKey:
        return Sent(digest, State.NO_KEY, "sealed to other desks")
    except BadEnvelope as bad:
        return Sent(digest, State.DAMAGED, str(bad))
    return _read(digest, found.kind, found.body)


def _read(digest: str, kind: Kind, body: bytes) -> Sent:
    try:
        content = payload.read(None, body)
    except UnknownPayload as unknown:
        return Sent(digest, State.NEWER, str(unknown), body=body)
    except BadPayload as bad:
        return Sent(digest, State.DAMAGED, str(bad), body=body)
    # Anybody can seal to the desks. What claims to be the team's own counts only in an envelope of a kind
    # that no import takes in.
    if kind in (Kind.NOTE, Kind.KEPT):
        if isinstance(content, SentReply):
            return Sent(digest, State.OPENED, body=body, note=content)
        if isinstance(content, StaffNote):
            return Sent(digest, State.OPENED, body=body, staff=content)
    if isinstance(content, Reply | SentReply | StaffNote) or kind is Kind.NOTE:
        return Sent(digest, State.DAMAGED, "what it holds does not belong into such an envelope", body=body)
    return Sent(digest, State.OPENED, content=content, body=body)


def open_all(casebook: Casebook, keys: DeskKeys, digests: list[str] | None = None) -> list[Brief]:
    """Open these envelopes, or every one, and give what is brief of each, in the order of their digests.

    :raises DeskError: a process that helped was killed.
    """
    digests = casebook.envelopes() if digests is None else digests
    openers = openers_of(keys)
    with bar("opening", len(digests), "envelope") as shown:
        found = []
        for brief in each_opened(casebook, openers, digests, brief_of):
            found.append(brief)
            shown.update(1)
    return found


def each_opened(
    casebook: Casebook, openers: Openers, digests: Sequence[str], made: Callable[[Sent], T]
) -> Iterator[T]:
    """Open these envelopes, with the help of other processes where they are many, and give what ``made``
    makes of each there, in their order.

    :raises DeskError: a process that helped was killed.
    """
    helpers = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    # Threads do not help (measured: slower), and elsewhere than on Linux a fork is not safe.
    if len(digests) < MANY or helpers < 2:
        for digest in digests:
            yield made(open_sent(casebook, openers, digest))
        return
    batches = [digests[at : at + _BATCH] for at in range(0, len(digests), _BATCH)]
    context = multiprocessing.get_context("fork")
    # Forked, the helpers have the seeds in their memory already: no key is written to a pipe.
    with ProcessPoolExecutor(helpers, context, _start_helper, (os.getpid(), casebook, openers, made)) as pool:
        try:
            for batch in pool.map(_help, batches):
                yield from batch
        except BrokenProcessPool:
            raise DeskError("opening was interrupted", "close other programs and run it again") from None


_work: list[tuple[Casebook, Openers, Callable[[Sent], Any]]] = []


def _start_helper(parent: int, casebook: Casebook, openers: Openers, made: Callable[[Sent], Any]) -> None:
    end_with(parent)
    _work.append((casebook, openers, made))


def _help(digests: Sequence[str]) -> list[Any]:
    casebook, openers, made = _work[0]
    return [made(open_sent(casebook, openers, digest)) for digest in digests]


def brief_of(sent: Sent) -> Brief:
    """Give what is brief of an envelope."""
    epoch = None if sent.epoch is None else str(sent.epoch)
    brief = Brief(sent.digest, sent.state, sent.why, epoch, kind=sent.kind)
    if sent.note is not None:
        return replace(
            brief,
            draft=sent.note.case_draft,
            received_on=sent.note.reply.written_on.isoformat(),
            mailbox=mailbox_name(sent.note.mailbox),
            slot=sent.note.slot.hex(),
        )
    if sent.staff is not None:
        return replace(
            brief,
            received_on=sent.staff.written_at.date().isoformat(),
            subject=sent.staff.subject.kind,
            about=sent.staff.subject.id,
        )
    content = sent.content
    if content is None:
        return brief
    return replace(
        brief,
        draft=content.draft,
        received_on=content.received_on.isoformat(),
        characters=len(content.words),
        size=len(sent.body or b""),
        begins=beginning(content.words, BEGINNING),
        files=tuple((file.sealed_sha256.hex(), file.size) for file in content.files),
        blobs=tuple(file.blob.hex() for file in content.files),
        mailbox=None if content.mailbox is None else mailbox_name(content.mailbox),
        body=hashlib.sha256(sent.body or b"").digest(),
        kept=sent.sealed_as is Kind.KEPT,
        urgent=urgent(content) if isinstance(content, Report) else (),
    )


def sent_of(brief: Brief, body: bytes | None) -> Sent:
    """Give an opened envelope again, from what is brief of it and the JSON that was sealed in it."""
    epoch = None if brief.epoch is None else Epoch.parse(brief.epoch)
    incoming = None if brief.state is State.NO_KEY else Kind.INCOMING
    sealed_as = Kind.NOTE if brief.kind == NOTE else Kind.KEPT if brief.kept else incoming
    if body is None:
        return Sent(brief.digest, brief.state, brief.why, epoch, sealed_as=sealed_as)
    return replace(_read(brief.digest, sealed_as or Kind.INCOMING, body), epoch=epoch, sealed_as=sealed_as)


def mailbox_name(mailbox: Mailbox) -> bytes:
    """Give what a mailbox is known by here: H of its public key."""
    return hashlib.sha256(mailbox.public).digest()
