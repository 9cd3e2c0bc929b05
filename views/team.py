"""The team's keys, for readers to compare."""

from flask import Blueprint
from werkzeug.wrappers import Response

from views.shared import vigil
from web import pages

bp = Blueprint("team", __name__)


@bp.get("/keys")
def keys() -> Response:
    """Show the fingerprint of the team's identity."""
    return pages.page("keys.html", cache=pages.FORM, team_keys=vigil().team_keys)
