"""The same on PostgreSQL: rows say by which transaction they came, and the sweep has to undo that, too."""

from collections.abc import Callable
from pathlib import Path
from statistics import mean

import pytest

from bench.postgres import name_of
from store.postgres.settling import Settler
from tests import engine
from tests.counts import count
from tests.unlinkable import seized_postgres
from tests.unlinkable.newsroom import SOURCES, Habits
from tests.unlinkable.seized import Row
from tests.unlinkable.test_unlinkable import KINDS, Disk

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("on_postgres")]


def read(folder: Path) -> dict[str, dict[bytes, Row]]:
    url = engine.server().url(name_of(engine.database(folder) or ""), "postgres")
    return seized_postgres.read(url)


@pytest.fixture
def disk(tmp_path: Path) -> Callable[..., Disk]:
    def make(seed: int = 0, habits: Habits | None = None) -> Disk:
        return Disk(tmp_path / str(seed), seed, habits, read)

    return make


def test_nothing_in_a_seized_database_tells_which_rows_share_a_source(disk: Callable[..., Disk]) -> None:
    found: dict[tuple[str, str], list[float]] = {kinds: [] for kinds in KINDS}
    for seed in range(count(1, 20)):
        server = disk(seed)
        assert all(len(rows) > 3 * SOURCES for rows in server.rows.values())
        for kinds in KINDS:
            found[kinds].append(server.judged(*kinds))
    means = {kinds: mean(values) for kinds, values in found.items()}
    # One server is judged by fewer pairs than twenty are.
    bound = count(8, 5) / 100
    assert {kinds: value for kinds, value in means.items() if abs(value - 0.5) > bound} == {}, found


@pytest.mark.parametrize("left", ["_rewrite", "_settle_parts"])
def test_tables_that_a_sweep_leaves_as_they_are_are_found(
    disk: Callable[..., Disk], monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    monkeypatch.setattr(Settler, left, lambda *_: 0)
    assert disk(habits=Habits(days=1)).judged("slots", "blobs") > 0.6
