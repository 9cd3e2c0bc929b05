"""The day on which something was last done is noted, and nothing more exact."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from store import NoRoom, Store, done
from store.sqlite import done as notes
from tests.store.conftest import DAY, OpenStore


def test_the_files_tell_the_day_alone(store: Store, folder: Path) -> None:
    store.note_done(done.BACKUP)
    path = folder / "done" / "backup"
    assert path.read_text() == f"{DAY}\n"
    assert path.stat().st_mtime % 86_400 == path.parent.stat().st_mtime % 86_400 == 0
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_damaged_is_not_known(store: Store, folder: Path) -> None:
    (folder / "done" / "backup").write_bytes(b"\xff" * 100)
    assert store.last_done(done.BACKUP) is None


def test_any_number_may_note_at_once(folder: Path) -> None:
    folder.mkdir()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: notes.note(folder, done.SWEEP, date(2026, 1, 1)), range(40)))
    assert notes.last(folder, done.SWEEP) == date(2026, 1, 1)
    assert [path.name for path in (folder / "done").iterdir()] == ["sweep"]


def test_a_full_disk_keeps_no_store_from_opening(
    opened: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NoRoom

    with monkeypatch.context() as patch:
        patch.setattr(notes, "note", full)
        assert opened().last_done(done.BEGUN) is None
    assert opened().last_done(done.BEGUN) == DAY
