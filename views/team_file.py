"""The team's keys as this site uses them: read when it starts, and again when the file is replaced.

The first list that a site starts on is remembered in its store. From then on a list counts only where it may
follow the one remembered: nobody turns the team's keys back to an older list, or puts another team's in their
place, by replacing a file. An operator accepts a new identity by naming its fingerprint (VIGIL_TRUST).

Where several web machines share the store, a new list is imported on one of them, which alone has it in its
file. The others find it in the store, signed as any list, and use it in the place of their files.
"""

import time
from collections.abc import Callable

from crypto.errors import BadTeamKeys
from crypto.teamkeys import TeamKeys
from store import Store, StoreError
from store.machines import this_host
from views.settings import Settings
from web import blocking
from web.setup import SetUpError

Stamp = tuple[int, int, int]
MISSING: Stamp = (0, 0, 0)
# So often the store is asked for a list that another machine has taken, in seconds.
ASK_EVERY = 60.0


class TeamFile:
    """The file of the settings' ``team_keys``; for any number of threads and greenlets.

    :raises SetUpError: it cannot be used: missing, damaged, for practice on a site that is not, or no list
        that may follow the one that this site has used before.
    :raises StoreError: the store failed.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        # The stamp first: what is read after it is never older.
        self._stamp: Stamp | None = self._seen()
        self._asked = time.monotonic()
        self._keys = self._read()

    def now(self, failed: Callable[[Exception], None]) -> TeamKeys:
        """Give the keys to use now. A new file that cannot be used is told to ``failed``, once, and left."""
        stamp = self._seen()
        changed = stamp != self._stamp
        if changed or (self._store.machines is not None and time.monotonic() - self._asked >= ASK_EVERY):
            # Whoever asks meanwhile goes on with the keys there are.
            self._stamp, self._asked = stamp, time.monotonic()
            try:
                self._keys = blocking.run(self._read)
            except SetUpError as error:
                # Of a file it is told once. A list that is new in the store may not be in use elsewhere yet.
                if changed:
                    failed(error)
            except StoreError as error:
                # Nothing is wrong with the file: look again, at once where it is new.
                self._stamp = None if changed else stamp
                failed(error)
        return self._keys

    def _seen(self) -> Stamp:
        try:
            found = self._settings.team_keys.stat()
        except OSError:
            return MISSING
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self) -> TeamKeys:
        # In this order: an import puts the new file in its place before it is remembered, so that the file is
        # never older than what was remembered before it was read.
        while True:
            remembered = self._store.trusted_keys()
            keys = _read(self._settings)
            if remembered == keys.raw:
                return keys
            if remembered is not None:
                if (newer := self._used_elsewhere(keys, remembered)) is not None:
                    return newer
                self._check_follows(keys, remembered)
            # Only in the place of the list that it was compared with: else read both again.
            if self._store.trust_keys(keys.raw, [desk.sign_public for desk in keys.desks], remembered):
                return keys

    def _used_elsewhere(self, keys: TeamKeys, remembered: bytes) -> TeamKeys | None:
        """Give the list remembered, where it may follow the file's and another web machine uses it."""
        machines = self._store.machines
        if machines is None:
            return None
        newer, me = TeamKeys.read(remembered), (self._settings.machine, this_host())
        try:
            newer.check_follows(keys)
        except BadTeamKeys:
            return None
        others = (each for each in machines.all() if (each.name, each.host) != me)
        return newer if any(each.team == newer.version for each in others) else None

    def _check_follows(self, keys: TeamKeys, remembered: bytes) -> None:
        path = self._settings.team_keys
        before = TeamKeys.read(remembered)  # it was read before it was remembered
        try:
            keys.check_follows(before)
        except BadTeamKeys as error:
            what = f"{path} cannot take the place of the list that this site used before: {error}"
            if before.practice != keys.practice:
                hint = "give real keys a VIGIL_DATA of their own, which nobody has practised in"
            elif before.identity == keys.identity:
                hint = "put the newest list there: it is team.keys in the desk's folder"
            elif self._settings.trust == keys.fingerprint:
                return
            else:
                hint = (
                    "if the team has lost its identity and made a new one, compare its fingerprint with the "
                    f"desk's, and start with VIGIL_TRUST='{keys.fingerprint}'"
                )
            raise SetUpError(what, hint) from None


def _read(settings: Settings) -> TeamKeys:
    """Read the team's keys; practice keys only where they were asked for.

    :raises SetUpError: they are missing, damaged, or for practice on a site that is not.
    """
    path = settings.team_keys
    try:
        keys = TeamKeys.read(path.read_bytes())
    except OSError as error:
        raise SetUpError(
            f"the team keys {path} cannot be read: {(error.strerror or 'no reason given').lower()}",
            "make them at the desk with `python -m desk init`, or practise with `make serve`",
        ) from None
    except BadTeamKeys as error:
        raise SetUpError(
            f"the team keys {path} cannot be used: {error}", "bring the file over from the desk again"
        ) from None
    if keys.practice and not settings.practice:
        raise SetUpError(
            f"{path} holds practice keys, which anyone can open",
            "make real keys at the desk; to practise all the same, set VIGIL_PRACTICE=1",
        )
    return keys
