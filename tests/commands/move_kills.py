"""Kill a move at any line of ours, or switch while others write; test_move_killed runs this as a process.

It forks for each, having no threads and no store open then, which is far quicker than a new process.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from store import Busy, NotScrubbed, Store, StoreUnusable, open_store
from store.sqlite.gate import was_moved
from tests.commands.backup_kills import MONTH
from tests.commands.backups import Server, pending, report
from tests.commands.moves import Moving, database, files, filled, rows

OURS = ("/store/moving/", "/store/sqlite/gate.py", "/store/postgres/alone.py", "/store/postgres/stream.py")
WRITERS = 3


def lines_until_killed(act: Callable[[], object], lines: int) -> int:
    """Act in a child that is killed after so many lines of our code; give how many it had, or -1."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        left = lines

        def count(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if not any(part in frame.f_code.co_filename for part in OURS):
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


def check(site: Moving, *, killed: bool) -> None:
    """One of the two has all of it, and takes things in; the other does not start."""
    if not was_moved(site.old.data):
        assert killed
        # The site that was running goes on at once, and so does one that starts.
        store = site.old.open()
        report(store, b"after the kill")
        store.close()
    if is_begun(site):
        assert not starts(site.opened)
    wanted, contents = kept(site)
    if not was_moved(site.old.data) or is_begun(site):
        site.to("--switch")
    there = site.opened()
    assert rows(there) == wanted
    assert files(there) == contents
    report(there, b"goes on")
    there.close()
    assert not starts(site.old.open)


def starts(opening: Callable[[], Store]) -> bool:
    """Say whether a site starts."""
    try:
        opening().close()
    except StoreUnusable:
        return False
    return True


def kept(site: Moving) -> tuple[Any, Any]:
    """Give what the old site keeps, though it does not start any more."""
    moved = site.old.data / "moving" / "moved"
    aside = moved.with_name("aside")
    if moved.exists():
        moved.rename(aside)
    store = open_store(site.old.data, today=lambda: site.old.day)
    found = rows(store), files(store)
    store.close()
    if aside.exists():
        aside.rename(moved)
    return found


def is_begun(site: Moving) -> bool:
    """Say whether the database says that a move into it has begun, and not ended."""
    if site.sql("SELECT to_regclass('done')") == [(None,)]:
        return False
    return bool(site.sql("SELECT what FROM done WHERE starts_with(what, 'moving')"))


def kills(folder: Path, team: TeamKeys, turns: int) -> int:
    """Kill at so many lines, drawn at random, or at each of them where there are fewer."""
    first = Server(folder / "first", team).prepared()
    store = first.open()
    filled(store)
    store.close()

    def turn(line: int) -> int:
        old = Server(folder / "data", team)
        shutil.rmtree(old.data, ignore_errors=True)
        shutil.rmtree(folder / "other", ignore_errors=True)
        shutil.copytree(first.data, old.data)
        with database() as url:
            site = Moving(old, url, folder / "other")
            had = lines_until_killed(lambda: site.to("--switch"), line)
            check(site, killed=had < 0)
            return had

    longest = turn(10**9)
    for line in Random().sample(range(1, longest + 1), min(turns, longest)):
        turn(line)
    return longest


def races(folder: Path, team: TeamKeys) -> int:
    """Switch while others keep reports, with files, and delete; give how many were acknowledged."""
    old = Server(folder / "data", team).prepared()
    with database() as url:
        site = Moving(old, url, folder / "other")
        store = old.open()
        filled(store)
        store.close()
        children = [_writer(old, folder / f"acknowledged{number}") for number in range(WRITERS)]
        site.to()
        site.to("--switch")
        for child in children:
            assert os.waitpid(child, 0)[1] == 0
        acknowledged = [
            line.split() for path in folder.glob("acknowledged*") for line in path.read_text().splitlines()
        ]
        kept = {name for what, name in acknowledged if what == "kept"}
        gone = {name for what, name in acknowledged if what == "gone"}
        there = site.opened()
        found = [envelope.hex() for envelope, _ in there.envelopes()]
        assert len(found) == len(set(found))
        assert kept - gone <= set(found)
        assert not gone & set(found)
        assert there.look().sound
        there.close()
        return len(kept)


def _writer(old: Server, path: Path) -> int:
    """Keep and delete in a child until the site takes nothing in any more; note what was acknowledged."""
    child = os.fork()
    if child:
        return child
    random = Random()
    store = old.open()
    with path.open("w", buffering=1) as out:
        try:
            while True:
                slot = os.urandom(16)
                envelope, (blob,) = report(store, random.randbytes(random.choice([10, 300_000])), slot=slot)
                digest = sha256(envelope).hexdigest()
                out.write(f"kept {digest}\n")
                pending(store, b"waits")
                if random.random() < 0.3:
                    with suppress(NotScrubbed):  # it is deleted all the same
                        store.delete({slot: [blob]})
                    out.write(f"gone {digest}\n")
        except Busy:
            pass
    os._exit(0)


def main(what: str, folder: str, turns: str) -> None:
    """Do what is asked for, and print a number."""
    desk = DeskKeys.make("practice", MONTH)
    team = TeamKeys.read(Identity.new().team_keys((desk.public(),), version=7, practice=True))
    print(kills(Path(folder), team, int(turns)) if what == "kills" else races(Path(folder), team))


if __name__ == "__main__":
    main(*sys.argv[1:])
