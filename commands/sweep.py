"""`flask --app app sweep`, every night: what is over or unclaimed goes, the order of writing is lost."""

import click
from flask.cli import with_appcontext

from commands.months import warn_of_the_end
from commands.output import counted, say, store_errors_told, warn
from commands.running import running
from store import SweepReport

MB = 1_000_000


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Remove what has outlived its days or was never claimed, and shuffle what is stored."""
    site = running()
    warn_of_the_end(site.team_keys, site.today())
    with store_errors_told():
        done = site.store.sweep()
    _say_expired(done)
    shuffled = counted(done.moved, "file", "files")
    say(
        f"removed {counted(done.unclaimed, 'unclaimed file', 'unclaimed files')} "
        f"and {counted(done.partial, 'broken upload', 'broken uploads')}; "
        f"shuffled {shuffled if done.wanted else f'the database and {shuffled}'}"
    )
    if any([_lost(done.lost), _left(done.left), _not_rewritten(done.wanted)]):
        raise SystemExit(1)


def _say_expired(done: SweepReport) -> None:
    if done.slots or done.replies or done.reply_blobs:
        say(
            f"their days were over: {counted(done.slots, 'collected report', 'collected reports')}, "
            f"{counted(done.replies, 'reply', 'replies')} and "
            f"{counted(done.reply_blobs, 'file', 'files')} of replies"
        )


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
