"""Kill a backup, or a restore, at any line of ours, and look at what it left; test_backup_killed runs this.

It forks for each kill, having no threads and no store open then, which is far quicker than a new process.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from crypto.archive import ArchiveReader
from crypto.epoch import Epoch
from crypto.errors import BadArchive
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from store import StoreUnusable
from tests import engine, inside
from tests.commands.backups import Server, content, report

MONTH = Epoch.parse("202611")
OURS = ("/store/", "/commands/", "/crypto/archive.py")


def lines_until_killed(act: Callable[[], object], lines: int) -> int:
    """Act in a child that is killed after so many lines of our code; give how many it had, or -1."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        left = lines

        def count(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            name = frame.f_code.co_filename
            if "/tests/" in name or not any(part in name for part in OURS):
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        act()
        sys.settrace(None)
        os.write(writing, b"%d" % (lines - left))
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        had = pipe.read()
    assert os.waitstatus_to_exitcode(status) in ({0} if had else {-signal.SIGKILL})
    return int(had) if had else -1


def is_whole(path: Path) -> bool:
    """Say whether a backup can be restored."""
    try:
        with path.open("rb") as file:
            ArchiveReader(file).verify()
    except (BadArchive, FileNotFoundError):
        return False
    return True


class Backups:
    """A backup is whole under its name, or there is none; and no copy of the database stays."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server

    def begin(self) -> None:
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        (self.folder / "out").mkdir()

    def act(self) -> None:
        assert self.server.run("backup", self.folder / "out" / "backup").exit_code == 0

    def check(self, killed: bool) -> None:
        path = self.folder / "out" / "backup"
        assert [*path.parent.iterdir()] in ([], [path])
        assert is_whole(path) == path.exists()
        assert killed or path.exists()
        self.server.open().close()
        assert engine.is_postgres() or list((self.server.data / "snapshot").iterdir()) == []
        path.unlink(missing_ok=True)
        self.act()


class Restores:
    """All of it is there, or the store says that it is not, and is whole once it is restored again."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.new = Server(folder / "new", server.team)
        self.backup = folder / "backup"
        assert server.run("backup", self.backup).exit_code == 0
        store = server.open()
        self.wanted = content(store)
        store.close()

    def begin(self) -> None:
        engine.removed(self.new.data)

    def act(self) -> None:
        done = self.new.restore(self.backup)
        assert done.exit_code == 0, done.output

    def check(self, killed: bool) -> None:
        found = {}
        with suppress(StoreUnusable):
            store = self.new.open()
            found = content(store)
            left = {blob.hex() for blob in inside.blobs(self.new.data)}
            assert left == {name[5:] for name in found if name.startswith("blob/")}
            store.close()
        assert found in ({}, self.wanted)
        if found:
            assert (self.new.data / "team.keys").read_bytes() == self.new.team.raw
        else:
            # Empty, or it says that it is not finished.
            assert killed
            self.act()
            self.check(killed=False)


def main(what: str, folder: str, turns: str) -> None:
    """Kill at so many lines, drawn at random, or at each of them where there are fewer."""
    desk = DeskKeys.make("practice", MONTH)
    team = TeamKeys.read(Identity.new().team_keys((desk.public(),), version=7, practice=True))
    server = Server(Path(folder) / "data", team).prepared()
    store = server.open()
    for number in range(3):
        report(store, os.urandom(100_000), bytes(number))
    store.close()
    doing = {"backups": Backups, "restores": Restores}[what](Path(folder), server)
    doing.begin()
    longest = lines_until_killed(doing.act, 10**9)
    doing.check(killed=False)
    assert longest > 100
    for line in Random().sample(range(1, longest + 1), min(int(turns), longest)):
        doing.begin()
        doing.check(killed=lines_until_killed(doing.act, line) < 0)
    print(longest)


if __name__ == "__main__":
    main(*sys.argv[1:])
