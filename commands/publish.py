"""`flask --app app publish`: the newsroom's folder checked and put on the site, all of it or nothing."""

import time
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext

from commands.output import counted, fail, say, store_errors_told
from commands.running import configured, running
from publishing.errors import Broken, NotWritten
from publishing.schema import SITE_DB

# How often `--watch` looks whether a file has changed, in seconds.
LOOK_EVERY = 0.5


@click.command("publish")
@click.option("--drafts", is_flag=True, help="Publish drafts too, for a preview that only you see.")
@click.option("--watch", is_flag=True, help="Go on, and publish again whenever a file changes.")
@with_appcontext
def publish(*, drafts: bool, watch: bool) -> None:
    """Check every file of VIGIL_CONTENT and publish it as VIGIL_DATA/site.db."""
    running()
    settings = configured()
    content, target = settings.content, settings.data / SITE_DB
    if not watch:
        if not _publish(content, target, drafts=drafts):
            raise SystemExit(1)
        return
    for _ in _changes(content):
        _publish(content, target, drafts=drafts)


def _publish(content: Path, target: Path, *, drafts: bool) -> bool:
    # Imported here: what renders and what makes pictures has no business in the web server's memory.
    from publishing.publish import publish as put_in_place

    try:
        done = put_in_place(content, target, drafts=drafts)
    except Broken as error:
        for problem in error.problems:
            place = f"{content / problem.file}{_line(problem.line)}"
            click.echo(_printable(f"{place}: {problem.what}"), err=True)
            click.echo(_printable(f"    {problem.hint}"), err=True)
        number = len(error.problems)
        click.echo(
            f"vigil: error: {counted(number, 'thing', 'things')} to mend, so nothing was published", err=True
        )
        hint = f"mend {'it' if number == 1 else 'them'} and publish again; the site is as it was"
        click.echo(f"vigil: hint: {hint}", err=True)
        return False
    except NotWritten as error:
        fail(error.what, error.hint)
    parts = [
        counted(done.articles, "article", "articles"),
        counted(done.topics, "topic", "topics"),
        counted(done.agencies, "agency", "agencies"),
        counted(done.letters, "letter", "letters"),
        counted(done.pages, "page", "pages"),
        counted(done.images, "picture", "pictures"),
    ]
    say(f"published {', '.join(parts)}")
    if done.withdrawn:
        say(f"{counted(done.withdrawn, 'article is', 'articles are')} withdrawn")
    if done.drafts:
        say(f"{counted(done.drafts, 'draft is', 'drafts are')} among them, marked as such")
    if done.attack:
        say("the site is under attack: until [attack] in site.toml is off, it takes words and no files")
    if done.left_out:
        say(f"{counted(done.left_out, 'draft was', 'drafts were')} left out")
    with store_errors_told():
        running().note_machine()
    return True


def _printable(text: str) -> str:
    """Escape what a terminal would obey: names of files, and what stands in them, are anybody's."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _line(line: int | None) -> str:
    return "" if line is None else f":{line}"


def _changes(content: Path) -> Iterator[None]:
    """Go on once at first, and then after each change of a file below ``content``."""
    seen = None
    while True:
        found = _state(content)
        if found != seen:
            seen = found
            yield
        else:
            time.sleep(LOOK_EVERY)


def _state(content: Path) -> dict[str, tuple[int, int]]:
    state = {}
    for path in content.rglob("*"):
        try:
            found = path.stat()
        except OSError:
            # It went between the two looks, or is a link that leads nowhere: publishing says so.
            continue
        state[str(path)] = (found.st_mtime_ns, found.st_size)
    return state
