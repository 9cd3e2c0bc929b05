"""A file that came with a report, a follow-up or a reply: what opens its sealed attachment, and its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from payload.errors import BadPayload
from payload.limits import MAX_FILE_SIZE, MAX_FILES, MAX_NAME, MAX_SHORT, MAX_TYPE
from payload.strict_json import Fields, check_text

# What a file has in raw bytes, written as hex, and how many.
RAW: Mapping[str, int] = MappingProxyType({"blob": 16, "key": 32, "sha256": 32, "sealed_sha256": 32})


@dataclass(frozen=True, slots=True, repr=False)
class AttachedFile:
    """A file; its bytes are the sealed attachment ``blob``.

    ``blob`` 16 bytes, ``key`` 32 bytes (a secret: it opens the attachment), ``name`` and ``type`` as the
    browser or the desk gave them, ``size`` in bytes, ``sha256`` of the file and ``sealed_sha256`` of the
    attachment, 32 bytes each; ``caption`` what the source says that it shows, or nothing.

    :raises BadPayload: a field is of the wrong length, or the caption is all blanks.
    """

    blob: bytes
    key: bytes
    name: str
    type: str
    size: int
    sha256: bytes
    sealed_sha256: bytes
    caption: str = ""

    def __post_init__(self) -> None:
        for name, length in RAW.items():
            if len(getattr(self, name)) != length:
                raise BadPayload(f"must be {length} bytes", name)
        if not 0 <= self.size <= MAX_FILE_SIZE:
            raise BadPayload(f"must be from 0 to {MAX_FILE_SIZE}", "size")
        check_text(self.name, MAX_NAME, "name")
        check_text(self.type, MAX_TYPE, "type")
        check_text(self.caption, MAX_SHORT, "caption")
        if self.caption and not self.caption.strip():
            raise BadPayload("is empty", "caption")

    def __repr__(self) -> str:
        return "<AttachedFile>"  # the key, the name, the hash: none of it is for a traceback

    @classmethod
    def taken(cls, fields: Fields, *, captions: bool) -> "AttachedFile":
        """Read one from its JSON object; ``captions``: its schema knows them.

        :raises BadPayload: the object breaks the schema.
        """
        found = cls(
            **{name: fields.raw(name, length) for name, length in RAW.items()},
            name=fields.text("name", MAX_NAME),
            type=fields.text("type", MAX_TYPE),
            size=fields.number("size", MAX_FILE_SIZE),
            caption=_caption(fields) if captions else "",
        )
        fields.done()
        return found

    def as_json(self) -> dict[str, Any]:
        """Give the JSON object that ``taken`` reads."""
        written = {
            "blob": self.blob.hex(),
            "key": self.key.hex(),
            "name": self.name,
            "type": self.type,
            "size": self.size,
            "sha256": self.sha256.hex(),
            "sealed_sha256": self.sealed_sha256.hex(),
        }
        return {**written, "caption": self.caption} if self.caption else written


def check_files(files: Sequence[AttachedFile]) -> None:
    """Check what is true of all files together.

    :raises BadPayload: they are more than ``MAX_FILES``, or a blob stands twice.
    """
    if len(files) > MAX_FILES:
        raise BadPayload(f"holds more than {MAX_FILES}", "files")
    if len({file.blob for file in files}) != len(files):
        raise BadPayload("names one blob twice", "files")


def files_taken(fields: Fields, *, captions: bool) -> tuple[AttachedFile, ...]:
    """Read the member ``files``.

    :raises BadPayload: it is missing or breaks the schema.
    """
    return tuple(AttachedFile.taken(file, captions=captions) for file in fields.each("files", MAX_FILES))


def _caption(fields: Fields) -> str:
    if not fields.holds("caption"):
        return ""
    caption = fields.text("caption", MAX_SHORT)
    if not caption.strip():
        raise BadPayload("is empty", fields.path("caption"))
    return caption
