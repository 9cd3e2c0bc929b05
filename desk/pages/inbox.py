"""The inbox: what has come in, the newest first."""

from flask import Blueprint, Response

from desk.pages import answers, current_book

bp = Blueprint("inbox", __name__)


@bp.get("/")
def index() -> Response:
    """List the cases."""
    return answers.page("inbox/inbox.html", files=list(current_book().files())[::-1][:50])
