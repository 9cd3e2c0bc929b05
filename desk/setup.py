"""Make a desk: its keys, the team's identity, and the public list that the identity signs.

Each file is made whole or not at all, and none is replaced. A note of what was asked lies beside them until
all are there: a run that was killed is finished by the next one, and two at a time wait for each other.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from crypto import identity as identity_file
from crypto import keyfile
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys
from crypto.identity import Identity
from crypto.keyfile import MODERATE, PRACTICE, Cost, DeskKeys
from crypto.teambody import check_name
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.durable import clear_partials, make_folder, sync_folder, write_new
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home, read_key_file, read_team_keys


@dataclass(frozen=True)
class Asked:
    """What init was asked for: where the identity goes (absolute), the desk's name, practice or not."""

    identity: str
    name: str
    practice: bool

    @property
    def cost(self) -> Cost:
        """What guessing a passphrase shall cost."""
        return PRACTICE if self.practice else MODERATE


@dataclass(frozen=True)
class Phrases:
    """The two passphrases."""

    identity: str
    desk: str

    def __repr__(self) -> str:
        return "<Phrases>"


@dataclass(frozen=True)
class Made:
    """What init did: ``already`` is true when there was nothing to do."""

    team: TeamKeys
    already: bool


def init(home: Home, asked: Asked, copy: Path | None) -> Made:
    """Make what is missing of a desk, and a copy of the public list at ``copy``.

    :raises DeskError: something is in the way, or a passphrase is wrong.
    """
    with home.lock():
        clear_partials(home.folder)
        if not home.unfinished.exists() and home.keys.exists() and home.team_keys.exists():
            return _whole_already(home, asked, copy)
        _check_begin(home, asked, copy)
        # Asked for before anything is made: a mistyped passphrase leaves nothing behind.
        phrases = _phrases(asked, Path(asked.identity).exists(), home.keys.exists())
        if not home.unfinished.exists():
            write_new(home.unfinished, json.dumps(asdict(asked)).encode())
        team = _make(home, asked, phrases)
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
    made = [home.keys, home.team_keys, Path(asked.identity), *([] if copy is None else [copy])]
    for path in made:
        if path.exists() or path.is_symlink():
            raise DeskError(
                f"{harmless(str(path))} is there already",
                "nothing was changed; move it away if it is not needed, or name another place",
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
    practice = "--practice " if asked.practice else ""
    return harmless(f"{practice}--name {asked.name!r} --identity {asked.identity}")


def _make(home: Home, asked: Asked, phrases: Phrases) -> TeamKeys:
    identity_path = Path(asked.identity)
    if identity_path.exists():
        identity = read_key_file(identity_path, phrases.identity, identity_file.unlocked)
    else:
        identity = Identity.new()
        make_folder(identity_path.parent)
        write_new(identity_path, identity_file.locked(identity, phrases.identity, asked.cost))
    if home.keys.exists():
        keys = read_key_file(home.keys, phrases.desk, keyfile.unlocked)
    else:
        keys = DeskKeys.make(asked.name, Epoch.of(datetime.now(UTC).date()))
        write_new(home.keys, keyfile.locked(keys, phrases.desk, asked.cost))
    if not home.team_keys.exists():
        write_new(home.team_keys, identity.team_keys((keys.public(),), version=1, practice=asked.practice))
    return read_team_keys(home.team_keys)


def _phrases(asked: Asked, identity_made: bool, keys_made: bool) -> Phrases:
    if asked.practice:
        return Phrases(passphrase.PRACTICE, passphrase.PRACTICE)
    ask_identity = passphrase.ask if identity_made else passphrase.ask_new
    ask_desk = passphrase.ask if keys_made else passphrase.ask_new
    phrases = Phrases(
        identity=ask_identity("the team's identity", passphrase.IDENTITY_VARIABLE),
        desk=ask_desk("the desk"),
    )
    if phrases.identity == phrases.desk:
        raise DeskError(
            "the identity has the desk's passphrase",
            "give it one of its own: whoever gets hold of the desk must not be able to sign new keys",
        )
    return phrases


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
