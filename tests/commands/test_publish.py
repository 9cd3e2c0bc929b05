import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

import commands
from commands.publish import _changes
from commands.running import Stopped
from config import Config
from publishing.reading import SiteDb
from tests.publishing.newsroom import Newsroom

ROOT = Path(__file__).parents[2]


@dataclass
class Settings:
    content: Path
    data: Path


@dataclass
class Running:
    settings: Settings

    def note_machine(self) -> None:
        """It has its store alone."""


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


@pytest.fixture
def runner(newsroom: Newsroom) -> FlaskCliRunner:
    app = Flask(__name__)
    app.extensions["vigil"] = Running(Settings(newsroom.content, newsroom.target.parent))
    commands.register(app)
    return app.test_cli_runner()


def test_publishing_says_what_is_there_now(newsroom: Newsroom, runner: FlaskCliRunner) -> None:
    newsroom.article()
    newsroom.article("later", draft="true")
    newsroom.article("gone", withdrawn='"It was wrong."')
    result = runner.invoke(args=["publish"])
    assert result.exit_code == 0
    assert result.stdout == (
        "vigil: published 1 article, 2 topics, 1 agency, 1 letter, 1 page, no pictures\n"
        "vigil: 1 article is withdrawn\n"
        "vigil: 1 draft was left out\n"
    )
    assert newsroom.site.teasers().total == 1


def test_drafts_are_published_where_they_are_asked_for(newsroom: Newsroom, runner: FlaskCliRunner) -> None:
    newsroom.article(draft="true")
    result = runner.invoke(args=["publish", "--drafts"])
    assert "vigil: 1 draft is among them, marked as such\n" in result.stdout
    assert newsroom.site.teasers().total == 1


def test_every_problem_has_its_place_and_what_to_do(newsroom: Newsroom, runner: FlaskCliRunner) -> None:
    newsroom.article(topic='"none"', text="[x](/agencys/)\n")
    newsroom.write("articles/other.md", "x")
    result = runner.invoke(args=["publish"])
    assert result.exit_code == 1
    assert result.stdout == ""
    folder = newsroom.content
    assert result.stderr == (
        f"{folder}/articles/other.md:1: does not begin with a line of +++\n"
        "    put a line of +++ before the first key and one after the last\n"
        f"{folder}/articles/piece.md:5: no topic 'none'\n"
        "    the topics of site.toml are county-lines, local\n"
        "vigil: error: 2 things to mend, so nothing was published\n"
        "vigil: hint: mend them and publish again; the site is as it was\n"
    )
    newsroom.article(text="[x](/agencys/)\n")
    (folder / "articles" / "other.md").unlink()
    assert runner.invoke(args=["publish"]).stderr == (
        f"{folder}/articles/piece.md:14: /agencys/ is no page of this site\n"
        "    is it /agencies/?\n"
        "vigil: error: 1 thing to mend, so nothing was published\n"
        "vigil: hint: mend it and publish again; the site is as it was\n"
    )


def test_a_name_cannot_command_the_terminal(newsroom: Newsroom, runner: FlaskCliRunner) -> None:
    newsroom.write("articles/\x1b]0;x\x07\u202e.md", "x")
    stderr = runner.invoke(args=["publish"]).stderr
    assert f"{newsroom.content}/articles/\\x1b]0;x\\x07\\u202e.md:1: does not begin" in stderr
    assert all(one.isprintable() or one == "\n" for one in stderr)


def test_a_folder_that_cannot_be_written_to_is_said_in_two_lines(
    newsroom: Newsroom, runner: FlaskCliRunner
) -> None:
    newsroom.target.parent.write_text("a file")
    result = runner.invoke(args=["publish"])
    assert result.exit_code == 1
    assert result.stderr == (
        f"vigil: error: {newsroom.target} cannot be written: file exists\n"
        "vigil: hint: check that the folder is writable and the disk has room\n"
    )


def test_watching_goes_on_at_each_change_and_only_then(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = _changes(newsroom.content)
    looked = threading.Event()
    monkeypatch.setattr(time, "sleep", lambda _: looked.set() or newsroom.article())
    next(changes)
    assert not looked.is_set()
    next(changes)
    assert looked.is_set()


def test_a_link_that_leads_in_a_circle_does_not_end_the_watch(newsroom: Newsroom) -> None:
    (newsroom.content / "round.md").symlink_to("round.md")
    next(_changes(newsroom.content))


def begun(newsroom: Newsroom, *options: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "scripts" / "new-article.py"
    return subprocess.run(
        [sys.executable, script, "--content", newsroom.content, *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_new_article_is_a_draft_that_can_be_previewed_at_once(
    newsroom: Newsroom, runner: FlaskCliRunner
) -> None:
    run = begun(newsroom, "--slug", "dirty-cash", "--title", 'How "dirty" cash \\ is washed')
    assert (run.returncode, run.stderr) == (0, "")
    assert runner.invoke(args=["publish"]).exit_code == 0
    assert newsroom.site.article("dirty-cash") is None
    assert runner.invoke(args=["publish", "--drafts"]).exit_code == 0
    found = SiteDb(newsroom.target).article("dirty-cash")
    assert found
    assert found.draft
    assert found.title == "How “dirty” cash \\ is washed".replace("“", '"').replace("”", '"')


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ((), "'' cannot be part of an address"),
        (("--slug", "Dirty Cash"), "'Dirty Cash' cannot be part of an address"),
        (("--slug", "../x"), "'../x' cannot be part of an address"),
        (("--slug", "x", "--title", "x" * 121), "the title has 121 characters"),
        (("--slug", "piece"), "is there already"),
    ],
)
def test_an_article_that_cannot_be_begun_says_why(
    newsroom: Newsroom, options: tuple[str, ...], what: str
) -> None:
    newsroom.article()
    before = (newsroom.content / "articles" / "piece.md").read_text()
    run = begun(newsroom, *options)
    assert run.returncode == 1
    assert what in run.stderr.splitlines()[0]
    assert run.stderr.splitlines()[1].startswith("new-article: hint: ")
    assert (newsroom.content / "articles" / "piece.md").read_text() == before


def test_a_title_alone_makes_the_address(newsroom: Newsroom) -> None:
    assert begun(newsroom, "--title", "Zoë's  new piece").returncode == 0
    assert (newsroom.content / "articles" / "zoes-new-piece.md").is_file()


def test_a_site_that_does_not_start_says_why_instead(tmp_path: Path) -> None:
    app = Flask(__name__)
    settings = Config.read({"VIGIL_DATA": str(tmp_path)})
    app.extensions["vigil.stopped"] = Stopped(settings, "there are no keys", "bring them")
    commands.register(app)
    result = app.test_cli_runner().invoke(args=["publish"])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == ["vigil: error: there are no keys", "vigil: hint: bring them"]
