"""`flask --app app sweep`, to be run every night: what nobody claimed goes, the order of writing is lost."""

import click
from flask import current_app
from flask.cli import with_appcontext

from commands.output import counted, fail, say, store_errors_told
from store import Store


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Remove uploads that no report claimed for two days, and shuffle what is stored."""
    store: Store = current_app.extensions["vigil.store"]
    with store_errors_told():
        done = store.sweep()
    say(
        f"removed {counted(done.unclaimed, 'unclaimed file', 'unclaimed files')} "
        f"and {counted(done.partial, 'broken upload', 'broken uploads')}; "
        f"shuffled the database and {counted(done.moved, 'file', 'files')}"
    )
    if done.lost:
        fail(
            f"{counted(done.lost, 'file', 'files')} that reports rely on "
            f"{'is' if done.lost == 1 else 'are'} not on disk",
            "restore the folder blobs from the newest backup, without replacing what is there",
        )
    if done.left:
        fail(
            f"{counted(done.left, 'file', 'files')} could not be shuffled for want of room",
            "free some disk space, and sweep again",
        )
