"""The state of a form that somebody is filling in, sealed into its hidden fields: the site sets no cookie.

A draft is one form given out once. Its token carries a random id and when it was made; a file uploaded
under it travels as a token of its own, with the key that opens the file. Both are sealed under the form
keys of the last days, so a page left in a browser's cache says nothing to who finds it.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crypto import tokens
from crypto.tokens import Draft, FileToken, Form, FormKeys

__all__ = ["Draft", "Drafts", "FileToken", "Form", "FormKeys"]


def _now() -> int:
    return int(time.time())


@dataclass(frozen=True)
class Drafts:
    """Makes and opens the tokens of one kind of form.

    ``keys`` gives today's form keys; ``now`` the time in seconds since 1970.
    """

    form: Form
    keys: Callable[[], FormKeys]
    now: Callable[[], int] = field(default=_now)

    def of(self, form: Form) -> "Drafts":
        """Give the same for another kind of form."""
        return replace(self, form=form)

    def new(self, draft_id: bytes | None = None) -> Draft:
        """Make a draft, under a fresh random id unless one is given."""
        return Draft(id=draft_id or secrets.token_bytes(16), made=self.now())

    def seal(self, draft: Draft) -> str:
        """Give a draft's token."""
        return tokens.seal_draft(self.keys(), draft, self.form)

    def open(self, token: str) -> Draft:
        """Read a draft's token.

        :raises BadToken: it is not ours, is damaged, or its key has been destroyed.
        """
        return tokens.open_draft(self.keys(), token, self.form)

    def age(self, draft: Draft) -> int:
        """Give the seconds since a draft was made; a clock that was set back gives 0."""
        return max(0, self.now() - draft.made)

    def seal_file(self, file: FileToken) -> str:
        """Give the token of a file that has been uploaded; ``file.draft`` names the draft it belongs to."""
        return tokens.seal_file(self.keys(), file, self.form)

    def open_file(self, token: str) -> FileToken:
        """Read a file's token.

        :raises BadToken: as for ``open``.
        """
        return tokens.open_file(self.keys(), token, self.form)
