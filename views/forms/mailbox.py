"""The mailbox's form: the words that open it, and what is written into it."""

import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from wtforms import TextAreaField

from crypto.errors import BadReturnCode, WrongWord
from crypto.returncode import MOST_NAMED, WORDS
from views import sending
from views.forms.draft import SentForm, as_written, check_length
from views.sending import Problem


class MailboxForm(SentForm):
    """A box for the words, shown until they open the mailbox; then one for a message, which may be empty."""

    code = TextAreaField(lazy_gettext("Your twelve words"), filters=[as_written])
    message = TextAreaField(lazy_gettext("Write more"), filters=[as_written])

    @property
    def text(self) -> str:
        """Give what was written, with plain line ends."""
        return self.message.data or ""

    @property
    def typed(self) -> str:
        """Give what stands in the box for the words."""
        return self.code.data or ""

    def problems(self) -> list[Problem]:
        """Say what is wrong with the message."""
        return sending.problems_of(self)

    def validate_message(self, _field: TextAreaField) -> None:
        """Refuse what is longer than it may be, and say by how much."""
        check_length(self.text)


@dataclass(frozen=True)
class Misread:
    """What is wrong with the words: what to say of all of them, and those that are not in the list."""

    problems: tuple[Problem, ...]
    wrong: tuple[WrongWord, ...] = ()

    @classmethod
    def of(cls, error: BadReturnCode) -> "Misread":
        """Say it for a person who copies words from paper."""
        said = [_number(error.count)] if error.count != WORDS else []
        for word in error.wrong:
            message = _(
                "Word %(place)s, “%(word)s”, is not one of our words. Look at your paper.",
                place=word.position,
                word=word.typed,
            )
            said.append(message)
        if error.checksum:
            said.append(
                _(
                    "These are all words of ours, but they do not belong together. "
                    "One of them is wrong, or two have changed places."
                )
            )
        return cls(tuple(Problem("code", message) for message in said), error.wrong)


def _number(count: int) -> str:
    if not count:
        return str(_("Type your twelve words."))
    if count > MOST_NAMED:
        return str(_("This is far more than twelve words. Type your twelve words, and nothing else."))
    message: str = ngettext(
        "This is %(num)s word. There must be twelve.", "These are %(num)s words. There must be twelve.", count
    )
    return message


def replaced(typed: str, error: BadReturnCode, chosen: str) -> str:
    """Put a near word in the place of a wrong one; ``chosen`` is the place, a dash and the near word.

    What was not offered changes nothing.
    """
    place, _dash, near = chosen.partition("-")
    wrong = next((word for word in error.wrong if str(word.position) == place and near in word.near), None)
    if wrong is None:
        return typed
    # As the words were read, so that a word is found as it is named; the same word may be wrong twice.
    seen = "".join(
        mark for mark in unicodedata.normalize("NFKC", typed) if unicodedata.category(mark) != "Cf"
    )
    before = sum(word.typed == wrong.typed and word.position < wrong.position for word in error.wrong)
    # Its number may stick to a word.
    found = list(re.finditer(rf"(?<![^\W\d_]){re.escape(wrong.typed)}(?!\w)", seen))
    if before >= len(found):
        return typed
    start, end = found[before].span()
    return seen[:start] + near + seen[end:]
