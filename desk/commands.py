"""What each command does: ask the rooms below, print, and say by the exit status whether all is well."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from crypto.keyfile import DeskKeys
from desk import cases, showing
from desk.book.book import listed, open_book
from desk.book.casefile import CaseFile, case_file
from desk.book.held import held
from desk.book.locks import is_locked
from desk.casebook import Casebook
from desk.cases import Case
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.importing import Counts, Imported, import_bundle
from desk.opening import Sent, open_all, open_sent, openers_of
from desk.outbox import Outbox
from desk.saving import LIST, SUMS, Saved, save
from desk.server import read_server
from desk.showing import count_text

DONE, WRONG, USAGE = 0, 1, 2


def run_import(home: Home, given: argparse.Namespace) -> int:
    """Take a bundle in."""
    done = import_bundle(home, Path(given.file))
    if given.json:
        _print_json(done.as_json())
    else:
        _print(_import_lines(done))
    if done.trouble is not None:
        raise done.trouble
    if done.refused:
        whole = sum(
            vars(counts)[key] for counts in (done.envelopes, done.attachments) for key in vars(counts)
        )
        raise DeskError(
            f"{count_text(len(done.refused), 'part')} of the bundle refused, {whole:,} whole and kept",
            "export again on the server, carry it on another stick, and import that too",
        )
    return DONE


def _import_lines(done: Imported) -> Iterable[str]:
    yield _counts_line("send", "sends", " (reports and follow-ups)", done.envelopes)
    yield _counts_line("attachment", "attachments", "", done.attachments)
    if done.delivered:
        yield f"{count_text(done.delivered, 'reply has', 'replies have')} arrived in the mailboxes"
    if done.again:
        yield f"{count_text(done.again, 'reply was', 'replies were')} refused: the next export has them again"
    if done.older:
        yield "this bundle is older than one imported before, or the server was put back from a backup:"
        yield "then replies that it had taken since are gone from it."
        yield "Import the newest; if this is the newest, see docs/desk.md, What goes wrong"
    if done.ahead:
        yield f"by it the server took bundle {done.ahead} of this desk, which has made {done.made} only:"
        yield "no reply is taken for delivered by it. See docs/desk.md, What goes wrong"
    for damage in done.refused:
        yield f"refused: {harmless(damage.name) or 'the bundle itself'}: {harmless(damage.why)}"


def _counts_line(one: str, many: str, meaning: str, counts: Counts) -> str:
    return f"{count_text(counts.new, one, many)}{meaning} new, {counts.already:,} here already"


def run_list(home: Home, given: argparse.Namespace) -> int:
    """List the cases."""
    files, closed = _cases(home, home.read_keys())
    if given.json:
        _print_json([file.as_json() for file in files])
    else:
        print_list(files)
        if note := showing.unopened_note([file.case for file in files]):
            print(note, file=sys.stderr)
    if closed:
        print(f"{count_text(closed, 'note')} did not open: this desk has no key for them", file=sys.stderr)
    return DONE


def print_list(files: Sequence[CaseFile]) -> None:
    """Print one line a case."""
    # Here alone: what makes rows of work is of no use to most commands.
    from desk.book.lines import mark

    _print(showing.list_lines([file.case for file in files], {file.name: mark(file) for file in files}))


def run_show(home: Home, given: argparse.Namespace) -> int:
    """Show a case."""
    # Here alone: the library for telephone numbers adds a fifth to what a command needs to start.
    from desk import telling
    from desk.book.lines import notes_json, text_lines, work_json, work_lines
    from desk.mail.answered import answered

    case, sends, notes = opened_case(home, home.read_keys(), given.case)
    file = file_of(case, sends, notes)
    server, state = read_server(home.folder), Outbox(home).state()
    refused = server.refused_of(bytes.fromhex(state.sign)) if server else frozenset()
    replies = answered(notes, state, refused)
    blobs = Casebook(home.casebook).blobs()
    if given.json:
        told = telling.case_json(case, sends, replies, blobs)
        _print_json({**file.as_json(), **told, "work": work_json(file.work), "notes": notes_json(file.notes)})
    else:
        work, words = work_lines(file.work), text_lines(file.work.texts)
        _print(telling.case_lines(case, sends, replies, blobs, work, words))
    return DONE


def run_files(home: Home, given: argparse.Namespace) -> int:
    """Save the files of a case."""
    # The whole book: a lock of another case may be on the same file.
    book = open_book(home, home.read_keys())
    case = book.case(given.case)
    files = case.attachments
    if not files:
        _print_json([]) if given.json else _print([f"case {case.name} came without files"])
        return DONE
    saved = save(book.casebook, files, Path(given.out), lambda one: is_locked(book.files(), case, one))
    if given.json:
        _print_json([one.as_json() for one in saved])
    else:
        _print(_saved_lines(saved, Path(given.out)))
    if failed := sum(bool(one.why) for one in saved):
        raise DeskError(
            f"{failed} of {count_text(len(saved), 'file')} not saved",
            "import the bundle that holds them, then save into a new folder; what is locked stays locked",
        )
    return DONE


def _saved_lines(saved: Sequence[Saved], out: Path) -> Iterable[str]:
    for one in saved:
        if one.why:
            yield f"not saved, {harmless(one.why)}:"
        yield from showing.file_lines(one.file.name if one.why else one.name, one.file.size)
    if any(not one.why for one in saved):
        yield f"in {harmless(str(out))}, with {SUMS} and the names as sent in {LIST}"


def _cases(home: Home, keys: DeskKeys) -> tuple[list[CaseFile], int]:
    return listed(home, keys)


def file_of(case: Case, sends: Sequence[Sent], notes: Sequence[Sent]) -> CaseFile:
    """Put together what `opened_case` gives, with what staff made of it."""
    return case_file(case, {sent.digest: held(sent) for sent in (*sends, *notes)})


def opened_case(home: Home, keys: DeskKeys, wanted: str) -> tuple[Case, list[Sent], list[Sent]]:
    """Give the case whose name begins with ``wanted``, what its source sent, and the desk's notes, opened.

    :raises DeskError: there is no such case, or there are several.
    """
    casebook, openers = Casebook(home.casebook), openers_of(keys)
    case = cases.found(cases.gathered(open_all(casebook, keys), casebook.blobs()), wanted)
    sends, notes = (
        [open_sent(casebook, openers, brief.digest) for brief in briefs]
        for briefs in (case.sends, case.notes)
    )
    return case, sends, notes


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(value: object) -> None:
    # Escaped to ASCII, so that a terminal has nothing to obey.
    print(json.dumps(value, indent=2))
