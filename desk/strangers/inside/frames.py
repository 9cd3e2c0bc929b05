"""How the box answers: frames of JSON and bytes, on a pipe.

    frame   length of the JSON u32 | length of the bytes u32 | JSON | bytes

Integers are big-endian. The last frame is {"end": true}; an answer without it is none.
"""

import json
import struct
from typing import BinaryIO

HEAD = struct.Struct(">II")
END = "end"


class Cannot(Exception):  # noqa: N818 - says what is the case
    """The file cannot be dealt with; ``code`` is one of those that the desk has words for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Answer:
    """Writes frames."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def send(self, said: dict[str, object], data: "bytes | bytearray | memoryview" = b"") -> None:
        """Write one frame."""
        text = json.dumps(said).encode()
        self._out.write(HEAD.pack(len(text), len(data)))
        self._out.write(text)
        self._out.write(data)

    def end(self) -> None:
        """Write the last one."""
        self.send({END: True})
        self._out.flush()
