"""What a form is taken apart into, in either encoding: a `Part`, its bytes in pieces of any size, its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


@dataclass(frozen=True)
class Part:
    """The head of one part. ``filename`` is None for a text field; ``type`` is "" when none was sent."""

    name: str
    filename: str | None = None
    type: str = ""


class End(Enum):
    """``PART``: the part that began last is whole. ``NOTHING``: there was none, between two separators."""

    PART = auto()
    NOTHING = auto()


Event = Part | bytes | End


class Decoder(Protocol):
    """Takes pieces of a body. ``overhead`` counts the bytes that belong to no part's content."""

    overhead: int

    def feed(self, piece: bytes, /) -> Iterable[Event]:
        """Give what ``piece`` completes. No more is held than one head, and what may be a separator.

        :raises BodyError: it is not what it should be.
        """

    def finish(self) -> Iterable[Event]:
        """Give what is left, as the body has ended.

        :raises BodyError: too early.
        """
