"""What cases share, one by one: confirmed or rejected as a whole or pair by pair."""

from collections.abc import Mapping

from flask import Blueprint, Response

from desk.book import Book
from desk.connections.asked import Asked
from desk.connections.findings import Findings
from desk.connections.network import CONFIRMED, KINDS, OPEN, REJECTED
from desk.connections.sharing import Group, shared
from desk.errors import DeskError
from desk.pages import answers, author, current_book
from desk.pages.connections import TABS, found_in, number_of, of_groups, page_number, paged, waiting
from desk.showing import count_text
from payload import BadPayload

bp = Blueprint("shared_links", __name__, url_prefix="/connections")

MOST_AT_ONCE = 200  # decisions: each is sealed into the casebook, which takes some milliseconds
SAID = {CONFIRMED: "Confirmed.", REJECTED: "Rejected: it is not shown any more.", OPEN: "Open again."}


def _none() -> DeskError:
    return DeskError("that names no link", "go back to the links and press the button again")


@bp.get("/shared/<number>")
def show(number: str) -> Response:
    """Show all cases that share one thing, and decide on each pair."""
    book = current_book()
    found, finder = found_in(book)
    if found is None:
        return waiting(finder, "connections.index")
    asked = Asked.of(answers.current_request().args)
    group = _numbered(found, book, asked, number)
    if group is None:  # rejected a moment ago, or shared no more
        return answers.go_to("connections.index", **asked.as_query())
    pairs, page, pages = paged(group.pairs, page_number())
    names = {name for link, _ in pairs for name in (link.a, link.b)}
    return answers.page(
        "connections/shared.html",
        tabs=TABS,
        state=(finder.looking, found.unread),
        group=group,
        number=number,
        pairs=pairs,
        page=page,
        pages=pages,
        asked=asked,
        kinds=KINDS,
        at_once=MOST_AT_ONCE,
        **of_groups(book, [group], names),
    )


def _numbered(found: Findings, book: Book, asked: Asked, number: str) -> Group | None:
    groups = shared(found, book.decisions(), asked)
    return next((group for group in groups if number_of(group) == number), None)


@bp.post("/decide")
def decide() -> Response:
    """Confirm a link, reject it, or leave it open again."""
    book, typed = current_book(), answers.fields()
    a, b, kind, value = (typed.get(name, "") for name in ("a", "b", "kind", "value"))
    decision = typed.get("decision", "")
    if decision not in SAID or not all((a, b, kind, value)):
        raise _none()
    try:
        book.decide(book.case(a).name, book.case(b).name, kind, value, decision, author())
    except BadPayload:
        raise _none() from None
    return _back(book, typed, SAID[decision])


@bp.post("/decide/all")
def decide_all() -> Response:
    """Decide alike on all pairs of cases that share one thing, as far as the list shows them."""
    book, typed = current_book(), answers.fields()
    kind, value, decision = (typed.get(name, "") for name in ("kind", "value", "decision"))
    found, _ = found_in(book)
    asked = _asked(book, typed)
    groups = [] if found is None else shared(found, book.decisions(), asked)
    group = next((one for one in groups if (one.kind, one.value) == (kind, value)), None)
    if decision not in SAID or group is None:
        raise _none()
    pairs = [link for link, before in group.pairs if before != decision]
    if len(pairs) > MOST_AT_ONCE:
        raise DeskError(
            f"these are {len(pairs):,} links, and {MOST_AT_ONCE} can be decided on at once",
            "go back and show those of one case, or decide pair by pair",
        )
    for done, link in enumerate(pairs):
        try:
            book.decide(link.a, link.b, kind, value, decision, author())
        except (DeskError, OSError) as error:
            what, hint = answers.problem(error).values()
            raise DeskError(f"{done} of {len(pairs)} links are noted, then: {what}", hint) from None
    return _back(book, typed, f"{SAID[decision]} Noted for {count_text(len(pairs), 'link')}.")


def _asked(book: Book, typed: Mapping[str, str]) -> Asked:
    if came_from := typed.get("from", ""):
        return Asked(case=book.case(came_from).name)
    return Asked.of(typed)


def _back(book: Book, typed: Mapping[str, str], said: str) -> Response:
    """Go back to where the button was."""
    row = typed.get("row", "")
    anchor = f"link-{row}" if row.isascii() and row.isdigit() else None
    if came_from := typed.get("from", ""):
        return answers.go_to("connections.case", said, name=book.case(came_from).name, anchor=anchor)
    back = {**Asked.of(typed).as_query(), "page": typed.get("page", "1")}
    if number := typed.get("number", ""):
        return answers.go_to("shared_links.show", said, number=number, anchor=anchor, **back)
    return answers.go_to("connections.index", said, anchor=anchor, **back)
