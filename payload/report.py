"""A report as its source sent it: schemas 1 to 3 of the kind ``report``.

Schema 1 had the text and the files. Schema 2 adds the answers of `payload.outline`, and what a file shows;
schema 3 the mailbox that an answer goes to.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from payload import sending
from payload.answers import Answers
from payload.attached import AttachedFile, check_files, files_taken
from payload.errors import BadPayload
from payload.limits import MAX_TEXT, MAX_WORDS
from payload.mailbox import Mailbox
from payload.outline import Part
from payload.strict_json import Fields, check_text, dumps


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What a source sent: ``draft`` (16 random bytes, one a form, so that a second send is seen as such),
    the day it arrived, the language of the page, the text, the answers, at most ``MAX_FILES`` files, and the
    source's mailbox. It is None only where the report came by schema 1 or 2, and is written by 2 again.

    :raises BadPayload: something is longer than the limits allow, or a blob stands twice.
    """

    kind: ClassVar[str] = "report"
    schema: ClassVar[int] = 3

    draft: bytes
    received_on: date
    language: str
    what_happened: str
    files: tuple[AttachedFile, ...] = ()
    answers: Answers = field(default_factory=Answers)
    mailbox: Mailbox | None = None

    def __post_init__(self) -> None:
        sending.check(self.draft, self.language)
        check_text(self.what_happened, MAX_TEXT, "report.what_happened")
        if len(self.what_happened) + sum(map(len, self.answers.texts())) > MAX_WORDS:
            raise BadPayload(f"holds more than {MAX_WORDS:,} characters")
        check_files(self.files)

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
                **sending.as_json(self, 2 if self.mailbox is None else self.schema),
                **({} if self.mailbox is None else {"mailbox": self.mailbox.as_json()}),
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
            files=files_taken(fields, captions=schema > 1),
            answers=Answers.taken({Part.REPORT: told, Part.SOURCE: source}) if schema > 1 else Answers(),
            mailbox=Mailbox.taken(fields.fields("mailbox")) if schema > 2 else None,
        )
        for part in (told, source, fields):
            part.done()
        return found
