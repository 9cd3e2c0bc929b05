"""The search through all that was written. Its words are sent as a form and kept in memory, by a number: an
address would stay in the browser's list of visited pages, on this computer's disk."""

from flask import Blueprint, Response, abort

from desk.book.searching import search
from desk.pages import answers, current_book, current_session
from desk.pages.inbox import A_PAGE
from desk.pages.rows import about
from payload.changes import STATUSES

bp = Blueprint("search", __name__, url_prefix="/search")

MOST_KEPT = 200  # searches of one sitting
MOST_WORDS = 300  # characters


@bp.get("/")
def index() -> Response:
    """Show where words are typed."""
    current_book()
    return answers.page("search/search.html", words="", hits=None)


@bp.post("/")
def ask() -> Response:
    """Take words, and go to what is found."""
    current_book()
    words = answers.fields().get("words", "").strip()[:MOST_WORDS]
    if not words:
        return answers.go_to("search.index")
    kept = current_session().searches
    if words not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept.append(words)
    return answers.go_to("search.found", number=kept.index(words) + 1)


@bp.get("/<int:number>")
@bp.get("/<int:number>/<int:page>")
def found(number: int, page: int = 1) -> Response:
    """Show what is found."""
    book = current_book()
    kept = current_session().searches
    if not 1 <= number <= len(kept) or page < 1:
        abort(404)
    words = kept[number - 1]
    hits = search(book, words, page * A_PAGE + 1)
    start = (page - 1) * A_PAGE
    return answers.page_or_partial(
        "search/search.html",
        "search/_found.html",
        words=words,
        hits=[(hit, about(book, hit.file)) for hit in hits[start : start + A_PAGE]],
        more=len(hits) > page * A_PAGE,
        number=number,
        page=page,
        status_words=STATUSES,
    )
