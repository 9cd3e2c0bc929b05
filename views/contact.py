"""Writing to the team: the form, and sending it. It is sealed and kept exactly as a report is."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from payload import Contact
from payload.contact import Role
from payload.limits import MAX_MESSAGE
from store import StoreError
from views import notices, sending
from views.forms.contact import ContactForm
from views.sending import Problem
from views.shared import Vigil, vigil
from web import body, language, pages
from web.drafts import Drafts, Form
from web.setup import SetUpError
from web.site import Site

bp = Blueprint("contact", __name__)

FORM = "contact/form.html"
# Six fields and no file: what comes with one all the same is read past.
LIMITS = body.Limits(fields=100, other_bytes=1 << 20, file_bytes=0)


def check_roles(texts: Site) -> None:
    """Check that the newsroom's texts offer only those whom the desk knows.

    :raises SetUpError: they offer somebody else.
    """
    for key in texts.roles:
        if key not in set(Role):
            raise SetUpError(
                f"[roles] in site.toml has {key!r}, to whom the desk has no word",
                f"the keys are {', '.join(Role)}; leave out those whom you do not have",
            )


@bp.get("/contact")
def form() -> Response:
    """Show the blank form. ``?to=letter`` has that choice made, for a page that leads here."""
    site = vigil()
    roles = site.site.roles
    asked = request.args.get("to", "")
    chosen = asked if asked in roles else next(iter(roles))
    blank = pages.blank(notices.named(f"contact for {chosen}"), lambda hole: rendered(hole, {"to": chosen}))
    drafts = drafts_of(site)
    return blank.fill(drafts.seal(drafts.new()), cache=pages.FORM)


@bp.post("/contact")
def send() -> Response:
    """Seal the message, keep it, and say so."""
    site = vigil()
    try:
        fields = body.read(pages.current_request(), limits=LIMITS).fields
    except body.BodyError as error:
        return unread(site, error)
    form = form_of(site, fields)
    if problems := sending.problems_of(form):
        return shown(form, problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    if held_back := sending.hold_back(site, form.current, _("Send")):
        return shown(form, [], HTTPStatus.TOO_MANY_REQUESTS, held_back)
    try:
        sending.keep(site, contact_of(site, form))
    except StoreError as error:
        site.failed(error)
        return shown(form, [Problem("message", sending.not_kept())], HTTPStatus.SERVICE_UNAVAILABLE)
    return pages.page("contact/receipt.html", reachable=bool(form.typed["reach"].strip()))


def contact_of(site: Vigil, form: ContactForm) -> Contact:
    """Give what the desk will read, from a form that is valid."""
    typed = form.typed
    return Contact(
        draft=form.current.id,
        received_on=site.today(),
        language=language.current(),
        to=Role(typed.pop("to")),
        **typed,
    )


def drafts_of(site: Vigil) -> Drafts:
    """Give the tokens of this form: those of a report are refused here, and these there."""
    return site.drafts.of(Form.CONTACT)


def form_of(site: Vigil, fields: MultiDict[str, str]) -> ContactForm:
    """Give the form with what was typed."""
    return ContactForm(fields, drafts_of(site), site.site.roles)


def shown(form: ContactForm, problems: list[Problem], status: int, notice: str = "") -> Response:
    """Show the form with all that has arrived, and what is wrong with it, or why it is to be sent again."""
    html = rendered(form.draft.data, form.typed, problems, notice)
    return pages.answer(html, status, cache=pages.FORM)


def unread(site: Vigil, error: body.BodyError) -> Response:
    """Answer a body that could not be read as a whole, with what had arrived before."""
    if isinstance(error, body.UnknownEncoding):
        raise error
    message = sending.not_read(
        error,
        too_much=_("This was too much to send at once. Shorten your message."),
        too_slow=_("Sending took too long. Try again."),
    )
    return shown(form_of(site, error.fields), [Problem("message", message)], error.code)


def rendered(draft: str, typed: Mapping[str, str], problems: Sequence[Problem] = (), notice: str = "") -> str:
    """Render the page of the form."""
    return render_template(
        FORM,
        draft=draft,
        typed=typed,
        problems=problems,
        notice=notice,
        roles=vigil().site.roles,
        most=MAX_MESSAGE,
    )
