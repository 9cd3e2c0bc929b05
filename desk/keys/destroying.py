"""Destroy the keys of old months, so that nobody can read their reports: no thief of this laptop, nor we.

First the server must have moved on and everything be read; then chosen cases are sealed anew, under a
month that stays; then the key file is written without the old seeds, under another passphrase. That one step
decides: killed before it, all is as it was; after it, the next run removes what nobody can open any more.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.keyfile import DeskKeys
from crypto.seal import sealed
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.casebook import Casebook, is_whole
from desk.cases import Case, gathered
from desk.durable import clear_partials, sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.keys import files, notes, signed
from desk.keys.lasting import lasting, moved, moving
from desk.keys.notes import Copy, Notes
from desk.opening import Brief, State, open_all, open_sent, openers_of
from desk.outbox import Outbox
from desk.progress import bar
from desk.server import Server, read_server
from desk.showing import count_text
from payload import Subject

MOST_NAMED = 20
AGAIN = "then: export, carry it to the server, import it there, export there, import here"
Choose = Callable[[Sequence[Case]], Sequence[Case]]


@dataclass(frozen=True)
class Doomed:
    """What a run is removing: all envelopes of months before ``before``, and attachments of those alone."""

    before: Epoch
    envelopes: tuple[str, ...]
    blobs: tuple[str, ...]


@dataclass
class Destroyed:
    """What was done: the cases kept, how much is gone, and the copies that may hold the old keys."""

    before: Epoch
    keys: DeskKeys
    months: int = 0
    kept: list[str] = field(default_factory=list)
    envelopes: int = 0
    copies: list[Copy] = field(default_factory=list)
    backed_up: bool = False


def destroy(home: Home, before: Epoch, choose: Choose, *, even_so: bool) -> Destroyed:
    """Destroy this desk's keys of every month before one, for good.

    :param choose: is given the cases of those months, and gives back those to keep.
    :param even_so: go on although some of it could not be read.
    :raises DeskError: the server or the desk is not ready for it; nothing is destroyed then.
    """
    with home.lock():
        clear_partials(home.folder)
        phrase, keys = home.unlock_keys()
        team = home.read_team_keys()
        done = Destroyed(before, keys)
        unfinished = _read_note(home, keys)
        if unfinished is not None and not _old(keys, unfinished.before):
            _finish(home, keys, team, unfinished, done)
        if not _old(keys, before):
            if unfinished is None:
                raise DeskError(
                    f"this desk has no key of a month before {before}", "there is nothing to destroy"
                )
            return done
        _check_server(read_server(home.folder), team, keys, before, notes.read(home, keys))
        casebook = Casebook(home.casebook)
        casebook.prepare()
        waiting = Outbox(home).settle(casebook).copies.values()
        briefs = open_all(casebook, keys)
        _check_read(
            [*_unread(casebook, briefs, before), *_undelivered(briefs, set(waiting), before)], even_so
        )
        cases = [case for case in gathered(briefs, casebook.blobs()) if _opened_of(case, before)]
        chosen = list(choose(cases)) if cases else []
        new_phrase = phrase if team.practice else passphrase.ask_other("the desk", phrase)
        kept = [one for case in chosen for one in _opened_of(case, before)]
        kept += lasting(casebook, openers_of(keys), briefs, chosen, before)
        moves = {brief.digest: subject for brief, subject in moving(chosen)}
        kept += [brief for brief in briefs if brief.digest in moves and brief not in kept]
        _keep(casebook, keys, team, briefs, kept, moves, before)
        doomed = _doomed(briefs, chosen, moves, before)
        _write_note(home, keys, doomed)
        old = _old(keys, before)
        left = keys.without(old)
        files.write_keys(home, left, new_phrase, practice=team.practice)
        done.months += len(old)
        done.kept = [case.name for case in chosen]
        _finish(home, left, team, doomed, done)
        return done


def forget(home: Home, keys: DeskKeys, copies: Sequence[Copy]) -> None:
    """Note that copies are destroyed: somebody said so."""
    with home.lock():
        notes.write(home, keys, notes.read(home, keys).without(copies))


def _old(keys: DeskKeys, before: Epoch) -> list[Epoch]:
    return [month for month in keys.seeds if month < before]


def unfinished(home: Home, keys: DeskKeys) -> Epoch | None:
    """Give the month before which a run has destroyed the keys here, and was stopped before it was done.

    :raises DeskError: its note is damaged.
    """
    doomed = _read_note(home, keys)
    return None if doomed is None or _old(keys, doomed.before) else doomed.before


def _check_server(server: Server | None, team: TeamKeys, keys: DeskKeys, before: Epoch, noted: Notes) -> None:
    """See that nothing comes in for those months any more, and that nothing is left on the server."""
    if team.oldest < before:
        raise DeskError(
            f"the list still has months before {before}", f"first: keys renew --oldest {before}; {AGAIN}"
        )
    if server is None:
        raise DeskError("the server has not said yet that it moved on", "import a bundle of it first")
    if server.team_version != team.version:
        newer = server.team_version > team.version
        raise DeskError(
            f"on {server.made_on} the server had list {server.team_version}, this desk has {team.version}",
            "take the newer list: keys take FILE" if newer else _carry(server, team, noted),
        )
    if server.sealing < before:
        raise DeskError(f"on {server.made_on} the server sealed to {server.sealing}", AGAIN)
    if left := [month for month in server.epochs if month < before]:
        raise DeskError(
            f"on {server.made_on} the server held reports of {', '.join(map(str, left))}",
            " ".join(_what_blocks(team, keys)),
        )


def _carry(server: Server, team: TeamKeys, noted: Notes) -> str:
    if server.team_version < noted.alone:
        return carry_it_alone(team)
    return f"carry the list over; {AGAIN}"


def carry_it_alone(team: TeamKeys) -> str:
    """Say how a list gets to a server that still has one of the identity that was lost."""
    return (
        "the server takes no export of the new identity yet: carry team.keys itself, put it in the place of "
        f"the old one, and start the server once with VIGIL_TRUST='{team.fingerprint}'"
    )


def _what_blocks(team: TeamKeys, keys: DeskKeys) -> Iterator[str]:
    """Name what may keep reports of old months on the server, and what to do about each."""
    yield "import its last bundle, export, and import that on the server: what arrived whole is collected."
    mine = keys.public([]).sign_public
    if others := [desk.name for desk in team.desks if desk.collects and desk.sign_public != mine]:
        yield (
            f"{' and '.join(map(harmless, others))} must do the same: the server waits for every desk that "
            "collects. When the last one is through, export on the server once more, and import that here."
        )
    yield (
        "If it still holds some: a case that can never be read whole (`list` shows it) is given up with: "
        "export FILE --give-up CASE"
    )


def _check_read(unread: Sequence[str], even_so: bool) -> None:
    """See that nothing would be lost unread: each thing that was not read is named."""
    if not unread or even_so:
        return
    named = "; ".join(unread[:MOST_NAMED])
    more = f"; and {len(unread) - MOST_NAMED} more" if len(unread) > MOST_NAMED else ""
    raise DeskError(
        f"not all of those months is done with: {named}{more}",
        "import their bundles again, have replies delivered; or say --even-so: then nobody will ever read it",
    )


def _unread(casebook: Casebook, briefs: Sequence[Brief], before: Epoch) -> Iterator[str]:
    blobs = casebook.blobs()
    # A damaged file does not say its month.
    old = [brief for brief in briefs if brief.epoch is None or brief.epoch < str(before)]
    with bar("checking", len(old), "envelope") as shown:
        for brief in old:
            shown.update(1)
            name = f"envelope {brief.digest[:12]}"
            if brief.state in (State.DAMAGED, State.NEWER):
                yield f"{name} of {brief.epoch or 'an unknown month'} ({harmless(brief.why)})"
            missing = sum(hash_ not in blobs for hash_, _ in brief.files)
            if missing:
                yield f"{name} of {brief.epoch} ({count_text(missing, 'attachment')} missing)"
            damaged = sum(hash_ in blobs and not is_whole(casebook.blob(hash_)) for hash_, _ in brief.files)
            if damaged:
                yield f"{name} of {brief.epoch} ({count_text(damaged, 'attachment')} damaged)"


def _undelivered(briefs: Sequence[Brief], waiting: set[str], before: Epoch) -> Iterator[str]:
    # Without the desk's copy a reply that the server refuses cannot be sealed again.
    for brief in briefs:
        if brief.digest in waiting and brief.epoch is not None and brief.epoch < str(before):
            yield f"a reply of {brief.received_on} that is not known to have arrived"


def _opened_of(case: Case, before: Epoch) -> list[Brief]:
    return [
        brief
        for brief in (*case.sends, *case.notes)
        if brief.state is State.OPENED and brief.epoch is not None and brief.epoch < str(before)
    ]


def _keep(
    casebook: Casebook,
    keys: DeskKeys,
    team: TeamKeys,
    briefs: Sequence[Brief],
    kept: Sequence[Brief],
    moves: Mapping[str, Subject],
    before: Epoch,
) -> None:
    """Seal what is to be kept anew, to all desks, under a month that stays: word for word, but for notes in
    ``moves`` (by digest), which name their case by another mark from now on."""
    if not kept:
        return
    epoch = team.epoch(notes.today())
    if epoch not in keys.seeds:
        raise DeskError(f"this desk has no key for {epoch}", "make keys first: keys make, then keys renew")
    openers, recipients = openers_of(keys), team.recipients(epoch)
    # What a run before this one sealed anew is not sealed again.
    there = {
        _hash(open_sent(casebook, openers, brief.digest).body or b"")
        for brief in briefs
        if brief.state is State.OPENED and brief.epoch is not None and brief.epoch >= str(before)
    }
    for brief in kept:
        sent = open_sent(casebook, openers, brief.digest)
        if sent.body is None:
            raise DeskError(f"envelope {brief.digest[:12]} does not open any more", "run it again")
        body = sent.body
        if sent.staff is not None and brief.digest in moves:
            body = moved(sent.staff, moves[brief.digest])
        if _hash(body) in there:
            continue
        there.add(_hash(body))
        kind = Kind.NOTE if sent.sealed_as is Kind.NOTE else Kind.KEPT
        envelope = sealed(kind, epoch, recipients, body)
        with writing(casebook.envelope_folder / _hash(envelope), replace=True) as file:
            file.write(envelope)
    casebook.sync()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _doomed(
    briefs: Sequence[Brief], chosen: Sequence[Case], moves: Mapping[str, Subject], before: Epoch
) -> Doomed:
    kept = {brief.digest for case in chosen for brief in _opened_of(case, before)}
    old = [brief for brief in briefs if brief.epoch is not None and brief.epoch < str(before)]
    gone = {brief.digest for brief in old} - kept
    needed = {hash_ for brief in briefs if brief.digest not in gone for hash_, _ in brief.files}
    blobs = {hash_ for brief in old for hash_, _ in brief.files} - needed
    return Doomed(before, tuple(sorted({*(brief.digest for brief in old), *moves})), tuple(sorted(blobs)))


def _finish(home: Home, keys: DeskKeys, team: TeamKeys, doomed: Doomed, done: Destroyed) -> None:
    """Do what is left once the old seeds are gone; all of it may be done twice."""
    casebook = Casebook(home.casebook)
    noted = files.write_backup(home, keys, team, notes.read(home, keys))
    for folder, names in ((casebook.envelope_folder, doomed.envelopes), (casebook.blob_folder, doomed.blobs)):
        for name in names:
            (folder / name).unlink(missing_ok=True)
    casebook.prepare()
    casebook.sync()
    done.envelopes += len(doomed.envelopes)
    done.copies = noted.holding(doomed.before)
    # The copies stay noted until somebody says that they are destroyed: nobody here can see it.
    name = (home.backup if noted.recovery else home.keys).name
    notes.write(home, keys, noted.with_copies(keys, name))
    done.backed_up = noted.recovery is not None
    home.destroying.unlink(missing_ok=True)
    sync_folder(home.folder)


def _read_note(home: Home, keys: DeskKeys) -> Doomed | None:
    try:
        value = signed.read(home.destroying, keys)
        if value is None:
            return None
        return Doomed(
            Epoch.parse(value["before"]),
            tuple(map(str, value["envelopes"])),
            tuple(map(str, value["blobs"])),
        )
    except (signed.Unsigned, ValueError, KeyError, TypeError):
        raise DeskError(
            f"{harmless(str(home.destroying))} is damaged, or this desk did not write it",
            "remove it; what no key opens any more may stay in the casebook",
        ) from None


def _write_note(home: Home, keys: DeskKeys, doomed: Doomed) -> None:
    value: dict[str, object] = {
        "before": str(doomed.before),
        "envelopes": list(doomed.envelopes),
        "blobs": list(doomed.blobs),
    }
    signed.write(home.destroying, keys, value)
