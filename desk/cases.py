"""Cases: what was sent under one draft id, once or several times, is one case with one short name."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desk.errors import DeskError
from desk.harmless import harmless
from desk.opening import Brief, State

LETTERS = 10  # base32 letters of a case's name: 50 bits
_CASE = b"vigil/v1/case\0"
_UNOPENED = b"vigil/v1/case-envelope\0"

COMPLETE = "complete"
INCOMPLETE = "attachments missing"


@dataclass(frozen=True)
class Case:
    """One case: its name, its envelopes (the fullest send first), and which attachments are not here."""

    name: str
    sends: tuple[Brief, ...]
    missing: frozenset[str]  # hashes of sealed attachments

    @property
    def kind(self) -> str:
        """What it is: "report" or "contact", or "unknown" when nobody here can tell."""
        return self.sends[0].kind or "unknown"

    @property
    def received_on(self) -> str | None:
        """The day it first arrived, YYYY-MM-DD, or None when it did not open."""
        return min((send.received_on for send in self.sends if send.received_on), default=None)

    @property
    def state(self) -> str:
        """Complete, or what is the matter."""
        if self.sends[0].state is not State.OPENED:
            return self.sends[0].state.value
        return INCOMPLETE if self.missing else COMPLETE

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
            "state": self.state,
            "why": self.sends[0].why,
            "sent": len(self.sends),
            "characters": self.sends[0].characters,
            "files": len(self.files),
            "missing": len(self.missing),
            "size": sum(self.files.values()),
            "begins": self.sends[0].begins,
        }


def gathered(briefs: Iterable[Brief], blobs: frozenset[str]) -> list[Case]:
    """Put the sends of each draft together; the oldest case first, what did not open last."""
    by_name: dict[str, list[Brief]] = defaultdict(list)
    for brief in briefs:
        by_name[name_of(brief)].append(brief)
    cases = [_case(name, sends, blobs) for name, sends in by_name.items()]
    return sorted(cases, key=lambda case: (case.received_on is None, case.received_on or "", case.name))


def name_of(brief: Brief) -> str:
    """Give the name of the case that an envelope belongs to: the same at every desk, whatever is imported."""
    if brief.draft is None:
        digest = hashlib.sha256(_UNOPENED + bytes.fromhex(brief.digest)).digest()
    else:
        digest = hashlib.sha256(_CASE + brief.draft).digest()
    return base64.b32encode(digest)[:LETTERS].decode("ascii").lower()


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


def _case(name: str, sends: list[Brief], blobs: frozenset[str]) -> Case:
    # Days alone do not say which send was last; of two on one day the fuller one counts as such.
    ordered = sorted(sends, key=lambda send: (send.received_on or "", send.size, send.digest))
    wanted = {sealed for send in sends for sealed, _ in send.files}
    return Case(name, tuple(reversed(ordered)), frozenset(wanted - blobs))
