"""A report as its source sent it: schemas 1 and 2 of the kind ``report``.

Schema 1 had the text and the files. Schema 2 adds the answers of `payload.outline`, and what a file shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from payload import sending
from payload.answers import Answers
from payload.errors import BadPayload
from payload.limits import (
    MAX_FILE_SIZE,
    MAX_FILES,
    MAX_NAME,
    MAX_SHORT,
    MAX_TEXT,
    MAX_TYPE,
    MAX_WORDS,
)
from payload.outline import Part
from payload.strict_json import Fields, check_text, dumps

# What a file has in raw bytes, written as hex, and how many.
RAW: Mapping[str, int] = MappingProxyType({"blob": 16, "key": 32, "sha256": 32, "sealed_sha256": 32})


@dataclass(frozen=True, slots=True, repr=False)
class AttachedFile:
    """A file of a report; its bytes are the sealed attachment ``blob``.

    ``blob`` 16 bytes, ``key`` 32 bytes (a secret: it opens the attachment), ``name`` and ``type`` as the
    browser gave them, ``size`` in bytes, ``sha256`` of the file and ``sealed_sha256`` of the attachment,
    32 bytes each; ``caption`` what the source says that it shows, or nothing.

    :raises BadPayload: a field is of the wrong length, or the caption is all blanks.
    """

    blob: bytes
    key: bytes
    name: str
    type: str
    size: int
    sha256: bytes
    sealed_sha256: bytes
    caption: str = ""

    def __post_init__(self) -> None:
        for name, length in RAW.items():
            if len(getattr(self, name)) != length:
                raise BadPayload(f"must be {length} bytes", name)
        if not 0 <= self.size <= MAX_FILE_SIZE:
            raise BadPayload(f"must be from 0 to {MAX_FILE_SIZE}", "size")
        check_text(self.name, MAX_NAME, "name")
        check_text(self.type, MAX_TYPE, "type")
        check_text(self.caption, MAX_SHORT, "caption")
        if self.caption and not self.caption.strip():
            raise BadPayload("is empty", "caption")

    def __repr__(self) -> str:
        return "<AttachedFile>"  # the key, the name, the hash: none of it is for a traceback

    @classmethod
    def taken(cls, fields: Fields, schema: int) -> "AttachedFile":
        """Read one from its JSON object.

        :raises BadPayload: the object breaks the schema.
        """
        found = cls(
            **{name: fields.raw(name, length) for name, length in RAW.items()},
            name=fields.text("name", MAX_NAME),
            type=fields.text("type", MAX_TYPE),
            size=fields.number("size", MAX_FILE_SIZE),
            caption=_caption(fields) if schema > 1 else "",
        )
        fields.done()
        return found

    def as_json(self) -> dict[str, Any]:
        """Give the JSON object that ``taken`` reads."""
        written = {
            "blob": self.blob.hex(),
            "key": self.key.hex(),
            "name": self.name,
            "type": self.type,
            "size": self.size,
            "sha256": self.sha256.hex(),
            "sealed_sha256": self.sealed_sha256.hex(),
        }
        return {**written, "caption": self.caption} if self.caption else written


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What a source sent: ``draft`` (16 random bytes, one a form, so that a second send is seen as such),
    the day it arrived, the language of the page, the text, the answers, and at most ``MAX_FILES`` files.

    :raises BadPayload: something is longer than the limits allow, or a blob stands twice.
    """

    kind: ClassVar[str] = "report"
    schema: ClassVar[int] = 2

    draft: bytes
    received_on: date
    language: str
    what_happened: str
    files: tuple[AttachedFile, ...] = ()
    answers: Answers = field(default_factory=Answers)

    def __post_init__(self) -> None:
        sending.check(self.draft, self.language)
        check_text(self.what_happened, MAX_TEXT, "report.what_happened")
        if len(self.what_happened) + sum(map(len, self.answers.texts())) > MAX_WORDS:
            raise BadPayload(f"holds more than {MAX_WORDS:,} characters")
        if len(self.files) > MAX_FILES:
            raise BadPayload(f"holds more than {MAX_FILES}", "files")
        if len({file.blob for file in self.files}) != len(self.files):
            raise BadPayload("names one blob twice", "files")

    def __repr__(self) -> str:
        return "<Report>"

    @property
    def words(self) -> str:
        """Give what the source wrote first: what happened, or else the first answer in words."""
        if self.what_happened.strip():
            return self.what_happened
        return next(self.answers.texts(Part.REPORT), "")

    def to_bytes(self) -> bytes:
        """Give the JSON that is sealed; ``payload.read`` gives an equal report back."""
        return dumps(
            {
                **sending.as_json(self),
                "report": {"what_happened": self.what_happened, **self.answers.as_json(Part.REPORT)},
                "source": self.answers.as_json(Part.SOURCE),
                "files": [file.as_json() for file in self.files],
            }
        )

    @classmethod
    def taken(cls, fields: Fields, schema: int) -> "Report":
        """Read one from its JSON object, whose ``schema`` and ``kind`` are taken already.

        :raises BadPayload: the object breaks the schema.
        """
        told = fields.fields("report")
        source = fields.fields("source")
        found = cls(
            **sending.taken(fields),
            what_happened=told.text("what_happened", MAX_TEXT),
            files=tuple(AttachedFile.taken(file, schema) for file in fields.each("files", MAX_FILES)),
            answers=Answers.taken({Part.REPORT: told, Part.SOURCE: source}) if schema > 1 else Answers(),
        )
        for part in (told, source, fields):
            part.done()
        return found


def _caption(fields: Fields) -> str:
    if not fields.holds("caption"):
        return ""
    caption = fields.text("caption", MAX_SHORT)
    if not caption.strip():
        raise BadPayload("is empty", fields.path("caption"))
    return caption
