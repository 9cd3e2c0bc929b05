"""What staff can note of a case or an investigation: each change is one class, and its fields a table.

Nothing is ever changed in place: what holds is what the notes say one after the other (see `desk.book.work`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Self

from payload.errors import BadPayload
from payload.limits import MAX_AUTHOR, MAX_LONG, MAX_NAME, MAX_REACH, MAX_SHORT, MAX_TAG, MAX_TAGS, MAX_TEXT
from payload.shapes import Flag, Like, MaybeDay, Number, OneOf, PartDay, Raw, Several, Shape, Words
from payload.strict_json import Fields

STATUSES: Mapping[str, str] = MappingProxyType({
    "new": "new",
    "reading": "being read",
    "investigating": "being looked into",
    "waiting": "waiting",
    "referred": "passed on",
    "closed": "closed",
})  # fmt: skip
# The UK police's 3x5x2 scheme: how good the source is, how it knows, and whether it may be shared.
SOURCES: Mapping[int, str] = MappingProxyType({1: "reliable", 2: "untested", 3: "not reliable"})
INFORMATION: Mapping[str, str] = MappingProxyType({
    "A": "known directly",
    "B": "known indirectly, but corroborated",
    "C": "known indirectly",
    "D": "not known",
    "E": "suspected to be false",
})  # fmt: skip
HANDLING: Mapping[str, str] = MappingProxyType({
    "P": "may be shared where that is lawful",
    "C": "may be shared on conditions",
})  # fmt: skip
DECISIONS = ("confirmed", "rejected", "open")
SPAM = "spam"
SAME_AS = "same as "

CASE = "[a-z2-7]{10}"  # a case's name
_SHA256 = "[0-9a-f]{64}"
_CASE_NAME = Like(CASE, 10, "must be a case's name")
_HASH = Like(_SHA256, 64, "must be a SHA-256 in lower-case hex")
_NOBODY = Words(MAX_AUTHOR)
_MOST_SEEN = 2_000  # sends of a case that one note says were read
_MOST_FILES = 400  # files of a pack
_MOST_DECISIONS = 100_000


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """What one note changes; ``what`` is what the JSON calls it, ``shapes`` what each field holds.

    :raises BadPayload: a field holds something else.
    """

    what: ClassVar[str] = ""
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({})

    def __post_init__(self) -> None:
        for name, shape in self.shapes.items():
            shape.check(getattr(self, name), f"change.{name}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def as_json(self) -> dict[str, Any]:
        """Give the JSON object that ``taken`` reads."""
        held = {name: shape.as_json(getattr(self, name)) for name, shape in self.shapes.items()}
        return {"what": self.what, **{name: value for name, value in held.items() if value is not None}}

    @classmethod
    def taken(cls, fields: Fields) -> Self:
        """Read one from its JSON object, whose ``what`` is taken already.

        :raises BadPayload: the object breaks the schema.
        """
        found = cls(**{name: shape.take(fields, name) for name, shape in cls.shapes.items()})
        fields.done()
        return found


@dataclass(frozen=True, slots=True, repr=False)
class Text(Change):
    """Words about it."""

    what: ClassVar[str] = "text"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({"text": Words(MAX_TEXT, said=True)})

    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Status(Change):
    """How far the work is: one of ``STATUSES``."""

    what: ClassVar[str] = "status"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({"status": OneOf(tuple(STATUSES))})

    status: str


@dataclass(frozen=True, slots=True, repr=False)
class Owner(Change):
    """Who works on it; "" for nobody."""

    what: ClassVar[str] = "owner"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({"owner": _NOBODY})

    owner: str


@dataclass(frozen=True, slots=True, repr=False)
class Tags(Change):
    """Tags put on, and taken off; one in both is taken off."""

    what: ClassVar[str] = "tags"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "add": Several(Words(MAX_TAG, said=True), MAX_TAGS),
        "remove": Several(Words(MAX_TAG, said=True), MAX_TAGS),
    })  # fmt: skip

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Grade(Change):
    """The source's grading (1 to 3), the information's (A to E), the handling (P or C), and its conditions.

    :raises BadPayload: also where handling is C, and the conditions are not said.
    """

    what: ClassVar[str] = "grade"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "source": Number(1, 3),
        "information": OneOf(tuple(INFORMATION)),
        "handling": OneOf(tuple(HANDLING)),
        "conditions": Words(MAX_LONG),
    })  # fmt: skip

    source: int
    information: str
    handling: str
    conditions: str = ""

    def __post_init__(self) -> None:
        # Named, since `slots` makes the class anew and the short form of super() would miss it.
        Change.__post_init__(self)
        if self.handling == "C" and not self.conditions.strip():
            raise BadPayload("must be said where sharing is on conditions", "change.conditions")

    @property
    def code(self) -> str:
        """Give it as it is written in short: 2BP."""
        return f"{self.source}{self.information}{self.handling}"


@dataclass(frozen=True, slots=True, repr=False)
class Read(Change):
    """Whether it was read; ``seen`` names what there was to read (16 hex letters each), set by the desk."""

    what: ClassVar[str] = "read"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "read": Flag(),
        "seen": Several(Like("[0-9a-f]{16}", 16, "must be 16 hex letters"), _MOST_SEEN),
    })  # fmt: skip

    read: bool
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Task(Change):
    """Something to do; a later one with the same ``task_id`` (16 bytes) takes its place."""

    what: ClassVar[str] = "task"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "task_id": Raw(16),
        "title": Words(MAX_SHORT, said=True),
        "due": MaybeDay(),
        "done": Flag(),
    })  # fmt: skip

    task_id: bytes
    title: str
    due: date | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Event(Change):
    """What happened ``on`` a day, in a month or in a year (YYYY-MM-DD, YYYY-MM, YYYY)."""

    what: ClassVar[str] = "event"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType(
        {"on": PartDay(), "text": Words(MAX_LONG, said=True)}
    )

    on: str
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Lock(Change):
    """Stop preview, export and referral of a file (SHA-256 of its sealed attachment, hex), or of the whole
    case (""); or allow them again."""

    what: ClassVar[str] = "lock"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "file": Like(f"(?:{_SHA256})?", 64, "must be a SHA-256 in lower-case hex, or nothing"),
        "locked": Flag(),
        "why": Words(MAX_LONG),
    })  # fmt: skip

    file: str
    locked: bool
    why: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Referred(Change):
    """What was passed on: the agency's id and name, the pack's SHA-256 (hex), the chosen files (SHA-256 of
    their sealed attachments, hex), the grade in short ("2BP"), the conditions, how much a person decided."""

    what: ClassVar[str] = "referred"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "agency": Words(MAX_SHORT, said=True),
        "agency_name": Words(MAX_SHORT, said=True),
        "pack_sha256": _HASH,
        "files": Several(_HASH, _MOST_FILES),
        "grade": Like("[123][A-E][PC]", 3, "must be a grade in short"),
        "conditions": Words(MAX_LONG),
        "decisions": Number(0, _MOST_DECISIONS),
    })  # fmt: skip

    agency: str
    agency_name: str
    pack_sha256: str
    files: tuple[str, ...]
    grade: str
    conditions: str
    decisions: int


@dataclass(frozen=True, slots=True, repr=False)
class Group(Change):
    """That it is spam, or says the same as another case ("same as NAME"), or neither ("")."""

    what: ClassVar[str] = "group"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType(
        {"group": Like(f"(?:{SPAM}|{SAME_AS}{CASE})?", 18, "must be spam, same as a case, or nothing")}
    )

    group: str


@dataclass(frozen=True, slots=True, repr=False)
class LinkDecision(Change):
    """What a person decided of a link between two cases, by their names, a < b."""

    what: ClassVar[str] = "link"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "a": _CASE_NAME,
        "b": _CASE_NAME,
        "kind": Words(MAX_TAG, said=True),
        "value": Words(MAX_NAME, said=True),
        "decision": OneOf(DECISIONS),
    })  # fmt: skip

    a: str
    b: str
    kind: str
    value: str
    decision: str

    def __post_init__(self) -> None:
        Change.__post_init__(self)
        if self.a >= self.b:
            raise BadPayload("must come before the other case", "change.a")


@dataclass(frozen=True, slots=True, repr=False)
class Investigation(Change):
    """What an investigation is called and is about, and whether it is still open."""

    what: ClassVar[str] = "investigation"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "name": Words(MAX_SHORT, said=True),
        "about": Words(MAX_TEXT),
        "open": Flag(),
    })  # fmt: skip

    name: str
    about: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Member(Change):
    """That a case belongs to an investigation, or no more."""

    what: ClassVar[str] = "member"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({"case": _CASE_NAME, "member": Flag()})

    case: str
    member: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Person(Change):
    """Somebody to talk to in an investigation, by their name; a later one of that name takes its place."""

    what: ClassVar[str] = "person"
    shapes: ClassVar[Mapping[str, Shape]] = MappingProxyType({
        "name": Words(MAX_SHORT, said=True),
        "reach": Words(MAX_REACH),
        "role": Words(MAX_SHORT),
        "removed": Flag(),
    })  # fmt: skip

    name: str
    reach: str = ""
    role: str = ""
    removed: bool = False


# What is said of a case, and of an investigation; a link is decided on by a link alone.
OF_BOTH: tuple[type[Change], ...] = (Text, Task, Event)
OF_CASE: tuple[type[Change], ...] = (*OF_BOTH, Status, Owner, Tags, Grade, Read, Lock, Referred, Group)
OF_INVESTIGATION: tuple[type[Change], ...] = (*OF_BOTH, Investigation, Member, Person)
_ALL: tuple[type[Change], ...] = (*OF_CASE, *OF_INVESTIGATION, LinkDecision)
CHANGES: Mapping[str, type[Change]] = MappingProxyType({change.what: change for change in _ALL})
