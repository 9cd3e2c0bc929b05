"""What stands before anything else on the pages of a case: danger, children, and why; and what is blocked."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk.book import CaseFile
from desk.book.work import Said, said
from desk.report import alarms
from desk.urgency import UNDER_18
from payload import Report
from payload.changes import Lock, Tags
from payload.choices import AGES, CONDUCT

# Tags that staff put on by hand, and how else they are spelt: `desk.book` counts them as an answer.
BY_HAND = {"danger now": ("danger now", "danger"), "children": ("children", "child")}
CHILD = "A CHILD MAY BE IN THIS"
DANGER_BY_HAND = "DANGER NOW: somebody of the team marked it"
_AGES = {choice.value: choice.label for choice in AGES if choice.value in UNDER_18}
_CHILD_TICKED = next(choice.label for choice in CONDUCT if choice.value == "child")


@dataclass(frozen=True)
class Marking:
    """A mark that staff can set by hand, by its ``tag``; ``on`` are the tags of the case that set it."""

    tag: str
    on: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Blocked:
    """What is blocked ("the whole case", "file 2"), by whom, on which day, and why."""

    what: str
    author: str
    day: str
    why: str

    def __repr__(self) -> str:
        return f"<Blocked {self.what}>"


def urgent_lines(file: CaseFile) -> list[str]:
    """Give what nobody can miss: what its reports say, and what staff marked by hand."""
    lines = alarms(file.reports)
    danger, children = markings(file)
    if danger.on:
        lines.insert(0, f"{DANGER_BY_HAND}, {_by_hand(file, danger.on)}")
    why = [reason for report in file.reports for reason in _children(report)]
    if children.on:
        why.append(f"marked {_by_hand(file, children.on)}")
    if why:
        lines.append(f"{CHILD}: {'; '.join(dict.fromkeys(why))}")
    return lines


def markings(file: CaseFile) -> list[Marking]:
    """Give the marks that staff can set, and whether they are."""
    return [
        Marking(tag, tuple(one for one in sorted(file.work.tags) if one.strip().casefold() in spelt))
        for tag, spelt in BY_HAND.items()
    ]


def blocked(file: CaseFile, sealed: str | None = None) -> list[Blocked]:
    """Give what is blocked of a case; with ``sealed`` (SHA-256, hex) what blocks that file."""
    numbers = {one.sealed_sha256.hex(): number for number, one in enumerate(file.attachments, 1)}
    return [
        _blocked(lock, numbers)
        for lock in file.work.locks
        if sealed is None or lock.change.file in ("", sealed)
    ]


def _blocked(lock: Said[Lock], numbers: dict[str, int]) -> Blocked:
    number = numbers.get(lock.change.file)
    what = "the whole case" if not lock.change.file else "a file" if number is None else f"file {number}"
    return Blocked(what, lock.author, f"{lock.written_at:%Y-%m-%d}", lock.change.why)


def _children(report: Report) -> Iterator[str]:
    answers = report.answers
    if any("child" in entry.get("kinds", ()) for entry in answers.entries("what")):
        yield f"ticked “{_CHILD_TICKED}”"
    helped = {age for entry in answers.entries("in_need") for age in entry.get("ages", ())}
    if ages := [label for age, label in _AGES.items() if age in helped]:
        yield f"people who may need help: {', '.join(ages)}"
    suspects = {str(entry.get("age", "")) for entry in answers.entries("people")}
    if ages := [label for age, label in _AGES.items() if age in suspects]:
        yield f"people suspected: {', '.join(ages)}"


def _by_hand(file: CaseFile, tags: tuple[str, ...]) -> str:
    *_, one = [one for one in said(file.notes, Tags) if set(tags) & set(one.change.add)]
    return f"by {one.author} on {one.written_at:%Y-%m-%d}"
