"""The mailbox: a source comes back with the words of a return code. Everything is done on one URL.

No cookie and no session: the mailbox's root rides in the page, sealed under a key that is in memory only.
When that key is gone the page asks for the words again; what was typed and attached stays in the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crypto import returncode
from crypto.errors import BadReturnCode, BadToken, OtherMachine
from crypto.mailbox import Mailbox
from crypto.secret import MailboxRoot
from payload import FollowUp
from store import MailboxFull, MissingBlobs, StoreError
from views import held, intake, mailbox_pages, report_pages, saving, sending
from views.deleting import Going
from views.forms.mailbox import MailboxForm, Misread, replaced
from views.intake import Asked, Intake
from views.mailbox_pages import Page
from views.sending import Problem
from views.shared import vigil
from web import body, circuit, language, pages
from web.drafts import Form
from web.refusals import Refused

bp = Blueprint("mailbox", __name__)

Got = Intake[MailboxForm]
ASKED = Asked(
    Form.MAILBOX,
    MailboxForm,
    "message",
    lazy_gettext("“%(name)s” was not attached: %(files)s files fit at once. Send it after these."),
)


class NotOpen(Exception):  # noqa: N818 - says what is the case
    """The mailbox did not open; ``page`` asks for the words."""

    def __init__(self, page: Response) -> None:
        super().__init__()
        self.page = page


@bp.get("/mailbox")
def enter() -> Response:
    """Ask for the words."""
    drafts = vigil().drafts.of(Form.MAILBOX)
    return mailbox_pages.blank(drafts.seal(drafts.new()))


@bp.post("/mailbox")
def answer() -> Response:
    """Do what the pressed button wants, once the words, or the root that they gave, open the mailbox."""
    site = vigil()
    try:
        got = intake.read(site, pages.current_request(), ASKED)
    except body.BodyError as error:
        # Shown with what had arrived, and why the rest had not; nothing else is done.
        got = intake.unread(site, error, ASKED)
        if got.action[0] == "upload":
            return report_pages.refused(got, error.code)
        return too_much(got, error.code)
    do, of_what = got.action
    if do in WITHOUT:
        return WITHOUT[do](got)
    if do == "remove":
        intake.discard(got, intake.number(of_what))
    try:
        page = opened(got, of_what if do == "word" else "")
    except NotOpen as asked:
        return asked.page
    act = ACTIONS.get(do)
    return act(page, of_what) if act else mailbox_pages.shown(page)


def too_much(got: Got, status: int) -> Response:
    """Answer a body that could not be taken as a whole."""
    try:
        return mailbox_pages.shown(opened(got, ""), status)
    except NotOpen as asked:
        return asked.page


def opened(got: Got, chosen: str) -> Page:
    """Open the mailbox that the page's root belongs to, or else the words; ``chosen`` puts one of them right.

    :raises NotOpen: neither does.
    """
    rides = bool(got.fields.get("mailbox"))
    root = riding(got) if rides else read(got, chosen)
    if not rides:
        hold_back(got)
    mailbox = Mailbox(root)
    try:
        found = held.look(got.vigil, mailbox)
    except StoreError as error:
        got.vigil.failed(error)
        message = _("We cannot look into the mailbox now. Try again in a few minutes.")
        raise NotOpen(mailbox_pages.enter(got, message, status=HTTPStatus.SERVICE_UNAVAILABLE)) from None
    if not found:
        if not rides:
            got.vigil.pressure.guessed(circuit.current())
        raise NotOpen(mailbox_pages.enter(got, nothing=True))
    return Page(got, root, mailbox, found)


def hold_back(got: Got) -> None:
    """Wait before words are looked for, where this Tor circuit has tried many that opened nothing.

    :raises NotOpen: there would be too long to wait.
    """
    try:
        with got.vigil.pressure.guess(circuit.current()) as wait:
            if wait:
                got.vigil.pause(wait)
    except Refused:
        message = _("Your Tor connection has tried many words. Try yours again in a minute.")
        raise NotOpen(mailbox_pages.enter(got, message, status=HTTPStatus.TOO_MANY_REQUESTS)) from None


def riding(got: Got) -> MailboxRoot:
    """Give the root that rides in the page.

    :raises NotOpen: its key is gone, or is another machine's.
    """
    try:
        return got.vigil.mailbox_keys.open(got.fields["mailbox"])
    except OtherMachine:
        message = _(
            "You now reach another of our computers, and to keep you safe your page has closed. "
            "Type your words again."
        )
        raise NotOpen(mailbox_pages.enter(got, message)) from None
    except BadToken:
        message = _("To keep you safe this page has closed. Type your words again.")
        raise NotOpen(mailbox_pages.enter(got, message)) from None


def read(got: Got, chosen: str) -> MailboxRoot:
    """Give the root that the words say.

    :raises NotOpen: they are no return code.
    """
    form = got.form
    try:
        return returncode.root(returncode.read_words(form.typed))
    except BadReturnCode as error:
        if chosen:
            form.code.data = replaced(form.typed, error, chosen)
        misread = error
    if chosen:
        try:
            return returncode.root(returncode.read_words(form.typed))
        except BadReturnCode as error:
            misread = error
    raise NotOpen(mailbox_pages.enter(got, misread=Misread.of(misread)))


def send(page: Page, _of_what: str) -> Response:
    """Seal what was written and attached, keep it as a report is kept, and show the mailbox with it."""
    got = page.got
    if not complete(got):
        return mailbox_pages.shown(page)
    if held_back := sending.hold_back(got.vigil, got.form.current, _("Send")):
        return mailbox_pages.shown(page, HTTPStatus.TOO_MANY_REQUESTS, notice=held_back)
    try:
        keep(page)
    except MissingBlobs:
        got.drop_lost()
        return mailbox_pages.shown(page)
    except MailboxFull:
        message = _("Your mailbox is full. Delete something from it, or send a new report.")
        got.problems.append(Problem("message", message))
        return mailbox_pages.shown(page)
    except StoreError as error:
        got.vigil.failed(error)
        got.problems.append(Problem("message", sending.not_kept()))
        return mailbox_pages.shown(page, HTTPStatus.SERVICE_UNAVAILABLE)
    notice = _("Received. It is sealed and stored. Only the team can open it.")
    return mailbox_pages.shown(after(page), notice=notice)


def complete(got: Got) -> bool:
    """Check what somebody wants to send; what is wrong is added to the problems."""
    got.problems.extend(got.form.problems())
    got.check_captions()
    if not got.told and not got.files and not got.form.text.strip():
        got.problems.append(Problem("message", _("Write something, or attach a file.")))
    return not got.told


def keep(page: Page) -> None:
    """Seal the follow-up, and store it in its mailbox.

    :raises MissingBlobs: a file was swept or evicted meanwhile.
    :raises MailboxFull: the mailbox holds as much as it may.
    :raises StoreError: the disk is full, or fails.
    """
    got, site = page.got, page.got.vigil
    follow_up = FollowUp(
        draft=got.form.current.id,
        received_on=site.today(),
        language=language.current(),
        mailbox=sending.address_of(page.mailbox),
        text=got.form.text,
        files=intake.in_payload(got),
    )
    sending.keep(site, follow_up, [file.blob for file in got.files], page.mailbox)


def after(page: Page, *, blank: bool = True) -> Page:
    """Look into the mailbox again; ``blank``: what was typed and attached has gone in."""
    site = page.got.vigil
    got = Intake(site, ASKED, MultiDict()) if blank else page.got
    try:
        return replace(page, got=got, held=held.look(site, page.mailbox))
    except StoreError as error:
        # It is done all the same: what was there before is shown.
        site.failed(error)
        return replace(page, got=got)


def delete(page: Page, of_what: str) -> Response:
    """Ask whether it shall really go, and say what goes."""
    going = Going.of(page.held, of_what)
    return mailbox_pages.confirm(page, going, of_what) if going else not_here(page)


def erase(page: Page, of_what: str) -> Response:
    """Delete it for good, and say exactly what is gone, and what is not."""
    going = Going.of(page.held, of_what)
    if not going:
        return not_here(page)
    site = page.got.vigil
    try:
        whole = going.erase(site)
    except StoreError as error:
        site.failed(error)
        whole = False
    left = after(page, blank=False)
    if Going.of(left.held, of_what):
        message = _("It could not be deleted now. Try again in a few minutes.")
        left.got.problems.append(Problem("", message))
        return mailbox_pages.shown(left, HTTPStatus.SERVICE_UNAVAILABLE)
    if not left.held:
        return mailbox_pages.emptied(left, going, whole=whole)
    return mailbox_pages.shown(left, gone=going, whole=whole)


def not_here(page: Page) -> Response:
    """Say that what was asked for has gone meanwhile, or never was here."""
    page.got.problems.append(Problem("", _("That is not here, or not any more.")))
    return mailbox_pages.shown(page)


def get(page: Page, of_what: str) -> Response:
    """Give a reply's file to be saved."""
    name, _dash, place = of_what.partition("-")
    left, number = page.held.left_as(name), intake.number(place)
    if left is None or number is None or number >= len(left.reply.files):
        return not_here(page)
    try:
        return saving.answer(page.got.vigil, left.reply.files[number])
    except saving.NotWhole:
        message = _("This file is gone or damaged, so it is not handed out. Tell the team below.")
        page.got.problems.append(Problem("", message))
        return mailbox_pages.shown(page)
    except StoreError as error:
        page.got.vigil.failed(error)
        page.got.problems.append(Problem("", _("The file cannot be read now. Try again in a few minutes.")))
        return mailbox_pages.shown(page, HTTPStatus.SERVICE_UNAVAILABLE)


def attach(page: Page, _of_what: str) -> Response:
    """Show the mailbox with the files that have just come, or without the one taken out, and go on there."""
    return mailbox_pages.shown(page, to="upload")


def upload(got: Got) -> Response:
    """Answer the script that uploads one file at a time: a line for the list, or why not."""
    if got.fresh:
        return report_pages.line(got)
    return report_pages.refused(got, HTTPStatus.UNPROCESSABLE_ENTITY)


def card(got: Got) -> Response:
    """Give the words as a small file, which says nothing else."""
    try:
        words = returncode.words(returncode.read_words(got.form.typed))
    except BadReturnCode as error:
        return mailbox_pages.enter(got, misread=Misread.of(error))
    return mailbox_pages.card(words)


ACTIONS: Mapping[str, Callable[[Page, str], Response]] = {
    "send": send,
    "attach": attach,
    "remove": attach,
    "delete": delete,
    "erase": erase,
    "get": get,
}
# What needs no open mailbox.
WITHOUT: Mapping[str, Callable[[Got], Response]] = {"upload": upload, "card": card}
