"""A look into zip files, bounded: what they hold, and whether they are Office documents."""

import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from . import texts
from .frames import Answer, Cannot

MOST_MEMBERS = 20_000
MOST_DIRECTORY = 16 * 2**20  # bytes
MOST_PART = 32 * 2**20  # bytes of one part of a document, unpacked
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"
_COUNTS = struct.Struct("<10xHI")  # members in all, bytes of the directory
_COUNTS64 = struct.Struct("<32xQQ")
_SEE64 = (0xFFFF, 0xFFFFFFFF)  # what the first says where the second counts

_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_PROGRAMS = (".exe", ".scr", ".dll", ".com", ".bat", ".cmd", ".js", ".jse", ".vbs", ".ps1", ".hta", ".lnk",
             ".msi", ".jar", ".apk", ".app/", ".sh", ".wsf")  # fmt: skip


@contextmanager
def opened(source: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """Open a zip file.

    :raises Cannot: it is damaged, or has more members than anybody needs.
    """
    _check_members(source)
    try:
        with zipfile.ZipFile(source) as found:
            yield found
    except (zipfile.BadZipFile, EOFError, NotImplementedError, struct.error, UnicodeError, OSError) as bad:
        raise Cannot("damaged") from bad
    except RuntimeError as locked:  # what zipfile says of a part under a password
        raise Cannot("locked") from locked
    except ValueError as bad:
        raise Cannot("damaged") from bad


def code_of(source: BinaryIO) -> str:
    """Tell which kind of file a zip is by what lies in it."""
    try:
        with opened(source) as found:
            names = set(found.namelist())
            if "[Content_Types].xml" in names:
                return next((c for f, c in _FOLDERS.items() if any(n.startswith(f) for n in names)), "zip")
            if "mimetype" in names:
                return _OPEN.get(part(found, "mimetype", 200).strip(), "zip")
            if "AndroidManifest.xml" in names:
                return "android-program"
            return "java-program" if "META-INF/MANIFEST.MF" in names else "zip"
    except Cannot:
        return "zip"


def part(found: zipfile.ZipFile, name: str, most: int = MOST_PART) -> bytes:
    """Give what a part holds.

    :raises Cannot: it is larger than ``most`` bytes, whatever its header says.
    :raises KeyError: there is none of that name.
    """
    with found.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Cannot("too-large")
    return data


@dataclass(frozen=True)
class Contents:
    """What a zip file says of what is in it; nothing is unpacked for it."""

    members: int
    size: int  # bytes unpacked, as stated
    packed: int
    outside: int  # names that would leave the folder that it is unpacked into
    links: int
    programs: int
    locked: int
    names: tuple[str, ...]


def contents(found: zipfile.ZipFile) -> Contents:
    """Count what lies in a zip file."""
    infos = found.infolist()
    return Contents(
        members=len(infos),
        size=sum(info.file_size for info in infos),
        packed=sum(info.compress_size for info in infos),
        outside=sum(leaves(info.orig_filename) or leaves(info.filename) for info in infos),
        links=sum(stat.S_ISLNK(info.external_attr >> 16) for info in infos),
        programs=sum(info.filename.lower().endswith(_PROGRAMS) for info in infos),
        locked=sum(bool(info.flag_bits & 1) for info in infos),
        names=tuple(info.filename[:300] for info in infos[:200]),
    )


def preview(source: BinaryIO, answer: Answer, part: int) -> None:
    """Send the names of what is in it; nothing is unpacked."""
    with opened(source) as found:
        inside = contents(found)
    lines = [f"{inside.members:,} in it; nothing was unpacked. Their names:", *inside.names]
    texts.send(answer, "\n".join(lines), part, more=inside.members > len(inside.names))


def leaves(name: str) -> bool:
    """Tell whether a member's name points out of the folder that it would be unpacked into."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":")


def _check_members(source: BinaryIO) -> None:
    """Refuse before zipfile makes an object of each: it would, of millions."""
    size = source.seek(0, 2)
    source.seek(max(0, size - 66_000))
    tail = source.read(66_000)
    at, at64 = tail.rfind(_END), tail.rfind(_END64)
    if at < 0:
        raise Cannot("damaged")
    told = [_COUNTS.unpack_from(tail, at)] if at + _COUNTS.size <= len(tail) else []
    if 0 <= at64 <= len(tail) - _COUNTS64.size:
        told.append(_COUNTS64.unpack_from(tail, at64))
    for members, directory in told:
        if (members > MOST_MEMBERS and members != _SEE64[0]) or (
            directory > MOST_DIRECTORY and directory != _SEE64[1]
        ):
            raise Cannot("too-large")
    source.seek(0)
