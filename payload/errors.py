"""What can be wrong with a payload, in words that hold nothing of what was written in it."""

# ruff: noqa: N818 - each name says what is the case; "Error" behind every one of them would add nothing


class BadPayload(Exception):
    """A payload that breaks its schema.

    ``what`` says what is wrong, ``where`` names the field (``files[2].name``), or is empty when it is
    the whole. Neither quotes a value: the values are someone's report.
    """

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.what = what
        self.where = where


class UnknownPayload(BadPayload):
    """A payload of a newer schema, or of a kind unknown here: keep it, update, read it then."""
