import errno
import hashlib
import os
import sys
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from commands.export import RESERVE
from commands.output import sized
from crypto.bundle import BundleReader
from crypto.teamkeys import TeamKeys
from store import NotScrubbed, Pinned, Store
from tests import engine, inside
from tests.commands.backups import part
from tests.commands.conftest import MONTH, keep
from tests.store.kept import file_of

# The module: the command itself has the same name.
HERE = sys.modules["commands.export"]


def read(path: Path) -> dict[str, bytes]:
    """Read a bundle as the desk does; it has to be whole."""
    with path.open("rb") as file:
        reader = BundleReader(file)
        members = {entry.name: b"".join(entry.pieces()) for entry in reader}
        assert reader.damage == []
        assert reader.whole == reader.members
        assert reader.heading.team_version == 7
    return members


def names(envelopes: list[bytes], blobs: list[bytes]) -> set[str]:
    digests = (hashlib.sha256(envelope).hexdigest() for envelope in envelopes)
    return {f"env/{digest}" for digest in digests} | {f"blob/{blob.hex()}" for blob in blobs}


def test_an_export_holds_all_that_is_kept_and_no_more(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    envelope, (large, empty) = keep(store, team_keys, os.urandom(300_000), b"")
    other, _ = keep(store, team_keys, month=MONTH.next())
    pending = store.start_blob(None)
    pending.finish()
    out = tmp_path / "out.tar"
    result = runner.invoke(args=["export", str(out)])
    assert result.exit_code == 0, result.output
    assert f"2 reports and 2 attached files are in {out}" in result.stdout
    members = read(out)
    assert members.keys() == names([envelope, other], [large, empty])
    assert envelope in members.values()
    assert members[f"blob/{large.hex()}"] == inside.blobs(store.data)[large]
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open("rb") as file:
        assert BundleReader(file).heading.epochs == (MONTH, MONTH.next())
    with tarfile.open(out) as tar:
        assert len(tar.getnames()) == 5


def test_exporting_twice_loses_and_repeats_nothing(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    first = keep(store, team_keys, b"one")
    assert runner.invoke(args=["export", str(tmp_path / "1")]).exit_code == 0
    assert runner.invoke(args=["export", str(tmp_path / "2")]).exit_code == 0
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    second = keep(store, team_keys, b"two")
    store.sweep()
    assert runner.invoke(args=["export", str(tmp_path / "3")]).exit_code == 0
    assert read(tmp_path / "1").keys() == names([first[0]], first[1])
    assert read(tmp_path / "3").keys() == names([first[0], second[0]], first[1] + second[1])


def test_an_empty_store_makes_an_empty_bundle(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["export", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "no reports and no attached files" in result.stdout
    assert read(tmp_path / "out") == {}


def test_an_export_never_overwrites(runner: FlaskCliRunner, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"precious")
    result = runner.invoke(args=["export", str(out)])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"vigil: error: there is already something at {out}",
        "vigil: hint: name a new file: an export never overwrites",
    ]
    assert out.read_bytes() == b"precious"


def test_a_folder_that_is_not_there_is_told(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["export", str(tmp_path / "nowhere" / "out")])
    assert result.exit_code == 1
    assert result.stderr.startswith("vigil: error: cannot write ")
    assert "vigil: hint: " in result.stderr


def test_without_a_file_it_is_called_wrongly(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["export"]).exit_code == 2


def test_a_report_that_comes_meanwhile_never_lacks_its_files(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = keep(store, team_keys, b"one")
    pinned = part("pinned").Pinned
    kept_blobs = pinned.kept_blobs

    def meanwhile(self: Pinned) -> object:
        keep(store, team_keys, b"two")
        return kept_blobs(self)

    monkeypatch.setattr(pinned, "kept_blobs", meanwhile)
    assert runner.invoke(args=["export", str(tmp_path / "out")]).exit_code == 0
    assert read(tmp_path / "out").keys() == names([first[0]], first[1])


@pytest.mark.slow
@pytest.mark.parametrize("step", ["envelopes", "envelope", "kept_blobs", "open_blob"])
def test_what_is_deleted_meanwhile_stops_no_export(
    store: Store,
    team_keys: TeamKeys,
    runner: FlaskCliRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    monkeypatch.setattr("store.sqlite.erasing.PATIENCE", 0.01)
    reports = [keep(store, team_keys, b"one", b"two") for _ in range(3)]
    slots = {row: blobs for row, (_, blobs) in zip(_slots(store), reports, strict=True)}
    pinned = part("pinned").Pinned
    real = getattr(pinned, step)

    def meanwhile(self: Pinned, *args: object) -> object:
        with suppress(NotScrubbed):
            store.delete(slots)
        return real(self, *args)

    monkeypatch.setattr(pinned, step, meanwhile)
    result = runner.invoke(args=["export", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "out").keys() >= names([envelope for envelope, _ in reports], [])
    assert list(store.envelopes()) == list(store.kept_blobs()) == []
    assert inside.blobs(store.data) == {}
    if not engine.is_postgres():
        assert list((store.data / "pinned").iterdir()) == []
        assert (store.data / "vigil.db-wal").stat().st_size == 0


def test_where_the_stick_is_full_that_is_told_and_nothing_stays_pinned(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    keep(store, team_keys, b"one")
    monkeypatch.setattr("crypto.bundle.BundleWriter.add", full)
    result = runner.invoke(args=["export", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"vigil: error: cannot write {tmp_path / 'out'}: No space left on device")
    assert engine.is_postgres() or list((store.data / "pinned").iterdir()) == []
    assert store.try_scrub()


@pytest.mark.usefixtures("on_sqlite")  # what is pinned there is a link
def test_what_a_killed_export_had_pinned_is_let_go_of_by_the_next_process(
    store: Store, team_keys: TeamKeys
) -> None:
    _, (blob,) = keep(store, team_keys, b"one")
    link = store.data / "pinned" / blob.hex()
    link.hardlink_to(file_of(store, blob))
    store.close()
    again = engine.open_store(store.data)
    assert not link.exists()
    with again.pinned() as pinned, pinned.open_blob(blob) as file:
        # Beside one at work, nobody takes its links away.
        engine.open_store(store.data).close()
        assert link.exists()
        assert file.read() == b"one"
    again.close()


def _slots(store: Store) -> list[bytes]:
    return [bytes(row[0]) for row in inside.run(store.data, "SELECT id FROM slot")]


def test_what_is_damaged_is_left_out_and_told_and_the_rest_is_exported(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    envelope, (lost, cut, whole) = keep(store, team_keys, b"one", b"two", b"three")
    broken, _ = keep(store, team_keys)
    inside.lose(store.data, lost)
    inside.alter(store.data, cut, b"t")
    digest, shorter = map(inside.hexed, (hashlib.sha256(broken).digest(), broken[:-1]))
    inside.run(store.data, f"UPDATE body SET envelope = {shorter} WHERE digest = {digest}")
    result = runner.invoke(args=["export", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "vigil: error: 3 things that should be kept cannot be read" in result.stderr
    assert "vigil: hint: " in result.stderr
    assert read(tmp_path / "out").keys() == names([envelope], [whole])


def test_a_bundle_for_which_there_is_no_room_is_refused_before_it_is_written(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, team_keys, os.urandom(300_000))
    assert runner.invoke(args=["export", str(tmp_path / "first")]).exit_code == 0
    needed = (tmp_path / "first").stat().st_size
    monkeypatch.setattr(HERE, "free_space", lambda _: RESERVE + needed - 1)
    result = runner.invoke(args=["export", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert (
        f"vigil: error: {tmp_path / 'out'} would have {sized(needed)}, and there is room for" in result.stderr
    )
    assert "take `export -`: it writes to standard output" in result.stderr
    assert [path.name for path in tmp_path.glob("*out*")] == []
    monkeypatch.setattr(HERE, "free_space", lambda _: RESERVE + needed)
    assert runner.invoke(args=["export", str(tmp_path / "out")]).exit_code == 0
    assert (tmp_path / "out").stat().st_size == needed
    # And on a full disk there is the way that takes none.
    monkeypatch.setattr(HERE, "free_space", lambda _: 0)
    streamed = runner.invoke(args=["export", "-"])
    assert streamed.exit_code == 0
    assert streamed.stdout_bytes == (tmp_path / "out").read_bytes()
    assert "1 report and 1 attached file are in the bundle" in streamed.stderr


def test_what_goes_out_says_whether_it_is_whole(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    envelope, (lost, whole) = keep(store, team_keys, b"one", b"two")
    inside.lose(store.data, lost)
    result = runner.invoke(args=["export", "-"])
    assert result.exit_code == 4
    assert "1 thing that should be kept cannot be read, and is not in the bundle" in result.stderr
    (tmp_path / "out").write_bytes(result.stdout_bytes)
    assert read(tmp_path / "out").keys() == names([envelope], [whole])
    monkeypatch.setattr("crypto.bundle.BundleWriter.add", closed)
    result = runner.invoke(args=["export", "-"])
    assert result.exit_code == 1
    assert "vigil: error: the bundle did not go out whole" in result.stderr
    (tmp_path / "half").write_bytes(result.stdout_bytes)
    with (tmp_path / "half").open("rb") as half:
        reader = BundleReader(half)
        assert list(reader) == []
    assert reader.whole < reader.members
    assert reader.damage
