"""Unlock the desk with its passphrase, see it open, and lock it."""

from typing import Any

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import HTTPException

from desk.errors import DeskError
from desk.harmless import harmless
from desk.pages import answers, current_session, drafts
from desk.pages.session import Stage

bp = Blueprint("unlocking", __name__)

FORMS = {
    "replying.send": "A reply in case {name}",
    "cases.note": "A note on case {name}",
    "cases.change": "Work on case {name}",
    "referral.choose": "Passing case {name} on",
    "referral.pass_on": "Passing case {name} on",
    "investigations.begin": "A new investigation",
    "investigations.note": "A note on an investigation",
    "investigations.about": "What an investigation is about",
    "investigations.change": "Work on an investigation",
}
# Fields with words of somebody. Of any other field what is more than one word is somebody's too.
LABELS = {
    "text": "The words",
    "file": "Files to go with it",
    "about": "What it is about",
    "name": "Name",
    "title": "What is to be done",
    "why": "Why",
    "conditions": "Conditions",
    "add": "Tags",
}
SOON = 1.5  # seconds in which a small casebook is open, and no page need say that it is being opened


@bp.route("/unlock", methods=["GET", "POST"])
def unlock() -> Response:
    """Show where the passphrase is typed, or take it."""
    session = current_session()
    if answers.current_request().method == "GET":
        if session.stage is not Stage.LOCKED:
            return answers.go_to("unlocking.opening")
        return _asked()
    typed = answers.fields()
    name, phrase = typed.get("name", "").strip(), typed.get("passphrase", "")
    if not name:
        return _asked(DeskError("your name is missing", "it stands beside what you note; initials will do"))
    if harmless(name) != name:
        return _asked(DeskError("your name holds what cannot be shown", "write it with plain letters"))
    if not phrase:
        return _asked(DeskError("the passphrase is missing", "type it"), name)
    try:
        session.unlock(phrase, name)
    except DeskError as wait:
        return _asked(wait, name)
    session.wait(SOON)
    return answers.go_to("unlocking.opening")


def _asked(problem: DeskError | None = None, name: str = "") -> Response:
    session = current_session()
    status = 422 if problem else 200
    problem = problem or session.problem
    return answers.page(
        "unlock.html",
        status,
        problem=answers.problem(problem) if problem else None,
        name=name or session.author,
    )


@bp.get("/opening")
def opening() -> Response:
    """Say how far the opening is; then go where it leads."""
    session = current_session()
    if session.stage is Stage.OPEN:
        return answers.go_to("inbox.index")
    if session.stage is Stage.LOCKED:
        return answers.go_to("unlocking.unlock")
    return answers.page_or_partial("opening.html", "_opening.html", done=session.done, of=session.of)


@bp.post("/lock")
def lock() -> Response:
    """Close the book; the process ends once this answer is out."""
    session = current_session()
    session.lock()
    response = answers.page("locked.html")
    response.call_on_close(session.finish)
    return response


@bp.get("/locked")
def locked() -> Response:
    """Say that the desk is locked."""
    return answers.page("locked.html")


@bp.get("/still")
def still() -> Response:
    """Tell a page that was left open whether it may show what it shows. This does not keep it open."""
    open_ = current_session().stage is Stage.OPEN
    return Response(status=204 if open_ else 205)


@bp.post("/here")
def here() -> Response:
    """Note that somebody types or reads, and keep what stands in the form that they write in."""
    typed = answers.fields()
    path = typed.pop("at", "")
    if path.startswith("/"):
        drafts.keep(current_session().typed, path, typed)
    return Response(status=204)


@bp.post("/keys")
def keys() -> Response:
    """Turn the single keys off or on."""
    session = current_session()
    session.keys = not session.keys
    return answers.go_to("inbox.index", "The keys are on." if session.keys else "The keys are off.")


@bp.get("/typed")
def typed() -> Response:
    """Show what was typed and never sent."""
    return answers.page("typed.html", kept=current_session().typed, about=_about)


@bp.post("/typed")
def forget() -> Response:
    """Forget one of them."""
    current_session().typed.pop(answers.fields().get("at", ""), None)
    return answers.go_to("unlocking.typed", "Forgotten.")


def _about(path: str, said: list[tuple[str, str]]) -> dict[str, Any]:
    """Give what the page says of a form: what it is, its texts with their labels, and whether a page at its
    path shows it."""
    kind, given = _page(path, "POST")
    words = FORMS.get(kind, "Something that was typed")
    return {
        "title": words.format(**given) if kind in FORMS else words,
        "texts": [
            (LABELS.get(name, "Besides"), value)
            for name, value in said
            if (name in LABELS and value.strip()) or len(value.split()) > 1
        ],
        "goes": bool(_page(path, "GET")[0]),
    }


def _page(path: str, method: str) -> tuple[str, dict[str, Any]]:
    """Give the endpoint at a path and what stands in it, or nothing."""
    try:
        endpoint, given = current_app.url_map.bind("").match(path, method)
    except HTTPException:
        return "", {}
    return str(endpoint), dict(given)
