"""A desk opens what the server sealed of its onion service, into a new folder that nobody else can read."""

import os
from pathlib import Path

import pytest

from crypto import onionkeys
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.seal import sealed
from crypto.teamkeys import TeamKeys
from tests.desk.conftest import DeskUnderTest
from tests.vectors.make_onionkeys import KEYS


@pytest.fixture
def file(desk: DeskUnderTest, tmp_path: Path) -> Path:
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    path = tmp_path / "onion.sealed"
    path.write_bytes(onionkeys.locked(KEYS, team))
    return path


def test_it_writes_the_files_that_tor_reads(desk: DeskUnderTest, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "tor"
    told = desk.done("onion-keys", file, "--out", out)
    assert KEYS.address in told
    assert "whoever has them is that site" in told
    assert {path.name: path.read_bytes() for path in out.iterdir()} == KEYS.files()
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert out.stat().st_mode & 0o777 == 0o700
    assert KEYS.secret.reveal()[:8].hex() not in told


def test_an_empty_folder_is_taken_and_made_private(desk: DeskUnderTest, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "tor"
    out.mkdir(mode=0o755)
    desk.done("onion-keys", file, "--out", out)
    assert out.stat().st_mode & 0o777 == 0o700


def test_nothing_is_ever_overwritten(desk: DeskUnderTest, file: Path, tmp_path: Path) -> None:
    (tmp_path / "hostname").write_bytes(b"precious")
    answer = desk.run("onion-keys", file, "--out", tmp_path)
    assert answer.status == 1
    assert "is there already, and not empty" in answer.err
    assert (tmp_path / "hostname").read_bytes() == b"precious"


def test_what_is_sealed_to_other_desks_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    other = DeskKeys.make("other", team.newest, 1)
    theirs = TeamKeys.read(Identity.new().team_keys((other.public(),), version=1, practice=True))
    path = tmp_path / "theirs"
    path.write_bytes(onionkeys.locked(KEYS, theirs))
    answer = desk.run("onion-keys", path, "--out", tmp_path / "tor")
    assert answer.status == 1
    assert "is sealed to other desks" in answer.err
    assert not (tmp_path / "tor").exists()


def test_a_month_whose_key_is_not_here_is_named(desk: DeskUnderTest, tmp_path: Path) -> None:
    other = DeskKeys.make("other", Epoch(203512), 1)
    theirs = TeamKeys.read(Identity.new().team_keys((other.public(),), version=1, practice=True))
    path = tmp_path / "theirs"
    path.write_bytes(onionkeys.locked(KEYS, theirs))
    answer = desk.run("onion-keys", path, "--out", tmp_path / "tor")
    assert answer.status == 1
    assert "it was sealed for 203512" in answer.err
    assert "desk: hint: try at another desk" in answer.err


def _report(desk: DeskUnderTest) -> bytes:
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    return sealed(Kind.INCOMING, team.oldest, team.recipients(team.oldest), b"x" * 96)


@pytest.mark.parametrize("what", ["nothing", "noise", "a report", "cut", "too long"])
def test_anything_else_is_refused(desk: DeskUnderTest, file: Path, tmp_path: Path, what: str) -> None:
    whole = file.read_bytes()
    file.write_bytes(
        {
            "nothing": b"",
            "noise": os.urandom(3000),
            "a report": _report(desk),
            "cut": whole[:-1],
            "too long": whole + bytes(100_000),
        }[what]
    )
    answer = desk.run("onion-keys", file, "--out", tmp_path / "tor")
    assert answer.status == 1
    assert "holds no onion keys" in answer.err
    assert not (tmp_path / "tor").exists()


def test_a_file_that_is_not_there_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    assert "no such file" in desk.run("onion-keys", tmp_path / "none", "--out", tmp_path / "tor").err
