"""Get a desk back from its backup: by the recovery words, or enough shares of them."""

from pathlib import Path

from crypto import backup as backups
from crypto import keyfile
from crypto.backup import Backup, recovery_public
from crypto.envelope import MOST_BODY
from crypto.errors import BadEnvelope, BadTeamKeys, NotForThisKey
from crypto.secret import RecoverySecret
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.durable import clear_partials, sync_folder, write_new, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home, read_team_keys
from desk.keys import files, paper
from desk.keys.notes import Notes


def recover(home: Home, file: Path, newer: Path | None) -> Backup:
    """Make the desk's files anew in an empty home; the key file comes last, and before it there is no desk.

    :param newer: a list that was signed after the backup was written.
    :raises DeskError: a desk is there already, or the backup does not open.
    """
    with home.lock():
        clear_partials(home.folder)
        if home.keys.exists() or home.keys.is_symlink():
            raise DeskError(
                f"{harmless(str(home.folder))} holds a desk already",
                "nothing was changed; name an empty folder with --home",
            )
        with file.open("rb") as source:
            data = source.read(2 * MOST_BODY)
        secret, kept_as = paper.ask_recovery()
        found = _opened(file, data, secret)
        team = found.team if newer is None else _newer(found.team, newer)
        practice = team.practice
        phrase = passphrase.PRACTICE if practice else passphrase.ask_new("the desk", passphrase.NEW_VARIABLE)
        _put_list(home, team)
        noted = Notes((team.identity,), recovery_public(secret), kept_as)
        noted = noted.with_copies(found.keys, home.backup.name)
        files.write_backup(home, found.keys, team, noted)
        write_new(home.keys, keyfile.locked(found.keys, phrase, files.cost_of(practice)))
        return Backup(found.keys, team)


def _opened(file: Path, data: bytes, secret: RecoverySecret) -> Backup:
    try:
        return backups.unlocked(data, secret)
    except NotForThisKey:
        raise DeskError(
            f"these words do not open {harmless(str(file))}",
            "are they the recovery words of this desk, and not the identity's? Is it this desk's backup?",
        ) from None
    except BadEnvelope as bad:
        raise DeskError(f"{harmless(str(file))}: {bad}", "take another copy of keys.backup") from None


def _newer(team: TeamKeys, path: Path) -> TeamKeys:
    newer = read_team_keys(path)
    try:
        newer.check_follows(team)
    except BadTeamKeys as bad:
        raise DeskError(
            f"{harmless(str(path))}: {bad}", "recover without --team-keys, then see: keys take FILE"
        ) from None
    return newer


def _put_list(home: Home, team: TeamKeys) -> None:
    # Without a key file this is no desk: a list here is one that a killed run left.
    with writing(home.team_keys, replace=True) as out:
        out.write(team.raw)
    sync_folder(home.folder)
