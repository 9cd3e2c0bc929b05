"""Patterns: counts, what is new and rising, what an investigator asks first; to read, to print, to save."""

import json
from collections.abc import Callable

from flask import Blueprint, Response

from desk.connections.scale import sure
from desk.pages import answers, current_book
from desk.pages.connections import as_file, found_in, waiting
from desk.patterns import FEW, FEWEST, HOW, Patterns, csv_bytes
from desk.patterns.kept import patterns_of

bp = Blueprint("patterns", __name__, url_prefix="/patterns")

bp.add_app_template_filter(sure, "sure")  # a score, in words

SOON = 0.5  # seconds in which the counts of a small casebook are there


def _with(show: Callable[[Patterns], Response]) -> Response:
    book = current_book()
    found, finder = found_in(book)
    counted = None if found is None else patterns_of(found, book.files(), SOON)
    return waiting(finder, "patterns.index") if counted is None else show(counted)


@bp.get("/")
def index() -> Response:
    """Show the patterns."""
    return _with(_shown)


def _shown(patterns: Patterns) -> Response:
    return answers.page("patterns/patterns.html", patterns=patterns, how=HOW, few=FEW, fewest=FEWEST)


@bp.get("/patterns.csv")
def as_csv() -> Response:
    """Give them for a spreadsheet."""
    return _with(lambda patterns: as_file(csv_bytes(patterns.tables), "text/csv", "patterns.csv"))


@bp.get("/patterns.json")
def as_json() -> Response:
    """Give them as data."""
    return _with(
        lambda patterns: as_file(
            json.dumps(patterns.as_json(), indent=2).encode(), "application/json", "patterns.json"
        )
    )
