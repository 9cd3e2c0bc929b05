"""Bundles: take in what came from the server, write what goes back."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response

from desk.casebook import Casebook
from desk.errors import DeskError
from desk.importing import Imported, import_bundle
from desk.mail.exporting import Exported, check_free, export
from desk.mail.writing import Writer
from desk.outbox import Outbox
from desk.pages import answers, current_book, current_session
from desk.pages.drafts import Typed
from desk.pages.sticks import mounted, named, on_sticks

bp = Blueprint("carrying", __name__, url_prefix="/bundles")


@bp.get("/")
def index() -> Response:
    """Show both ways."""
    current_book()
    return _shown()


@bp.post("/in")
def take_in() -> Response:
    """Take a bundle in."""
    book = current_book()
    typed = answers.fields()
    try:
        done = import_bundle(book.home, _chosen(typed))
        new = book.refresh()
    except (DeskError, OSError) as error:
        return _shown(typed, answers.problem(error))
    if new:
        current_session().look_through(book)
    trouble = answers.problem(done.trouble) if done.trouble is not None else None
    return _shown(imported=done, trouble=trouble)


@bp.post("/out")
def write() -> Response:
    """Write the bundle that goes back."""
    book = current_book()
    typed = answers.fields()
    try:
        out = _chosen(typed)
        if out.is_dir():
            out /= _new_name()
        check_free(out)
        writer = Writer(
            book.keys, book.home.read_team_keys(), Casebook(book.home.casebook), Outbox(book.home)
        )
        with book.home.lock():
            done = export(writer, out)
        book.refresh()
    except (DeskError, OSError) as error:
        return _shown(typed, answers.problem(error))
    return _shown(exported=done, out=out)


def _chosen(typed: Typed) -> Path:
    text = typed.get("typed", "").strip() or typed.get("place", "")
    if not text:
        raise DeskError("no file was chosen", "choose one of the list, or type where it is")
    return named(text)


def _new_name() -> str:
    return f"from-desk-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.tar"


def _shown(
    typed: Typed | None = None,
    problem: dict[str, str] | None = None,
    *,
    imported: Imported | None = None,
    exported: Exported | None = None,
    out: Path | None = None,
    trouble: dict[str, str] | None = None,
) -> Response:
    return answers.page(
        "carrying/carrying.html",
        422 if problem else 200,
        typed=typed or Typed(),
        problem=problem,
        imported=imported,
        exported=exported,
        out=out,
        trouble=trouble,
        files=on_sticks(),
        sticks=mounted(),
    )
