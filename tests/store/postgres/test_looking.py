"""What the doctor is told of a PostgreSQL: is it sound, and what does its server write down, or forget?"""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest

from bench.postgres import Server, name_of, running
from store import Store
from store.looking import Remark
from store.postgres import remarks
from tests import inside
from tests.store.conftest import OpenStore, pending
from tests.store.kept import keep
from tests.store.postgres import quiet, seized

pytestmark = pytest.mark.usefixtures("on_postgres")


@pytest.fixture
def store(on_postgres: None, opened: OpenStore) -> Store:
    return opened()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    safe = {"fsync": "on", "full_page_writes": "on"}
    with running(tmp_path_factory.mktemp("server"), **(quiet.SETTINGS | safe)) as server:
        yield server


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    url = quiet.database(server)
    yield url
    server.drop(url)


def told(url: str) -> dict[str, Remark]:
    with psycopg.connect(url) as connection:
        return {each.name: each for each in remarks.remarks(connection)}


def administered(server: Server, url: str, *statements: str) -> None:
    with psycopg.connect(server.url(name_of(url), "postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_an_envelope_that_is_not_what_its_digest_says_is_found(store: Store, folder: Path) -> None:
    keep(store, b"envelope", [pending(store)])
    assert store.look().sound is True
    inside.run(folder, "UPDATE body SET envelope = 'another'")
    assert store.look().sound is False


def test_a_damaged_page_is_found(server: Server, url: str, tmp_path: Path) -> None:
    store = quiet.opened(tmp_path / "data", url)
    quiet.kept(store, Random())
    assert store.look().sound is True
    (file,) = seized.table(server, url, "body").values
    store.close()
    server.stop()
    with file.open("r+b") as page:
        page.write(b"\xff" * 100)
    server.start()
    again = quiet.opened(tmp_path / "data", url)
    assert again.look().sound is False
    again.close()


def test_a_file_without_all_its_pieces_is_lost(store: Store, folder: Path) -> None:
    lost, cut = pending(store), pending(store, b"x" * 600_000)
    keep(store, b"e", [lost, cut, pending(store)])
    inside.lose(folder, lost)
    inside.run(folder, f"DELETE FROM piece WHERE blob = {inside.hexed(cut)} AND number = 1")
    assert store.look().lost == 2


def test_of_a_server_that_is_set_as_the_guide_says_only_a_copy_is_missed(url: str) -> None:
    found = told(url)
    assert [name for name, each in found.items() if not each.good] == [remarks.SETTINGS, remarks.COPIES]
    assert "checksums" in found[remarks.SETTINGS].what
    assert "one database machine only" in found[remarks.COPIES].what


@pytest.mark.parametrize(
    ("setting", "part", "good"),
    [
        ("synchronous_commit = off", remarks.COPIES, False),
        ("log_statement = 'all'", remarks.SETTINGS, None),
        ("log_min_duration_statement = 0", remarks.SETTINGS, None),
        ("log_error_verbosity = 'default'", remarks.SETTINGS, None),
    ],
)
def test_a_setting_that_tells_too_much_is_named(
    server: Server, url: str, setting: str, part: str, good: bool | None
) -> None:
    administered(server, url, f"ALTER DATABASE {name_of(url)} SET {setting}")
    found = told(url)[part]
    assert found.good is good
    assert setting.split(" ")[0] in found.what


def test_a_log_that_is_kept_for_somebody_is_told(server: Server, url: str) -> None:
    administered(server, url, "SELECT pg_create_physical_replication_slot('away', true)")
    try:
        found = told(url)[remarks.LOG]
        assert found.good is None
        assert "away" in found.what
    finally:
        administered(server, url, "SELECT pg_drop_replication_slot('away')")
    assert told(url)[remarks.LOG].good


def test_a_role_that_may_not_let_go_of_the_log_is_told(server: Server, url: str) -> None:
    administered(server, url, "REVOKE EXECUTE ON FUNCTION pg_switch_wal() FROM vigil")
    assert "may not" in told(url)[remarks.LOG].what


def test_the_page_about_capacity_explains_every_line_and_no_other(url: str) -> None:
    page = (Path(remarks.__file__).parents[2] / "docs/capacity.md").read_text()
    table = page.split("| line | what it means |")[1].split("\n\n")[0]
    explained = {line.split("`")[1] for line in table.splitlines()[2:]}
    assert explained == told(url).keys()


def test_the_settings_of_the_page_are_those_that_are_asked_for(url: str) -> None:
    page = (Path(remarks.__file__).parents[2] / "docs/capacity.md").read_text()
    written = dict(re.findall(r"^    ([a-z_]+) = ([\w-]+)$", page, re.MULTILINE))
    asked = remarks.QUIET | remarks.FORGETFUL
    # What is so by itself need not be written.
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT name::text, boot_val::text FROM pg_settings").fetchall()
    usual = {str(name): str(value) for name, value in found}
    assert [name for name, values in asked.items() if written.get(name, usual[name]) not in values] == []
