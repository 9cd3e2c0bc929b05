"""Take a bundle into the casebook: what is whole is kept, what is damaged is named, nothing is kept twice."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from crypto.bundle import MAX_REFUSED, BundleReader, Damage, Entry
from crypto.envelope import MAGIC, VERSION, Kind
from crypto.errors import BadBundle
from desk.casebook import MOST_ENVELOPE, Casebook, is_whole
from desk.durable import writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.outbox import Outbox
from desk.progress import bar
from desk.server import Arrived, Server, read_server, remember

# What desks make themselves. Anybody can seal to them, so that such an envelope counts as the team's own only
# because no import takes it in.
_OURS = frozenset(Kind) - {Kind.INCOMING}


@dataclass
class Counts:
    """How many of one kind are new, and how many were here already."""

    new: int = 0
    already: int = 0


@dataclass
class Imported:
    """What an import did: counts, and what was refused, each with why ("" names the bundle itself)."""

    envelopes: Counts = field(default_factory=Counts)
    attachments: Counts = field(default_factory=Counts)
    refused: list[Damage] = field(default_factory=list)
    delivered: int = 0  # replies that the server has by now
    again: int = 0  # replies that it refused
    older: bool = False  # the server has taken less from this desk than it said before
    ahead: int = 0  # the bundle of this desk that it says it took, where that is more than were ``made``
    made: int = 0
    held: Arrived = field(default_factory=Arrived)  # members that are here
    trouble: DeskError | None = None  # what is wrong with this desk's memory of its replies

    def as_json(self) -> dict[str, object]:
        """Give the object that `import --json` shows."""
        return {
            "envelopes": vars(self.envelopes),
            "attachments": vars(self.attachments),
            "refused": [{"name": damage.name, "why": damage.why} for damage in self.refused],
            "replies": {"delivered": self.delivered, "refused": self.again},
            "older": self.older,
            "ahead": self.ahead,
        }


def import_bundle(home: Home, file: Path) -> Imported:
    """Put what is whole in the bundle ``file`` into the casebook of ``home``, durably.

    Killed at any moment, it leaves whole files only; run again, it goes on with what is not there yet.

    :raises DeskError: it is no bundle, or nothing of it is usable.
    :raises OSError: it cannot be read, or the disk is full.
    """
    home.check()
    casebook = Casebook(home.casebook)
    with home.lock(), file.open("rb") as source:
        casebook.prepare()
        outbox = Outbox(home)
        try:
            reader = BundleReader(source)
        except (BadBundle, io.UnsupportedOperation) as bad:
            raise DeskError(
                f"{harmless(str(file))}: {bad}",
                "export it again on the server, and carry it on another stick",
            ) from None
        done = Imported()
        with bar("importing", source.seek(0, io.SEEK_END), "B") as shown:
            for entry in reader:
                _import(casebook, entry, done, shown.update)
        casebook.sync()
        # Only now: what is remembered as held is marked as collected later, and then the server deletes it.
        server = Server.of(reader.heading)
        server = replace(server, damaged=server.damaged + len(reader.damage) + len(done.refused))
        try:
            outbox.settle(casebook)
            _note_delivered(outbox, server, done)
        except DeskError as error:
            # What came in is in: the memory of replies is the lesser thing.
            done.trouble = error
        remember(home.folder, server, done.held)
    done.refused += reader.damage
    return done


def _note_delivered(outbox: Outbox, server: Server, done: Imported) -> None:
    """Drop the replies that the server took, and count those that it refused."""
    state = outbox.state()
    sign = bytes.fromhex(state.sign)
    seq = server.seqs.get(sign, 0)
    if seq > state.seq:
        # Nobody signs what a server says. It knows of a later bundle than this desk does: then the bundle is
        # forged, or this desk was put back from a copy, and what arrived since the copy is not known here.
        done.ahead, done.made, seq = seq, state.seq, 0
    else:
        done.older = state.seq >= _heard_before(outbox.home.folder, sign) > seq
    refused = server.refused_of(sign)
    done.again = len(refused & state.copies.keys())
    # A list that is full may have been cut: of what would stand behind its end nothing is known.
    known = max(refused) if len(refused) >= MAX_REFUSED else "g"
    there = {
        slot
        for slot in state.copies
        if 0 < state.sent.get(slot, 0) <= seq and slot not in refused and slot <= known
    }
    if not there:
        return
    done.delivered = len(there)
    outbox.commit(
        replace(
            state,
            copies={slot: copy for slot, copy in state.copies.items() if slot not in there},
            sent={slot: number for slot, number in state.sent.items() if slot not in there},
            delivered=state.delivered | there,
        )
    )
    outbox.drop_what_does_not_count()


def _import(casebook: Casebook, entry: Entry, done: Imported, moved: Callable[[float], object]) -> None:
    is_envelope = entry.name.startswith("env/")
    counts = done.envelopes if is_envelope else done.attachments
    folder = casebook.envelope_folder if is_envelope else casebook.blob_folder
    if is_envelope and entry.size > MOST_ENVELOPE:
        done.refused.append(Damage(entry.name, "it is larger than any envelope"))
        return
    path = folder / entry.member.sha256.hex()
    # Hashed, not only seen: importing again is how a file that the disk has damaged is mended.
    if is_whole(path):
        counts.already += 1
        done.held.add(entry.name)
        moved(entry.size)
        return
    try:
        with writing(path, replace=True) as out:
            for piece in entry.pieces():
                if is_envelope and not out.tell() and _is_ours(piece):
                    raise _NotFromOutside
                out.write(piece)
                moved(len(piece))
    except BadBundle:
        return  # the reader has noted it, with why
    except _NotFromOutside:
        done.refused.append(Damage(entry.name, "it is of a kind that only desks make"))
        return
    done.held.add(entry.name)
    counts.new += 1


def _heard_before(folder: Path, sign: bytes) -> int:
    """Give the last number of ours that the bundle before this one named, 0 where that cannot be read."""
    try:
        before = read_server(folder)
    except DeskError:
        return 0  # it is written anew in a moment
    return 0 if before is None else before.seqs.get(sign, 0)


class _NotFromOutside(Exception):  # noqa: N818 - the name says what is the case
    """An envelope is of a kind that no server sends."""


def _is_ours(beginning: bytes) -> bool:
    return beginning[:7] == MAGIC + bytes((VERSION,)) and beginning[7:8] in {bytes((kind,)) for kind in _OURS}
