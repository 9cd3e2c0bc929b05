"""What `list` and `keys` print for people: aligned, and harmless whatever a stranger wrote."""

from collections.abc import Iterator, Mapping, Sequence

from desk.cases import Case
from desk.columns import columns, cut, quoted
from desk.harmless import harmless, harmless_name
from desk.opening import Sent, State
from payload import AttachedFile

ENOUGH = 25  # columns of the first words; with less, all else is told shorter
SHORTEST = 8  # columns that `list` gives to the first words, in however narrow a terminal
_URGENT = {"DANGER": "DANGER", "children": "C"}
_SHORTER = {"investigating": "invest.", "referred": "passed"}
_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def size_text(size: int) -> str:
    """Give a size in bytes for people: 1 kB is 1,000 bytes."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"


def count_text(count: int, one: str, many: str = "") -> str:
    """Give "1 file", "2 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def list_lines(cases: Sequence[Case], marks: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give one line a case, with a heading; ``marks`` has a word on each by its name, where that is asked.

    The state stands there where one of them is not complete. Where the words would have no room, marks and
    files are told shorter, and a last line says how to read them.
    """
    if not cases:
        yield "no cases yet: import a bundle"
        return
    state = any(case.state != "complete" for case in cases)
    rows = _rows(cases, marks, state=state, short=False)
    short = _left(rows) < ENOUGH and marks is not None
    if short:
        rows = _rows(cases, marks, state=state, short=True)
    left = max(_left(rows), SHORTEST)
    widths = _widths(rows)
    # A second row of somebody's words could pass for a case.
    for *cells, begins in rows:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join([*padded, cut(begins, left)])
    if short and marks is not None and any("children" in mark for mark in marks.values()):
        yield "C: there are children in it"


def _rows(
    cases: Sequence[Case], marks: Mapping[str, str] | None, *, state: bool, short: bool
) -> list[tuple[str, ...]]:
    marked = [] if marks is None else ["mark"]
    return [
        ("case", "received", "kind", *marked, "files", *(["state"] if state else []), "begins"),
        *(
            (
                case.name,
                case.received_on or "-",
                f"{case.kind} +{len(case.follow_ups)}" if case.reports and case.follow_ups else case.kind,
                *([] if marks is None else [_shorter(marks[case.name]) if short else marks[case.name]]),
                _files(case, short=short),
                *([case.state] if state else []),
                case.head.begins or harmless(case.head.why),
            )
            for case in cases
        ),
    ]


def _files(case: Case, *, short: bool) -> str:
    if not case.files:
        return "-"
    return str(len(case.files)) if short else f"{len(case.files)} ({size_text(sum(case.files.values()))})"


def _shorter(mark: str) -> str:
    """Give a mark in few letters: "DANGER, children, investigating" is "DANGER C invest."."""
    *before, last = mark.split(", ")
    urgent = " ".join(_URGENT[word] for word in before if word in _URGENT)
    group = next((word.split()[0] for word in before if word not in _URGENT), "")
    return f"{urgent} {group or _SHORTER.get(last, last)}".strip()


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]


def _left(rows: Sequence[Sequence[str]]) -> int:
    widths = _widths(rows)
    return columns() - sum(widths) - 2 * len(widths)


def file_lines(name: str, size: int, first: str = "", kind: str = "") -> Iterator[str]:
    """Give a file's size, its name behind a bar, and its type."""
    shown = harmless_name(name) or "(no name)"
    yield from quoted(f"{shown}  {harmless(kind)}" if kind else shown, f"{first}{size_text(size):>8}  ")


def files_of(sends: Sequence[Sent]) -> list[AttachedFile]:
    """Give the files of all sends, each once: a file sent again is the same sealed attachment."""
    contents = [sent.content for sent in sends if sent.content is not None]
    found: dict[tuple[bytes, str], AttachedFile] = {}
    for content in contents:
        for file in content.files:
            found.setdefault((file.sealed_sha256, file.name), file)
    return list(found.values())


def unopened_note(cases: Sequence[Case]) -> str:
    """Give a line on what did not open, or nothing."""
    count = sum(case.head.state is not State.OPENED for case in cases)
    return f"{count_text(count, 'envelope')} did not open: `show` says why" if count else ""
