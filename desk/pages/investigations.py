"""Investigations: cases, notes, tasks, people and a timeline under one name, for work on one article."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from flask import Blueprint, Response, abort

from desk.book import Book, InvestigationFile
from desk.connections.asked import first_words, titles_of
from desk.connections.findings import Findings
from desk.connections.network import KINDS, Network, network
from desk.connections.timeline import Moment, Sort, due, of_cases, ordered, parted
from desk.errors import DeskError
from desk.pages import answers, author, current_book
from desk.pages.cases import bad_words
from desk.pages.changing import Typed, change_of
from desk.pages.connections import drawing, found_in
from desk.pages.drafts import typed_before
from payload import BadPayload
from payload.changes import Change, Investigation, Member, Person

bp = Blueprint("investigations", __name__, url_prefix="/investigations")

SAID = {
    "task": "The task is noted.",
    "event": "It stands in the timeline.",
    "text": "Noted.",
    "case": "The case belongs to it.",
    "no case": "The case belongs to it no more.",
    "person": "Noted.",
    "no person": "Taken off the list. The note that named them stays.",
    "about": "Changed.",
}


def today() -> date:
    """Give today's day, as this computer has it."""
    return datetime.now().astimezone().date()


@bp.get("/")
def index() -> Response:
    """List the investigations, the open ones first."""
    return _listed(Typed(), None)


@bp.post("/")
def begin() -> Response:
    """Begin one."""
    book, typed = current_book(), answers.fields()
    try:
        change = _about(book, typed)
        if any(one.name.casefold() == change.name.casefold() for one in book.investigations()):
            raise DeskError("another investigation is called so", "choose another name")
        id_ = book.new_investigation(change, author())
    except BadPayload as bad:
        return _listed(typed, bad_words(bad))
    except (DeskError, OSError) as error:
        return _listed(typed, answers.problem(error))
    return answers.go_to("investigations.show", "The investigation is begun.", id=id_.hex())


def _listed(typed: Typed, problem: dict[str, str] | None) -> Response:
    each = current_book().investigations()
    now = today()
    return answers.page(
        "investigations/list.html",
        422 if problem else 200,
        investigations=[(one, _next_due(one), _is_late(one, now)) for one in each],
        typed=typed,
        problem=problem,
    )


def _next_due(file: InvestigationFile) -> date | None:
    return min((task.due for task in file.tasks if task.due and not task.done), default=None)


def _is_late(file: InvestigationFile, now: date) -> bool:
    due_on = _next_due(file)
    return due_on is not None and due_on < now


@bp.get("/<id>")
def show(id: str) -> Response:  # noqa: A002 - the name that other pages link it by
    """Show an investigation."""
    book = current_book()
    return _shown(book, _file(book, id), Typed(), None)


@bp.post("/<id>/change")
def change(id: str) -> Response:  # noqa: A002 - as above
    """Note one change."""
    book, typed = current_book(), answers.fields()
    file = _file(book, id)
    what = typed.get("what", "")
    try:
        book.add(file, _change_of(book, typed), author())
    except BadPayload as bad:
        return _shown(book, file, typed, bad_words(bad))
    except (DeskError, OSError) as error:
        return _shown(book, file, typed, answers.problem(error))
    return answers.go_to("investigations.show", SAID.get(what, "Changed."), id=id, anchor=_ANCHORS.get(what))


@bp.route("/<id>/note", methods=["GET", "POST"])
def note(id: str) -> Response:  # noqa: A002 - as above
    """Write a note."""
    return _written(id, "text", "investigations/note.html")


@bp.route("/<id>/about", methods=["GET", "POST"])
def about(id: str) -> Response:  # noqa: A002 - as above
    """Say anew what it is called and is about, and whether it is open."""
    return _written(id, "about", "investigations/about.html")


def _written(id_: str, what: str, template: str) -> Response:
    book = current_book()
    file = _file(book, id_)
    if answers.current_request().method == "GET":
        return answers.page(template, file=file, typed=typed_before(), problem=None)
    typed = answers.fields()
    typed["what"] = what
    try:
        book.add(file, _change_of(book, typed), author())
    except BadPayload as bad:
        return answers.page(template, 422, file=file, typed=typed, problem=bad_words(bad))
    except (DeskError, OSError) as error:
        return answers.page(template, 422, file=file, typed=typed, problem=answers.problem(error))
    return answers.go_to("investigations.show", SAID[what], id=id_, anchor=_ANCHORS.get(what))


def _shown(book: Book, file: InvestigationFile, typed: Typed, problem: dict[str, str] | None) -> Response:
    found, finder = found_in(book)
    drawn = None if found is None else _network(found, book, file)
    here = {name: book.case(name) for name in file.cases}
    moments = [] if found is None else [one for one in found.moments if one.case in here]
    own = [Moment(event.on, event.text, "", Sort.NOTED) for event in file.timeline]
    own += [due(task.due, task.title) for task in file.tasks if task.due and not task.done]
    certain, uncertain = parted(ordered([*of_cases(here.values(), moments), *own]))
    return answers.page(
        "investigations/show.html",
        422 if problem else 200,
        file=file,
        typed=typed,
        problem=problem,
        today=today(),
        cases=here,
        begins=first_words(book, file.cases),
        found=found is not None,
        state=(finder.looking, () if found is None else found.unread),
        network=drawn,
        svg=None if drawn is None or not drawn.shared else drawing(drawn),
        kinds=KINDS,
        moments=certain,
        uncertain=uncertain,
    )


def _network(found: Findings, book: Book, file: InvestigationFile) -> Network:
    return network(found.links, book.decisions(), within=file.cases, titles=titles_of(found))


def _file(book: Book, id_: str) -> InvestigationFile:
    """Give the investigation of an id, or answer that there is no such page."""
    found = [one for one in book.investigations() if one.id.hex() == id_]
    return found[0] if found else abort(404)


def _change_of(book: Book, typed: Typed) -> Change:
    make = _CHANGES.get(typed.get("what", ""))
    return change_of(typed) if make is None else make(book, typed)


def _about(_book: Book, typed: Typed) -> Investigation:
    name = typed.get("name", "").strip()
    if not name:
        raise DeskError("the name is missing", "write what the investigation is called")
    return Investigation(name, typed.get("about", "").strip(), typed.get("open", "yes") != "no")


def _member(book: Book, typed: Typed, *, member: bool) -> Member:
    name = typed.get("case", "").strip()
    if not name:
        raise DeskError("no case was named", "write a case’s name, or its first letters")
    # What is taken out may not be here: another desk has it.
    return Member(book.case(name).name if member else name, member)


def _person(_book: Book, typed: Typed, *, removed: bool) -> Person:
    name = typed.get("who", "").strip()
    if not name:
        raise DeskError("the name is missing", "write who it is")
    return Person(name, typed.get("reach", "").strip(), typed.get("role", "").strip(), removed)


_CHANGES: Mapping[str, Callable[[Book, Typed], Change]] = {
    "about": _about,
    "case": lambda book, typed: _member(book, typed, member=True),
    "no case": lambda book, typed: _member(book, typed, member=False),
    "person": lambda book, typed: _person(book, typed, removed=False),
    "no person": lambda book, typed: _person(book, typed, removed=True),
}
_ANCHORS = {
    "task": "tasks",
    "event": "timeline",
    "text": "notes",
    "case": "cases",
    "no case": "cases",
    "person": "people",
    "no person": "people",
}
