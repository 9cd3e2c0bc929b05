"""Pass a case on: choose what goes to whom, decide on each word that may point to its source, write it."""

from flask import Blueprint, Response, redirect, url_for

from desk import grading
from desk.book import Book, CaseFile
from desk.errors import DeskError
from desk.harmless import harmless
from desk.packing.agencies import listed
from desk.packing.consent import Refused, said_of_agencies, to_confirm
from desk.packing.handing import additions, check_open, consents, has_danger, locked_by, versions
from desk.packing.naming import names
from desk.packing.preparing import Prepared, finished, prepared, shown_first, write
from desk.packing.saying import groups
from desk.packing.views import parts
from desk.pages import answers, author, current_book, current_case
from desk.pages.drafts import Typed, typed_before
from desk.pages.files import is_agreed
from desk.pages.referral_form import decisions, wish, wished
from desk.pages.sticks import mounted, named
from desk.referral import READ_WHOLE, Undecided
from desk.strangers.agreeing import check_agreed
from payload.outline import SECTION

bp = Blueprint("referral", __name__, url_prefix="/case")

MOST_MARKS = 500  # that one form can hold


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
        made = finished(ready, decisions(ready, typed), author())
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


@bp.post("/<name>/refer/show")
def show(name: str) -> Response:
    """Show exactly what the file will say, by what was decided."""
    typed = answers.fields()
    file = current_case(name)
    try:
        ready = _prepared(current_book(), file, typed)
    except (DeskError, OSError) as error:
        return _chosen(file, typed, answers.problem(error))
    try:
        contents = shown_first(ready, decisions(ready, typed), author())
    except (DeskError, OSError) as error:
        return _decided(file, ready, typed, error)
    read = f"yes-{[one.key for one in ready.draft.confirms].index(READ_WHOLE.key)}"
    return answers.page(
        "referral/show.html",
        file=file,
        typed=typed,
        groups=groups(contents),
        read=read,
        question=READ_WHOLE,
        carried=[(key, value) for key, value in typed.items(multi=True) if key not in ("place", read)],
        sticks=mounted(),
    )


def _chosen(file: CaseFile, typed: Typed, problem: dict[str, str] | None) -> Response:
    closed, refused = _refused(file)
    book = current_book()
    words = said_of_agencies(consents(file))
    all_ = listed()
    named_ = [one for one in all_ if names(words, (one.name, one.id))]
    return answers.page(
        "referral/choose.html",
        422 if problem else 200,
        file=file,
        typed=typed,
        problem=problem,
        closed=None if closed is None else answers.problem(closed),
        refused=None if refused is None else answers.problem(refused),
        # Where its source refused, only who says that they agreed later goes on.
        form=not closed and (not refused or bool(typed) or "later" in answers.current_request().args),
        danger=has_danger(file),
        asked=[] if closed else _asked(file),
        named=named_,
        agencies=[one for one in all_ if one not in named_],
        versions=[] if closed else versions(file),
        additions=[] if closed else additions(file),
        files=[(number, one, locked_by(book, file, one)) for number, one in enumerate(file.attachments, 1)],
        grade=file.work.grade,
        sources=grading.sources(),
        information=grading.information(),
        handling=grading.handling(),
    )


def _refused(file: CaseFile) -> tuple[Refused | None, Refused | None]:
    """Give why nothing at all can be done, and why its source did not agree; None where neither is so."""
    try:
        check_open(file)
    except Refused as closed:
        return closed, None
    try:
        to_confirm(consents(file), "")
    except Refused as refused:
        # What was added later may say yes.
        return (None, refused) if additions(file) else (refused, None)
    return None, None


def _asked(file: CaseFile) -> list[tuple[str, list[str], str]]:
    """Give what the source said to each question of consent: the day, the choices, and their own words."""
    section = SECTION["consent"]
    found = []
    for report in file.reports:
        for entry in report.answers.entries("consent"):
            chosen = [
                f"{question.label} {'; '.join(map(question.label_of, _several(entry[question.name])))}"
                for question in section.fields
                if not question.is_text and question.name in entry
            ]
            words = entry.get("agencies", "")
            found.append((str(report.received_on), chosen, words if isinstance(words, str) else ""))
    return found


def _several(answer: str | tuple[str, ...]) -> tuple[str, ...]:
    return answer if isinstance(answer, tuple) else (answer,)


def _prepared(book: Book, file: CaseFile, typed: Typed) -> Prepared:
    wished = wish(file, typed)
    if wished.files:
        check_agreed(agreed=is_agreed(), how="agree to it on the page of the file")
    ready = prepared(book, file, wished)
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
        asked=_asked(file),
        left_out=typed.getlist("leave"),
        ticked=typed.getlist("sentence"),
        open_marks={mark.id for mark in undecided.marks} if undecided else set(),
        open_questions={one.key for one in undecided.confirms} if undecided else set(),
        wished=wished(typed),
        sticks=mounted(),
    )
