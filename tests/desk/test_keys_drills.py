"""The drills of docs/keys.md that need several steps, each followed as a person would."""

import json
import os
import shutil
from pathlib import Path

import pytest

from crypto import keyfile
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from desk.errors import DeskError
from desk.home import Home
from desk.keys import destroying, listing, notes
from desk.keys.listing import Signer
from tests.desk.conftest import DeskUnderTest
from tests.desk.destroying import DESTROY, NEXT, fill, keys_of, move_on
from tests.desk.mail import Source
from tests.desk.terminal import Terminal
from tests.desk.test_keys_recover import recover
from tests.papers import gives_away


def team_of(desk: DeskUnderTest) -> TeamKeys:
    return TeamKeys.read((desk.home / "team.keys").read_bytes())


def joined(desk: DeskUnderTest, home: Path, name: str) -> DeskUnderTest:
    other = DeskUnderTest(home, desk.capsys)
    other.done("init", "--join", desk.home / "team.keys", "--name", name)
    other.done("keys", "export", home.parent / f"{home.name}.part")
    return other


# ---- stolen laptop


def test_the_only_desk_is_stolen_and_its_cases_come_along(desk: DeskUnderTest, tmp_path: Path) -> None:
    identity = desk.home / "identity.key"
    source = Source()
    parcel = desk.parcel()
    parcel.add_report(source.report(b"d" * 16, "The old case."))
    parcel.add("with a file", [("a.txt", b"hello")])
    bundle = parcel.write(tmp_path / "out.tar")
    words = (desk.home / "recovery.words").read_text() + "\n"
    assert recover(tmp_path / "old", desk.home / "keys.backup", words, desk).returncode == 0
    old = DeskUnderTest(tmp_path / "old", desk.capsys)
    new = joined(old, tmp_path / "new", "newsroom-2")
    old.done("keys", "add-desk", tmp_path / "new.part", "--oldest", NEXT, "--identity", identity)
    old.done("import", bundle)
    old.done("export", tmp_path / "back.tar")
    old.done("import", old.parcel().write(tmp_path / "new.tar"))
    names = sorted(case["case"] for case in old.json("list"))
    old.done("keys", "destroy", "--before", NEXT, "--keep", *names)
    new.done("keys", "take", old.home / "team.keys")
    shutil.copytree(old.home / "casebook", new.home / "casebook")
    assert sorted(case["case"] for case in new.json("list")) == names
    assert {case["state"] for case in new.json("list")} == {"complete"}
    told = new.done("keys", "remove-desk", "practice", "--identity", identity)
    assert "sources no longer see what that desk wrote, also what they have not read yet" in told
    (case,) = (one["case"] for one in new.json("list") if "old case" in one["begins"])
    text = tmp_path / "text"
    text.write_text("We are at a new desk.")
    new.done("reply", case, "--text-file", text)
    new.done("export", tmp_path / "last.tar")
    assert [one.name for one in team_of(new).desks] == ["newsroom-2"]


def test_what_a_removed_desk_wrote_is_told_of_before_the_identity_is_asked_for(desk: DeskUnderTest) -> None:
    (desk.home / "identity.key").unlink()
    process = desk.process("keys", "remove-desk", "practice-2")
    assert process.returncode == 1
    assert "Write it again from" in process.stdout


# ---- several desks


def test_a_month_that_another_desk_holds_up_says_so(desk: DeskUnderTest, tmp_path: Path) -> None:
    joined(desk, tmp_path / "second", "laptop 2")
    desk.done("keys", "add-desk", tmp_path / "second.part")
    desk.done("keys", "renew", "--oldest", NEXT)
    parcel = desk.parcel()
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    server = desk.home / "server.json"
    free = server.read_text()
    server.write_text(json.dumps(json.loads(free) | {"epochs": [f"{notes.today():%Y%m}"]}))
    answer = desk.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert "laptop 2 must do the same" in answer.err
    assert "export FILE --give-up CASE" in answer.err
    server.write_text(free)
    told = desk.done(*DESTROY, "--keep-none")
    assert "the other desks (laptop 2)" in told


# ---- the identity


def test_the_drill_of_a_lost_identity_can_be_practised_and_goes_on(desk: DeskUnderTest) -> None:
    with Terminal(desk.command("keys", "renew", "--new-identity", "--lost"), os.environ) as shown:
        words = shown.words("THE TEAM'S IDENTITY")
        shown.prove(words)
        assert shown.end() == 0, shown.seen
    # The words are asked for from then on, and do not stay in the scroll-back.
    with Terminal(desk.command("keys", "renew"), os.environ) as shown:
        shown.until("the identity's 24 words: ")
        shown.type(" ".join(words))
        shown.until("(an empty line when that is all): ")
        shown.type("")
        assert shown.end() == 0, shown.seen
    assert team_of(desk).version == 3
    assert "the identity's words are right" in shown.left()
    assert not gives_away(shown.left(), words)


def test_another_teams_list_in_the_folder_is_noticed(desk: DeskUnderTest, tmp_path: Path) -> None:
    stranger = DeskUnderTest(tmp_path / "stranger", desk.capsys)
    stranger.done("init", "--practice")
    ours = team_of(desk)
    (desk.home / "team.keys").write_bytes((stranger.home / "team.keys").read_bytes())
    for command in (
        ["list"],
        ["keys"],
        ["keys", "make"],
        ["keys", "new-recovery"],
        ["export", tmp_path / "x"],
    ):
        answer = desk.run(*command)
        assert answer.status == 1
        assert "the list here is another team's" in answer.err
        assert ours.fingerprint in answer.err
    (desk.home / "team.keys").write_bytes(ours.raw)
    desk.done("list")


@pytest.mark.parametrize("there", [True, False], ids=["after the list", "before the list"])
def test_killed_while_a_new_identity_takes_its_place_the_desk_goes_on(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    class Killed(BaseException):
        pass

    def strike(*_given: object, **_more: object) -> None:
        raise Killed

    before = team_of(desk)
    name = "files.write_backup" if there else "writing"
    monkeypatch.setattr(f"desk.keys.listing.{name}", strike)
    signer = Signer(new=True, new_file=tmp_path / "new.key", lost=True)
    with pytest.raises(Killed):
        listing.renew(Home(desk.home), signer, listing.as_now)
    monkeypatch.undo()
    monkeypatch.setenv("DESK_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    assert (team_of(desk).identity != before.identity) == there
    desk.done("list")
    desk.done("keys", "renew", *(["--identity", tmp_path / "new.key"] if there else []))
    assert notes.read(Home(desk.home), keys_of(desk)).team == (team_of(desk).identity,)


# ---- a destroy that was stopped


def test_a_destroy_that_was_stopped_is_told_of(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk, tmp_path)
    move_on(desk, tmp_path)

    def strike(*_given: object) -> None:
        raise DeskError("stopped", "here")

    monkeypatch.setattr(destroying, "_finish", strike)
    assert desk.run(*DESTROY, "--keep-none").status == 1
    monkeypatch.undo()
    monkeypatch.setenv("DESK_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    told = desk.done("keys")
    assert "! keys destroy was stopped before it was done" in told
    assert f"keys destroy --before {NEXT}" in told
    assert "finished" in desk.done(*DESTROY, "--keep-none")
    assert "was stopped" not in desk.done("keys")


def test_the_keys_of_another_desk_note_nothing(desk: DeskUnderTest) -> None:
    """What another desk signed is not read as this one's."""
    keys = keyfile.unlocked((desk.home / "desk.keys").read_bytes(), "practice")
    thief = DeskKeys.make("thief", min(keys.seeds), 1)
    notes.write(Home(desk.home), thief, notes.Notes((team_of(desk).identity,)))
    assert "this desk did not write it" in desk.run("list").err


def test_after_a_lost_identity_no_export_is_advised_that_the_server_refuses(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    desk.done("import", desk.parcel().write(tmp_path / "out.tar"))
    new = tmp_path / "new.key"
    desk.done("keys", "renew", "--new-identity-file", new, "--lost", "--oldest", NEXT)
    desk.done("keys", "renew", "--identity", new)
    for told in (desk.done("keys"), desk.run(*DESTROY, "--keep-none").err):
        assert "the server takes no export of the new identity yet: carry team.keys itself" in told
        assert f"VIGIL_TRUST='{team_of(desk).fingerprint}'" in told
    desk.done("import", desk.parcel().write(tmp_path / "new.tar"))
    assert "carry" not in desk.done("keys")


def test_recovery_words_do_not_stay_in_the_scroll_back(desk: DeskUnderTest, tmp_path: Path) -> None:
    words = (desk.home / "recovery.words").read_text().split()
    new = DeskUnderTest(tmp_path / "new", desk.capsys)
    command = new.command("keys", "recover", "--backup", desk.home / "keys.backup")
    with Terminal(command, os.environ) as shown:
        shown.until("the 24 recovery words")
        for line in (" ".join(words[:12]), "wrongg " + " ".join(words[12:])):
            shown.type(line)
            shown.until("(an empty line when that is all): ")
        shown.type("")
        shown.until("word 13, 'wrongg', is not in the list")
        shown.until("the 24 recovery words")
        shown.type(" ".join(words))
        shown.type("")
        assert shown.end() == 0, shown.seen
    assert "is back in" in shown.left()
    assert not gives_away(shown.left(), words)
