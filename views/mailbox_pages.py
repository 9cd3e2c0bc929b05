"""What the mailbox's pages show: where the words are asked for, what is held, what is about to be deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, render_template
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from crypto.mailbox import Mailbox
from crypto.secret import MailboxRoot
from views import notices
from views.deleting import Going
from views.forms.mailbox import MailboxForm, Misread
from views.held import Held
from views.intake import Intake
from views.report_pages import limits
from views.sending import Problem
from web import pages

ENTER, FORM = "mailbox/enter.html", "mailbox/_enter.html"


@dataclass(frozen=True)
class Page:
    """An open mailbox, for one request: what was posted, its root, what it holds."""

    got: Intake[MailboxForm]
    root: MailboxRoot = field(repr=False)
    mailbox: Mailbox
    held: Held


def blank(draft: str) -> AnyResponse:
    """Ask for the words. No page of the mailbox is compressed or kept."""
    return _enter(draft)


def enter(
    got: Intake[MailboxForm],
    message: str = "",
    misread: Misread | None = None,
    nothing: bool = False,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> AnyResponse:
    """Ask for the words again, and say why; what else was typed and attached stays in the form.

    ``nothing``: the words are a code's, and nothing is here for it. That is no mistake to be told of in red.
    """
    problems = [Problem("code", message)] if message else []
    if misread is not None:
        problems += misread.problems
    return _enter(
        got.form.draft.data,
        status,
        got=got,
        problems=[*problems, *got.told],
        wrong=misread.wrong if misread else (),
        nothing=nothing,
    )


def shown(
    page: Page,
    status: int | None = None,
    *,
    to: str = "",
    notice: str = "",
    gone: Going | None = None,
    whole: bool = True,
) -> AnyResponse:
    """Show what the mailbox holds, and the form with what was typed and attached.

    ``notice`` says what was done, ``gone`` what was deleted; ``whole``: no trace of that is left on the disk.
    """
    told = page.got.told
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if told else HTTPStatus.OK
    wrong: dict[str, list[str]] = {}
    for problem in told:
        wrong.setdefault(problem.field, []).append(problem.message)
    return pages.long_page(
        "mailbox/mailbox.html",
        status,
        **_carried(page),
        **_left(page),
        held=page.held,
        problems=told,
        wrong=wrong,
        to="" if told else to,
        notice=notice,
        gone=gone,
        whole=whole,
        alike=len({sent.day for sent in page.held.sent}) < len(page.held.sent),
    )


def confirm(page: Page, going: Going, of_what: str) -> AnyResponse:
    """Ask whether it shall really go."""
    return pages.page("mailbox/delete.html", **_carried(page), **_left(page), going=going, of_what=of_what)


def emptied(page: Page, gone: Going, *, whole: bool) -> AnyResponse:
    """Say that nothing is left; ``whole``: no trace of it on the disk either."""
    return pages.page("mailbox/emptied.html", gone=gone, whole=whole, **_left(page), text=page.got.form.text)


def card(words: Sequence[str]) -> AnyResponse:
    """Give the words as a text file to be saved."""
    lines = [f"{number:>2}. {word}" for number, word in enumerate(words, 1)]
    answer = Response("\r\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = pages.NO_STORE
    answer.headers["Content-Disposition"] = 'attachment; filename="card.txt"'
    return answer


def _enter(
    draft: str,
    status: int = HTTPStatus.OK,
    *,
    got: Intake[MailboxForm] | None = None,
    problems: Sequence[Problem] = (),
    wrong: Sequence[object] = (),
    nothing: bool = False,
) -> AnyResponse:
    def frame(hole: str) -> str:
        return render_template(ENTER, hole=hole, problems=problems)

    def form(draft: str, typed: str) -> str:
        return render_template(
            FORM,
            draft=draft,
            typed=typed,
            text=text,
            files=files,
            problems=problems,
            wrong=wrong,
            nothing=nothing,
        )

    typed, text = (got.form.typed, got.form.text) if got else ("", "")
    files = got.attached if got else []
    if text or files or problems or wrong:
        filling = form(draft, typed)
    else:
        # Whoever guesses words gets this page: it costs us little.
        piece = pages.blank_piece("nothing here" if nothing else "words", lambda hole: form(hole, hole))
        filling = piece.fill(escape(draft), escape(typed))
    page = pages.blank(notices.named("mailbox, problem" if problems else "mailbox"), frame)
    return page.fill(filling, status, cache=pages.NO_STORE, compress=False)


def _left(page: Page) -> dict[str, Any]:
    """Give what has to be known to say what stays of deleted things."""
    return {"forgets_at_once": page.got.vigil.store.forgets_at_once}


def _carried(page: Page) -> dict[str, Any]:
    """Give what every page of an open mailbox carries on."""
    got = page.got
    return {
        "draft": got.form.draft.data,
        "mailbox": got.vigil.mailbox_keys.seal(page.root),
        "text": got.form.text,
        "files": got.attached,
        "limits": limits(),
    }
