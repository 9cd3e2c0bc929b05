from pathlib import Path

import pytest

from store import open_store
from tests.counts import count
from tests.store.processes import LIMITS, finished, running
from tests.store.test_processes import check_kept

pytestmark = pytest.mark.slow


def test_scrubbing_beside_writers_damages_nothing(folder: Path) -> None:
    each = count(30, 500)
    with (
        running("scrub", folder) as scrubber,
        running("write", folder, "a", each) as first,
        running("write", folder, "b", each) as second,
    ):
        assert scrubber.stdout is not None
        said = finished(first) + finished(second)
        scrubber.kill()
        rounds = [line for line in scrubber.stdout if line.endswith("\n")]
    assert "1\n" in rounds
    store = open_store(folder, limits=LIMITS)
    try:
        with store._database.reading():
            assert store._database.run("PRAGMA integrity_check") == ("ok",)
        for line in said:
            check_kept(store, line)
    finally:
        store.close()
