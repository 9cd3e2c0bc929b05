"""A backup holds all that is kept, sealed as it is, however busy the server is meanwhile."""

import errno
import hashlib
import importlib
import io
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crypto.archive import ArchiveReader
from crypto.teamkeys import TeamKeys
from store import Busy, ReplyBlob, Store, done
from store.sqlite.snapshot import Snapshots
from tests import engine, inside
from tests.commands.backups import Server, content, part, pending, report
from tests.commands.conftest import TODAY


@pytest.fixture
def server(tmp_path: Path, team_keys: TeamKeys) -> Server:
    return Server(tmp_path / "data", team_keys).prepared()


def members(path: Path) -> dict[str, bytes]:
    with path.open("rb") as file:
        reader = ArchiveReader(file)
        reader.verify()
        return {name: b"".join(reader.pieces(name)) for name in reader.members}


def rows(path: Path, table: str, into: Path) -> list[tuple[object, ...]]:
    into.write_bytes(members(path)["database"])
    with closing(sqlite3.connect(into)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return database.execute(f"SELECT * FROM {table}").fetchall()


def nothing_stays(server: Server) -> bool:
    """Say whether no copy is left that a backup was made from."""
    return engine.is_postgres() or not list((server.data / "snapshot").iterdir())


def full(store: Store) -> None:
    report(store, b"one" * 1000, b"")
    report(store)
    store.keep_reply(b"r" * 16, b"an answer")
    writer = store.take_blob(b"f" * 16)
    assert isinstance(writer, ReplyBlob)
    writer.write(b"what came with it")
    writer.finish()


def test_a_backup_holds_everything_but_what_no_report_has_claimed(server: Server, tmp_path: Path) -> None:
    store = server.open()
    full(store)
    waiting = pending(store, b"nobody has claimed this")
    kept = content(store)
    store.close()
    result = server.run("backup", tmp_path / "out")
    assert result.exit_code == 0, result.output
    digest = hashlib.sha256((tmp_path / "out").read_bytes()).hexdigest()
    assert f"its SHA-256 is {digest}" in result.stdout
    found = members(tmp_path / "out")
    assert {name: each for name, each in found.items() if name.startswith("blob/")} == {
        name: each for name, each in kept.items() if name.startswith("blob/")
    }
    assert found["team.keys"] == server.team.raw
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    assert len(rows(tmp_path / "out", "body", tmp_path / "db")) == 2
    assert [row[0] for row in rows(tmp_path / "out", "reply", tmp_path / "db")] == [b"r" * 16]
    assert waiting not in [row[0] for row in rows(tmp_path / "out", "blob", tmp_path / "db")]
    assert waiting not in found["database"]
    assert nothing_stays(server)
    again = server.open()
    assert again.last_done(done.BACKUP) == TODAY
    again.close()


def test_the_size_is_known_before_and_a_full_disk_is_told_in_words(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("commands.backup"), "free_space", lambda _: 64_000_000)
    result = server.run("backup", tmp_path / "out")
    assert result.exit_code == 1
    assert "the backup will have" in result.stderr
    assert "has room for 0 bytes" in result.stderr
    assert "vigil: hint: free some disk space there" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.EIO, "the disk failed while"), (errno.ENOSPC, "No space left on device")],
    ids=["broken", "full"],
)
def test_a_disk_that_fails_is_told_and_nothing_is_left(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    store = server.open()
    report(store, b"one")
    store.close()

    def failing(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(part("snapshot").Snapshot, "open_blob", failing)
    result = server.run("backup", tmp_path / "out")
    assert result.exit_code == 1
    assert says in result.stderr
    assert not (tmp_path / "out").exists()
    assert nothing_stays(server)


def test_what_fits_into_no_archive_is_told(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crypto.ustar.MAX_SIZE", 1000)
    result = server.run("backup", tmp_path / "out")
    assert result.exit_code == 1
    assert "a member's size is out of range" in result.stderr
    assert "vigil: hint: " in result.stderr


def test_a_backup_never_overwrites(server: Server, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"precious")
    result = server.run("backup", tmp_path / "out")
    assert result.exit_code == 1
    assert "there is already something at" in result.stderr
    assert (tmp_path / "out").read_bytes() == b"precious"


@pytest.mark.parametrize("moment", ["_link", "_completed"])
def test_what_comes_and_goes_meanwhile_breaks_no_backup(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setattr("store.sqlite.erasing.PATIENCE", 0.01)
    other = server.open()
    _, blobs = report(other, b"goes", slot=b"g" * 16)
    stays, kept = report(other, b"stays")
    real = getattr(Snapshots, moment)
    happened = []

    def meanwhile(self: Snapshots, *args: object) -> object:
        if not happened:
            happened.append(report(other, b"came"))
            other.delete({b"g" * 16: blobs})
            other.sweep()
        return real(self, *args)

    monkeypatch.setattr(Snapshots, moment, meanwhile)
    result = server.run("backup", tmp_path / "out")
    other.close()
    assert result.exit_code == 0, result.output
    found = members(tmp_path / "out")
    assert found[f"blob/{kept[0].hex()}"] == b"stays"
    envelopes = {row[2] for row in rows(tmp_path / "out", "body", tmp_path / "db")}
    assert stays in envelopes
    named = {f"blob/{row[0].hex()}" for row in rows(tmp_path / "out", "blob", tmp_path / "db")}
    assert named == {name for name in found if name.startswith("blob/")}


def test_what_is_lost_or_cut_is_told_and_the_rest_is_backed_up(server: Server, tmp_path: Path) -> None:
    store = server.open()
    _, (lost, cut, whole) = report(store, b"one", b"two", b"three")
    inside.lose(store.data, lost)
    inside.alter(store.data, cut, b"t")
    store.close()
    result = server.run("backup", tmp_path / "out")
    assert result.exit_code == 1
    assert "vigil: error: 2 files that reports rely on are not on disk" in result.stderr
    found = members(tmp_path / "out")
    assert [name for name in found if name.startswith("blob/")] == [f"blob/{whole.hex()}"]
    assert ArchiveReader(io.BytesIO((tmp_path / "out").read_bytes())).about.lost == 2


@pytest.mark.usefixtures("on_sqlite")  # a copy of the database is a file there
def test_what_a_killed_backup_left_goes_at_the_next_start(server: Server) -> None:
    left = server.data / "snapshot" / "vigil.db"
    server.open().close()
    left.write_bytes(b"a copy of what was here")
    server.open().close()
    assert not left.exists()


def test_beside_a_backup_at_work_nobody_takes_its_copy_away(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.is_postgres():
        # A sweep would wait for it, table by table.
        settling = part("settling")
        monkeypatch.setattr(settling, "LOCK_SECONDS", 0.05)
        monkeypatch.setattr(settling.Settler.__init__, "__defaults__", (0.0,))
    store = server.open()
    report(store, b"one")
    with store.snapshot() as here:
        other = server.open()
        with suppress(Busy):  # as above: it says so in the end
            other.sweep()
        assert here.database.exists()
        (blob,) = here.blobs
        with here.open_blob(blob) as file:
            assert file.read() == b"one"
        other.close()
    assert not here.database.exists()
    store.close()


def test_no_order_of_writing_is_in_the_copy_and_no_row_that_was_deleted(
    server: Server, tmp_path: Path
) -> None:
    store = server.open()
    marker = b"this was deleted before" * 40
    store.keep_report(marker, [], [b"d" * 16], lambda _: b"q" * 681)
    report(store)
    store.delete({b"d" * 16: []})
    store.close()
    assert server.run("backup", tmp_path / "out").exit_code == 0
    assert b"this was deleted" not in (tmp_path / "out").read_bytes()
    assert b"q" * 100 not in (tmp_path / "out").read_bytes()


def test_form_keys_and_texts_are_in_no_backup(server: Server, tmp_path: Path) -> None:
    (server.data / "form.keys").write_bytes(b"these are form keys")
    (server.data / "site.db").write_bytes(b"this is a published site")
    assert server.run("backup", tmp_path / "out").exit_code == 0
    assert set(members(tmp_path / "out")) == {"database", "team.keys"}
    for secret in (b"these are form keys", b"this is a published site"):
        assert secret not in (tmp_path / "out").read_bytes()
