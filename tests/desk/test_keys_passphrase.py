"""Another passphrase: the keys stay, the old one opens nothing here any more; a poor one changes nothing."""

from pathlib import Path

import pytest

from crypto import backup, keyfile
from crypto.errors import WrongPassphrase
from crypto.paper import read_words
from crypto.secret import RecoverySecret
from tests.desk.conftest import DeskUnderTest

NEW = "six new words drawn with dice"


def new_phrase(monkeypatch: pytest.MonkeyPatch, folder: Path, phrase: str) -> None:
    file = folder / "new"
    file.write_text(phrase + "\n")
    file.chmod(0o600)
    monkeypatch.setenv("DESK_NEW_PASSPHRASE_FILE", str(file))


def test_the_new_one_opens_the_same_keys(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keyfile.unlocked((desk.home / "desk.keys").read_bytes(), "practice")
    data = (desk.home / "keys.backup").read_bytes()
    new_phrase(monkeypatch, tmp_path, NEW)
    told = desk.done("keys", "change-passphrase")
    assert "copies of the old desk.keys still open with the old one" in told
    assert NEW not in told
    after = (desk.home / "desk.keys").read_bytes()
    with pytest.raises(WrongPassphrase):
        keyfile.unlocked(after, "practice")
    assert keyfile.unlocked(after, NEW) == before
    assert (desk.home / "keys.backup").read_bytes() == data
    secret = read_words((desk.home / "recovery.words").read_text(), RecoverySecret)
    assert backup.unlocked(data, secret).keys == before


@pytest.mark.parametrize(
    ("phrase", "what"),
    [("short", "fewer than 16 characters"), ("", "fewer than 16 characters")],
    ids=["short", "empty"],
)
def test_a_poor_one_changes_nothing(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phrase: str, what: str
) -> None:
    before = (desk.home / "desk.keys").read_bytes()
    new_phrase(monkeypatch, tmp_path, phrase)
    answer = desk.run("keys", "change-passphrase")
    assert answer.status == 1
    assert what in answer.err
    assert (desk.home / "desk.keys").read_bytes() == before


def test_the_same_one_however_it_is_spelt_is_no_new_one(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_phrase(monkeypatch, tmp_path, "Zoe\u0308 and six words more")
    desk.done("keys", "change-passphrase")
    (tmp_path / "passphrase").write_text("Zo\u00eb and six words more\n")
    answer = desk.run("keys", "change-passphrase")
    assert answer.status == 1
    assert "this is the passphrase of before" in answer.err


def test_a_wrong_one_opens_nothing(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passphrase").write_text("Practice\n")
    new_phrase(monkeypatch, tmp_path, NEW)
    for command in (["change-passphrase"], ["make"], ["renew"], ["new-recovery"], ["export", tmp_path / "x"]):
        answer = desk.run("keys", *command)
        assert answer.status == 1
        assert "the passphrase does not open" in answer.err
    assert not (tmp_path / "x").exists()
