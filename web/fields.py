"""The text fields of a form while it arrives, kept as the bytes that came.

A text of a million letters with one emoji in it takes a million bytes, and four million as a Python string.
Somebody who sends one and then idles shall hold no more than they sent.
"""

from werkzeug.datastructures import MultiDict


class Fields:
    """Fields in the order in which they came; made text when somebody asks."""

    def __init__(self) -> None:
        self._came: list[tuple[bytes, bytes]] = []

    def add(self, name: bytes, value: bytes) -> None:
        """Keep one that is whole."""
        self._came.append((name, value))

    def get(self, name: str) -> str | None:
        """Give the first value under a name, None where there is none."""
        wanted = name.encode()
        return next((_text(value) for came, value in self._came if came == wanted), None)

    def decoded(self) -> MultiDict[str, str]:
        """Give all of them as text."""
        return MultiDict([(_text(name), _text(value)) for name, value in self._came])


def _text(came: bytes) -> str:
    return came.decode("utf-8", "replace")
