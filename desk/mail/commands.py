"""What `reply` and `export` do: ask the rooms below, print, and say how it went."""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from crypto.keyfile import DeskKeys
from desk.casebook import Casebook
from desk.commands import opened_case
from desk.harmless import harmless
from desk.home import Home
from desk.mail import text
from desk.mail.exporting import Exported, check_free, export
from desk.mail.writing import AnsweredCase, Writer, Written, check_files, mailboxes_of, write_reply
from desk.outbox import Outbox
from desk.showing import count_text

DONE = 0


def run_reply(home: Home, given: argparse.Namespace) -> int:
    """Answer the source of a case."""
    files = [Path(name) for name in given.file]
    # What can be wrong without a key is told before the passphrase is asked for.
    check_files(files)
    words = text.given(given.text_file)
    keys = home.read_keys()
    # And what can be wrong here, before anybody writes: the words would be lost.
    writer = _writer(home, keys)
    writer.check_listed()
    writer.outbox.state()
    seen = writer.casebook.envelopes()
    name, case = _answered_case(home, keys, given.case)
    if not given.json:
        _print(_before_lines(name, case, words is None))

    def sealed(said: str) -> Written:
        with home.lock():
            # While somebody wrote, more may have come in, or another reply may have gone.
            changed = writer.casebook.envelopes() != seen
            now = _answered_case(home, keys, name)[1] if changed else case
            return write_reply(writer, now, said, files)

    done = sealed(words) if words is not None else text.kept_until_sealed(text.edited(home.folder), sealed)
    if given.json:
        _print_json({"case": name, **asdict(done), "files": len(files)})
    else:
        _print(_written_lines(done, files))
    return DONE


def _writer(home: Home, keys: DeskKeys) -> Writer:
    return Writer(keys, home.read_team_keys(), Casebook(home.casebook), Outbox(home))


def _answered_case(home: Home, keys: DeskKeys, wanted: str) -> tuple[str, AnsweredCase]:
    case, sends, notes = opened_case(home, keys, wanted)
    mailboxes = mailboxes_of(sends)
    used = frozenset(sent.note.slot.hex() for sent in notes if sent.note is not None)
    draft = next(sent.content.draft for sent in sends if sent.content is not None)
    return case.name, AnsweredCase(draft, mailboxes, used)


def _before_lines(name: str, case: AnsweredCase, editor: bool) -> Iterator[str]:
    to = count_text(len(case.mailboxes), "mailbox", "mailboxes")
    yield f"case {name}: the reply goes to {to}"
    if len(case.mailboxes) > 1:
        yield "the report was sent more than once, and each time its source was shown another return code:"
        yield "the reply is there whichever of them they have kept"
    if editor:
        yield "write it in the editor, save it and close the editor; save nothing to give up"


def _written_lines(done: Written, files: Sequence[Path]) -> Iterator[str]:
    to = count_text(done.mailboxes, "mailbox", "mailboxes")
    with_files = f", with {count_text(len(files), 'file')}" if files else ""
    yield f"sealed to {to}{with_files}"
    if done.full:
        yield f"no place left for this desk's replies: {count_text(done.full, 'mailbox', 'mailboxes')}"
    if done.unusable:
        yield f"no key that one can seal to: {count_text(done.unusable, 'mailbox', 'mailboxes')}"
    yield "it leaves with the next `export`"


def run_export(home: Home, given: argparse.Namespace) -> int:
    """Write the bundle that goes back."""
    out = Path(given.file)
    check_free(out)
    keys = home.read_keys()
    with home.lock():
        done = export(_writer(home, keys), out)
    if given.json:
        _print_json(asdict(done))
    else:
        _print(_export_lines(done, out))
    return DONE


def _export_lines(done: Exported, out: Path) -> Iterator[str]:
    yield f"bundle {done.seq} of this desk, in {harmless(str(out))}:"
    yield f"  {count_text(done.collected, 'envelope')} collected, with {count_text(done.blobs, 'attachment')}"
    files = f", with {count_text(done.files, 'file')}" if done.files else ""
    yield f"  {count_text(done.replies, 'reply', 'replies')}{files}"
    if done.again:
        yield f"    {done.again} of them in another place of the mailbox, since the server refused the first"
    if done.keys is not None:
        yield f"  the list of keys, version {done.keys}"
    yield from _not_in_it(done)
    yield "next:"
    yield f"  1. carry it to the server by {done.not_after}, and there: flask --app app import FILE"
    yield "  2. there, export again; here, import that: only then this desk knows what arrived"
    yield "if it is lost on the way: export again. Whatever has not arrived is in the next one too"


def _not_in_it(done: Exported) -> Iterator[str]:
    if done.unopened:
        yield f"  not collected: {count_text(done.unopened, 'envelope')} that this desk cannot open"
    if done.incomplete:
        yield f"  not collected: {count_text(done.incomplete, 'envelope')} whose files are not whole here"
        yield "    import again the bundle that has them"
    if done.stuck:
        yield f"  {count_text(done.stuck, 'refused reply', 'refused replies')} in the same place again:"
        yield "    its copy here does not open any more, or its mailbox has no other place"
    if done.spoiled:
        yield f"  not in it: {count_text(done.spoiled, 'reply', 'replies')}, damaged on this disk"
        yield "    write them again"


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _print_json(value: object) -> None:
    # Escaped to ASCII, so that a terminal has nothing to obey.
    print(json.dumps(value, indent=2))
