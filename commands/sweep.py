"""`flask --app app sweep`, every night: what is over or unclaimed goes, the order of writing is lost."""

import click
from flask.cli import with_appcontext

from commands.months import warn_of_the_end
from commands.new_file import put_in_place
from commands.output import counted, say, say_aside, store_errors_told, warn
from commands.running import Running, running
from store import Sweeping, SweepReport

MB = 1_000_000


@click.command("sweep")
@click.option("--again", is_flag=True, help="Sweep though another web machine has done so today.")
@with_appcontext
def sweep(*, again: bool) -> None:
    """Remove what has outlived its days or was never claimed, and shuffle what is stored.

    Of several web machines that share a store the first does so, and the others say that it does.
    """
    site = running()
    _put_newest_list(site)
    warn_of_the_end(site.team_keys, site.today())
    with store_errors_told():
        done = _swept(site, again=again)
    if done is None:
        return
    _say_expired(done)
    shuffled = counted(done.moved, "file", "files")
    say(
        f"removed {counted(done.unclaimed, 'unclaimed file', 'unclaimed files')} "
        f"and {counted(done.partial, 'broken upload', 'broken uploads')}; "
        f"shuffled {shuffled if done.wanted else f'the database and {shuffled}'}"
    )
    if any([_lost(done.lost), _left(done.left), _not_rewritten(done.wanted)]):
        raise SystemExit(1)


def _put_newest_list(site: Running) -> None:
    """Put the list of keys that another web machine has taken into this one's file, too."""
    if site.store.machines is None:
        return
    try:
        if site.settings.team_keys.read_bytes() != site.team_keys.raw:
            put_in_place(site.settings.team_keys, site.team_keys.raw)
    except FileNotFoundError:
        # As when the site starts, it is for others to say so.
        return
    except OSError as error:
        what = f"cannot write {site.settings.team_keys}: {error.strerror}"
        say_aside(what, "let this user write there; the newest list is in use all the same")


def _swept(site: Running, *, again: bool) -> SweepReport | None:
    """Sweep, unless another machine does so; what is this machine's own (form keys, say) is done by then.

    :raises StoreError: the store failed
    """
    mine, machines = site.note_machine(), site.store.machines
    if mine is None or machines is None:
        return site.store.sweep()
    others = [each for each in machines.all() if (each.name, each.host) != (mine.name, mine.host)]
    done = [each.name for each in others if each.swept == site.today()]
    if done and not again:
        say(f"{done[0]} has swept today, for all web machines; --again sweeps once more")
        return None
    try:
        report = site.store.sweep()
    except Sweeping as busy:
        say(f"{busy.what}, for all of them")
        return None
    machines.note_swept(mine.name, mine.host, site.today())
    return report


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
