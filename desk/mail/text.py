"""Where a reply's words come from: a file, standard input, or an editor that leaves nothing behind.

The editor works in a folder of its own, in memory where the system has such a place, and with its settings
and histories there too. Afterwards all that lies in it is overwritten and removed.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from desk.durable import make_folder
from desk.errors import DeskError
from desk.harmless import harmless
from payload.limits import MAX_TEXT

T = TypeVar("T")

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory; the folder in it is ours alone
PREFIX = "vigil-desk-reply-"
FILE = "reply.txt"
_MOST_BYTES = 4 * MAX_TEXT + 4  # UTF-8, and a mark in front
_EDITORS = ("sensible-editor", "nano", "vi")
# Where an editor would keep what was typed, or a copy of it.
_PLACES = ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


def given(file: str | None) -> str | None:
    """Give the words from a file, or from standard input where that is no terminal; else None.

    :raises DeskError: they are not fit for a reply.
    :raises OSError: the file cannot be read.
    """
    if file is not None:
        with Path(file).open("rb") as source:
            return checked(source.read(_MOST_BYTES + 1))
    if sys.stdin is None or sys.stdin.isatty():
        return None
    return checked(sys.stdin.buffer.read(_MOST_BYTES + 1))


def checked(data: bytes) -> str:
    """Give what was written as text, with plain line ends.

    :raises DeskError: it is empty, too long, or not UTF-8. No word of it is told.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    # Told outside: Python's own error holds the bytes that it is about.
    if len(data) > _MOST_BYTES or (text is not None and len(text) > MAX_TEXT):
        raise DeskError(
            f"the reply has more than {MAX_TEXT:,} characters", "write it shorter, or send a part as a file"
        )
    if text is None:
        raise DeskError("the reply is not text in UTF-8", "save it as UTF-8, and send other things by --file")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not text.strip():
        raise DeskError("the reply is empty", "nothing was sent; write what the source should read")
    return text


def edited(home: Path) -> str:
    """Let staff write in an editor; ``home`` is where its folder goes if the system has none in memory.

    :raises DeskError: there is no editor, it failed, or what was written is not fit for a reply.
    """
    command = _editor()
    with _private_folder(home) as folder:
        path = folder / FILE
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        environment = {**os.environ, **dict.fromkeys(_PLACES, str(folder))}
        while True:
            try:
                status = subprocess.run(  # noqa: S603 - staff choose their editor
                    [*command, str(path)], cwd=folder, env=environment, check=False
                ).returncode
            except OSError:
                raise DeskError(f"the editor {harmless(command[0])} cannot be started", _CHOOSE) from None
            if status:
                raise DeskError(f"the editor {harmless(command[0])} failed", "nothing was sent; run it again")
            try:
                with path.open("rb") as source:
                    return checked(source.read(_MOST_BYTES + 1))
            except FileNotFoundError:
                raise DeskError("the reply is empty", "nothing was sent; save it in the editor") from None
            except DeskError as unfit:
                if not path.stat().st_size or not sys.stdin.isatty():
                    raise
                _ask_again(unfit)


_CHOOSE = "name one: EDITOR=nano python -m desk …; or give the text by --text-file"


def _ask_again(unfit: DeskError) -> None:
    """Let staff mend what they wrote: it would be gone otherwise."""
    print(f"{unfit.what}: {unfit.hint}")
    print("Enter opens the editor again, Ctrl-C gives up and forgets the text", end=" ", flush=True)
    if not sys.stdin.readline():
        raise unfit


def kept_until_sealed(words: str, seal: Callable[[str], T]) -> T:
    """Seal what was written in an editor; where that fails, let staff mend what is wrong and try again.

    :raises DeskError: it failed, and there is nobody to ask.
    :raises OSError: the same.
    """
    while True:
        try:
            return seal(words)
        except (DeskError, OSError) as error:
            if not sys.stdin.isatty():
                raise
            failed = error
        _say_failed(failed)
        if not sys.stdin.readline():
            raise failed


def _say_failed(error: DeskError | OSError) -> None:
    what = f"{error.what}: {error.hint}" if isinstance(error, DeskError) else error.strerror or "it failed"
    print(f"not sealed yet: {what}")
    print("Enter tries again with the same words, Ctrl-C gives up and forgets them", end=" ", flush=True)


def _editor() -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        if chosen := os.environ.get(variable, "").strip():
            try:
                return shlex.split(chosen)
            except ValueError:
                raise DeskError(f"{variable} is not a command", _CHOOSE) from None
    for name in _EDITORS:
        if shutil.which(name):
            return [name]
    raise DeskError("there is no editor here", _CHOOSE)


@contextmanager
def _private_folder(home: Path) -> Iterator[Path]:
    above = IN_MEMORY if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK) else home
    make_folder(above)
    for left in above.glob(f"{PREFIX}*"):
        _wipe_unused(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=above))
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # Held while it is in use: what a killed run left is held by nobody, and the next one wipes it.
        fcntl.flock(number, fcntl.LOCK_EX)
        yield folder
    finally:
        wipe(folder)
        os.close(number)


def _wipe_unused(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir() or folder.stat().st_uid != os.getuid():
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        wipe(folder)
    finally:
        os.close(number)


def wipe(folder: Path) -> None:
    """Overwrite every file below ``folder``, then remove all of it.

    In memory that is the end of it. On a disk that moves what it writes, an SSD, old bytes may be left: there
    the disk's encryption has to hold.
    """
    for base, _, names in os.walk(folder):
        for name in names:
            path = Path(base, name)
            if path.is_file() and not path.is_symlink():
                path.chmod(0o600)
                with path.open("r+b") as file:
                    file.write(bytes(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
    shutil.rmtree(folder)
