"""The pages of trust: safety, privacy, about, accessibility, corrections, and security.txt."""

from datetime import datetime, time, timedelta

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from views import published
from views.shared import vigil
from web import pages

bp = Blueprint("pages", __name__)

# RFC 9116 asks for less than a year. A site that nobody looks after lets this lapse only when it stops.
SECURITY_TXT_DAYS = 90


@bp.get("/safety")
def safety() -> AnyResponse:
    """Say how to report without being found out. Kept by no cache: somebody may look through this device."""
    return pages.page("pages/safety.html", max_file_mb=vigil().max_file_mb)


@bp.get("/privacy")
def privacy() -> AnyResponse:
    """Say what is kept and what is not, and what in the code holds it so."""
    forgets = vigil().store.forgets_at_once
    return pages.tagged(pages.page("pages/privacy.html", cache=pages.FORM, forgets_at_once=forgets))


@bp.get("/accessibility")
def accessibility() -> AnyResponse:
    """Say who can use this site, and what is not known yet."""
    return pages.tagged(pages.page("pages/accessibility.html", cache=pages.FORM))


@bp.get("/about")
def about() -> AnyResponse:
    """Show what the newsroom says of itself."""
    return published.kept(
        "about", lambda: published.page("pages/about.html", about=vigil().published.page("about"))
    )


@bp.get("/corrections")
def corrections() -> AnyResponse:
    """List what was corrected or withdrawn, newest first."""
    return published.kept(
        "corrections",
        lambda: published.page("pages/corrections.html", corrections=vigil().published.corrections()),
    )


@bp.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Say where to tell of a weakness (RFC 9116). ``Expires`` moves along by the day."""
    site = vigil()
    expires = datetime.combine(site.today() + timedelta(days=SECURITY_TXT_DAYS), time())
    lines = [
        f"Contact: {site.site.security or published.root() + '/contact'}",
        f"Expires: {expires.isoformat()}Z",
        "Preferred-Languages: en",
    ]
    if site.site.url:
        lines.append(f"Canonical: {site.site.url}/.well-known/security.txt")
    return Response("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
