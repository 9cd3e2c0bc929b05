"""What `investigation` does."""

import argparse
from dataclasses import replace

from desk.book import asking
from desk.book.commands import DONE, noted_in, opened, plain_words, print_json, task_of
from desk.book.days import part_day
from desk.book.lines import investigation_json, investigation_lines
from desk.columns import quoted
from desk.harmless import harmless_name
from desk.home import Home
from desk.showing import count_text
from payload.changes import Event, Investigation, Member, Person, Text
from payload.limits import MAX_LONG, MAX_REACH, MAX_SHORT


def run_list(home: Home, given: argparse.Namespace) -> int:
    """List all investigations."""
    found = opened(home).investigations()
    if given.json:
        print_json([investigation_json(one) for one in found])
        return DONE
    for one in found:
        state = "open  " if one.open else "closed"
        open_tasks = sum(not task.done for task in one.tasks)
        counts = f"{count_text(len(one.cases), 'case')}, {count_text(open_tasks, 'task')} to do"
        for line in quoted(harmless_name(one.name), f"{one.id.hex()[:8]}  {state}  {counts}  "):
            print(line)
    if not found:
        print("no investigations yet: investigation new")
    return DONE


def run_new(home: Home, given: argparse.Namespace) -> int:
    """Begin one."""
    book = opened(home)
    name = asking.one_line("its name", MAX_SHORT)
    with plain_words():
        id_ = book.new_investigation(Investigation(name), given.by)
    if given.json:
        print_json({"investigation": id_.hex()})
    else:
        print(f"investigation {id_.hex()[:8]} begun")
    return DONE


def run_show(home: Home, given: argparse.Namespace) -> int:
    """Show all of one."""
    one = opened(home).investigation(given.id)
    if given.json:
        print_json(investigation_json(one))
    else:
        for line in investigation_lines(one):
            print(line)
    return DONE


def run_note(home: Home, given: argparse.Namespace) -> int:
    """Note something in it."""
    book = opened(home)
    one = book.investigation(given.id)
    return noted_in(book, one, Text(asking.several_lines("the note")), given)


def run_task(home: Home, given: argparse.Namespace) -> int:
    """Add something to do, or say that it is done."""
    book = opened(home)
    one = book.investigation(given.id)
    return noted_in(book, one, task_of(given, one.tasks), given)


def run_event(home: Home, given: argparse.Namespace) -> int:
    """Put something on its timeline."""
    book = opened(home)
    one = book.investigation(given.id)
    with plain_words():
        event = Event(part_day(given.on), asking.several_lines("what happened", MAX_LONG))
    return noted_in(book, one, event, given)


def run_person(home: Home, given: argparse.Namespace) -> int:
    """Add somebody, change what is noted of them, or take them off."""
    book = opened(home)
    one = book.investigation(given.id)
    lines = asking.several_lines(
        "name, then on a second line their role, on a third how to reach them",
        MAX_SHORT + MAX_SHORT + MAX_REACH,
    ).split("\n")
    name, role, reach = [line.strip() for line in (*lines, "", "")][:3]
    with plain_words():
        person = Person(name, reach, role, given.remove)
    return noted_in(book, one, person, given)


def run_add(home: Home, given: argparse.Namespace) -> int:
    """Add a case."""
    return _member(home, given, member=True)


def run_remove(home: Home, given: argparse.Namespace) -> int:
    """Take a case out."""
    return _member(home, given, member=False)


def _member(home: Home, given: argparse.Namespace, *, member: bool) -> int:
    book = opened(home)
    one = book.investigation(given.id)
    return noted_in(book, one, Member(book.case(given.case).name, member), given)


def run_change(home: Home, given: argparse.Namespace) -> int:
    """Give it another name, and say what it is about."""
    book = opened(home)
    one = book.investigation(given.id)
    name, _, about = asking.several_lines("its name, and on the next lines what it is about").partition("\n")
    with plain_words():
        change = Investigation(name.strip(), about.strip("\n"), one.open)
    return noted_in(book, one, change, given)


def run_close(home: Home, given: argparse.Namespace) -> int:
    """Say that it is over."""
    return _opened_or_closed(home, given, is_open=False)


def run_open(home: Home, given: argparse.Namespace) -> int:
    """Open it again."""
    return _opened_or_closed(home, given, is_open=True)


def _opened_or_closed(home: Home, given: argparse.Namespace, *, is_open: bool) -> int:
    book = opened(home)
    one = book.investigation(given.id)
    return noted_in(book, one, replace(Investigation(one.name, one.about), open=is_open), given)
