"""What one worker process has open: the book, who reads it, and for how long nobody has.

Locking ends the process, so that what it held in memory is gone; the next one begins locked.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING

from desk.casebook import Casebook
from desk.errors import DeskError
from desk.home import Home
from desk.pages import drafts, ready
from desk.pages.groups import Alike
from web.errors import place_of

if TYPE_CHECKING:
    from desk.book import Book

Told = Callable[[int, int], None]
Opener = Callable[[Home, str, Told], "Book"]

IDLE_MINUTES = 15
MOST_NAME = 64  # characters of a name, as notes take it
LONGEST_WAIT = 60.0  # seconds after many wrong passphrases
LONGEST_ANSWER = 1200.0  # seconds after which an answer under way keeps nothing open any more
_LOOK_EVERY = 5.0  # seconds


class Locked(Exception):  # noqa: N818 - says what is the case
    """Nothing is open."""


class Stage(StrEnum):
    """How far a session is."""

    LOCKED = "locked"
    OPENING = "opening"
    OPEN = "open"


def now() -> float:
    """Give seconds that go on while the laptop sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class Session:
    """The one session of a worker.

    ``opener`` opens the book with a passphrase, and raises DeskError where it does not. ``end`` is called
    after locking, and ends the process. ``idle`` is in seconds; ``clock`` gives seconds.
    """

    def __init__(
        self,
        home: Home,
        opener: Opener,
        end: Callable[[], object],
        *,
        idle: float = IDLE_MINUTES * 60,
        clock: Callable[[], float] = now,
    ) -> None:
        self.home = home
        self.idle = idle
        self.stage = Stage.LOCKED
        self.author = ""
        # Told of each name that is typed; the next worker may begin with it.
        self.keep_name: Callable[[str], object] = lambda _name: None
        self.done, self.of = 0, 0
        self.problem: DeskError | None = None
        # What stands in forms and was not sent yet, by the path that it would be sent to.
        self.typed: drafts.Kept = {}
        # What was searched for, which stands in no address.
        self.searches: list[str] = []
        self.keys = True  # whether single keys do something
        self.alike = Alike()
        # Requests under way: while one is, nobody is idle.
        self.busy = 0
        self._opener = opener
        self._end = end
        self._clock = clock
        self._guard = threading.Lock()
        self._book: Book | None = None
        self._touched = clock()
        self._said: list[str] = []
        self._wrong = 0
        self._stamp: tuple[int, ...] = ()  # of the casebook's folders, when they were last read
        self._not_before = 0.0

    def __repr__(self) -> str:
        return f"<Session {self.stage}>"

    def book(self) -> "Book":
        """Give what is open.

        :raises Locked: nothing is.
        """
        book = self._book
        if self.stage is not Stage.OPEN or book is None:
            raise Locked
        return book

    def unlock(self, phrase: str, author: str) -> None:
        """Begin to open the book, in a thread of its own; `wait` waits for it.

        :raises DeskError: a wrong passphrase was typed a moment ago.
        """
        with self._guard:
            if self.stage is not Stage.LOCKED:
                return
            wait = self._not_before - self._clock()
            if wait > 0:
                raise DeskError(
                    f"after a wrong passphrase the desk waits: {wait:.0f} seconds are left", "then try again"
                )
            self.stage, self.problem = Stage.OPENING, None
            self.author = author[:MOST_NAME]
            self.keep_name(self.author)
            self.done, self.of = 0, 0
            self._opening = threading.Thread(target=self._open, args=(phrase,), daemon=True)
            self._opening.start()

    def wait(self, seconds: float) -> None:
        """Wait until the book is open, or is not going to be; ``seconds`` at most."""
        thread = getattr(self, "_opening", None)
        if thread is not None:
            thread.join(seconds)

    def _open(self, phrase: str) -> None:
        try:
            book = self._opener(self.home, phrase, self._told)
            typed = drafts.taken_back(self.home, book.keys)
        except DeskError as problem:
            self._failed(problem)
        except OSError as error:
            why = (error.strerror or "no reason given").lower()
            self._failed(DeskError(f"the desk's folder cannot be read: {why}", "see that its disk is there"))
        except Exception as error:  # noqa: BLE001 - told on the page: a thread has nobody else to tell
            place = f"{type(error).__name__} at {place_of(error)}"
            self._failed(DeskError(f"the casebook cannot be opened: {place}", "tell whoever mends the desk"))
        else:
            with self._guard:
                self.typed |= typed
                self._book, self.stage, self._wrong = book, Stage.OPEN, 0
                self._touched = self._clock()
            self.look_through(book)

    def _failed(self, problem: DeskError) -> None:
        with self._guard:
            self._wrong += 1
            self._not_before = self._clock() + min(2.0 ** (self._wrong - 1), LONGEST_WAIT)
            self.stage, self.problem = Stage.LOCKED, problem

    def _told(self, done: int, of: int) -> None:
        self.done, self.of = done, of

    def touch(self) -> None:
        """Note that somebody is here."""
        self._touched = self._clock()

    def begin(self) -> None:
        """A request begins that somebody made."""
        with self._guard:
            self.busy += 1
        self.touch()

    def end(self) -> None:
        """It has been answered."""
        with self._guard:
            self.busy -= 1
        self.touch()

    @property
    def left(self) -> float:
        """The seconds until it locks by itself, unless somebody does something."""
        return self.idle - (self._clock() - self._touched)

    def expire(self) -> bool:
        """Lock where nobody was here for so long; say whether it did."""
        # What is still being answered so long after anybody was here waits for a disk that is gone.
        if self.stage is not Stage.OPEN or self.left > (-LONGEST_ANSWER if self.busy else 0):
            return False
        self.lock()
        self.finish()
        return True

    def lock(self) -> None:
        """Close the book: nothing of it is shown any more. `finish` then ends the process."""
        with self._guard:
            self._book, self.stage = None, Stage.LOCKED
            typed, self.typed = self.typed, {}
            self._said.clear()
            self.searches.clear()
            self.alike.forget()
        # Locking goes before: on a full disk what was typed and not sent is lost.
        with suppress(DeskError, OSError):
            drafts.put_away(self.home, typed)

    def finish(self) -> None:
        """End the process, so that what was open leaves its memory."""
        self._end()

    def catch_up(self) -> None:
        """Take in what another command has put into the casebook meanwhile.

        :raises Locked: nothing is open.
        :raises DeskError, OSError: it cannot be read.
        """
        book = self.book()
        casebook = Casebook(self.home.casebook)
        folders = (casebook.envelope_folder, casebook.blob_folder)
        stamp = tuple(folder.stat().st_mtime_ns if folder.is_dir() else 0 for folder in folders)
        if stamp == self._stamp:
            return
        if book.refresh() and self._stamp:
            self.look_through(book)
        self._stamp = stamp

    def look_through(self, book: "Book") -> None:
        """Look through all that the book holds, beside what else goes on: it was opened, or it grew."""
        self.alike.renew(book)
        ready.begin(book)

    def watch(self) -> None:
        """Look now and then, from a thread of its own, whether it is time to lock."""
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self.expire():
            time.sleep(_LOOK_EVERY)

    def say(self, text: str) -> None:
        """Keep a sentence for the next page that is shown."""
        self._said.append(text)

    def said(self) -> list[str]:
        """Give what is to be said, once."""
        said, self._said = self._said, []
        return said
