"""Cases: all that comes from one source, and what the team answered, is one case with one short name.

What was sent under one draft id, once or several times, belongs together, and so does what names one mailbox:
a report, what its source added to it later, and the desk's copies of the replies. What staff noted says which
case it is about by one of these.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from desk.errors import DeskError
from desk.harmless import harmless
from desk.opening import NOTE, Brief, State
from payload import FollowUp

LETTERS = 10  # base32 letters of a case's name: 50 bits
_CASE = b"vigil/v1/case\0"
_MAILBOX = b"vigil/v1/case-mailbox\0"
_UNOPENED = b"vigil/v1/case-envelope\0"
_NAMES = {"draft": _CASE, "mailbox": _MAILBOX, "envelope": _UNOPENED}
# How a note names a case, and the mark that connects it.
_SUBJECT_MARKS = {"draft": b"d", "mailbox": b"m", "envelope": b"e"}

COMPLETE = "complete"
INCOMPLETE = "attachments missing"


@dataclass(frozen=True)
class Case:
    """One case: its name, what its source sent, the desk's notes in it, and which attachments are not here.

    ``sends`` are the reports or contacts (the fullest send first), then the follow-ups, the oldest first;
    what did not open is a case of its own, in ``sends`` too. ``notes`` are by day.
    """

    name: str
    sends: tuple[Brief, ...]
    notes: tuple[Brief, ...]
    missing: frozenset[str]  # hashes of sealed attachments

    @cached_property
    def head(self) -> Brief:
        """What the case is told by: the fullest report, or what there is."""
        return (*self.sends, *self.notes)[0]

    @property
    def reports(self) -> tuple[Brief, ...]:
        """What was sent first, once or several times: the sends that are no follow-up."""
        return tuple(send for send in self.sends if send.kind != FollowUp.kind)

    @property
    def follow_ups(self) -> tuple[Brief, ...]:
        """What its source added later."""
        return tuple(send for send in self.sends if send.kind == FollowUp.kind)

    @property
    def kind(self) -> str:
        """What it is: "report", "contact", "follow-up" or "note", or "unknown" when nobody here can tell."""
        return self.head.kind or "unknown"

    @property
    def received_on(self) -> str | None:
        """The day it first arrived, YYYY-MM-DD, or None when it did not open."""
        return min(_days(self.reports or self.sends or self.notes), default=None)

    @property
    def latest_on(self) -> str | None:
        """The day its source last sent something, or None."""
        return max(_days(self.sends or self.notes), default=None)

    @property
    def state(self) -> str:
        """Complete, or what is the matter."""
        if self.head.state is not State.OPENED:
            return self.head.state.value
        return INCOMPLETE if self.missing else COMPLETE

    @property
    def mailboxes(self) -> int:
        """How many mailboxes its source was given: one each time that it sent a report."""
        return len({send.mailbox for send in self.sends if send.mailbox is not None})

    @property
    def files(self) -> dict[str, int]:
        """The sealed attachments of all sends, and the size of the file in each."""
        return {sealed: size for send in self.sends for sealed, size in send.files}

    def as_json(self) -> dict[str, object]:
        """Give the object that `list --json` shows."""
        return {
            "case": self.name,
            "kind": self.kind,
            "received_on": self.received_on,
            "latest_on": self.latest_on,
            "state": self.state,
            "why": self.head.why,
            "sent": len(self.reports),
            "follow_ups": len(self.follow_ups),
            "mailboxes": self.mailboxes,
            "characters": self.head.characters,
            "files": len(self.files),
            "missing": len(self.missing),
            "size": sum(self.files.values()),
            "begins": self.head.begins,
        }


def gathered(briefs: Iterable[Brief], blobs: frozenset[str]) -> list[Case]:
    """Put together what belongs together; the oldest case first, what did not open last.

    What staff noted of something else than a case is left out.
    """
    cases = [_case(group, blobs) for group in _connected(brief for brief in briefs if is_of_case(brief))]
    return sorted(cases, key=lambda case: (case.received_on is None, case.received_on or "", case.name))


def is_of_case(brief: Brief) -> bool:
    """Tell whether an envelope belongs to a case: all do, but for notes on investigations and on links."""
    return brief.subject in ("", *_SUBJECT_MARKS)


def found(cases: Sequence[Case], wanted: str) -> Case:
    """Give the case whose name is, or begins with, ``wanted``.

    :raises DeskError: none, or several.
    """
    beginning = wanted.strip().lower()
    fitting = [case for case in cases if case.name.startswith(beginning)] if beginning else []
    if not fitting:
        raise DeskError(f"no case begins with {harmless(wanted)!r}", "`list` shows the names of all")
    if len(fitting) > 1:
        names = ", ".join(case.name for case in fitting[:5])
        raise DeskError(f"{len(fitting)} cases begin with {beginning}", f"write more letters: {names}")
    return fitting[0]


def _connected(briefs: Iterable[Brief]) -> Iterator[list[Brief]]:
    """Give groups of what shares a draft or a mailbox, directly or by way of others."""
    group_of: dict[bytes, list[Brief]] = {}
    groups: dict[int, list[Brief]] = {}
    for brief in briefs:
        marks = _marks(brief)
        joined = [brief]
        for group in {id(group): group for mark in marks if (group := group_of.get(mark))}.values():
            # The smaller goes into the larger: each brief moves a few times at most.
            joined, moved = (joined, group) if len(joined) > len(group) else (group, joined)
            joined += moved
            groups.pop(id(moved), None)
            for one in moved:
                group_of.update(dict.fromkeys(_marks(one), joined))
        group_of.update(dict.fromkeys(marks, joined))
        groups[id(joined)] = joined
    yield from groups.values()


def _marks(brief: Brief) -> list[bytes]:
    """Give what connects an envelope with others; each begins with what it is."""
    if brief.subject:
        return [_SUBJECT_MARKS[brief.subject] + brief.about]
    # By its digest too: somebody may have noted something of it before it opened here.
    marks = [b"e" + bytes.fromhex(brief.digest)]
    if brief.draft is not None:
        marks.append(b"d" + brief.draft)
    if brief.mailbox is not None:
        marks.append(b"m" + brief.mailbox)
    return marks


def _case(group: list[Brief], blobs: frozenset[str]) -> Case:
    notes = sorted((brief for brief in group if brief.kind == NOTE), key=_by_day)
    sends = _each_once([brief for brief in group if brief.kind != NOTE])
    later = [send for send in sends if send.kind == FollowUp.kind]
    # Days alone do not say which send was last; of two on one day the fuller one counts as such.
    first = sorted((send for send in sends if send.kind != FollowUp.kind), key=_by_day, reverse=True)
    wanted = {sealed for send in sends for sealed, _ in send.files}
    return Case(
        _name(first, later, notes),
        (*first, *sorted(later, key=_by_day)),
        tuple(notes),
        frozenset(wanted - blobs),
    )


def _each_once(sends: list[Brief]) -> list[Brief]:
    """Leave out what was sealed anew, word for word, and is here as well as it came."""
    known = {(send.draft, send.body) for send in sends if not send.kept}
    found = []
    for send in sends:
        if send.kept and (send.draft, send.body) in known:
            continue
        known.add((send.draft, send.body))
        found.append(send)
    return found


def _name(reports: list[Brief], follow_ups: list[Brief], notes: list[Brief]) -> str:
    """Name a case, the same at every desk: by its report's draft, also where only a note still has it."""
    return name_of(*_named_by(reports, follow_ups, notes))


def named_by(case: Case) -> tuple[str, bytes]:
    """Give what a case is named by, as the subject of a note: its kind, and its id."""
    return _named_by(case.reports, case.follow_ups, case.notes)


def _named_by(
    reports: Sequence[Brief], follow_ups: Sequence[Brief], notes: Sequence[Brief]
) -> tuple[str, bytes]:
    later = {send.draft for send in follow_ups}
    opened = [report for report in reports if report.draft is not None]
    drafts = _first(opened) or _first(
        [one for one in notes if one.draft is not None and one.draft not in later]
    )
    if drafts is not None and drafts.draft is not None:
        return "draft", drafts.draft
    alone = _first(follow_ups)
    if alone is not None and alone.mailbox is not None:
        return "mailbox", alone.mailbox
    # Where nothing is here but what staff noted, what it was about still has its name.
    about = [(note.subject, note.about) for note in notes if note.subject]
    unopened = [("envelope", bytes.fromhex(one.digest)) for one in reports or notes]
    return min(unopened if reports or not about else about)


def names_of(case: Case) -> Iterator[str]:
    """Give every name that a case may have had, or has: by each draft, mailbox and envelope in it."""
    for brief in (*case.sends, *case.notes):
        if brief.subject:
            yield name_of(brief.subject, brief.about)
            continue
        yield name_of("envelope", bytes.fromhex(brief.digest))
        if brief.draft is not None:
            yield name_of("draft", brief.draft)
        if brief.mailbox is not None:
            yield name_of("mailbox", brief.mailbox)


def name_of(kind: str, id_: bytes) -> str:
    """Give the name of the case that a note's subject names."""
    return _letters(_NAMES[kind] + id_)


def _first(briefs: Sequence[Brief]) -> Brief | None:
    return min(
        briefs, key=lambda one: (one.received_on or "", one.draft or b"", one.mailbox or b""), default=None
    )


def _letters(named: bytes) -> str:
    digest = hashlib.sha256(named).digest()
    return base64.b32encode(digest)[:LETTERS].decode("ascii").lower()


def _by_day(brief: Brief) -> tuple[str, int, str]:
    return brief.received_on or "", brief.size, brief.digest


def _days(briefs: Iterable[Brief]) -> Iterator[str]:
    return (brief.received_on for brief in briefs if brief.received_on)
