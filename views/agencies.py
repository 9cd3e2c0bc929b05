"""Whom to call: the agencies, and three questions that narrow the list."""

from dataclasses import dataclass
from typing import Any, Self

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from publishing import agencies as known
from views import published
from views.shared import vigil
from web import body, pages

bp = Blueprint("agencies", __name__)

PAGE, FOUND = "agencies/agencies.html", "agencies/_found.html"

# The words of each choice; publishing.agencies has the same keys, and a test holds them together.
KINDS = {
    "county-lines": _("A child or young person is drawn into drugs or a gang"),
    "trafficking": _("Somebody is held, sold, or made to do things"),
    "work": _("Work without pay, with threats, or for a debt"),
    "child": _("A child is hurt, neglected or frightened"),
    "images": _("Sexual pictures of somebody under 18"),
    "abuse": _("Violence, control or forced marriage at home"),
    "sexual": _("Sexual violence or sexual exploitation"),
    "missing": _("Somebody is missing, or has run away"),
    "crime": _("Drugs, weapons, violence or dirty money"),
    "fraud": _("Fraud, or something online that cheats people"),
    "border": _("Smuggling of people or goods"),
    "asylum": _("Asylum, and help for people new in the country"),
    "talk": _("I need somebody to talk to"),
}
NATIONS = {
    "england": _("England"),
    "wales": _("Wales"),
    "scotland": _("Scotland"),
    "northern-ireland": _("Northern Ireland"),
}
YES, UNSURE, NO = "yes", "unsure", "no"
DANGER = {YES: _("Yes"), UNSURE: _("I am not sure"), NO: _("No")}

# Three short answers; whatever else comes is no choice.
LIMITS = body.Limits(fields=20, other_bytes=8 << 10, files=0, overshoot=1 << 20)


@dataclass(frozen=True)
class Asked:
    """What somebody chose, each of a fixed list; empty where they did not, or sent what is not in it."""

    what: str = ""
    where: str = ""
    danger: str = ""

    @classmethod
    def read(cls, fields: MultiDict[str, str]) -> Self:
        """Take the choices out of a form."""
        return cls(*(_one_of(fields.get(name, ""), of) for name, of in cls.lists().items()))

    @staticmethod
    def lists() -> dict[str, dict[str, str]]:
        """Give the choices of each question, with their words."""
        return {"what": KINDS, "where": NATIONS, "danger": DANGER}


@bp.get("/agencies/")
def agencies() -> Response:
    """Show everybody, and the questions. What stands behind a ? is not looked at."""
    today = vigil().today()
    # The day belongs to the key: an entry that was checked a year ago says so from tomorrow on.
    return published.kept(("agencies", today), lambda: published.page(PAGE, **_shown(Asked())))


@bp.post("/agencies/")
def choose() -> Response:
    """Show those who fit what was chosen. Nothing is stored.

    A form that only asks would be a GET anywhere else. But its choices would then stand in the address, and
    so in the history of a phone that somebody else may look through: "trafficking, danger: yes". A posted
    form leaves the bare address there, and HTMX is told of no other; the answer is not kept (no-store).
    """
    asked = Asked.read(body.read(pages.current_request(), limits=LIMITS).fields)
    # Compressed, for this answer holds no secret that its length could tell of.
    answer = pages.page_or_partial(PAGE, FOUND, compress=True, **_shown(asked))
    if asked.danger in (YES, UNSURE) and pages.current_request().wants_partial:
        # On a phone the list is below the question: 999 comes into view, not only onto the page.
        answer.headers["HX-Reswap"] = "innerMorph show:top"
    return answer


def _one_of(value: str, choices: dict[str, str]) -> str:
    return value if value in choices else ""


def _shown(asked: Asked) -> dict[str, Any]:
    found = known.chosen(vigil().published.agencies(), asked.what or None, asked.where or None)
    # In danger, the first thing on the page is what to do now, and stands there alone.
    first = [agency for agency in found if agency.urgent] if asked.danger in (YES, UNSURE) else []
    return {
        "asked": asked,
        "lists": Asked.lists(),
        "first": first,
        "others": [agency for agency in found if agency not in first],
        "today": vigil().today(),
        "nations": NATIONS,
        "pieces": known.pieces,
    }
