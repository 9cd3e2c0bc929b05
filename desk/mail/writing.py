"""Write a reply: sealed to each mailbox of a case, with its files, and once more for the desk itself.

Nothing counts before all of it is on the disk; then one file is replaced, and all of it counts.
"""

import mimetypes
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BufferedReader
from pathlib import Path

from crypto.attachment import AttachmentSealer
from crypto.envelope import Kind
from crypto.errors import UnsafeKey
from crypto.keyfile import DeskKeys
from crypto.mailbox import reply_ids
from crypto.primitives import signing_public
from crypto.reply import seal_reply
from crypto.seal import sealed
from crypto.secret import ReplyKey
from crypto.teamkeys import TeamKeys
from crypto.xwing import PublicKey
from desk.casebook import PIECE, Casebook
from desk.durable import writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.outbox import Outbox, State
from desk.progress import bar
from payload import AttachedFile, Mailbox, Reply, SentReply
from payload.limits import MAX_FILES, MAX_NAME

LANGUAGE = "en"
NO_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Written:
    """What writing a reply did: how many mailboxes it goes to, and how many had no room or no usable key."""

    mailboxes: int
    full: int
    unusable: int


@dataclass(frozen=True)
class AnsweredCase:
    """The case that is answered: a draft of it (16 bytes), its mailboxes, and slots (hex) that are used."""

    draft: bytes
    mailboxes: Sequence[Mailbox]
    used: frozenset[str]


@dataclass(frozen=True)
class Writer:
    """Who writes: this desk's keys, the list, the casebook and the outbox."""

    keys: DeskKeys
    team: TeamKeys
    casebook: Casebook
    outbox: Outbox

    @property
    def sign(self) -> bytes:
        """The desk's signing key, 32 bytes."""
        return signing_public(self.keys.sign.reveal())

    def check_listed(self) -> None:
        """See that this desk is on the list: what it signs is worth nothing otherwise.

        :raises DeskError: it is not.
        """
        if all(desk.sign_public != self.sign for desk in self.team.desks):
            raise DeskError(
                "this desk is not on the team's list of keys",
                "replies and bundles that it signs are refused; see docs/keys.md on adding a desk",
            )


def today() -> date:
    """Give the day by UTC."""
    return datetime.now(UTC).date()


def check_files(files: Sequence[Path]) -> None:
    """See that files can go with a reply, before anything is asked or made.

    :raises DeskError: there are too many, or one is no file.
    :raises OSError: one cannot be read.
    """
    if len(files) > MAX_FILES:
        raise DeskError(f"a reply has at most {MAX_FILES} files", "send the others with another reply")
    for path in files:
        if path.exists() and not path.is_file():
            raise DeskError(f"{harmless(str(path))} is no file", "name files; pack a folder into one")
        with path.open("rb"):
            pass


def name_for_source(path: Path) -> str:
    """Give the name that the source sees of a file."""
    return path.name.encode("utf-8", "replace").decode("utf-8")[:MAX_NAME]


def write_reply(writer: Writer, case: AnsweredCase, text: str, files: Sequence[Path]) -> Written:
    """Seal a reply to each mailbox of a case and leave it in the outbox; whoever calls holds the home's lock.

    :raises DeskError: none of them can take it, or a file changed while it was read; nothing is left then.
    :raises OSError: a file cannot be read, or the disk is full; nothing of it counts then.
    """
    state = writer.outbox.settle(writer.casebook).signed_by(writer.sign.hex())
    reply_id = secrets.token_bytes(16)
    copies: dict[str, str] = {}
    full = unusable = 0
    for mailbox in case.mailboxes:
        try:
            public = PublicKey(mailbox.public)
        except UnsafeKey:
            unusable += 1
            continue
        slot = free_slot(writer, mailbox, state, case.used)
        if slot is None:
            full += 1
            continue
        attached = tuple(_attach(writer.outbox, slot, path) for path in files)
        reply = Reply(today(), LANGUAGE, text, attached)
        copy = SentReply(reply, writer.keys.name, slot, mailbox, case.draft, reply_id)
        copies[slot.hex()] = seal_into_outbox(writer, public, copy)
    if not copies:
        raise _nowhere(full)
    writer.outbox.commit(replace(state, copies={**state.copies, **copies}))
    writer.outbox.settle(writer.casebook)
    return Written(len(copies), full, unusable)


def withdraw(writer: Writer, slots: Collection[str]) -> int:
    """Take back those of these replies (slots, in hex) that were in no bundle yet; say how many copies.

    Whoever calls holds the home's lock.

    :raises DeskError: what counts cannot be read; nothing is changed then.
    """
    state = writer.outbox.settle(writer.casebook)
    # Of one whose note was forgotten nobody knows whether it has left.
    waiting = {slot for slot in slots if state.copies.get(slot) and slot not in state.sent}
    if waiting:
        copies = {slot: copy for slot, copy in state.copies.items() if slot not in waiting}
        writer.outbox.commit(replace(state, copies=copies, spent=state.spent | waiting))
        writer.outbox.drop_what_does_not_count()
    return len(waiting)


def _nowhere(full: int) -> DeskError:
    if full:
        return DeskError(
            "every place for this desk's replies in the mailbox is used",
            "each desk has 32 in a mailbox: let another desk answer",
        )
    return DeskError(
        "the mailbox's key is one that nothing can be sealed to",
        "the report was tampered with before it was sealed: trust it less, and do not answer it",
    )


def free_slot(writer: Writer, mailbox: Mailbox, state: State, more: Collection[str] = ()) -> bytes | None:
    """Give an id of the mailbox that this desk has not used yet, drawn by lot, or None where all are used.

    ``more`` are ids (hex) that are used by what else is known.
    """
    ids = reply_ids(ReplyKey(mailbox.reply), writer.sign)
    used = state.copies.keys() | state.delivered | state.spent | set(more)
    free = [slot for slot in ids if slot.hex() not in used]
    return secrets.choice(free) if free else None


def seal_into_outbox(writer: Writer, public: PublicKey, copy: SentReply) -> str:
    """Put a reply and the desk's copy into the outbox, where neither counts yet; give the copy's digest."""
    slot = copy.slot.hex()
    epoch = writer.team.epoch(today())
    note = sealed(Kind.NOTE, epoch, writer.team.recipients(epoch), copy.to_bytes())
    reply = seal_reply(public, copy.slot, copy.reply.to_bytes(), writer.keys.sign)
    for path, data in ((writer.outbox.note(slot), note), (writer.outbox.reply(slot), reply)):
        with writing(path, replace=True) as file:
            file.write(data)
    return sha256(note).hexdigest()


def _attach(outbox: Outbox, slot: bytes, path: Path) -> AttachedFile:
    """Seal a file for one mailbox. The next one gets it under another key and id: equal bytes or equal ids
    would tell the server that two mailboxes are one person's."""
    blob = secrets.token_bytes(16)
    sealer = AttachmentSealer()
    with path.open("rb") as source, writing(outbox.blob(slot.hex(), blob.hex()), replace=True) as out:
        size = source.seek(0, 2)
        source.seek(0)
        with bar(f"sealing {harmless(path.name)}", size, "B") as shown:
            for piece in _pieces(source):
                out.write(sealer.write(piece))
                shown.update(len(piece))
        for rest in sealer.finish():
            out.write(rest)
    return AttachedFile(
        blob=blob,
        key=sealer.key.reveal(),
        name=name_for_source(path),
        type=mimetypes.guess_type(path.name)[0] or NO_TYPE,
        size=sealer.size,
        sha256=sealer.sha256(),
        sealed_sha256=sealer.sealed_sha256(),
    )


def _pieces(source: BufferedReader) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece
