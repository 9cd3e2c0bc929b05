"""Files of the desk are whole or absent: the old one or the new one, whatever happens in between."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from desk import durable


def traced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the calls that decide what is there after a power cut, and whether a folder is meant."""
    calls: list[str] = []

    def follow(name: str) -> None:
        real = getattr(os, name)

        def call(first: object, *args: object, **more: object) -> object:
            folder = isinstance(first, int) and stat.S_ISDIR(os.fstat(first).st_mode)
            calls.append(f"{name} folder" if name == "fsync" and folder else name)
            return real(first, *args, **more)

        monkeypatch.setattr(os, name, call)

    for name in ("fsync", "replace", "rename", "link"):
        follow(name)
    return calls


def failing(number: int) -> Callable[..., None]:
    """Give what fails as the disk does."""

    def fail(*_args: object, **_more: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def replaced(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of what is there."""
    with durable.writing(path, replace=True) as file:
        file.write(data)


def test_a_file_is_fsynced_then_put_in_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").write_bytes(b"old")
    calls = traced(monkeypatch)
    replaced(tmp_path / "f", b"new")
    durable.sync_folder(tmp_path)
    assert calls == ["fsync", "replace", "fsync folder"]
    assert (tmp_path / "f").read_bytes() == b"new"


def test_a_new_file_is_fsynced_then_linked_then_its_folder_fsynced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = traced(monkeypatch)
    durable.write_new(tmp_path / "f", b"new")
    assert calls == ["fsync", "link", "fsync folder"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, step, failing(28))
    with pytest.raises(OSError, match="No space"):
        replaced(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / f"{durable.PARTIAL}0123456789abcdef").write_bytes(b"a seed that was to be destroyed")
    (tmp_path / f"{durable.PARTIAL}somebody's").write_bytes(b"not ours")
    durable.clear_partials(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{durable.PARTIAL}somebody's"]


def test_a_file_that_everyone_could_read_is_its_owners_after_the_next_writing(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    path.chmod(0o644)
    replaced(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_is_never_written_over_another_nor_through_a_link(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("target", "link"):
        with pytest.raises(FileExistsError):
            durable.write_new(tmp_path / name, b"new")
    assert target.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "target"]


def test_a_stick_without_links_takes_a_new_file_and_keeps_an_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", failing(1))
    durable.write_new(tmp_path / "f", b"first")
    with pytest.raises(FileExistsError):
        durable.write_new(tmp_path / "f", b"second")
    assert (tmp_path / "f").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_other_failures_to_link_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", failing(5))
    with pytest.raises(OSError, match="Input/output"):
        durable.write_new(tmp_path / "f", b"first")
    assert list(tmp_path.iterdir()) == []
