"""What the server may delete: what opened here and is whole, or will never be whole anywhere.

A source may delete a file that another send of theirs still names, and a disk may fail. When the server's
newest bundle came whole, the server could read all it has, and that file is not in it, then it cannot come
any more: what is here of the report counts as held. What does not open at all is given up only by name.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from crypto.keyfile import DeskKeys
from desk.casebook import Casebook, is_whole
from desk.cases import found as case_found
from desk.cases import gathered
from desk.errors import DeskError
from desk.opening import Brief, State, open_all
from desk.progress import bar
from desk.server import Held, Server
from desk.showing import count_text

SAID = "give up"  # what staff type


@dataclass(frozen=True)
class Marks:
    """What is marked: digests (32 bytes) of ``collected`` envelopes, ids (16) of blobs ``gone``, sorted.

    ``lacking``: how many of the collected lack files that cannot come any more; ``given_up``: how many of
    them were given up. ``unopened`` and ``incomplete``: how many are not marked.
    """

    collected: tuple[bytes, ...]
    gone: tuple[bytes, ...]
    lacking: int
    given_up: int
    unopened: int
    incomplete: int


def marks(
    casebook: Casebook, keys: DeskKeys, server: Server | None, held: Held, given_up: Collection[str]
) -> Marks:
    """Find out what the server may delete of what it ``held``; ``given_up`` are digests (hex)."""
    here = sorted(held.envelopes & set(casebook.envelopes()))
    briefs = open_all(casebook, keys, here)
    others = _with_what_is_left(casebook, keys, briefs, held)
    opened = [brief for brief in briefs if brief.state is State.OPENED]
    whole = _whole_files(casebook, [*opened, *others])
    complete = _marked(opened, lambda sealed, _: sealed in whole)
    can_come = held.blobs if server is not None and not server.damaged else None
    # Its files are here, or nowhere.
    held_here = _marked(
        opened, lambda sealed, blob: sealed in whole or (can_come is not None and blob not in can_come)
    )
    forsaken = {brief.digest for brief in briefs if brief.digest in given_up} - held_here
    marked = held_here | forsaken
    # Sent twice, a report names its files twice: they go when nothing needs them any more.
    needed = {blob for brief in opened if brief.digest not in marked for blob in brief.blobs}
    gone = {blob for brief in briefs if brief.digest in marked for blob in brief.blobs}
    gone |= {blob for brief in others for blob in brief.blobs if _all_of(brief, blob) <= whole}
    # The server could not read these, so that no bundle has them; they would be in its way for ever.
    unread = {blob for brief in opened if brief.digest in forsaken for blob in brief.blobs}
    return Marks(
        tuple(bytes.fromhex(digest) for digest in sorted(marked)),
        tuple(bytes.fromhex(blob) for blob in sorted(((gone & held.blobs) | unread) - needed)),
        lacking=len(held_here - complete),
        given_up=len(forsaken),
        unopened=len(held.envelopes) - len({one.digest for one in opened} | forsaken),
        incomplete=len({one.digest for one in opened} - marked),
    )


def _marked(opened: Sequence[Brief], fine: Callable[[str, str], bool]) -> set[str]:
    return {
        brief.digest
        for brief in opened
        if all(fine(sealed, blob) for (sealed, _), blob in zip(brief.files, brief.blobs, strict=True))
    }


def _all_of(brief: Brief, wanted: str) -> set[str]:
    return {sealed for (sealed, _), blob in zip(brief.files, brief.blobs, strict=True) if blob == wanted}


def _with_what_is_left(
    casebook: Casebook, keys: DeskKeys, briefs: Sequence[Brief], held: Held
) -> list[Brief]:
    """Give what opens of envelopes that the server has no more, and that name files which it still has."""
    left = held.blobs - {blob for brief in briefs for blob in brief.blobs}
    if not left:
        return []
    seen = {brief.digest for brief in briefs}
    others = open_all(casebook, keys, [digest for digest in casebook.envelopes() if digest not in seen])
    return [brief for brief in others if brief.state is State.OPENED and left & set(brief.blobs)]


def _whole_files(casebook: Casebook, opened: Sequence[Brief]) -> set[str]:
    """Give the attachments that are here and whole: read once more, for the server deletes its own."""
    wanted = {sealed for brief in opened for sealed, _ in brief.files}
    with bar("checking files", len(wanted), "file") as shown:
        found = set()
        for sealed in sorted(wanted):
            if is_whole(casebook.blob(sealed)):
                found.add(sealed)
            shown.update(1)
    return found


@dataclass(frozen=True)
class GivenUp:
    """Cases to be given up: the digests (hex) of their envelopes on the server, and a line on each case."""

    digests: frozenset[str]
    lines: tuple[str, ...]


def to_give_up(casebook: Casebook, keys: DeskKeys, held: Held, names: Sequence[str]) -> GivenUp:
    """Find what is given up when these cases are.

    :raises DeskError: there is no such case, the server has nothing of it, or another import would mend it.
    """
    cases = gathered(open_all(casebook, keys), casebook.blobs())
    digests: set[str] = set()
    lines = []
    for case in [case_found(cases, name) for name in names]:
        there = [send for send in case.sends if send.digest in held.envelopes]
        if not there:
            raise DeskError(
                f"the server's last bundle had nothing of case {case.name}", "there is nothing to give up"
            )
        if any(not is_whole(casebook.envelope_folder / send.digest) for send in there):
            raise DeskError(
                f"case {case.name} is damaged on this disk only",
                "import the server's newest bundle again: it is not lost",
            )
        digests |= {send.digest for send in there}
        why = case.head.why or case.state
        lines.append(f"  {case.name}  {count_text(len(there), 'envelope')}: {why}")
    return GivenUp(frozenset(digests), tuple(lines))
