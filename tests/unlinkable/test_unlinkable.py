import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import mean

import pytest

from store.sqlite.sweep import Sweep
from tests.counts import count
from tests.unlinkable import seized
from tests.unlinkable.classifier import Rows, auc, discriminant, judged
from tests.unlinkable.newsroom import SOURCES, Habits, Newsroom, Source, read_as_usual

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("on_sqlite")]

KINDS = [
    ("slots", "slots"),
    ("slots", "blobs"),
    ("blobs", "blobs"),
    ("replies", "slots"),
    ("replies", "reply blobs"),
]


class Disk:
    """A seized disk: what is on it by kind, and, for the judge, whose it is."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        habits: Habits | None = None,
        read: Callable[[Path], dict[str, dict[bytes, seized.Row]]] = seized.read,
    ) -> None:
        self.random = Random(seed)
        newsroom = Newsroom(folder, self.random, habits)
        newsroom.live()
        found = read(folder)
        of_replies = {blob for source in newsroom.sources for blob in source.reply_blobs}
        self.rows: dict[str, Rows] = {
            "slots": found["slot"],
            "replies": found["reply"],
            "blobs": {key: row for key, row in found["blob"].items() if key not in of_replies},
            "reply blobs": {key: row for key, row in found["blob"].items() if key in of_replies},
        }
        self.owners = {
            key: source.number
            for source in newsroom.sources
            for key in (*source.slots, *source.blobs, *source.replies, *source.reply_blobs)
        }

    def judged(self, first: str, second: str) -> float:
        """Give how well rows of these kinds can be paired: 0.5 is guessing."""
        return judged(self.rows[first], self.rows[second], self.owners, self.random)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Disk]:
    """Give disks of servers that do not wait for theirs: that changes nothing of what is looked at."""
    for name in ("blobs", "sweep", "erasing"):
        monkeypatch.setattr(f"store.sqlite.{name}.sync_folder", lambda _: None)
    for name in ("blobs", "sweep"):
        monkeypatch.setattr(f"store.sqlite.{name}.sync_file", lambda _: None)
    pragmas = (("journal_mode", "wal"), ("synchronous", "off"), ("secure_delete", 1))
    monkeypatch.setattr("store.sqlite.database.PRAGMAS", pragmas)

    def make(seed: int = 0, habits: Habits | None = None) -> Disk:
        return Disk(tmp_path / str(seed), seed, habits)

    return make


def test_nothing_on_a_seized_server_tells_which_rows_share_a_source(disk: Callable[..., Disk]) -> None:
    found: dict[tuple[str, str], list[float]] = {kinds: [] for kinds in KINDS}
    for seed in range(count(2, 20)):
        server = disk(seed)
        assert len(set(server.owners.values())) == SOURCES
        assert all(len(rows) > 3 * SOURCES for rows in server.rows.values())
        for kinds in KINDS:
            found[kinds].append(server.judged(*kinds))
    means = {kinds: mean(values) for kinds, values in found.items()}
    assert {kinds: value for kinds, value in means.items() if abs(value - 0.5) > 0.05} == {}, found


def test_without_the_sweep_the_order_of_arrival_is_found(disk: Callable[..., Disk]) -> None:
    server = disk(habits=Habits(days=1, swept=False))
    assert server.judged("slots", "slots") > 0.6
    assert server.judged("slots", "blobs") > 0.6
    assert server.judged("blobs", "blobs") > 0.6


def test_files_that_a_sweep_leaves_where_they_are_are_found(
    disk: Callable[..., Disk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sweep, "_shuffle_files", lambda _: (0, 0))
    # One day: files of one source that came on different days lie apart on any disk, and tell nothing.
    assert disk(habits=Habits(days=1)).judged("blobs", "blobs") > 0.6


def number_in_record(source: Source, record: bytes) -> bytes:
    return record[:-1] + bytes([record[-1] & 0xC0 | source.number])


def test_a_source_s_number_in_the_low_bits_of_a_record_is_found(disk: Callable[..., Disk]) -> None:
    assert disk(habits=Habits(record=number_in_record)).judged("slots", "slots") > 0.6


def test_a_source_s_number_in_the_low_bits_of_a_size_is_found(disk: Callable[..., Disk]) -> None:
    habits = Habits(file_size=lambda source, size: size & ~63 | source.number)
    assert disk(habits=habits).judged("blobs", "blobs") > 0.6


def test_ids_in_sequence_are_found(disk: Callable[..., Disk]) -> None:
    def ids(source: Source) -> list[bytes]:
        return [(source.number * 128 + place).to_bytes(16, "big") for place in range(128)]

    assert disk(habits=Habits(ids=ids)).judged("slots", "slots") > 0.6


def test_files_that_tell_when_they_were_read_are_found(disk: Callable[..., Disk]) -> None:
    server = disk(habits=Habits(after_reading=read_as_usual))
    assert server.judged("reply blobs", "reply blobs") > 0.6


def test_the_area_under_the_curve_is_what_it_should_be() -> None:
    assert auc([3, 4], [1, 2]) == 1
    assert auc([1, 2], [3, 4]) == 0
    assert auc([1, 1], [1, 1, 1]) == 0.5
    assert auc([1, 3], [2, 0]) == 0.75


def test_a_discriminant_finds_what_no_feature_tells_alone() -> None:
    random = Random(1)
    noise = [random.gauss(0, 5) for _ in range(400)]
    rows = [[value + place % 2, value] for place, value in enumerate(noise)]
    weights = discriminant(rows[1::2], rows[::2])
    scores = [sum(weight * value for weight, value in zip(weights, row, strict=True)) for row in rows]
    assert auc(scores[1::2], scores[::2]) > 0.99


def test_the_birth_of_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    os.utime(path, (0, 0))
    assert seized.birth(path) == 0 or abs(seized.birth(path) - path.stat().st_ctime_ns) < 10**10


def test_the_judge_sees_how_many_reports_name_a_file_and_that_it_is_the_same_for_all(
    disk: Callable[..., Disk],
) -> None:
    rows = disk().rows
    assert {row.numbers["claims"] for row in rows["blobs"].values()} == {1}
    assert {row.numbers["claims"] for row in rows["reply blobs"].values()} == {0}
