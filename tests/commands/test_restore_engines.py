"""A backup of either engine goes back into either, and an export of either is the same bundle."""

import importlib
import io
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.archive import ArchiveReader
from crypto.bundle import BundleReader
from crypto.teamkeys import TeamKeys
from store import done
from tests import engine
from tests.commands.backups import Server
from tests.commands.conftest import MONTH, TODAY, keep
from tests.commands.moves import files, filled, rows

# The package has the command itself under this name.
restoring = importlib.import_module("commands.restore")
ENGINES = (engine.SQLITE, engine.POSTGRES)


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "utc_today", lambda: TODAY)


@pytest.mark.parametrize("there", ENGINES)
@pytest.mark.parametrize("here", ENGINES)
def test_a_backup_of_one_is_restored_into_the_other(
    here: str, there: str, tmp_path: Path, team_keys: TeamKeys
) -> None:
    old, new = Server(tmp_path / "old", team_keys), Server(tmp_path / "new", team_keys)
    with engine.chosen(here):
        store = old.prepared().open()
        store.drop_pending(filled(store))
        wanted, contents = rows(store), files(store)
        store.close()
        made = old.run("backup", tmp_path / "backup")
        assert made.exit_code == 0, made.output
    with engine.chosen(there):
        result = new.restore(tmp_path / "backup")
        assert result.exit_code == 0, result.output
        where = "the database" if there == engine.POSTGRES else str(new.data)
        assert f"vigil: {where} holds what the backup of" in result.stdout
        store = new.open()
        assert rows(store) == wanted
        assert files(store) == contents
        assert store.last_done(done.RESTORE) is not None
        assert store.look().sound
        store.close()
        # And back again, a day later.
        new.day += timedelta(days=1)
        assert new.run("backup", tmp_path / "second").exit_code == 0
    with (tmp_path / "backup").open("rb") as first, (tmp_path / "second").open("rb") as second:
        before, after = ArchiveReader(first), ArchiveReader(second)
        after.verify()
        sealed = {name: member for name, member in before.members.items() if name != "database"}
        assert {name: member for name, member in after.members.items() if name != "database"} == sealed


def test_an_export_is_the_same_bundle_on_either(tmp_path: Path, team_keys: TeamKeys) -> None:
    members = []
    new = Server(tmp_path / "new", team_keys)
    with engine.chosen(engine.SQLITE):
        old = Server(tmp_path / "old", team_keys).prepared()
        store = old.open()
        keep(store, team_keys, b"a file" * 100_000, b"another", month=MONTH)
        keep(store, team_keys)
        store.close()
        assert old.run("backup", tmp_path / "backup").exit_code == 0
        assert old.run("export", tmp_path / "bundle").exit_code == 0
        members.append((tmp_path / "bundle").read_bytes())
    with engine.chosen(engine.POSTGRES):
        assert new.restore(tmp_path / "backup").exit_code == 0
        made = new.run("export", tmp_path / "bundle2")
        assert made.exit_code == 0, made.output
        streamed = new.run("export", "-")
        assert streamed.exit_code == 0
        members += [(tmp_path / "bundle2").read_bytes(), streamed.stdout_bytes]
    assert len(set(members)) == 1
    assert len(list(BundleReader(io.BytesIO(members[0])))) == 4
