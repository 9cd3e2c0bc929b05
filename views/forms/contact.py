"""The contact form: whom it is for, what it is about, the message, and a way to answer."""

from collections.abc import Container

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField, TextAreaField, ValidationError

from payload.limits import MAX_MESSAGE, MAX_REACH, MAX_TOPIC
from views.forms.draft import DraftForm, as_written
from web.drafts import Drafts


class ContactForm(DraftForm):
    """Only the message must be written. ``to`` is one of ``roles``, the keys that the page offers."""

    to = StringField(lazy_gettext("Who is it for?"))
    topic = StringField(lazy_gettext("What is it about?"), filters=[as_written])
    message = TextAreaField(lazy_gettext("Your message"), filters=[as_written])
    reach = TextAreaField(lazy_gettext("How can we reach you?"), filters=[as_written])

    def __init__(self, fields: MultiDict[str, str] | None, drafts: Drafts, roles: Container[str]) -> None:
        super().__init__(fields, drafts)
        self.roles = roles

    @property
    def typed(self) -> dict[str, str]:
        """Give what was filled in, by the name of the field; of what did not arrive, nothing."""
        return {name: self[name].data or "" for name in ("to", "topic", "message", "reach")}

    def validate_to(self, field: Field) -> None:
        """Refuse what the page does not offer."""
        if field.data not in self.roles:
            raise ValidationError(_("Choose who it is for."))

    def validate_topic(self, field: Field) -> None:
        """Refuse what is longer than a topic may be."""
        if over := _over(field, MAX_TOPIC):
            raise ValidationError(
                ngettext(
                    "What it is about is %(said)s character too long: %(most)s fit. Shorten it.",
                    "What it is about is %(said)s characters too long: %(most)s fit. Shorten it.",
                    over,
                    **_numbers(over, MAX_TOPIC),
                )
            )

    def validate_message(self, field: Field) -> None:
        """Refuse an empty message, and one that is too long."""
        if not field.data.strip():
            raise ValidationError(_("Write your message."))
        if over := _over(field, MAX_MESSAGE):
            raise ValidationError(
                ngettext(
                    "Your message is %(said)s character too long: %(most)s fit. Shorten it, or send two.",
                    "Your message is %(said)s characters too long: %(most)s fit. Shorten it, or send two.",
                    over,
                    **_numbers(over, MAX_MESSAGE),
                )
            )

    def validate_reach(self, field: Field) -> None:
        """Refuse what is longer than it may be."""
        if over := _over(field, MAX_REACH):
            raise ValidationError(
                ngettext(
                    "The way to reach you is %(said)s character too long: %(most)s fit. Shorten it.",
                    "The way to reach you is %(said)s characters too long: %(most)s fit. Shorten it.",
                    over,
                    **_numbers(over, MAX_REACH),
                )
            )


def _over(field: Field, most: int) -> int:
    return max(0, len(field.data) - most)


def _numbers(over: int, most: int) -> dict[str, str]:
    return {"said": f"{over:,}", "most": f"{most:,}"}
