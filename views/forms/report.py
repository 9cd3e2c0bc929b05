"""The report form: what happened, in the source's words, and the answers to the questions beside it."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField, ValidationError

from payload.limits import MAX_TEXT
from payload.outline import Part
from views import sending
from views.forms.answers import AnswersForm
from views.forms.draft import DraftForm, as_written
from views.sending import Problem
from web.drafts import Drafts


class ReportForm(DraftForm):
    """A box for what happened, which may be empty, and ``asked``, the questions."""

    what_happened = TextAreaField(_("What happened?"), filters=[as_written])

    def __init__(self, fields: MultiDict[str, str], drafts: Drafts, adopt: bytes | None) -> None:
        super().__init__(fields, drafts, adopt)
        self.asked = AnswersForm(fields)
        self.what_happened.data = "\n".join([*self._came(fields), *self._strays()])

    @property
    def text(self) -> str:
        """Give what was written, with plain line ends."""
        return self.what_happened.data or ""

    @property
    def says_something(self) -> bool:
        """Whether something is told in words: what happened, or an answer that is not about the source."""
        return bool(self.text.strip()) or any(self.asked.answers().texts(Part.REPORT))

    def problems(self) -> list[Problem]:
        """Say what is wrong."""
        return [*sending.problems_of(self), *self.asked.problems(self.text)]

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

    def _came(self, fields: MultiDict[str, str]) -> Iterator[str]:
        """Give the text as it came; should it come more than once, none is lost."""
        texts = [as_written(text) for text in fields.getlist("what_happened")]
        return (text for text in texts if text.strip() or (text and len(texts) == 1))

    def _strays(self) -> Iterator[str]:
        """Give the answers to questions that are no longer asked: they go into the box."""
        return (f"{name}: {text}" for name, text in self.asked.strays)
