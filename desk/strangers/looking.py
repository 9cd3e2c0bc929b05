"""What a file is, told by what it holds, and what to beware of before a copy of it is opened elsewhere."""

from contextlib import closing
from dataclasses import dataclass

from desk.blank import one_space
from desk.casebook import Casebook
from desk.harmless import harmless
from desk.showing import count_text, size_text
from desk.strangers import words
from desk.strangers.box import MB, Bounds, BoxFailed, Frame, run
from desk.strangers.inside import kinds
from desk.strangers.inside.kinds import KINDS, Kind
from desk.strangers.isolation import Isolation, isolation
from desk.strangers.opened import opened_file
from payload import AttachedFile

_BOUNDS = Bounds(seconds=30, memory=1536 * MB, answer=4 * MB)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_NOT_SAID = frozenset({"", "application/octet-stream"})
_MOST_WARNINGS = 50


@dataclass(frozen=True)
class Looked:
    """What a file is: its ``kind`` in words, its ``group`` ("picture", …), its media ``type`` by content.

    ``said_type`` is what the browser that sent it called it, ``size`` in bytes, ``sha256`` (hex) of the file:
    checked where ``whole``, else as the report states it. ``warnings`` are sentences. ``isolation`` is what
    kept the box closed.
    """

    kind: str
    group: str
    type: str
    said_type: str
    size: int
    sha256: str
    warnings: tuple[str, ...]
    whole: bool
    isolation: Isolation

    def as_json(self) -> dict[str, object]:
        """Give what `look --json` says of it."""
        return {
            "kind": self.kind,
            "group": self.group,
            "type": self.type,
            "said_type": self.said_type,
            "size": self.size,
            "sha256": self.sha256,
            "warnings": list(self.warnings),
            "whole": self.whole,
            "isolation": str(self.isolation),
        }


def looked(casebook: Casebook, file: AttachedFile, *, locked: bool) -> Looked:
    """Look at ``file``.

    :raises DeskError: the file is locked, missing or damaged.
    """
    kept = isolation()
    with opened_file(casebook, file, locked=locked) as opened:
        task = "look" if opened.whole else "look-at-head"
        warnings: list[str] = []
        try:
            with closing(run(task, opened.source, _BOUNDS)) as frames:
                kind, told = _taken(list(frames))
        except BoxFailed as failure:
            kind, told = KINDS["unknown"], [f"it {words.UNSAFE}: {words.failed(failure)}"]
        if not opened.whole:
            warnings.append("it is too large to be looked at whole: only its beginning was")
    warnings += [*_of_name(file, kind), *told]
    return Looked(
        kind=words.KINDS[kind.code],
        group=kind.group,
        type=kind.type,
        said_type=file.type,
        size=file.size,
        sha256=file.sha256.hex(),
        warnings=tuple(warnings),
        whole=opened.whole,
        isolation=kept,
    )


def _taken(frames: list[Frame]) -> tuple[Kind, list[str]]:
    for frame in frames:
        if "cannot" in frame.said:
            return KINDS["unknown"], [words.cannot(frame.said["cannot"])]
        code, told = frame.said.get("kind"), frame.said.get("warnings")
        if isinstance(code, str) and code in KINDS and isinstance(told, list):
            return KINDS[code], [_sentence(one) for one in told[:_MOST_WARNINGS]]
    raise BoxFailed("nonsense")


def _sentence(told: object) -> str:
    match told:
        case [str(code), int(number)] if code in words.WARNINGS and 0 <= number < 2**63:
            return words.WARNINGS[code].format(
                number=f"{number:,}", size=size_text(number), parts=count_text(number, "part")
            )
    raise BoxFailed("nonsense")


def _of_name(file: AttachedFile, kind: Kind) -> list[str]:
    """Compare a name and a stated type with what the file is."""
    found = []
    if kind.group == kinds.PROGRAM:
        found.append(f"it is a program ({words.KINDS[kind.code]}): do not open a copy of it on any computer")
    if _TURNING & frozenset(file.name):
        found.append(
            "its name holds signs that turn its letters round, so that its ending looks like another"
        )
    name = one_space(file.name).rstrip(". ").lower()
    parts = name.split(".")
    ending = parts[-1] if len(parts) > 1 and len(parts[-1]) <= 5 else ""
    said = words.KIND_BY_ENDING.get(ending)
    if said is not None and kind.code not in ("empty", "unknown") and ending not in kind.endings:
        if not (kind.group == kinds.TEXT and KINDS[said].group in (kinds.PAGE, kinds.PROGRAM)):
            found.append(f"its name ends in .{harmless(ending)}, but it is: {words.KINDS[kind.code]}")
        elif KINDS[said].group == kinds.PROGRAM:
            found.append(f"its name ends in .{harmless(ending)}: a computer may run it as a program")
    if len(parts) > 2 and said is not None and KINDS[said].group == kinds.PROGRAM:
        found.append("its name has two endings: the last one is the true one")
    said_group = _group_of(file.type)
    if (
        said_group
        and kind.group not in (kinds.UNKNOWN, said_group)
        and not ({kind.group, said_group} <= {kinds.FILM, kinds.SOUND})
    ):
        found.append(f"it was sent as {harmless(file.type)}, but it is: {words.KINDS[kind.code]}")
    return found


def _group_of(type_: str) -> str:
    """Give the group that a stated media type belongs to, or nothing where it says little."""
    if type_ in _NOT_SAID:
        return ""
    for kind in KINDS.values():
        if kind.type == type_:
            return kind.group
    return {"image": kinds.PICTURE, "video": kinds.FILM, "audio": kinds.SOUND}.get(type_.split("/")[0], "")
