"""What staff noted: schema 1 of the kind ``note``. It is sealed to the desks, and no server ever has it."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar

from payload import sending
from payload.changes import CHANGES, OF_CASE, OF_INVESTIGATION, Change, LinkDecision
from payload.errors import BadPayload
from payload.limits import MAX_AUTHOR, MAX_DESK
from payload.strict_json import Fields, check_text, dumps

NOTE_ID = 16  # bytes
DIGEST = 32
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
# What a note can be about, and the length of its id in bytes.
SUBJECTS = MappingProxyType(
    {"draft": sending.DRAFT, "mailbox": DIGEST, "envelope": DIGEST, "investigation": 16, "link": DIGEST}
)
_LINK = b"vigil/v1/link\0"


@dataclass(frozen=True, slots=True, repr=False)
class Subject:
    """What a note is about. A case is named by the draft of its report; where no report is here, by a
    mailbox (SHA-256 of its public key); where it did not open, by the envelope's SHA-256.

    :raises BadPayload: the kind is unknown, or the id of another length.
    """

    kind: str
    id: bytes

    def __post_init__(self) -> None:
        if self.kind not in SUBJECTS:
            raise BadPayload("is nothing that this schema knows", "about.kind")
        if not isinstance(self.id, bytes) or len(self.id) != SUBJECTS[self.kind]:
            raise BadPayload(f"must be {SUBJECTS[self.kind]} bytes", "about.id")

    def __repr__(self) -> str:
        return "<Subject>"

    @property
    def is_case(self) -> bool:
        """Whether it is a case."""
        return self.kind not in ("investigation", "link")

    @classmethod
    def of_link(cls, decided: LinkDecision) -> "Subject":
        """Give the link that is decided on: the same at every desk."""
        parts = (decided.a, decided.b, decided.kind, decided.value)
        return cls("link", sha256(_LINK + b"\0".join(part.encode("utf-8") for part in parts)).digest())


@dataclass(frozen=True, slots=True, repr=False)
class StaffNote:
    """One change that somebody noted: ``note_id`` 16 random bytes, ``written_at`` to the second (UTC), who
    wrote it and at which desk, what it is about, and the change.

    :raises BadPayload: a field is too long or not what it should be, or the change is none of its subject's.
    """

    kind: ClassVar[str] = "note"
    schema: ClassVar[int] = 1

    note_id: bytes
    written_at: datetime
    author: str
    desk: str
    subject: Subject
    change: Change

    def __post_init__(self) -> None:
        if len(self.note_id) != NOTE_ID:
            raise BadPayload(f"must be {NOTE_ID} bytes", "note_id")
        if self.written_at.tzinfo is not UTC or self.written_at.microsecond:
            raise BadPayload("must be a second by UTC", "written_at")
        check_text(self.author, MAX_AUTHOR, "author")
        check_text(self.desk, MAX_DESK, "desk")
        if type(self.change) not in _changes_of(self.subject):
            raise BadPayload("is nothing that can be said of it", "change")
        if isinstance(self.change, LinkDecision) and self.subject != Subject.of_link(self.change):
            raise BadPayload("is not the link that is decided on", "about.id")

    def __repr__(self) -> str:
        return "<StaffNote>"

    def to_bytes(self) -> bytes:
        """Give the JSON that is sealed; ``payload.read`` gives an equal note back."""
        return dumps({"schema": self.schema, "kind": self.kind, **self.as_json()})

    def as_json(self) -> dict[str, Any]:
        """Give the members after the kind."""
        return {
            "note_id": self.note_id.hex(),
            "written_at": f"{self.written_at.replace(tzinfo=None).isoformat()}Z",
            "author": self.author,
            "desk": self.desk,
            "about": {"kind": self.subject.kind, "id": self.subject.id.hex()},
            "change": self.change.as_json(),
        }

    @classmethod
    def taken(cls, fields: Fields, schema: int) -> "StaffNote":  # noqa: ARG003 - there is but one so far
        """Read one from its JSON object, whose ``schema`` and ``kind`` are taken already.

        :raises BadPayload: the object breaks the schema.
        """
        found = cls(
            note_id=fields.raw("note_id", NOTE_ID),
            written_at=_time(fields),
            author=fields.text("author", MAX_AUTHOR),
            desk=fields.text("desk", MAX_DESK),
            subject=_subject(fields.fields("about")),
            change=_change(fields.fields("change")),
        )
        fields.done()
        return found


def _changes_of(subject: Subject) -> tuple[type[Change], ...]:
    if subject.kind == "link":
        return (LinkDecision,)
    return OF_CASE if subject.is_case else OF_INVESTIGATION


def _time(fields: Fields) -> datetime:
    text = fields.text("written_at", 20)
    if not TIME.fullmatch(text):
        raise BadPayload("must be a time as YYYY-MM-DDTHH:MM:SSZ", "written_at")
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    raise BadPayload("is not a time of the calendar", "written_at")


def _subject(fields: Fields) -> Subject:
    kind = fields.text("kind", 100)
    if kind not in SUBJECTS:
        raise BadPayload("is nothing that this schema knows", "about.kind")
    found = Subject(kind, fields.raw("id", SUBJECTS[kind]))
    fields.done()
    return found


def _change(fields: Fields) -> Change:
    what = fields.text("what", 100)
    if what not in CHANGES:
        raise BadPayload("is nothing that this schema knows", "change.what")
    return CHANGES[what].taken(fields)
