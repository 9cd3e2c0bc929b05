"""A message to the team, as its sender wrote it: schema 1 of the kind ``contact``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from payload import sending
from payload.errors import BadPayload
from payload.limits import MAX_MESSAGE, MAX_REACH, MAX_ROLE, MAX_TOPIC
from payload.strict_json import Fields, check_text, dumps


class Role(StrEnum):
    """Whom somebody can write to. The site says each in its own words; ``LABELS`` are the desk's."""

    TEAM = "team"
    EXPERT = "expert"
    ADVOCATE = "advocate"
    COMMUNITY = "community"
    LETTER = "letter"


LABELS: Mapping[Role, str] = MappingProxyType({
    Role.TEAM: "the team",
    Role.EXPERT: "a subject expert",
    Role.ADVOCATE: "an advocate",
    Role.COMMUNITY: "a community leader",
    Role.LETTER: "about the letter to an MP",
})  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """What somebody wrote to the team: draft, day and language as of a report; whom it is for; the topic,
    which may be empty; the message; and how to reach the sender, empty for who wants no answer.

    :raises BadPayload: something is longer than the limits allow, or there is no message.
    """

    kind: ClassVar[str] = "contact"
    schema: ClassVar[int] = 1

    draft: bytes
    received_on: date
    language: str
    to: Role
    topic: str
    message: str
    reach: str

    def __post_init__(self) -> None:
        sending.check(self.draft, self.language)
        check_text(self.topic, MAX_TOPIC, "contact.topic")
        check_text(self.message, MAX_MESSAGE, "contact.message")
        check_text(self.reach, MAX_REACH, "source.reach")
        if not self.message.strip():
            raise BadPayload("is empty", "contact.message")

    def __repr__(self) -> str:
        return "<Contact>"

    @property
    def words(self) -> str:
        """Give the message."""
        return self.message

    @property
    def files(self) -> tuple[()]:
        """Give no files: a contact has none."""
        return ()

    @property
    def mailbox(self) -> None:
        """Give no mailbox: whoever writes a contact says how to reach them, or does not."""

    def to_bytes(self) -> bytes:
        """Give the JSON that is sealed; ``payload.read`` gives an equal contact back."""
        return dumps(
            {
                **sending.as_json(self, self.schema),
                "contact": {"to": self.to.value, "topic": self.topic, "message": self.message},
                "source": {"reach": self.reach},
            }
        )

    @classmethod
    def taken(cls, fields: Fields, schema: int) -> "Contact":  # noqa: ARG003 - there is but one so far
        """Read one from its JSON object, whose ``schema`` and ``kind`` are taken already.

        :raises BadPayload: the object breaks the schema.
        """
        told = fields.fields("contact")
        source = fields.fields("source")
        found = cls(
            **sending.taken(fields),
            to=_role(told.text("to", MAX_ROLE)),
            topic=told.text("topic", MAX_TOPIC),
            message=told.text("message", MAX_MESSAGE),
            reach=source.text("reach", MAX_REACH),
        )
        for part in (told, source, fields):
            part.done()
        return found


def _role(text: str) -> Role:
    for role in Role:
        if role.value == text:
            return role
    raise BadPayload("is nobody that this schema knows", "contact.to")
