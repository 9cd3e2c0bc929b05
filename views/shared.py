"""What the pages of one running site share: its settings, store, team keys, texts and drafts."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import current_app

from crypto.teamkeys import TeamKeys
from store import Store, StoreError
from views.settings import Settings
from web import blocking, errors
from web.drafts import Drafts
from web.pages import BlankPage
from web.site import Site


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Vigil:
    """One running site.

    ``blank_reports`` are its form in each language, rendered once; ``today`` gives the day in UTC, and
    ``pause`` waits for some seconds.
    """

    settings: Settings
    store: Store
    team_keys: TeamKeys
    site: Site
    drafts: Drafts
    blank_reports: dict[str, BlankPage] = field(default_factory=dict)
    today: Callable[[], date] = field(default=_today)
    pause: Callable[[float], None] = field(default=time.sleep)

    def failed(self, error: StoreError) -> None:
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
