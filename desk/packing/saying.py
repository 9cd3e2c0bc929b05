"""What a pack says, line by line, as it will stand on the paper: for a last look before it is written."""

from collections.abc import Iterator

from desk.packing.notice import COPIES, TITLE, grading, notice
from desk.packing.pack import Contents
from desk.packing.told import Group, Row, month_or_day


def groups(contents: Contents) -> tuple[Group, ...]:
    """Give all that the paper says, but for its reference, sizes and sums, in its order."""
    handed = [
        Row("For", contents.agency.name),
        Row("Passed on", month_or_day(contents.passed_on, exact=True)),
    ]
    said = (*notice(contents.answer_to), *([COPIES] if contents.files else []))
    files = [
        Row(f"{file.name}{' (as it came)' if file.original else ''}", file.caption or "(no words)")
        for file in contents.files
    ]
    return (
        *(
            [Group(1, "The box at the top", tuple(Row("", line) for line in contents.first))]
            if contents.first
            else []
        ),
        Group(1, TITLE, tuple(handed)),
        Group(1, "Read this first", tuple(Row("", one) for one in said)),
        Group(1, "Grading and handling", tuple(Row(*one) for one in grading(contents.grade))),
        *contents.groups,
        *([Group(1, "Files", tuple(files))] if files else []),
    )


def lines(contents: Contents) -> Iterator[str]:
    """Give the same as lines of plain text."""
    for group in groups(contents):
        yield f"{'#' * group.level} {group.title}"
        for row in group.rows:
            yield f"{row.label}: {row.text}" if row.label else row.text
