"""A case: the report as its source gave it, what was said since, and what staff make of it."""

from typing import Any

from flask import Blueprint, Response

from desk.book import Book, CaseFile
from desk.connections.asked import Asked, first_words
from desk.connections.finder import finder_of
from desk.connections.network import KINDS
from desk.connections.sharing import Group, shared
from desk.errors import DeskError
from desk.pages import answers, author, current_book, current_case, current_session
from desk.pages.changing import Typed, change_of
from desk.pages.drafts import typed_before
from desk.pages.thread import thread, title
from desk.report import alarms
from payload import BadPayload
from payload.changes import HANDLING, INFORMATION, SOURCES, STATUSES, Read

bp = Blueprint("cases", __name__, url_prefix="/case")

MOST_SHARED = 5  # things that a case shares with others, on its page
MOST_OTHERS = 3  # cases that are named with each
SAID = {
    "text": "Noted.",
    "read": "Marked.",
    "task": "The task is noted.",
    "event": "It stands in the timeline.",
    "lock": "Noted. Preview, saving and referral follow it at once.",
    "group": "Noted.",
}


@bp.get("/<name>")
def show(name: str) -> Response:
    """Show a case, and note that it was read."""
    book = current_book()
    file = current_case(name)
    problem = None
    if not file.work.read and file.case.sends:
        try:
            book.add(file, Read(True), author())
        except (DeskError, OSError) as error:
            problem = answers.problem(error)
        file = current_case(name)
    return _shown(book, file, problem)


@bp.post("/<name>/change")
def change(name: str) -> Response:
    """Note one change."""
    book = current_book()
    file = current_case(name)
    typed = answers.fields()
    try:
        book.add(file, change_of(typed), author())
    except BadPayload as bad:
        return _again(book, file, typed, bad_words(bad))
    except (DeskError, OSError) as error:
        return _again(book, file, typed, answers.problem(error))
    said = SAID.get(typed["what"], "Changed.")
    if typed["what"] == "read" and typed.get("read") != "yes":
        return answers.go_to("inbox.index", f"Case {file.name} is unread again.")
    if answers.current_request().wants_partial:
        file = current_case(name)
        return answers.page("cases/_work.html", **_work(book, file), said=said)
    return answers.go_to("cases.show", said, name=file.name, anchor="work")


def bad_words(bad: BadPayload) -> dict[str, str]:
    """Say what is wrong with a field that was too long, or that no form of ours sends."""
    return {
        "what": f"that cannot be noted: it {bad}",
        "hint": "shorten it or choose again, then press the button",
    }


@bp.route("/<name>/note", methods=["GET", "POST"])
def note(name: str) -> Response:
    """Write a note."""
    book = current_book()
    file = current_case(name)
    if answers.current_request().method == "GET":
        return answers.page("cases/note.html", file=file, typed=typed_before(), problem=None)
    typed = answers.fields()
    typed["what"] = "text"
    try:
        book.add(file, change_of(typed), author())
    except BadPayload as bad:
        return answers.page("cases/note.html", 422, file=file, typed=typed, problem=bad_words(bad))
    except (DeskError, OSError) as error:
        return answers.page("cases/note.html", 422, file=file, typed=typed, problem=answers.problem(error))
    return answers.go_to("cases.show", "Noted.", name=file.name, anchor="notes")


def _shown(book: Book, file: CaseFile, problem: dict[str, str] | None, status: int = 200) -> Response:
    return answers.page(
        "cases/case.html",
        status,
        thread=thread(book, file),
        alarms=alarms(file.reports),
        title=title(file),
        problem=problem,
        **_work(book, file),
    )


def _again(book: Book, file: CaseFile, typed: Typed, problem: dict[str, str]) -> Response:
    context = {**_work(book, file), "typed": typed, "problem": problem}
    if answers.current_request().wants_partial:
        return answers.page("cases/_work.html", 422, **context)
    return answers.page(
        "cases/case.html",
        422,
        thread=thread(book, file),
        alarms=alarms(file.reports),
        title=title(file),
        **context,
    )


def _work(book: Book, file: CaseFile) -> dict[str, Any]:
    """Give what the part of the page shows that staff change."""
    inside = [one for one in book.investigations() if file.name in one.cases]
    return {
        "file": file,
        "work": file.work,
        "typed": Typed(),
        "statuses": list(STATUSES.items()),
        "sources": [(str(key), f"{key}: {words}") for key, words in SOURCES.items()],
        "information": [(key, f"{key}: {words}") for key, words in INFORMATION.items()],
        "handling": [(key, f"{key}: {words}") for key, words in HANDLING.items()],
        "investigations": inside,
        "connected": connected(book, file),
        "kinds": KINDS,
        "history": history(file),
        "me": current_session().author,
    }


def connected(book: Book, file: CaseFile) -> list[tuple[Group, dict[str, str]]] | None:
    """Give what a case shares with others, the surest first, at most ``MOST_SHARED``, each with the first
    words of the others; None where that is not known yet."""
    try:
        found = finder_of(book).newest(book.files())
    except DeskError:
        return None  # the page of its connections says so
    if found is None:
        return None
    groups = shared(found, book.decisions(), Asked(case=file.name))[:MOST_SHARED]
    return [
        (group, first_words(book, [name for name in group.cases if name != file.name][:MOST_OTHERS]))
        for group in groups
    ]


def history(file: CaseFile) -> list[tuple[str, str, str, str]]:
    """Give what was noted, the newest first: when, by whom, at which desk, and what kind of change."""
    return [
        (one.written_at.strftime("%Y-%m-%d %H:%M"), one.author, one.desk, one.change.what)
        for one in reversed(file.notes)
    ]
