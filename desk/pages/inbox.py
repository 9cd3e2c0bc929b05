"""The inbox: what has come in, the newest first, by filters that are addresses.

An address stays in the browser's list of visited pages. So the words of a search never stand in one, and tags
and names of staff only as a number that this start of the desk has drawn.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for

from desk.book import Book, CaseFile
from desk.book.inbox import KINDS, NOBODY, Filter, first_names, found, marks, owners, same_as, tags
from desk.pages import answers, author, current_book, current_session
from desk.pages.groups import Groups, collapsed, others
from desk.pages.rows import about
from desk.showing import count_text
from payload.changes import SAME_AS, STATUSES, Group

bp = Blueprint("inbox", __name__)

A_PAGE = 50
GROUPED = ("spam", "same", "")
_KEY = secrets.token_bytes(16)
# What is one press away: the words, and the filter.
QUICK: tuple[tuple[str, dict[str, str]], ...] = (
    ("All", {}),
    ("Unread", {"unread": "yes"}),
    ("Urgent", {"urgent": "any"}),
    ("Danger now", {"urgent": "danger"}),
    ("Children", {"urgent": "children"}),
    ("Still open", {"status": "open"}),
    ("Marked as spam", {"group": "spam"}),
)


def number_of(word: str) -> str:
    """Give what stands for a tag or a name in an address."""
    return hmac.digest(_KEY, word.encode("utf-8", "replace"), "sha256").hex()[:12]


def _named(number: str, words: Sequence[str]) -> str:
    return next((word for word in words if number and number_of(word) == number), "")


def wanted(given: Mapping[str, str], book: Book) -> Filter:
    """Read the filter of an address."""
    files = book.files()
    known = Filter.of({name: value for name, value in given.items() if name not in ("words", "tag", "owner")})
    return replace(
        known,
        tag=_named(given.get("tag", ""), tags(files)) if given.get("tag") else "",
        owner=_named(given.get("owner", ""), [NOBODY, *owners(files)]) if given.get("owner") else "",
    )


def address(filter_: Filter, **more: str) -> str:
    """Give the address of the inbox by a filter."""
    safe = replace(
        filter_,
        words="",
        tag=number_of(filter_.tag) if filter_.tag else "",
        owner=number_of(filter_.owner) if filter_.owner else "",
    )
    query = safe.as_query() + ("&" + urlencode(more) if more else "")
    return url_for("inbox.index") + (f"?{query.lstrip('&')}" if query else "")


@bp.get("/")
def index() -> Response:
    """List the cases."""
    book = current_book()
    current_session().catch_up()
    filter_ = wanted(request.args, book)
    groups = current_session().alike.groups
    alike = request.args.get("alike", "")
    files = found(book, filter_, groups)
    first_ones, same = first_names(book, groups), same_as(book)
    if chosen := groups.get(alike):
        files = [file for file in files if file.name in chosen]
        groups = {}
    shown = collapsed(files, groups)
    page = _page(request.args.get("page", ""))
    start = (page - 1) * A_PAGE
    rows = shown[start : start + A_PAGE]
    more = {"alike": alike} if chosen else {}
    return answers.page(
        "inbox/inbox.html",
        rows=list(
            zip(
                rows,
                [about(book, file) for file in rows],
                others(rows, groups, files),
                [marks(_members(book, file, groups, same)) for file in rows],
                strict=True,
            )
        ),
        urgent=sum(file.name in first_ones for file in rows),
        count=len(shown),
        first=start + 1,
        page=page,
        pages=max(1, -(-len(shown) // A_PAGE)),
        **_choices(book, filter_),
        unread=len(collapsed(found(book, Filter(unread="yes")), groups)),
        alike=alike if chosen else "",
        next=address(filter_, page=str(page + 1), **more),
        before=address(filter_, page=str(page - 1), **more),
    )


def _members(
    book: Book, file: CaseFile, groups: Groups, same: Mapping[str, Sequence[CaseFile]]
) -> list[CaseFile]:
    """Give the cases that one row stands for, its own first."""
    near = [book.case(name) for name in groups.get(file.name, ()) if name != file.name and book.has(name)]
    return [file, *near, *same.get(file.name, ())]


@bp.post("/alike/<name>")
def group(name: str) -> Response:
    """Note what cases are that say nearly the same: spam, the same as the oldest of them, or neither."""
    book = current_book()
    names = current_session().alike.groups.get(name)
    said = answers.fields().get("group", "")
    if names is None or said not in GROUPED:
        abort(404)
    oldest = names[0]
    for each in names:
        noted = f"{SAME_AS}{oldest}" if said == "same" else said
        wanted_ = "" if said == "same" and each == oldest else noted
        file = book.case(each)
        if file.work.group != wanted_:
            book.add(file, Group(wanted_), author())
    return answers.go_to("inbox.index", f"Noted for {count_text(len(names), 'case')}.")


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 10**5 else 1


def _choices(book: Book, filter_: Filter) -> dict[str, Any]:
    files = book.files()
    return {
        "filter": filter_,
        "quick": [(words, address(Filter.of(given)), Filter.of(given) == filter_) for words, given in QUICK],
        "kinds": [("", "Any"), *((kind, kind) for kind in KINDS)],
        "statuses": [("", "Any"), ("open", "all but closed"), *STATUSES.items()],
        "owners": [("", "Anybody"), *((number_of(name), name) for name in (NOBODY, *owners(files)))],
        "tags": [("", "Any"), *((number_of(tag), tag) for tag in tags(files))],
        "owner": number_of(filter_.owner) if filter_.owner else "",
        "tag": number_of(filter_.tag) if filter_.tag else "",
        "status_words": STATUSES,
    }
