"""What reports say together: links to confirm or reject, the network, places, routes, and days."""

import hmac
import secrets
from collections.abc import Callable, Collection, Sequence
from itertools import groupby
from math import ceil
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, url_for
from markupsafe import Markup

from desk.book import Book
from desk.connections.asked import SHOWN, Asked, asked_for, first_words, titles_of
from desk.connections.drawing import svg
from desk.connections.finder import Finder, finder_of
from desk.connections.findings import Findings
from desk.connections.network import KINDS, Network, network
from desk.connections.place_table import BY, NONE, first_with_rows
from desk.connections.routes import legs
from desk.connections.sharing import Group, names_in, shared
from desk.connections.timeline import of_cases, parted
from desk.pages import answers, current_book, ready

bp = Blueprint("connections", __name__, url_prefix="/connections")

EACH = 50  # rows of a page
MOST_CASES = 12  # of a group that are named in a list
MOST_PAIRS = 3  # of a group that can be decided on there; its own page has all
NEAREST = 30  # cases around one on its own page
SOON_DRAWN = 0.05  # seconds in which a small network is drawn
SOON = 0.5  # seconds in which a small casebook is looked through, and no page need say so
TABS = (
    ("connections.index", "Links"),
    ("connections.picture", "Network"),
    ("connections.places", "Places"),
    ("connections.routes", "Routes"),
    ("connections.days", "Timeline"),
)
FILES = {"csv": "text/csv", "graphml": "application/graphml+xml", "json": "application/json"}
_KEY = secrets.token_bytes(16)
_T = TypeVar("_T")


def found_in(book: Book) -> tuple[Findings | None, Finder]:
    """Give what was found in a book, if anything is yet, and who looks."""
    finder = finder_of(book)
    found = finder.newest(book.files())
    if found is None:
        finder.wait(SOON)
        found = finder.newest(book.files())
    return found, finder


def waiting(finder: Finder, here: str) -> Response:
    """Say how far the looking is; the page asks again by itself."""
    return answers.page("connections/waiting.html", here=here, done=finder.done, of=finder.of)


def paged(rows: Sequence[_T], page: int) -> tuple[Sequence[_T], int, int]:
    """Give the rows of a page, its number, and how many pages there are."""
    pages = max(ceil(len(rows) / EACH), 1)
    page = min(max(page, 1), pages)
    return rows[(page - 1) * EACH : page * EACH], page, pages


def page_number() -> int:
    """Give the number of the page that is asked for, 1 where it is none."""
    text = answers.current_request().args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _with(show: Callable[[Findings, Book, Finder], Response]) -> Response:
    book = current_book()
    found, finder = found_in(book)
    return waiting(finder, "connections.index") if found is None else show(found, book, finder)


@bp.get("/")
def index() -> Response:
    """List the links."""
    return _with(_links)


def _links(found: Findings, book: Book, finder: Finder) -> Response:
    asked = Asked.of(answers.current_request().args)
    groups = shared(found, book.decisions(), asked)
    rows, page, pages = paged(groups, page_number())
    return answers.page(
        "connections/links.html",
        tabs=TABS,
        state=(finder.looking, found.unread),
        asked=asked,
        shown=SHOWN,
        each=EACH,
        kinds=KINDS,
        rows=rows,
        count=len(groups),
        links=sum(len(group.links) for group in groups),
        page=page,
        pages=pages,
        **of_groups(book, rows),
    )


def of_groups(book: Book, groups: Sequence[Group], more: Collection[str] = ()) -> dict[str, Any]:
    """Give what a list of these groups needs besides them, with the first words of ``more`` cases."""
    return {
        "begins": first_words(book, {*names_in(groups, MOST_CASES), *more}),
        "most_cases": MOST_CASES,
        "most_pairs": MOST_PAIRS,
        "number_of": number_of,
    }


def number_of(group: Group) -> str:
    """Give what stands for a group in an address, which stays in the browser's list of visited pages."""
    said = f"{group.kind} {group.value}".encode("utf-8", "replace")
    return hmac.digest(_KEY, said, "sha256").hex()[:16]


@bp.get("/links.<ending>")
def links_file(ending: str) -> Response:
    """Give the links that are asked for as a file for another program."""
    if ending not in FILES:
        abort(404)
    return _with(lambda found, book, _: _links_file(found, book, ending))


def _links_file(found: Findings, book: Book, ending: str) -> Response:
    from desk.connections import exports

    write = {"csv": exports.as_csv, "graphml": exports.as_graphml, "json": exports.as_json}[ending]
    rows = asked_for(found, book.decisions(), Asked.of(answers.current_request().args))
    return as_file(write([link for link, _ in rows]), FILES[ending], f"links.{ending}")


@bp.get("/network")
def picture() -> Response:
    """Show the network, of all or around one case, and the same as a table."""
    return _with(lambda found, book, finder: _picture(found, book, finder, "connections/network.html"))


@bp.get("/network/large")
def large() -> Response:
    """Show its picture in full size."""
    return _with(lambda found, book, finder: _picture(found, book, finder, "connections/picture.html"))


def _picture(found: Findings, book: Book, finder: Finder, template: str) -> Response:
    drawn = _network(found, book)
    if drawn is None:
        return waiting(finder, "connections.index")
    return answers.page(
        template,
        tabs=TABS,
        state=(finder.looking, found.unread),
        network=drawn,
        svg=drawing(drawn),
        kinds=KINDS,
        asked=answers.current_request().args,
        begins=first_words(book, drawn.cases),
    )


def drawing(drawn: Network) -> Markup | None:
    """Give a network as SVG for a page, or None where it is still being drawn."""
    made = ready.picture(drawn, SOON_DRAWN)
    address = url_for("cases.show", name="NAME").removesuffix("NAME")
    return None if made is None else Markup(made.replace(ready.CASE, address))  # noqa: S704 - every text in it was escaped by `svg`


@bp.get("/network.svg")
def picture_file() -> Response:
    """Give the network as a file."""
    return _with(_picture_file)


def _picture_file(found: Findings, book: Book, finder: Finder) -> Response:
    drawn = _network(found, book)
    if drawn is None:
        return waiting(finder, "connections.index")
    return as_file(svg(drawn, alone=True).encode(), "image/svg+xml", "network.svg")


def as_file(data: bytes, type_: str, name: str) -> Response:
    """Answer with a file, in UTF-8, that the browser saves."""
    response = Response(data, content_type=f"{type_}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/case/<name>")
def case(name: str) -> Response:
    """Show what links one case to others."""
    book = current_book()
    file = book.case(name)
    found, finder = found_in(book)
    made = None if found is None else ready.ways(found, book.decisions(), SOON)
    if found is None or made is None:
        return waiting(finder, "connections.index")
    drawn = made.network(file.name, NEAREST)
    groups = shared(found, book.decisions(), Asked(case=file.name))
    return answers.page(
        "connections/case.html",
        tabs=TABS,
        state=(finder.looking, found.unread),
        file=file,
        rows=groups[:EACH],
        count=len(groups),
        network=drawn,
        svg=drawing(drawn),
        kinds=KINDS,
        days=parted(of_cases([file], found.moments, only=file.name)),
        **of_groups(book, groups[:EACH], drawn.cases),
    )


def _network(found: Findings, book: Book) -> Network | None:
    """Give the network that is asked for, or None where that takes a while."""
    asked = answers.current_request().args
    rejected = asked.get("rejected") == "yes"
    if named := asked.get("investigation", ""):
        cases = next((one.cases for one in book.investigations() if one.id.hex() == named), None) or abort(
            404
        )
        return network(found.links, book.decisions(), within=cases, titles=titles_of(found))
    around = book.case(asked["case"]).name if asked.get("case", "").strip() else ""
    made = ready.ways(found, book.decisions(), SOON, rejected=rejected)
    return None if made is None else made.network(around)


@bp.get("/places")
def places() -> Response:
    """List the places, by what they are named by."""
    return _with(_places)


def _places(found: Findings, _book: Book, finder: Finder) -> Response:
    by = answers.current_request().args.get("by", "")
    by = by if by in BY else first_with_rows(found.places)
    rows, page, pages = paged([place for place in found.places if place.by == by], page_number())
    return answers.page(
        "connections/places.html",
        tabs=TABS,
        state=(finder.looking, found.unread),
        by=by,
        bys=BY,
        missing=NONE[by],
        rows=rows,
        page=page,
        pages=pages,
    )


@bp.get("/routes")
def routes() -> Response:
    """List the routes: legs that were read, and answers that were not."""
    return _with(_routes)


def _routes(found: Findings, _book: Book, finder: Finder) -> Response:
    rows, page, pages = paged(legs(found.routes), page_number())
    return answers.page(
        "connections/routes.html",
        tabs=TABS,
        state=(finder.looking, found.unread),
        rows=rows,
        unread=[route for route in found.routes if not route.stops][:EACH],
        unread_count=sum(not route.stops for route in found.routes),
        page=page,
        pages=pages,
    )


@bp.get("/timeline")
def days() -> Response:
    """List the days that reports tell of, and what staff noted, the newest first."""
    return _with(_days)


def _days(found: Findings, book: Book, finder: Finder) -> Response:
    asked = answers.current_request().args
    wanted = book.case(asked["case"]).name if asked.get("case", "").strip() else ""
    files = [book.case(wanted)] if wanted else book.files()
    certain, uncertain = parted(of_cases(files, found.moments, only=wanted))
    only_uncertain = asked.get("day") == "none"
    rows, page, pages = paged((uncertain if only_uncertain else certain)[::-1], page_number())
    return answers.page(
        "connections/timeline.html",
        tabs=TABS,
        state=(finder.looking, found.unread),
        months=[]
        if only_uncertain
        else [(month, list(each)) for month, each in groupby(rows, key=lambda moment: moment.on[:7])],
        rows=rows,
        only_uncertain=only_uncertain,
        uncertain_count=len(uncertain),
        wanted=wanted,
        page=page,
        pages=pages,
    )
