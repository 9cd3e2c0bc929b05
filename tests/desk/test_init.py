"""A desk is made whole, never over another one, and a run that was killed is finished by the next."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from crypto import identity, keyfile
from crypto.errors import WrongPassphrase
from crypto.teamkeys import TeamKeys
from desk import cli, setup
from desk.keys import files
from tests.counts import count
from tests.desk.conftest import ROOT, DeskUnderTest


@pytest.fixture
def new_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> DeskUnderTest:
    return DeskUnderTest(tmp_path / "data" / "practice-desk", capsys)


def _phrases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desk: str, ident: str) -> None:
    for variable, phrase in (("DESK_PASSPHRASE_FILE", desk), ("DESK_IDENTITY_PASSPHRASE_FILE", ident)):
        file = tmp_path / variable
        file.write_text(phrase + "\n")
        file.chmod(0o600)
        monkeypatch.setenv(variable, str(file))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_practice_keys_are_signed_as_practice(new_desk: DeskUnderTest, tmp_path: Path) -> None:
    copy = tmp_path / "data" / "team.keys"
    told = new_desk.done("init", "--practice", "--team-keys", copy)
    team = TeamKeys.read(copy.read_bytes())
    assert team.practice
    assert team.fingerprint in told
    assert "PRACTICE KEYS" in told
    keys = keyfile.unlocked((new_desk.home / "desk.keys").read_bytes(), "practice")
    assert keys.public() == team.desks[0]
    assert (
        identity.unlocked((new_desk.home / "identity.key").read_bytes(), "practice").public == team.identity
    )
    assert {path.stat().st_mode & 0o777 for path in new_desk.home.iterdir()} == {0o600}
    assert new_desk.home.stat().st_mode & 0o777 == 0o700
    assert not (new_desk.home / "init.unfinished").exists()


def test_a_second_practice_init_changes_nothing(new_desk: DeskUnderTest, tmp_path: Path) -> None:
    copy = tmp_path / "data" / "team.keys"
    new_desk.done("init", "--practice", "--team-keys", copy)
    before = _files(tmp_path)
    assert "nothing was changed" in new_desk.done("init", "--practice", "--team-keys", copy)
    assert _files(tmp_path) == before


def test_a_lost_copy_of_the_list_is_made_again(new_desk: DeskUnderTest, tmp_path: Path) -> None:
    copy = tmp_path / "data" / "team.keys"
    new_desk.done("init", "--practice", "--team-keys", copy)
    before = copy.read_bytes()
    copy.unlink()
    new_desk.done("init", "--practice", "--team-keys", copy)
    assert copy.read_bytes() == before


def test_real_keys_have_two_passphrases(
    new_desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MODERATE", keyfile.PRACTICE)  # the cost itself is crypto's to test
    _phrases(tmp_path, monkeypatch, "six words drawn with dice", "six other words, locked away")
    stick = tmp_path / "stick" / "identity.key"
    told = new_desk.done("init", "--name", "newsroom", "--identity", stick, "--no-recovery")
    assert "move the identity's file to a stick" in told
    team = TeamKeys.read((new_desk.home / "team.keys").read_bytes())
    assert (team.practice, team.version, [desk.name for desk in team.desks]) == (False, 1, ["newsroom"])
    assert identity.unlocked(stick.read_bytes(), "six other words, locked away").public == team.identity
    with pytest.raises(WrongPassphrase):
        identity.unlocked(stick.read_bytes(), "six words drawn with dice")
    keyfile.unlocked((new_desk.home / "desk.keys").read_bytes(), "six words drawn with dice")
    answer = new_desk.run("init", "--no-recovery")
    assert answer.status == 1
    assert "holds a desk already" in answer.err
    answer = new_desk.run("init", "--practice")
    assert answer.status == 1


def test_an_identity_is_not_put_beside_the_keys(new_desk: DeskUnderTest) -> None:
    answer = new_desk.run(
        "init", "--identity", new_desk.home / "sub" / ".." / "identity.key", "--no-recovery"
    )
    assert answer.status == 1
    assert "the identity must not lie in the desk's folder" in answer.err
    assert set(_files(new_desk.home)) <= {".lock"}


def test_real_keys_cost_what_they_should(
    new_desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _phrases(tmp_path, monkeypatch, "six words drawn with dice", "six other words, locked away")
    new_desk.done("init", "--identity", tmp_path / "identity.key", "--no-recovery")
    for path in (new_desk.home / "desk.keys", tmp_path / "identity.key"):
        data = path.read_bytes()
        assert int.from_bytes(data[13:17], "big") >= 256 * 1024  # KiB, as FORMAT.md lays the header out


@pytest.mark.parametrize(
    ("desk_phrase", "identity_phrase", "what"),
    [
        ("short", "six other words, locked away", "the passphrase of the desk has fewer than 16 characters"),
        ("six words drawn with dice", "", "the passphrase of the team's identity has fewer than 16"),
        ("six words drawn with dice", "six words drawn with dice", "the identity has the desk's passphrase"),
    ],
)
def test_poor_passphrases_are_refused_and_leave_nothing(
    new_desk: DeskUnderTest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    desk_phrase: str,
    identity_phrase: str,
    what: str,
) -> None:
    _phrases(tmp_path, monkeypatch, desk_phrase, identity_phrase)
    answer = new_desk.run("init", "--identity", tmp_path / "identity.key", "--no-recovery")
    assert answer.status == 1
    assert what in answer.err
    assert set(_files(new_desk.home)) <= {".lock"}


def test_without_a_terminal_or_a_file_there_is_no_passphrase(new_desk: DeskUnderTest) -> None:
    answer = new_desk.process("init", "--identity", new_desk.home.parent / "identity.key", "--no-recovery")
    assert answer.returncode == 1
    assert answer.stderr == (
        "desk: error: no passphrase\n"
        "desk: hint: run this in a terminal, or set DESK_IDENTITY_PASSPHRASE_FILE to a file that holds it\n"
    )


@pytest.mark.parametrize(
    "taken", ["desk.keys", "team.keys", "identity.key", "keys.backup", "keys.json", "../team.keys"]
)
def test_nothing_is_overwritten(new_desk: DeskUnderTest, taken: str) -> None:
    new_desk.home.mkdir(parents=True)
    (new_desk.home / taken).write_bytes(b"old")
    answer = new_desk.run("init", "--practice", "--team-keys", new_desk.home.parent / "team.keys")
    assert answer.status == 1
    assert "is there already" in answer.err
    assert "desk: hint: nothing was changed" in answer.err
    assert (new_desk.home / taken).read_bytes() == b"old"
    assert set(_files(new_desk.home.parent)) == {".lock", (new_desk.home / taken).name}


@pytest.mark.parametrize("name", ["", " x", "a\nb", "x" * 65, "\u202e"])
def test_a_name_that_the_list_does_not_take_is_refused(new_desk: DeskUnderTest, name: str) -> None:
    answer = new_desk.run("init", "--practice", f"--name={name}")
    assert answer.status == (0 if name == "" else 1)
    assert "\u202e" not in answer.err


MADE = {
    ".lock",
    "desk.keys",
    "identity.key",
    "keys.backup",
    "keys.json",
    "recovery.words",
    "team.keys",
}


class Killed(BaseException):
    """What a test raises where a kill would strike."""


@pytest.mark.parametrize("writes", range(5))
def test_an_init_killed_between_two_files_is_finished_by_the_next(
    new_desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    copy = tmp_path / "data" / "team.keys"
    done = 0
    real = setup.write_new

    def until(path: Path, data: bytes) -> None:
        nonlocal done
        if done == writes:
            raise Killed
        done += 1
        real(path, data)

    monkeypatch.setattr(setup, "write_new", until)
    with pytest.raises(Killed):
        new_desk.run("init", "--practice", "--team-keys", copy)
    monkeypatch.undo()
    if 1 <= writes <= 3:
        answer = new_desk.run("list")
        assert answer.status == 1
        assert "init was not finished" in answer.err
    if writes:
        answer = new_desk.run("init", "--practice", "--name", "other")
        assert answer.status == 1 or writes == 4
        assert writes == 4 or "finish it with --practice --name 'practice' --identity " in answer.err
    before = _files(new_desk.home)
    new_desk.done("init", "--practice", "--team-keys", copy)
    after = _files(new_desk.home)
    assert {name: data for name, data in before.items() if name != "init.unfinished"}.items() <= after.items()
    assert TeamKeys.read(copy.read_bytes()).raw == after["team.keys"]
    assert set(after) == MADE


def test_a_killed_init_is_finished_by_the_next(new_desk: DeskUnderTest, tmp_path: Path) -> None:
    copy = tmp_path / "data" / "team.keys"
    for round_ in range(count(4, 60)):
        desk = DeskUnderTest(tmp_path / str(round_) / "practice-desk", new_desk.capsys)
        copy = tmp_path / str(round_) / "team.keys"
        arguments = desk.command("init", "--practice", "--team-keys", copy)
        process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 120
            wanted = round_ % 9
            while process.poll() is None and time.monotonic() < deadline:
                if sum(1 for path in desk.home.glob("*") if path.name != ".lock") >= wanted:
                    break
        finally:
            process.kill()
            assert process.wait() in {0, -signal.SIGKILL}
        desk.done("init", "--practice", "--team-keys", copy)
        assert TeamKeys.read(copy.read_bytes()).practice
        assert {path.name for path in desk.home.iterdir()} == MADE


def test_two_at_a_time_make_one_desk(new_desk: DeskUnderTest, tmp_path: Path) -> None:
    copy = tmp_path / "data" / "team.keys"
    arguments = new_desk.command("init", "--practice", "--team-keys", copy)
    processes = [
        subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(4)
    ]
    try:
        outputs = [process.communicate(timeout=300)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0] * 4, outputs
    assert sum("nothing was changed" in output for output in outputs) == 3
    assert copy.read_bytes() == (new_desk.home / "team.keys").read_bytes()


def test_what_init_prints_is_safe_for_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--home", str(tmp_path / "a\x1b[2J"), "init", "--practice"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_damaged_notes_of_an_unfinished_init_are_told(new_desk: DeskUnderTest) -> None:
    new_desk.home.mkdir(parents=True)
    for note in (b"", b"[]", json.dumps({"identity": "x"}).encode(), os.urandom(20)):
        (new_desk.home / "init.unfinished").write_bytes(note)
        answer = new_desk.run("init", "--practice")
        assert answer.status == 1
        assert "init.unfinished is damaged" in answer.err
