"""The signed list of desks: renewed, a desk added or taken off; the identity signs, from outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crypto import deskpart
from crypto import identity as identity_file
from crypto.deskpart import DeskPart
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teambody import MAX_EPOCHS, Desk, months_between
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.durable import clear_partials, make_folder, sync_folder, write_new, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home, read_key_file, read_team_keys
from desk.keys import ceremony, files, notes, paper

Change = Callable[[TeamKeys, DeskKeys], Sequence[Desk]]


@dataclass(frozen=True)
class Signer:
    """Where the identity comes from: a file, or, without one, words typed from paper.

    ``new``: make a new identity, on paper or in the file ``new_file``, which the one before signs for; with
    ``lost`` that one is not there any more.
    """

    file: Path | None = None
    new: bool = False
    new_file: Path | None = None
    lost: bool = False


def renew(home: Home, signer: Signer, change: Change, oldest: Epoch | None = None) -> TeamKeys:
    """Sign a new list, of one version more and the desks that ``change`` gives, and keep it.

    :param oldest: the first month to list; by default the one that is first now.
    :raises DeskError: it cannot be signed so.
    """
    with home.lock():
        clear_partials(home.folder)
        keys, team = home.read_keys(), home.read_team_keys()
        desks = _of_same_months(team, change(team, keys), oldest)
        identity, before = _identities(home, signer, team)
        try:
            raw = identity.team_keys(desks, version=team.version + 1, practice=team.practice, previous=before)
            new = TeamKeys.read(raw)
            if not signer.lost:
                new.check_follows(team)
        except BadTeamKeys as bad:
            raise DeskError(f"this list cannot be signed: {bad}", "nothing was changed") from None
        if signer.new_file is not None:
            _keep_identity(signer.new_file, identity, new.practice)
        _put(home, keys, new, alone=signer.lost)
        return new


def as_now(team: TeamKeys, keys: DeskKeys) -> list[Desk]:
    """Give the desks of a list: this one with all months that it has keys for now, the others as listed."""
    mine = keys.public()
    return [
        Desk(desk.name, desk.sign_public, desk.collects, mine.epochs)
        if desk.sign_public == mine.sign_public
        else desk
        for desk in team.desks
    ]


def with_part(part: DeskPart, *, collects: bool | None) -> Change:
    """Add a desk, or take in the new months of one that is listed.

    :param collects: whether the server waits for it; None leaves a listed desk as it is, else it is yes.
    """

    def change(team: TeamKeys, keys: DeskKeys) -> list[Desk]:
        if part.practice != team.practice:
            raise DeskError("practice keys and real ones do not go into one list", "nothing was changed")
        added = part.desk
        desks = as_now(team, keys)
        for place, desk in enumerate(desks):
            if desk.sign_public == added.sign_public:
                wait = desk.collects if collects is None else collects
                desks[place] = Desk(added.name, added.sign_public, wait, added.epochs)
                return desks
            if desk.name == added.name:
                raise DeskError(
                    f"another desk called {desk.name} is on the list",
                    f"if it is gone: keys remove-desk {desk.name!r}; else give the new one another name",
                )
        return [*desks, Desk(added.name, added.sign_public, collects is not False, added.epochs)]

    return change


def without(name: str) -> Change:
    """Take a desk off the list."""

    def change(team: TeamKeys, keys: DeskKeys) -> list[Desk]:
        left = [desk for desk in as_now(team, keys) if desk.name != name]
        if len(left) == len(team.desks):
            names = ", ".join(desk.name for desk in team.desks)
            raise DeskError(f"no desk called {harmless(name)} is on the list", f"it has: {names}")
        if not left:
            raise DeskError(
                f"{harmless(name)} is the only desk: nobody could open a report",
                "first add the desk that takes its place: keys add-desk FILE",
            )
        return left

    return change


def read_part(path: Path) -> DeskPart:
    """Read a desk's public part.

    :raises DeskError: it is not one.
    """
    with path.open("rb") as file:
        data = file.read(deskpart.MAX_FILE + 1)
    try:
        return deskpart.read(data)
    except BadTeamKeys as bad:
        raise DeskError(
            f"{harmless(str(path))}: {bad}", "write it again at that desk: keys export FILE"
        ) from None


def write_part(home: Home, path: Path) -> DeskPart:
    """Write this desk's public part for the desk where the list is signed.

    :raises DeskError: the name is taken.
    """
    keys, team = home.read_keys(), home.read_team_keys()
    if not keys.seeds:
        raise DeskError("this desk has no keys left", "first: keys make")
    part = DeskPart(keys.public(), team.practice)
    make_folder(path.parent)
    try:
        write_new(path, part.signed(keys.sign))
    except FileExistsError:
        raise DeskError(f"{harmless(str(path))} is there already", "name another file") from None
    return part


def take(home: Home, path: Path, trusted: str | None) -> TeamKeys:
    """Take a newer list that was signed at another desk.

    :param trusted: the fingerprint of a new identity that the one before could not sign for.
    :raises DeskError: it does not follow the list that is here.
    """
    with home.lock():
        clear_partials(home.folder)
        keys, team = home.read_keys(), home.read_team_keys()
        new = read_team_keys(path)
        if trusted is None:
            try:
                new.check_follows(team)
            except BadTeamKeys as bad:
                raise DeskError(f"{harmless(str(path))}: {bad}", _not_followed(team, new)) from None
        elif _letters(trusted) != _letters(new.fingerprint):
            raise DeskError(
                f"that is not the fingerprint of the list in {harmless(str(path))}: {new.fingerprint}",
                "nothing was changed; if the other desk shows another: find out who touched the stick",
            )
        elif new.version <= team.version or new.practice != team.practice:
            raise DeskError(
                f"the list has version {new.version}, the one here {team.version}", "nothing was changed"
            )
        _put(home, keys, new, alone=trusted is not None)
        return new


def _not_followed(team: TeamKeys, new: TeamKeys) -> str:
    if new.identity == team.identity or new.version <= team.version:
        return "nothing was changed"
    return (
        "nothing was changed. If the team has lost its identity and made a new one: have somebody at the "
        f"desk that made it read the team's fingerprint to you, and if it is {new.fingerprint}, add: "
        f"--trust '{new.fingerprint}'"
    )


def _letters(fingerprint: str) -> str:
    return "".join(fingerprint.split()).upper()


def _put(home: Home, keys: DeskKeys, team: TeamKeys, *, alone: bool) -> None:
    noted = notes.read(home, keys)
    if team.identity not in noted.team:
        # Both at first: killed before the list is there, or after it, the desk goes on.
        noted = replace(
            noted, team=(*noted.team, team.identity), alone=team.version if alone else noted.alone
        )
        notes.write(home, keys, noted)
    with writing(home.team_keys, replace=True) as file:
        file.write(team.raw)
    sync_folder(home.folder)
    # The backup holds the list: whoever recovers needs the newest.
    files.write_backup(home, keys, team, replace(noted, team=(team.identity,)))


def _of_same_months(team: TeamKeys, desks: Sequence[Desk], oldest: Epoch | None) -> tuple[Desk, ...]:
    for desk in desks:
        if not desk.epochs:
            raise DeskError(f"{desk.name} has no keys left", "make new ones there: keys make")
    if oldest is not None and oldest < team.oldest:
        raise DeskError(f"the list begins with {team.oldest} already", "months do not come back")
    first = max(oldest or team.oldest, *(min(desk.epochs) for desk in desks))
    last_of: Mapping[str, Epoch] = {desk.name: max(desk.epochs) for desk in desks}
    last = min(last_of.values())
    if first > last:
        name = min(last_of, key=lambda one: last_of[one])
        raise DeskError(
            f"there is no month from {first} on for which every desk has a key: {name} ends with {last}",
            f"make more at {name}: keys make; elsewhere than here, carry them over: keys export FILE",
        )
    try:
        months = list(months_between(first, last))
    except BadTeamKeys:
        raise DeskError(
            f"a list holds at most {MAX_EPOCHS} months, and this would be {first} to {last}",
            "leave old ones out: --oldest MONTH",
        ) from None
    return tuple(
        Desk(desk.name, desk.sign_public, desk.collects, {month: desk.epochs[month] for month in months})
        for desk in desks
    )


def _identities(home: Home, signer: Signer, team: TeamKeys) -> tuple[Identity, Identity | None]:
    """Give who signs, and who signed before when it is another."""
    if not signer.new:
        return _present(home, signer, team), None
    if signer.new_file is not None and (signer.new_file.exists() or signer.new_file.is_symlink()):
        raise DeskError(f"{harmless(str(signer.new_file))} is there already", "name another file")
    before = None if signer.lost else _present(home, signer, team)
    identity = Identity.new()
    if signer.new_file is None:
        ceremony.identity_to_paper(identity)
    return identity, before


def _present(home: Home, signer: Signer, team: TeamKeys) -> Identity:
    file = signer.file
    if file is None:
        lying_here = _practised(home) if team.practice else None
        # A new identity of a drill is on paper: then its words are asked for, as on a real desk.
        if lying_here is not None and lying_here.public == team.identity:
            return lying_here
        return paper.ask_identity(team.identity)
    phrase = (
        passphrase.PRACTICE
        if team.practice
        else passphrase.ask("the team's identity", passphrase.IDENTITY_VARIABLE)
    )
    identity = read_key_file(file, phrase, identity_file.unlocked)
    if identity.public != team.identity:
        raise DeskError(
            f"{harmless(str(file))} holds another identity: {identity.fingerprint}",
            f"the list was signed by {team.fingerprint}",
        )
    return identity


def _practised(home: Home) -> Identity | None:
    if not home.identity.exists():
        return None
    return read_key_file(home.identity, passphrase.PRACTICE, identity_file.unlocked)


def _keep_identity(path: Path, identity: Identity, practice: bool) -> None:
    phrase = (
        passphrase.PRACTICE
        if practice
        else passphrase.ask_new("the new identity", passphrase.IDENTITY_VARIABLE)
    )
    make_folder(path.parent)
    write_new(path, identity_file.locked(identity, phrase, files.cost_of(practice)))
