"""Who may read what lies on the disk, and how much room there is."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from commands.output import counted, sized
from store import Limits
from store.sqlite.database import NAME

PERMISSIONS, TEAM_KEYS, FORM_KEYS, DISK = "permissions", "team.keys", "form.keys", "disk"
# Few enough that looking at each takes a moment.
MOST_FILES = 100_000
FEW_INODES = 5_000


def checks(patient: Patient) -> list[Check]:
    """Look at modes and owners, then at the space."""
    settings = patient.settings
    return [
        _permissions(settings.data),
        _team_keys(settings.team_keys),
        _form_keys(settings.form_key),
        _space(settings.data),
    ]


def _permissions(data: Path) -> Check:
    try:
        found = data.stat()
    except OSError as error:
        return wrong(PERMISSIONS, f"{data} cannot be used: {error.strerror}", "make it, or set VIGIL_DATA")
    if os.geteuid() not in (0, found.st_uid):
        return wrong(
            PERMISSIONS,
            f"{data} belongs to another user than the one who asks",
            "ask as the site's own user: `vigil doctor` as root does so",
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        return wrong(PERMISSIONS, f"others can look into {data}", f"chmod 700 {data}")
    strange, open_to_all, read = 0, 0, ""
    for entry in _below(data):
        here = entry.stat(follow_symlinks=False)
        strange += here.st_uid != found.st_uid
        open_to_all += bool(here.st_mode & 0o002) and not stat.S_ISLNK(here.st_mode)
        if entry.name.startswith(NAME) and here.st_mode & 0o077:
            read = entry.path
    if strange:
        return wrong(
            PERMISSIONS,
            f"{counted(strange, 'file', 'files')} in {data} belong to another user than the folder",
            f"as root: chown -R --reference={data} {data}",
        )
    if open_to_all:
        return wrong(
            PERMISSIONS,
            f"{counted(open_to_all, 'file', 'files')} in {data} can be written by anybody",
            f"chmod -R o-rwx {data}",
        )
    if read:
        return wrong(
            PERMISSIONS,
            f"others could read {read}, if the folder ever let them",
            f"chmod 600 {data}/{NAME}*",
        )
    return good(PERMISSIONS, f"{data} is open to nobody else, and everything in it has the same owner")


def _below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Give what lies in a folder and the folders in it, so far as it is there when it is looked at."""
    waiting, seen = [folder], 0
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if seen >= MOST_FILES:
                    return
                seen += 1
                if _gone(entry):
                    continue
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))


def _gone(entry: os.DirEntry[str]) -> bool:
    # Its stat is kept by the entry: whoever asks next sees this one.
    try:
        entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return True
    return False


def _team_keys(path: Path) -> Check:
    try:
        modes = [(each, each.stat().st_mode) for each in (path, path.parent)]
    except OSError as error:
        return wrong(TEAM_KEYS, f"{path} cannot be looked at: {error.strerror}", "see who owns it")
    for each, mode in modes:
        if stat.S_IMODE(mode) & 0o022 and not mode & stat.S_ISVTX:
            return wrong(
                TEAM_KEYS,
                f"others can write {each}: who changes the keys reads what is sent",
                f"chmod go-w {each}",
            )
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return look(
            TEAM_KEYS,
            f"this user cannot write {path}: new keys cannot be imported",
            "let the site's own user own it",
        )
    return good(TEAM_KEYS, "only the site's own user can change the list of keys")


def _form_keys(path: Path) -> Check:
    try:
        found = path.stat()
    except FileNotFoundError:
        return unknown(FORM_KEYS, "there are no form keys yet: the site makes them when it starts")
    except OSError as error:
        return wrong(FORM_KEYS, f"{path} cannot be looked at: {error.strerror}", "see who owns it")
    if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
        return wrong(
            FORM_KEYS,
            f"others can read {path}",
            f"remove {path} and restart: new keys are made then; "
            "where web machines share it: chmod 600, then vigil share-form-keys --anew",
        )
    return good(FORM_KEYS, "nobody else can read the keys of the forms")


def _space(data: Path) -> Check:
    limits = Limits()
    try:
        disk = os.statvfs(data)
    except OSError as error:
        return wrong(DISK, f"{data} cannot be looked at: {error.strerror}", "see to the disk")
    free = disk.f_bavail * disk.f_frsize
    hint = f"free some space where {data} is, or move it to a larger disk"
    if disk.f_files and disk.f_favail < FEW_INODES:
        return wrong(DISK, f"there is room for {disk.f_favail:,} files only", hint)
    if disk.f_flag & os.ST_RDONLY:
        return wrong(DISK, f"the disk of {data} is read-only", "see to it: dmesg may say why")
    if free < limits.text_reserve:
        return wrong(DISK, f"{sized(free)} free: no report can be taken any more", hint)
    if free < limits.file_reserve:
        return wrong(DISK, f"{sized(free)} free: no file is taken any more, only words", hint)
    if free < 2 * limits.file_reserve + limits.text_reserve:
        return look(DISK, f"{sized(free)} free: soon no file is taken any more", hint)
    return good(DISK, f"{sized(free)} free, of {sized(disk.f_blocks * disk.f_frsize)}")
