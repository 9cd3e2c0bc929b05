"""What can be asked of the book on the command line."""

import argparse
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from desk.book import commands, investigating
from desk.home import Home
from payload.changes import HANDLING, INFORMATION, SOURCES, STATUSES

if TYPE_CHECKING:
    from desk.cli import Parser

    Adding = argparse._SubParsersAction[Parser]  # noqa: SLF001 - argparse has no other name for it

STAFF = "DESK_STAFF"
_TYPED = "What you write is asked for, or comes in on standard input: a command line is kept in a history."


def add(commands_: "Adding") -> None:
    """Add `inbox`, `search`, and all that notes something of a case or an investigation."""
    inbox = _command(commands_, "inbox", commands.run_inbox, "list the cases that fit, the newest first")
    _add_filters(inbox)
    search = _command(commands_, "search", commands.run_search, f"find words in all cases. {_TYPED}")
    search.add_argument("words", metavar="WORD", nargs="*", help="what to find (leave it out to be asked)")
    _add_to_case(commands_)
    _add_investigation(commands_)


def _add_filters(inbox: "Parser") -> None:
    inbox.add_argument("--kind", default="", choices=("report", "contact", "follow-up", "note", "unknown"))
    inbox.add_argument("--status", default="", choices=("open", *STATUSES), help="open: all but closed")
    inbox.add_argument("--unread", action="store_true", help="only what was not read, or not all of it")
    inbox.add_argument("--urgent", default="", choices=("any", "danger", "children"))
    inbox.add_argument("--owner", default="", metavar="NAME", help="whose cases; nobody: those of no one")
    inbox.add_argument("--tag", default="", metavar="TAG")
    inbox.add_argument(
        "--since", default="", metavar="DAY", help="something came on that day (31/05/2026) or later"
    )
    inbox.add_argument("--until", default="", metavar="DAY", help="nothing came after that day")
    inbox.add_argument("--group", default="", choices=("spam", "all"), help="spam alone, or everything")
    inbox.add_argument("--alike", action="store_true", help="groups of cases in nearly the same words")


def _add_to_case(commands_: "Adding") -> None:
    _case(commands_, "note", commands.run_note, f"note something in a case. {_TYPED}")
    mark = _case(commands_, "mark", commands.run_mark, "mark a case: status, owner, tags, read, spam")
    mark.add_argument("--status", choices=tuple(STATUSES))
    mark.add_argument("--owner", metavar="NAME", help='who works on it; "" for nobody')
    mark.add_argument("--tag", metavar="TAG", action="append", default=[], help="may be repeated")
    mark.add_argument("--untag", metavar="TAG", action="append", default=[], help="may be repeated")
    read = mark.add_mutually_exclusive_group()
    read.add_argument("--read", dest="read", action="store_true", default=None)
    read.add_argument("--unread", dest="read", action="store_false")
    group = mark.add_mutually_exclusive_group()
    group.add_argument(
        "--spam", dest="group", action="store_const", const="spam", help="it stays here all the same"
    )
    group.add_argument("--same-as", metavar="CASE", help="it says the same as another case")
    group.add_argument("--no-group", dest="group", action="store_const", const="", help="neither of them")
    grade = _case(commands_, "grade", commands.run_grade, f"grade source and information (3x5x2). {_TYPED}")
    grade.add_argument("--source", required=True, type=int, choices=tuple(SOURCES), help=_choices(SOURCES))
    grade.add_argument("--information", required=True, choices=tuple(INFORMATION), help=_choices(INFORMATION))
    grade.add_argument("--handling", required=True, choices=tuple(HANDLING), help=_choices(HANDLING))
    task = _case(
        commands_, "task", commands.run_task, f"add something to do, or say that it is done. {_TYPED}"
    )
    _add_task(task)
    event = _case(commands_, "event", commands.run_event, f"put something on a case's timeline. {_TYPED}")
    event.add_argument(
        "--on", required=True, metavar="DAY", help="a day, a month or a year: 31/05/2026, 05/2026, 2026"
    )
    what = "stop showing, saving and passing on a case's files that may be illegal to hold"
    for name, run, said in (
        ("lock", commands.run_lock, f"{what}. {_TYPED}"),
        ("unlock", commands.run_unlock, f"take a lock off again, with a second person. {_TYPED}"),
    ):
        lock = _case(commands_, name, run, said)
        lock.add_argument("--file", metavar="N", type=int, help="this file only, as `show` numbers them")
        if name == "unlock":
            lock.add_argument("--with", dest="second", required=True, metavar="NAME", help="who agrees to it")


def _add_task(task: "Parser") -> None:
    task.add_argument("--due", metavar="DAY", help="by when: 31/05/2026, or 2026-05-31")
    task.add_argument("--done", metavar="LETTERS", help="say that this one is done: its letters, as shown")


def _add_investigation(commands_: "Adding") -> None:
    what = "gather cases, notes, tasks, people and a timeline under a name"
    parser = commands_.add_parser("investigation", help=what, description=f"{what}. {_TYPED}")
    each = parser.add_subparsers(title="what to do", required=True, metavar="WHAT")
    _command(each, "list", investigating.run_list, "list all")
    _by(_command(each, "new", investigating.run_new, "begin one; its name is asked for"))
    for name, run, said in (
        ("show", investigating.run_show, "show all of one"),
        ("note", investigating.run_note, "note something in it"),
        ("task", investigating.run_task, "add something to do, or say that it is done"),
        ("event", investigating.run_event, "put something on its timeline"),
        ("person", investigating.run_person, "add somebody to talk to, or change what is noted of them"),
        ("add", investigating.run_add, "add a case to it"),
        ("remove", investigating.run_remove, "take a case out of it"),
        ("change", investigating.run_change, "give it another name, or say what it is about"),
        ("close", investigating.run_close, "say that it is over"),
        ("open", investigating.run_open, "open it again"),
    ):
        one = _by(_command(each, name, run, said)) if name != "show" else _command(each, name, run, said)
        one.add_argument(
            "id", metavar="LETTERS", help="its letters as `investigation list` shows them, or its name"
        )
        if name in ("add", "remove"):
            one.add_argument("case", metavar="CASE", help="a case's name or its first letters")
        if name == "task":
            _add_task(one)
        if name == "event":
            one.add_argument("--on", required=True, metavar="DAY", help="a day, a month or a year")
        if name == "person":
            one.add_argument("--remove", action="store_true", help="take them off the list")


def _case(
    commands_: "Adding", name: str, run: Callable[[Home, argparse.Namespace], int], what: str
) -> "Parser":
    parser = _by(_command(commands_, name, run, what))
    parser.add_argument("case", metavar="CASE", help="a case's name or its first letters")
    return parser


def _by(parser: "Parser") -> "Parser":
    parser.add_argument(
        "--by", metavar="NAME", default=os.environ.get(STAFF, ""), help=f"who notes it (default: ${STAFF})"
    )
    return parser


def _command(
    commands_: "Adding", name: str, run: Callable[[Home, argparse.Namespace], int], what: str
) -> "Parser":
    parser = commands_.add_parser(name, help=what.split(". ")[0], description=what)
    parser.set_defaults(run=run)
    parser.add_argument("--json", action="store_true", help="write JSON")
    return parser


def _choices(words: Mapping[str, str] | Mapping[int, str]) -> str:
    return "; ".join(f"{key} {label}" for key, label in words.items())
