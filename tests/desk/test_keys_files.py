"""What a key file replaces is overwritten, and what the desk notes of its keys is kept or refused."""

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from crypto import keyfile
from crypto.epoch import Epoch
from crypto.keyfile import DeskKeys
from desk.errors import DeskError
from desk.home import Home
from desk.keys import files, notes, signed
from desk.keys.notes import Copy, Notes
from tests.counts import count
from tests.desk.conftest import DeskUnderTest

OLD = b"the seeds that are destroyed " * 5000


def test_what_is_replaced_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "desk.keys"
    path.write_bytes(OLD)
    with path.open("rb") as before:
        files.put(path, b"new")
        left = before.read()
    assert path.read_bytes() == b"new"
    assert len(left) == len(OLD)
    assert b"seeds" not in left
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_that_somebody_linked_is_theirs(tmp_path: Path) -> None:
    path, linked = tmp_path / "desk.keys", tmp_path / "copy"
    path.write_bytes(OLD)
    linked.hardlink_to(path)
    files.put(path, b"new")
    assert linked.read_bytes() == OLD


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(OLD)
    (tmp_path / "desk.keys").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        files.put(tmp_path / "desk.keys", b"new")
    assert (tmp_path / "elsewhere").read_bytes() == OLD


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desk.keys"
    path.write_bytes(OLD)

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.put(path, b"new")
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def keys(desk: DeskUnderTest) -> DeskKeys:
    return keyfile.unlocked((desk.home / "desk.keys").read_bytes(), "practice")


def test_notes_come_back_as_they_were_written(desk: DeskUnderTest, keys: DeskKeys) -> None:
    home = Home(desk.home)
    noted = notes.read(home, keys)
    assert noted.recovery is not None
    assert noted.kept_as == "24 words"
    notes.write(home, keys, noted)
    assert notes.read(home, keys) == noted


def test_without_its_notes_a_desk_goes_by_no_list(desk: DeskUnderTest) -> None:
    (desk.home / "keys.json").unlink()
    for command in (["list"], ["keys"], ["keys", "renew"], ["keys", "make"]):
        answer = desk.run(*command)
        assert answer.status == 1
        assert "keys.json is missing" in answer.err
    told = desk.done("keys", "new-recovery")
    assert "does not know any more which team it belongs to" in told
    desk.done("list")


FINE: dict[str, object] = {
    "team": [],
    "recovery": None,
    "kept_as": "",
    "written_on": None,
    "copies": [],
    "alone": 0,
}


def told_damaged(desk: DeskUnderTest) -> None:
    answer = desk.run("keys")
    assert answer.status == 1
    assert "keys.json is damaged, or this desk did not write it" in answer.err
    assert "keys new-recovery" in answer.err


@pytest.mark.parametrize(
    "value",
    [
        {},
        FINE | {"recovery": "AA=="},
        FINE | {"copies": [{"what": "x"}]},
        FINE | {"copies": [3]},
        FINE | {"recovery": "!"},
        FINE | {"team": ["x"]},
        FINE | {"alone": "x"},
    ],
    ids=["nothing", "no key", "half a copy", "no copy", "no base64", "no team", "no version"],
)
def test_notes_that_say_something_else_are_told(
    desk: DeskUnderTest, keys: DeskKeys, value: dict[str, object]
) -> None:
    signed.write(desk.home / "keys.json", keys, value)
    before = {path.name: path.read_bytes() for path in desk.home.iterdir()}
    told_damaged(desk)
    for command in (["renew", "--new-identity", "--lost"], ["renew"], ["make", "--months", "30"]):
        assert "keys.json is damaged" in desk.run("keys", *command).err
    # Nothing is shown or written first, and what the hint says works.
    assert {path.name: path.read_bytes() for path in desk.home.iterdir()} == before
    desk.done("keys", "new-recovery")
    assert "! " not in desk.done("keys")


def test_any_flipped_bit_and_every_truncation_of_the_notes_is_refused(
    desk: DeskUnderTest, keys: DeskKeys
) -> None:
    home, dice = Home(desk.home), random.Random(4)
    data = home.notes.read_bytes()
    bits = [dice.randrange(len(data) * 8) for _ in range(count(300, 10_000))]
    changed = [
        data[: bit // 8] + bytes((data[bit // 8] ^ 1 << bit % 8,)) + data[bit // 8 + 1 :] for bit in bits
    ]
    cut = [data[:length] for length in range(0, len(data), count(29, 1))]
    for broken in (*changed, *cut, data + b"\n", b""):
        home.notes.write_bytes(broken)
        with pytest.raises(DeskError, match="damaged"):
            notes.read(home, keys)


def test_another_recovery_key_is_not_slipped_in(desk: DeskUnderTest, keys: DeskKeys) -> None:
    """A backup sealed to it would give a thief all keys."""
    thief = DeskKeys.make("thief", Epoch(202611), 1)
    notes.write(Home(desk.home), thief, replace(notes.read(Home(desk.home), keys), kept_as="thief"))
    before = (desk.home / "keys.backup").read_bytes()
    told_damaged(desk)
    assert desk.run("keys", "make", "--months", 30).status == 1
    assert (desk.home / "keys.backup").read_bytes() == before


def test_one_note_is_not_read_for_another(desk: DeskUnderTest, keys: DeskKeys) -> None:
    signed.write(desk.home / "destroy.unfinished", keys, {"before": "202611", "envelopes": [], "blobs": []})
    (desk.home / "destroy.unfinished").rename(desk.home / "keys.json")
    told_damaged(desk)


def test_a_note_of_what_to_remove_that_the_desk_did_not_write_removes_nothing(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    note = {"before": "999901", "envelopes": ["../../../precious"], "blobs": []}
    (desk.home / "destroy.unfinished").write_text(json.dumps(note) + "\n" + "00" * 64 + "\n")
    answer = desk.run("keys", "destroy", "--before", "202612", "--keep-none")
    assert answer.status == 1
    assert "destroy.unfinished is damaged, or this desk did not write it" in answer.err
    assert precious.exists()


def test_copies_are_noted_once_and_found_by_their_months() -> None:
    keys = DeskKeys.make("x", Epoch(202611), 3)
    none = Notes((bytes(32),))
    noted = none.with_copies(keys, "desk.keys").with_copies(keys, "desk.keys")
    assert noted.copies == (Copy("desk.keys", notes.today().isoformat(), "202611", "202701"),)
    assert noted.holding(Epoch(202611)) == []
    assert noted.holding(Epoch(202612)) == list(noted.copies)
    assert noted.without(noted.copies).copies == ()
    assert none.with_copies(keys.without(keys.seeds), "desk.keys") == none
