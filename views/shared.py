"""What the pages of one running site share: its settings, store, team keys, texts and drafts."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from flask import current_app

from crypto.teamkeys import TeamKeys
from publishing.errors import NotPublished
from publishing.reading import SiteDb
from store import Store, StoreError
from store.clock import utc_today
from store.machines import WebMachine
from views.machine import described
from views.settings import Settings
from views.team_file import TeamFile
from web import blocking, errors
from web.blocking import Soon
from web.cached import Answers
from web.drafts import Drafts
from web.memory_keys import MemoryKeys
from web.pressure import Pressure
from web.site import Site

SCRUB_SECONDS = 1.0
# 1 MB means 1,000,000 bytes on every page.
MB = 1_000_000


@dataclass
class Vigil:
    """One running site.

    ``mailbox_keys`` are those under which an open mailbox's root rides in its page: made here, before the
    workers are forked. ``published`` is what the newsroom has published, and ``answers`` the pages of it
    that were asked for lately. ``static`` is the digest of the static files. ``today`` gives the day in UTC,
    and ``pause`` waits for some seconds. ``soon`` is touched after what may have written. ``pressure`` says
    who has to wait, of those on this worker.
    """

    settings: Settings
    store: Store
    team_file: TeamFile
    site: Site
    drafts: Drafts
    published: SiteDb
    mailbox_keys: MemoryKeys = field(default_factory=MemoryKeys)
    answers: Answers = field(default_factory=Answers)
    today: Callable[[], date] = field(default=utc_today)
    static: bytes = b""
    soon: Soon = field(init=False)
    pause: Callable[[float], None] = field(default=time.sleep)
    pressure: Pressure = field(default_factory=Pressure)
    _signers: tuple[bytes, tuple[bytes, ...]] = field(default=(b"", ()), init=False, repr=False)

    def __post_init__(self) -> None:
        # The database's log tells what was written together until it is cut.
        self.soon = Soon(self._scrub, SCRUB_SECONDS, failed=self.failed)

    @property
    def team_keys(self) -> TeamKeys:
        """The team's keys as they are now. Ask once for what belongs together: a new list may come."""
        return self.team_file.now(self.failed)

    def signers(self, team: TeamKeys) -> tuple[bytes, ...]:
        """Give the signing keys of all desks that were ever listed, up to the list ``team``.

        A list is remembered before it is used here: where it is the same, so are they.

        :raises StoreError: the store cannot be read.
        """
        if self._signers[0] != team.raw:
            self._signers = team.raw, tuple(self.store.signers())
        return self._signers[1]

    @property
    def under_attack(self) -> bool:
        """Whether the newsroom has said so, by [attack] in site.toml, and published it."""
        try:
            return self.published.under_attack
        except NotPublished:
            return False

    @property
    def max_file_mb(self) -> int:
        """The largest file a source may attach, as pages say it."""
        return self.settings.max_file_bytes // MB

    def note_machine(self) -> WebMachine | None:
        """Tell the other web machines what this one serves, and give it; None where it has the store alone.

        :raises StoreError: the database failed.
        """
        if self.store.machines is None:
            return None
        mine = described(self)
        self.store.machines.note(mine)
        return mine

    def _scrub(self) -> None:
        if not self.store.try_scrub():
            self.soon.touch()

    def failed(self, error: Exception) -> None:
        """Count what the disk or the database did, for the operator."""
        self.count_failure(type(error).__name__, errors.place_of(error))

    def count_failure(self, kind: str, place: str) -> None:
        """Add one to today's count of a failure; where even that cannot be kept, nothing is left to do."""
        with suppress(StoreError):
            blocking.run(self.store.count_failure, kind, place)


def vigil() -> Vigil:
    """Give the running site of this request."""
    found: Vigil = current_app.extensions["vigil"]
    return found
