"""A terminal for a command that asks: reads what it shows, and types what a person would."""

import contextlib
import os
import pty
import re
import select
import subprocess
from collections.abc import Mapping
from typing import Self

from tests.desk.conftest import ROOT

WAIT = 120  # seconds until something is shown


class Terminal:
    """Runs a command on a terminal of its own."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self._leader, follower = pty.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "TERM": "xterm"},
            stdin=follower,
            stdout=follower,
            stderr=follower,
            start_new_session=True,
        )
        os.close(follower)
        self.seen = ""  # all of it
        self._unread = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._leader)

    def until(self, wanted: str) -> str:
        """Read on until something is shown; give what came before it."""
        while wanted not in self._unread:
            assert self._read(), f"{wanted!r} was never shown: {self.seen}"
        before, _, self._unread = self._unread.partition(wanted)
        return before

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._leader, line.encode() + b"\n")

    def end(self) -> int:
        """Read to the end; give the exit status."""
        while self._read():
            pass
        return self.process.wait(WAIT)

    def _read(self) -> bool:
        assert select.select([self._leader], [], [], WAIT)[0], self.seen
        data = b""
        # At its end a terminal gives an error, not nothing.
        with contextlib.suppress(OSError):
            data = os.read(self._leader, 65_536)
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        self.seen += text
        self._unread += text
        return bool(data)

    def left(self) -> str:
        """Give what stays on the terminal: not what was shown on the other screen."""
        return re.sub(r"\x1b\[\?1049h.*?\x1b\[\?1049l", "", self.seen, flags=re.DOTALL)

    def words(self, title: str) -> list[str]:
        """Read the words that are shown under a title."""
        self.until(title)
        shown = self.until("Then press Enter: ")
        found = re.findall(r"(\d+)\. ([a-z]+)", shown)
        assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
        return [word for _, word in found]

    def prove(self, words: list[str]) -> None:
        """Press Enter, and type the words that are asked back."""
        self.type("")
        for _ in range(3):
            self.until("word ")
            place = int(self.until(": "))
            self.type(words[place - 1][:4])
