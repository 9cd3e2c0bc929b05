"""What ten and a hundred times the data costs: sources kept, their way to the desk, and articles.

One site grows: what is measured with a thousand sources kept is measured again with ten thousand, and with a
hundred thousand. A row says how many times the first figure that is.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from crypto import returncode
from crypto.keyfile import unlocked
from crypto.teamkeys import TeamKeys
from store import Store
from store.models import RECORD_BYTES, Body, Slot, State

from . import fresh, mailbox, newsroom, server, site_pages
from .desks import PASSPHRASE, passphrase_file, sealed_report, today
from .scale import MB, Scale
from .server import Server, SetUpFailed
from .table import Row

TIMES = ("10x", "100x")
AT_ONCE = 200
COMERS = 20
SEARCHES = 70
LOOK = 0.02  # seconds from one look at a command's memory to the next


class Took(NamedTuple):
    """Seconds and the most memory, in MB, of a command."""

    seconds: float
    peak: float | None


Figures = dict[str, float | None]


def measure(folder: Path, scale: Scale, *, desk: bool) -> list[Row]:
    """All of the site: new sources, mailboxes, the sweep, the export, by how much is kept.

    With ``desk`` also what the desk does with it, which is the same whatever the site keeps it in.
    """
    return _rows([_figures(folder, scale, count, desk=desk) for count in scale.kept])


def measure_articles(folder: Path, scale: Scale) -> list[Row]:
    """Publishing and searching, by how many articles there are."""
    return _rows([_articles(folder, scale, count) for count in scale.articles_kept])


def _rows(figures: list[Figures]) -> list[Row]:
    first, *later = figures
    return [
        Row(f"{what}, {times}", *((None, None) if first[what] is None else (found[what], first[what])))
        for times, found in zip(TIMES, later, strict=True)
        for what in first
    ]


def _figures(folder: Path, scale: Scale, count: int, *, desk: bool) -> Figures:
    print(f"bench: growing to {count:,} sources", file=sys.stderr)
    words, sweep = _grown(folder, count)
    with server.running(server.SITE, folder) as site:
        took, cpu = fresh.taken(site, scale)
        opened = mailbox.opened(site, words)
    bundle = folder / f"bundle-{count}.tar"
    exported = _run([*_FLASK, "export", bundle], folder)
    figures = {
        "New source": took,
        "New source's CPU": cpu,
        "Mailbox opened": opened,
        "Sweep": sweep,
        "Export": exported.seconds,
        "Export's memory": exported.peak,
    }
    if desk:
        figures |= _at_a_desk(folder, bundle, folder / f"desk-{count}")
    bundle.unlink()
    return figures


def _at_a_desk(folder: Path, bundle: Path, home: Path) -> Figures:
    """Import into a new desk with the practice desk's keys, and list."""
    home.mkdir(mode=0o700)
    for part in (folder / "practice-desk").iterdir():
        if part.is_file():
            (home / part.name).write_bytes(part.read_bytes())
            (home / part.name).chmod(0o600)
    imported = _run([*_DESK, home, "import", bundle], folder)
    listed = _run([*_DESK, home, "list", "--json"], folder)
    return {
        "Import": imported.seconds,
        "Import's memory": imported.peak,
        "Desk opens": listed.seconds,
    }


_FLASK = (sys.executable, "-m", "flask", "--app", "app")
_DESK = (sys.executable, "-m", "desk", "--home")


def _grown(folder: Path, count: int) -> tuple[list[str], float]:
    """Bring a site to so many sources, some with a reply; give the words of these, and a sweep's seconds."""
    team = TeamKeys.read((folder / "team.keys").read_bytes())
    desk = unlocked((folder / "practice-desk" / "desk.keys").read_bytes(), PASSPHRASE)
    with server.opened(folder) as kept:
        codes = [mailbox.come(kept, team, desk) for _ in range(COMERS)]
        there = sum(1 for _ in kept.envelopes())
        _fill(kept, (sealed_report(team, today()) for _ in range(count - there)))
        begun = time.perf_counter()
        kept.sweep()
        return [" ".join(returncode.words(code)) for code in codes], time.perf_counter() - begun


def _fill(kept: Store, envelopes: Iterable[bytes]) -> None:
    """Keep envelopes some hundred at a time: one by one, a hundred thousand wait an hour for the disk."""
    database = kept._database  # noqa: SLF001 - the bench alone has so many to keep
    for some in _some(envelopes):
        ids = [os.urandom(16) for _ in some]
        row = {"day": today(), "state": State.KEPT}
        slots = [{"id": slot, "record": os.urandom(RECORD_BYTES), **row} for slot in ids]
        bodies = [
            {"id": slot, "digest": hashlib.sha256(envelope).digest(), "envelope": envelope}
            for slot, envelope in zip(ids, some, strict=True)
        ]
        with database.writing():
            Slot.insert_many(slots).execute(database)
            Body.insert_many(bodies).execute(database)


def _some(envelopes: Iterable[bytes]) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    for envelope in envelopes:
        some.append(envelope)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _run(command: list[str | Path], folder: Path) -> Took:
    """Run a command to its end, its output thrown away.

    :raises SetUpFailed: it did not succeed.
    """
    with (folder / "complaint").open("w+") as complaint:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=server.ROOT,
            env=server.environment(folder) | {"DESK_PASSPHRASE_FILE": str(passphrase_file(folder))},
            stdout=subprocess.DEVNULL,
            stderr=complaint,
        )
        peak = 0
        # What the system says of it afterwards counts what this process had when it made that one.
        while process.poll() is None:
            with suppress(FileNotFoundError, ProcessLookupError):
                peak = max(peak, server.peak_bytes(process.pid) or 0)
            time.sleep(LOOK)
        taken = time.perf_counter() - begun
        if process.returncode:
            complaint.seek(0)
            raise SetUpFailed(f"{' '.join(map(str, command))}: {complaint.read().strip()}")
    return Took(taken, peak / MB if peak else None)


def _articles(folder: Path, scale: Scale, count: int) -> Figures:
    content = newsroom.write(folder / f"content-{count}", count)
    published = site_pages.publish(folder, content)
    with server.running(server.SITE, folder) as site:
        return {"Articles published": published, "Search among articles, p95": _searched(site, scale)}


def _searched(site: Server, scale: Scale) -> float:
    return 1000 * site_pages.p95(site_pages.searched(site, min(SEARCHES, scale.searches)))
