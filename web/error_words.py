"""What the error pages say: what happened, and what to do next, for somebody tired."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _


class Words(NamedTuple):
    """What an error page says: what happened, and what to do next."""

    title: str
    happened: str
    next: str


_AGAIN = _("Use the Back button of your browser: what you typed is still there. Then try again.")

WORDS = {
    400: Words(
        _("That did not arrive whole"),
        _("What your browser sent was damaged or incomplete. Nothing was stored."),
        _AGAIN,
    ),
    403: Words(
        _("That came from another site"),
        _(
            "A page that is not ours tried to send something here, so it was not accepted. Nothing was "
            "stored."
        ),
        _("If it was you, open the form on this site and send it from there."),
    ),
    404: Words(
        _("There is no page here"),
        _("The address may be mistyped, or the page has gone."),
        _("Start from the first page, or go straight to the report form."),
    ),
    405: Words(
        _("This page cannot be used that way"),
        _("The page is there, but it does not take what was sent to it. Nothing was stored."),
        _("Open the page anew and use the form on it."),
    ),
    408: Words(
        _("Sending took too long"),
        _("The connection was too slow or stood still, so it was ended. Nothing was stored."),
        _(
            "Use the Back button of your browser: what you typed is still there. Try again, with smaller "
            "files or none."
        ),
    ),
    413: Words(
        _("That was too much at once"),
        _("A file or a text was larger than this site can take. Nothing was stored."),
        _(
            "Use the Back button of your browser: what you typed is still there. Send fewer or smaller "
            "files at a time."
        ),
    ),
    415: Words(
        _("That was not sent by a form of ours"),
        _("This page takes only what its own form sends. Nothing was stored."),
        _("Open the form on this site and send it from there."),
    ),
    422: Words(_("Something in the form is not right"), _("It could not be accepted as it is."), _AGAIN),
    429: Words(
        _("Too many at once"),
        _("Very many people are using this site just now."),
        _(
            "Wait a minute. Then use the Back button of your browser: what you typed is still there. "
            "Try again."
        ),
    ),
    500: Words(
        _("Something is broken here"),
        _("The fault is ours, not yours. We cannot say whether what you sent was stored."),
        _(
            "Use the Back button of your browser: what you typed is still there. "
            "Sending it twice does no harm."
        ),
    ),
    503: Words(
        _("The site cannot do that just now"),
        _("It may be full, or about to be started again. Nothing was stored."),
        _(
            "Wait a few minutes. Then use the Back button of your browser: what you typed is still there. "
            "Try again."
        ),
    ),
}
