"""A desk comes back from its backup, by words or by enough shares, and a stranger's words bring nothing."""

import os
import subprocess
from pathlib import Path

import pytest

from crypto import keyfile
from crypto.paper import words_of
from crypto.secret import RecoverySecret
from tests.desk.conftest import ROOT, DeskUnderTest
from tests.papers import gives_away


def recover(
    home: Path, copy: Path, typed: str, desk: DeskUnderTest, *more: object
) -> "subprocess.CompletedProcess[str]":
    command = DeskUnderTest(home, desk.capsys).command("keys", "recover", "--backup", copy, *more)
    return subprocess.run(
        command, cwd=ROOT, input=typed, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def lost(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """Give a desk with a report, whose backup was carried away."""
    parcel = desk.parcel()
    parcel.add("before the loss")
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    (tmp_path / "stick").write_bytes((desk.home / "keys.backup").read_bytes())
    return desk


def test_the_words_bring_the_desk_back(lost: DeskUnderTest, tmp_path: Path) -> None:
    words = (lost.home / "recovery.words").read_text().split()
    typed = "\n".join(f"{number}. {word}" for number, word in enumerate(words, 1)) + "\n\n"
    run = recover(tmp_path / "new", tmp_path / "stick", typed, lost)
    assert run.returncode == 0, run.stderr
    new = DeskUnderTest(tmp_path / "new", lost.capsys)
    for name in ("desk.keys",):
        old_keys = keyfile.unlocked((lost.home / name).read_bytes(), "practice")
        assert keyfile.unlocked((new.home / name).read_bytes(), "practice") == old_keys
    assert (new.home / "team.keys").read_bytes() == (lost.home / "team.keys").read_bytes()
    assert not (new.home / "recovery.words").exists()
    new.done("import", tmp_path / "out.tar")
    assert [case["begins"] for case in new.json("list")] == ["before the loss"]
    assert not gives_away(run.stdout + run.stderr, words)
    # It writes backups for the same secret again.
    assert new.json("keys")["backup"]["kept_as"] == "24 words"
    new.done("keys", "make", "--months", 25)
    again = recover(tmp_path / "newer", new.home / "keys.backup", typed, lost)
    assert again.returncode == 0, again.stderr


def test_enough_shares_bring_it_back_and_fewer_do_not(desk: DeskUnderTest, tmp_path: Path) -> None:
    desk.done("keys", "new-recovery", "--shares", "2of3")
    first, second, third = (desk.home / "recovery.words").read_text().splitlines()
    copy = desk.home / "keys.backup"
    run = recover(tmp_path / "one", copy, f"{first}\n\n{first}\n\n", desk)
    assert run.returncode == 1
    assert "1 more needed" in run.stdout
    assert "you have typed this share already; another one is needed" in run.stdout
    assert not (tmp_path / "one" / "desk.keys").exists()
    for number, pair in enumerate([(first, second), (third, first), (second, third)]):
        typed = "".join(f"{share}\n\n" for share in pair)
        run = recover(tmp_path / f"new{number}", copy, typed, desk)
        assert run.returncode == 0, run.stderr
        assert (tmp_path / f"new{number}" / "desk.keys").exists()


def test_old_words_do_not_open_a_backup_of_new_ones(desk: DeskUnderTest, tmp_path: Path) -> None:
    old = (desk.home / "recovery.words").read_text()
    desk.done("keys", "new-recovery")
    run = recover(tmp_path / "new", desk.home / "keys.backup", f"{old}\n", desk)
    assert run.returncode == 1
    assert "these words do not open" in run.stderr


def test_words_of_something_else_open_nothing(lost: DeskUnderTest, tmp_path: Path) -> None:
    typed = " ".join(words_of(RecoverySecret.new())) + "\n\n"
    run = recover(tmp_path / "new", tmp_path / "stick", typed, lost)
    assert run.returncode == 1
    assert "these words do not open" in run.stderr
    assert {path.name for path in (tmp_path / "new").iterdir()} <= {".lock"}


def test_bytes_that_are_no_text_are_told_without_a_traceback(lost: DeskUnderTest, tmp_path: Path) -> None:
    command = DeskUnderTest(tmp_path / "new", lost.capsys).command(
        "keys", "recover", "--backup", tmp_path / "stick"
    )
    run = subprocess.run(
        command,
        cwd=ROOT,
        input=b"abandon \xff\xfe\n\n",
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
    )
    assert run.returncode == 1
    assert b"what was typed is no text" in run.stderr
    assert b"Traceback" not in run.stderr


def test_a_damaged_backup_is_told(lost: DeskUnderTest, tmp_path: Path) -> None:
    copy = tmp_path / "stick"
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    run = recover(tmp_path / "new", copy, (lost.home / "recovery.words").read_text() + "\n", lost)
    assert run.returncode == 1
    assert "take another copy of keys.backup" in run.stderr


def test_a_desk_that_is_there_is_left_alone(lost: DeskUnderTest, tmp_path: Path) -> None:
    before = (lost.home / "desk.keys").read_bytes()
    words = (lost.home / "recovery.words").read_text()
    run = recover(lost.home, tmp_path / "stick", words + "\n", lost)
    assert run.returncode == 1
    assert "holds a desk already" in run.stderr
    assert (lost.home / "desk.keys").read_bytes() == before


def test_a_newer_list_is_taken_and_a_strangers_is_not(lost: DeskUnderTest, tmp_path: Path) -> None:
    words = (lost.home / "recovery.words").read_text() + "\n"
    lost.done("keys", "renew")
    newer = lost.home / "team.keys"
    run = recover(tmp_path / "new", tmp_path / "stick", words, lost, "--team-keys", newer)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "new" / "team.keys").read_bytes() == newer.read_bytes()
    stranger = DeskUnderTest(tmp_path / "stranger", lost.capsys)
    stranger.done("init", "--practice")
    run = recover(
        tmp_path / "third", tmp_path / "stick", words, lost, "--team-keys", stranger.home / "team.keys"
    )
    assert run.returncode == 1
    assert "another identity" in run.stderr


def test_a_recovery_that_was_cut_off_is_done_again(lost: DeskUnderTest, tmp_path: Path) -> None:
    words = (lost.home / "recovery.words").read_text() + "\n"
    assert recover(tmp_path / "new", tmp_path / "stick", words, lost).returncode == 0
    (tmp_path / "new" / "desk.keys").unlink()  # it comes last
    assert recover(tmp_path / "new", tmp_path / "stick", words, lost).returncode == 0
    assert (tmp_path / "new" / "desk.keys").exists()
