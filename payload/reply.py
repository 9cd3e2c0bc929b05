"""What the team answers: schema 1 of ``reply``, for a mailbox, and of ``sent-reply``, the desk's own copy.

The web server reads replies, for one request each, and nothing else of this module.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypedDict

from payload import sending
from payload.attached import AttachedFile, check_files, files_taken
from payload.errors import BadPayload, UnknownPayload
from payload.limits import MAX_DESK, MAX_LANGUAGE, MAX_TEXT
from payload.mailbox import Mailbox
from payload.strict_json import Fields, check_text, dumps, loads

SLOT = 16  # bytes
REPLY_ID = 16  # bytes
_MOST = 2**31


class _Said(TypedDict):
    written_on: date
    language: str
    text: str
    files: tuple[AttachedFile, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What the team wrote to a source: the day, the language, the text, and at most ``MAX_FILES`` files, none
    of them with a caption.

    :raises BadPayload: something is longer than the limits allow, there is no text, a blob stands twice, or a
        file has a caption.
    """

    kind: ClassVar[str] = "reply"
    schema: ClassVar[int] = 1

    written_on: date
    language: str
    text: str
    files: tuple[AttachedFile, ...] = ()

    def __post_init__(self) -> None:
        sending.check_language(self.language)
        check_text(self.text, MAX_TEXT, "text")
        if not self.text.strip():
            raise BadPayload("is empty", "text")
        check_files(self.files)
        if any(file.caption for file in self.files):
            raise BadPayload("a reply's file has no caption", "files")

    def __repr__(self) -> str:
        return "<Reply>"

    def to_bytes(self) -> bytes:
        """Give the JSON that is sealed; ``read`` gives an equal reply back."""
        return dumps({"schema": self.schema, "kind": self.kind, **self.said()})

    def said(self) -> dict[str, Any]:
        """Give the members that it shares with the desk's copy."""
        return {
            "written_on": self.written_on.isoformat(),
            "language": self.language,
            "text": self.text,
            "files": [file.as_json() for file in self.files],
        }

    @classmethod
    def read(cls, data: bytes) -> "Reply":
        """Read a reply, and nothing else.

        :raises UnknownPayload: it is of a newer schema.
        :raises BadPayload: it breaks its schema, or is of another kind.
        """
        fields = Fields(loads(data))
        schema = fields.number("schema", _MOST)
        if schema > cls.schema:
            raise UnknownPayload(f"schema {schema}, newer than {cls.schema}", "schema")
        if fields.text("kind", 100) != cls.kind:
            raise BadPayload("is not the kind that was expected", "kind")
        if not schema:
            raise BadPayload("no schema has this number", "schema")
        return cls.taken(fields, schema)

    @classmethod
    def taken(cls, fields: Fields, schema: int) -> "Reply":  # noqa: ARG003 - there is but one so far
        """Read one from its JSON object, whose ``schema`` and ``kind`` are taken already.

        :raises BadPayload: the object breaks the schema.
        """
        found = cls(**_said(fields))
        fields.done()
        return found


@dataclass(frozen=True, slots=True, repr=False)
class SentReply:
    """What a desk keeps of a reply, sealed to the team: the reply as one mailbox gets it, the name of the
    ``desk``, the ``slot`` it goes to (16 bytes), that ``mailbox``, a draft of the case (16 bytes), and
    ``reply_id`` (16 random bytes), the same for all copies of what was written once.

    :raises BadPayload: a field is of the wrong length.
    """

    kind: ClassVar[str] = "sent-reply"
    schema: ClassVar[int] = 1

    reply: Reply
    desk: str
    slot: bytes
    mailbox: Mailbox
    case_draft: bytes
    reply_id: bytes

    def __post_init__(self) -> None:
        check_text(self.desk, MAX_DESK, "desk")
        for name, length in (("slot", SLOT), ("case_draft", sending.DRAFT), ("reply_id", REPLY_ID)):
            if len(getattr(self, name)) != length:
                raise BadPayload(f"must be {length} bytes", name)

    def __repr__(self) -> str:
        return "<SentReply>"

    def to_bytes(self) -> bytes:
        """Give the JSON that is sealed; ``payload.read`` gives an equal copy back."""
        return dumps(
            {
                "schema": self.schema,
                "kind": self.kind,
                **self.reply.said(),
                "desk": self.desk,
                "slot": self.slot.hex(),
                "mailbox": self.mailbox.as_json(),
                "case_draft": self.case_draft.hex(),
                "reply_id": self.reply_id.hex(),
            }
        )

    @classmethod
    def taken(cls, fields: Fields, schema: int) -> "SentReply":  # noqa: ARG003 - there is but one so far
        """Read one from its JSON object, whose ``schema`` and ``kind`` are taken already.

        :raises BadPayload: the object breaks the schema.
        """
        found = cls(
            reply=Reply(**_said(fields)),
            desk=fields.text("desk", MAX_DESK),
            slot=fields.raw("slot", SLOT),
            mailbox=Mailbox.taken(fields.fields("mailbox")),
            case_draft=fields.raw("case_draft", sending.DRAFT),
            reply_id=fields.raw("reply_id", REPLY_ID),
        )
        fields.done()
        return found


def _said(fields: Fields) -> _Said:
    return {
        "written_on": fields.day("written_on"),
        "language": fields.text("language", MAX_LANGUAGE),
        "text": fields.text("text", MAX_TEXT),
        "files": files_taken(fields, captions=False),
    }
