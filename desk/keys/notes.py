"""What the desk notes of its keys, in `keys.json`: the recovery key's public half, and the copies that exist.

Nothing here is secret: it says where old keys may still lie, so that `keys destroy` can name each place.
The desk signs it: a backup sealed to another's recovery key would be theirs.
"""

import base64
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from crypto.epoch import Epoch
from crypto.errors import UnsafeKey
from crypto.keyfile import DeskKeys
from crypto.xwing import PublicKey
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.keys import signed


@dataclass(frozen=True)
class Copy:
    """A file that staff were told to put away: what, since when, the months (YYYYMM) that it has keys of."""

    what: str
    made_on: str
    first: str
    last: str


@dataclass(frozen=True)
class Notes:
    """The recovery key, how its secret is kept ("24 words", "2of3 shares"), and the copies put away."""

    recovery: PublicKey | None = None
    kept_as: str = ""
    written_on: str | None = None
    copies: tuple[Copy, ...] = ()

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


def read(home: Home, keys: DeskKeys) -> Notes:
    """Read the notes; a desk without any has none.

    :raises DeskError: they are damaged, or another has written them.
    """
    try:
        value = signed.read(home.notes, keys)
        if value is None:
            return Notes()
        copies = tuple(Copy(**{name: str(text) for name, text in one.items()}) for one in value["copies"])
        raw = value["recovery"]
        recovery = None if raw is None else PublicKey(base64.b64decode(raw, validate=True))
        written = value["written_on"]
        return Notes(recovery, str(value["kept_as"]), None if written is None else str(written), copies)
    except (signed.Unsigned, ValueError, KeyError, TypeError, AttributeError, UnsafeKey):
        raise DeskError(
            f"{harmless(str(home.notes))} is damaged, or this desk did not write it",
            "move it away and run: keys new-recovery; it makes a new recovery secret and a new backup",
        ) from None


def write(home: Home, keys: DeskKeys, notes: Notes) -> None:
    """Write the notes, durably, signed by the desk."""
    value: dict[str, object] = {
        "recovery": None if notes.recovery is None else base64.b64encode(notes.recovery).decode("ascii"),
        "kept_as": notes.kept_as,
        "written_on": notes.written_on,
        "copies": [asdict(copy) for copy in notes.copies],
    }
    signed.write(home.notes, keys, value)
