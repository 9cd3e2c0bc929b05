"""What the desk notes, in `keys.json`: its team, the recovery key's public half, and the copies that exist.

Nothing here is secret: it says where old keys may still lie, so that `keys destroy` can name each place.
The desk signs it: a backup sealed to another's recovery key would be theirs, and so would be what is sealed
to the desks of another team's list.
"""

import base64
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from crypto.epoch import Epoch
from crypto.errors import UnsafeKey
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys, fingerprint
from crypto.xwing import PublicKey
from desk.errors import DeskError
from desk.harmless import harmless
from desk.keys import signed

if TYPE_CHECKING:
    from desk.home import Home


class Unusable(DeskError):  # noqa: N818 - the name says what is the case
    """The notes are missing or damaged, or another has written them."""


_AGAIN = (
    "run: keys new-recovery; it writes these notes anew, with a new recovery secret and a new backup. "
    "Destroy the old copies of keys.backup"
)


@dataclass(frozen=True)
class Copy:
    """A file that staff were told to put away: what, since when, the months (YYYYMM) that it has keys of."""

    what: str
    made_on: str
    first: str
    last: str


@dataclass(frozen=True)
class Notes:
    """The team, the recovery key, how its secret is kept ("24 words", "2of3 shares"), the copies put away.

    ``team``: the identities (32 bytes) whose lists this desk goes by: one, and two while a new one is put in
    the place of another. ``alone``: the version of the first list of an identity that the one before did not
    sign for, 0 without one: a server that has an older list takes that one from its operator only.
    """

    team: tuple[bytes, ...]
    recovery: PublicKey | None = None
    kept_as: str = ""
    written_on: str | None = None
    copies: tuple[Copy, ...] = ()
    alone: int = 0

    def check(self, team: TeamKeys) -> None:
        """See that a list is this team's.

        :raises DeskError: it is another's.
        """
        if team.identity not in self.team:
            ours = " or ".join(map(fingerprint, self.team))
            raise DeskError(
                f"the list here is another team's: its fingerprint is {team.fingerprint}, and ours {ours}",
                "somebody has changed team.keys in this folder: copy it again from the server or another "
                "desk, and find out who it was",
            )

    def with_copies(self, keys: DeskKeys, *names: str) -> "Notes":
        """Note that copies of these files, as they are with ``keys``, are to be put away today."""
        if not keys.seeds:
            return self
        first, last = str(min(keys.seeds)), str(max(keys.seeds))
        new = tuple(Copy(name, today().isoformat(), first, last) for name in names)
        return replace(self, copies=self.copies + tuple(one for one in new if one not in self.copies))

    def holding(self, before: Epoch) -> list[Copy]:
        """Give the copies that hold keys of a month before this one."""
        return [copy for copy in self.copies if copy.first < str(before)]

    def without(self, copies: Iterable[Copy]) -> "Notes":
        """Give the notes less some copies."""
        gone = list(copies)
        return replace(self, copies=tuple(copy for copy in self.copies if copy not in gone))


def today() -> date:
    """Give the day by UTC."""
    return datetime.now(UTC).date()


def read(home: "Home", keys: DeskKeys) -> Notes:
    """Read the notes.

    :raises Unusable: they are missing or damaged, or another has written them.
    """
    try:
        value = signed.read(home.notes, keys)
        if value is None:
            raise Unusable(f"{harmless(str(home.notes))} is missing", _AGAIN)
        team = tuple(bytes.fromhex(one) for one in value["team"])
        copies = tuple(Copy(**{name: str(text) for name, text in one.items()}) for one in value["copies"])
        raw = value["recovery"]
        recovery = None if raw is None else PublicKey(base64.b64decode(raw, validate=True))
        written = value["written_on"]
        day = None if written is None else str(written)
        return Notes(team, recovery, str(value["kept_as"]), day, copies, int(value["alone"]))
    except (signed.Unsigned, ValueError, KeyError, TypeError, AttributeError, UnsafeKey):
        raise Unusable(
            f"{harmless(str(home.notes))} is damaged, or this desk did not write it", _AGAIN
        ) from None


def write(home: "Home", keys: DeskKeys, notes: Notes) -> None:
    """Write the notes, durably, signed by the desk."""
    value: dict[str, object] = {
        "team": [identity.hex() for identity in notes.team],
        "recovery": None if notes.recovery is None else base64.b64encode(notes.recovery).decode("ascii"),
        "kept_as": notes.kept_as,
        "written_on": notes.written_on,
        "copies": [asdict(copy) for copy in notes.copies],
        "alone": notes.alone,
    }
    signed.write(home.notes, keys, value)
