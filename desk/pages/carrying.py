"""Bundles: take in what came from the server, write what goes back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response

from desk.casebook import Casebook
from desk.errors import DeskError
from desk.home import Home
from desk.importing import Imported, import_bundle
from desk.mail.exporting import Exported, check_free, export
from desk.mail.writing import Writer
from desk.outbox import Outbox
from desk.pages import answers, current_book, current_session
from desk.pages.drafts import Typed
from desk.pages.sticks import check_kind, mounted, named, on_sticks, said_of
from desk.server import read_server

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
        file = _chosen(typed)
        check_kind(file)
        done = import_bundle(book.home, file)
        new = book.refresh()
    except (DeskError, OSError) as error:
        return _shown(typed, answers.problem(said_of(error)))
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
        return _shown(typed, answers.problem(said_of(error)))
    return _shown(exported=done, out=out)


def _chosen(typed: Typed) -> Path:
    text = typed.get("typed", "").strip() or typed.get("place", "")
    if not text:
        raise DeskError("no file was chosen", "choose one of the list, or type where it is")
    return named(text)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be carried: replies that no bundle has yet, and those on their way in one; the number of the
    last bundle that was written here (0: none), and the one of ours that the server had when it made the
    last bundle that was taken in, on ``taken`` ("" for none yet)."""

    replies: int
    on_their_way: int
    written: int
    arrived: int
    taken: str


def waiting(home: Home) -> Waiting:
    """See what is to be carried.

    :raises DeskError: what the desk remembers of its bundles is damaged.
    """
    state, server = Outbox(home).state(), read_server(home.folder)
    on_their_way = sum(slot in state.sent for slot in state.copies)
    return Waiting(
        len(state.copies) - on_their_way,
        on_their_way,
        state.seq,
        0 if server is None or not state.sign else server.seqs.get(bytes.fromhex(state.sign), 0),
        "" if server is None else server.made_on.isoformat(),
    )


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
    waits = None
    try:
        waits = waiting(current_book().home)
    except (DeskError, OSError) as error:
        problem = problem or answers.problem(error)
    return answers.page(
        "carrying/carrying.html",
        422 if problem else 200,
        waits=waits,
        typed=typed or Typed(),
        problem=problem,
        imported=imported,
        exported=exported,
        out=out,
        trouble=trouble,
        files=on_sticks(),
        sticks=mounted(),
    )
