"""What forms share: their problems, and for what is kept making robots wait, sealing, words for failures."""

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import NamedTuple

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from crypto import seal
from crypto.envelope import Kind
from crypto.mailbox import ID, Mailbox, no_record
from payload import Mailbox as Address
from payload import Payload
from views.shared import Vigil
from web import blocking, body, circuit
from web.drafts import Draft
from web.refusals import Refused

# Nobody writes a word in less; a robot that does not wait is made to.
LEAST_SECONDS = 2
# Under attack a form that is younger is not taken: it comes back, to be sent again.
LEAST_UNDER_ATTACK = 20


class Problem(NamedTuple):
    """What is wrong, in words for the sender, and the name of the field, or draft."""

    field: str
    message: str


def problems_of(form: FlaskForm) -> list[Problem]:
    """Check a form, and give what is wrong with it."""
    if form.validate():
        return []
    return [Problem(name, str(message)) for name, messages in form.errors.items() for message in messages]


def too_soon(site: Vigil, draft: Draft) -> bool:
    """Whether a form is not to be sent yet: the site is under attack, and the form was opened just now."""
    return site.under_attack and site.drafts.age(draft) < LEAST_UNDER_ATTACK


def hold_back(site: Vigil, draft: Draft, button: str) -> str:
    """Wait before something is kept; or say why it is not to be kept yet, and when to press ``button`` again.

    A form waits that comes back sooner than a person could fill it in, and longer and longer where the same
    Tor circuit has sent many.
    """
    if too_soon(site, draft):
        return str(
            _(
                "Not sent yet, but nothing is lost, and you did nothing wrong. Somebody is flooding "
                "this site, so a form has to be open for a while before you can send it. "
                "Wait %(seconds)s seconds, then press “%(button)s” below.",
                seconds=LEAST_UNDER_ATTACK,
                button=button,
            )
        )
    try:
        with site.pressure.report(circuit.current()) as wait:
            site.pause(max(0, LEAST_SECONDS - site.drafts.age(draft), wait))
    except Refused:
        return str(
            _(
                "Not sent yet, but nothing is lost. Your Tor connection has sent a lot just now. "
                "Wait a minute, then press “%(button)s” below.",
                button=button,
            )
        )
    return ""


def address_of(mailbox: Mailbox) -> Address:
    """Give what the desk needs to answer into a mailbox."""
    return Address(public=bytes(mailbox.public), reply=mailbox.reply_key.reveal())


def keep(site: Vigil, payload: Payload, blobs: Sequence[bytes] = (), mailbox: Mailbox | None = None) -> None:
    """Seal what was sent to the team's keys of this month, and store it with the attachments that it names.

    Stored, every payload looks alike: neither a table nor an envelope's header says what kind it is, nor
    whether somebody can come back to it by a ``mailbox``.

    :raises MissingBlobs: a file was swept or evicted meanwhile.
    :raises MailboxFull: the mailbox holds as much as it may.
    :raises StoreError: the disk is full, or fails.
    """
    team = site.team_keys
    epoch = team.epoch(payload.received_on)
    envelope = seal.sealed(Kind.INCOMING, epoch, team.recipients(epoch), payload.to_bytes())
    ids = (secrets.token_bytes(ID),) if mailbox is None else mailbox.own_ids

    def record(row: bytes) -> bytes:
        return no_record() if mailbox is None else mailbox.seal_record(row, blobs)

    try:
        blocking.run(site.store.keep_report, envelope, blobs, ids, record)
    finally:
        site.soon.touch()


def not_kept() -> str:
    """Say that nothing could be stored."""
    return str(_("We cannot store anything now. Keep your words, and try again later."))


def not_read(error: body.BodyError, *, too_much: str, too_slow: str) -> str:
    """Say why a form could not be read as a whole: one of the words given, or that it is damaged."""
    told = {HTTPStatus.REQUEST_TIMEOUT: too_slow, HTTPStatus.REQUEST_ENTITY_TOO_LARGE: too_much}
    return told.get(HTTPStatus(error.code)) or str(_("What was sent arrived damaged. Try again."))
