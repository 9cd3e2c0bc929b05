"""`flask --app app move --to URL`: the site's things from SQLite into PostgreSQL, while it serves."""

from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from commands.output import counted, fail, say, say_aside, sized, store_errors_told
from commands.running import configured
from config import Config
from store.clock import utc_today

if TYPE_CHECKING:
    from store.moving import Carried

THIS = "flask --app app move --to URL"
SEEN = "others on this machine can read a password in a command line, and the shell writes it down"
PASSFILE = "leave it out of the URL, and set PGPASSFILE to a file that has it, or add passfile=… to the URL"
NO_URL = "--to is no URL of a PostgreSQL database"
SUCH_AS = "give one such as postgresql://vigil@db.example:5432/vigil"


@click.command("move")
@click.option("--to", "url", metavar="URL", help="The new, empty database: postgresql://…")
@click.option(
    "--switch", is_flag=True, help="Let PostgreSQL have it: from the end on, nothing is taken in here."
)
@click.option("--cancel", is_flag=True, help="Forget a move; with --to, take away what it brought there.")
@with_appcontext
def move(url: str | None, *, switch: bool, cancel: bool) -> None:
    """Carry everything that is kept here over into a PostgreSQL database, while the site goes on.

    Run it again for what came meanwhile. With --switch the site takes nothing in for a moment, and PostgreSQL
    has it from then on.
    """
    settings = configured()
    if settings.database_url is not None:
        fail("this site keeps its things in PostgreSQL already", "there is nothing to move")
    if cancel and not switch:
        _cancel(settings, url)
    elif url is None or cancel:
        raise click.UsageError("move takes --to URL, with or without --switch, or --cancel")
    else:
        _move(settings, url, switch=switch)


def _move(settings: Config, url: str, *, switch: bool) -> None:
    # Only here: a site on SQLite loads nothing of PostgreSQL's.
    from store.moving import ended, moving

    where = _named(url)
    with store_errors_told():
        if switch and ended(settings.data, url):
            _say_moved(where)
            return
        with moving(settings.data, url, database_bytes=settings.database_bytes, today=utc_today) as begun:
            last = begun.switch(_tell) if switch else begun.run(_tell)
    if last.lost:
        say_aside(
            f"{counted(last.lost, 'file', 'files')} that reports rely on "
            f"{'is' if last.lost == 1 else 'are'} not on disk here, and so not there",
            "older backups may hold what is lost: keep them",
        )
    if switch:
        _say_moved(where)
    else:
        _say_ready(where, last)


def _cancel(settings: Config, url: str | None) -> None:
    from store.moving import undo

    if url is not None:
        _named(url)
    with store_errors_told():
        cleared = undo(settings.data, url)
    say("the move is forgotten: the site goes on here")
    if not cleared:
        say_aside(
            "what was carried over is still in that database, also what sources delete from now on",
            "drop it, or run this again with --to URL before the next move",
        )


def _tell(carried: "Carried") -> None:
    rows, files = counted(carried.rows, "row", "rows"), counted(carried.files, "file", "files")
    gone = f", {counted(carried.deleted, 'row', 'rows')} deleted" if carried.deleted else ""
    if carried.changes:
        say(f"carried over: {rows} and {files} ({sized(carried.bytes)}){gone}")
    else:
        say("looked through all of it: nothing differs")


def _say_ready(where: str, last: "Carried") -> None:
    now = "everything that is kept here" if not last.changes else "all but what came in the last seconds"
    say(f"{now} is in {where}; the site goes on here, and nothing has changed for it")
    say(f"to switch, run `{THIS} --switch` soon")
    say_aside(
        "what sources delete from now on stays in that database until this runs again",
        f"switch, or run `{THIS} --cancel` to take it away from there",
    )


def _say_moved(where: str) -> None:
    say(f"everything is in {where}, and this site takes nothing in any more")
    say("now set VIGIL_DATABASE_URL to that database, leave VIGIL_DATA as it is, and restart: safe to do now")
    say_aside(
        "what sources delete from now on is still in the old files",
        "when all is well, remove vigil.db, vigil.db-wal, vigil.db-shm and blobs/ from VIGIL_DATA",
    )


def _named(url: str) -> str:
    """Give the name of a database as people may see it; warn of a password.

    :raises SystemExit: it is no URL of one
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    parts: dict[str, Any] = {}
    if url.startswith(("postgresql://", "postgres://")):
        try:
            parts = conninfo_to_dict(url)
        except psycopg.Error:
            # What it says has the URL in it.
            parts = {}
    if not parts:
        fail(NO_URL, SUCH_AS)
    if parts.get("password"):
        say_aside(SEEN, PASSFILE)
    host = parts.get("host") or parts.get("hostaddr") or "this machine"
    return f"the database {parts.get('dbname') or parts.get('user') or 'vigil'} at {host}"
