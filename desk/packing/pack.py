"""The file that is handed to an agency: a zip of the words as PDF and JSON, the chosen files, and their sums.

The same words and files, passed on on the same day, give the same bytes. Nothing in it says where or by whom
it was made, and of the time the day alone.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.packing import sheet
from desk.packing.notice import COPIES, TITLE, grading, notice
from desk.packing.told import Group, month_or_day
from payload.changes import Grade
from publishing.agencies import Agency

PDF, JSON, SUMS, FOLDER = "referral.pdf", "referral.json", "SHA256SUMS", "files"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can tell: every member has it
_UNIX, _MODE = 3, 0o600 << 16
_REFERENCE = b"vigil/v1/referral\0"
_LETTERS = 8


@dataclass(frozen=True, slots=True, repr=False)
class Packed:
    """A file of the pack: name, media type, what it shows, bytes, and whether these are as they came."""

    name: str
    type: str
    caption: str
    data: bytes
    original: bool


@dataclass(frozen=True, slots=True, repr=False)
class Contents:
    """All that goes into a pack; ``first`` are the lines of the box at its top."""

    agency: Agency
    grade: Grade
    groups: tuple[Group, ...]
    files: tuple[Packed, ...]
    answer_to: str
    passed_on: date
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Pack:
    """A finished pack: its bytes, and the reference that stands in it."""

    data: bytes
    reference: str

    @property
    def sha256(self) -> str:
        """Give the hash of its bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()


def packed(contents: Contents) -> Pack:
    """Make the pack."""
    told = _as_json(contents)
    reference = _reference(told)
    written = json.dumps({"reference": reference, **told}, ensure_ascii=False, indent=2) + "\n"
    members = [
        (PDF, sheet.pdf({"reference": reference, **told})),
        (JSON, written.encode("utf-8")),
        *((f"{FOLDER}/{file.name}", file.data) for file in contents.files),
    ]
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in members)
    return Pack(_zipped([*members, (SUMS, sums.encode("ascii"))]), reference)


def _as_json(contents: Contents) -> dict[str, Any]:
    return {
        "vigil_referral": 1,
        "title": TITLE,
        "first": list(contents.first),
        "passed_on": month_or_day(contents.passed_on, exact=True),
        "to": {"id": contents.agency.id, "name": contents.agency.name},
        "grading": [{"label": label, "text": text} for label, text in grading(contents.grade)],
        "notice": [*notice(contents.answer_to), *([COPIES] if contents.files else [])],
        "told": [_group(group) for group in contents.groups],
        "files": [_file(file) for file in contents.files],
    }


def _group(group: Group) -> dict[str, Any]:
    rows = [{"label": row.label, "text": row.text} for row in group.rows]
    return {"level": group.level, "title": group.title, "rows": rows}


def _file(file: Packed) -> dict[str, Any]:
    return {
        "name": file.name,
        "type": file.type,
        "size": len(file.data),
        "sha256": hashlib.sha256(file.data).hexdigest(),
        "shows": file.caption,
        "as_it_came": file.original,
    }


def _reference(told: dict[str, Any]) -> str:
    """Give a short name that follows from the words and files alone, and leads to no case."""
    digest = hashlib.sha256(_REFERENCE + json.dumps(told).encode("ascii")).digest()
    return base64.b32encode(digest)[:_LETTERS].decode("ascii")


def _zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            about = zipfile.ZipInfo(name, _EARLIEST)
            about.create_system, about.external_attr = _UNIX, _MODE
            archive.writestr(about, data)
    return out.getvalue()
