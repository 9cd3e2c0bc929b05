"""The desk's own page on 127.0.0.1: what the command line does, for people who spend their days in it.

Pages hold no logic: they read a form, call the desk's packages, and show what came of it. A subject is a
module here with a blueprint ``bp`` (its entry page is the endpoint ``index``), its templates in
templates/desk/SUBJECT/, and a line in BLUEPRINTS. A page gets what is open by `current_book` and who sits
here by `author`; it answers with `answers.page`, reads a form with `answers.fields`, and goes on after a
change with `answers.go_to`. A DeskError that leaves a view is shown in words. Every link is made by
``url_for``: the pages lie below a path that is drawn anew at each start.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, abort, current_app

from desk.errors import DeskError
from desk.pages.session import Session

if TYPE_CHECKING:
    from desk.book import Book, CaseFile

# The modules with a blueprint ``bp``, in the order of the navigation.
BLUEPRINTS = [
    "desk.pages.unlocking",
    "desk.pages.inbox",
    "desk.pages.search",
    "desk.pages.cases",
    "desk.pages.replying",
    "desk.pages.files",
    "desk.pages.referral",
    "desk.pages.carrying",
    "desk.pages.connections",
    "desk.pages.connections_shared",
    "desk.pages.patterns",
    "desk.pages.investigations",
]
# What the navigation shows, where the page is there: its endpoint, its words, the key that leads to it.
WAYS = (
    ("inbox.index", "Inbox", "i"),
    ("search.index", "Search", "/"),
    ("connections.index", "Connections", "c"),
    ("patterns.index", "Patterns", "p"),
    ("investigations.index", "Investigations", "v"),
    ("carrying.index", "Bundles", "b"),
)
ROOT = Path(__file__).parents[2]
_KEPT = "vigil.desk"


def current_session() -> Session:
    """Give what this worker has open, or not."""
    return cast(Session, current_app.extensions[_KEPT])


def current_book() -> "Book":
    """Give the book that is open.

    :raises Locked: none is; the answer is then the page where it is unlocked.
    """
    return current_session().book()


def current_case(name: str) -> "CaseFile":
    """Give the case of a page's address, or answer that there is no such page.

    :raises Locked: no book is open.
    :raises DeskError, OSError: the casebook cannot be read.
    """
    # Another command may have blocked a file of it a moment ago.
    current_session().catch_up()
    try:
        return current_book().case(name)
    except DeskError:
        abort(404)


def author() -> str:
    """Give the name that whoever unlocked the book has typed: it stands on notes."""
    return current_session().author


def create(session: Session) -> Flask:
    """Make the application that serves ``session``, without what guards it (see `guard.Guard`).

    :raises DeskError: the desk's list of keys cannot be read.
    """
    from desk.pages import shared

    app = Flask(__name__, root_path=str(ROOT), static_folder=None, template_folder="templates")
    app.extensions[_KEPT] = session
    shared.register(app, ROOT, Path(__file__).parent / "static")
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).bp)
    ways = [way for way in WAYS if way[0] in app.view_functions]
    app.jinja_env.globals.update(ways=ways, there=app.view_functions.__contains__)
    app.jinja_env.globals["practice"] = session.home.read_team_keys().practice
    return app
