"""What a look at one thing found, and what it needs to look: shared by all that `doctor` looks at."""

from dataclasses import dataclass
from datetime import date

from commands.running import Stopped
from config import Config
from store import Looked, Store, StoreError


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    ``ok``: False where something has to be done, None where it cannot be known, or does not apply. Where it
    is None and there is a ``hint``, something should be done, and nothing is broken yet.
    """

    name: str
    ok: bool | None
    what: str
    hint: str = ""


def good(name: str, what: str) -> Check:
    """Say that all is well."""
    return Check(name, True, what)


def wrong(name: str, what: str, hint: str) -> Check:
    """Say that something has to be done."""
    return Check(name, False, what, hint)


def look(name: str, what: str, hint: str) -> Check:
    """Say that something should be done one day, or be looked at by a person."""
    return Check(name, None, what, hint)


def unknown(name: str, what: str) -> Check:
    """Say that it cannot be known here, or does not apply."""
    return Check(name, None, what)


@dataclass(frozen=True)
class Patient:
    """The site that is looked at: its settings, and what keeps it from starting, or its store.

    ``looked`` is what was found in that, or why not. ``onion``: what tor has in its hostname file, None where
    nobody gave it. ``url``: where to ask for pages. ``journal``: lines of the journal, tor's with `tor: ` in
    front; None where nobody gave them.
    """

    settings: Config
    today: date
    stopped: Stopped | None
    store: Store | None
    looked: Looked | StoreError | None
    onion: str | None
    url: str | None
    journal: tuple[str, ...] | None = None
