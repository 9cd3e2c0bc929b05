"""The first page."""

from flask import Blueprint
from werkzeug.wrappers import Response

from web import pages

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> Response:
    """Say what this site is for, and where to go."""
    return pages.page("home.html", cache=pages.FORM)
