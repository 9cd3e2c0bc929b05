"""The words in a file that goes as it came: what it shows, what it carries, what else can be read in it."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from desk.errors import DeskError
from desk.strangers import words
from desk.strangers.box import MB, Bounds, BoxFailed, Frame, run

_MOST_WORDS = 2_000_000  # characters
_BOUNDS = Bounds(seconds=60, memory=1536 * MB, answer=32 * MB)


@dataclass(frozen=True, slots=True)
class Searched:
    """``told``: what a file states and shows; ``found``: lines of what else can be read in its bytes."""

    told: str = field(repr=False)
    found: str = field(repr=False)


def searched(source: BinaryIO) -> Searched:
    """Give the words in a file, of `desk.strangers.opened`, whole.

    :raises DeskError: they cannot be had, so nobody can tell what would go out with it.
    """
    try:
        with closing(run("search", source, _BOUNDS)) as frames:
            return _taken(frames)
    except BoxFailed as failure:
        raise _unsearched(words.failed(failure)) from None


def _taken(frames: Iterable[Frame]) -> Searched:
    found: dict[str, str] = {}
    for frame in frames:
        if "cannot" in frame.said:
            raise _unsearched(words.cannot(frame.said["cannot"]))
        name = frame.said.get("words")
        text = frame.data.decode("utf-8", "replace")
        if not isinstance(name, str) or name not in ("told", "found") or len(text) > _MOST_WORDS:
            raise BoxFailed("nonsense")
        found[name] = text
    if len(found) != 2:
        raise BoxFailed("nonsense")
    return Searched(found["told"], found["found"])


def _unsearched(why: str) -> DeskError:
    return DeskError(
        f"what is hidden in the file cannot be searched for its source: {why}",
        "choose a cleaned copy of it, or leave it out",
    )
