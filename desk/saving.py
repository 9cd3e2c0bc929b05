"""Save the files of a case, readable: the one thing that puts plaintext on a disk, and only when asked."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crypto.errors import BadAttachment
from crypto.open_attachment import opened
from crypto.secret import AttachmentKey
from desk.casebook import Casebook, is_whole
from desk.durable import clear_partials, make_folder, sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.names import safe_names
from desk.progress import bar
from payload import AttachedFile

SUMS = "SHA256SUMS"  # `sha256sum -c SHA256SUMS` checks the files
LIST = "LIST.json"  # the names as they were sent

MISSING = "missing: not in any bundle imported so far"
DAMAGED = "damaged in the casebook: import its bundle again"
LOCKED = "locked: it may be illegal to hold or to copy"


@dataclass(frozen=True)
class Saved:
    """A file of a case, and the name it has in the folder; ``why`` says what kept it from being saved."""

    file: AttachedFile
    name: str
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Give what LIST.json and `files --json` say of it."""
        return {
            "saved_as": None if self.why else self.name,
            "name": self.file.name,
            "type": self.file.type,
            "size": self.file.size,
            "sha256": self.file.sha256.hex(),
            "caption": self.file.caption,
            "why": self.why,
        }


def save(
    casebook: Casebook, files: Sequence[AttachedFile], out: Path, is_locked: Callable[[AttachedFile], bool]
) -> list[Saved]:
    """Write ``files`` (mode 0600) into the folder ``out``, with a manifest and a list of their true names.

    What is missing, damaged or locked is told in ``why``, and nothing of it is left. ``is_locked`` is asked
    of each.

    :raises DeskError: something in ``out`` has one of the names; nothing is written then.
    :raises OSError: the disk is full, or ``out`` cannot be written to.
    """
    names = safe_names([file.name for file in files], taken=[SUMS, LIST])
    make_folder(out)
    with _alone_in(out):
        for name in [SUMS, LIST, *names]:
            if os.path.lexists(out / name):
                raise DeskError(
                    f"{harmless(str(out / name))} is there already",
                    "nothing was written; name a new folder with --out",
                )
        with bar("saving", sum(file.size for file in files), "B") as shown:
            saved = []
            for file, name in zip(files, names, strict=True):
                locked = is_locked(file)
                saved.append(Saved(file, name, LOCKED if locked else _save(casebook, file, out / name)))
                shown.update(file.size)
        if any(not one.why for one in saved):
            _write_lists(out, saved)
    return saved


@contextmanager
def _alone_in(out: Path) -> Iterator[None]:
    number = os.open(out, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DeskError(f"another run is saving into {harmless(str(out))}", "wait for it") from None
        clear_partials(out)
        try:
            yield
        finally:
            # Once more: a signal may have come where the writer itself could not clean up.
            clear_partials(out)
    finally:
        os.close(number)


def _save(casebook: Casebook, file: AttachedFile, path: Path) -> str:
    sealed = casebook.blob(file.sealed_sha256.hex())
    if not sealed.exists():
        return MISSING
    # The report names the sealed bytes: they are checked before a key is used on them.
    if not is_whole(sealed):
        return DAMAGED
    try:
        with sealed.open("rb") as source, writing(path, replace=False) as out:
            digest = hashlib.sha256()
            for piece in opened(source, AttachmentKey(file.key), file.size):
                digest.update(piece)
                out.write(piece)
            if digest.digest() != file.sha256:
                raise BadAttachment("it is not the file that the report names")
    except BadAttachment as bad:
        return f"damaged: {bad}"
    return ""


def _write_lists(out: Path, saved: Sequence[Saved]) -> None:
    sums = "".join(f"{one.file.sha256.hex()}  {one.name}\n" for one in saved if not one.why)
    # Escaped to ASCII: a name that was sent may hold what a terminal or an editor would obey.
    told = json.dumps([one.as_json() for one in saved], indent=2)
    for name, text in ((LIST, told + "\n"), (SUMS, sums)):
        with writing(out / name, replace=False) as file:
            file.write(text.encode("utf-8"))
    sync_folder(out)
