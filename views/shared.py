"""What the pages of one running site share: its settings, store, team keys, texts and drafts."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import current_app

from crypto.teamkeys import TeamKeys
from publishing.reading import SiteDb
from store import Store, StoreError
from views.settings import Settings
from web import blocking, errors
from web.blocking import Soon
from web.cached import Answers
from web.drafts import Drafts
from web.pages import BlankPage
from web.site import Site

SCRUB_SECONDS = 1.0


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Vigil:
    """One running site.

    ``published`` is what the newsroom has published, and ``answers`` the pages of it that were asked for
    lately. ``blank_reports`` are the report's form in each language, rendered once; ``today`` gives the day
    in UTC, and ``pause`` waits for some seconds. ``soon`` is touched after what may have written.
    """

    settings: Settings
    store: Store
    team_keys: TeamKeys
    site: Site
    drafts: Drafts
    published: SiteDb
    answers: Answers = field(default_factory=Answers)
    blank_reports: dict[str, BlankPage] = field(default_factory=dict)
    today: Callable[[], date] = field(default=_today)
    soon: Soon = field(init=False)
    pause: Callable[[float], None] = field(default=time.sleep)

    def __post_init__(self) -> None:
        # The database's log tells what was written together until it is cut.
        self.soon = Soon(self._scrub, SCRUB_SECONDS, failed=self.failed)

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
