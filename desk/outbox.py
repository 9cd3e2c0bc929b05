"""What waits to be carried to the server: replies and their files, all of them sealed.

DIR/outbox/reply-<slot>          a reply, sealed to its mailbox
DIR/outbox/blob-<slot>-<blob>    a file of that reply, sealed
DIR/outbox/note-<slot>           the desk's copy, on its way into the casebook
DIR/state.json                   which of them count, and the number of the last bundle

`state.json` decides, and a run that was killed is finished or undone by the next one (`settle`). It is
replaced whole, so that a reply to several mailboxes is written to all or to none. The note of a reply that
counts goes into the casebook: a reply that lies here without its note, and that `state.json` does not know,
was forgotten with a lost `state.json`, and is taken up again.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from crypto.manifest import MAX_SEQ
from desk.casebook import Casebook
from desk.durable import clear_partials, make_folder, sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home

STATE = "state.json"
FOLDER = "outbox"
_REPLY = re.compile(r"reply-([0-9a-f]{32})")
_BLOB = re.compile(r"blob-([0-9a-f]{32})-([0-9a-f]{32})")
_NOTE = re.compile(r"note-([0-9a-f]{32})")
_OURS = (_REPLY, _BLOB, _NOTE)


@dataclass(frozen=True)
class State:
    """What the desk remembers of its bundles and replies; slots and digests in hex.

    ``sign``: the key (hex) that the numbers are counted for. ``seq``: the last bundle's number, never used
    again. ``copies``: the replies that are not known to be delivered, each with the digest of the desk's
    copy, or "" where that was forgotten. ``sent``: the first bundle that each of these was in.
    ``delivered``: the replies that arrived. ``spent``: the slots that the server refused, or whose reply was
    withdrawn, and that are not tried again.
    """

    sign: str = ""
    seq: int = 0
    copies: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, int] = field(default_factory=dict)
    delivered: frozenset[str] = frozenset()
    spent: frozenset[str] = frozenset()

    def signed_by(self, sign: str) -> "State":
        """Give what holds for a signing key: another one's bundles are counted from the beginning."""
        return self if self.sign == sign else replace(self, sign=sign, seq=0, sent={})

    def to_bytes(self) -> bytes:
        """Give the file."""
        written = {
            "sign": self.sign,
            "seq": self.seq,
            "copies": dict(sorted(self.copies.items())),
            "sent": dict(sorted(self.sent.items())),
            "delivered": sorted(self.delivered),
            "spent": sorted(self.spent),
        }
        return json.dumps(written, indent=2).encode() + b"\n"


@dataclass(frozen=True)
class Outbox:
    """The outbox in a desk's folder, which may not exist yet."""

    home: Home

    @property
    def folder(self) -> Path:
        """Where sealed replies lie."""
        return self.home.folder / FOLDER

    @property
    def state_file(self) -> Path:
        """What decides which of them count."""
        return self.home.folder / STATE

    def state(self) -> State:
        """Read what the desk remembers.

        :raises DeskError: the file is damaged.
        """
        try:
            value = json.loads(self.state_file.read_bytes())
            found = State(
                str(value["sign"]),
                int(value["seq"]),
                {str(slot): str(copy) for slot, copy in value["copies"].items()},
                {str(slot): int(seq) for slot, seq in value["sent"].items()},
                frozenset(map(str, value["delivered"])),
                frozenset(map(str, value["spent"])),
            )
            if not 0 <= found.seq <= MAX_SEQ:
                raise ValueError
        except FileNotFoundError:
            return State()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise DeskError(
                f"{harmless(str(self.state_file))} is damaged",
                "put it back from a copy of the desk's folder; without one remove it, and import the "
                "server's newest bundle: replies that wait in the outbox are found again",
            ) from None
        return found

    def commit(self, state: State) -> None:
        """Make ``state`` what counts, durably."""
        sync_folder(self.folder)  # first what it names
        with writing(self.state_file, replace=True) as file:
            file.write(state.to_bytes())
        sync_folder(self.state_file.parent)

    def settle(self, casebook: Casebook) -> State:
        """Finish or undo what a killed run left, and give what counts; whoever calls holds the home's lock.

        A reply that was written, and then forgotten with a lost ``state.json``, counts again.

        :raises DeskError: what counts cannot be read; nothing is changed then.
        """
        state = self.state()
        make_folder(self.folder)
        for folder in (self.folder, self.home.folder):
            clear_partials(folder)
        if found := self._forgotten(state):
            state = replace(state, copies={**state.copies, **dict.fromkeys(sorted(found), "")})
            self.commit(state)
        self.drop_what_does_not_count()
        self._file_copies(state, casebook)
        return state

    def _forgotten(self, state: State) -> set[str]:
        """Give the slots of whole replies that the state knows nothing of."""
        there = {found[1] for path in self.folder.iterdir() if (found := _REPLY.fullmatch(path.name))}
        known = state.copies.keys() | state.delivered | state.spent
        return {slot for slot in there - known if not self.note(slot).exists()}

    def drop_what_does_not_count(self) -> None:
        """Remove the replies that were delivered, replaced, or never finished."""
        counts = self.state().copies
        names = [path.name for path in self.folder.iterdir()]
        gone = [name for name in names if (slot := _slot_of(name)) is not None and slot not in counts]
        # The notes last: without its note a reply would pass for one that was forgotten.
        for name in sorted(gone, key=lambda name: _NOTE.fullmatch(name) is not None):
            (self.folder / name).unlink()

    def _file_copies(self, state: State, casebook: Casebook) -> None:
        """Put the desk's copies of what counts where all envelopes are."""
        moved = False
        for slot, digest in state.copies.items():
            note = self.note(slot)
            if note.exists():
                casebook.prepare()
                note.replace(casebook.envelope_folder / digest)
                moved = True
        if moved:
            sync_folder(casebook.envelope_folder)
            sync_folder(self.folder)

    def reply(self, slot: str) -> Path:
        """Where the reply for a slot lies."""
        return self.folder / f"reply-{slot}"

    def note(self, slot: str) -> Path:
        """Where the desk's copy of it waits."""
        return self.folder / f"note-{slot}"

    def blob(self, slot: str, blob: str) -> Path:
        """Where a file of it lies."""
        return self.folder / f"blob-{slot}-{blob}"

    def blobs(self, slot: str) -> Iterator[tuple[str, Path]]:
        """Give the ids (hex) and the places of its files, sorted."""
        for path in sorted(self.folder.glob(f"blob-{slot}-*")):
            if found := _BLOB.fullmatch(path.name):
                yield found[2], path


def _slot_of(name: str) -> str | None:
    for pattern in _OURS:
        if found := pattern.fullmatch(name):
            return found[1]
    return None
