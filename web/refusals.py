"""Why a body was refused, as HTTP errors that keep what was typed.

Each carries ``fields``: the text fields that had arrived before the failure, so that the page which reports
it can show the form again with them; and ``cut``: the names of those of which only the beginning is there.
"""

# ruff: noqa: N818 - each name says what is the case; "Error" behind every one of them would add nothing

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException


class BodyError(HTTPException):
    """A body that was not accepted. ``fields`` are the texts read, ``cut`` names those not read whole."""

    code = 400
    description = "the body was refused"

    def __init__(self, description: str | None = None) -> None:
        super().__init__(description)
        self.fields: MultiDict[str, str] = MultiDict()
        self.cut: list[str] = []


class BadBody(BodyError):
    """The body does not follow its own encoding, or ends before its end."""

    code = 400


class Stalled(BodyError):
    """The client sends nothing, or too little for too long."""

    code = 408


class TooLarge(BodyError):
    """More bytes, fields or files than the limits allow, beyond what is read to be polite."""

    code = 413


class UnknownEncoding(BodyError):
    """Neither multipart/form-data nor application/x-www-form-urlencoded."""

    code = 415


class Refused(Exception):
    """Raised by a file sink that takes no (more) bytes of its file, with a word why.

    The reader abandons the sink, reads past the rest of the file, and notes a problem; the other
    fields and files still arrive.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
