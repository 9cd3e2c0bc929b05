"""Small files are replaced whole: the old one or the new one, whatever happens in between."""

import os
import stat
from pathlib import Path

import pytest

from crypto import durable


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

    for name in ("fsync", "rename", "link"):
        follow(name)
    return calls


def test_the_file_is_fsynced_then_renamed_then_its_folder_fsynced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").write_bytes(b"old")
    calls = traced(monkeypatch)
    durable.replace(tmp_path / "f", b"new")
    assert calls == ["fsync", "rename", "fsync folder"]
    assert (tmp_path / "f").read_bytes() == b"new"


def test_a_new_file_is_fsynced_then_linked_then_its_folder_fsynced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = traced(monkeypatch)
    durable.create(tmp_path / "f", b"new")
    assert calls == ["fsync", "link", "fsync folder"]


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "f"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space"):
        durable.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_gone_after_the_next_writing(tmp_path: Path) -> None:
    (tmp_path / ".f.new").write_bytes(b"a seed that was to be destroyed")
    durable.replace(tmp_path / "f", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_a_link_put_in_the_way_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / ".f.new").symlink_to(target)
    durable.replace(tmp_path / "f", b"new")
    assert target.read_bytes() == b"precious"
    assert not (tmp_path / "f").is_symlink()


def test_a_file_that_everyone_could_read_is_its_owners_after_the_next_writing(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    path.chmod(0o644)
    durable.replace(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_stick_without_links_takes_a_new_file_and_keeps_an_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*args: object, **more: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    durable.create(tmp_path / "f", b"first")
    with pytest.raises(FileExistsError):
        durable.create(tmp_path / "f", b"second")
    assert (tmp_path / "f").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_other_failures_to_link_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **more: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "link", broken)
    with pytest.raises(OSError, match="Input/output"):
        durable.create(tmp_path / "f", b"first")
    assert list(tmp_path.iterdir()) == []
