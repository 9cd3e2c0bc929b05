"""Init is a ceremony: secrets are shown on a terminal, asked back, and are nowhere on the desk afterwards."""

import json
import os
import shutil
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import segno

from crypto import backup, keyfile, paper, shares
from crypto.identity import Identity
from crypto.secret import RecoverySecret, SigningSeed
from crypto.teamkeys import TeamKeys
from desk.errors import DeskError
from desk.keys import ceremony, notes
from desk.keys.ceremony import Recovery
from desk.setup import Asked
from tests.desk.conftest import DeskUnderTest
from tests.desk.destroying import DESTROY, case_of, fill, move_on
from tests.desk.terminal import Terminal
from tests.papers import gives_away

PHRASE = "six words drawn with dice"


def terminal(home: Path, *arguments: object) -> Terminal:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    command = [sys.executable, "-m", "desk", "--home", str(home), *map(str, arguments)]
    return Terminal(command, environment)


@pytest.fixture(scope="module")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a desk that is no practice desk; copy it before it is changed."""
    home = tmp_path_factory.mktemp("real") / "desk"
    with terminal(home, "init") as shown:
        made(shown)
        shown.prove(shown.words("THE TEAM'S IDENTITY"))
        shown.prove(shown.words("THE RECOVERY SECRET"))
        assert shown.end() == 0, shown.seen
    return home


def made(shown: Terminal) -> None:
    shown.until("new passphrase of the desk: ")
    shown.type(PHRASE)
    shown.until("the same again: ")
    shown.type(PHRASE)


def holds(folder: Path, *secrets: bytes) -> list[Path]:
    """Give the files in which a secret stands, bare, in hex or as its first words."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        for secret in secrets
        if secret in (raw := path.read_bytes()) or secret.hex().encode() in raw
    ]


@pytest.mark.slow
def test_a_desk_is_made_with_both_secrets_on_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = DeskUnderTest(tmp_path / "desk", capsys)
    with terminal(desk.home, "init", "--name", "newsroom") as shown:
        made(shown)
        identity = shown.words("THE TEAM'S IDENTITY, 24 words")
        # Mistyped, they are shown again.
        shown.type("")
        for _ in range(3):
            shown.until("word ")
            shown.until(": ")
            shown.type("wrong")
        shown.until("That is not what was shown")
        assert shown.words("THE TEAM'S IDENTITY, 24 words") == identity
        assert not (desk.home / "desk.keys").exists()
        shown.prove(identity)
        recovery = shown.words("THE RECOVERY SECRET of newsroom, 24 words")
        shown.prove(recovery)
        assert shown.end() == 0, shown.seen
    assert "what to keep where" in shown.seen
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    seed = paper.read_words(" ".join(identity), SigningSeed)
    assert Identity(seed).public == team.identity
    assert team.fingerprint in shown.seen
    secret = paper.read_words(" ".join(recovery), RecoverySecret)
    keys = keyfile.unlocked((desk.home / "desk.keys").read_bytes(), PHRASE)
    assert backup.unlocked((desk.home / "keys.backup").read_bytes(), secret).keys == keys
    assert {path.name for path in desk.home.iterdir()} == {
        ".lock",
        "desk.keys",
        "keys.backup",
        "keys.json",
        "team.keys",
    }
    assert holds(tmp_path, seed.reveal(), secret.reveal(), " ".join(identity[:3]).encode()) == []
    # Each time on a screen of their own, which is cleared before it goes; what is asked back, too.
    assert shown.seen.count("\x1b[?1049h") == shown.seen.count("\x1b[2J\x1b[H\x1b[?1049l") == 6
    assert not gives_away(shown.left(), identity)
    assert not gives_away(shown.left(), recovery)
    # Papers of several desks and years are told apart.
    day = notes.today()
    assert f"THE RECOVERY SECRET of newsroom, 24 words, {day}" in shown.seen
    assert f"THE TEAM'S IDENTITY, 24 words, {day}\nfingerprint {team.fingerprint}" in shown.seen


def test_shares_are_shown_one_by_one_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = DeskUnderTest(tmp_path / "desk", capsys)
    stick = tmp_path / "stick"
    arguments = ("init", "--shares", "2of3", "--shares-out", stick / "shares")
    with terminal(desk.home, *arguments) as shown:
        made(shown)
        shown.prove(shown.words("THE TEAM'S IDENTITY"))
        found = []
        for number in (1, 2, 3):
            words = shown.words(f"RECOVERY SHARE {number} OF 3 of desk, 33 words, {notes.today()}")
            assert len(words) == 33
            shown.prove(words)
            found.append(words)
        assert shown.end() == 0, shown.seen
    secret = shares.joined([shares.read_share(" ".join(words)) for words in found[1:]])
    backup.unlocked((desk.home / "keys.backup").read_bytes(), secret)
    drawn = sorted((stick / "shares").iterdir())
    assert [path.name for path in drawn] == [f"share-{number}-of-3.png" for number in (1, 2, 3)]
    assert {path.read_bytes()[:8] for path in drawn} == {b"\x89PNG\r\n\x1a\n"}
    assert {path.stat().st_mode & 0o777 for path in drawn} == {0o600}


def test_stopped_at_the_words_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = DeskUnderTest(tmp_path / "desk", capsys)
    with terminal(desk.home, "init") as shown:
        made(shown)
        shown.words("THE TEAM'S IDENTITY")
        shown.process.send_signal(signal.SIGINT)
        assert shown.end() == 1
    assert "desk: error: stopped" in shown.seen
    assert shown.seen.count("\x1b[?1049h") == shown.seen.count("\x1b[?1049l") == 1
    assert {path.name for path in desk.home.iterdir()} <= {".lock"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "shown_again"),
    [
        ({"team.keys", "keys.backup", "keys.json"}, ["THE TEAM'S IDENTITY", "THE RECOVERY SECRET"]),
        ({"keys.backup", "keys.json"}, ["THE RECOVERY SECRET"]),
        ({"keys.json"}, ["THE RECOVERY SECRET"]),
        (set(), []),
    ],
    ids=["after the keys", "after the list", "after the backup", "at the end"],
)
def test_an_init_that_was_killed_shows_again_what_is_not_written_yet(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    real_home: Path,
    missing: set[str],
    shown_again: list[str],
) -> None:
    desk = DeskUnderTest(tmp_path / "desk", capsys)
    shutil.copytree(real_home, desk.home)
    for name in missing:
        (desk.home / name).unlink()
    asked = Asked("", "desk", practice=False)
    (desk.home / "init.unfinished").write_text(json.dumps(asdict(asked)))
    kept = (desk.home / "desk.keys").read_bytes()
    with terminal(desk.home, "init") as shown:
        shown.until("passphrase of the desk: ")
        shown.type(PHRASE)
        last: list[str] = []
        for title in shown_again:
            last = shown.words(title)
            shown.prove(last)
        assert shown.end() == 0, shown.seen
    assert shown.seen.count("\x1b[?1049h") == 2 * len(shown_again)
    assert (desk.home / "desk.keys").read_bytes() == kept
    assert not (desk.home / "init.unfinished").exists()
    if last:
        secret = paper.read_words(" ".join(last), RecoverySecret)
        keys = keyfile.unlocked(kept, PHRASE)
        assert backup.unlocked((desk.home / "keys.backup").read_bytes(), secret).keys == keys


def test_words_are_not_shown_where_there_is_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = DeskUnderTest(tmp_path / "desk", capsys)
    phrase = tmp_path / "phrase"
    phrase.write_text(PHRASE)
    phrase.chmod(0o600)
    run = desk.process("init", DESK_PASSPHRASE_FILE=str(phrase))
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == "desk: error: there is no terminal to show secret words on"
    assert {path.name for path in desk.home.iterdir()} <= {".lock"}


def test_a_new_identity_goes_to_paper_too(desk: DeskUnderTest) -> None:
    before = (desk.home / "team.keys").read_bytes()
    with Terminal(desk.command("keys", "renew", "--new-identity"), os.environ) as shown:
        words = shown.words("THE TEAM'S IDENTITY")
        shown.prove(words)
        assert shown.end() == 0, shown.seen
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    team.check_follows(TeamKeys.read(before))
    assert Identity(paper.read_words(" ".join(words), SigningSeed)).public == team.identity


def test_cases_to_keep_are_asked_for(desk: DeskUnderTest, tmp_path: Path) -> None:
    fill(desk, tmp_path)
    move_on(desk, tmp_path)
    name = case_of(desk, "the second one")
    with Terminal(desk.command(*DESTROY), os.environ) as shown:
        assert "the third one" in shown.until("keep which of them?")
        shown.type("nosuchcase")
        shown.until("no case begins with")
        shown.until("keep which of them?")
        shown.type("none")
        shown.until("Nobody will ever read these 3 cases. Sure?")
        shown.type("no")
        shown.until("keep which of them?")
        shown.type(name)
        shown.until("is the copy of keys.backup of")
        shown.type("yes")
        assert shown.end() == 0, shown.seen
    assert [case["case"] for case in desk.json("list")] == [name]
    assert "may hold keys that were destroyed" not in desk.done("keys")


@pytest.mark.parametrize("how", ["3of2", "many", "1of1", "2of99"])
def test_other_splits_are_refused_before_anything_is_asked(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = DeskUnderTest(tmp_path / "desk", capsys)
    answer = desk.run("init", "--practice", "--shares", how)
    assert answer.status == 1
    assert "such as --shares 2of3" in answer.err
    assert not desk.home.exists()


def test_pictures_of_no_shares_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="needs shares"):
        Recovery("words", tmp_path)


def test_a_picture_is_never_drawn_over_another(tmp_path: Path) -> None:
    (tmp_path / "share-2-of-3.png").write_bytes(b"precious")
    with pytest.raises(DeskError, match="there already"):
        ceremony.recovery_to_paper(RecoverySecret.new(), Recovery("2of3", tmp_path), "desk")
    assert (tmp_path / "share-2-of-3.png").read_bytes() == b"precious"


def test_a_picture_holds_the_words(tmp_path: Path) -> None:
    words = shares.split(RecoverySecret.new(), shares.Split(2, 3))[0]
    ceremony.draw(tmp_path / "share.png", words)
    code = segno.make(" ".join(words).upper(), error="m", micro=False)
    assert code.mode == "alphanumeric"
    code.save(tmp_path / "again.png", scale=8, border=4)
    assert (tmp_path / "share.png").read_bytes() == (tmp_path / "again.png").read_bytes()
