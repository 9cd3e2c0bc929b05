"""One opened envelope as the book holds it: what is brief of it, its JSON, and its words for the search.

The JSON is read again when somebody looks: a hundred thousand reports taken apart would fill the memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from desk.book.folding import folded
from desk.opening import Brief, Sent, brief_of, sent_of
from payload import AttachedFile, Contact, Payload, Report, StaffNote
from payload.changes import LinkDecision, Read
from payload.outline import SECTIONS, Kind

TICKED = " |"  # in the words: behind it stands what was ticked, which nobody wrote
_CHOSEN = tuple(
    (section.name, field)
    for section in SECTIONS
    for field in section.fields
    if field.kind in (Kind.ONE, Kind.SEVERAL)
)


@dataclass(frozen=True, slots=True)
class Held:
    """An envelope: what is brief of it, the JSON that was sealed (None where it did not open), its words."""

    brief: Brief
    body: bytes | None
    words: str

    def __repr__(self) -> str:
        return f"<Held {self.brief.digest}>"

    @property
    def sent(self) -> Sent:
        """The envelope as `desk.opening` gives it."""
        return sent_of(self.brief, self.body)


def held(sent: Sent) -> Held:
    """Give what the book holds of an opened envelope."""
    words = folded(texts_of(sent))
    ticks = "".join(map(_label_words, ticked_of(sent)))
    return Held(brief_of(sent), sent.body, f"{words}{TICKED}{ticks}" if ticks else words)


@cache
def _label_words(label: str) -> str:
    """Fold the words of a choice once: they are the form's own, and few."""
    return folded([label])


def listed(sent: Sent) -> Held:
    """Give what a list needs of it: nothing to read, but for what staff noted."""
    return Held(brief_of(sent), None if sent.staff is None else sent.body, "")


def texts_of(sent: Sent) -> Iterator[str]:
    """Give all that people wrote in an envelope, text by text."""
    if sent.content is not None:
        yield from _content_texts(sent.content)
    if sent.note is not None:
        yield sent.note.reply.text
        yield from _file_texts(sent.note.reply.files)
    if sent.staff is not None:
        yield from note_texts(sent.staff)


def ticked_of(sent: Sent) -> Iterator[str]:
    """Give the answers that were ticked in a report, in the words that stood on the form.

    Yes and no stand behind their question; a no is not given, since its question tells of what is not.
    """
    if not isinstance(sent.content, Report):
        return
    for section, field in _CHOSEN:
        for entry in sent.content.answers.entries(section):
            answer = entry.get(field.name, ())
            for value in (answer,) if isinstance(answer, str) else answer:
                if value == "yes":
                    yield f"{field.label} {field.label_of(value)}"
                elif value != "no":
                    yield field.label_of(value)


def note_texts(note: StaffNote) -> Iterator[str]:
    """Give what somebody wrote in a note."""
    if isinstance(note.change, LinkDecision | Read):
        return
    for field in fields(note.change):
        match getattr(note.change, field.name):
            case str() as text:
                yield text
            case tuple() as texts:
                yield from texts


def _content_texts(content: Payload) -> Iterator[str]:
    if isinstance(content, Report):
        yield content.what_happened
        yield from content.answers.texts()
    elif isinstance(content, Contact):
        yield from (content.topic, content.message, content.reach)
    else:
        yield content.text
    yield from _file_texts(content.files)


def _file_texts(files: tuple[AttachedFile, ...]) -> Iterator[str]:
    for file in files:
        yield file.name
        yield file.caption
