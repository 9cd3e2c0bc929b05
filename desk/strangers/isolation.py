"""How the box is closed: with bubblewrap where this machine permits it, else by limits alone."""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
PLACES = "/usr/bin:/bin:/usr/local/bin"  # where bubblewrap is looked for
_LIBRARIES = ("PIL", "pillow_heif", "pypdfium2", "av")
_BOOT = (
    "import sys; libraries, code, module = sys.argv[1:4]; del sys.argv[1:4]; "
    "sys.path += [*libraries.split(':'), code]; "
    "tasks = __import__(module + '.tasks', fromlist=['x']); run = __import__('inside.run', fromlist=['x']); "
    "run.main(tasks.task)"
)


class Isolation(StrEnum):
    """What keeps the box closed."""

    BUBBLEWRAP = "bubblewrap"
    LIMITS = "limits only"


@dataclass(frozen=True)
class Code:
    """What the box runs: the folder of a package with a module ``tasks``, and its name."""

    folder: Path = INSIDE
    package: str = "inside"


OURS = Code()


@cache
def isolation() -> Isolation:
    """Find out, once, what this machine permits: bubblewrap is there, and a box can be made with it."""
    return Isolation.BUBBLEWRAP if _permitted(_bubblewrap()) else Isolation.LIMITS


def command(task: str, limits: str, code: Code, kept: Isolation) -> list[str]:
    """Give the command line of a box that does ``task`` within ``limits`` (JSON)."""
    if kept is Isolation.LIMITS:
        rooms = dict.fromkeys(str(folder) for folder in (INSIDE.parent, code.folder.parent))
        libraries = ":".join([*_library_folders(), *rooms])
        return [sys.executable, *_PYTHON, libraries, str(code.folder.parent), code.package, task, limits]
    inner = [os.path.realpath(sys.executable), *_PYTHON, *_boxed_paths(), code.package, task, limits]
    return [*_bubblewrap(), *_mounts(code), "--remount-ro", "/", "--", *inner]


def threads(kept: Isolation) -> int:
    """Give how many processes and threads may be there for a reader to begin a few more.

    In bubblewrap only those inside count; without it all of this user's do, and others may begin meanwhile.
    """
    if kept is Isolation.BUBBLEWRAP:
        return 8
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.stat().st_uid == os.getuid():
                found += sum(1 for _ in (process / "task").iterdir())
    return found + 32


_PYTHON = ("-I", "-S", "-B", "-c", _BOOT)


def _boxed_paths() -> tuple[str, str]:
    return ":".join(f"/box/library{number}" for number, _ in enumerate(_library_folders())), "/box/code"


def _mounts(code: Code) -> list[str]:
    """Say what the box sees, read-only: system libraries, the interpreter, its packages, and the code."""
    shown: list[str] = []
    for system in ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"):
        shown += ["--ro-bind-try", system, system]
    for path in map(Path, ("/lib", "/lib32", "/lib64")):
        if path.is_symlink():
            shown += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            shown += ["--ro-bind", str(path), str(path)]
    shown += _interpreter()
    for number, library in enumerate(_library_folders()):
        shown += ["--ro-bind", library, f"/box/library{number}"]
    for package, folder in {"inside": INSIDE, code.package: code.folder}.items():
        shown += ["--ro-bind", str(folder), f"/box/code/{package}"]
    return shown


def _interpreter() -> list[str]:
    program = os.path.realpath(sys.executable)
    shown = ["--ro-bind", program, program]
    prefixes = (os.path.realpath(prefix) for prefix in (sys.base_prefix, sys.base_exec_prefix))
    for prefix in dict.fromkeys(prefixes):
        # Of the system's own only the libraries, which are shown already: not /usr/bin, not /usr/share.
        if prefix not in ("/usr", "/usr/local", "/"):
            shown = ["--ro-bind", prefix, prefix, *([] if program.startswith(f"{prefix}/") else shown)]
    return shown


@cache
def _library_folders() -> tuple[str, ...]:
    """Where the libraries that open files lie; the box looks for no other."""
    found = {sysconfig.get_paths()["platlib"]: None}
    for name in _LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found[str(Path(spec.origin).parent.parent)] = None
    return tuple(folder for folder in found if Path(folder).is_dir())


@cache
def _bubblewrap() -> tuple[str, ...]:
    """Give bubblewrap with all that closes the box, or nothing where it is missing or may not do it."""
    program = shutil.which("bwrap", path=PLACES)
    if sys.platform != "linux" or program is None:
        return ()
    closed: tuple[str, ...] = (
        program,
        "--unshare-all",
        "--unshare-user",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
    )
    closed += ("--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "box")
    # Older ones do not know how to forbid boxes within the box, and some hosts do not let them.
    for tried in ((*closed, "--disable-userns"), closed):
        if _permitted(tried):
            return tried
    return ()


def _permitted(closed: tuple[str, ...]) -> bool:
    if not closed:
        return False
    inner = [os.path.realpath(sys.executable), "-I", "-S", "-c", ""]
    tried = [*closed, *_mounts(OURS), "--remount-ro", "/", "--", *inner]
    try:
        done = subprocess.run(  # noqa: S603 - our own command line
            tried, stdin=subprocess.DEVNULL, capture_output=True, env={}, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
