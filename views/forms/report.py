"""The report form: what happened, in the source's words."""

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from wtforms import TextAreaField, ValidationError

from payload.limits import MAX_TEXT
from views.forms.draft import DraftForm, as_written


class ReportForm(DraftForm):
    """One box. It may be empty when a file is attached."""

    what_happened = TextAreaField(_("What happened?"), filters=[as_written])

    @property
    def text(self) -> str:
        """Give what was written, with plain line ends."""
        return self.what_happened.data or ""

    def validate_what_happened(self, _field: TextAreaField) -> None:
        """Refuse what is longer than a report may be, and say by how much."""
        over = len(self.text) - MAX_TEXT
        if over > 0:
            raise ValidationError(
                ngettext(
                    "This is %(said)s character too long. Shorten it, or attach the rest as a file.",
                    "This is %(said)s characters too long. Shorten it, or attach the rest as a file.",
                    over,
                    said=f"{over:,}",
                )
            )
