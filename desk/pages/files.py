"""A file from a stranger: what it is, what it carries, how it looks, and a copy without what it carries.

Nothing of it is opened in this process (see `desk.strangers`). A picture is shown when somebody asks, at
first as its colours alone; what the browser then gets was made here, of pixels or samples.
"""

import threading
from collections import OrderedDict

from flask import Blueprint, Response, abort, current_app, request, url_for

from desk.book import Book, CaseFile
from desk.book.locks import is_locked
from desk.durable import write_new
from desk.errors import DeskError
from desk.harmless import harmless
from desk.pages import answers, current_book
from desk.pages.banners import blocked
from desk.pages.drafts import Typed
from desk.pages.sticks import mounted, named
from desk.strangers.agreeing import needs_agreement
from desk.strangers.cleaning import cleaned
from desk.strangers.isolation import Isolation, isolation
from desk.strangers.looking import looked
from desk.strangers.metadata import metadata
from desk.strangers.opened import check_unlocked
from desk.strangers.preview import Preview, preview
from payload import AttachedFile
from web.headers import CONTENT_SECURITY_POLICY

bp = Blueprint("files", __name__, url_prefix="/case/<name>/file/<int:number>")

BLURRED, CLEAR = "blurred", "clear"
MOST_PART = 100_000
_AGREED = "vigil.desk limits alone"
# Made for the page, and asked for by its <img> a moment later.
_MOST_READY = 4
_ready: "OrderedDict[tuple[str, str, int], Preview]" = OrderedDict()
_changing = threading.Lock()


@bp.before_request
def ask_first() -> Response | None:
    """Before a file is opened under limits alone, ask whether it is to be."""
    given = request.view_args or {}
    if is_agreed() or request.endpoint == "files.agree" or "name" not in given:
        return None
    file, _ = _file(current_book(), given["name"], given["number"])
    return answers.page("files/agree.html", file=file, number=given["number"])


@bp.post("/agree")
def agree(name: str, number: int) -> Response:
    """Note, for as long as the desk runs, that files are opened under limits alone."""
    current_app.extensions[_AGREED] = True
    return answers.go_to("files.show", "Files are opened under limits alone.", name=name, number=number)


def is_agreed() -> bool:
    """Tell whether files may be opened: the box is closed, or somebody agreed that it is not."""
    return current_app.extensions.get(_AGREED, False) or not needs_agreement()


@bp.get("/")
def show(name: str, number: int) -> Response:
    """Say what a file is."""
    book = current_book()
    return _page(book, *_file(book, name, number), number)


@bp.get("/carries")
def carries(name: str, number: int) -> Response:
    """Say what it carries besides what it shows."""
    book = current_book()
    file, one = _file(book, name, number)
    if is_locked(book.files(), file, one):
        return _blocked(file, one, number)
    facts = metadata(book.casebook, one, locked=is_locked(book.files(), file, one))
    return answers.page("files/carries.html", file=file, one=one, number=number, facts=facts)


@bp.get("/<any(blurred, clear):how>/<int:part>")
def see(name: str, number: int, how: str, part: int) -> Response:
    """Show it: a picture as colours alone, or clear; a text or a sound as it is."""
    book = current_book()
    file, one = _file(book, name, number)
    if is_locked(book.files(), file, one):
        return _blocked(file, one, number)
    shown = _made(book, file, one, how, part)
    ready = url_for("files.shown", name=name, number=number, how=how, part=part, sealed=_sealed(one))
    text = shown.data.decode("utf-8", "replace") if shown.kind == "text" else ""
    response = answers.page(
        "files/see.html",
        file=file,
        one=one,
        number=number,
        how=how,
        part=part,
        seen=shown,
        ready=ready,
        text=text,
    )
    # The one page with a sound: the policy of all others lets none in.
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
    return response


@bp.get("/<any(blurred, clear):how>/<int:part>/<sealed>")
def shown(name: str, number: int, how: str, part: int, sealed: str) -> Response:
    """Give the picture or the sound itself; ``sealed`` is the file's, so that no other comes in its place."""
    book = current_book()
    file, one = _file(book, name, number)
    if sealed != _sealed(one):
        abort(404)
    found = _made(book, file, one, how, part)
    if found.kind not in ("image", "sound"):
        abort(404)
    response = Response(found.data, content_type=found.type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/clean")
def clean(name: str, number: int) -> Response:
    """Save a cleaned copy where staff says."""
    book = current_book()
    file, one = _file(book, name, number)
    typed = answers.fields()
    try:
        if typed.get("sealed") != _sealed(one):
            raise DeskError("the file of this number is another one now", "look at it again, then clean it")
        if not typed.get("place", "").strip():
            raise DeskError("no place was written", "write where the copy is to go, from the beginning")
        path = named(typed["place"])
        copy = cleaned(book.casebook, one, locked=is_locked(book.files(), file, one))
        if copy.why_not:
            raise DeskError(f"no cleaned copy: {copy.why_not}", "tell in words what it shows")
        if path.is_dir():
            path /= copy.name
        try:
            write_new(path, copy.data)
        except FileExistsError:
            raise DeskError("a file of that name is there already", "write another name") from None
    except (DeskError, OSError) as error:
        return _page(book, file, one, number, typed, answers.problem(error))
    said = f"The cleaned copy is saved: {harmless(str(path))}. {f'Note: {copy.note}.' if copy.note else ''}"
    return answers.go_to("files.show", said, name=name, number=number)


def _page(
    book: Book,
    file: CaseFile,
    one: AttachedFile,
    number: int,
    typed: Typed | None = None,
    problem: dict[str, str] | None = None,
) -> Response:
    if is_locked(book.files(), file, one):
        return _blocked(file, one, number)
    look = looked(book.casebook, one, locked=is_locked(book.files(), file, one))
    return answers.page(
        "files/show.html",
        422 if problem else 200,
        file=file,
        one=one,
        number=number,
        look=look,
        limits_only=isolation() is Isolation.LIMITS,
        sticks=mounted(),
        typed=typed or Typed(),
        problem=problem,
    )


def _blocked(file: CaseFile, one: AttachedFile, number: int) -> Response:
    return answers.page(
        "files/blocked.html", 422, file=file, number=number, blocked=blocked(file, _sealed(one))
    )


def _file(book: Book, name: str, number: int) -> tuple[CaseFile, AttachedFile]:
    file = book.case(name)
    files = file.attachments
    if not 1 <= number <= len(files):
        abort(404)
    return file, files[number - 1]


def _made(book: Book, file: CaseFile, one: AttachedFile, how: str, part: int) -> Preview:
    """Make a preview, or give the one made a moment ago: in memory, which ends when the desk locks."""
    locked = is_locked(book.files(), file, one)
    check_unlocked(locked=locked)
    if part > MOST_PART:
        abort(404)
    key = (_sealed(one), how, part)
    with _changing:
        if key in _ready:
            return _ready[key]
    made = preview(book.casebook, one, locked=locked, blurred=how == BLURRED, part=part)
    with _changing:
        _ready[key] = made
        while len(_ready) > _MOST_READY:
            _ready.popitem(last=False)
    return made


def _sealed(one: AttachedFile) -> str:
    return one.sealed_sha256.hex()
