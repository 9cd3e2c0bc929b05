"""A backup holds the whole desk, is checked before it is put back, and goes over nothing."""

import io
import random
import shutil
import tarfile
from pathlib import Path

import pytest

from desk.copies import archive
from desk.home import Home
from desk.keys import notes
from payload.changes import Text
from tests.counts import count
from tests.desk.booked import booked, case_with, keys_of, three_cases
from tests.desk.conftest import DeskUnderTest
from tests.desk.destroying import DESTROY, files_of, move_on
from tests.desk.killing import killed_at, steps_of
from tests.desk.mail import wrote


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    three_cases(desk, tmp_path)
    book = booked(desk)
    book.add(case_with(book, "A van"), Text("Rang them."), "Ann")
    desk.done("reply", case_with(book, "Three").name, "--text-file", wrote(tmp_path, "Thank you."))
    return desk


@pytest.fixture
def backup(filled: DeskUnderTest, tmp_path: Path) -> Path:
    filled.done("backup", tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


def _at(folder: Path, desk: DeskUnderTest) -> DeskUnderTest:
    return DeskUnderTest(folder, desk.capsys)


def _held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): data for path, data in files_of(folder) if path.name != ".lock"}


def test_what_was_backed_up_is_put_back_byte_for_byte(
    filled: DeskUnderTest, backup: Path, tmp_path: Path
) -> None:
    new = _at(tmp_path / "new", filled)
    new.done("restore", backup)
    assert _held(new.home) == _held(filled.home)
    assert new.json("list") == filled.json("list")
    name = case_with(booked(new), "A van").name
    assert new.json("show", name) == filled.json("show", name)
    assert (new.home.stat().st_mode & 0o777, (new.home / "desk.keys").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(".restoring")) == []


def test_an_empty_folder_is_filled(filled: DeskUnderTest, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    _at(tmp_path / "new", filled).done("restore", backup)
    assert _held(tmp_path / "new") == _held(filled.home)


def test_any_tar_unpacks_it_and_nothing_in_it_is_readable(filled: DeskUnderTest, backup: Path) -> None:
    (filled.home / "saved.txt").write_text("A van at the yard")
    with tarfile.open(backup) as tar:
        names = tar.getnames()
    assert names[-1] == "manifest"
    assert {"desk.keys", "team.keys", "keys.json", "state.json", "server.json", "held.bin"} <= set(names)
    assert {name.split("/")[0] for name in names if "/" in name} == {"casebook", "outbox"}
    data = backup.read_bytes()
    assert b"yard" not in data
    assert b"Rang" not in data


def test_what_is_not_the_desks_is_left_out_and_told(filled: DeskUnderTest, tmp_path: Path) -> None:
    (filled.home / "saved.txt").write_text("readable")
    (filled.home / "casebook" / "env" / "notes.txt").write_text("readable")
    (filled.home / "casebook" / "env" / ("a" * 64)).symlink_to("/etc/passwd")
    assert "3 other files of that folder left out" in filled.done("backup", tmp_path / "backup.tar")
    assert b"readable" not in (tmp_path / "backup.tar").read_bytes()


def test_it_goes_over_nothing(filled: DeskUnderTest, backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    assert filled.run("backup", backup).status == 1
    assert backup.read_bytes() == before
    held = _held(filled.home)
    answer = filled.run("restore", backup)
    assert (answer.status, "is not empty" in answer.err) == (1, True)
    assert _held(filled.home) == held
    (tmp_path / "file").write_text("x")
    assert _at(tmp_path / "file", filled).run("restore", backup).status == 1
    assert filled.run("backup", filled.home / "inside.tar").status == 1


def test_the_copy_is_noted_and_named_when_keys_are_destroyed(
    filled: DeskUnderTest, backup: Path, tmp_path: Path
) -> None:
    copies = notes.read(Home(filled.home), keys_of(filled)).copies
    assert "the desk's folder in backup.tar" in [copy.what for copy in copies]
    move_on(filled, tmp_path)
    told = filled.done(*DESTROY, "--keep-none", "--even-so")
    assert "the copy of the desk's folder in backup.tar of " in told
    # And the old backup still opens what was destroyed here, as the docs say.
    old = _at(tmp_path / "old", filled)
    old.done("restore", backup)
    assert len(old.json("list")) == 3


def test_a_backup_that_fails_is_not_noted(filled: DeskUnderTest, tmp_path: Path) -> None:
    before = (filled.home / "keys.json").read_bytes()
    assert filled.run("backup", tmp_path / "nowhere" / "backup.tar").status == 1
    assert (filled.home / "keys.json").read_bytes() == before


@pytest.mark.parametrize("step", range(count(4, 12)))
def test_killed_it_leaves_nothing_that_passes_for_one(
    filled: DeskUnderTest, tmp_path: Path, step: int
) -> None:
    target = tmp_path / "stick" / "backup.tar"
    target.parent.mkdir()
    if killed_at(filled, step, "backup", target) and target.exists():
        # Killed after it was whole: then it is one.
        with target.open("rb") as source:
            archive.checked(source, lambda _: None).check_made_by(keys_of(filled))
    assert booked(filled).files()


def test_a_killed_restore_leaves_no_desk_and_the_next_one_is_whole(
    filled: DeskUnderTest, backup: Path, tmp_path: Path
) -> None:
    steps = steps_of(_at(tmp_path / "counted", filled), "restore", backup)
    for step in {0, steps // 3, steps - 3, steps - 1}:
        new = _at(tmp_path / f"new{step}", filled)
        if killed_at(new, step, "restore", backup):
            assert not new.home.exists() or _held(new.home) == _held(filled.home)
        if not new.home.exists():
            new.done("restore", backup)
        assert _held(new.home) == _held(filled.home)
        shutil.rmtree(new.home)


# ---- what is no backup, or not the one that was made


def test_no_changed_byte_is_put_back(filled: DeskUnderTest, backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    maker = random.Random(5)
    new = _at(tmp_path / "new", filled)
    for _ in range(count(12, 300)):
        place = maker.randrange(len(whole))
        changed = whole[:place] + bytes([whole[place] ^ (1 << maker.randrange(8))]) + whole[place + 1 :]
        backup.write_bytes(changed)
        answer = new.run("restore", backup)
        assert answer.status == 1, place
        assert "nothing was put back" in answer.err, place
        assert not new.home.exists()


@pytest.mark.parametrize("share", [0, 1, 511, 512, 0.5, -1024, -1])
def test_one_that_is_cut_short_is_refused(
    filled: DeskUnderTest, backup: Path, tmp_path: Path, share: float
) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[: int(len(whole) * share) if share == 0.5 else int(share)])
    assert _at(tmp_path / "new", filled).run("restore", backup).status == 1
    backup.write_bytes(whole + b"more")
    assert _at(tmp_path / "new", filled).run("restore", backup).status == 1
    assert not (tmp_path / "new").exists()


def test_what_another_put_in_is_refused(filled: DeskUnderTest, backup: Path, tmp_path: Path) -> None:
    """Somebody unpacks it, adds an envelope of their own, and signs the list with a key of theirs."""
    from desk import cli

    other = tmp_path / "other"
    assert cli.main(["--home", str(other), "init", "--practice"]) == 0
    theirs = keys_of(_at(other, filled))
    home = tmp_path / "unpacked"
    with tarfile.open(backup) as tar:
        tar.extractall(home, filter="data")
    (home / "manifest").unlink()
    (home / "casebook" / "env" / ("ab" * 32)).write_bytes(b"theirs")
    names = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
    forged = io.BytesIO()
    archive.write_archive(forged, home, names, theirs, lambda _: None)
    backup.write_bytes(forged.getvalue())
    answer = _at(tmp_path / "new", filled).run("restore", backup)
    assert (answer.status, "it was changed after this desk made it" in answer.err) == (1, True)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "name",
    ["../desk.keys", "/etc/cron.d/x", "casebook/env/../../x", ".bashrc", "casebook/env/x", "identity.key/x"],
)
def test_no_other_name_is_written(filled: DeskUnderTest, tmp_path: Path, name: str) -> None:
    home = tmp_path / "made"
    home.mkdir()
    (home / "file").write_bytes(b"x")
    out = io.BytesIO()
    archive.write_archive(out, home, ["file"], keys_of(filled), lambda _: None)
    from crypto import ustar

    data = ustar.header(name, 1) + out.getvalue()[ustar.BLOCK :]
    (tmp_path / "bad.tar").write_bytes(data)
    answer = _at(tmp_path / "new", filled).run("restore", tmp_path / "bad.tar")
    assert (answer.status, "none of a desk's folder" in answer.err) == (1, True)
    assert not (tmp_path / "new").exists()


def test_another_passphrase_does_not_open_it(
    filled: DeskUnderTest, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("another one\n")
    wrong.chmod(0o600)
    monkeypatch.setenv("DESK_PASSPHRASE_FILE", str(wrong))
    answer = _at(tmp_path / "new", filled).run("restore", backup)
    assert (answer.status, "does not open" in answer.err) == (1, True)
    assert not (tmp_path / "new").exists()
