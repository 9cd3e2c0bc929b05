"""What a photograph or a document carries besides what it shows, and which of it may tell who made it."""

import re
from contextlib import closing
from dataclasses import dataclass

from desk.casebook import Casebook
from desk.errors import DeskError
from desk.strangers import words
from desk.strangers.box import MB, Bounds, BoxFailed, Frame, run
from desk.strangers.opened import opened_file
from payload import AttachedFile

_BOUNDS = Bounds(seconds=30, memory=1536 * MB, answer=4 * MB)
_MOST_FACTS = 500
_MOST_CHARACTERS = 1_000
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")  # CreationDate
_TELLS_WHO = re.compile(
    r"author|creator|artist|owner|copyright|credit|writer|editor|producer|manager|company|organi[sz]ation"
    r"|last ?mod\w* ?by|last ?saved ?by|person|people|contact|e-?mail|phone|user|account|host|template"
    r"|serial|unique|identifier|(?:document|instance|original|maker) ?(?:id|note)|maker|make\b|model|device"
    r"|software|tool|encoder|firmware|gps|location|latitude|longitude|place|city|country|province|address"
    r"|comment|description|title|subject|keyword|caption|thumbnail|rsid|lens|body|camera|editing"
    r"|pictures inside|handler|session",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fact:
    """One thing that a file states: ``tells_who`` where it may lead to a person, a device or a place.

    Name and value are the file's own words: make them harmless where they are shown.
    """

    name: str
    value: str
    tells_who: bool

    def as_json(self) -> dict[str, object]:
        """Give what `metadata --json` says of it."""
        return {"name": self.name, "value": self.value, "tells_who": self.tells_who}


def metadata(casebook: Casebook, file: AttachedFile, *, locked: bool) -> list[Fact]:
    """Give what ``file`` states, what may tell who made it first.

    :raises DeskError: the file is locked, missing, damaged or too large, or it cannot be read safely.
    """
    with opened_file(casebook, file, locked=locked) as opened:
        if not opened.whole:
            raise _unread("it is too large")
        try:
            with closing(run("metadata", opened.source, _BOUNDS)) as frames:
                found = _taken(list(frames))
        except BoxFailed as failure:
            raise _unread(words.failed(failure)) from None
    return sorted(found, key=lambda fact: not fact.tells_who)


def _taken(frames: list[Frame]) -> list[Fact]:
    found: list[Fact] = []
    for frame in frames:
        if "cannot" in frame.said:
            raise _unread(words.cannot(frame.said["cannot"]))
        facts = frame.said.get("facts")
        if not isinstance(facts, list):
            raise BoxFailed("nonsense")
        for fact in facts[:_MOST_FACTS]:
            match fact:
                case [str(name), str(value)]:
                    found.append(_fact(name, value))
                case _:
                    raise BoxFailed("nonsense")
        if cut := frame.said.get("cut"):
            found.append(Fact("There may be more", words.cannot(cut), tells_who=True))
    return found


def _fact(name: str, value: str) -> Fact:
    name = _CAPITAL.sub(" ", name[:_MOST_CHARACTERS]).replace("_", " ")
    name, value = name[:1].upper() + name[1:], value[:_MOST_CHARACTERS]
    return Fact(name, value, tells_who=_TELLS_WHO.search(name) is not None)


def _unread(why: str) -> DeskError:
    return DeskError(
        f"what the file carries could not be read safely: {why}",
        "take it that it may tell who made it; pass on a cleaned copy, or none",
    )
