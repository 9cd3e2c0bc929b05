"""What keeps the site from starting, said so that the operator can mend it."""


class SetUpError(Exception):
    """The site cannot start as it is set up.

    ``what`` says what is wrong and ``hint`` what to do, both in lower case without a full stop, ready for
    ``vigil: error:`` and ``vigil: hint:``. Neither may hold a secret.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what} ({hint})")
        self.what = what
        self.hint = hint
