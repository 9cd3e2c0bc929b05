"""The desk's own folder: who can reach it, what was left unfinished, whether its files are whole."""

import os
import random
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from desk.casebook import Casebook, is_whole
from desk.doctor.check import Check, good, unknown, wrong
from desk.doctor.system import CODE
from desk.durable import PARTIAL
from desk.harmless import harmless
from desk.home import Home

PERMISSIONS, CODE_LINE, UNFINISHED, CASEBOOK = "permissions", "program", "unfinished work", "casebook"
SAMPLE = 100  # files of each kind that are read through, where not all are
SAMPLE_BYTES = 500_000_000
OTHERS = stat.S_IRWXG | stat.S_IRWXO
NAMED = 5  # damaged files that are named


def permissions(home: Home) -> Check:
    """See that nobody else on this machine can read the desk's folder or put anything into it."""
    if not home.folder.is_dir():
        return unknown(PERMISSIONS, "there is no desk here yet")
    # What lies in a closed folder is closed.
    if home.folder.stat().st_mode & OTHERS:
        return wrong(
            PERMISSIONS,
            f"others on this machine can look into {harmless(str(home.folder))}",
            f"chmod -R go= {harmless(str(home.folder))}",
        )
    foreign = [path for path in _outer(home) if path.lstat().st_uid != os.geteuid()]
    if foreign:
        return wrong(
            PERMISSIONS,
            f"{harmless(foreign[0].name)} belongs to another user of this machine",
            "use the desk as the one user that it belongs to, never as root",
        )
    return good(PERMISSIONS, "nobody else on this machine can read the desk's folder")


def _outer(home: Home) -> Iterator[Path]:
    yield home.folder
    yield from sorted(home.folder.iterdir())


def program(code: Path = CODE) -> Check:
    """See that no other user of this machine can change the program that is given the passphrase."""
    for path in (code, code / "desk", code / "crypto", code / "desk/__main__.py"):
        told = path.stat()
        if told.st_uid not in {0, os.geteuid()} or told.st_mode & stat.S_IWOTH:
            return wrong(
                CODE_LINE,
                f"another user of this machine can change {harmless(str(path))}",
                "install the desk anew as its own user, in a folder of its own",
            )
    return good(CODE_LINE, f"nobody else can change the program in {harmless(str(code))}")


def unfinished(home: Home) -> Check:
    """See whether a command was stopped in the middle, and is to be run again."""
    if home.unfinished.exists() and not home.notes.is_file():
        return wrong(
            UNFINISHED, "init was stopped before it was done", "run init again, with the same options"
        )
    if home.destroying.exists():
        return wrong(
            UNFINISHED,
            "keys destroy was stopped before it was done",
            "the line on the keys says how to run it again; without a passphrase: `keys` says it",
        )
    folders = [home.folder, home.casebook / "env", home.casebook / "blob", home.folder / "outbox"]
    left = [
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.startswith(PARTIAL)
    ]
    if left:
        return wrong(
            UNFINISHED,
            f"a command was stopped and left {len(left)} unfinished file{'s' * (len(left) > 1)}",
            "run again what was stopped, such as the import: it clears them away",
        )
    return good(UNFINISHED, "nothing was stopped in the middle")


def casebook(home: Home, *, thorough: bool) -> Check:
    """Read files of the casebook through, a sample or all, and compare them with their names."""
    book = Casebook(home.casebook)
    envelopes = [book.envelope_folder / name for name in book.envelopes()]
    blobs = [book.blob(name) for name in sorted(book.blobs())]
    every = len(envelopes) + len(blobs)
    if not every:
        return good(CASEBOOK, "it is empty")
    chosen = envelopes + blobs if thorough else [*_sample(envelopes), *_sample(blobs)]
    damaged = [path.name for path in chosen if not is_whole(path)]
    if damaged:
        named = ", ".join(name[:12] for name in damaged[:NAMED]) + " …" * (len(damaged) > NAMED)
        return wrong(
            CASEBOOK,
            f"{len(damaged)} of {len(chosen):,} files that were read are damaged: {named}",
            "put them back from a backup or another desk's casebook, or import a bundle that holds them; "
            "then see to the disk",
        )
    if len(chosen) == every:
        return good(CASEBOOK, f"all of its {every:,} files are whole")
    return good(
        CASEBOOK, f"{len(chosen):,} of its {every:,} files were read, and are whole (--thorough reads all)"
    )


def _sample(paths: Sequence[Path]) -> list[Path]:
    """Choose some, so that they can be read in a few seconds; others each time."""
    chosen: list[Path] = []
    size = 0
    for path in random.sample(paths, min(SAMPLE, len(paths))):
        size += path.stat().st_size
        if chosen and size > SAMPLE_BYTES:
            break
        chosen.append(path)
    return chosen
