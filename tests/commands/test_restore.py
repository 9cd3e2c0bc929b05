"""A restore gives back all that a backup held, or changes nothing."""

import importlib
import io
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from playhouse.migrations import Runner

from crypto.archive import About, ArchiveReader, ArchiveWriter
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from store import State, StoreUnusable, done
from store import open_store as unpatched
from store.sqlite.database import MIGRATIONS, Database
from tests import inside
from tests.commands.backups import Server, content, report
from tests.commands.conftest import TODAY
from tests.engine import open_store

# The package has the command itself under this name.
restoring = importlib.import_module("commands.restore")
SLOT = b"s" * 16
ROOT = Path(__file__).parent.parent.parent
NOT_OURS = "the database in the backup is not one of this program's"


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "utc_today", lambda: TODAY)


@pytest.fixture
def server(tmp_path: Path, team_keys: TeamKeys) -> Server:
    return Server(tmp_path / "data", team_keys).prepared()


@pytest.fixture
def new(tmp_path: Path, team_keys: TeamKeys) -> Server:
    return Server(tmp_path / "new", team_keys)


@pytest.fixture
def archive(server: Server, tmp_path: Path) -> Path:
    """A backup of a server with two reports, a reply, a mark and an import."""
    store = server.open()
    report(store, os.urandom(200_000), b"", slot=SLOT)
    report(store, b"x")
    store.keep_reply(b"r" * 16, b"an answer")
    digest = next(iter(store.envelopes()))[0]
    store.mark(b"1" * 32, [digest], [], [b"1" * 32, b"2" * 32])
    store.note_import(b"1" * 32, 4, b"m" * 32)
    store.count_failure("KeyError", "views/report.py:1")
    store.close()
    assert server.run("backup", tmp_path / "backup").exit_code == 0
    return tmp_path / "backup"


def refused(result: Result, what: str) -> None:
    assert result.exit_code == 1, result.output
    error, hint = result.stderr.splitlines()[:2]
    assert error.startswith("vigil: error: ")
    assert what in error
    assert hint.startswith("vigil: hint: ")


def is_empty(data: Path) -> bool:
    """Say whether nothing of a backup is there: no row, no file, no list, and the store opens."""
    store = open_store(data)
    left = [*store.envelopes(), *store.kept_blobs(), *inside.blobs(data)]
    store.close()
    return not left and not (data / "team.keys").exists() and not (data / "restoring").exists()


def changed(archive: Path, path: Path, about: About | None = None, **replaced: bytes | None) -> Path:
    """Write a backup like another, whole in itself, with members replaced, or left out where None."""
    names = {"database": "database", "team_keys": "team.keys"}
    with archive.open("rb") as source, path.open("wb") as out:
        reader = ArchiveReader(source)
        writer = ArchiveWriter(out, about or reader.about)
        given = {names.get(name, f"blob/{name}"): data for name, data in replaced.items()}
        for name in sorted({*reader.members, *given}):
            data = given[name] if name in given else b"".join(reader.pieces(name))
            if data is not None:
                writer.add(name, len(data), io.BytesIO(data))
        writer.finish()
    return path


def test_everything_is_there_again(server: Server, new: Server, archive: Path) -> None:
    result = new.restore(archive)
    assert result.exit_code == 0, result.output
    before, after = server.open(), new.open()
    assert content(after) == content(before)
    assert after.slots([SLOT]) == before.slots([SLOT])
    assert [row.envelope for row in after.replies([b"r" * 16])] == [b"an answer"]
    assert after.last_import(b"1" * 32) == (4, b"m" * 32)
    assert after.waiting(b"1" * 32, [b"1" * 32, b"2" * 32]) == {b"2" * 32: 1}
    assert after.trusted_keys() == server.team.raw
    assert after.signers() == before.signers()
    assert [failure[1:] for failure in after.failures()] == [("KeyError", "views/report.py:1", 1)]
    assert (new.data / "team.keys").read_bytes() == server.team.raw
    assert after.last_done(done.RESTORE) is not None
    assert after.sweep().lost == 0
    assert after.look().sound
    before.close()
    after.close()
    modes = {path.stat().st_mode & 0o777 for path in new.data.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert not (new.data / "restoring").exists()


def test_the_site_goes_on_exporting_and_taking_reports(new: Server, archive: Path, tmp_path: Path) -> None:
    assert new.restore(archive).exit_code == 0
    store = new.open()
    report(store, b"new")
    assert store.slots([SLOT])[0].state is State.KEPT
    store.close()
    assert new.run("backup", tmp_path / "second").exit_code == 0


def test_what_a_restore_cannot_bring_is_said(new: Server, archive: Path) -> None:
    result = new.restore(archive)
    assert "what came after that backup is gone" in result.stderr
    assert f"hint: {restoring.AFTERWARDS}: a reply" in result.stderr
    for name in ("docs/operations.md", "docs/desk.md"):
        assert restoring.AFTERWARDS in " ".join((ROOT / name).read_text().split()), name
    assert "what sources deleted after that backup is here again" in result.stderr
    assert "the onion service's key" in result.stdout


def test_a_folder_with_anything_in_it_is_refused_and_stays(new: Server, archive: Path) -> None:
    store = new.prepared().open()
    envelope, _ = report(store, b"mine")
    store.close()
    refused(new.restore(archive), "there are reports, replies or files here already")
    again = new.open()
    assert [again.envelope(digest) for digest, _ in again.envelopes()] == [envelope]
    assert len(inside.blobs(new.data)) == 1
    again.close()


def test_a_store_that_is_filled_meanwhile_is_not_overwritten(
    new: Server, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = restoring._put_list
    running = new.prepared().open()

    def meanwhile(*args: object) -> None:
        report(running, b"came while it was restored")
        real(*args)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(restoring, "_put_list", meanwhile)
    refused(new.restore(archive), "there are reports, replies or files here already")
    assert list(content(running).values())[1:] == [b"came while it was restored"]
    assert len(inside.blobs(new.data)) == 1
    running.close()


@pytest.mark.parametrize("cut", [0, 100, 600, 5000, -1024, -512, -1])
def test_what_is_cut_short_is_refused_and_nothing_is_changed(new: Server, archive: Path, cut: int) -> None:
    archive.write_bytes(archive.read_bytes()[:cut])
    result = new.restore(archive)
    assert result.exit_code == 1
    assert "restore another backup" in result.stderr
    assert is_empty(new.data)


def test_one_flipped_bit_anywhere_is_refused_and_nothing_is_changed(new: Server, archive: Path) -> None:
    whole = archive.read_bytes()
    for place in range(0, len(whole), len(whole) // 17):
        flipped = bytearray(whole)
        flipped[place] ^= 4
        archive.write_bytes(flipped)
        assert new.restore(archive).exit_code == 1
    assert is_empty(new.data)


def test_what_does_not_belong_together_is_refused(new: Server, archive: Path, tmp_path: Path) -> None:
    with archive.open("rb") as source:
        reader = ArchiveReader(source)
        (blob, *_) = reader.members
        database = b"".join(reader.pieces("database"))
    other = TeamKeys.read(
        Identity.new().team_keys((DeskKeys.make("x", new.team.oldest).public(),), version=8, practice=True)
    )
    for number, (replaced, what) in enumerate(
        [
            ({blob[5:]: None}, "its files are not those"),
            ({"0" * 32: b"strange"}, "its files are not those"),
            ({blob[5:]: b"of another size"}, "its files are not those"),
            ({"database": None}, "it has no database"),
            ({"team_keys": None}, "it has no team.keys"),
            ({"team_keys": b"nonsense"}, "its list of keys is refused"),
            ({"team_keys": other.raw}, "its list of keys is not the one"),
            ({"database": os.urandom(5000)}, NOT_OURS),
            ({"database": database[:-4096]}, NOT_OURS),
            ({"database": _with(database, tmp_path, "CREATE VIEW v AS SELECT 1")}, NOT_OURS),
            ({"database": _with(database, tmp_path, "CREATE TABLE more (x)")}, NOT_OURS),
            ({"database": _with(database, tmp_path, "DROP TABLE reply")}, NOT_OURS),
            ({"database": _with(database, tmp_path, "UPDATE blob SET kept = 0")}, NOT_OURS),
        ]
    ):  # fmt: skip
        refused(new.restore(changed(archive, tmp_path / f"changed{number}", **replaced)), what)
        assert is_empty(new.data), what


def _with(database: bytes, folder: Path, sql: str) -> bytes:
    path = folder / "altered.db"
    path.write_bytes(database)
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(sql)
    return path.read_bytes()


def test_a_backup_of_a_newer_version_is_told_as_such(new: Server, archive: Path, tmp_path: Path) -> None:
    with archive.open("rb") as source:
        database = b"".join(ArchiveReader(source).pieces("database"))
    newer = _with(
        database, tmp_path, "INSERT INTO schema_migration (name, applied) VALUES ('0099_x', '2026-11-22')"
    )
    refused(new.restore(changed(archive, tmp_path / "newer", database=newer)), "newer version")
    assert is_empty(new.data)


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    server: Server, new: Server, archive: Path, tmp_path: Path
) -> None:
    with archive.open("rb") as source:
        (tmp_path / "older.db").write_bytes(b"".join(ArchiveReader(source).pieces("database")))
    older = Database(tmp_path / "older.db")
    with older.connection_context():
        Runner(older, str(MIGRATIONS)).down("0003_mailboxes")
    older.end()
    database = (tmp_path / "older.db").read_bytes()
    result = new.restore(changed(archive, tmp_path / "older", database=database))
    assert result.exit_code == 0, result.output
    before, after = server.open(), new.open()
    assert dict(after.envelopes()) == dict(before.envelopes())
    assert list(after.kept_blobs()) == list(before.kept_blobs())
    assert after.trusted_keys() == server.team.raw
    assert [row.day for row in after.slots([SLOT])] == [TODAY]
    before.close()
    after.close()


def test_an_export_is_no_backup(server: Server, new: Server, archive: Path, tmp_path: Path) -> None:
    assert server.run("export", tmp_path / "bundle").exit_code in (0, 1)
    refused(new.restore(tmp_path / "bundle"), "a bundle for the desk")
    refused(new.restore(tmp_path / "nothing"), "No such file")


def test_an_old_backup_is_restored_only_where_that_is_asked_for(
    new: Server, archive: Path, tmp_path: Path
) -> None:
    old = changed(archive, tmp_path / "old", About(TODAY - timedelta(days=15), 0))
    refused(new.restore(old), "15 days ago: what sources have deleted since would come back")
    assert is_empty(new.data)
    assert new.restore("--older", old).exit_code == 0


def test_practice_stays_practice(new: Server, archive: Path) -> None:
    refused(new.restore(archive, practice=False), "site for practice")


def newer_list(identity: Identity, desk: DeskKeys, version: int) -> TeamKeys:
    return TeamKeys.read(identity.team_keys((desk.public(),), version=version, practice=True))


def test_a_newer_list_in_place_stays_and_an_older_one_gives_way(
    server: Server, archive: Path, tmp_path: Path, identity: Identity, desk: DeskKeys
) -> None:
    for version, in_use in ((9, 9), (6, 7)):
        placed = newer_list(identity, desk, version)
        new = Server(tmp_path / f"new{version}", placed).prepared()
        result = new.restore(archive)
        assert result.exit_code == 0, result.output
        raw = (new.data / "team.keys").read_bytes()
        assert TeamKeys.read(raw).version == in_use
        store = new.open()
        assert store.trusted_keys() == raw
        store.close()


def test_a_desk_that_only_the_newer_list_names_is_not_waited_for_with_what_is_older(
    archive: Path, tmp_path: Path, identity: Identity, desk: DeskKeys
) -> None:
    second = DeskKeys.make("second", next(iter(desk.seeds)))
    both = TeamKeys.read(identity.team_keys((desk.public(), second.public()), version=9, practice=True))
    new = Server(tmp_path / "new", both).prepared()
    assert new.restore(archive).exit_code == 0
    store = new.open()
    signs = [each.sign_public for each in both.desks]
    digests = [digest for digest, _ in store.envelopes()]
    blobs = [blob for blob, _ in store.kept_blobs()]
    assert store.mark(signs[0], digests, blobs, signs).envelopes == len(digests)
    store.close()


def test_another_teams_backup_is_refused(archive: Path, tmp_path: Path, desk: DeskKeys) -> None:
    new = Server(tmp_path / "theirs", newer_list(Identity.new(), desk, 3)).prepared()
    refused(new.restore(archive), "do not go together: it comes from another identity")


@pytest.mark.usefixtures("on_sqlite")  # what lies there is the folder's
def test_a_restore_that_was_killed_is_told_until_it_is_run_again(new: Server, archive: Path) -> None:
    new.open().close()
    (new.data / "restoring").mkdir()
    (new.data / "restoring" / "vigil.db").write_bytes(b"half of it")
    (new.data / "blobs" / ("0" * 32)).write_bytes(b"half of it")
    with pytest.raises(StoreUnusable, match=r"a restore into .* is not finished"):
        new.open()
    assert new.restore(archive).exit_code == 0
    store = new.open()
    assert store.look().lost == 0
    assert not (new.data / "blobs" / ("0" * 32)).exists()
    store.close()


def test_a_disk_without_room_is_told_and_nothing_is_changed(
    new: Server, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        restoring, "open_store", lambda data, **more: unpatched(data, free=lambda _: 64_100_000, **more)
    )
    refused(new.restore(archive), "no room")
    assert is_empty(new.data)


def test_no_site_opens_the_store_while_the_backup_is_still_checked(
    new: Server, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = restoring._checked, []

    def meanwhile(*args: object, **more: bool) -> ArchiveReader:
        with pytest.raises(StoreUnusable, match=r"a restore into .* is not finished"):
            new.open()
        tried.append(True)
        return real(*args, **more)  # type: ignore[no-any-return]  # passed on

    monkeypatch.setattr(restoring, "_checked", meanwhile)
    assert new.restore(archive).exit_code == 0
    assert tried
