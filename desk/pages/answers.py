"""How pages read a form and answer: nothing spooled to a disk, nothing kept by a browser, no text lost."""

from typing import Any

from flask import Response, redirect, url_for
from werkzeug.datastructures import MultiDict

from desk.errors import DeskError
from web import body, pages
from web.pages import current_request

__all__ = ["current_request", "fields", "go_to", "page", "page_or_partial", "problem"]

# Text that one form may hold; the files that go with a reply are named by their place on this computer.
LIMITS = body.Limits(
    fields=2_000, field_bytes=1 << 20, other_bytes=4 << 20, file_bytes=1, files=1, overshoot=64 << 20
)


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Show a whole page, by its name below templates/desk/."""
    return pages.page(f"desk/{template}", status, compress=False, **context)


def page_or_partial(template: str, partial: str, status: int = 200, **context: Any) -> Response:
    """Show ``partial`` to HTMX, and ``template``, which includes it, to everybody else."""
    return pages.page_or_partial(f"desk/{template}", f"desk/{partial}", status, compress=False, **context)


def fields() -> MultiDict[str, str]:
    """Give the fields of the form that was sent, line ends plain.

    :raises DeskError: it is no form, or far too long.
    """
    try:
        sent = body.read(current_request(), limits=LIMITS).fields
    except body.BodyError:
        raise DeskError(
            "the form did not arrive whole", "go back, shorten what is very long, and send it again"
        ) from None
    return MultiDict([(name, _plain(value)) for name, value in sent.items(multi=True)])


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


def go_to(endpoint: str, said: str = "", **values: Any) -> Response:
    """Go to another page after a change; ``said`` is shown there, once."""
    from desk.pages import current_session

    if said:
        current_session().say(said)
    anchor = values.pop("anchor", None)
    response: Response = redirect(url_for(endpoint, _anchor=anchor, **values), 303)  # type: ignore[assignment]  # Flask gives its own class
    return response


def problem(error: DeskError | OSError) -> dict[str, str]:
    """Give what is wrong and what to do, as ``ui.problem`` shows it."""
    if isinstance(error, DeskError):
        return {"what": error.what, "hint": error.hint}
    what = (error.strerror or "reading or writing failed").lower()
    return {"what": what, "hint": "see that the stick is mounted and has room, then try again"}
