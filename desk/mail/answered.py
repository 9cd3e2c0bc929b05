"""What the team answered in a case: each reply once, and what came of it in each mailbox."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desk.columns import quoted
from desk.harmless import harmless_lines, harmless_name
from desk.opening import Sent, mailbox_name
from desk.outbox import State
from desk.showing import count_text, file_lines
from payload import AttachedFile, SentReply


class Fate(StrEnum):
    """What became of a reply to one mailbox, as far as this desk knows; of several the first one counts."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    EXPORTED = "exported"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


WORDS = {
    Fate.DELIVERED: "delivered: it lies in the source's mailbox",
    Fate.REFUSED: "refused by the server: the next export sends it again",
    Fate.EXPORTED: "exported, not known to have arrived",
    Fate.WAITING: "leaves with the next export",
    Fate.WITHDRAWN: "withdrawn before it left: its source never gets it",
    Fate.UNKNOWN: "not known here: another desk wrote it, or this desk's notes of it are gone",
}
_ORDER = list(Fate)


@dataclass(frozen=True)
class Answered:
    """One reply as it was written: one of its copies, and what became of it, once a mailbox."""

    copy: SentReply
    fates: tuple[Fate, ...]

    @property
    def written_on(self) -> str:
        """The day, YYYY-MM-DD."""
        return self.copy.reply.written_on.isoformat()

    @property
    def files(self) -> tuple[AttachedFile, ...]:
        """Its files, as one of the mailboxes gets them."""
        return self.copy.reply.files

    def as_json(self) -> dict[str, object]:
        """Give the object that `show --json` has of it."""
        counts = Counter(self.fates)
        return {
            "written_on": self.written_on,
            "desk": self.copy.desk,
            "text": self.copy.reply.text,
            "files": [
                {"name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256.hex()}
                for file in self.files
            ],
            "mailboxes": len(self.fates),
            **{fate.value: counts[fate] for fate in Fate},
        }

    def lines(self) -> Iterator[str]:
        """Give it as rows for people; the bar in front is before what was written."""
        yield ""
        to = count_text(len(self.fates), "mailbox", "mailboxes")
        yield f"reply of {self.written_on} by {harmless_name(self.copy.desk)}, to {to}"
        counts = Counter(self.fates)
        for fate in (fate for fate in Fate if counts[fate]):
            yield f"  {WORDS[fate] if len(counts) == 1 else f'{counts[fate]} {WORDS[fate]}'}"
        for line in harmless_lines(self.copy.reply.text):
            yield from quoted(line, "  ")
        for file in self.files:
            yield from file_lines(file.name, file.size, "  ", file.type)


def answered(notes: Sequence[Sent], state: State, refused: frozenset[str]) -> list[Answered]:
    """Give the replies of a case from the desk's opened notes, by day; ``refused`` are slots, in hex."""
    copies: dict[bytes, list[SentReply]] = defaultdict(list)
    for sent in notes:
        if sent.note is not None:
            copies[sent.note.reply_id].append(sent.note)
    found = [_answered(same, state, refused) for same in copies.values()]
    return sorted(found, key=lambda one: (one.written_on, one.copy.reply_id))


def _answered(copies: list[SentReply], state: State, refused: frozenset[str]) -> Answered:
    # Sent once more after the server refused it, a reply has two copies for one mailbox.
    best: dict[bytes, Fate] = {}
    for copy in copies:
        name, fate = mailbox_name(copy.mailbox), _fate(copy.slot.hex(), state, refused)
        best[name] = min(best.get(name, fate), fate, key=_ORDER.index)
    return Answered(copies[0], tuple(best[name] for name in sorted(best)))


def _fate(slot: str, state: State, refused: frozenset[str]) -> Fate:
    if slot in state.delivered:
        return Fate.DELIVERED
    if slot not in state.copies:
        return Fate.WITHDRAWN if slot in state.spent else Fate.UNKNOWN
    if slot in refused:
        return Fate.REFUSED
    return Fate.EXPORTED if slot in state.sent else Fate.WAITING
