"""Who looks for connections while a book is open: beside what else goes on, and anew when it holds more."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from desk.connections.beside import found_beside
from desk.connections.findings import Findings
from desk.errors import DeskError

if TYPE_CHECKING:
    from desk.book import Book, CaseFile


class Finder:
    """Finds in what it is given, in a thread of its own; ``done`` of ``of`` cases are read."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._found: Findings | None = None
        self._found_in = 0  # which cases and what of them, as `_held` tells it
        self._files: Sequence[CaseFile] = ()
        self._held = 0  # of these files
        self._problem: DeskError | None = None
        self.done, self.of = 0, 0

    def __repr__(self) -> str:
        return f"<Finder {self.done} of {self.of}>"

    def newest(self, files: Sequence["CaseFile"]) -> Findings | None:
        """Give what was found last, or None where nothing is yet; begin to look where ``files`` hold anything
        else.

        :raises DeskError: looking failed, and nothing was found before.
        """
        with self._guard:
            if not self._held or not _same(self._files, files):
                self._held = _held(files)
            self._files = files
            held = self._held
            if self._problem is not None and self._found is None:
                problem, self._problem = self._problem, None
                raise problem
            if self._found_in != held and not self.looking:
                self.done, self.of = 0, len(files)
                self._thread = threading.Thread(target=self._find, args=(files, held), daemon=True)
                self._thread.start()
            return self._found

    @property
    def looking(self) -> bool:
        """Whether it is at work."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def wait(self, seconds: float) -> None:
        """Wait until it is not at work, ``seconds`` at most."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _find(self, files: Sequence["CaseFile"], held: int) -> None:
        try:
            found = found_beside(files, self._told)
        except BaseException:
            # Nobody reads what a thread raises: the page says that it failed, and tries again when reloaded.
            with self._guard:
                self._problem = DeskError(
                    "the connections could not be worked out",
                    "load the page again; if that does not help, `links` on the command line says why",
                )
            raise
        with self._guard:
            self._found, self._found_in, self._problem = found, held, None

    def _told(self, done: int, of: int) -> None:
        self.done, self.of = done, of


_finders: WeakKeyDictionary["Book", Finder] = WeakKeyDictionary()
_guard = threading.Lock()


def finder_of(book: "Book") -> Finder:
    """Give the finder of a book, one for as long as it is open."""
    with _guard:
        if book not in _finders:
            _finders[book] = Finder()
        return _finders[book]


def _same(before: Sequence["CaseFile"], files: Sequence["CaseFile"]) -> bool:
    """Tell whether the sources sent the same in both: most often nearly all are the very same objects, and
    one was noted on."""
    return len(before) == len(files) and all(
        one is other or (one.name == other.name and one.held == other.held)
        for one, other in zip(before, files, strict=True)
    )


def _held(files: Sequence["CaseFile"]) -> int:
    """Tell by a number what the book holds of the sources, notes apart."""
    return hash(tuple((file.name, *(one.brief.digest for one in file.held)) for file in files)) or 1
