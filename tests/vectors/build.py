"""Build sealed bytes piece by piece, as a liar who knows the keys could: any tag, any padding, any length."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import shake_256
from pathlib import Path
from typing import Any

from nacl import bindings

from crypto import xwing
from crypto.attachment import PREFIX, stream_key
from crypto.envelope import Header, Kind
from crypto.epoch import Epoch
from crypto.schedule import payload_keys, wrap_info
from crypto.secret import AttachmentKey, EpochSeed, FileKey, XWingSeed

MESSAGE, PUSH, REKEY, FINAL = 0, 1, 2, 3
CHUNK = 65_536


def fixed_bytes(name: str, length: int = 32) -> bytes:
    """Give bytes that look random and are the same each time."""
    return shake_256(f"vigil vectors: {name}".encode()).digest(length)


def seed(name: str) -> EpochSeed:
    """Give the seed of a desk that only these vectors know."""
    return EpochSeed(fixed_bytes(name))


def body(length: int) -> bytes:
    """Give text of a length; it ends in no zero."""
    line = b"The white van came again on Tuesday, after dark. "
    return (line * (length // len(line) + 1))[:length]


def pieces(plain: bytes) -> list[tuple[bytes, int]]:
    """Cut plain bytes into chunks with the tags that belong to them."""
    cut = [plain[at : at + CHUNK] for at in range(0, len(plain), CHUNK)]
    return [(chunk, MESSAGE) for chunk in cut[:-1]] + [(cut[-1], FINAL)]


def retagged(whole: list[tuple[bytes, int]], index: int, tag: int) -> list[tuple[bytes, int]]:
    """Give one chunk another tag."""
    return [(chunk, tag if at == index % len(whole) else old) for at, (chunk, old) in enumerate(whole)]


def stream(key: bytes, header: bytes, parts: Sequence[tuple[bytes, int]]) -> bytes:
    """Seal chunks with chosen tags under a chosen header: a pulling state starts as a pushing one does."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    push = bindings.crypto_secretstream_xchacha20poly1305_push
    return b"".join(push(state, chunk, None, tag) for chunk, tag in parts)


@dataclass(frozen=True)
class MadeEnvelope:
    """An envelope whose keys are known."""

    head: bytes
    commitment: bytes
    key: bytes
    header: bytes
    plain: bytes

    @classmethod
    def to(
        cls, desks: Sequence[XWingSeed], inside: bytes, padded: int, kind: Kind = Kind.INCOMING
    ) -> "MadeEnvelope":
        """Seal to desks, or to whom the kind is for; ``padded`` is the size that the writer thinks right."""
        fixed = Header(kind, Epoch(202611) if kind.has_epoch else None, len(desks)).fixed()
        name = f"{len(desks)} {len(inside)}"
        file_key = FileKey(fixed_bytes(f"file key {name}"))
        head = fixed + b"".join(
            xwing.wrapped(xwing.public_of(desk), wrap_info(fixed, index), file_key)
            for index, desk in enumerate(desks)
        )
        commitment, key = payload_keys(file_key, head)
        plain = (len(inside).to_bytes(4, "big") + inside).ljust(padded, b"\0")
        return cls(head, commitment, key, fixed_bytes(f"stream header {name}", 24), plain)

    def sealed(self, parts: Sequence[tuple[bytes, int]] | None = None) -> bytes:
        """Give the envelope, or one with the same head and other chunks."""
        chunks = stream(self.key, self.header, pieces(self.plain) if parts is None else parts)
        return self.head + self.commitment + self.header + chunks

    def with_plain(self, plain: bytes) -> bytes:
        """Give the envelope with other plain bytes under the same keys."""
        return replace(self, plain=plain).sealed()


@dataclass(frozen=True)
class MadeAttachment:
    """An attachment whose key is known."""

    key: AttachmentKey
    header: bytes
    plain: bytes

    @classmethod
    def of(cls, inside: bytes, padded: int) -> "MadeAttachment":
        """Seal a file; ``padded`` is the size that the writer thinks right."""
        key = AttachmentKey(fixed_bytes(f"attachment key {len(inside)}"))
        header = fixed_bytes(f"attachment header {len(inside)}", 24)
        return cls(key, header, inside.ljust(padded, b"\0"))

    def sealed(self, parts: Sequence[tuple[bytes, int]] | None = None) -> bytes:
        """Give the attachment, or one with the same key and other chunks."""
        chunks = stream(stream_key(self.key), self.header, pieces(self.plain) if parts is None else parts)
        return PREFIX + self.header + chunks

    def with_plain(self, plain: bytes) -> bytes:
        """Give the attachment with other plain bytes under the same key."""
        return replace(self, plain=plain).sealed()


def write(path: Path, about: str, given: dict[str, Any], bases: dict[str, bytes], found: list[Any]) -> None:
    """Write a vector file: bases in base64 lines, one vector after another."""
    lines = {name: _lines(base64.b64encode(data).decode()) for name, data in bases.items()}
    text = json.dumps({"about": about, **given, "vectors": found, "bases": lines}, indent=1)
    path.write_text(text + "\n", "utf-8")


def _lines(text: str) -> list[str]:
    return [text[at : at + 108] for at in range(0, len(text), 108)]
