"""Sources as browsers without JavaScript bring them: open the form, attach a file, look it through, send it.

What a page gave is what goes back. Each source writes a text of its own and attaches a file of its own, so
that whoever opens the reports afterwards can say of each whether it came, once, and whole. Where a page says
that nothing was kept, or none comes, a source does what a person does: waits a moment, and presses again.
Used by the bench, which wants to know how fast, and by the tests of a cluster whose machines are killed.
"""

import hashlib
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise

from . import wire

FORM_AGE = 3.2  # seconds: more than the site waits for, its clock counting whole ones
AGAIN = 1.0  # seconds until somebody presses the button again
PATIENCE = 60.0  # seconds after which they take a page for lost
FILE = 50_000  # bytes

Fields = list[tuple[str, str]]
# Where a site is, or what connects to it.
Door = wire.Address | Callable[[], wire.Connection]


@dataclass(frozen=True)
class Acknowledged:
    """A report whose words were shown. ``at`` is when, on the monotonic clock; ``name`` begins its text."""

    name: str
    words: str
    sha256: str
    at: float
    seconds: dict[str, float]  # by step: open, attach, review, send; of the press that succeeded


@dataclass(frozen=True)
class Failure:
    """One press that brought nothing: ``status`` 0 is no whole page; ``kept`` says that the text is in it."""

    step: str
    status: int
    kept: bool
    at: float


@dataclass
class Told:
    """What sources saw: filled in by several threads, each appending."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def longest_gap(self) -> float:
        """The longest time in which nobody was shown their words, in seconds, from the first to the last."""
        times = sorted(each.at for each in self.acknowledged)
        return max((later - sooner for sooner, later in pairwise(times)), default=0.0)


def _always() -> bool:
    return True


class Source:
    """One person at the form. ``doors`` are what leads to the site, the nearest first."""

    def __init__(self, doors: Sequence[Door], told: Told, *, size: int = FILE) -> None:
        self.doors, self.told = list(doors), told
        self.name = f"source-{secrets.token_hex(8)}"
        self.text = f"{self.name}: the same man comes late, and the boys leave with him. " * 10
        self.file = os.urandom(size)
        self.fields: Fields = []
        self.opened, self.ready = 0.0, False  # when the form came; whether it has been looked through
        self._connection: wire.Connection | None = None
        self._closing = ExitStack()

    def report(self, going_on: Callable[[], bool] = _always, *, age: float = FORM_AGE) -> bool:
        """Make one report, pressing again as long as ``going_on``; say whether its words were shown.

        ``age`` is how old the form is at least when it is sent: people take their time, robots are held back.
        """
        try:
            return any(self._tried(age) for _ in self._presses(going_on))
        finally:
            self.leave()

    def _presses(self, going_on: Callable[[], bool]) -> Iterator[None]:
        yield
        while going_on():
            time.sleep(AGAIN)
            yield

    def _tried(self, age: float) -> bool:
        """Go the way from where this source stands; say whether it came to its end."""
        seconds: dict[str, float] = {}
        if not self.fields:
            page = self._step("open", seconds)
            if page is None:
                return False
            self.opened = time.monotonic()
            self.fields = [
                (name, self.text if name == "what_happened" else value) for name, value in fields(page)
            ]
        if not any(name == "file" for name, _ in self.fields) and not self._pressed("attach", seconds):
            return False
        if not self.ready and not self._pressed("review", seconds):
            return False
        self.ready = True
        if (wait := self.opened + age - time.monotonic()) > 0:
            self.leave()
            time.sleep(wait)
        page = self._step("send", seconds)
        if page is None:
            return False
        digest = hashlib.sha256(self.file).hexdigest()
        self.told.acknowledged.append(Acknowledged(self.name, words(page), digest, time.monotonic(), seconds))
        return True

    def _pressed(self, do: str, seconds: dict[str, float]) -> bool:
        page = self._step(do, seconds)
        if page is not None:
            self.fields = fields(page)
        return page is not None

    def _step(self, do: str, seconds: dict[str, float]) -> str | None:
        """Press a button; give the page it leads to, None where another came, or none."""
        begun = time.monotonic()
        status, page = self._asked(do)
        if status == 200 and _SHOWN[do] in page:
            seconds[do] = time.monotonic() - begun
            return page
        kept = self.name in page
        self.told.failures.append(Failure(do, status, kept, time.monotonic()))
        if kept and 'id="report"' in page:
            self.fields, self.ready = fields(page), _SHOWN["review"] in page
        return None

    def _asked(self, do: str) -> tuple[int, str]:
        """Ask the door that this source is at, or the next; give the status, 0 where no whole page came."""
        door = self.doors[0]
        try:
            if self._connection is None:
                opened = door() if callable(door) else wire.Connection(door, PATIENCE)
                self._connection = self._closing.enter_context(opened)
            if do == "open":
                answer = self._connection.ask("/report", _PLAIN)
            else:
                file = self.file if do == "attach" else None
                post = wire.multipart([*self.fields, ("do", do)], file)
                answer = self._connection.ask("/report", wire.same_site(self._connection.address), post)
        except (OSError, wire.BrokenAnswer):
            # Whoever keeps the doors sends the next person, and the same one, elsewhere.
            self.leave()
            self.doors.append(self.doors.pop(0))
            return 0, ""
        if answer.headers.get("connection", "").lower() == "close":
            self.leave()
        return answer.status, answer.body.decode()

    def leave(self) -> None:
        """Close the connection."""
        self._closing.close()
        self._connection = None


def crowd(
    doors: Sequence[Door],
    told: Told,
    going_on: Callable[[], bool],
    *,
    people: int,
    size: int = FILE,
    age: float = FORM_AGE,
) -> list[threading.Thread]:
    """Let so many people report, each again and again, until it is no longer ``going_on``; give the threads.

    Whoever has begun then presses on until they have their words: `join` the threads, and all have them.
    Where a thread does not end, its source was never shown any.
    """

    def one(place: int) -> None:
        time.sleep(age * place / people)  # else all would send in the same moment, again and again
        first = place % len(doors)
        while going_on():
            Source([*doors[first:], *doors[:first]], told, size=size).report(age=age)

    threads = [threading.Thread(target=one, args=(place,), daemon=True) for place in range(people)]
    for thread in threads:
        thread.start()
    return threads


def arrivals(
    doors: Sequence[Door],
    told: Told,
    *,
    a_minute: float,
    seconds: float,
    size: int = FILE,
    age: float = FORM_AGE,
) -> None:
    """Let sources come at a steady rate, whether those before them are done or not; end when all are.

    Nobody presses again here: what fails is in ``told.failures``.
    """
    begun, threads = time.monotonic(), []
    for place in range(round(a_minute * seconds / 60)):
        time.sleep(max(0.0, begun + place * 60 / a_minute - time.monotonic()))
        first = place % len(doors)
        source = Source([*doors[first:], *doors[:first]], told, size=size)
        threads.append(threading.Thread(target=source.report, args=(_once,), kwargs={"age": age}))
        threads[-1].start()
    for thread in threads:
        thread.join()


def _once() -> bool:
    return False


_PLAIN = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
# What the page has that a button leads to, and no other page has.
_SHOWN = {"open": 'name="draft"', "attach": 'name="file"', "review": 'id="review"', "send": 'id="received"'}
_FORM = re.compile(r'<form id="report".*?</form>', re.DOTALL)
_CONTROL = re.compile(r"<(input|textarea|select|option)\b([^>]*)>(?:([^<]*)</textarea>)?")
_ATTRIBUTE = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
_CODE = re.compile(r'id="code-words"[^>]*>(.*?)</ol>', re.DOTALL)


def fields(page: str) -> Fields:
    """What a browser would send back of the page's form, as `form.fields` gives it, ten times as fast.

    :raises BrokenAnswer: the page holds no form.
    """
    within = _FORM.search(page)
    if within is None:
        raise wire.BrokenAnswer("the page holds no form")
    found: Fields = []
    for tag, attributes, typed in _CONTROL.findall(within[0]):
        at = dict(_ATTRIBUTE.findall(attributes))
        if tag == "option":
            if "selected" in at:
                found[-1] = (found[-1][0], unescape(at["value"]))
        elif "name" in at and (
            tag != "input"
            or at.get("type", "text") in {"hidden", "text"}
            or (at["type"] in {"radio", "checkbox"} and "checked" in at)
        ):
            value = typed.removeprefix("\n") if tag == "textarea" else at.get("value", "")
            found.append((at["name"], unescape(value)))
    return found


def words(page: str) -> str:
    """The words of the return code that a receipt shows.

    :raises BrokenAnswer: it shows none.
    """
    shown = _CODE.search(page)
    if shown is None:
        raise wire.BrokenAnswer("the receipt shows no words")
    return " ".join(re.findall(r"<li>([a-z]+)</li>", shown[1]))
