"""What staff noted that outlives a month: work on investigations, decisions on links, notes that move.

A note on a case goes with its case. One on an investigation stays as long as that is open, or was worked on
in a month that stays; a decision on a link stays as long as both cases do.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from crypto.epoch import Epoch
from desk.casebook import Casebook
from desk.cases import Case, gathered, named_by, names_of
from desk.opening import Brief, Openers, State, open_sent
from payload import StaffNote, Subject
from payload.changes import Investigation, LinkDecision


def lasting(
    casebook: Casebook, openers: Openers, briefs: Sequence[Brief], chosen: Sequence[Case], before: Epoch
) -> list[Brief]:
    """Give the notes of months before ``before`` on no case that stay; ``chosen`` are the cases kept."""
    others = [brief for brief in briefs if brief.subject in ("investigation", "link")]
    notes = {
        brief.digest: note for brief in others if (note := open_sent(casebook, openers, brief.digest).staff)
    }
    names = _names_after(briefs, chosen, before)
    open_ones = _open_investigations(others, notes, before)
    return [
        brief
        for brief in others
        if _is_old(brief, before) and brief.digest in notes and _lasts(notes[brief.digest], names, open_ones)
    ]


def _lasts(note: StaffNote, names: Collection[str], open_ones: Collection[bytes]) -> bool:
    if isinstance(note.change, LinkDecision):
        return note.change.a in names and note.change.b in names
    return note.subject.id in open_ones


def _names_after(briefs: Sequence[Brief], chosen: Sequence[Case], before: Epoch) -> set[str]:
    """Give the names, and the earlier ones, of all cases that are there afterwards."""
    kept = {case.name for case in chosen}
    return {
        name
        for case in gathered(briefs, frozenset())
        if case.name in kept or any(_stays(send, before) for send in case.sends)
        for name in names_of(case)
    }


def _open_investigations(
    others: Sequence[Brief], notes: Mapping[str, StaffNote], before: Epoch
) -> set[bytes]:
    found: dict[bytes, list[StaffNote]] = defaultdict(list)
    stay = set()
    for brief in others:
        if (note := notes.get(brief.digest)) is not None and note.subject.kind == "investigation":
            found[note.subject.id].append(note)
            if _stays(brief, before):
                stay.add(note.subject.id)
    return stay | {id_ for id_, each in found.items() if _is_open(each)}


def _is_open(notes: Sequence[StaffNote]) -> bool:
    last = None
    for note in sorted(notes, key=lambda note: (note.written_at, note.note_id)):
        if isinstance(note.change, Investigation):
            last = note.change
    return last is None or last.open


def moving(chosen: Sequence[Case]) -> Iterator[tuple[Brief, Subject]]:
    """Give the notes that name an envelope which opens by now, and what they name the case by from now on.

    Sealed anew, that envelope has another digest.
    """
    for case in chosen:
        kind, id_ = named_by(case)
        for brief in case.notes if kind != "envelope" else ():
            if brief.subject == "envelope":
                yield brief, Subject(kind, id_)


def moved(note: StaffNote, subject: Subject) -> bytes:
    """Give the JSON of a note that names its case by another mark."""
    return replace(note, subject=subject).to_bytes()


def _is_old(brief: Brief, before: Epoch) -> bool:
    return brief.state is State.OPENED and brief.epoch is not None and brief.epoch < str(before)


def _stays(brief: Brief, before: Epoch) -> bool:
    return brief.state is State.OPENED and brief.epoch is not None and brief.epoch >= str(before)
