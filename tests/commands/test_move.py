"""`flask move` carries a site on SQLite over to PostgreSQL while it serves, and loses nothing of it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.teamkeys import TeamKeys
from store import Busy, DiskFailed, NoRoom, Store, StoreUnusable, done, open_store
from store.moving import carrying
from store.moving import move as moving
from tests.commands.backups import Server, pending, report
from tests.commands.conftest import TODAY
from tests.commands.moves import Moving, database, files, filled, rows
from tests.store.processes import ROOT

pytestmark = pytest.mark.usefixtures("on_sqlite")


@pytest.fixture
def url() -> Iterator[str]:
    with database() as url:
        yield url


@pytest.fixture
def site(tmp_path: Path, team_keys: TeamKeys, url: str) -> Moving:
    return Moving(Server(tmp_path / "data", team_keys).prepared(), url, tmp_path / "other")


@pytest.fixture
def store(site: Moving) -> Iterator[Store]:
    """The site as it runs meanwhile."""
    store = site.old.open()
    yield store
    store.close()


def refused(site: Moving, what: str, *arguments: str, to: str | None = None) -> str:
    """Run a move that has to fail; give the hint."""
    result = site.run("--to", to or site.url, *arguments)
    assert result.exit_code == 1, result.output
    error, hint = [line for line in result.stderr.splitlines() if "warning" not in line][-2:]
    assert what in error
    assert hint.startswith("vigil: hint: ")
    return hint


def test_everything_is_there_after_the_switch(site: Moving, store: Store) -> None:
    waiting = filled(store)
    store.note_done(done.SWEEP)
    before, contents = rows(store), files(store)
    result = site.to("--switch")
    assert "everything is in the database" in result.stdout
    assert "set VIGIL_DATABASE_URL" in result.stdout
    there = site.opened()
    assert rows(there) == before
    assert files(there) == contents
    assert there.last_done(done.SWEEP) == there.last_done(done.BEGUN) == TODAY
    assert there.look().sound
    # A form that was open meanwhile still has its file.
    there.keep_report(b"later" * 100, [waiting], [b"l" * 16], lambda _: bytes(681))
    there.close()


def test_without_the_switch_the_site_goes_on(site: Moving, store: Store) -> None:
    filled(store)
    result = site.to()
    assert "the site goes on here" in result.stdout
    assert "--switch` soon" in result.stdout
    assert "stays in that database until this runs again" in result.stderr
    report(store, b"comes afterwards")
    site.old.open().close()
    with pytest.raises(StoreUnusable, match="a move into this database is not finished"):
        site.opened()


def test_what_came_changed_and_went_since_is_carried_over(site: Moving, store: Store) -> None:
    filled(store)
    site.to()
    digests = [digest for digest, _ in store.envelopes()]
    _, (blob,) = report(store, b"y" * 500_000, slot=b"g" * 16)
    site.to()
    store.delete({b"g" * 16: [blob], b"s" * 16: []}, {b"r" * 16: []})
    # All that both desks have is collected: envelopes go, their slots change.
    store.mark(b"2" * 32, digests, [], [b"1" * 32, b"2" * 32])
    report(store, b"z" * 10)
    site.to("--switch")
    there = site.opened()
    assert rows(there) == rows(store)
    assert files(there) == files(store)
    assert not site.sql("SELECT * FROM piece WHERE NOT EXISTS (SELECT FROM blob WHERE id = blob)")
    there.close()


def test_a_mailbox_that_uses_its_id_again_is_not_mistaken_for_what_was_there(
    site: Moving, store: Store
) -> None:
    report(store, slot=b"s" * 16)
    site.to()
    store.delete({b"s" * 16: []})
    envelope, _ = report(store, slot=b"s" * 16)
    site.to("--switch")
    there = site.opened()
    assert [there.envelope(digest) for digest, _ in there.envelopes()] == [envelope]
    there.close()


def test_a_moved_site_takes_nothing_in_and_does_not_start_again(site: Moving, store: Store) -> None:
    waiting = pending(store, b"x")
    site.to("--switch")
    for writing in (
        lambda: report(store),
        lambda: pending(store, b"y"),
        lambda: store.delete({b"s" * 16: []}),
        lambda: store.keep_report(b"z" * 99, [waiting], [b"z" * 16], lambda _: bytes(681)),
    ):
        with pytest.raises(Busy, match="moving to another database"):
            writing()
    assert store.missing([waiting]) == []
    with pytest.raises(StoreUnusable, match="moved to PostgreSQL") as told:
        site.old.open()
    assert "VIGIL_DATABASE_URL" in told.value.hint
    refused(site, "this site was moved already")


def test_while_the_last_is_carried_over_nothing_is_taken_in(
    site: Moving, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = moving.Move._last_looks, []

    def meanwhile(*args: object) -> object:
        with pytest.raises(Busy):
            report(store)
        tried.append(True)
        return real(*args)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(moving.Move, "_last_looks", meanwhile)
    site.to("--switch")
    assert tried


def test_when_the_switch_fails_the_site_goes_on(
    site: Moving, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)

    def fails(*_: object) -> None:
        raise NoRoom

    with monkeypatch.context() as broken:
        broken.setattr(moving.Target, "finish", fails)
        refused(site, "there is no room left", "--switch")
    report(store, b"came after it had failed")
    site.to("--switch")
    there = site.opened()
    assert rows(there) == rows(store)
    there.close()


def test_a_copy_that_does_not_become_the_same_is_no_end(
    site: Moving, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    monkeypatch.setattr(carrying, "_change", lambda *args: setattr(args[5], "rows", 1))
    refused(site, "does not become what is here", "--switch")
    report(store)


def test_what_was_lost_before_is_told(site: Moving, store: Store) -> None:
    _, (blob, _) = report(store, b"a" * 1000, b"b")
    (site.old.data / "blobs" / blob.hex()).unlink()
    result = site.to()
    assert "1 file that reports rely on is not on disk here" in result.stderr
    (site.old.data / "blobs" / blob.hex()).write_bytes(b"a" * 1000)
    assert "not on disk" not in site.to("--switch").stderr
    there = site.opened()
    assert files(there) == files(store)
    there.close()


def test_only_an_empty_database_that_nobody_started_a_site_on_is_taken(
    site: Moving, tmp_path: Path, store: Store
) -> None:
    filled(store)
    started = open_store(tmp_path / "third", database_url=site.url)
    assert "make a new, empty database" in refused(site, "a site was started on this database already")
    report(started, b"theirs")
    assert "make a new, empty database" in refused(site, "there are reports, replies or files here already")
    started.close()
    open_store(tmp_path / "third", database_url=site.url).close()


def test_two_sites_do_not_move_into_one_database(site: Moving, tmp_path: Path, store: Store) -> None:
    report(store)
    site.to()
    other = Moving(Server(tmp_path / "another", site.old.team).prepared(), site.url, site.other)
    refused(other, "another move has begun to fill this database")
    site.to("--switch")


def test_two_moves_at_once_are_one(site: Moving, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "PATIENCE", 0.1)
    with moving.moving(site.old.data, site.url, database_bytes=10**10, today=lambda: TODAY):
        refused(site, "another process holds moving.lock")


def test_a_database_that_may_not_become_so_large_is_told(site: Moving, store: Store) -> None:
    report(store, b"x" * 3_000_000)
    site.settings["VIGIL_DATABASE_MB"] = "1"
    refused(site, "VIGIL_DATABASE_MB is 1")


def test_only_the_sites_own_user_moves_it(
    site: Moving, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving.os, "geteuid", lambda: 12345)
    refused(site, "is another user's", "--switch")
    assert not (site.old.data / "moving").exists()


def test_what_closes_a_site_and_cannot_be_seen_closes_it(site: Moving, store: Store) -> None:
    (site.old.data / "moving").write_bytes(b"no folder: nobody can look into it")
    with pytest.raises(DiskFailed):
        report(store)


def test_a_password_is_warned_of_and_never_printed(site: Moving, store: Store) -> None:
    result = site.run("--to", "postgresql://vigil:sesame@127.0.0.1:1/vigil?connect_timeout=1")
    assert result.exit_code == 1
    assert "sesame" not in result.output
    assert "others on this machine can read a password in a command line" in result.stderr
    assert "PGPASSFILE" in result.stderr
    assert "others on this machine" not in site.to().stderr


@pytest.mark.parametrize(
    "url", ["mysql://sesame", "sesame", "postgresql://u:sesame@[", "postgresql://h/x?sesame=1"], ids=str
)
def test_what_is_no_url_is_told_and_not_repeated(site: Moving, url: str) -> None:
    result = site.run("--to", url)
    assert result.exit_code == 1
    assert "sesame" not in result.output
    assert "postgresql://" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("--switch",), ("--switch", "--cancel")], ids=str)
def test_a_move_says_where_to(site: Moving, arguments: tuple[str, ...]) -> None:
    assert site.run(*arguments).exit_code == 2


def test_a_move_is_taken_back(site: Moving, store: Store) -> None:
    filled(store)
    assert "no move was begun here" in site.run("--cancel").stderr
    site.to()
    taken_back = site.to("--cancel")
    assert "the site goes on here" in taken_back.stdout
    assert taken_back.stderr == ""
    assert not site.sql("SELECT * FROM slot")
    assert not site.sql("SELECT * FROM piece")
    report(store)
    site.to()
    assert "is still in that database" in site.run("--cancel").stderr
    refused(site, "another move has begun to fill this database")


def test_a_move_that_has_ended_is_not_taken_back(site: Moving, store: Store) -> None:
    site.to("--switch")
    refused(site, "what came since then is in PostgreSQL alone", "--cancel")


def test_a_site_on_postgres_has_nowhere_to_move(site: Moving) -> None:
    site.settings["VIGIL_DATABASE_URL"] = site.url
    refused(site, "in PostgreSQL already")


def test_a_site_on_sqlite_loads_nothing_of_postgres(site: Moving) -> None:
    loads = (
        "import sys, app; print([m for m in sys.modules if m.startswith(('store.postgres', 'store.moving'))])"
    )
    run = subprocess.run([sys.executable, "-c", loads], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
