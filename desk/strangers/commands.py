"""`look`, `preview`, `metadata` and `clean`: files from strangers, on the command line."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from desk import commands, showing
from desk.book import Book, CaseFile, open_book
from desk.book.locks import is_locked
from desk.durable import write_new
from desk.errors import DeskError
from desk.harmless import harmless, harmless_name
from desk.home import Home
from desk.strangers.agreeing import check_agreed
from desk.strangers.isolation import Isolation, isolation
from desk.strangers.looking import Looked, looked
from desk.strangers.metadata import Fact, metadata
from payload import AttachedFile

LIMITS_ONLY = "note: bubblewrap is missing here, or not permitted: the file was opened under limits alone"


def run_look(home: Home, given: argparse.Namespace) -> int:
    """Look at every file of a case; what cannot be looked at is told, and the others are."""
    _check_agreed(given)
    book, file = _case(home, given.case)
    told = [(number, one, _looked(book, file, one)) for number, one in enumerate(file.attachments, 1)]
    if given.json:
        _print_json([_look_json(*each) for each in told])
    else:
        _print(_look_lines(file, told))
    _tell_isolation()
    return commands.DONE


def run_metadata(home: Home, given: argparse.Namespace) -> int:
    """Tell what a file carries."""
    book, file, one = _file(home, given)
    facts = metadata(book.casebook, one, locked=is_locked(book.files(), file, one))
    if given.json:
        _print_json([fact.as_json() for fact in facts])
    else:
        _print(_fact_lines(facts))
    _tell_isolation()
    return commands.DONE


def run_preview(home: Home, given: argparse.Namespace) -> int:
    """Save a preview."""
    # Here alone: it loads what makes pictures.
    from desk.strangers.preview import preview

    book, file, one = _file(home, given)
    part = max(given.part, 1) - 1
    locked = is_locked(book.files(), file, one)
    shown = preview(book.casebook, one, locked=locked, blurred=given.blurred, part=part)
    if shown.why:
        raise DeskError(f"no preview: {shown.why}", "`look` says what the file is; ask for another one")
    return _saved(given, shown.type, shown.data, shown.note)


def run_clean(home: Home, given: argparse.Namespace) -> int:
    """Save a cleaned copy."""
    from desk.strangers.cleaning import cleaned

    book, file, one = _file(home, given)
    copy = cleaned(book.casebook, one, locked=is_locked(book.files(), file, one))
    if copy.why_not:
        hint = "tell in words what it shows, or make a picture of its preview"
        raise DeskError(f"no cleaned copy: {copy.why_not}", hint)
    return _saved(given, copy.type, copy.data, copy.note)


def _saved(given: argparse.Namespace, type_: str, data: bytes, note: str) -> int:
    path = Path(given.out)
    try:
        write_new(path, data)
    except FileExistsError:
        raise DeskError(f"{harmless(str(path))} is there already", "name a new file with --out") from None
    if given.json:
        saved = {"saved_as": str(path), "type": type_, "size": len(data), "note": note}
        _print_json({**saved, "isolation": str(isolation())})
    else:
        _print(
            [f"{harmless(str(path))}: {type_}, {showing.size_text(len(data))}{f'; {note}' if note else ''}"]
        )
    _tell_isolation()
    return commands.DONE


def _case(home: Home, wanted: str) -> tuple[Book, CaseFile]:
    # The whole book: a lock of another case may be on the same file.
    book = open_book(home, home.read_keys())
    return book, book.case(wanted)


def _file(home: Home, given: argparse.Namespace) -> tuple[Book, CaseFile, AttachedFile]:
    _check_agreed(given)
    book, file = _case(home, given.case)
    files = file.attachments
    if not 1 <= given.number <= len(files):
        came = showing.count_text(len(files), "file")
        raise DeskError(
            f"case {file.name} has no file {given.number}: it came with {came}", "`look` shows their numbers"
        )
    return book, file, files[given.number - 1]


def _looked(book: Book, file: CaseFile, one: AttachedFile) -> Looked | DeskError:
    try:
        return looked(book.casebook, one, locked=is_locked(book.files(), file, one))
    except DeskError as error:
        return error


def _look_json(number: int, one: AttachedFile, found: Looked | DeskError) -> dict[str, object]:
    said = {"number": number, "name": one.name}
    if isinstance(found, DeskError):
        return {**said, "why": found.what}
    return {**said, **found.as_json(), "why": ""}


def _look_lines(
    file: CaseFile, told: Sequence[tuple[int, AttachedFile, Looked | DeskError]]
) -> Iterator[str]:
    if not told:
        yield f"case {file.name} came without files"
    for number, one, found in told:
        yield from showing.file_lines(one.name, one.size, f"{number:>3}  ", one.type)
        if isinstance(found, DeskError):
            yield f"     not looked at, {found.what}"
            continue
        yield f"     it is {found.kind}"
        yield f"     SHA-256 {found.sha256}"
        for warning in found.warnings:
            yield f"     ! {warning}"


def _fact_lines(facts: Sequence[Fact]) -> Iterator[str]:
    if not facts:
        yield "it carries nothing that the desk knows to look for"
    for fact in facts:
        yield f"{'! ' if fact.tells_who else '  '}{harmless_name(fact.name)}: {harmless(fact.value)}"
    if any(fact.tells_who for fact in facts):
        yield "what is marked ! may lead to a person, a device or a place"


def _check_agreed(given: argparse.Namespace) -> None:
    check_agreed(agreed=given.limits_only, how="say --limits-only")


def _tell_isolation() -> None:
    if isolation() is Isolation.LIMITS:
        print(LIMITS_ONLY, file=sys.stderr)


def _print(lines: Sequence[str] | Iterator[str]) -> None:
    for line in lines:
        print(line)


def _print_json(value: object) -> None:
    # Escaped to ASCII, so that a terminal has nothing to obey.
    print(json.dumps(value, indent=2))
