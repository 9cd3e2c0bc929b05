"""Pass a case on: choose what goes to whom, decide on each word that may point to its source, write it."""

from flask import Blueprint, Response, redirect, url_for

from desk.book import Book, CaseFile
from desk.errors import DeskError
from desk.harmless import harmless
from desk.packing.agencies import agency, listed
from desk.packing.consent import Refused, to_confirm
from desk.packing.handing import Wish, additions, check_open, consents, versions
from desk.packing.preparing import Prepared, finished, prepared, write
from desk.packing.views import parts
from desk.pages import answers, author, current_book, current_case
from desk.pages.drafts import Typed, typed_before
from desk.pages.sticks import mounted, named
from desk.pointing import Choice
from desk.referral import Decision, Decisions, Undecided, spread
from payload import BadPayload
from payload.changes import HANDLING, INFORMATION, SOURCES, Grade

bp = Blueprint("referral", __name__, url_prefix="/case")

MOST_MARKS = 500  # that one form can hold
CLEANED, ORIGINAL = "cleaned", "original"


@bp.get("/<name>/refer")
def index(name: str) -> Response:
    """Show what can be chosen, or why nothing can be passed on."""
    return _chosen(current_case(name), typed_before(), None)


@bp.post("/<name>/refer")
def choose(name: str) -> Response:
    """Show what is to be decided of what was chosen."""
    typed = answers.fields()
    file = current_case(name)
    try:
        return _decided(file, _prepared(current_book(), file, typed), typed, None)
    except (DeskError, OSError) as error:
        return _chosen(file, typed, answers.problem(error))


@bp.get("/<name>/refer/write")
def again(name: str) -> Response:
    """Show what was being decided when the desk locked."""
    typed = typed_before()
    if not typed:
        answer: Response = redirect(url_for("referral.index", name=name), 303)  # type: ignore[assignment]  # Flask gives its own class
        return answer
    file = current_case(name)
    try:
        return _decided(file, _prepared(current_book(), file, typed), typed, None)
    except (DeskError, OSError) as error:
        return _chosen(file, typed, answers.problem(error))


@bp.post("/<name>/refer/write")
def pass_on(name: str) -> Response:
    """Write the pack where staff says, when all is decided."""
    book = current_book()
    file = current_case(name)
    typed = answers.fields()
    try:
        ready = _prepared(book, file, typed)
    except (DeskError, OSError) as error:
        return _chosen(file, typed, answers.problem(error))
    try:
        made = finished(ready, _decisions(ready, typed))
        if not typed.get("place", "").strip():
            raise DeskError("no place was written", "write where the file is to go, from the beginning")
        path = named(typed["place"])
        if path.is_dir():
            path /= f"referral-{made.pack.reference}.zip"
        write(book, file, made, path, author())
    except (DeskError, OSError) as error:
        return _decided(file, ready, typed, error)
    said = f"Written: {harmless(str(path))}, reference {made.pack.reference}. Look through it first."
    return answers.go_to("cases.show", said, name=file.name, anchor="work")


def _chosen(file: CaseFile, typed: Typed, problem: dict[str, str] | None) -> Response:
    refused = _refused(file)
    work = file.work
    return answers.page(
        "referral/choose.html",
        422 if problem else 200,
        file=file,
        typed=typed,
        problem=problem,
        refused=None if refused is None else answers.problem(refused),
        agencies=listed(),
        versions=[] if refused else versions(file),
        additions=[] if refused else additions(file),
        files=[
            (number, one, work.is_locked(one.sealed_sha256.hex()))
            for number, one in enumerate(file.attachments, 1)
        ],
        grade=work.grade,
        sources=[(str(key), f"{key}: {words}") for key, words in SOURCES.items()],
        information=[(key, f"{key}: {words}") for key, words in INFORMATION.items()],
        handling=[(key, f"{key}: {words}") for key, words in HANDLING.items()],
    )


def _refused(file: CaseFile) -> Refused | None:
    try:
        check_open(file)
        to_confirm(consents(file), "")
    except Refused as refused:
        return refused
    return None


def _prepared(book: Book, file: CaseFile, typed: Typed) -> Prepared:
    ready = prepared(book, file, _wish(file, typed))
    if len(ready.draft.marks) > MOST_MARKS:
        raise DeskError(
            f"there are {len(ready.draft.marks):,} places to decide on, more than a page holds",
            "choose less of it, or decide in a file: `refer --write-decisions FILE`",
        )
    return ready


def _decided(file: CaseFile, ready: Prepared, typed: Typed, error: Exception | None) -> Response:
    undecided = error if isinstance(error, Undecided) else None
    problem = answers.problem(error) if isinstance(error, DeskError | OSError) else None
    return answers.page(
        "referral/decide.html",
        422 if problem else 200,
        file=file,
        typed=typed,
        problem=problem,
        ready=ready,
        parts=parts(ready.draft),
        open_marks={mark.id for mark in undecided.marks} if undecided else set(),
        open_questions={one.key for one in undecided.confirms} if undecided else set(),
        wished=_wished(typed),
        sticks=mounted(),
    )


def _wished(typed: Typed) -> list[tuple[str, str]]:
    """Give the fields by which the choice is carried on to the form of decisions."""
    names = {
        "agency",
        "send",
        "addition",
        "day",
        "source",
        "information",
        "handling",
        "conditions",
        "answer_to",
    }
    return [
        (name, value)
        for name, value in typed.items(multi=True)
        if name in names or name.removeprefix("file-").isdecimal()
    ]


def _wish(file: CaseFile, typed: Typed) -> Wish:
    if not typed.get("agency"):
        raise DeskError("no agency is chosen", "choose whom it is for")
    files = range(1, len(file.attachments) + 1)
    how = {number: typed.get(f"file-{number}", "") for number in files}
    sends = _numbers(typed, "send") or ((1,) if len(versions(file)) == 1 else ())
    if not sends and file.reports:
        raise DeskError("no report is chosen", "its source sent several that differ: choose one, or more")
    return Wish(
        agency=agency(typed["agency"]),
        grade=_grade(typed),
        sends=sends,
        additions=_numbers(typed, "addition"),
        files=tuple(number for number in files if how[number] in (CLEANED, ORIGINAL)),
        originals=frozenset(number for number in files if how[number] == ORIGINAL),
        exact_days=typed.get("day") == "yes",
        answer_to=typed.get("answer_to", "").strip(),
    )


def _numbers(typed: Typed, name: str) -> tuple[int, ...]:
    return tuple(int(text) for text in typed.getlist(name) if text.isascii() and text.isdecimal())


def _grade(typed: Typed) -> Grade:
    source, conditions = typed.get("source", ""), typed.get("conditions", "").strip()
    if typed.get("handling") == "C" and not conditions:
        raise DeskError("the conditions are missing", "write on what conditions it may be shared")
    try:
        return Grade(
            int(source) if source in "123" else 0, typed["information"], typed["handling"], conditions
        )
    except (BadPayload, KeyError, ValueError):
        raise DeskError("the grading is not complete", "choose one of each of the three lists") from None


def _decisions(ready: Prepared, typed: Typed) -> Decisions:
    draft = ready.draft
    marks = {
        mark.id: Decision(
            Choice(chosen), typed.get(f"words-{mark.id}", "") if chosen == Choice.REPLACE else ""
        )
        for mark in draft.marks
        if (chosen := typed.get(f"mark-{mark.id}", "")) in list(Choice)
    }
    confirms = {
        one.key: typed.get(f"because-{number}", "")
        for number, one in enumerate(draft.confirms)
        if typed.get(f"yes-{number}") == "yes"
    }
    decisions = Decisions(typed.get("of", ""), marks, confirms)
    return spread(
        draft, decisions, {mark.id for mark in draft.marks if typed.get(f"same-{mark.id}") == "yes"}
    )
