"""Write the bundle that goes back to the server: what was collected, replies with their files, new keys.

Its number counts before it is written, and is never used again. What may be lost on the way is in the next
one too: a reply until the server is known to have it, a mark as long as the server still holds the thing.
"""

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from crypto.back import TEAM_KEYS, BackHeading, BackMember, BackWriter
from crypto.errors import BadBundle, UnsafeKey
from crypto.mailbox import reply_ids
from crypto.secret import ReplyKey
from crypto.xwing import PublicKey
from desk.casebook import PIECE, pieces
from desk.durable import sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.mail.marking import Marks, marks
from desk.mail.writing import Writer, free_slot, seal_into_outbox, today
from desk.opening import open_all, open_sent, openers_of
from desk.outbox import Outbox, State
from desk.progress import bar
from desk.server import Server, read_held, read_server
from payload import SentReply

GOOD_FOR = timedelta(days=60)
MOST_AHEAD = 100_000  # numbers that a copy of this desk's folder may be behind


@dataclass(frozen=True)
class Exported:
    """What is in a bundle: its number, its last day, and how much of what.

    ``seq``; ``not_after`` YYYY-MM-DD; ``collected`` envelopes; ``blobs`` of theirs; of these envelopes
    ``lacking``: those whose files cannot come any more, and ``given_up``; ``unopened`` and ``incomplete``
    envelopes of the server that are not marked; ``replies`` with their ``files``; ``again``: how many of
    the replies the server had refused; ``stuck``: how many of these go out as they were; ``spoiled``: replies
    that are damaged here and stay; ``found``: replies of which this desk had forgotten that they wait;
    ``keys``: the version of the list, or None.
    """

    seq: int
    not_after: str
    collected: int
    blobs: int
    lacking: int
    given_up: int
    unopened: int
    incomplete: int
    replies: int
    files: int
    again: int
    stuck: int
    spoiled: int
    found: int
    keys: int | None


@dataclass(frozen=True)
class _Mail:
    """Replies that go: their slots, and how it stands with those that the server refused, or that spoiled."""

    slots: tuple[str, ...]
    again: int = 0
    stuck: int = 0
    spoiled: int = 0
    found: int = 0


def export(writer: Writer, out: Path, given_up: Collection[str] = ()) -> Exported:
    """Write the bundle ``out``, whole or not at all; whoever calls holds the home's lock.

    :param given_up: digests (hex) of envelopes that are marked although they do not open, or lack files.

    :raises DeskError: something of that name is there, this desk is not on the list, or out of numbers.
    :raises OSError: the disk or the stick is full or gone.
    """
    writer.check_listed()
    check_free(out)
    folder = writer.outbox.home.folder
    writer.outbox.settle(writer.casebook)
    server, held = read_server(folder), read_held(folder)
    marked = marks(writer.casebook, writer.keys, server, held, given_up)
    mail = _mail(writer, server)
    state, heading = _counted(writer, server, mail)
    # A server that was never heard of may have them, and is told what it knows already.
    keys = server is None or server.team_version < writer.team.version
    members = _members(writer.outbox, state, mail, keys=keys)
    _write(writer, out, heading, marked, members)
    return Exported(
        seq=state.seq,
        not_after=heading.not_after.isoformat(),
        collected=len(marked.collected),
        blobs=len(marked.gone),
        lacking=marked.lacking,
        given_up=marked.given_up,
        unopened=marked.unopened,
        incomplete=marked.incomplete,
        replies=len(mail.slots),
        files=sum(member.name.startswith("blob/") for member in members),
        again=mail.again,
        stuck=mail.stuck,
        spoiled=mail.spoiled,
        found=mail.found,
        keys=writer.team.version if keys else None,
    )


def check_free(out: Path) -> None:
    """See that nothing of that name is there, and that its folder is.

    :raises DeskError: it is so.
    """
    if os.path.lexists(out):
        raise DeskError(f"{harmless(str(out))} is there already", "nothing was written; name a new file")
    if not out.parent.is_dir():
        raise DeskError(f"{harmless(str(out.parent))} is no folder", "see that the stick is mounted")


def _mail(writer: Writer, server: Server | None) -> _Mail:
    """Settle which replies go; one that the server refused gets another place in its mailbox."""
    state = writer.outbox.state().signed_by(writer.sign.hex())
    state, found = _remembered(writer, state)
    refused = server.refused_of(writer.sign) if server else frozenset()
    openers = openers_of(writer.keys)
    going, stuck, spoiled = [], 0, 0
    copies, spent = dict(state.copies), set(state.spent)
    again = 0
    for slot, digest in state.copies.items():
        copy = open_sent(writer.casebook, openers, digest).note if _is_here(writer, digest) else None
        if not _is_whole(writer.outbox, slot, copy):
            spoiled += 1
            continue
        if slot not in refused and (copy is None or copy.slot in _own_ids(writer, copy)):
            going.append(slot)
            continue
        moved = _moved(writer, replace(state, copies=copies, spent=frozenset(spent)), copy)
        if moved is None:
            stuck += 1
            going.append(slot)
            continue
        again += 1
        new, new_digest = moved
        del copies[slot]
        spent.add(slot)
        copies[new] = new_digest
        going.append(new)
    if again or found:
        sent = {slot: seq for slot, seq in state.sent.items() if slot in copies}
        writer.outbox.commit(replace(state, copies=copies, sent=sent, spent=frozenset(spent)))
        writer.outbox.settle(writer.casebook)
    return _Mail(tuple(sorted(going)), again, stuck, spoiled, found)


def _remembered(writer: Writer, state: State) -> tuple[State, int]:
    """Find the desk's copies of replies that were forgotten; say how many such replies there are."""
    forgotten = {slot for slot, digest in state.copies.items() if not digest}
    if not forgotten:
        return state, 0
    briefs = open_all(writer.casebook, writer.keys)
    there = {brief.slot: brief.digest for brief in briefs if brief.slot in forgotten}
    copies = {slot: digest or there.get(slot, "") for slot, digest in state.copies.items()}
    return replace(state, copies=copies), len(forgotten)


def _own_ids(writer: Writer, copy: SentReply) -> tuple[bytes, ...]:
    return reply_ids(ReplyKey(copy.mailbox.reply), writer.sign)


def _is_here(writer: Writer, digest: str) -> bool:
    return (writer.casebook.envelope_folder / digest).is_file()


def _is_whole(outbox: Outbox, slot: str, copy: SentReply | None) -> bool:
    """See whether a reply and its files are as they were sealed, as far as the desk's copy still says."""
    if not outbox.reply(slot).is_file():
        return False
    if copy is None:
        return True
    there = dict(outbox.blobs(slot))
    return all(
        file.blob.hex() in there and _hashed(there[file.blob.hex()])[1] == file.sealed_sha256
        for file in copy.reply.files
    )


def _moved(writer: Writer, state: State, copy: SentReply | None) -> tuple[str, str] | None:
    """Seal a reply once more for another place, with the same files; give that and the new copy's digest."""
    if copy is None:
        return None
    slot = free_slot(writer, copy.mailbox, state)
    if slot is None:
        return None
    try:
        public = PublicKey(copy.mailbox.public)
    except UnsafeKey:
        return None
    old, outbox = copy.slot.hex(), writer.outbox
    for blob, path in outbox.blobs(old):
        with path.open("rb") as source, writing(outbox.blob(slot.hex(), blob), replace=True) as file:
            shutil.copyfileobj(source, file, PIECE)
    return slot.hex(), seal_into_outbox(writer, public, replace(copy, slot=slot))


def _counted(writer: Writer, server: Server | None, mail: _Mail) -> tuple[State, BackHeading]:
    """Take the next number, durably; it is higher than any that the server has heard of, and can have."""
    state = writer.outbox.state().signed_by(writer.sign.hex())
    said = server.seqs.get(writer.sign, 0) if server else 0
    # Nobody signs what a server says. A folder that was put back from a copy is a few numbers behind; a leap
    # is forged, and would use up the numbers.
    seq = max(state.seq, said if said <= state.seq + MOST_AHEAD else 0) + 1
    try:
        heading = BackHeading(writer.sign, seq, today() + GOOD_FOR, writer.team.version)
    except BadBundle as bad:
        raise DeskError(str(bad), "this desk can export no more: make another (docs/keys.md)") from None
    # What is not in this bundle is not known by it to have arrived: only what is in all since then counts.
    sent = {slot: state.sent.get(slot, seq) for slot in mail.slots}
    counted = replace(state, seq=seq, sent=sent)
    writer.outbox.commit(counted)
    return counted, heading


def _members(outbox: Outbox, state: State, mail: _Mail, *, keys: bool) -> dict[BackMember, Path]:
    """Give what goes into the bundle, by name, and where it lies."""
    # A reply says since which bundle it goes: what its source has deleted, the next one does not put back.
    found: dict[str, tuple[Path, int | None]] = {}
    for slot in mail.slots:
        since = state.sent[slot]
        found[f"reply/{slot}"] = outbox.reply(slot), since
        found.update({f"blob/{blob}": (path, since) for blob, path in outbox.blobs(slot)})
    if keys:
        found[TEAM_KEYS] = outbox.home.team_keys, None
    return {BackMember(name, *_hashed(path), since): path for name, (path, since) in sorted(found.items())}


def _hashed(path: Path) -> tuple[int, bytes]:
    digest, size = sha256(), 0
    with path.open("rb") as file:
        for piece in pieces(file.fileno()):
            digest.update(piece)
            size += len(piece)
    return size, digest.digest()


def _write(
    writer: Writer, out: Path, heading: BackHeading, marks: Marks, members: Mapping[BackMember, Path]
) -> None:
    try:
        with writing(out, replace=False) as file:
            bundle = BackWriter(file, heading, marks.collected, marks.gone, list(members), writer.keys.sign)
            with bar("exporting", sum(member.size for member in members), "B") as shown:
                for member, path in members.items():
                    with path.open("rb") as source:
                        bundle.add(member, source)
                    shown.update(member.size)
            bundle.finish()
    except BadBundle as bad:
        raise DeskError(str(bad), "nothing was written; run it again") from None
    sync_folder(out.parent)
