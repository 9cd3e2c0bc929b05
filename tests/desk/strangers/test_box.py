"""The box holds whatever runs in it: tried with tasks that do their worst."""

import os
import secrets
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from desk.strangers import isolation as isolations
from desk.strangers.box import MB, Bounds, BoxFailed, Frame, run
from desk.strangers.isolation import Code, Isolation, isolation
from tests.desk.strangers import making

HOSTILE = Code(Path(__file__).parent / "hostile", "hostile")
SMALL = Bounds(seconds=30, memory=256 * MB, answer=8 * MB)
SHORT = Bounds(seconds=1, memory=256 * MB, answer=8 * MB, wait=2)


def kinds_of_box() -> list[Isolation]:
    """Every way that this machine has to close a box."""
    return list(dict.fromkeys([isolation(), Isolation.LIMITS]))


@pytest.fixture(params=kinds_of_box(), ids=str)
def kept(request: pytest.FixtureRequest) -> Isolation:
    return Isolation(request.param)


def hostile(task: str, kept: Isolation, bounds: Bounds = SMALL, source: bytes = b"") -> list[Frame]:
    return list(run(task, BytesIO(source), bounds, code=HOSTILE, kept=kept))


@pytest.fixture
def listening() -> Iterator[int]:
    """A server on loopback, and one on an abstract address: what the desk's own page would be to the box."""
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        port = tcp.getsockname()[1]
        with socket.socket(socket.AF_UNIX) as local:
            local.bind(f"\0vigil-test-{port}" if sys.platform == "linux" else f"vigil-test-{port}")
            local.listen()
            yield port


def look_round(listening: int, home: Path, kept: Isolation) -> dict[str, object]:
    (frame,) = hostile("look-round", kept, source=f"{home}\n{listening}\n".encode())
    return dict(frame.said)


def test_in_bubblewrap_nothing_of_this_machine_is_to_be_seen(
    listening: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isolation() is not Isolation.BUBBLEWRAP:
        assert isolations._bubblewrap() == ()
        return
    secret = tmp_path / "desk.keys"
    secret.write_text("the keys of the desk")
    monkeypatch.setenv("DESK_PASSPHRASE_FILE", "a secret path")
    seen = look_round(listening, secret, Isolation.BUBBLEWRAP)
    assert seen["home"] == "FileNotFoundError: No such file or directory"
    assert not {"home", "tmp", "var", "proc", "sys", "dev", "run", "bin", "mnt", "media"} & set(seen["root"])
    assert not {"/etc/passwd", "/etc/hostname", "/etc/ssl", "/root/.ssh"} & set(seen["folders"])
    assert seen["processes"] == "FileNotFoundError: No such file or directory"
    assert set(seen["environment"]) <= {"PWD", "LC_CTYPE"}
    assert str(seen["network"]).startswith(("ConnectionRefusedError", "OSError: Network is unreachable"))
    assert str(seen["outside"]).startswith("OSError: Network is unreachable")
    assert seen["interfaces"] in (["lo"], [])
    assert str(seen["abstract"]).startswith("ConnectionRefusedError")
    assert str(seen["signal"]).startswith("ProcessLookupError")
    assert set(seen["files"]) <= {0, 1, 2, 3}


def test_without_bubblewrap_the_limits_are_all_there_is(listening: int, tmp_path: Path) -> None:
    """What the box does not promise without it: the page and the documents say so."""
    open_file = tmp_path / "notes"
    open_file.write_text("hello")
    seen = look_round(listening, open_file, Isolation.LIMITS)
    assert seen["home"] == "done: hello"
    assert str(seen["network"]).startswith("done: ")
    assert set(seen["environment"]) <= {"PWD", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert set(seen["files"]) <= {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("task", "code"),
    [
        ("hang", "too-slow"),
        ("work", "too-slow|died"),  # by the clock, or by the work that it may do
        ("long-frame", "nonsense"),
        ("flood", "too-much"),
        ("nonsense", "nonsense"),
        ("die", "died"),
        ("silent", "died"),
    ],
)
def test_a_task_that_misbehaves_is_ended_and_told(task: str, code: str, kept: Isolation) -> None:
    with pytest.raises(BoxFailed) as failure:
        hostile(task, kept, SHORT if task in ("hang", "work") else SMALL)
    assert failure.value.code in code.split("|")


def test_memory_is_bounded(kept: Isolation) -> None:
    (frame,) = hostile("memory", kept)
    assert frame.said == {"cannot": "too-large"}


def test_a_task_that_lingers_after_its_answer_is_ended(kept: Isolation) -> None:
    assert hostile("linger", kept) == []


def test_nothing_can_be_written(kept: Isolation, tmp_path: Path) -> None:
    (frame,) = hostile("write", kept)
    left = [folder for folder in frame.said if Path(folder, "left-by-the-box").exists()]
    for folder in left:
        path = Path(folder, "left-by-the-box")
        size = path.stat().st_size
        path.unlink()
        # Without bubblewrap an empty file can be made where anybody may make one; nothing can be put in it.
        assert size == 0
        assert kept is Isolation.LIMITS
    assert not [said for said in frame.said.values() if str(said).startswith("done")]


def test_what_it_starts_ends_with_it() -> None:
    if isolation() is Isolation.BUBBLEWRAP:
        # A package of a name of its own, which stands on the command line of all that it starts.
        mark = f"hostile{secrets.token_hex(8)}"
        (frame,) = list(run("fork", BytesIO(), SMALL, code=Code(HOSTILE.folder, mark)))
        # The kernel holds root to no such limit; whatever root began ends all the same.
        assert frame.said["forked"] == 0 or os.getuid() == 0
        # The kernel ends a namespace in its own time.
        deadline = time.monotonic() + 60
        while _running(mark) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _running(mark)


def _running(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def test_the_box_cannot_change_the_file() -> None:
    if sys.platform != "linux":
        return
    from desk.strangers.opened import sealed_memory

    with sealed_memory([b"127.0.0.1\n1\n"]) as source:
        (frame,) = list(run("look-round", source, SMALL, code=HOSTILE))
        assert str(frame.said["change"]).startswith(("PermissionError", "OSError"))
        source.seek(0)
        assert source.read() == b"127.0.0.1\n1\n"


def test_a_machine_that_forbids_bubblewrap_falls_back_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr("desk.strangers.isolation.PLACES", str(tmp_path))
    isolations.isolation.cache_clear()
    isolations._bubblewrap.cache_clear()
    try:
        assert isolation() is Isolation.LIMITS
        (frame,) = list(run("preview", BytesIO(b"hello"), Bounds(30, 512 * MB, MB)))
        assert frame.data == b"hello"
    finally:
        isolations.isolation.cache_clear()
        isolations._bubblewrap.cache_clear()


def test_bubblewrap_that_takes_too_long_to_answer_is_not_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_given: object, **_named: object) -> None:
        raise subprocess.TimeoutExpired("bwrap", 60)

    monkeypatch.setattr("desk.strangers.isolation.subprocess.run", slow)
    assert not isolations._permitted(("bwrap",))


def test_an_ordinary_user_has_the_same_box(tmp_path: Path) -> None:
    """As root here, so once more as nobody: with the system's own Python, which nobody can read too."""
    python = "/usr/bin/python3"
    if os.getuid() != 0 or isolation() is not Isolation.BUBBLEWRAP or not Path(python).exists():
        assert isolation() in Isolation
        return
    copied = tmp_path / "code"
    root = Path(isolations.__file__).parents[2]
    for name in ("__init__.py", "isolation.py", "box.py"):
        target = copied / "desk" / "strangers" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((root / "desk" / "strangers" / name).read_bytes())
    (copied / "desk" / "__init__.py").write_bytes(b"")
    for path in (root / "desk" / "strangers" / "inside").glob("*.py"):
        target = copied / "desk" / "strangers" / "inside" / path.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    files = _files_for(python)
    for name, data in files.items():
        (copied / name).write_bytes(data)
    for folder in [copied, *copied.rglob("*")]:
        folder.chmod(0o755)
    script = (
        "import io, os, sys; sys.path[:0] = sys.argv[1:3]; os.setgroups([])\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "from desk.strangers.box import Bounds, run\nfrom desk.strangers.isolation import isolation\n"
        "print(isolation())\n"
        "for name in sys.argv[3:]:\n"
        "    source = io.BytesIO(open(os.path.join(sys.argv[1], name), 'rb').read())\n"
        "    frames = list(run('preview', source, Bounds(30, 1536 * 2**20, 2**24)))\n"
        "    told = [key for frame in frames for key in frame.said]\n"
        "    print(name, *(key for key in told if key in ('cannot', 'pixels', 'text')))"
    )
    above = list(tmp_path.parents)
    modes = [(folder, folder.stat().st_mode) for folder in [tmp_path, *above] if "pytest" in str(folder)]
    try:
        for folder, mode in modes:
            folder.chmod(mode | 0o711)
        done = subprocess.run(
            [python, "-c", script, str(copied), _packages(), *files],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        for folder, mode in modes:
            folder.chmod(mode)
    expected = {name: "text" if name == "text" else "pixels" for name in files}
    told = ["bubblewrap", *(f"{name} {what}" for name, what in expected.items())]
    assert done.stdout.splitlines() == told, done.stderr


def _packages() -> str:
    return sysconfig.get_paths()["platlib"]


def _files_for(python: str) -> dict[str, bytes]:
    """Give files whose readers would like to begin threads, where that Python can read our libraries."""
    version = subprocess.run(
        [python, "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[1]
    folders = [Path(_packages()), *Path(_packages()).parents]
    readable = all(folder.stat().st_mode & 0o001 for folder in folders)
    if not readable or version.split(".")[:2] != sys.version.split(".")[:2]:
        return {"text": b"hello"}
    films = {"film": making.film(codec="libx264"), "heic": making.heic(), "avif": making.saved("AVIF")}
    return {"text": b"hello", "jpeg": making.jpeg(), "pdf": making.pdf(), **films}
