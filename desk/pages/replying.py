"""Answer the source of a case, and take back what has not left."""

from pathlib import Path

from flask import Blueprint, Response

from desk.book import Book, CaseFile
from desk.casebook import Casebook
from desk.errors import DeskError
from desk.mail import text
from desk.mail.addressees import addressees, chosen, differ
from desk.mail.writing import AnsweredCase, Writer, Written, check_files, withdraw, write_reply
from desk.opening import mailbox_name
from desk.outbox import Outbox
from desk.pages import answers, current_book, current_case
from desk.pages.drafts import Typed, typed_before
from desk.pages.sticks import named, on_sticks
from desk.pages.thread import beside
from desk.showing import count_text

bp = Blueprint("replying", __name__, url_prefix="/case")

ALL = "all"


@bp.get("/<name>/reply")
def reply(name: str) -> Response:
    """Show where a reply is written."""
    return _written(current_case(name), typed_before(), None)


@bp.post("/<name>/reply")
def send(name: str) -> Response:
    """Seal a reply and leave it for the next bundle."""
    book = current_book()
    file = current_case(name)
    typed = answers.fields()
    try:
        done = _seal(book, file, typed)
    except (DeskError, OSError) as error:
        return _written(file, typed, answers.problem(error))
    return answers.go_to("cases.show", _said(done), name=file.name, anchor="thread")


@bp.post("/<name>/withdraw")
def take_back(name: str) -> Response:
    """Take back what waits in a case."""
    book = current_book()
    file = current_case(name)
    writer = _writer(book)
    with book.home.lock():
        taken = withdraw(writer, [copy.slot.hex() for copy in file.replies])
    book.refresh()
    said = f"Taken back: {count_text(taken, 'sealed copy', 'sealed copies')}, none had left."
    return answers.go_to(
        "cases.show",
        said if taken else "Nothing waited: it has left already.",
        name=file.name,
        anchor="thread",
    )


def _written(file: CaseFile, typed: Typed, problem: dict[str, str] | None) -> Response:
    found = addressees(file.sends)
    return answers.page(
        "cases/reply.html",
        422 if problem else 200,
        file=file,
        typed=typed,
        problem=problem,
        addressees=found,
        differ=differ(found),
        sticks=on_sticks(),
        **beside(current_book(), file),
    )


def _seal(book: Book, file: CaseFile, typed: Typed) -> Written:
    words = text.checked(typed.get("text", "").encode())
    files = _files(typed)
    to = typed.get("to", "")
    number = int(to) if to.isascii() and to.isdigit() else None
    # It goes to the mailboxes that the page named: what came in since is another decision.
    if typed.get("known") != str(len(addressees(file.sends))):
        raise DeskError(
            "the case has other mailboxes by now",
            "look at the case again, choose whom you answer, and send it again",
        )
    going = chosen(file.name, file.sends, number, everyone=to == ALL)
    draft = next(content.draft for content in file.contents)
    mailboxes = sorted((one.mailbox for one in going), key=mailbox_name)
    writer = _writer(book)
    writer.check_listed()
    with book.home.lock():
        book_used = frozenset(copy.slot.hex() for copy in file.replies)
        done = write_reply(writer, AnsweredCase(draft, mailboxes, book_used), words, files)
    book.refresh()
    return done


def _files(typed: Typed) -> list[Path]:
    paths = [named(line) for each in typed.getlist("file") for line in each.splitlines() if line.strip()]
    try:
        check_files(paths)
    except OSError as error:
        raise DeskError(
            f"a file cannot be read: {error.filename}", "see that its name is right and the stick is mounted"
        ) from None
    return paths


def _writer(book: Book) -> Writer:
    return Writer(book.keys, book.home.read_team_keys(), Casebook(book.home.casebook), Outbox(book.home))


def _said(done: Written) -> str:
    said = [f"Sealed to {count_text(done.mailboxes, 'mailbox', 'mailboxes')}."]
    if done.full:
        said.append(f"No place is left in {count_text(done.full, 'mailbox', 'mailboxes')}.")
    if done.unusable:
        said.append(f"The key of {count_text(done.unusable, 'mailbox', 'mailboxes')} cannot be used.")
    said.append("It leaves with the next bundle that you write. Until then you can take it back.")
    return " ".join(said)
