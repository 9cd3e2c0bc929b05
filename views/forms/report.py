"""The report form: what happened, in the source's words, and the answers to the questions beside it."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from payload.outline import Part
from views import sending
from views.forms.answers import AnswersForm
from views.forms.draft import SentForm, as_written, check_length
from views.sending import Problem
from web.drafts import Drafts


class ReportForm(SentForm):
    """A box for what happened, which may be empty, and ``asked``, the questions."""

    what_happened = TextAreaField(lazy_gettext("What happened?"), filters=[as_written])

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

    def noticed(self) -> list[Problem]:
        """Say that a question is no longer asked, where it was answered."""
        if not self.asked.has_changed:
            return []
        message = _(
            "This page has changed since you opened it. "
            "What has no place now is at the end of your text, or of “How you know”."
        )
        return [Problem("what_happened", message)]

    def problems(self) -> list[Problem]:
        """Say what is wrong."""
        return [*sending.problems_of(self), *self.asked.problems(self.text)]

    def validate_what_happened(self, _field: TextAreaField) -> None:
        """Refuse what is longer than a report may be, and say by how much."""
        check_length(self.text)

    def _came(self, fields: MultiDict[str, str]) -> Iterator[str]:
        """Give the text as it came; should it come more than once, none is lost."""
        texts = [as_written(text) for text in fields.getlist("what_happened")]
        return (text for text in texts if text.strip() or (text and len(texts) == 1))

    def _strays(self) -> Iterator[str]:
        """Give the answers to questions that are no longer asked: they go into the box."""
        return (f"{name}: {text}" for name, text in self.asked.strays)
