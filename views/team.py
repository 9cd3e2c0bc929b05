"""The team's keys, for readers to compare and to take along."""

import io
from dataclasses import dataclass
from functools import lru_cache

import segno
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from views.shared import vigil
from web import pages

bp = Blueprint("team", __name__)

# Pixels for each square of the code: it can be read off a screen at arm's length.
QR_SCALE = 6


@dataclass(frozen=True)
class Code:
    """A QR code: a PNG, and how many pixels it is wide and high."""

    png: bytes
    size: int

    @classmethod
    @lru_cache(maxsize=1)
    def of(cls, text: str) -> "Code":
        """Draw ``text``; a third of the code may be covered or torn. The last one drawn is kept."""
        code = segno.make(text, error="h", micro=False)
        out = io.BytesIO()
        code.save(out, kind="png", scale=QR_SCALE)
        return cls(out.getvalue(), int(code.symbol_size(QR_SCALE)[0]))


@bp.get("/keys")
def keys() -> AnyResponse:
    """Show the fingerprint of the team's identity."""
    now = vigil().team_keys
    shown = pages.page("keys.html", cache=pages.FORM, team_keys=now, code=Code.of(now.fingerprint))
    return pages.tagged(shown)


@bp.get("/keys/qr.png")
def qr() -> Response:
    """Give the fingerprint as a QR code: a PNG, since Tor Browser at "Safest" shows no SVG."""
    return _file(Code.of(vigil().team_keys.fingerprint).png, "image/png")


@bp.get("/keys/team.keys")
def team_keys() -> Response:
    """Give the signed list of keys, as this server uses it."""
    answer = _file(vigil().team_keys.raw, "application/octet-stream")
    answer.headers["Content-Disposition"] = 'attachment; filename="team.keys"'
    return answer


def _file(data: bytes, media_type: str) -> Response:
    answer = Response(data, content_type=media_type)
    answer.headers["Cache-Control"] = pages.FORM
    answer.add_etag()
    answer.make_conditional(request)
    return answer
