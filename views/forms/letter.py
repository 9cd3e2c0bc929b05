"""The form of a letter: what goes into its gaps. Nothing has to be filled in: what is empty stays a line."""

import unicodedata

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField, TextAreaField, ValidationError

from publishing.letter_sheet import MAX_ADDRESS_LINES, MAX_CONSTITUENCY, MAX_DATE, MAX_LINE, Filled
from views.forms.draft import as_written


def writable(text: str | None) -> str:
    """Give what was typed without what no page can show: control characters, and what is no character."""
    kept = (
        sign for sign in as_written(text) if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    )
    return "".join(
        sign for sign in kept if ord(sign) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(sign) <= 0xFDEF
    )


class AtMost:
    """Refuse a text, or with ``each_line`` one line of it, that is too long, and say by how much."""

    def __init__(self, most: int, *, each_line: bool = False) -> None:
        self._most = most
        self._each_line = each_line

    def __call__(self, _form: object, field: Field) -> None:
        """Look at what was typed."""
        text = field.data or ""
        lines = text.splitlines() if self._each_line else [text]
        over = max(map(len, lines), default=0) - self._most
        if over > 0:
            raise ValidationError(
                ngettext(
                    "%(label)s: this is %(said)s character too long. Up to %(most)s fit into one line.",
                    "%(label)s: this is %(said)s characters too long. Up to %(most)s fit into one line.",
                    over,
                    label=field.label.text,
                    said=f"{over:,}",
                    most=self._most,
                )
            )


class LetterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The gaps of a letter. It has no draft and no token: nothing is kept, and there is nothing to borrow."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """No cookie, no token."""

        csrf = False

    name = StringField(_("Your name"), [AtMost(MAX_LINE)], [writable])
    address = TextAreaField(_("Your address"), [AtMost(MAX_LINE, each_line=True)], [writable])
    mp = StringField(_("The name of your MP"), [AtMost(MAX_LINE)], [writable])
    constituency = StringField(_("Your constituency, if you like"), [AtMost(MAX_CONSTITUENCY)], [writable])
    date = StringField(_("Date"), [AtMost(MAX_DATE)], [writable])

    def __init__(self, fields: MultiDict[str, str] | None, **start: str) -> None:
        super().__init__(formdata=fields, **start)

    def validate_address(self, field: TextAreaField) -> None:
        """Refuse an address of more lines than any has."""
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > MAX_ADDRESS_LINES:
            raise ValidationError(
                _(
                    "Your address: this has %(lines)s lines. Up to %(most)s fit.",
                    lines=f"{len(lines):,}",
                    most=MAX_ADDRESS_LINES,
                )
            )

    @property
    def filled(self) -> Filled:
        """What was typed, for the letter; what is wrong stays a gap."""
        given = {field.name: "" if field.errors else field.data or "" for field in self}
        return Filled.of(**given)
