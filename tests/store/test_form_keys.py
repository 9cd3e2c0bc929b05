import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from store import DiskFailed, FormKeysDamaged
from store.form_keys import TITLE, LivingKeys, number_of, prepare
from tests.store.conftest import DAY
from tests.store.processes import BOUND, ROOT


def following(key: bytes) -> bytes:
    """Stand for the derivation, which this room does not know."""
    return sha256(b"next" + key).digest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "form.keys"


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def test_the_first_key_is_made_with_the_file(path: Path) -> None:
    living = prepare(path, DAY, following)
    assert living.newest == number_of(DAY) == DAY.toordinal() % 256
    assert [len(key) for key in living.keys.values()] == [32]
    assert path.stat().st_mode & 0o777 == 0o600
    assert datetime.fromtimestamp(path.stat().st_mtime, UTC) == datetime(
        DAY.year, DAY.month, DAY.day, tzinfo=UTC
    )
    assert {other.name for other in path.parent.iterdir()} == {"form.keys", "form.keys.lock"}


def test_the_keys_of_three_days_live_and_older_ones_are_destroyed(path: Path) -> None:
    made = [prepare(path, days(n), following).keys[number_of(days(n))] for n in range(5)]
    living = prepare(path, days(4), following)
    assert living == LivingKeys(number_of(days(4)), {number_of(days(n)): made[n] for n in (2, 3, 4)})
    assert len(set(made)) == 5
    assert path.read_text().count("\n") == 4


def test_a_restart_and_another_process_find_the_same_keys(path: Path) -> None:
    script = (
        "import sys, pathlib, datetime; from store.form_keys import prepare;"
        "print(prepare(pathlib.Path(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2]), bytes).keys)"
    )
    command = [sys.executable, "-c", script, str(path), DAY.isoformat()]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        found = {process.communicate(timeout=BOUND)[0] for process in processes}
    finally:
        for process in processes:
            process.kill()
    assert found == {f"{dict(prepare(path, DAY, following).keys)}\n"}


def test_a_clock_that_goes_back_a_little_loses_nothing(path: Path) -> None:
    tomorrow = prepare(path, days(1), following)
    today = prepare(path, DAY, following)
    assert today.newest == number_of(DAY)
    assert today.keys[number_of(days(1))] == tomorrow.keys[number_of(days(1))]
    assert prepare(path, days(1), following).keys == today.keys


def test_a_clock_that_was_far_off_leaves_no_key_behind(path: Path) -> None:
    prepare(path, date(2062, 1, 1), following)
    assert list(prepare(path, DAY, following).keys) == [number_of(DAY)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"something else\n",
        TITLE.encode(),
        f"{TITLE}\n2026-11-22 AAAA\n".encode(),
        f"{TITLE}\n2026-11-22 {'A' * 43}=".encode(),
        f"{TITLE}\n2026-11-22\n".encode(),
        f"{TITLE}\n2026-13-22 {'A' * 43}=\n".encode(),
        f"{TITLE}\n2026-11-22 {'A' * 43}=\n2026-11-22 {'B' * 42}A=\n".encode(),
        f"{TITLE}\n2026-11-22 \u00e9\n".encode(),
        b"\xff" * 100,
        TITLE.encode() + b"\n" * 10_000,
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(FormKeysDamaged) as caught:
        prepare(path, DAY, following)
    assert str(path) in caught.value.what
    assert "move it away" in caught.value.hint
    assert path.read_bytes() == content


def test_a_file_that_others_can_read_is_refused(path: Path) -> None:
    prepare(path, DAY, following)
    path.chmod(0o640)
    with pytest.raises(FormKeysDamaged, match="read by others"):
        prepare(path, DAY, following)


def test_a_folder_in_the_place_of_the_file_is_a_typed_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(DiskFailed):
        prepare(path, DAY, following)


def test_what_a_killed_process_left_is_written_over(path: Path) -> None:
    prepare(path, DAY, following)
    path.with_name("form.keys.new").write_bytes(b"half")
    prepare(path, days(1), following)
    assert not path.with_name("form.keys.new").exists()


def test_keys_are_in_no_repr(path: Path) -> None:
    living = prepare(path, DAY, following)
    assert repr(living) == f"LivingKeys(newest={living.newest}, shared=False)"
