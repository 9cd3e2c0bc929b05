"""Taking in a bundle that was proven to be a listed desk's: marks, files, replies, and then its number.

Each step may be done again, and the number comes last: a bundle that was cut off by a kill is imported
again, and ends as if nothing had happened.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice

from commands.output import fail
from crypto.back import TEAM_KEYS, BackEntry, BackReader
from crypto.bundle import MAX_REFUSED
from crypto.envelope import Kind, header
from crypto.errors import BadBundle, BadEnvelope
from crypto.teamkeys import TeamKeys
from store import KeptReply, Marked, NoRoom, ReplyBlob, Store

# So many marks are noted at a time: a bundle may hold any number of them.
AT_ONCE = 1000

DAMAGED = "it arrived damaged"
NO_ROOM = "there is no room left for it"
TAKEN = "something else has its place"
NO_REPLY = "it is not a sealed reply"
FILE_REFUSED = "a file in the same bundle was refused, and it may be this reply's"


@dataclass
class Taken:
    """What became of a bundle's replies and their files.

    ``same``: taken before, whether or not they are here now. ``refused``: slots (16 bytes), each with why.
    ``refused_blobs``: only why.
    """

    new: int = 0
    same: int = 0
    refused: list[tuple[bytes, str]] = field(default_factory=list)
    new_blobs: int = 0
    same_blobs: int = 0
    refused_blobs: list[str] = field(default_factory=list)


def mark_collected(store: Store, reader: BackReader, team: TeamKeys) -> Marked:
    """Note what the desk has collected, and delete what all that have to have collected it have.

    :raises StoreError: the store failed; again, it goes on where it was
    """
    desk = reader.heading.desk
    needed = _needed(team, desk)
    # Once in any case: with a new list, what was noted before may be enough now.
    totals = [store.mark(desk, (), (), needed)]
    totals += [store.mark(desk, digests, (), needed) for digests in _some(reader.collected())]
    totals += [store.mark(desk, (), blobs, needed) for blobs in _some(reader.gone())]
    return Marked(
        envelopes=sum(each.envelopes for each in totals),
        blobs=sum(each.blobs for each in totals),
        unknown=sum(each.unknown for each in totals),
    )


def waiting_for(store: Store, team: TeamKeys, desk: bytes) -> list[str]:
    """Name the desks that have not collected all that this one has.

    :raises StoreError: the store failed
    """
    waiting = store.waiting(desk, _needed(team, desk))
    return [each.name for each in team.desks if each.sign_public in waiting]


def _needed(team: TeamKeys, desk: bytes) -> set[bytes]:
    return {each.sign_public for each in team.desks if each.collects} or {desk}


@dataclass(frozen=True)
class Before:
    """What is known of a desk's earlier bundles: the last one's number, and which replies were refused."""

    seq: int
    refused: frozenset[bytes]

    @classmethod
    def of(cls, store: Store, desk: bytes) -> "Before":
        """Ask a store."""
        last = store.last_import(desk)
        refused = frozenset(slot for slot, other, _ in store.refused() if other == desk)
        return cls(0 if last is None else last[0], refused)

    def had_reply(self, since: int | None, slot: bytes) -> bool:
        """Tell whether a reply was taken from one of them."""
        return since is not None and since <= self.seq and slot not in self.refused

    def had_blob(self, since: int | None) -> bool:
        """Tell whether a file was; what a refused reply needs is not known, so then none counts."""
        return since is not None and since <= self.seq and not self.refused


def take_replies(store: Store, reader: BackReader, check: Callable[[], None]) -> Taken:
    """Keep the files of replies, then the replies. What is damaged or has no room is refused, one by one.

    A reply's files are known to its reader only. So where a file is refused, all replies are that are not
    here yet: none is shown without a file that belongs to it. What was taken from an earlier bundle is left
    as it is: where it is gone, its source has deleted it. ``check`` is called before each, and raises where
    another machine may be importing: what that one has brought a source may have deleted by now.

    :raises StoreError: the store failed; again, it goes on where it was
    """
    taken, before = Taken(), Before.of(store, reader.heading.desk)
    for entry in reader:
        if entry.name == TEAM_KEYS:
            continue
        check()
        kind, _, number = entry.name.partition("/")
        if kind == "blob":
            _take_blob(store, entry, bytes.fromhex(number), taken, before)
        else:
            _take_reply(store, entry, bytes.fromhex(number), taken, before)
    return taken


def note(store: Store, reader: BackReader, team: TeamKeys, taken: Taken) -> None:
    """Note that the bundle is in, and with it what was refused.

    :raises SystemExit: more was refused than the next export can tell; the bundle is not in then
    :raises StoreError: the store failed; again, it goes on where it was
    """
    if len(taken.refused) > MAX_REFUSED:
        fail(
            f"{len(taken.refused)} replies were refused, more than an export can tell of; the first: "
            f"{taken.refused[0][1]}",
            "mend that, and import the same file again: what came in stays",
        )
    # What this desk was refused before, it has sent again: a desk sends all that was not acknowledged.
    heading, listed = reader.heading, [desk.sign_public for desk in team.desks]
    store.note_import(heading.desk, heading.seq, reader.manifest, dict(taken.refused), listed)
    store.try_scrub()


def _some(values: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := list(islice(values, AT_ONCE)):
        yield some


def _take_blob(store: Store, entry: BackEntry, blob: bytes, taken: Taken, before: Before) -> None:
    if before.had_blob(entry.member.since):
        taken.same_blobs += 1
        return
    try:
        begun = store.take_blob(blob)
        if begun is KeptReply.SAME:
            taken.same_blobs += 1
        elif not isinstance(begun, ReplyBlob):
            taken.refused_blobs.append(TAKEN)
        elif _copied(entry, begun):
            taken.new_blobs += 1
        else:
            taken.refused_blobs.append(DAMAGED)
    except NoRoom:
        taken.refused_blobs.append(NO_ROOM)


def _copied(entry: BackEntry, out: ReplyBlob) -> bool:
    with ExitStack() as undo:
        undo.callback(out.abandon)
        try:
            for piece in entry.pieces():
                out.write(piece)
        except BadBundle:
            return False
        out.finish()
        undo.pop_all()
    return True


def _take_reply(store: Store, entry: BackEntry, slot: bytes, taken: Taken, before: Before) -> None:
    if before.had_reply(entry.member.since, slot) or _is_here(store, entry, slot):
        taken.same += 1
        return
    why = FILE_REFUSED if taken.refused_blobs else _refusal(store, entry, slot)
    if why is None:
        taken.new += 1
    else:
        taken.refused.append((slot, why))


def _is_here(store: Store, entry: BackEntry, slot: bytes) -> bool:
    """Tell whether a reply is here as it was sent, however it arrived this time."""
    return any(sha256(row.envelope).digest() == entry.member.sha256 for row in store.replies([slot]))


def _refusal(store: Store, entry: BackEntry, slot: bytes) -> str | None:
    """Keep a reply and give None, or say why not."""
    try:
        envelope = b"".join(entry.pieces())
        if header(envelope).kind is not Kind.REPLY:
            return NO_REPLY
        kept = store.keep_reply(slot, envelope)
    except BadBundle:
        return DAMAGED
    except BadEnvelope:
        return NO_REPLY
    except NoRoom:
        return NO_ROOM
    return TAKEN if kept is KeptReply.TAKEN else None
