"""A file's bytes at any place, without a copy: mapped where the system can, else as they lie in memory."""

import io
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def viewed(source: BinaryIO) -> Iterator["mmap.mmap | bytes"]:
    """Give all bytes of a file, to be searched and cut."""
    if isinstance(source, io.BytesIO):
        yield source.getvalue()
    elif source.seek(0, io.SEEK_END) == 0:
        yield b""
    else:
        with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped
