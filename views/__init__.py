"""The pages of the web site: one module a subject, each a story of one request.

`register` puts them on an application, with the store and the keys that they work on.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask

from crypto.sharedkeys import following
from publishing.reading import SiteDb
from publishing.schema import SITE_DB
from store import Retention, StoreError, open_store
from store.clock import utc_today
from store.form_keys import prepare
from views import (
    agencies,
    articles,
    contact,
    feeds,
    health,
    home,
    letter,
    mailbox,
    notices,
    pages,
    published,
    report,
    team,
)
from views.settings import Settings
from views.shared import Vigil
from views.team_file import TeamFile
from web import errors, site
from web.drafts import Drafts, Form
from web.form_keys import LivingKeys
from web.install import install
from web.memory_keys import MemoryKeys
from web.setup import SetUpError

ROOT = Path(__file__).parent.parent


def register(app: Flask, settings: Settings) -> None:
    """Put every page on ``app``, and what they need into its extensions.

    :raises SetUpError: the texts, the team keys, the form keys or the data folder cannot be used.
    """
    texts = site.read(settings.content)
    contact.check_roles(texts)
    try:
        store = open_store(
            settings.data,
            database_url=settings.database_url,
            database_bytes=settings.database_bytes,
            retention=Retention(**asdict(texts.retention)),
        )
    except StoreError as error:
        raise SetUpError(error.what, error.hint) from None
    try:
        team_file = TeamFile(settings, store)
        _form_keys(settings)
    except StoreError as error:
        store.close()
        raise SetUpError(error.what, error.hint) from None
    except SetUpError:
        store.close()
        raise
    running = Vigil(
        settings=settings,
        store=store,
        team_file=team_file,
        site=texts,
        drafts=Drafts(
            Form.REPORT, LivingKeys(lambda: _form_keys(settings), stamp=lambda: _stamp(settings.form_key))
        ),
        published=SiteDb(settings.data / SITE_DB),
        mailbox_keys=MemoryKeys(machine=settings.machine),
    )
    install(
        app,
        static=ROOT / "static",
        translations=ROOT / "translations",
        site=texts,
        practice=running.team_keys.practice,
        address=settings.onion,
    )
    running.static = app.extensions["vigil.static"]
    app.extensions["vigil"] = running
    errors.on_unexpected(app, running.count_failure)
    published.register(app)
    notices.register(app, settings.onion)
    for part in (home, articles, agencies, letter, feeds, report, mailbox, contact, team, pages, health):
        app.register_blueprint(part.bp)
    # Not where a command is run: that says nothing of what is served.
    if click.get_current_context(silent=True) is None:
        try:
            running.note_machine()
        except StoreError as error:
            running.failed(error)


def _form_keys(settings: Settings) -> tuple[int, Mapping[int, bytes]]:
    living = prepare(settings.form_key, utc_today(), following)
    return living.newest, living.keys


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Tell whether a file is still the same, replaced whole or copied over; None where it cannot be told."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
