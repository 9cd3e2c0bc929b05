"""The patterns of an open book, worked out once for what it holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desk.connections.findings import Findings
from desk.connections.later import Later
from desk.patterns.gathered import Patterns, patterns

if TYPE_CHECKING:
    from desk.book import CaseFile

_later: Later[tuple[Findings, frozenset[str]], Patterns] = Later(3)


def not_counted(files: Sequence["CaseFile"]) -> frozenset[str]:
    """Give the cases that staff marked as spam, or as the same as another: by name."""
    return frozenset(file.name for file in files if file.notes and file.work.group)


def patterns_of(found: Findings, files: Sequence["CaseFile"], wait: float) -> Patterns | None:
    """Give the patterns of what was found, or None where they take longer than ``wait`` seconds.

    :raises DeskError: they could not be worked out.
    """
    left_out = not_counted(files)
    return _later.get((found, left_out), lambda: counted_without(found, left_out), wait)


def counted_without(found: Findings, left_out: frozenset[str]) -> Patterns:
    """Find the patterns of all cases but these, and but those whose sources withheld them."""
    facts = [one for name, one in found.facts.items() if name not in left_out]
    counted = [one for one in facts if not one.withheld]
    return patterns(counted, len(left_out & found.facts.keys()), len(facts) - len(counted))
