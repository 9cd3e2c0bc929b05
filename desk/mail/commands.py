"""What `reply` and `export` do: ask the rooms below, print, and say how it went."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from crypto.keyfile import DeskKeys
from desk.casebook import Casebook
from desk.columns import quoted
from desk.commands import opened_case
from desk.errors import DeskError
from desk.harmless import harmless, harmless_name
from desk.home import Home
from desk.keys import terminal
from desk.mail import text
from desk.mail.addressees import Addressee, Undecided, chosen
from desk.mail.exporting import Exported, check_free, export
from desk.mail.marking import SAID, to_give_up
from desk.mail.writing import (
    AnsweredCase,
    Writer,
    Written,
    check_files,
    name_for_source,
    withdraw,
    write_reply,
)
from desk.opening import Sent, mailbox_name
from desk.outbox import Outbox
from desk.server import read_held
from desk.showing import count_text

DONE = 0


def run_reply(home: Home, given: argparse.Namespace) -> int:
    """Answer the source of a case."""
    if given.withdraw:
        return _run_withdraw(home, given)
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
    try:
        name, case, going = _answered_case(home, keys, given)
    except Undecided as undecided:
        print(*(one.line() for one in undecided.found), sep="\n", file=sys.stderr)
        raise
    if not given.json:
        _print(_before_lines(name, going, files, words is None))

    def sealed(said: str) -> Written:
        with home.lock():
            # While somebody wrote, more may have come in, or another reply may have gone.
            changed = writer.casebook.envelopes() != seen
            now = _case_again(home, keys, name, case) if changed else case
            return write_reply(writer, now, said, files)

    done = sealed(words) if words is not None else text.kept_until_sealed(text.edited(home.folder), sealed)
    if given.json:
        _print_json({"case": name, **asdict(done), "files": len(files)})
    else:
        _print(_written_lines(name, done, len(case.mailboxes)))
    return DONE


def _run_withdraw(home: Home, given: argparse.Namespace) -> int:
    """Take back what waits in a case."""
    if given.file or given.text_file is not None:
        raise DeskError(
            "--withdraw takes a reply back, and writes none", "run it without --file and --text-file"
        )
    keys = home.read_keys()
    with home.lock():
        case, _, notes = opened_case(home, keys, given.case)
        slots = [sent.note.slot.hex() for sent in notes if sent.note is not None]
        taken = withdraw(_writer(home, keys), slots)
    if not taken:
        raise DeskError(
            f"no reply in case {case.name} waits here",
            "what was in an export, or written at another desk, cannot be taken back here",
        )
    if given.json:
        _print_json({"case": case.name, "withdrawn": taken})
    else:
        print(
            f"case {case.name}: {count_text(taken, 'sealed copy', 'sealed copies')} taken back, none had left"
        )
    return DONE


def _writer(home: Home, keys: DeskKeys) -> Writer:
    return Writer(keys, home.read_team_keys(), Casebook(home.casebook), Outbox(home))


def _answered_case(
    home: Home, keys: DeskKeys, given: argparse.Namespace
) -> tuple[str, AnsweredCase, list[Addressee]]:
    case, sends, notes = opened_case(home, keys, given.case)
    going = chosen(case.name, sends, given.mailbox, everyone=given.all)
    draft = next(sent.content.draft for sent in sends if sent.content is not None)
    mailboxes = sorted((one.mailbox for one in going), key=mailbox_name)
    return case.name, AnsweredCase(draft, mailboxes, _used(notes)), going


def _case_again(home: Home, keys: DeskKeys, name: str, case: AnsweredCase) -> AnsweredCase:
    """Give the case as it is now; it still goes to the mailboxes that were announced, and to no other."""
    _, _, notes = opened_case(home, keys, name)
    return replace(case, used=_used(notes))


def _used(notes: Sequence[Sent]) -> frozenset[str]:
    return frozenset(sent.note.slot.hex() for sent in notes if sent.note is not None)


def _before_lines(
    name: str, going: Sequence[Addressee], files: Sequence[Path], editor: bool
) -> Iterator[str]:
    to = count_text(len(going), "mailbox", "mailboxes")
    yield f"case {name}: the reply goes to {to}"
    if len(going) > 1:
        yield "the report was sent more than once, and each time its source was shown another return code:"
        yield "the reply is there whichever of them they have kept"
    if files:
        yield "with it, under the names that the source will see:"
        for path in files:
            yield from quoted(harmless_name(name_for_source(path)), "  ")
    if editor:
        yield "write it in the editor, save it and close the editor; save nothing to give up"


def _written_lines(name: str, done: Written, wanted: int) -> Iterator[str]:
    yield "sealed" if done.mailboxes == wanted else f"sealed to {done.mailboxes} of them"
    if done.full:
        yield f"no place left for this desk's replies: {count_text(done.full, 'mailbox', 'mailboxes')}"
    if done.unusable:
        yield f"no key that one can seal to: {count_text(done.unusable, 'mailbox', 'mailboxes')}"
    yield f"it leaves with the next `export`. Until then `reply {name} --withdraw` takes it back"
    yield "a reply cannot be taken back once it has left with an export"


def run_export(home: Home, given: argparse.Namespace) -> int:
    """Write the bundle that goes back."""
    out = Path(given.file)
    check_free(out)
    keys = home.read_keys()
    given_up: frozenset[str] = frozenset()
    if given.give_up:
        found = to_give_up(Casebook(home.casebook), keys, read_held(home.folder), given.give_up)
        _confirm(found.lines)
        given_up = found.digests
    with home.lock():
        done = export(_writer(home, keys), out, given_up)
    if given.json:
        _print_json(asdict(done))
    else:
        _print(_export_lines(done, out))
    return DONE


def _confirm(lines: Sequence[str]) -> None:
    # To standard error, with the question: what the command prints may be kept in a file.
    print("to be given up:", *lines, sep="\n", file=sys.stderr)
    print(
        "the server deletes these once every desk that collects has marked them. What is not here, or",
        "does not open here, nobody will read any more, unless another desk has it.",
        sep="\n",
        file=sys.stderr,
    )
    if terminal.line(f"type `{SAID}` to do so: ").strip() != SAID:
        raise DeskError("nothing was given up", "no bundle was written; without --give-up it is")


def _export_lines(done: Exported, out: Path) -> Iterator[str]:
    yield f"bundle {done.seq} of this desk, in {harmless(str(out))}:"
    yield f"  {count_text(done.collected, 'envelope')} collected, with {count_text(done.blobs, 'attachment')}"
    if done.lacking:
        yield f"    {done.lacking} of them without files that the server has no more either: deleted by their"
        yield "    source, or lost. They cannot come any more; what is here is kept"
    if done.given_up:
        yield f"    {done.given_up} of them given up"
    files = f", with {count_text(done.files, 'file')}" if done.files else ""
    yield f"  {count_text(done.replies, 'reply', 'replies')}{files}"
    if done.again:
        yield f"    {done.again} of them in another place of the mailbox, since the server refused the first"
    if done.found:
        yield f"    {done.found} of them were found in the outbox: this desk had forgotten that they wait."
        yield "    One that its source has deleted since comes back"
    if done.keys is not None:
        yield f"  the list of keys, version {done.keys}"
    yield from _not_in_it(done)
    yield "next:"
    yield f"  1. carry it to the server by {done.not_after}:"
    yield "     `vigil-fetch bring FILE`, or on the server `vigil import FILE`"
    yield "  2. there, export again; here, import that: only then this desk knows what arrived"
    yield "if it is lost on the way: export again. Whatever has not arrived is in the next one too"


def _not_in_it(done: Exported) -> Iterator[str]:
    if done.unopened:
        yield f"  not collected: {count_text(done.unopened, 'envelope')} that this desk cannot open"
        yield "    `list` shows which; docs/desk.md, What goes wrong, says what can be done"
    if done.incomplete:
        yield f"  not collected: {count_text(done.incomplete, 'envelope')} whose files are not whole here"
        yield "    import the server's newest bundle; if that mends nothing: docs/desk.md, What goes wrong"
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
