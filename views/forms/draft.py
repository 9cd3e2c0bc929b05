"""A form that anybody may send without a cookie: a sealed draft token, a trap for robots.

Flask-WTF's own csrf wants a session cookie. Here the token is the draft itself, sealed (web.drafts).
"""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField, ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.form import BaseForm

from crypto.errors import BadToken
from payload.limits import MAX_TEXT
from views.sending import Problem
from web.drafts import Draft, Drafts


def as_written(text: str | None) -> str:
    """Undo what browsers do to line ends on the way (HTML's form submission sends CR LF)."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


def check_length(text: str) -> None:
    """Refuse a text that is longer than a report's may be, and say by how much.

    :raises ValidationError: it is.
    """
    over = len(text) - MAX_TEXT
    if over > 0:
        raise ValidationError(
            ngettext(
                "This is %(said)s character too long. Shorten it, or attach the rest as a file.",
                "This is %(said)s characters too long. Shorten it, or attach the rest as a file.",
                over,
                said=f"{over:,}",
            )
        )


class DraftToken(CSRF):
    """The csrf class: gives each form its draft's token, and refuses a token that is not ours."""

    drafts: Drafts
    adopt: bytes | None

    def setup_form(self, form: BaseForm) -> list[tuple[str, Any]]:
        """Take the drafts, and the id to go on with when the token is spoiled, from the form's Meta."""
        meta: Any = form.meta
        self.drafts, self.adopt = meta.csrf_context
        fields: list[tuple[str, Any]] = super().setup_form(form)
        return fields

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        """Seal the draft that was sent in, or a new one, under today's key."""
        field: Any = csrf_token_field
        try:
            field.draft = self.drafts.open(field.data or "")
            field.spoiled = False
        except BadToken:
            field.draft = self.drafts.new(self.adopt)
            field.spoiled = True
        field.data = self.drafts.seal(field.draft)
        return str(field.data)

    def validate_csrf_token(self, form: BaseForm, field: Any) -> None:  # noqa: ARG002 - WTForms' signature
        """Refuse a form whose token could not be opened; all it holds is kept."""
        if field.spoiled:
            raise ValidationError(
                _("This form had been open for too long. Nothing is lost: press Send again.")
            )


class DraftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form with a draft. ``website`` is hidden from people; who fills it in is a robot."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Where Flask-WTF would look for a session, this form looks for its draft."""

        csrf = True
        csrf_class = DraftToken
        csrf_field_name = "draft"

    website = StringField(_("Leave this empty"))

    def __init__(
        self, fields: MultiDict[str, str] | None, drafts: Drafts, adopt: bytes | None = None
    ) -> None:
        super().__init__(formdata=fields, meta={"csrf_context": (drafts, adopt)})

    def validate_website(self, field: StringField) -> None:
        """Refuse what only a robot writes; a person whose browser filled it in has only to send again."""
        if field.data:
            raise ValidationError(_("Press Send once more."))

    @property
    def current(self) -> Draft:
        """The draft this form goes on with: the one sent in, or a new one where that was spoiled."""
        draft: Draft = self.draft.draft
        return draft


class SentForm(DraftForm):
    """A form that files come with (views.intake)."""

    def noticed(self) -> list[Problem]:
        """Say what is to be told of the form as it came, whichever button was pressed."""
        return []
