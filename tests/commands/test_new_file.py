import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commands.new_file import new_file, put_in_place
from tests.counts import count

ROOT = Path(__file__).parent.parent.parent
BOUND = 120

# How a file system answers that knows no unnamed files, and one that knows no links either.
KINDS = ["unnamed", "named", "neither"]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    pretend(request.param, monkeypatch.setattr)
    return str(request.param)


def pretend(kind: str, put: object) -> None:
    if kind != "unnamed":
        put("commands.new_file._unnamed", lambda _: None)
    if kind == "neither":

        def link(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        put("os.link", link)


def test_a_file_appears_whole(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    with new_file(path) as file:
        file.write(b"content")
        assert not path.exists()
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_after_an_error_there_is_no_file(kind: str, tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with new_file(tmp_path / "out") as file:
            file.write(b"content" * 100_000)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("early", [True, False])
def test_what_is_there_is_never_replaced(kind: str, tmp_path: Path, early: bool) -> None:
    path = tmp_path / "out"
    if early:
        path.symlink_to(tmp_path / "nowhere")

    def write_beside_another() -> None:
        with new_file(path) as file:
            file.write(b"content")
            path.write_bytes(b"precious")

    with pytest.raises(FileExistsError):
        write_beside_another()
    assert path.is_symlink() if early else path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fails_leaves_no_file(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no"), new_file(tmp_path / "out") as file:
        file.write(b"content")
    assert list(tmp_path.iterdir()) == []


def test_the_leftover_of_a_killed_attempt_is_replaced(kind: str, tmp_path: Path) -> None:
    if kind != "unnamed":
        (tmp_path / ".out.unfinished").write_bytes(b"half")
    with new_file(tmp_path / "out") as file:
        file.write(b"whole")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_two_attempts_at_once_do_not_disturb_each_other(kind: str, tmp_path: Path) -> None:
    with new_file(tmp_path / "one") as one:
        one.write(b"one")
        if kind == "unnamed":
            with new_file(tmp_path / "two") as two:
                two.write(b"two")
        else:
            with pytest.raises(BlockingIOError), new_file(tmp_path / "one"):
                pytest.fail("the second attempt began")
    assert (tmp_path / "one").read_bytes() == b"one"


def test_a_killed_process_leaves_no_file_of_that_name(tmp_path: Path) -> None:
    script = (
        "import sys, os, pathlib; from commands.new_file import new_file\n"
        "with new_file(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(bytes(10_000_000)); file.flush(); print(flush=True); sys.stdin.read()\n"
    )
    for _ in range(count(2, 20)):
        command = [sys.executable, "-c", script, str(tmp_path / "out")]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
            finally:
                process.kill()
        assert process.wait(BOUND) == -signal.SIGKILL
        # Where the file system knows no unnamed files, what is left says that it is unfinished.
        assert {path.name for path in tmp_path.iterdir()} <= {".out.unfinished"}
    with new_file(tmp_path / "out") as file:
        file.write(b"whole")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_what_is_put_in_the_place_of_a_file_has_its_mode_and_is_found_through_its_link(
    tmp_path: Path,
) -> None:
    (tmp_path / "keys").mkdir()
    real, link = tmp_path / "keys" / "team.keys", tmp_path / "team.keys"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    # What an attempt that was killed left behind is written over.
    (real.parent / ".team.keys.unfinished").write_bytes(b"half of something longer")
    with real.open("rb") as reading:
        put_in_place(link, b"new")
        assert reading.read() == b"old"
    assert link.is_symlink()
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (b"new", 0o640)
    assert list(real.parent.iterdir()) == [real]


def test_where_nothing_can_be_put_the_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "team.keys"
    with pytest.raises(FileNotFoundError):
        put_in_place(path, b"new")
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("commands.new_file.sync_file", full)
    with pytest.raises(OSError, match="space"):
        put_in_place(path, b"new")
    assert path.read_bytes() == b"old"
