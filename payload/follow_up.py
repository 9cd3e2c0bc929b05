"""What a source adds later, from their mailbox: schema 1 of the kind ``follow-up``."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from payload import sending
from payload.attached import AttachedFile, check_files, files_taken
from payload.limits import MAX_TEXT
from payload.mailbox import Mailbox
from payload.strict_json import Fields, check_text, dumps


@dataclass(frozen=True, slots=True, repr=False)
class FollowUp:
    """More from a source: draft, day and language as of a report; the mailbox it was written from, which
    says to the desk what case it belongs to; the text, and at most ``MAX_FILES`` files.

    :raises BadPayload: something is longer than the limits allow, or a blob stands twice.
    """

    kind: ClassVar[str] = "follow-up"
    schema: ClassVar[int] = 1

    draft: bytes
    received_on: date
    language: str
    mailbox: Mailbox
    text: str
    files: tuple[AttachedFile, ...] = ()

    def __post_init__(self) -> None:
        sending.check(self.draft, self.language)
        check_text(self.text, MAX_TEXT, "follow_up.text")
        check_files(self.files)

    def __repr__(self) -> str:
        return "<FollowUp>"

    @property
    def words(self) -> str:
        """Give the text."""
        return self.text

    def to_bytes(self) -> bytes:
        """Give the JSON that is sealed; ``payload.read`` gives an equal follow-up back."""
        return dumps(
            {
                **sending.as_json(self, self.schema),
                "mailbox": self.mailbox.as_json(),
                "follow_up": {"text": self.text},
                "source": {},
                "files": [file.as_json() for file in self.files],
            }
        )

    @classmethod
    def taken(cls, fields: Fields, schema: int) -> "FollowUp":  # noqa: ARG003 - there is but one so far
        """Read one from its JSON object, whose ``schema`` and ``kind`` are taken already.

        :raises BadPayload: the object breaks the schema.
        """
        told = fields.fields("follow_up")
        source = fields.fields("source")
        found = cls(
            **sending.taken(fields),
            mailbox=Mailbox.taken(fields.fields("mailbox")),
            text=told.text("text", MAX_TEXT),
            files=files_taken(fields, captions=True),
        )
        for part in (told, source, fields):
            part.done()
        return found
