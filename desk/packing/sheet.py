"""A referral on paper: PDF by typst, tagged to PDF/UA-1, from the same data as its JSON."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desk.harmless import harmless_lines
from publishing.printable import missing
from publishing.typeset import NotPrintable, compiled, pieces

TEMPLATE = Path(__file__).with_name("referral.typ")
CANNOT = "[{} that this paper cannot show: see referral.json]"
_MOST_TRIES = 2  # one that names what is wrong, and one without it: typst takes seconds for a long text
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f"
_PLAIN = re.compile(r"[^\x20-\x7e\u00a0-\u00ff\u2010-\u2027]+")


def pdf(told: Mapping[str, Any]) -> bytes:
    """Give the PDF of a referral; what its fonts do not have is counted in its place: the JSON has it."""
    bad: set[str] = set()
    for _ in range(_MOST_TRIES):
        try:
            return compiled(TEMPLATE, "referral", _printable(told, bad))
        except NotPrintable as refused:
            # A letter with a mark that the fonts have only apart.
            together = {sign for sign in refused.signs.get("", ()) if not sign.isascii()}
            if together <= bad:
                break
            bad |= together
    return compiled(TEMPLATE, "referral", _printable(told, None))


def _printable(value: Any, bad: set[str] | None) -> Any:
    """Give the data with every text as lines, and each line in the pieces between which it may be broken."""
    if isinstance(value, str):
        return [pieces(_masked(line, bad)) for line in harmless_lines(value)]
    if isinstance(value, Mapping):
        return {key: _printable(one, bad) for key, one in value.items()}
    if isinstance(value, list):
        return [_printable(one, bad) for one in value]
    return value


def _masked(line: str, bad: set[str] | None) -> str:
    line = line.replace("\t", "    ")
    if bad is None:
        return _PLAIN.sub(_counted, line)
    gaps = {*bad, *missing(line)}
    if not gaps:
        return line
    each = re.escape("".join(sorted(gaps)))
    # One class of signs, with the marks above and below them: they would stand on what takes its place.
    return re.sub(f"[{each}][{each}{_MARKS}]*", _counted, line)


def _counted(match: "re.Match[str]") -> str:
    count = len(match[0])
    return CANNOT.format(f"{count} sign{'s' if count > 1 else ''}")
