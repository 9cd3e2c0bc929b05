"""Letters to an MP: choose one, fill it in, see it, take it as a file.

What is typed goes into the answer and nowhere else: it is not stored, not logged, not kept in memory for the
next reader, and the file says nothing of who made it, or when.
"""

import threading
import unicodedata
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from babel.dates import format_date
from flask import Blueprint, Response, abort
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from publishing import typeset
from publishing.letter_sheet import BLANK, HOUSE_OF_COMMONS, Filled, sheet
from publishing.letters import Letter
from publishing.typeset import NotPrintable
from views import published, sending
from views.forms.letter import LetterForm
from views.sending import Problem
from views.shared import vigil
from web import blocking, body, cached, pages

bp = Blueprint("letter", __name__)

FORM = "letter/form.html"
KINDS: dict[str, tuple[str, Callable[[Letter, Filled], bytes]]] = {
    "pdf": (typeset.PDF_TYPE, typeset.pdf),
    "docx": (typeset.WORD_TYPE, typeset.docx),
}
# Letters are made one at a time, so that many robots at once cannot take a whole worker.
_PRESS = threading.BoundedSemaphore(1)
WAIT_SECONDS = 20.0
# A whole letter, every character escaped, weighs some 32 KB; no file belongs to it.
LIMITS = body.Limits(fields=20, other_bytes=64 << 10, file_bytes=0, files=0, overshoot=2 << 20)
# Of the characters that a PDF cannot show, so many are named.
NAMED = 8


@bp.get("/letter")
def letters() -> Response:
    """List the letters to choose from."""

    def make() -> AnyResponse:
        return published.page("letter/list.html", letters=vigil().published.letters(), house=HOUSE_OF_COMMONS)

    return published.kept("letters", make)


@bp.get("/letter/<slug>")
def form(slug: str) -> Response:
    """Show a letter and the form that fills it, blank but for today's date; 404 where there is none."""
    today = format_date(vigil().today(), "d MMMM y", locale="en_GB")

    def make() -> AnyResponse:
        blank = LetterForm(None, date=today)
        return published.page(FORM, **_context(_wanted(slug), blank, []))

    return published.kept(("letter", slug, today), make)


@bp.post("/letter/<slug>")
def show(slug: str) -> Response:
    """Show the letter with what was typed: the sheet alone for HTMX, as it is typed."""
    letter = _wanted(slug)
    form, problems = _typed()
    return _shown(letter, form, problems)


@bp.get("/letter/<slug>.<any(pdf, docx):kind>")
def blank(slug: str, kind: str) -> Response:
    """Give the letter as a file with lines to fill in by hand."""
    return published.kept(("letter", slug, kind), lambda: _blank(_wanted(slug), kind))


@bp.post("/letter/<slug>.<any(pdf, docx):kind>")
def take(slug: str, kind: str) -> Response:
    """Give the letter as a file, or the form again with what is wrong and all that was typed."""
    letter = _wanted(slug)
    form, problems = _typed()
    if problems:
        return _shown(letter, form, problems)
    try:
        return _file(_made(letter, form.filled, kind), kind)
    except NotPrintable as error:
        return _shown(letter, form, _unprintable(error))
    except Busy:
        problems = [Problem("", _("Many letters are being made just now. Try again in a minute."))]
        return _shown(letter, form, problems, HTTPStatus.SERVICE_UNAVAILABLE)


class Busy(Exception):  # noqa: N818 - says what is the case
    """Too many letters wait to be made."""


def _wanted(slug: str) -> Letter:
    return vigil().published.letter(slug) or abort(HTTPStatus.NOT_FOUND)


def _typed() -> tuple[LetterForm, list[Problem]]:
    """Read the form, and what is wrong with it."""
    try:
        fields = body.read(pages.current_request(), limits=LIMITS).fields
    except body.UnknownEncoding:
        raise
    except body.BodyError as error:
        said = _("This was too much to take in, or it did not arrive whole. Shorten it, or try again.")
        form = LetterForm(error.fields)
        # Judged all the same: what is too long is shown in its box, and not set into a letter.
        return form, [Problem("", said), *sending.problems_of(form)]
    form = LetterForm(fields)
    return form, sending.problems_of(form)


def _made(letter: Letter, filled: Filled, kind: str) -> bytes:
    """Make a file while others are served.

    :raises NotPrintable: the PDF's fonts do not have all that was typed.
    :raises Busy: others were before it, for too long.
    """
    if not _PRESS.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        return blocking.look(KINDS[kind][1], letter, filled)
    finally:
        _PRESS.release()


def _blank(letter: Letter, kind: str) -> Response:
    try:
        made = _made(letter, BLANK, kind)
    except Busy:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return _file(made, kind, cache=cached.READERS)


def _file(made: bytes, kind: str, cache: str = pages.NO_STORE) -> Response:
    answer = Response(made, content_type=KINDS[kind][0])
    answer.headers["Cache-Control"] = cache
    # The name says nothing of what it is about, to whoever sees the folder of downloads.
    answer.headers["Content-Disposition"] = f'attachment; filename="letter.{kind}"'
    return answer


def _shown(letter: Letter, form: LetterForm, problems: list[Problem], status: int | None = None) -> Response:
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return pages.page_or_partial(FORM, "letter/_sheet.html", status, **_context(letter, form, problems))


def _context(letter: Letter, form: LetterForm, problems: list[Problem]) -> dict[str, Any]:
    return {
        "letter": letter,
        "form": form,
        "problems": problems,
        "sheet": sheet(letter, form.filled),
        "facts": typeset.FACTS,
        "house": HOUSE_OF_COMMONS,
    }


def _unprintable(error: NotPrintable) -> list[Problem]:
    labels = {
        "name": _("Your name"),
        "address": _("Your address"),
        "mp": _("The name of your MP"),
        "constituency": _("Your constituency"),
        "date": _("Date"),
    }
    advice = _("Take the Word file, which can, or write this in other letters.")
    found = []
    for gap, signs in error.signs.items():
        if not signs:
            said = _("The PDF cannot show some of what you typed.")
        elif gap:
            said = _("%(label)s: the PDF cannot show %(signs)s.", label=labels[gap], signs=_named(signs))
        else:
            said = _("The PDF cannot show %(signs)s where it stands.", signs=_named(signs))
        found.append(Problem(gap, f"{said} {advice}"))
    return found


def _named(signs: list[str]) -> str:
    """Name characters: those that can be seen as they are, the others by their number."""
    said = [
        f"“{sign}”" if unicodedata.category(sign)[0] in "LNPS" else f"U+{ord(sign):04X}"
        for sign in signs[:NAMED]
    ]
    if len(signs) > NAMED:
        said.append(_("%(count)s others", count=f"{len(signs) - NAMED:,}"))
    return ", ".join(said)
