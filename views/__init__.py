"""The pages of the web site: one module a subject, each a story of one request.

`register` puts them on an application, with the store and the keys that they work on.
"""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from crypto.errors import BadTeamKeys
from crypto.teamkeys import TeamKeys
from publishing.reading import SiteDb
from publishing.schema import SITE_DB
from store import StoreError, open_store
from store.clock import utc_today
from store.form_keys import prepare
from views import agencies, articles, contact, feeds, health, home, letter, pages, published, report, team
from views.settings import Settings
from views.shared import Vigil
from web import errors, onion, site
from web.drafts import Drafts, Form
from web.form_keys import LivingKeys
from web.install import install
from web.setup import SetUpError

ROOT = Path(__file__).parent.parent


def register(app: Flask, settings: Settings) -> None:
    """Put every page on ``app``, and what they need into its extensions.

    :raises SetUpError: the texts, the team keys, the form keys or the data folder cannot be used.
    """
    texts = site.read(settings.content)
    contact.check_roles(texts)
    team_keys = read_team_keys(settings)
    install(
        app,
        static=ROOT / "static",
        translations=ROOT / "translations",
        site=texts,
        practice=team_keys.practice,
    )
    onion.register(app, settings.onion)
    try:
        store = open_store(settings.data)
        _form_keys(settings)
    except StoreError as error:
        raise SetUpError(error.what, error.hint) from None
    running = Vigil(
        settings=settings,
        store=store,
        team_keys=team_keys,
        site=texts,
        drafts=Drafts(Form.REPORT, LivingKeys(lambda: _form_keys(settings))),
        published=SiteDb(settings.data / SITE_DB),
    )
    app.extensions["vigil"] = running
    app.extensions["vigil.store"] = store
    app.extensions["vigil.team_keys"] = team_keys
    errors.on_unexpected(app, running.count_failure)
    published.register(app)
    for part in (home, articles, agencies, letter, feeds, report, contact, team, pages, health):
        app.register_blueprint(part.bp)


def read_team_keys(settings: Settings) -> TeamKeys:
    """Read the team's keys; practice keys only where they were asked for.

    :raises SetUpError: they are missing, damaged, or for practice on a site that is not.
    """
    path = settings.team_keys
    try:
        keys = TeamKeys.read(path.read_bytes())
    except OSError as error:
        raise SetUpError(
            f"the team keys {path} cannot be read: {(error.strerror or 'no reason given').lower()}",
            "make them at the desk with `python -m desk init`, or practise with `make serve`",
        ) from None
    except BadTeamKeys as error:
        raise SetUpError(
            f"the team keys {path} cannot be used: {error}", "bring the file over from the desk again"
        ) from None
    if keys.practice and not settings.practice:
        raise SetUpError(
            f"{path} holds practice keys, which anyone can open",
            "make real keys at the desk; to practise all the same, set VIGIL_PRACTICE=1",
        )
    return keys


def _form_keys(settings: Settings) -> tuple[int, Mapping[int, bytes]]:
    living = prepare(settings.form_key, utc_today())
    return living.newest, living.keys
