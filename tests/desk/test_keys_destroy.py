"""Destroyed keys are in no file; nothing is lost unread; a poor passphrase or a server in need stops it."""

import json
from pathlib import Path

import pytest

from crypto import backup, keyfile
from crypto.envelope import Kind, header
from crypto.epoch import Epoch
from crypto.errors import WrongPassphrase
from desk.keys import files
from desk.keys.commands import month
from tests.desk.conftest import DeskUnderTest
from tests.desk.destroying import DESTROY, NEXT, NOW, case_of, files_of, fill, keys_of, move_on, recovery_of
from tests.desk.mail import Source


@pytest.fixture
def full(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """Give a desk with three cases of this month."""
    fill(desk, tmp_path)
    return desk


@pytest.fixture
def moved_on(full: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """Give the same desk when the server has moved on."""
    move_on(full, tmp_path)
    return full


# ---- refusals


def test_nothing_is_destroyed_while_the_list_has_the_month(full: DeskUnderTest) -> None:
    answer = full.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert f"the list still has months before {NEXT}" in answer.err
    assert f"keys renew --oldest {NEXT}" in answer.err


def test_nothing_is_destroyed_before_the_server_has_the_list(full: DeskUnderTest) -> None:
    full.done("keys", "renew", "--oldest", NEXT)
    answer = full.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert "the server had list 1, this desk has 2" in answer.err


def test_nothing_is_destroyed_without_word_of_the_server(desk: DeskUnderTest) -> None:
    desk.done("keys", "renew", "--oldest", NEXT)
    answer = desk.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert "the server has not said yet that it moved on" in answer.err


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("sealing", str(NOW), f"the server sealed to {NOW}"),
        ("epochs", [str(NOW), str(NEXT)], f"the server held reports of {NOW}"),
        ("team_version", 3, "the server had list 3, this desk has 2"),
    ],
)
def test_nothing_is_destroyed_while_the_server_needs_the_month(
    moved_on: DeskUnderTest, field: str, value: object, what: str
) -> None:
    path = moved_on.home / "server.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    before = dict(files_of(moved_on.home))
    answer = moved_on.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert what in answer.err
    assert dict(files_of(moved_on.home)) == before


def test_what_could_not_be_read_is_named_and_needs_even_so(moved_on: DeskUnderTest) -> None:
    envelope = min((moved_on.home / "casebook" / "env").iterdir())
    whole = envelope.read_bytes()
    envelope.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    blob = min((moved_on.home / "casebook" / "blob").iterdir())
    blob.unlink()
    answer = moved_on.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert envelope.name[:12] in answer.err
    assert "--even-so" in answer.err
    moved_on.done(*DESTROY, "--keep-none", "--even-so")
    assert NOW not in keys_of(moved_on).seeds


def test_a_missing_and_a_damaged_attachment_are_named(moved_on: DeskUnderTest) -> None:
    first, second = sorted((moved_on.home / "casebook" / "blob").iterdir())
    first.unlink()
    second.write_bytes(b"x" + second.read_bytes()[1:])
    answer = moved_on.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert "1 attachment missing" in answer.err
    assert "1 attachment damaged" in answer.err


def test_which_cases_to_keep_has_to_be_said(moved_on: DeskUnderTest) -> None:
    process = moved_on.process(*DESTROY)
    assert process.returncode == 1
    assert "it is not said which cases to keep" in process.stderr
    answer = moved_on.run(*DESTROY, "--keep", "nosuchcase")
    assert answer.status == 1
    assert "no case begins with" in answer.err
    assert NOW in keys_of(moved_on).seeds


def test_months_that_are_gone_cannot_be_destroyed_again(moved_on: DeskUnderTest) -> None:
    moved_on.done(*DESTROY, "--keep-none")
    answer = moved_on.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert f"this desk has no key of a month before {NEXT}" in answer.err


# ---- what is gone, and what stays


def test_destroyed_seeds_are_in_no_file_of_the_home(moved_on: DeskUnderTest) -> None:
    seeds = keys_of(moved_on).seeds
    gone = seeds[NOW].reveal()
    recovery = recovery_of(moved_on)
    assert gone in keyfile.packed(keys_of(moved_on))  # the search itself finds what is there
    moved_on.done(*DESTROY, "--keep-none")
    left = keys_of(moved_on)
    assert left.seeds == {epoch: seed for epoch, seed in seeds.items() if epoch != NOW}
    assert gone not in keyfile.packed(left)
    data = (moved_on.home / "keys.backup").read_bytes()
    assert gone not in keyfile.packed(backup.unlocked(data, recovery).keys)
    for path, raw in files_of(moved_on.home):
        assert gone not in raw, path
        assert gone.hex().encode() not in raw, path


def test_reports_of_those_months_are_removed_with_their_attachments(moved_on: DeskUnderTest) -> None:
    told = moved_on.done(*DESTROY, "--keep-none")
    assert "cases kept: none" in told
    assert moved_on.json("list") == []
    assert list((moved_on.home / "casebook" / "env").iterdir()) == []
    assert list((moved_on.home / "casebook" / "blob").iterdir()) == []


def test_kept_cases_are_read_as_before_with_their_files(moved_on: DeskUnderTest, tmp_path: Path) -> None:
    name = case_of(moved_on, "the first one")
    before = moved_on.json("show", name)["payload"]
    old = {path.name for path in (moved_on.home / "casebook" / "env").iterdir()}
    told = moved_on.done(*DESTROY, "--keep", name[:6])
    assert f"cases kept: {name}" in told
    assert [(case["case"], case["state"]) for case in moved_on.json("list")] == [(name, "complete")]
    assert moved_on.json("show", name)["payload"] == before
    moved_on.done("files", name, "--out", tmp_path / "saved")
    assert (tmp_path / "saved" / "a.txt").read_bytes() == b"hello"
    new = {path.name for path in (moved_on.home / "casebook" / "env").iterdir()}
    assert len(new) == 1
    assert not new & old
    assert len(list((moved_on.home / "casebook" / "blob").iterdir())) == 1


def test_a_conversation_is_kept_whole_and_goes_on(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    parcel = desk.parcel()
    parcel.add_report(source.report(b"d" * 16, "first"))
    parcel.add_report(source.follow_up(b"f" * 16, "and then"))
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    name = desk.json("list")[0]["case"]
    text = tmp_path / "text"
    text.write_text("Thank you. Where was it?")
    desk.done("reply", name, "--text-file", text)
    before = desk.json("show", name)
    move_on(desk, tmp_path)
    answer = desk.run(*DESTROY, "--keep", name)
    assert answer.status == 1
    assert "that is not known to have arrived" in answer.err
    desk.done(*DESTROY, "--keep", name, "--even-so")
    after = desk.json("show", name)
    assert (after["payload"], after["replies"]) == (before["payload"], before["replies"])
    assert [case["state"] for case in desk.json("list")] == ["complete"]
    desk.done("reply", name, "--text-file", text)
    kinds = [header(path.read_bytes()).kind for path in sorted((desk.home / "casebook" / "env").iterdir())]
    assert sorted(kinds) == [Kind.NOTE, Kind.NOTE, Kind.KEPT, Kind.KEPT]


def test_all_cases_may_be_kept(moved_on: DeskUnderTest) -> None:
    names = sorted(case["case"] for case in moved_on.json("list"))
    moved_on.done(*DESTROY, "--keep", *names)
    assert sorted(case["case"] for case in moved_on.json("list")) == names


def test_newer_reports_stay_as_they_are(moved_on: DeskUnderTest, tmp_path: Path) -> None:
    parcel = moved_on.parcel()
    parcel.add("of the new month", [("c.txt", b"new")])
    moved_on.done("import", parcel.write(tmp_path / "new.tar"))
    name = case_of(moved_on, "of the new month")
    moved_on.done(*DESTROY, "--keep-none")
    assert [(case["case"], case["state"]) for case in moved_on.json("list")] == [(name, "complete")]


def test_an_old_bundle_that_is_imported_again_does_not_open(moved_on: DeskUnderTest, tmp_path: Path) -> None:
    moved_on.done(*DESTROY, "--keep-none")
    moved_on.done("import", tmp_path / "out.tar")
    assert {case["state"] for case in moved_on.json("list")} == {"no key"}


def test_every_copy_that_may_hold_the_keys_is_named(moved_on: DeskUnderTest) -> None:
    told = moved_on.done(*DESTROY, "--keep-none")
    for part in ("the copy of keys.backup of ", "snapshots", "an SSD may keep", "old passphrase"):
        assert part in told
    assert "! 1 copy may hold keys that were destroyed here" in moved_on.done("keys")
    assert "noted: 1 copy gone" in moved_on.done("keys", "copies-destroyed")
    assert "! " not in moved_on.done("keys")


# ---- passphrases


PHRASE = "six words drawn with dice"
NEW = "six new words drawn with dice"


@pytest.fixture
def real(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> DeskUnderTest:
    """Give a desk that is no practice desk, and whose server has moved on."""
    monkeypatch.setattr(files, "MODERATE", keyfile.PRACTICE)  # the cost itself is crypto's to test
    phrases(
        monkeypatch,
        tmp_path,
        DESK_PASSPHRASE_FILE=PHRASE,
        DESK_IDENTITY_PASSPHRASE_FILE="of the identity, too",
    )
    desk = DeskUnderTest(tmp_path / "real", capsys)
    stick = tmp_path / "stick" / "identity.key"
    desk.done("init", "--identity", stick, "--no-recovery")
    parcel = desk.parcel()
    parcel.add("the first one")
    desk.done("import", parcel.write(tmp_path / "real.tar"))
    desk.done("keys", "renew", "--oldest", NEXT, "--identity", stick)
    desk.done("import", desk.parcel().write(tmp_path / "real-empty.tar"))
    return desk


def phrases(monkeypatch: pytest.MonkeyPatch, folder: Path, **given: str) -> None:
    for variable, phrase in given.items():
        file = folder / variable
        file.write_text(phrase + "\n")
        file.chmod(0o600)
        monkeypatch.setenv(variable, str(file))


def test_a_real_desk_takes_another_passphrase(
    real: DeskUnderTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    phrases(monkeypatch, tmp_path, DESK_NEW_PASSPHRASE_FILE=NEW)
    told = real.done(*DESTROY, "--keep-none")
    assert "the copy of desk.keys of" in told
    with pytest.raises(WrongPassphrase):
        keys_of(real, PHRASE)
    assert NOW not in keys_of(real, NEW).seeds
    assert "there is no backup of the keys" in real_status(real, monkeypatch, tmp_path)


def real_status(real: DeskUnderTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    phrases(monkeypatch, tmp_path, DESK_PASSPHRASE_FILE=NEW)
    return real.done("keys")


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ("practice", "fewer than 16 characters"),
        ("", "fewer than 16 characters"),
        (PHRASE, "this is the passphrase of before"),
    ],
    ids=["short", "empty", "the same"],
)
def test_a_poor_passphrase_destroys_nothing(
    real: DeskUnderTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, new: str, what: str
) -> None:
    phrases(monkeypatch, tmp_path, DESK_NEW_PASSPHRASE_FILE=new)
    before = dict(files_of(real.home))
    answer = real.run(*DESTROY, "--keep-none")
    assert answer.status == 1
    assert what in answer.err
    assert dict(files_of(real.home)) == before


@pytest.mark.parametrize("text", ["202611", "2026-11"])
def test_a_month_is_read_as_people_write_it(text: str) -> None:
    assert month(text) == Epoch(202611)
