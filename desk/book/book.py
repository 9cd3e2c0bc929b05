"""The book: a casebook, opened with the desk's keys and held in memory."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypeVar, cast

from crypto.keyfile import DeskKeys
from desk.book import sealing
from desk.book.casefile import CaseFile, case_file
from desk.book.held import Held, held
from desk.book.held import listed as held_for_list
from desk.book.investigations import InvestigationFile, investigation_file
from desk.book.work import in_order
from desk.casebook import Casebook
from desk.cases import Case, found, gathered, is_of_case, name_of, names_of
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.opening import Openers, State, each_opened, openers_of
from desk.progress import bar
from payload import StaffNote, Subject
from payload.changes import Change, Group, LinkDecision, Read

T = TypeVar("T")

Decided = tuple[str, str, str, str]  # a, b, kind, value
Told = Callable[[int, int], None]
_EVERY = 100  # envelopes between two words on how far it is


@dataclass(frozen=True)
class _Shelf:
    """What the book holds at one moment; another one takes its place whole."""

    held: Mapping[str, Held]  # by digest
    blobs: frozenset[str]
    files: Mapping[str, CaseFile]  # by name, the oldest first
    other_notes: tuple[StaffNote, ...]  # on investigations and links, in order
    sources: object  # another one when what the sources sent, or what belongs together, is another
    closed_notes: int  # notes that do not open here


class Book:
    """An opened casebook. All of it may be called from several threads; ``home`` is the desk's folder.

    It holds the keys, and everything that the reports say, for as long as it lives.
    """

    def __init__(self, home: Home, keys: DeskKeys, openers: Openers, shelf: _Shelf) -> None:
        self.home = home
        self.keys = keys
        self.casebook = Casebook(home.casebook)
        self._openers = openers
        self._shelf = shelf
        self._changing = threading.RLock()
        self._made: dict[str, tuple[object, Any]] = {}

    def __repr__(self) -> str:
        return "<Book>"

    @property
    def blobs(self) -> frozenset[str]:
        """The hashes (hex) of all sealed attachments that are here."""
        return self._shelf.blobs

    @property
    def closed_notes(self) -> int:
        """How many notes are here that do not open: of months whose keys this desk does not have."""
        return self._shelf.closed_notes

    def files(self) -> list[CaseFile]:
        """Give all cases, the oldest first, what did not open last; a note without a key for it is none."""
        return list(self._shelf.files.values())

    def newest(self) -> tuple[CaseFile, ...]:
        """Give all cases, those first of which something came last."""
        files = self._shelf.files
        return tuple(files[name] for name in self.made_once("newest", _newest) if name in files)

    def has(self, name: str) -> bool:
        """Tell whether there is a case of this name, or that had it before."""
        return self.current(name) in self._shelf.files

    def made_once(self, name: str, make: Callable[["Book"], T]) -> T:
        """Give what ``make`` makes of the book, made anew only when something came in: notes do not count.

        ``name`` is the maker's own. Of two threads that ask at once both may make it.
        """
        sources = self._shelf.sources
        known = self._made.get(name)
        if known is not None and known[0] is sources:
            return cast(T, known[1])
        found = make(self)
        self._made[name] = sources, found
        return found

    def case(self, wanted: str) -> CaseFile:
        """Give the case whose name is, or begins with, ``wanted``; also by a name that it had before.

        :raises DeskError: there is none, or there are several.
        """
        files = self._shelf.files
        name = self.current(wanted.strip().lower())
        if name in files:
            return files[name]
        return files[found([file.case for file in files.values()], wanted).name]

    def current(self, name: str) -> str:
        """Give the name that a case has today, by one that it has or had; any other name as it is.

        A follow-up whose report came later had another name before.
        """
        if name in self._shelf.files:
            return name
        return self.made_once("older names", _older_names).get(name, name)

    def add(self, about: CaseFile | InvestigationFile | Subject, change: Change, author: str) -> None:
        """Note a change: sealed into the casebook, durably, and in memory from then on.

        :raises DeskError: the list of keys or the casebook is not fit for it; nothing is noted then.
        :raises BadPayload: the change is none that can be said of this, or the author's name is too long.
        :raises OSError: the disk is full, or not to be written.
        """
        subject = about if isinstance(about, Subject) else about.subject
        file = self._file_of(subject)
        if isinstance(change, Read) and change.read and file is not None:
            change = Read(True, tuple(sorted(file.seen)))
        now = datetime.now(UTC).replace(microsecond=0)
        note = StaffNote(secrets.token_bytes(16), now, author, self.keys.name, subject, change)
        with self._changing:
            # Two notes of one second have no order: the later one is put a second later.
            note = replace(note, written_at=max(note.written_at, self._next_second(subject)))
            sent = sealing.file_note(self.home, self.keys, note)
            self._take_note(held(sent), note)
            if isinstance(change, Group) and change.group and file is not None and not file.work.read:
                # Judged, it counts as read: what its source sends later makes it unread, and shows it again.
                self.add(subject, Read(read=True), author)

    def decide(self, a: str, b: str, kind: str, value: str, decision: str, author: str) -> None:
        """Note what somebody decided of a link between two cases: "confirmed", "rejected", or "open" again.

        :raises DeskError, BadPayload, OSError: as ``add``.
        """
        first, second = sorted((self.current(a), self.current(b)))
        change = LinkDecision(first, second, kind, value, decision)
        self.add(Subject.of_link(change), change, author)

    def decisions(self) -> Mapping[Decided, str]:
        """Give what was decided of links, by (a, b, kind, value) with a < b, less what is open again."""
        last: dict[Decided, str] = {}
        for note in self._shelf.other_notes:
            if isinstance(change := note.change, LinkDecision):
                a, b = sorted((self.current(change.a), self.current(change.b)))
                last[a, b, change.kind, change.value] = change.decision
        return MappingProxyType({key: value for key, value in last.items() if value != "open"})

    def investigations(self) -> list[InvestigationFile]:
        """Give all investigations, the open ones first, by name."""
        notes_of: dict[bytes, list[StaffNote]] = {}
        for note in self._shelf.other_notes:
            if note.subject.kind == "investigation":
                notes_of.setdefault(note.subject.id, []).append(note)
        each = [investigation_file(id_, notes, self.current, self.has) for id_, notes in notes_of.items()]
        return sorted(each, key=lambda one: (not one.open, one.name.casefold(), one.id))

    def investigation(self, wanted: str) -> InvestigationFile:
        """Give the investigation that is called so, in whatever case, or whose name or id (hex) begins so.

        :raises DeskError: there is none, or there are several.
        """
        sought = wanted.strip().casefold()
        each = self.investigations()
        fitting = [one for one in each if sought in (one.name.casefold(), one.id.hex())] or [
            one
            for one in each
            if sought and (one.name.casefold().startswith(sought) or one.id.hex().startswith(sought))
        ]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            raise DeskError(
                f"no investigation is called {harmless(wanted)!r}", "`investigation list` shows all"
            )
        names = "; ".join(f"{one.id.hex()[:8]} {harmless(one.name)}" for one in fitting[:5])
        raise DeskError(
            f"{len(fitting)} investigations are called so", f"name one by its first letters: {names}"
        )

    def new_investigation(self, change: Change, author: str) -> bytes:
        """Begin an investigation by what it is called and is about; give its id.

        :raises DeskError, BadPayload, OSError: as ``add``.
        """
        id_ = secrets.token_bytes(16)
        self.add(Subject("investigation", id_), change, author)
        return id_

    def refresh(self) -> int:
        """Take in what other commands have put into the casebook meanwhile, or removed; say how much is new.

        :raises DeskError: a process that helped was killed.
        """
        with self._changing:
            digests = self.casebook.envelopes()
            there = self._shelf.held
            new = [digest for digest in digests if digest not in there]
            blobs = self.casebook.blobs()
            if not new and len(digests) == len(there) and blobs == self._shelf.blobs:
                return 0
            opened = {one.brief.digest: one for one in each_opened(self.casebook, self._openers, new, held)}
            held_of = {digest: opened.get(digest) or there[digest] for digest in digests}
            self._shelf = _shelf_of(held_of, blobs)
            return len(new)

    def _file_of(self, subject: Subject) -> CaseFile | None:
        return (
            self._shelf.files.get(self.current(name_of(subject.kind, subject.id)))
            if subject.is_case
            else None
        )

    def _next_second(self, subject: Subject) -> datetime:
        """Give the first second after all notes on this: clocks differ, and what is said last holds."""
        file = self._file_of(subject)
        notes = self._shelf.other_notes if file is None else file.notes
        times = [note.written_at for note in notes if file is not None or note.subject == subject]
        return sealing.after(max(times)) if times else datetime.min.replace(tzinfo=UTC)

    def _take_note(self, one: Held, note: StaffNote) -> None:
        shelf = self._shelf
        held_of = {**shelf.held, one.brief.digest: one}
        file = self._file_of(note.subject)
        if file is None and note.subject.is_case:
            self._shelf = _shelf_of(held_of, shelf.blobs)
        elif file is None:
            self._shelf = replace(shelf, held=held_of, other_notes=in_order((*shelf.other_notes, note)))
        else:
            case = replace(file.case, notes=(*file.case.notes, one.brief))
            files = {**shelf.files, file.name: case_file(case, held_of)}
            self._shelf = replace(shelf, held=held_of, files=files)


def listed(home: Home, keys: DeskKeys) -> tuple[list[CaseFile], int]:
    """Give all cases for a list, with what staff made of them but nothing of what they say; the oldest first.

    Then how many notes do not open.

    :raises DeskError: a process that helped was killed.
    """
    casebook = Casebook(home.casebook)
    digests = casebook.envelopes()
    held_of = {}
    with bar("opening", len(digests), "envelope") as shown:
        for one in each_opened(casebook, openers_of(keys), digests, held_for_list):
            held_of[one.brief.digest] = one
            shown.update(1)
    shelf = _shelf_of(held_of, casebook.blobs())
    return list(shelf.files.values()), shelf.closed_notes


def open_book(home: Home, keys: DeskKeys, told: Told | None = None) -> Book:
    """Open the casebook of ``home``: everything in it, once. ``keys`` were opened by ``home``.

    :param told: is told now and then how many envelopes are opened, and of how many.
    :raises DeskError: a process that helped was killed.
    """
    casebook, openers = Casebook(home.casebook), openers_of(keys)
    digests = casebook.envelopes()
    held_of: dict[str, Held] = {}
    for number, one in enumerate(each_opened(casebook, openers, digests, held), 1):
        held_of[one.brief.digest] = one
        if told is not None and (number % _EVERY == 0 or number == len(digests)):
            told(number, len(digests))
    return Book(home, keys, openers, _shelf_of(held_of, casebook.blobs()))


def _shelf_of(held_of: Mapping[str, Held], blobs: frozenset[str]) -> _Shelf:
    briefs = [one.brief for one in held_of.values()]
    others = in_order(
        note for one in held_of.values() if not is_of_case(one.brief) and (note := one.sent.staff) is not None
    )
    cases = gathered(briefs, blobs)
    files = {case.name: case_file(case, held_of) for case in cases if not _is_closed_note(case)}
    for file in files.values():
        if file.held_notes:
            file.work  # noqa: B018 - worked out now, while somebody waits anyway
    return _Shelf(held_of, blobs, files, others, object(), len(cases) - len(files))


def _newest(book: Book) -> tuple[str, ...]:
    files = sorted(book.files(), key=lambda file: (file.latest_on, file.case.received_on or "", file.name))
    return tuple(file.name for file in reversed(files))


def _older_names(book: Book) -> Mapping[str, str]:
    return {old: file.name for file in book.files() for old in names_of(file.case)}


def _is_closed_note(case: Case) -> bool:
    """Tell whether it is nothing but a note that this desk has no key for."""
    return not case.sends and all(note.state is State.NO_KEY for note in case.notes)
