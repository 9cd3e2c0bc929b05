"""`flask --app app sweep`, to be run every night: what nobody claimed goes, the order of writing is lost."""

import click
from flask import current_app
from flask.cli import with_appcontext

from commands.output import counted, say, store_errors_told, warn
from store import Store

MB = 1_000_000


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Remove uploads that no report claimed for two days, and shuffle what is stored."""
    store: Store = current_app.extensions["vigil.store"]
    with store_errors_told():
        done = store.sweep()
    shuffled = counted(done.moved, "file", "files")
    say(
        f"removed {counted(done.unclaimed, 'unclaimed file', 'unclaimed files')} "
        f"and {counted(done.partial, 'broken upload', 'broken uploads')}; "
        f"shuffled {shuffled if done.wanted else f'the database and {shuffled}'}"
    )
    if any([_lost(done.lost), _left(done.left), _not_rewritten(done.wanted)]):
        raise SystemExit(1)


def _lost(files: int) -> bool:
    if files:
        warn(
            f"{counted(files, 'file', 'files')} that reports rely on "
            f"{'is' if files == 1 else 'are'} not on disk",
            "restore the folder blobs from the newest backup, without replacing what is there",
        )
    return bool(files)


def _left(files: int) -> bool:
    if files:
        warn(
            f"{counted(files, 'file', 'files')} could not be shuffled for want of room",
            "free some disk space, and sweep again",
        )
    return bool(files)


def _not_rewritten(wanted: int) -> bool:
    if wanted:
        warn(
            f"the database was not rewritten: needs {-(-wanted // MB):,} MB free",
            "free so much disk space, or move the folder of the data to a larger disk, and sweep again: "
            "until then the order in which reports came can be seen",
        )
    return bool(wanted)
