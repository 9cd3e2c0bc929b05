"""The desk's folder: where its keys, its copy of the team's list and its casebook lie.

DIR/desk.keys      this desk's private keys, under its passphrase
DIR/identity.key   of a practice desk: the team's identity, which a real desk does not keep
DIR/team.keys      the signed public list
DIR/keys.backup    the desk's keys once more, sealed to the recovery secret
DIR/keys.json      the team, the recovery key's public half, which copies were put away (see desk.keys.notes)
DIR/casebook/      envelopes and attachments, sealed (see desk.casebook)
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from crypto import keyfile, teamkeys
from crypto.errors import BadKeyFile, BadTeamKeys, WrongPassphrase
from crypto.keyfile import DeskKeys
from crypto.passphrase import MAX_FILE
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.durable import make_folder
from desk.errors import DeskError
from desk.harmless import harmless
from desk.keys import notes

T = TypeVar("T")


@dataclass(frozen=True)
class Home:
    """The folder that `--home` names; it need not exist yet."""

    folder: Path

    @property
    def keys(self) -> Path:
        """The desk's key file."""
        return self.folder / "desk.keys"

    @property
    def identity(self) -> Path:
        """Where a practice desk has the team's identity."""
        return self.folder / "identity.key"

    @property
    def recovery_words(self) -> Path:
        """Where a practice desk has the recovery secret, for anybody to read."""
        return self.folder / "recovery.words"

    @property
    def backup(self) -> Path:
        """The desk's keys and its list, sealed to the recovery secret."""
        return self.folder / "keys.backup"

    @property
    def notes(self) -> Path:
        """What the desk notes of its keys."""
        return self.folder / "keys.json"

    @property
    def team_keys(self) -> Path:
        """The signed public list."""
        return self.folder / "team.keys"

    @property
    def unfinished(self) -> Path:
        """What init keeps while it is at work."""
        return self.folder / "init.unfinished"

    @property
    def destroying(self) -> Path:
        """What `keys destroy` keeps while it is at work."""
        return self.folder / "destroy.unfinished"

    @property
    def casebook(self) -> Path:
        """The folder of envelopes and attachments."""
        return self.folder / "casebook"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other commands that write out of this home meanwhile; the folder is made."""
        make_folder(self.folder)
        number = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            yield
        finally:
            os.close(number)

    def check(self) -> None:
        """See that init was here.

        :raises DeskError: it was not, or it was not finished.
        """
        made = self.keys.is_file() and self.team_keys.is_file()
        # Written last by init; where they are lost, `keys new-recovery` writes them again.
        if made and (self.notes.is_file() or not self.unfinished.exists()):
            return
        run = f"run: python -m desk --home {harmless(str(self.folder))} init"
        if self.unfinished.exists():
            raise DeskError(
                "this desk's init was not finished", f"{run} (with the options of the first time)"
            )
        raise DeskError(f"no desk in {harmless(str(self.folder))}", run)

    def read_keys(self) -> DeskKeys:
        """Ask for the passphrase and open the key file, where the list is this desk's team's.

        :raises DeskError: it does not open, or somebody has put another team's list here.
        """
        return self.unlock_keys()[1]

    def unlock_keys(self) -> tuple[str, DeskKeys]:
        """Do the same, and give the passphrase too: for whoever writes the file again.

        :raises DeskError: as ``read_keys``.
        """
        phrase, keys = self.unlock_any_team()
        notes.read(self, keys).check(self.read_team_keys())
        return phrase, keys

    def unlock_any_team(self) -> tuple[str, DeskKeys]:
        """Do the same without a look at the list: for whoever checks it otherwise.

        :raises DeskError: the key file does not open.
        """
        self.check()
        phrase = passphrase.ask("the desk")
        return phrase, read_key_file(self.keys, phrase, keyfile.unlocked)

    def read_team_keys(self) -> TeamKeys:
        """Read the signed public list.

        :raises DeskError: it is missing or not what it should be.
        """
        return read_team_keys(self.team_keys)


def read_key_file(path: Path, phrase: str, unlocked: Callable[[bytes, str], T]) -> T:
    """Read a file that is under a passphrase, and open it by ``unlocked``, which knows what it holds.

    :raises DeskError: it does not open.
    :raises OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    try:
        return unlocked(data, phrase)
    except WrongPassphrase:
        raise DeskError(
            f"the passphrase does not open {harmless(str(path))}",
            "type it again: capitals and spaces count; a practice desk's is: practice",
        ) from None
    except BadKeyFile as bad:
        raise DeskError(
            f"{harmless(str(path))}: {bad}",
            "put the copy in its place that was put away when the keys were made",
        ) from None


def read_team_keys(path: Path) -> TeamKeys:
    """Read and verify a signed public list.

    :raises DeskError: it is missing or not what it should be.
    """
    again = "copy it again from the server or from where it was signed"
    try:
        with path.open("rb") as file:
            return TeamKeys.read(file.read(teamkeys.MAX_FILE + 1))
    except FileNotFoundError:
        raise DeskError(f"{harmless(str(path))} is missing", again) from None
    except BadTeamKeys as bad:
        raise DeskError(f"{harmless(str(path))}: {bad}", again) from None
