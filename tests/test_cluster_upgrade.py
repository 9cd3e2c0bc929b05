"""An upgrade of one of several web machines: what is asked of the database that they share, what is not."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from deploy.install import database, shared
from store.errors import StoreUnusable
from tests import engine
from tests.e2e.cluster import fresh_database
from tests.e2e.test_taken_back import in_use, tried

ROOT = Path(__file__).parent.parent
MIGRATIONS = sorted(path.stem for path in (ROOT / "store/postgres/migrations").glob("*.sql"))
# A setting that names a database which others use.
SHARES = "settings_lines() { echo VIGIL_DATA=x; echo VIGIL_DATABASE_URL=postgresql://db/vigil; }\n"


@pytest.fixture
def url() -> str:
    """A new database with the tables in it."""
    return fresh_database()


def changed(url: str, name: str) -> None:
    """Do as a newer release would."""
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO migration VALUES (%s, current_date)", (name,))


def test_the_changes_that_a_shared_database_has_seen_are_those_of_the_release(url: str) -> None:
    assert shared.names(url) == MIGRATIONS
    changed(url, "0999_newest")
    assert shared.names(url) == [*MIGRATIONS, "0999_newest"]


def test_a_database_that_nobody_used_yet_has_seen_none_and_stays_so() -> None:
    with engine.chosen(engine.POSTGRES):
        new = engine.server().fresh()
    assert shared.names(new) == []
    assert shared.empty(new)
    with psycopg.connect(new) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (0,)


def test_a_release_that_does_not_know_a_change_cannot_use_it(url: str) -> None:
    shared.check_usable(url, MIGRATIONS)
    changed(url, "0999_newest")
    with pytest.raises(StoreUnusable, match="not undone where others use it: 0999_newest"):
        shared.check_usable(url, MIGRATIONS)


def test_whether_anything_is_kept_there(url: str) -> None:
    assert shared.empty(url)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO desk VALUES (%s, 1, '')", (b"d" * 32,))
    assert not shared.empty(url)


def test_the_settings_say_which_database_is_asked(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIGIL_DATABASE_URL", url)
    assert database.main("names", str(tmp_path)) == 0
    assert capsys.readouterr().out.split() == MIGRATIONS
    assert database.main("copy", str(tmp_path), str(tmp_path)) == 0
    assert database.main("empty", str(tmp_path)) == 0
    assert capsys.readouterr().out == "empty\n"
    assert database.main("back", str(tmp_path), *MIGRATIONS) == 0
    assert database.main("back", str(tmp_path), *MIGRATIONS[:-1]) == 1
    assert url not in (told := capsys.readouterr().err)
    assert "bring every web machine to the newer release" in told
    # Not even a file is made where SQLite would be.
    assert list(tmp_path.iterdir()) == []


def test_an_upgrade_is_rehearsed_without_the_database_that_others_use(tmp_path: Path) -> None:
    done = tried(tmp_path, SHARES + 'as_vigil() { echo "$*" >>"$OPT/asked"; }\nrehearse \'1\'')
    assert done.returncode == 0, done.stderr
    (asked,) = (tmp_path / "asked").read_text().splitlines()
    # The last one counts.
    assert asked.split("VIGIL_DATABASE_URL=")[-1].startswith(f" VIGIL_DATA={tmp_path}")
    assert asked.endswith("-m flask --app app publish")


def test_going_back_asks_for_what_the_release_before_knows(tmp_path: Path) -> None:
    knows = (
        'mkdir -p "$before/store/postgres/migrations"; touch "$before/store/postgres/migrations/0001_a.sql"\n'
    )
    done = tried(tmp_path, SHARES + knows + 'go_back_or_fail "$before" "1"')
    assert done.returncode == 0, done.stderr
    assert "env VIGIL_DATABASE_URL=postgresql://db/vigil .venv/bin/python" in done.stdout
    assert f"database back {tmp_path}/data 0001_a\n" in done.stdout
    assert in_use(tmp_path) == "1.0.0"


RESTORE = """
set -euo pipefail
eval "$(sed -n '/^restore_shared()/,/^}/p; /^restore()/,/^}/p' "$1/deploy/vigil")"
DATA=$2/data SETTINGS=$2/vigil.env hand=$2/hand
settings() { echo VIGIL_DATABASE_URL=postgresql://db/vigil; }
handed() { echo "handed $1"; }
stop_units() { echo stopped; }
start_units() { echo started; }
told_as() { shift; echo "$*"; }
restore "$2/backup.tar" --older
"""


def test_a_restore_into_a_shared_database_sets_nothing_aside(tmp_path: Path) -> None:
    """The form keys in VIGIL_DATA are those of every machine."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/form.keys").write_text("keys")
    command = ["bash", "-c", RESTORE, "sh", str(ROOT), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    restored = f"flask restore {tmp_path}/hand/file --older"
    assert done.stdout.splitlines() == [f"handed {tmp_path}/backup.tar", "stopped", restored, "started"]
    assert (tmp_path / "data/form.keys").read_text() == "keys"
