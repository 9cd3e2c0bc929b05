"""Put a note into the casebook: sealed to all desks of the list, whole or not at all."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from crypto.envelope import Kind
from crypto.keyfile import DeskKeys
from crypto.primitives import signing_public
from crypto.seal import sealed
from desk.casebook import Casebook
from desk.durable import make_folder, sync_folder, writing
from desk.errors import DeskError
from desk.home import Home
from desk.keys import notes as key_notes
from desk.opening import Sent, State
from payload import StaffNote


def file_note(home: Home, keys: DeskKeys, note: StaffNote) -> Sent:
    """Seal a note and put it into the casebook of ``home``, durably; give it as it opens again.

    :raises DeskError: this desk could not open it itself, or the list is another team's.
    :raises OSError: the disk is full, or not to be written.
    """
    with home.lock():
        # Read anew: a renewed list may name another desk that is to read it.
        team = home.read_team_keys()
        key_notes.read(home, keys).check(team)
        epoch = team.epoch(datetime.now(UTC).date())
        mine = signing_public(keys.sign.reveal())
        if epoch not in keys.seeds or all(desk.sign_public != mine for desk in team.desks):
            raise DeskError(
                f"this desk could not open a note of {epoch} itself: it has no key for that month, or is not "
                "on the list",
                "`keys` says what is the matter: make keys, or take the newest list",
            )
        casebook = Casebook(home.casebook)
        make_folder(casebook.envelope_folder)
        body = note.to_bytes()
        envelope = sealed(Kind.NOTE, epoch, team.recipients(epoch), body)
        digest = sha256(envelope).hexdigest()
        with writing(casebook.envelope_folder / digest, replace=True) as file:
            file.write(envelope)
        sync_folder(casebook.envelope_folder)
    return Sent(digest, State.OPENED, epoch=epoch, body=body, sealed_as=Kind.NOTE, staff=note)


def after(moment: datetime) -> datetime:
    """Give the next second; after the last that there is, that one again."""
    with suppress(OverflowError):
        return moment + timedelta(seconds=1)
    return moment
