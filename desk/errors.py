"""The desk's one error: what is wrong, and what to do about it, one line each."""


class DeskError(Exception):
    """The input or the state is wrong. ``what`` says what, ``hint`` what to do; both may be printed."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
