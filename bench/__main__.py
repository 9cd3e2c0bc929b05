"""`python -m bench [GROUP ...]`: measure and print; exit 1 where a budget is exceeded, or it got worse."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from . import (
    against,
    chart,
    connections,
    crossing,
    crowd,
    desk_pages,
    desks,
    doorway,
    fresh,
    growth,
    idle,
    large,
    mailbox,
    pace,
    sealing,
    server,
    site_pages,
    sustained,
    uploads,
    weight,
)
from .place import Place, on_postgres
from .scale import FULL, Scale
from .table import Row, as_json, from_json, printed


def web(scale: Scale, place: Place) -> list[Row]:
    """Weight, pace, a new source, memory: the site beside a one-line route."""
    with (
        place.folder() as folder,
        _site(folder) as site,
        server.running(server.ONE_LINE, folder) as one_line,
    ):
        return [
            *idle.measure(site, one_line),
            *weight.measure(site),
            *pace.measure(site, one_line, scale),
            *fresh.measure(site, one_line, folder, scale),
        ]


def back(scale: Scale, place: Place) -> list[Row]:
    """Sources that come back, in a store with many mailboxes, and one who guesses."""
    with place.folder() as folder:
        server.practice_keys(folder)
        words = mailbox.fill(folder, scale)
        with (
            server.running(server.SITE, folder) as site,
            server.running(server.ONE_LINE, folder) as one_line,
        ):
            return mailbox.measure(site, one_line, words, scale)


def steady(scale: Scale, place: Place) -> list[Row]:
    """Sources that keep coming at a fixed rate, and whether each is in the store afterwards."""
    with place.folder() as folder, _site(folder) as site:
        return sustained.measure(site, folder, scale)


def pages(scale: Scale, place: Place) -> list[Row]:
    """An article, as a first visitor, a returning one and many at once get it."""
    with place.folder() as folder:
        server.practice_keys(folder)
        site_pages.publish(folder, server.ROOT / "content")
        with (
            server.running(server.SITE, folder) as site,
            server.running(server.ONE_LINE, folder) as one_line,
        ):
            return site_pages.measure(site, one_line, scale)


def files(scale: Scale, place: Place) -> list[Row]:
    """A large file: the site beside Flask's own way, and beside our parser without sealing."""
    with (
        place.folder() as folder,
        _site(folder) as site,
        server.running(server.FLASK_FILES, folder) as flask,
        server.running(server.UNSEALED, folder) as unsealed,
    ):
        rows = [*sealing.measure(scale), *large.measure(site, flask, unsealed, scale)]
    # On PostgreSQL it is not the site's processes that write it down.
    unknown = "100 MB file, disk written" if place.database else ""
    return [Row(row.name, None, None) if row.name == unknown else row for row in rows]


def sizes(scale: Scale, place: Place) -> list[Row]:
    """Files of 1 MB to 1 GB, beside unsealed ones, and beside what others seal with."""
    with place.folder() as folder:
        server.practice_keys(folder)
        with (
            server.running(server.SITE, folder, VIGIL_MAX_FILE_MB=MOST_MB) as site,
            server.running(server.UNSEALED, folder) as unsealed,
        ):
            return uploads.measure(site, unsealed, folder, scale)


def slow(scale: Scale, place: Place) -> list[Row]:
    """Slow uploads, stalled clients, and a reader among them."""
    with place.folder() as folder, _site(folder) as site:
        return crowd.measure(site, scale)


def door(scale: Scale, _place: Place) -> list[Row]:
    """Pages, a file and stalled clients through nginx, as on the open web."""
    # Not in the work folder, whose path may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        return doorway.measure(Path(folder), scale)


def many(scale: Scale, place: Place) -> list[Row]:
    """Ten thousand articles: published, searched, and read."""
    with place.folder() as folder:
        server.practice_keys(folder)
        return site_pages.measure_many(folder, scale)


def across(scale: Scale, place: Place) -> list[Row]:
    """Export and import."""
    with place.folder() as folder:
        server.practice_keys(folder)
        return crossing.measure(folder, scale)


def at_the_desk(scale: Scale, place: Place) -> list[Row]:
    """A desk with many cases."""
    with place.folder() as folder:
        server.practice_keys(folder)
        rows = desks.measure(folder, scale)
    with place.folder() as folder:
        server.practice_keys(folder)
        return [*rows, *desk_pages.measure(folder, scale)]


def grown(scale: Scale, place: Place) -> list[Row]:
    """All of it with ten and a hundred times the data."""
    with place.folder() as folder:
        server.practice_keys(folder)
        rows = growth.measure(folder, scale, desk=place.database is None)
    if place.database:
        return rows
    with place.folder() as folder:
        server.practice_keys(folder)
        return [*rows, *growth.measure_articles(folder, scale)]


def together(scale: Scale, place: Place) -> list[Row]:
    """What reports have in common, found among many, and held against what is true."""
    with place.folder() as folder:
        server.practice_keys(folder)
        return connections.measure(folder, scale)


GROUPS: dict[str, Callable[[Scale, Place], list[Row]]] = {
    "web": web,
    "back": back,
    "sustained": steady,
    "pages": pages,
    "files": files,
    "uploads": sizes,
    "slow": slow,
    "doorway": door,
    "many": many,
    "across": across,
    "desk": at_the_desk,
    "growth": grown,
    "connections": together,
}
# Those in which the site's database has a part.
WITH_DATABASE = ("web", "back", "sustained", "files", "uploads", "slow", "across", "growth")
MOST_MB = "1100"  # of a file, for those of 1 GB


def _site(folder: Path) -> AbstractContextManager[server.Server]:
    """The site itself, on practice keys."""
    server.practice_keys(folder)
    return server.running(server.SITE, folder)


def _measured(names: list[str], place: Place, scale: Scale) -> Iterator[Row]:
    for name in names:
        # To standard error: the table alone goes to standard output.
        print(f"bench: measuring {name} on {place.name}", file=sys.stderr)
        for row in GROUPS[name](scale, place):
            yield replace(row, on=place.name)


def _all(names: list[str], databases: str, scale: Scale) -> list[Row]:
    rows: list[Row] = []
    if databases != "postgres":
        rows += _measured(names, Place(), scale)
    if databases != "sqlite":
        with on_postgres() as place:
            rows += _measured([name for name in names if name in WITH_DATABASE], place, scale)
    return rows


def main(arguments: list[str]) -> int:
    """Measure the groups asked for, all of them by default, or read what was measured before."""
    asked = _asked(arguments)
    try:
        if asked.read:
            rows = from_json(json.loads(asked.read.read_text()))
        else:
            scale = replace(FULL, sustained_seconds=60 * asked.minutes)
            rows = _all(asked.groups or list(GROUPS), asked.database, scale)
    except server.SetUpFailed as failed:
        print(f"bench: error: {failed}", file=sys.stderr)
        print("bench: hint: `make serve` shows how the site starts", file=sys.stderr)
        return 1
    print(printed(rows))
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(as_json(rows), indent=1) + "\n")
    if asked.chart:
        asked.chart.parent.mkdir(parents=True, exist_ok=True)
        asked.chart.write_text(chart.drawn(rows), encoding="utf-8")
    got_worse = against.worse(rows, against.read(asked.against)) if asked.against else []
    print("".join(f"worse: {line}\n" for line in got_worse), end="")
    if asked.baseline:
        against.write(rows, asked.baseline)
    return 1 if got_worse or any(row.verdict == "OVER" for row in rows) else 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What the site and the desk cost.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw them there, as an SVG")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="say what is worse than the ratios in it"
    )
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="keep the ratios in it")
    parser.add_argument("--read", type=Path, metavar="FILE", help="measure nothing: take what --json wrote")
    parser.add_argument(
        "--database",
        choices=("sqlite", "postgres", "both"),
        default="sqlite",
        help="what the site keeps it in",
    )
    parser.add_argument("--minutes", type=float, default=1, metavar="N", help="of `sustained`; 1 by default")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all by default")
    asked = parser.parse_args(arguments)
    unknown = set(asked.groups) - set(GROUPS)
    if unknown:
        parser.error(f"no group is called {min(unknown)}")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
