"""What the book's commands do: open the casebook, note a change or find cases, and print."""

import argparse
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date

from desk.book import asking
from desk.book.book import Book, open_book
from desk.book.casefile import CaseFile
from desk.book.days import HINT, day, part_day
from desk.book.inbox import Filter, found
from desk.book.investigations import InvestigationFile
from desk.book.lines import ID
from desk.book.searching import Hit, search
from desk.casebook import Casebook
from desk.columns import quoted
from desk.commands import print_list
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.progress import bar
from desk.showing import count_text
from payload import BadPayload
from payload.changes import (
    SAME_AS,
    Change,
    Event,
    Grade,
    Group,
    Lock,
    Owner,
    Read,
    Status,
    Tags,
    Task,
    Text,
)
from payload.limits import MAX_LONG, MAX_SHORT

DONE = 0


def opened(home: Home) -> Book:
    """Ask for the passphrase and open the casebook, with a bar.

    :raises DeskError: the desk does not open.
    """
    keys = home.read_keys()
    with bar("opening", len(Casebook(home.casebook).envelopes()), "envelope") as shown:
        before = 0

        def told(done: int, _total: int) -> None:
            nonlocal before
            shown.update(done - before)
            before = done

        return open_book(home, keys, told)


@contextmanager
def plain_words() -> Iterator[None]:
    """Tell what is wrong with a change as every other error is told."""
    try:
        yield
    except BadPayload as bad:
        raise DeskError(f"nothing was noted: {bad}", "write it otherwise, and run it again") from None


def run_inbox(home: Home, given: argparse.Namespace) -> int:
    """List the cases that fit."""
    named = {field.name: getattr(given, field.name, "") for field in fields(Filter)}
    wanted = Filter.of({**named, "unread": "yes" if given.unread else ""})
    for name in ("since", "until"):
        if getattr(given, name) and not getattr(wanted, name):
            raise DeskError(f"--{name} is no day", HINT)
    files = found(opened(home), wanted)
    if given.alike:
        # Here alone: what it reckons with takes as long to load as everything else of a command.
        from desk.book.alike import same_words

        groups = same_words(files)
        if given.json:
            print_json([[file.as_json() for file in group] for group in groups])
        else:
            _print_groups(groups)
        return DONE
    if given.json:
        print_json([file.as_json() for file in files])
    elif files:
        print_list(files)
    else:
        print("no case fits")
    return DONE


def _print_groups(groups: Sequence[Sequence[CaseFile]]) -> None:
    for group in groups:
        print(f"{count_text(len(group), 'case')} in nearly the same words:")
        print_list(group)
        print()
    if not groups:
        print("no two cases are in nearly the same words")


def run_search(home: Home, given: argparse.Namespace) -> int:
    """Find words."""
    words = " ".join(given.words) or asking.one_line("what to find", MAX_SHORT)
    hits = search(opened(home), words)
    if given.json:
        print_json([{**hit.file.as_json(), "excerpts": list(hit.excerpts)} for hit in hits])
        return DONE
    for hit in hits:
        for line in _hit_lines(hit):
            print(line)
    if not hits:
        print("no case has all of these words")
    return DONE


def _hit_lines(hit: Hit) -> Iterator[str]:
    yield f"{hit.file.name}  {hit.file.case.received_on or '-'}  {hit.file.case.kind}"
    for excerpt in hit.excerpts:
        yield from quoted(excerpt, "  ")


def run_note(home: Home, given: argparse.Namespace) -> int:
    """Note something in a case."""
    return _noted(home, given, lambda _book, _file: [Text(asking.several_lines("the note"))])


def run_mark(home: Home, given: argparse.Namespace) -> int:
    """Mark a case."""

    def changes(book: Book, _file: CaseFile) -> list[Change]:
        made: list[Change] = []
        if given.status is not None:
            made.append(Status(given.status))
        if given.owner is not None:
            made.append(Owner(given.owner.strip()))
        if given.tag or given.untag:
            made.append(Tags(_each_once(given.tag), _each_once(given.untag)))
        if given.read is not None:
            made.append(Read(given.read))
        if given.same_as is not None:
            made.append(Group(SAME_AS + book.case(given.same_as).name))
        elif given.group is not None:
            made.append(Group(given.group))
        if not made:
            raise DeskError("nothing to mark was named", "see: mark --help")
        return made

    return _noted(home, given, changes)


def _each_once(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.strip() for tag in tags))


def run_grade(home: Home, given: argparse.Namespace) -> int:
    """Grade a case."""

    def change(_book: Book, _file: CaseFile) -> list[Change]:
        on_conditions = given.handling == "C"
        conditions = asking.several_lines("the conditions", MAX_LONG) if on_conditions else ""
        return [Grade(given.source, given.information, given.handling, conditions)]

    return _noted(home, given, change)


def run_task(home: Home, given: argparse.Namespace) -> int:
    """Add a task to a case, or finish one."""
    return _noted(home, given, lambda _book, file: [task_of(given, file.work.tasks)])


def task_of(given: argparse.Namespace, tasks: Sequence[Task]) -> Task:
    """Give the task that is to be noted: a new one, or one of ``tasks`` that is done.

    :raises DeskError: there is no such task, the day is none, or nothing was written.
    """
    if given.done is not None:
        fitting = [task for task in tasks if given.done and task.task_id.hex().startswith(given.done.lower())]
        if len(fitting) != 1:
            shown = ", ".join(task.task_id.hex()[:ID] for task in tasks) or "there are none"
            raise DeskError(f"{len(fitting)} tasks begin with {harmless(given.done)!r}", f"name one: {shown}")
        return Task(fitting[0].task_id, fitting[0].title, fitting[0].due, done=True)
    due = _day(given.due)
    return Task(secrets.token_bytes(16), asking.one_line("what is to be done", MAX_SHORT), due)


def _day(text: str | None) -> date | None:
    return None if text is None else day(text)


def run_event(home: Home, given: argparse.Namespace) -> int:
    """Put something on a case's timeline."""
    on = part_day(given.on)
    return _noted(
        home, given, lambda _book, _file: [Event(on, asking.several_lines("what happened", MAX_LONG))]
    )


def run_lock(home: Home, given: argparse.Namespace) -> int:
    """Lock a file, or a case."""

    def change(_book: Book, file: CaseFile) -> list[Change]:
        return [Lock(_sealed(file, given.file), True, asking.any_line("why")[:MAX_LONG])]

    return _noted(home, given, change)


def run_unlock(home: Home, given: argparse.Namespace) -> int:
    """Take a lock off, for a reason, and with a second person.

    :raises DeskError: the second person is not named, or no reason was written.
    """
    second = given.second.strip()
    if not second:
        raise DeskError("the second person is not named", "name who agrees: --with NAME")

    def change(_book: Book, file: CaseFile) -> list[Change]:
        sealed = _sealed(file, given.file)
        agreed = f" (agreed with {second})"
        return [Lock(sealed, False, asking.one_line("why", MAX_LONG - len(agreed)) + agreed)]

    return _noted(home, given, change)


def _sealed(file: CaseFile, number: int | None) -> str:
    """Give what names a file of a case, by its number, in a lock; nothing for the whole case.

    :raises DeskError: there is no such file.
    """
    sealed = ""
    if number is not None:
        attachments = file.attachments
        if not 1 <= number <= len(attachments):
            raise DeskError(
                f"case {file.name} has no file {number}",
                f"it has {count_text(len(attachments), 'file')}: `show {file.name}` numbers them",
            )
        sealed = attachments[number - 1].sealed_sha256.hex()
    return sealed


def _noted(home: Home, given: argparse.Namespace, changes: Callable[[Book, CaseFile], list[Change]]) -> int:
    book = opened(home)
    file = book.case(given.case)
    with plain_words():
        for change in changes(book, file):
            book.add(file, change, given.by)
    file = book.case(file.name)
    if given.json:
        print_json(file.as_json())
    else:
        print(f"noted in case {file.name}")
    return DONE


def noted_in(book: Book, one: InvestigationFile, change: Change, given: argparse.Namespace) -> int:
    """Note a change of an investigation, and say so.

    :raises DeskError: it cannot be noted.
    """
    with plain_words():
        book.add(one, change, given.by)
    if given.json:
        print_json({"investigation": one.id.hex()})
    else:
        print(f"noted in investigation {one.id.hex()[:8]}")
    return DONE


def print_json(value: object) -> None:
    """Print JSON in ASCII, so that a terminal has nothing to obey."""
    print(json.dumps(value, indent=2))
