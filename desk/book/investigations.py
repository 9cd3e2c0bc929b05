"""Investigations: cases, notes, tasks, people and a timeline under one name, for work that ends in print."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desk.book.work import Said, events_of, said, tasks_of
from payload import StaffNote, Subject
from payload.changes import Event, Investigation, Member, Person, Task, Text

UNNAMED = "(no name yet)"  # its first note is not here: the other desk has it


@dataclass(frozen=True)
class InvestigationFile:
    """An investigation as it stands. ``cases`` are names of cases that are here, sorted, ``absent`` those of
    others (destroyed, or not taken in yet); ``notes`` all that was noted, in order, ``texts`` the words among
    them; ``tasks``, ``timeline`` and ``people`` as they stand, the people by name.
    """

    id: bytes = field(repr=False)
    name: str = field(repr=False)
    about: str = field(repr=False)
    open: bool
    cases: tuple[str, ...] = field(repr=False)
    absent: tuple[str, ...] = field(repr=False)
    notes: tuple[StaffNote, ...] = field(repr=False)
    texts: tuple[Said[Text], ...] = field(repr=False)
    tasks: tuple[Task, ...] = field(repr=False)
    people: tuple[Person, ...] = field(repr=False)
    timeline: tuple[Event, ...] = field(repr=False)

    @property
    def subject(self) -> Subject:
        """What notes on it name it by."""
        return Subject("investigation", self.id)


def investigation_file(
    id_: bytes, notes: Sequence[StaffNote], current: Callable[[str], str], has: Callable[[str], bool]
) -> InvestigationFile:
    """Put an investigation together from its notes, in order; ``current`` gives a case's name of today,
    ``has`` tells whether it is here."""
    heads = said(notes, Investigation)
    head = heads[-1].change if heads else Investigation(UNNAMED)
    members = {current(one.change.case): one.change.member for one in said(notes, Member)}
    names = sorted(case for case, member in members.items() if member)
    people = {one.change.name: one.change for one in said(notes, Person)}
    return InvestigationFile(
        id=id_,
        name=head.name,
        about=head.about,
        open=head.open,
        cases=tuple(name for name in names if has(name)),
        absent=tuple(name for name in names if not has(name)),
        notes=tuple(notes),
        texts=said(notes, Text),
        tasks=tasks_of(notes),
        people=tuple(sorted((one for one in people.values() if not one.removed), key=lambda one: one.name)),
        timeline=events_of(notes),
    )
