"""A case: the report as its source gave it, what was said since, and what staff make of it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Blueprint, Response, request, url_for

from desk import grading
from desk.book import Book, CaseFile
from desk.book.inbox import Filter, found
from desk.connections.asked import Asked, first_words
from desk.connections.finder import finder_of
from desk.connections.network import KINDS
from desk.connections.sharing import Group, shared
from desk.connections.timeline import Moment, of_cases, ordered, sent
from desk.errors import DeskError
from desk.pages import answers, author, current_book, current_case, current_session, handling
from desk.pages.banners import blocked, markings, urgent_lines
from desk.pages.changing import Typed, change_of
from desk.pages.drafts import typed_before
from desk.pages.history import history
from desk.pages.thread import beside, thread, title
from payload import BadPayload, Contact
from payload.changes import HANDLING, INFORMATION, SAME_AS, SOURCES, SPAM, STATUSES, Member, Read

K = TypeVar("K", int, str)

bp = Blueprint("cases", __name__, url_prefix="/case")

MOST_SHARED = 5  # things that a case shares with others, on its page
MOST_OTHERS = 3  # cases that are named with each
SAID = {
    "handle": "Saved.",
    "urgent": "Marked.",
    "task": "The task is noted.",
    "event": "It stands in the timeline.",
    "lock": "Blocked. The desk does not show it, save it or pass it on from now on.",
    "unlock": "No longer blocked. It can be shown, saved and passed on again. Who did that is noted.",
    "group": "Noted.",
    "member": "The case belongs to the investigation.",
}
WRONG = {
    "change.group": (
        "there is no case of that name",
        "write a case’s name: ten letters, as at the top of its page",
    ),
    "change.status": ("there is no such status", "choose one of the list"),
    "change.task_id": ("there is no such task", "open the case anew"),
}
NAMES = {
    "text": "the text",
    "title": "what is to be done",
    "owner": "the owner’s name",
    "conditions": "the conditions",
    "why": "the reason",
    "add": "a tag",
    "remove": "a tag",
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


@bp.get("/<name>/next")
def following(name: str) -> Response:
    """Go to the next case that was not read, in the order of the inbox."""
    target = _next_unread(current_book(), current_case(name))
    if target is None:
        return answers.go_to("inbox.index", "No other case is unread.")
    return answers.go_to("cases.show", name=target)


def _next_unread(book: Book, file: CaseFile) -> str | None:
    each = found(book, Filter())
    at = next((place + 1 for place, one in enumerate(each) if one.name == file.name), 0)
    unread = (one.name for one in (*each[at:], *each[:at]) if not one.work.read and one.name != file.name)
    return next(unread, None)


@bp.get("/may-be-illegal")
def illegal() -> Response:
    """Say what to do with a file that may be illegal to hold."""
    return answers.page("cases/illegal.html")


@bp.post("/<name>/change")
def change(name: str) -> Response:
    """Note what a form says."""
    book = current_book()
    file = current_case(name)
    typed = answers.fields()
    what = typed.get("what", "")
    try:
        _note(book, file, typed)
    except BadPayload as bad:
        return _again(book, file, typed, bad_words(bad))
    except (DeskError, OSError) as error:
        return _again(book, file, typed, answers.problem(error))
    if what == "read" and typed.get("read") != "yes":
        return answers.go_to("inbox.index", f"Case {file.name} is unread again.")
    if what == "lock" and typed.get("locked") != "yes":
        what = "unlock"
    if (number := typed.get("number", "")).isascii() and number.isdigit():
        return answers.go_to("files.show", SAID[what], name=file.name, number=int(number[:9]))
    if typed.get("then") == "next":
        return _gone_on(url_for("cases.following", name=file.name))
    if typed.get("at") == "urgent":
        what = "urgent"
    saved = what if what in SAID else "handle"
    if answers.current_request().wants_partial and saved not in ("urgent", "lock", "unlock"):
        file = current_case(name)
        return answers.page("cases/_work.html", **{**_work(book, file), "saved": saved})
    place = f"at-{saved.replace('unlock', 'lock')}"
    return _gone_on(url_for("cases.show", name=file.name, saved=saved, _anchor=place))


def _gone_on(target: str) -> Response:
    """Go to another page; a script would put it into a piece of this one."""
    partial = answers.current_request().wants_partial
    response = Response(status=204 if partial else 303)
    response.headers["HX-Redirect" if partial else "Location"] = target
    return response


def _note(book: Book, file: CaseFile, typed: Typed) -> None:
    what = typed.get("what")
    if what == "member":
        book.add(book.investigation(typed.get("id", "")), Member(file.name), author())
        return
    if what == "lock":
        _check_second(typed)
    if what == "group" and typed.get("same", "").strip() and typed.get("group") == SAME_AS:
        typed["group"] = f"{SAME_AS}{book.case(typed['same'].strip()).name}"
    for one in handling.changes_of(typed) if what == "handle" else [change_of(typed)]:
        book.add(file, one, author())


def _check_second(typed: Typed) -> None:
    """See that a block is taken off by two people."""
    if typed.get("locked") != "yes" and typed.get("second", "").strip().casefold() == author().casefold():
        raise DeskError("the second person is you", "ask somebody else, and write their name")


def bad_words(bad: BadPayload) -> dict[str, str]:
    """Say what is wrong with a field that was too long, or that no form of ours sends."""
    if bad.where in WRONG:
        what, hint = WRONG[bad.where]
        return {"what": f"that cannot be noted: {what}", "hint": hint}
    field = bad.where.removeprefix("change.").partition("[")[0]
    return {
        "what": f"that cannot be noted: {NAMES.get(field, 'what was chosen')} {bad.what}",
        "hint": "shorten it or choose again, then press the button",
    }


@bp.route("/<name>/note", methods=["GET", "POST"])
def note(name: str) -> Response:
    """Write a note."""
    book = current_book()
    file = current_case(name)
    if answers.current_request().method == "GET":
        return _noting(book, file, typed_before())
    typed = answers.fields()
    typed["what"] = "text"
    try:
        book.add(file, change_of(typed), author())
    except BadPayload as bad:
        return _noting(book, file, typed, bad_words(bad))
    except (DeskError, OSError) as error:
        return _noting(book, file, typed, answers.problem(error))
    return answers.go_to("cases.show", "Noted.", name=file.name, anchor="notes")


def _noting(book: Book, file: CaseFile, typed: Typed, problem: dict[str, str] | None = None) -> Response:
    status = 422 if problem else 200
    return answers.page(
        "cases/note.html", status, file=file, typed=typed, problem=problem, **beside(book, file)
    )


def _shown(
    book: Book, file: CaseFile, problem: dict[str, str] | None, typed: Typed | None = None
) -> Response:
    saved = request.args.get("saved", "")
    context = {**_work(book, file), "saved": saved if saved in SAID and not problem else ""}
    if typed is not None:
        context["typed"] = typed
    return answers.page(
        "cases/case.html",
        200 if typed is None else 422,
        thread=thread(book, file),
        urgent=urgent_lines(file),
        markings=markings(file),
        title=title(file),
        problem=problem,
        **context,
    )


def _again(book: Book, file: CaseFile, typed: Typed, problem: dict[str, str]) -> Response:
    if answers.current_request().wants_partial:
        context = {**_work(book, file), "typed": typed, "problem": problem}
        return answers.page("cases/_work.html", 422, **context)
    return _shown(book, file, problem, typed)


def _work(book: Book, file: CaseFile) -> dict[str, Any]:
    """Give what the part of the page shows that staff change."""
    every = book.investigations()
    return {
        "file": file,
        "work": file.work,
        "typed": Typed(),
        "statuses": list(STATUSES.items()),
        "sources": [(str(key), f"{key}: {words}") for key, words in SOURCES.items()],
        "information": [(key, f"{key}: {words}") for key, words in INFORMATION.items()],
        "handling": [(key, f"{key}: {words}") for key, words in HANDLING.items()],
        "explained": {
            "source": _meanings(SOURCES, grading.SOURCE_WHEN),
            "information": _meanings(INFORMATION, grading.INFORMATION_WHEN),
            "handling": _meanings(HANDLING, grading.HANDLING_WHEN),
        },
        "investigations": [one for one in every if file.name in one.cases],
        "others": [(one.id.hex(), one.name) for one in every if one.open and file.name not in one.cases],
        "blocked": blocked(file),
        "moments": moments(file),
        "saved": "",
        "told": SAID,
        "SPAM": SPAM,
        "SAME_AS": SAME_AS,
        "connected": connected(book, file),
        "kinds": KINDS,
        "history": history(file),
        "me": current_session().author,
    }


def _meanings(words: Mapping[K, str], when: Mapping[K, str]) -> list[tuple[str, str]]:
    return [(f"{key}: {said}", when[key]) for key, said in words.items()]


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


def moments(file: CaseFile) -> list[Moment]:
    """Give a case's days: what its source said, when it came in, what staff noted, and what is due."""
    told = sent(file.name, (one for one in file.contents if not isinstance(one, Contact)))
    return of_cases([file], ordered(told), only=file.name)
