"""The list of desks is signed by the identity alone, follows the one before, and names who is added."""

import re
import subprocess
from pathlib import Path

import pytest

from crypto import backup, identity, keyfile
from crypto.epoch import Epoch
from crypto.paper import read_words, words_of
from crypto.secret import RecoverySecret
from crypto.teamkeys import TeamKeys
from desk.home import read_key_file
from desk.keys import notes
from tests.desk.conftest import DeskUnderTest
from tests.papers import gives_away

NOW = Epoch.of(notes.today())


def team_of(desk: DeskUnderTest) -> TeamKeys:
    return TeamKeys.read((desk.home / "team.keys").read_bytes())


@pytest.fixture
def second(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """Give another desk, made for the same team and not on its list yet."""
    other = DeskUnderTest(tmp_path / "second", desk.capsys)
    other.done("init", "--join", desk.home / "team.keys", "--name", "laptop 2")
    return other


# ---- months


def test_a_renewed_list_holds_the_new_months(desk: DeskUnderTest) -> None:
    before = team_of(desk)
    assert "6 new months" in desk.done("keys", "make", "--months", 30)
    assert team_of(desk).raw == before.raw
    assert "list 2: practice" in desk.done("keys", "renew")
    after = team_of(desk)
    after.check_follows(before)
    assert (after.version, after.oldest) == (2, before.oldest)
    assert len(after.desks[0].epochs) == 30
    assert {month: after.desks[0].epochs[month] for month in before.desks[0].epochs} == before.desks[0].epochs


def test_keys_that_are_there_are_not_made_again(desk: DeskUnderTest) -> None:
    before = (desk.home / "desk.keys").read_bytes()
    assert "0 new months" in desk.done("keys", "make")
    assert (desk.home / "desk.keys").read_bytes() == before


@pytest.mark.parametrize("months", [0, 61, -3])
def test_other_numbers_of_months_are_refused(desk: DeskUnderTest, months: int) -> None:
    answer = desk.run("keys", "make", f"--months={months}")
    assert answer.status == 1
    assert "name 1 to 60" in answer.err


def test_old_months_are_left_out_and_do_not_come_back(desk: DeskUnderTest) -> None:
    desk.done("keys", "renew", "--oldest", NOW.next())
    assert team_of(desk).oldest == NOW.next()
    desk.done("keys", "renew")
    assert team_of(desk).oldest == NOW.next()
    answer = desk.run("keys", "renew", "--oldest", NOW)
    assert answer.status == 1
    assert "months do not come back" in answer.err
    answer = desk.run("keys", "renew", "--oldest", "999912")
    assert answer.status == 1
    assert "for which every desk has a key" in answer.err


def test_the_backup_follows_keys_and_list(desk: DeskUnderTest) -> None:
    secret = read_words((desk.home / "recovery.words").read_text(), RecoverySecret)
    for command in (("make", "--months", 26), ("renew",)):
        desk.done("keys", *command)
        found = backup.unlocked((desk.home / "keys.backup").read_bytes(), secret)
        assert found.keys == keyfile.unlocked((desk.home / "desk.keys").read_bytes(), "practice")
        assert found.team.raw == team_of(desk).raw


# ---- desks


def test_a_second_desk_is_added_and_reads_what_comes_in(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    assert not (second.home / "identity.key").exists()
    assert "this desk is not on the list" in second.done("keys")
    told = second.done("keys", "export", tmp_path / "part")
    shown = desk.done("keys", "add-desk", tmp_path / "part")
    fingerprint = re.search(r"fingerprint: (.+)", told)
    assert fingerprint
    assert fingerprint[1] in shown
    assert [one.name for one in team_of(desk).desks] == ["practice", "laptop 2"]
    assert all(one.collects for one in team_of(desk).desks)
    second.done("keys", "take", desk.home / "team.keys")
    assert "! this desk" not in second.done("keys")
    parcel = desk.parcel()
    parcel.add("for both")
    bundle = parcel.write(tmp_path / "out.tar")
    for one in (desk, second):
        one.done("import", bundle)
        assert [case["state"] for case in one.json("list")] == ["complete"]


def test_a_desk_that_made_more_months_is_taken_in_again(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    second.done("keys", "export", tmp_path / "part")
    desk.done("keys", "add-desk", tmp_path / "part", "--no-collect")
    assert [one.collects for one in team_of(desk).desks] == [True, False]
    for one in (desk, second):
        one.done("keys", "make", "--months", 36)
    desk.done("keys", "renew")
    assert len(team_of(desk).desks[0].epochs) == 24  # as far as every desk has keys
    second.done("keys", "export", tmp_path / "part2")
    desk.done("keys", "add-desk", tmp_path / "part2")
    assert {len(one.epochs) for one in team_of(desk).desks} == {36}
    assert [one.collects for one in team_of(desk).desks] == [True, False]
    desk.done("keys", "add-desk", tmp_path / "part2", "--collect")
    assert [one.collects for one in team_of(desk).desks] == [True, True]
    assert len(team_of(desk).desks) == 2


def test_a_desk_is_taken_off_and_the_last_one_is_not(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    second.done("keys", "export", tmp_path / "part")
    desk.done("keys", "add-desk", tmp_path / "part")
    desk.done("keys", "remove-desk", "laptop 2")
    assert [one.name for one in team_of(desk).desks] == ["practice"]
    answer = desk.run("keys", "remove-desk", "practice")
    assert answer.status == 1
    assert "the only desk" in answer.err
    answer = desk.run("keys", "remove-desk", "nobody")
    assert answer.status == 1
    assert "it has: practice" in answer.err


def test_another_desk_does_not_slip_in_under_a_name_that_is_listed(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    other = DeskUnderTest(tmp_path / "other", desk.capsys)
    other.done("init", "--join", desk.home / "team.keys", "--name", "practice")
    other.done("keys", "export", tmp_path / "part")
    before = team_of(desk).raw
    answer = desk.run("keys", "add-desk", tmp_path / "part")
    assert answer.status == 1
    assert "another desk called practice is on the list" in answer.err
    assert team_of(desk).raw == before


def test_a_new_desk_takes_the_place_of_a_stolen_one_by_itself(desk: DeskUnderTest, tmp_path: Path) -> None:
    """The drill of docs/keys.md, stolen laptop: only the server's list is left, and the identity."""
    new = DeskUnderTest(tmp_path / "new", desk.capsys)
    new.done("init", "--join", desk.home / "team.keys", "--name", "newsroom-2")
    new.done("keys", "export", tmp_path / "part")
    new.done("keys", "add-desk", tmp_path / "part", "--identity", desk.home / "identity.key")
    new.done("keys", "remove-desk", "practice", "--identity", desk.home / "identity.key")
    team = team_of(new)
    assert [one.name for one in team.desks] == ["newsroom-2"]
    team.check_follows(team_of(desk))
    assert "! " not in new.done("keys")
    parcel = new.parcel()
    parcel.add("for the new desk alone")
    bundle = parcel.write(tmp_path / "out.tar")
    for one, state in ((new, "complete"), (desk, "no key")):
        one.done("import", bundle)
        assert [case["state"] for case in one.json("list")] == [state]


def test_a_damaged_part_is_refused(desk: DeskUnderTest, tmp_path: Path) -> None:
    part = tmp_path / "part"
    desk.done("keys", "export", part)
    assert desk.run("keys", "export", part).status == 1  # never over another file
    part.write_bytes(part.read_bytes().replace(b"A", b"B", 1))
    answer = desk.run("keys", "add-desk", part)
    assert answer.status == 1
    assert "write it again at that desk" in answer.err


# ---- the identity


def test_words_from_paper_sign(desk: DeskUnderTest, tmp_path: Path) -> None:
    seed = read_key_file(desk.home / "identity.key", "practice", identity.unlocked).seed
    words = words_of(seed)
    (desk.home / "identity.key").rename(tmp_path / "away")
    run = subprocess.run(
        desk.command("keys", "renew"),
        input="\n".join([*words[:23], "wrongg", "", *[word[:4].upper() for word in words], "", ""]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "word 24, 'wrongg', is not in the list: perhaps wrong" in run.stdout
    assert team_of(desk).version == 2
    assert not gives_away(run.stdout + run.stderr, words)


def test_another_identity_signs_nothing(desk: DeskUnderTest, tmp_path: Path) -> None:
    stranger = DeskUnderTest(tmp_path / "stranger", desk.capsys)
    stranger.done("init", "--practice")
    before = team_of(desk).raw
    answer = desk.run("keys", "renew", "--identity", stranger.home / "identity.key")
    assert answer.status == 1
    assert "holds another identity" in answer.err
    assert team_of(desk).raw == before
    answer = desk.run("keys", "take", stranger.home / "team.keys")
    assert answer.status == 1
    assert "another identity" in answer.err


def test_a_new_identity_that_the_old_one_signed_for_is_followed(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    before = team_of(desk)
    told = desk.done("keys", "renew", "--new-identity-file", tmp_path / "new.key")
    after = team_of(desk)
    assert after.fingerprint in told
    assert after.identity != before.identity
    after.check_follows(before)
    second.done("keys", "take", desk.home / "team.keys")
    # From then on the new one signs, and the old one does not.
    assert desk.run("keys", "renew").status == 1
    desk.done("keys", "renew", "--identity", tmp_path / "new.key")


def test_an_identity_in_place_of_a_lost_one_is_trusted_by_its_fingerprint(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    (desk.home / "identity.key").unlink()
    told = desk.done("keys", "renew", "--new-identity-file", tmp_path / "new.key", "--lost")
    new = team_of(desk)
    assert f"VIGIL_TRUST='{new.fingerprint}'" in told
    answer = second.run("keys", "take", desk.home / "team.keys")
    assert answer.status == 1
    assert "another identity" in answer.err
    assert f"--trust '{new.fingerprint}'" in answer.err
    answer = second.run("keys", "take", desk.home / "team.keys", "--trust", "AAAA " * 8)
    assert answer.status == 1
    assert new.fingerprint in answer.err
    # With or without quotation marks.
    second.done("keys", "take", desk.home / "team.keys", "--trust", *new.fingerprint.lower().split())
    assert team_of(second).raw == new.raw


def test_lost_goes_with_a_new_identity_only(desk: DeskUnderTest) -> None:
    answer = desk.run("keys", "renew", "--lost")
    assert answer.status == 1
    assert "--lost goes with --new-identity" in answer.err


def test_an_older_list_is_not_taken(desk: DeskUnderTest, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes((desk.home / "team.keys").read_bytes())
    desk.done("keys", "renew")
    answer = desk.run("keys", "take", old)
    assert answer.status == 1
    assert "version 1 is older than version 2" in answer.err
