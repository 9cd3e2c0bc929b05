"""Keys for months ahead, another passphrase, another recovery secret: key file and backup, written anew."""

from dataclasses import dataclass, replace

from crypto.backup import recovery_public
from crypto.epoch import Epoch
from crypto.keyfile import DeskKeys
from crypto.secret import RecoverySecret
from crypto.teambody import MAX_EPOCHS
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.durable import clear_partials, writing
from desk.errors import DeskError
from desk.home import Home
from desk.keys import ceremony, files, notes, terminal
from desk.keys.ceremony import Recovery
from desk.keys.notes import Notes


@dataclass(frozen=True)
class Made:
    """The keys as they are now, how many months are new, and the notes."""

    keys: DeskKeys
    new: int
    notes: Notes


def make(home: Home, months: int) -> Made:
    """Draw keys for the months that have none yet, this one and so many less one after it.

    :raises DeskError: more months than a list takes.
    """
    if not 1 <= months <= MAX_EPOCHS:
        raise DeskError(f"{months} months cannot be made", f"name 1 to {MAX_EPOCHS} with --months")
    with home.lock():
        clear_partials(home.folder)
        phrase, keys = home.unlock_keys()
        team, noted = home.read_team_keys(), notes.read(home, keys)
        more = _with_months(keys, Epoch.of(notes.today()), months)
        if len(more.seeds) > MAX_EPOCHS:
            raise DeskError(
                f"this desk would hold {len(more.seeds)} months, and a list takes {MAX_EPOCHS}",
                "make fewer, or destroy old ones first: keys destroy",
            )
        new = len(more.seeds) - len(keys.seeds)
        if new:
            noted = noted.with_copies(more, (home.backup if noted.recovery else home.keys).name)
            notes.write(home, keys, noted)
            files.write_keys(home, more, phrase, practice=team.practice)
        # Also where nothing is new: a run that was killed may have left the backup behind.
        noted = files.write_backup(home, more, team, noted)
        return Made(more, new, noted)


def _with_months(keys: DeskKeys, today: Epoch, months: int) -> DeskKeys:
    last = today
    for _ in range(months - 1):
        last = last.next()
    # Without a gap after the last one held: a list has every month from its first to its last.
    first = max(keys.seeds).next() if keys.seeds else today
    count = 0
    at = first
    while at <= last:
        count, at = count + 1, at.next()
    return keys.with_months(first, count)


def change_passphrase(home: Home) -> Notes:
    """Put the key file under another passphrase.

    :raises DeskError: the old one does not open it, or the new one is the same or too short.
    """
    with home.lock():
        clear_partials(home.folder)
        phrase, keys = home.unlock_keys()
        team, noted = home.read_team_keys(), notes.read(home, keys)
        files.write_keys(home, keys, passphrase.ask_other("the desk", phrase), practice=team.practice)
        return noted


def new_recovery(home: Home, recovery: Recovery) -> Notes:
    """Make another recovery secret, and a backup that it opens; the secret before opens old backups only.

    Notes that are missing or damaged are begun anew, once somebody has compared the team's fingerprint.

    :raises DeskError: there is no terminal to show it on, or the list is another team's.
    """
    with home.lock():
        clear_partials(home.folder)
        _, keys = home.unlock_any_team()
        team = home.read_team_keys()
        before = _known(home, keys, team)
        secret = RecoverySecret.new()
        if team.practice:
            with writing(home.recovery_words, replace=True) as file:
                file.write("\n".join([*ceremony.practice_lines(secret, recovery), ""]).encode("ascii"))
        else:
            ceremony.begin(recovery)
            ceremony.recovery_to_paper(secret, recovery, keys.name)
        noted = replace(before, recovery=recovery_public(secret), kept_as=recovery.kept_as)
        return files.write_backup(home, keys, team, noted.with_copies(keys, home.backup.name))


def _known(home: Home, keys: DeskKeys, team: TeamKeys) -> Notes:
    try:
        noted = notes.read(home, keys)
    except notes.Unusable as lost:
        terminal.say([lost.what, "so this desk does not know any more which team it belongs to"])
        terminal.say([f"the team's fingerprint, by team.keys here: {team.fingerprint}"])
        if not (team.practice or terminal.agreed("is that the one in print?")):
            raise DeskError(
                "the list here is not the team's",
                "nothing was changed; copy team.keys again from the server or another desk",
            ) from None
        return Notes((team.identity,))
    noted.check(team)
    return noted
