"""The report: its form, the files attached to it, and sending it."""

from http import HTTPStatus

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from payload import AttachedFile, Report
from payload.limits import MAX_FILES, MAX_TEXT
from store import MissingBlobs, StoreError
from views import intake, sending
from views.intake import Intake
from views.sending import Problem
from views.shared import Vigil, vigil
from web import blocking, body, language, pages
from web.drafts import FileToken

bp = Blueprint("report", __name__)

FORM = "report/form.html"
# The check sends two numbers.
CHECKED = body.Limits(fields=20, other_bytes=8 << 10, files=0, overshoot=1 << 20)


@bp.get("/report")
def form() -> Response:
    """Show the blank form: rendered once, with a hole for the draft's token."""
    site = vigil()
    blank = pages.blank("report", rendered)
    return blank.fill(site.drafts.seal(site.drafts.new()), cache=pages.FORM)


@bp.post("/report")
def send() -> Response:
    """Seal what was written and what was attached, keep it, and say so."""
    site = vigil()
    try:
        got = intake.read(site, pages.current_request())
    except body.BodyError as error:
        return too_much(site, error)
    if not complete(got):
        return shown(got, HTTPStatus.UNPROCESSABLE_ENTITY)
    sending.hold_robots_back(site, got.form.current)
    try:
        keep(site, got)
    except MissingBlobs:
        got.drop_lost()
        return shown(got, HTTPStatus.UNPROCESSABLE_ENTITY)
    except StoreError as error:
        site.failed(error)
        got.problems.append(Problem("what_happened", sending.not_kept()))
        return shown(got, HTTPStatus.SERVICE_UNAVAILABLE)
    return pages.page("report/receipt.html")


@bp.post("/report/files")
def files() -> Response:
    """Attach files without sending the report."""
    site = vigil()
    try:
        got = intake.read(site, pages.current_request())
    except body.BodyError as error:
        return too_much(site, error)
    if "one" in got.fields:
        return one(got)
    return shown(got, HTTPStatus.UNPROCESSABLE_ENTITY if got.told else HTTPStatus.OK)


@bp.post("/report/remove")
def remove() -> Response:
    """Take one file out of the form, and off the disk."""
    site = vigil()
    try:
        got = intake.read(site, pages.current_request())
    except body.BodyError as error:
        return too_much(site, error)
    position = got.fields.get("remove", "")
    if position.isascii() and position.isdigit() and int(position[:4]) < len(got.files):
        blocking.run(site.store.drop_pending, got.files.pop(int(position[:4])).blob)
        site.soon.touch()
    return shown(got)


@bp.post("/report/check")
def check() -> Response:
    """Say how long the text is against its limit, told only its length: the words stay in the browser."""
    fields = body.read(pages.current_request(), limits=CHECKED).fields
    said = fields.get("length", "")
    length = int(said[:9]) if said.isascii() and said.isdigit() else 0
    return pages.page("report/_check.html", length=length, limits=limits(vigil()))


def complete(got: Intake) -> bool:
    """Check a report that somebody wants to send; what is wrong is added to its problems."""
    form = got.form
    got.problems.extend(sending.problems_of(form))
    if not form.text.strip() and not got.files:
        got.problems.append(
            Problem("what_happened", _("Write what happened, even one sentence helps, or attach a file."))
        )
    return not got.told


def keep(site: Vigil, got: Intake) -> None:
    """Seal the report, and store it.

    :raises MissingBlobs: a file was swept or evicted meanwhile.
    :raises StoreError: the disk is full, or fails.
    """
    report = Report(
        draft=got.form.current.id,
        received_on=site.today(),
        language=language.current(),
        what_happened=got.form.text,
        files=tuple(attached(file) for file in got.files),
    )
    sending.keep(site, report, [file.blob for file in got.files])


def attached(file: FileToken) -> AttachedFile:
    """Give what the payload says of a file: where it is, how to open it, and what it is."""
    return AttachedFile(
        blob=file.blob,
        key=file.key.reveal(),
        name=file.name,
        type=file.type,
        size=file.size,
        sha256=file.sha256,
        sealed_sha256=file.sealed_sha256,
    )


def limits(site: Vigil) -> dict[str, int]:
    """Give the limits that the form states."""
    return {
        "max_text": MAX_TEXT,
        "max_files": MAX_FILES,
        "max_file_mb": site.max_file_mb,
    }


def rendered(draft: str) -> str:
    """Render the form as it first comes, for a draft's token."""
    return render_template(FORM, draft=draft, text="", files=[], problems=[], limits=limits(vigil()))


def shown(got: Intake, status: int = HTTPStatus.OK) -> Response:
    """Show the form with all that has arrived."""
    return pages.page_or_partial(
        FORM,
        "report/_files.html",
        status,
        cache=pages.FORM,
        draft=got.form.draft.data,
        text=got.form.text,
        files=got.attached,
        problems=got.told,
        limits=limits(got.vigil),
    )


def one(got: Intake) -> Response:
    """Answer the script that uploads one file at a time: a line for the list, or why not."""
    if not got.fresh:
        return pages.page("report/_refused.html", HTTPStatus.UNPROCESSABLE_ENTITY, problems=got.told)
    spoiled = got.form.draft.spoiled
    return pages.page(
        "report/_file.html", file=got.attached[-1], draft=got.form.draft.data if spoiled else None
    )


def too_much(site: Vigil, error: body.BodyError) -> Response:
    """Answer a body that could not be taken as a whole, with what had arrived before."""
    if isinstance(error, body.UnknownEncoding):
        raise error
    got = Intake(site, error.fields)
    message = sending.not_read(
        error,
        too_much=_(
            "This was too much to send at once. Send less text, or fewer files at a time. "
            "Of a very long text, only the beginning is below."
        ),
        too_slow=_("Sending took too long. Try again, with smaller files or none."),
    )
    got.problems.append(Problem("upload", message))
    if "one" in got.fields:
        return pages.page("report/_refused.html", error.code, problems=got.told)
    return shown(got, error.code)
