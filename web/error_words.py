"""What the error pages say: what happened, and what to do next, for somebody tired."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _


class Words(NamedTuple):
    """What an error page says: what happened, and what to do next."""

    title: str
    happened: str
    next: str


# Browsers differ: most bring back what was typed, some do not, and files are never picked anew.
_BACK = _("The Back button of your browser usually brings back what you typed, though not always.")
_AGAIN = _("%(back)s Then try again.", back=_BACK)

WORDS = {
    400: Words(
        _("That did not arrive whole"),
        _("What your browser sent was damaged or incomplete, so it was not accepted."),
        _AGAIN,
    ),
    403: Words(
        _("That came from another site"),
        _("A page that is not ours tried to send something here, so it was not accepted."),
        _("If it was you, open the form on this site and send it from there."),
    ),
    404: Words(
        _("There is no page here"),
        _("The address may be mistyped, or the page has gone."),
        _("Search for it, or start from the first page."),
    ),
    405: Words(
        _("This page cannot be used that way"),
        _("The page is there, but it does not take what was sent to it, so it was not accepted."),
        _("Open the page anew and use the form on it."),
    ),
    408: Words(
        _("Sending took too long"),
        _("The connection was too slow or stood still, so it was ended before all had arrived."),
        _("%(back)s Try again, with smaller files or none.", back=_BACK),
    ),
    413: Words(
        _("That was too much at once"),
        _("A file or a text was larger than this site can take, so it was not accepted."),
        _("%(back)s Send fewer or smaller files at a time.", back=_BACK),
    ),
    415: Words(
        _("That was not sent by a form of ours"),
        _("This page takes only what its own form sends, so it was not accepted."),
        _("Open the form on this site and send it from there."),
    ),
    422: Words(
        _("Something in the form is not right"),
        _("It could not be accepted as it is."),
        _("%(back)s Look it over, then try again.", back=_BACK),
    ),
    429: Words(
        _("Too many at once"),
        _("Very many people are using this site just now, so this was not accepted."),
        _("Wait a minute. %(back)s Then try again.", back=_BACK),
    ),
    500: Words(
        _("Something is broken here"),
        _("The fault is ours, not yours. If you sent something, we cannot say whether it arrived."),
        _("%(back)s Send it again: should it arrive twice, that does no harm.", back=_BACK),
    ),
    503: Words(
        _("The site cannot do that just now"),
        _("It may be full, or about to be started again. If you sent something, it was not accepted."),
        _("Wait a few minutes. %(back)s Then try again.", back=_BACK),
    ),
}
