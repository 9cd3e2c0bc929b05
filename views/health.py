"""For a monitor: is the site up?"""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Say that requests are answered."""
    return Response("ok\n", mimetype="text/plain")
