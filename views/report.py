"""The report: its form, the files attached to it, and sending it. Everything is asked on one URL.

Nothing is kept but files, sealed, until the report is sent: what was typed goes to and fro in the form.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Blueprint, abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from crypto import returncode
from crypto.mailbox import Mailbox
from crypto.secret import ReturnCode
from payload import Report
from payload.outline import SECTION, Section
from store import MissingBlobs, StoreError
from views import intake, notices, report_pages, sending
from views.forms.answers import full
from views.forms.report import ReportForm
from views.intake import Asked, Intake
from views.sending import Problem
from views.shared import Vigil, vigil
from web import body, language, pages
from web.drafts import Form

bp = Blueprint("report", __name__)

Got = Intake[ReportForm]
ASKED = Asked(
    Form.REPORT,
    ReportForm,
    "what_happened",
    lazy_gettext(
        "“%(name)s” was not attached: a report holds %(files)s files. Send it with a second report."
    ),
)

# The check sends two numbers.
CHECKED = body.Limits(fields=20, other_bytes=8 << 10, files=0, overshoot=1 << 20)


@bp.get("/report")
def form() -> Response:
    """Show the blank form: rendered once for each way to come here, with a hole for the draft's token."""
    site = vigil()
    blank = pages.blank(notices.named("report"), report_pages.blank)
    return blank.fill(site.drafts.seal(site.drafts.new()), cache=pages.FORM)


@bp.get("/report/more")
def more() -> Response:
    """Give a blank entry for HTMX, told only which section it is for and its number.

    404 where there can be no such entry.
    """
    asked = pages.current_request().args
    section, number = repeatable(asked.get("section", "")), intake.number(asked.get("number", ""))
    if section is None or number is None or not 0 < number < section.most:
        abort(HTTPStatus.NOT_FOUND)
    return report_pages.entry(section, number)


@bp.post("/report")
def answer() -> Response:
    """Do what the pressed button wants with what was written and attached."""
    site = vigil()
    try:
        got = intake.read(site, pages.current_request(), ASKED)
    except body.BodyError as error:
        return too_much(site, error)
    do, of_what = got.action
    act = ACTIONS.get(do)
    return act(got, of_what) if act else report_pages.form(got, status_of(got))


@bp.post("/report/check")
def check() -> Response:
    """Say how long the text is against its limit, told only its length: the words stay in the browser."""
    fields = body.read(pages.current_request(), limits=CHECKED).fields
    return report_pages.length(intake.number(fields.get("length", ""), digits=9) or 0)


def review(got: Got, _of_what: str) -> Response:
    """Show what will be sent, or what is wrong with it."""
    if not complete(got):
        return report_pages.form(got, HTTPStatus.UNPROCESSABLE_ENTITY)
    return report_pages.review(got)


def send(got: Got, _of_what: str) -> Response:
    """Seal what was written and what was attached, keep it, and show the words to come back with."""
    site = got.vigil
    if not complete(got):
        return report_pages.form(got, HTTPStatus.UNPROCESSABLE_ENTITY)
    if held_back := sending.hold_back(site, got.form.current, _("Send now")):
        return report_pages.review(got, held_back, HTTPStatus.TOO_MANY_REQUESTS)
    code = ReturnCode.new()
    # Before it is kept: what is stored and whose code is not shown could not be found again.
    receipt = report_pages.receipt(got, returncode.words(code))
    try:
        keep(site, got, Mailbox(returncode.root(code)))
    except MissingBlobs:
        got.drop_lost()
        return report_pages.form(got, HTTPStatus.UNPROCESSABLE_ENTITY)
    except StoreError as error:
        site.failed(error)
        got.problems.append(Problem("what_happened", sending.not_kept()))
        return report_pages.form(got, HTTPStatus.SERVICE_UNAVAILABLE)
    return receipt


def upload(got: Got, _of_what: str) -> Response:
    """Answer the script that uploads one file at a time: a line for the list, or why not."""
    if got.fresh:
        return report_pages.line(got)
    return report_pages.refused(got, HTTPStatus.UNPROCESSABLE_ENTITY)


def attach(got: Got, _of_what: str) -> Response:
    """Show the form with the files that have just come, and go on there."""
    return report_pages.form(got, status_of(got), to="upload")


def remove(got: Got, of_what: str) -> Response:
    """Take one file out of the form, and off the disk."""
    intake.discard(got, intake.number(of_what))
    return report_pages.form(got, status_of(got), to="upload")


def add(got: Got, of_what: str) -> Response:
    """Show the form with one more entry in a section."""
    section = repeatable(of_what)
    if section is None:
        return report_pages.form(got, status_of(got))
    if not got.form.asked.add(section):
        got.problems.append(Problem(section.name, full(section)))
        return report_pages.form(got, HTTPStatus.UNPROCESSABLE_ENTITY)
    number = len(got.form.asked.entries(section)) - 1
    return report_pages.form(got, status_of(got), to=report_pages.first_question(section, number))


def drop(got: Got, of_what: str) -> Response:
    """Show the form with one entry fewer in a section."""
    name, _dash, number = of_what.partition("-")
    section = repeatable(name)
    if section is None:
        return report_pages.form(got, status_of(got))
    got.form.asked.drop(section, intake.number(number))
    return report_pages.form(got, status_of(got), to=f"{section.name}-add")


def change(got: Got, of_what: str) -> Response:
    """Show the form again, at the part that is to be changed."""
    return report_pages.form(got, status_of(got), to=report_pages.place_to_change(of_what))


ACTIONS: Mapping[str, Callable[[Got, str], Response]] = {
    "review": review,
    "send": send,
    "attach": attach,
    "upload": upload,
    "remove": remove,
    "add": add,
    "drop": drop,
    "change": change,
}


def status_of(got: Got) -> int:
    """Give the status of a form that is shown again because somebody goes on writing."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if got.told else HTTPStatus.OK


def complete(got: Got) -> bool:
    """Check a report that somebody wants to send; what is wrong is added to its problems."""
    form = got.form
    got.problems.extend(form.problems())
    got.check_captions()
    if not got.told and not got.files and not form.says_something:
        got.problems.append(
            Problem("what_happened", _("Write what happened. Even one sentence helps. Or attach a file."))
        )
    return not got.told


def keep(site: Vigil, got: Got, mailbox: Mailbox) -> None:
    """Seal the report, and store it in a mailbox of its own.

    :raises MissingBlobs: a file was swept or evicted meanwhile.
    :raises StoreError: the disk is full, or fails.
    """
    report = Report(
        draft=got.form.current.id,
        received_on=site.today(),
        language=language.current(),
        what_happened=got.form.text,
        files=intake.in_payload(got),
        answers=got.form.asked.answers(),
        mailbox=sending.address_of(mailbox),
    )
    sending.keep(site, report, [file.blob for file in got.files], mailbox)


def too_much(site: Vigil, error: body.BodyError) -> Response:
    """Answer a body that could not be taken as a whole, with what had arrived before."""
    got = intake.unread(site, error, ASKED)
    if got.action[0] == "upload":
        return report_pages.refused(got, error.code)
    return report_pages.form(got, error.code)


def repeatable(name: str) -> Section | None:
    """Give the section of a name that can have several entries, None where there is none."""
    section = SECTION.get(name)
    return section if section and section.one else None
