"""What was measured, as a table that a reader can judge."""

from collections.abc import Sequence

from tests.soak.events import Seen
from tests.soak.newsroom import Verdict

HEADS = ("what happened", "longest gap", "shown", "kept", "no page", "whole again")


def text(seen: Sequence[Seen], verdict: Verdict, checksums: int) -> str:
    """The table, and below it the verdict."""
    rows = [HEADS, *(_row(each) for each in seen)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    ]
    longest = max((each.gap for each in seen), default=0.0)
    return "\n".join(
        [
            *lines,
            "",
            "longest gap: seconds in which nobody was shown their twelve words; shown: how often they were",
            "kept: presses answered with a page that still had the text; no page: answered with none",
            "",
            f"longest time without service: {longest:.1f} s",
            f"acknowledged: {verdict.acknowledged}",
            f"lost: {len(verdict.lost)}; twice at the desk: {len(verdict.twice)}",
            f"words that opened no mailbox: {len(verdict.closed)}",
            f"files that are not what was attached: {len(verdict.damaged)}",
            f"databases whose pages are all sound: {checksums} of 3",
        ]
    )


def _row(each: Seen) -> tuple[str, ...]:
    return (
        each.name,
        f"{each.gap:.1f}" + " until mended" * each.mended_first,
        str(each.acknowledged),
        str(each.refused),
        str(each.unanswered),
        f"{each.whole:.1f}",
    )
