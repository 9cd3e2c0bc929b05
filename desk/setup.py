"""Make a desk: its keys, the team's identity, the public list that it signs, and the way to recover it all.

What goes to paper is there before anything is written. Each file is made whole or not at all, and none is
replaced. A note of what was asked lies beside them until all are there: a run that was killed is finished by
the next one, and two at a time wait for each other.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from crypto import identity as identity_file
from crypto import keyfile
from crypto.backup import recovery_public
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.secret import RecoverySecret
from crypto.teambody import check_name, months_between
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.durable import clear_partials, make_folder, sync_folder, write_new, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home, read_key_file, read_team_keys
from desk.keys import ceremony, files, notes
from desk.keys.ceremony import NONE, WORDS, Recovery
from desk.keys.notes import Notes


@dataclass(frozen=True)
class Asked:
    """What init was asked for; paths are absolute, "" stands for none.

    ``identity`` is the file that it goes to; without one it goes to paper. ``join`` is the list of a team
    that has its identity already: then none is made.
    """

    identity: str
    name: str
    practice: bool
    recovery: str = WORDS
    join: str = ""


@dataclass(frozen=True)
class Secrets:
    """What was asked for and shown before anything is written: passphrases, and what is on paper."""

    identity_phrase: str = ""
    desk_phrase: str = ""
    identity: Identity | None = None
    recovery: RecoverySecret | None = None

    def __repr__(self) -> str:
        return "<Secrets>"


@dataclass(frozen=True)
class Made:
    """What init did: ``already`` is true when there was nothing to do."""

    team: TeamKeys
    already: bool


def init(home: Home, asked: Asked, copy: Path | None, shares_out: Path | None = None) -> Made:
    """Make what is missing of a desk, and a copy of the public list at ``copy``.

    :raises DeskError: something is in the way, or a passphrase is wrong.
    """
    with home.lock():
        clear_partials(home.folder)
        if not home.unfinished.exists() and home.keys.exists() and home.team_keys.exists():
            return _whole_already(home, asked, copy)
        _check_begin(home, asked, copy)
        # Asked for before anything is made: a mistyped passphrase leaves nothing behind.
        given = _secrets(home, asked, Recovery(asked.recovery, shares_out))
        if not home.unfinished.exists():
            write_new(home.unfinished, json.dumps(asdict(asked)).encode())
        team = _make(home, asked, given)
        if copy is not None:
            _copied(team, copy)
        home.unfinished.unlink()
        sync_folder(home.folder)
        return Made(team, already=False)


def _whole_already(home: Home, asked: Asked, copy: Path | None) -> Made:
    """Nothing is made twice; only the copy of a public list may be missing (a server's folder made anew)."""
    team = read_team_keys(home.team_keys)
    fits = asked.practice and team.body.practice
    if not fits:
        raise DeskError(
            f"{harmless(str(home.folder))} holds a desk already",
            "nothing was changed; name another folder with --home to make a new one",
        )
    if copy is not None:
        _copied(team, copy)
    return Made(team, already=True)


def _check_begin(home: Home, asked: Asked, copy: Path | None) -> None:
    if home.unfinished.exists():
        before = _asked_before(home)
        if before != asked:
            raise DeskError(
                "an init that was not finished was asked for something else",
                f"finish it with {_options(before)}, or remove {harmless(str(home.folder))} and begin again",
            )
        return
    made = [home.keys, home.team_keys, home.backup, home.notes, *([] if copy is None else [copy])]
    if asked.identity:
        made.append(Path(asked.identity))
        _check_apart(home, asked)
    for path in made:
        if path.exists() or path.is_symlink():
            raise DeskError(
                f"{harmless(str(path))} is there already",
                "nothing was changed; move it away if it is not needed, or name another place",
            )


def _check_apart(home: Home, asked: Asked) -> None:
    """Keep the identity out of the desk's folder: whoever copies that must not get it too."""
    inside = Path(asked.identity).resolve().is_relative_to(home.folder.resolve())
    if inside and not asked.practice:
        raise DeskError(
            "the identity must not lie in the desk's folder",
            "name a file on a stick with --identity, or leave it out: then it is shown as words for paper",
        )


def _asked_before(home: Home) -> Asked:
    try:
        return Asked(**json.loads(home.unfinished.read_bytes()))
    except (ValueError, TypeError):
        raise DeskError(
            f"{harmless(str(home.unfinished))} is damaged",
            "this desk was never finished: remove its folder and run init again",
        ) from None


def _options(asked: Asked) -> str:
    return harmless(" ".join(_option_list(asked)))


def _option_list(asked: Asked) -> Iterator[str]:
    if asked.practice:
        yield "--practice"
    yield f"--name {asked.name!r}"
    if asked.identity:
        yield f"--identity {asked.identity}"
    if asked.join:
        yield f"--join {asked.join}"
    if asked.recovery == NONE:
        yield "--no-recovery"
    elif asked.recovery != WORDS:
        yield f"--shares {asked.recovery}"


def _secrets(home: Home, asked: Asked, recovery: Recovery) -> Secrets:
    """Ask for the passphrases and put on paper what is still to be made."""
    secret = None if asked.recovery == NONE or home.notes.exists() else RecoverySecret.new()
    to_sign = not asked.join and not home.team_keys.exists()
    identity = Identity.new() if to_sign and not _made_before(asked) else None
    if asked.practice:
        return Secrets(passphrase.PRACTICE, passphrase.PRACTICE, identity, secret)
    identity_phrase = _identity_phrase(asked) if asked.identity and to_sign else ""
    desk_phrase = (passphrase.ask if home.keys.exists() else passphrase.ask_new)("the desk")
    if identity_phrase == desk_phrase:
        raise DeskError(
            "the identity has the desk's passphrase",
            "give it one of its own: whoever gets hold of the desk must not be able to sign new keys",
        )
    if secret is not None or (identity is not None and not asked.identity):
        ceremony.begin(recovery)
    if identity is not None and not asked.identity:
        ceremony.identity_to_paper(identity)
    if secret is not None:
        ceremony.recovery_to_paper(secret, recovery, asked.name)
    return Secrets(identity_phrase, desk_phrase, identity, secret)


def _made_before(asked: Asked) -> bool:
    return bool(asked.identity) and Path(asked.identity).exists()


def _identity_phrase(asked: Asked) -> str:
    ask = passphrase.ask if _made_before(asked) else passphrase.ask_new
    return ask("the team's identity", passphrase.IDENTITY_VARIABLE)


def _make(home: Home, asked: Asked, given: Secrets) -> TeamKeys:
    identity = None if home.team_keys.exists() else _identity(asked, given)
    if home.keys.exists():
        keys = read_key_file(home.keys, given.desk_phrase, keyfile.unlocked)
    else:
        keys = _drawn(asked)
        write_new(home.keys, keyfile.locked(keys, given.desk_phrase, files.cost_of(asked.practice)))
    if not home.team_keys.exists():
        write_new(home.team_keys, _list(asked, keys, identity))
    team = read_team_keys(home.team_keys)
    if not home.notes.exists():
        _make_backup(home, asked, keys, team, given.recovery)
    return team


def _identity(asked: Asked, given: Secrets) -> Identity | None:
    if not asked.identity:
        return given.identity
    path = Path(asked.identity)
    if given.identity is None:
        return read_key_file(path, given.identity_phrase, identity_file.unlocked)
    make_folder(path.parent)
    locked = identity_file.locked(given.identity, given.identity_phrase, files.cost_of(asked.practice))
    write_new(path, locked)
    return given.identity


def _drawn(asked: Asked) -> DeskKeys:
    first = Epoch.of(datetime.now(UTC).date())
    keys = DeskKeys.make(asked.name, first)
    if asked.join and (newest := read_team_keys(Path(asked.join)).newest) > max(keys.seeds):
        # As far ahead as the desks that are there already: each month needs a key of every desk.
        keys = keys.with_months(first, sum(1 for _ in months_between(first, newest)))
    return keys


def _list(asked: Asked, keys: DeskKeys, identity: Identity | None) -> bytes:
    if identity is None:
        return read_team_keys(Path(asked.join)).raw
    return identity.team_keys((keys.public(),), version=1, practice=asked.practice)


def _make_backup(
    home: Home, asked: Asked, keys: DeskKeys, team: TeamKeys, secret: RecoverySecret | None
) -> None:
    recovery = Recovery(asked.recovery)
    if secret is None:
        notes.write(home, keys, Notes((team.identity,)).with_copies(keys, home.keys.name))
        return
    if asked.practice:
        with writing(home.recovery_words, replace=True) as file:
            file.write("\n".join([*ceremony.practice_lines(secret, recovery), ""]).encode("ascii"))
    noted = Notes((team.identity,), recovery_public(secret), recovery.kept_as)
    files.write_backup(home, keys, team, noted.with_copies(keys, home.backup.name))


def _copied(team: TeamKeys, copy: Path) -> None:
    make_folder(copy.parent)
    try:
        write_new(copy, team.raw)
    except FileExistsError:
        if copy.read_bytes() != team.raw:
            raise DeskError(
                f"{harmless(str(copy))} is there already and is another list",
                "move it away if nobody uses it, or name another place with --team-keys",
            ) from None


def checked_name(name: str) -> str:
    """Give a desk's name as the public list takes it.

    :raises DeskError: it does not.
    """
    try:
        check_name(name)
    except BadTeamKeys as bad:
        raise DeskError(str(bad), "take a short name, as staff say it: newsroom, laptop 2") from None
    return name
