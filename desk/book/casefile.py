"""One case of an opened casebook, with all that is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from desk.book.held import Held
from desk.book.work import Work, in_order, work_of
from desk.cases import Case, named_by
from desk.opening import Sent
from desk.showing import files_of
from desk.urgency import CHILDREN, DANGER
from payload import AttachedFile, Payload, Report, SentReply, StaffNote, Subject

# Tags of staff that say the same as an answer does.
_MARKS = {"danger now": DANGER, "danger": DANGER, "children": CHILDREN, "child": CHILDREN}
SEEN = 16  # hex letters that name a send in the note that it was read


@dataclass(frozen=True)
class CaseFile:
    """A case: what its source sent, what was answered and noted, and the ``work`` that the notes come to.

    What is read from the JSON (``sends``, ``reports``, ``contents``, ``attachments``, ``replies``) is read
    each time: keep it for as long as it is looked at, and no longer.
    """

    case: Case
    held: tuple[Held, ...] = field(repr=False)  # of case.sends
    held_replies: tuple[Held, ...] = field(default=(), repr=False)
    held_notes: tuple[Held, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"<CaseFile {self.name}>"

    @property
    def name(self) -> str:
        """The case's short name."""
        return self.case.name

    @cached_property
    def subject(self) -> Subject:
        """What notes on it name it by."""
        return Subject(*named_by(self.case))

    @property
    def sends(self) -> tuple[Sent, ...]:
        """What its source sent, opened, in the order of ``case.sends``."""
        return tuple(one.sent for one in self.held)

    @property
    def contents(self) -> tuple[Payload, ...]:
        """What its source said: reports or messages, the fullest first, then follow-ups, the oldest first."""
        return tuple(sent.content for sent in self.sends if sent.content is not None)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports among them."""
        return tuple(content for content in self.contents if isinstance(content, Report))

    @property
    def attachments(self) -> list[AttachedFile]:
        """The files of all sends, each once; their numbers, from 1, are those that `show` prints."""
        return files_of(self.sends)

    @property
    def replies(self) -> tuple[SentReply, ...]:
        """The desk's copies of what was answered."""
        return tuple(sent.note for sent in self.reply_sends if sent.note is not None)

    @property
    def reply_sends(self) -> tuple[Sent, ...]:
        """The envelopes of these copies."""
        return tuple(one.sent for one in self.held_replies)

    @cached_property
    def notes(self) -> tuple[StaffNote, ...]:
        """What staff noted, each once, in the order in which it was written."""
        return in_order(note for one in self.held_notes if (note := one.sent.staff) is not None)

    @cached_property
    def seen(self) -> frozenset[str]:
        """What a note says that was read, when all of it was."""
        return frozenset((one.brief.body.hex() or one.brief.digest)[:SEEN] for one in self.held)

    @cached_property
    def work(self) -> Work:
        """What the notes come to."""
        return work_of(self.notes, self.seen)

    @cached_property
    def urgent(self) -> tuple[str, ...]:
        """What cannot wait: `desk.urgency.DANGER`, `CHILDREN`, as even one report or the staff says.

        No rule reads follow-ups and captions for it: staff set the tag "danger now" or "children".
        """
        told = {mark for one in self.held for mark in one.brief.urgent} | self._marked
        return tuple(mark for mark in (DANGER, CHILDREN) if mark in told)

    @cached_property
    def urgent_by_staff(self) -> tuple[str, ...]:
        """Those of ``urgent`` that no report says: staff does, by a tag."""
        told = {mark for one in self.held for mark in one.brief.urgent}
        return tuple(mark for mark in self.urgent if mark not in told)

    @cached_property
    def _marked(self) -> frozenset[str]:
        return frozenset(_MARKS[word] for tag in self.work.tags if (word := tag.strip().casefold()) in _MARKS)

    @cached_property
    def to_no_one(self) -> bool:
        """Whether even one of its reports says that it may be passed on to no one.

        In a list without what the sources said (`desk.book.book.listed`) that is never known.
        """
        entries = (entry for report in self.reports for entry in report.answers.entries("consent"))
        return any(entry.get("to") == "none" for entry in entries)

    @cached_property
    def words(self) -> str:
        """All that was written in it, folded, for the search."""
        each = [one.words for one in (*self.held, *self.held_replies, *self.held_notes)]
        # One text alone is not copied: of most cases there is one.
        return each[0] if len(each) == 1 else "".join(each)

    @property
    def latest_on(self) -> str:
        """The day its source last sent something, YYYY-MM-DD, or nothing."""
        return self.case.latest_on or ""

    def as_json(self) -> dict[str, object]:
        """Give the object that `list --json` shows."""
        return {
            **self.case.as_json(),
            "urgent": list(self.urgent),
            "urgent_by_staff": list(self.urgent_by_staff),
            "unread": not self.work.read,
            "status": self.work.status,
            "owner": self.work.owner,
            "tags": sorted(self.work.tags),
            "group": self.work.group,
        }


def case_file(case: Case, held_of: Mapping[str, Held]) -> CaseFile:
    """Put a case together; ``held_of`` has its envelopes by digest."""
    return CaseFile(
        case,
        tuple(held_of[brief.digest] for brief in case.sends),
        tuple(held_of[brief.digest] for brief in case.notes if not brief.subject),
        tuple(held_of[brief.digest] for brief in case.notes if brief.subject),
    )
