"""What a key file replaces is overwritten, and what the desk notes of its keys is kept or refused."""

import os
from pathlib import Path

import pytest

from crypto.epoch import Epoch
from crypto.keyfile import DeskKeys
from desk.home import Home
from desk.keys import files, notes
from desk.keys.notes import Copy, Notes
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


def test_notes_come_back_as_they_were_written(desk: DeskUnderTest) -> None:
    home = Home(desk.home)
    noted = notes.read(home)
    assert noted.recovery is not None
    assert noted.kept_as == "24 words"
    notes.write(home, noted)
    assert notes.read(home) == noted


def test_a_desk_without_notes_has_none(tmp_path: Path) -> None:
    assert notes.read(Home(tmp_path)) == Notes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"recovery": "AA==", "kept_as": "", "written_on": null, "copies": []}',
        b'{"recovery": null, "kept_as": "", "written_on": null, "copies": [{"what": "x"}]}',
        b'{"recovery": null, "kept_as": "", "written_on": null, "copies": [3]}',
        b'{"recovery": "!", "kept_as": "", "written_on": null, "copies": []}',
    ],
    ids=["empty", "a list", "nothing", "no text", "no key", "half a copy", "no copy", "no base64"],
)
def test_damaged_notes_are_told(desk: DeskUnderTest, data: bytes) -> None:
    (desk.home / "keys.json").write_bytes(data)
    answer = desk.run("keys")
    assert answer.status == 1
    assert "keys.json is damaged" in answer.err
    assert "keys new-recovery" in answer.err
    (desk.home / "keys.json").unlink()
    desk.done("keys", "new-recovery")
    assert "! " not in desk.done("keys")


def test_copies_are_noted_once_and_found_by_their_months() -> None:
    keys = DeskKeys.make("x", Epoch(202611), 3)
    noted = Notes().with_copies(keys, "desk.keys").with_copies(keys, "desk.keys")
    assert noted.copies == (Copy("desk.keys", notes.today().isoformat(), "202611", "202701"),)
    assert noted.holding(Epoch(202611)) == []
    assert noted.holding(Epoch(202612)) == list(noted.copies)
    assert noted.without(noted.copies).copies == ()
    assert Notes().with_copies(keys.without(keys.seeds), "desk.keys") == Notes()
