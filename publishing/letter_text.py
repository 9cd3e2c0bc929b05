"""The text of a letter taken apart: paragraphs, lists, gaps such as {name}, [parts that may fall away]."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

GAPS = ("name", "address", "mp", "constituency", "date")

# A line, counted from 0, what is wrong on it, and what to do.
Fault = tuple[int, str, str]

_ITEM = {"bullets": re.compile(r"- +(?=\S)"), "numbers": re.compile(r"\d{1,2}\. +(?=\S)")}
_PIECE = re.compile(r"\{([^{}\n]*)\}|\[([^\[\]]*)\]|([^{\[]+|[{\[])")
_MARKUP = {
    "a heading": re.compile(r"^#{1,6} "),
    "a quotation": re.compile(r"^>"),
    "a table": re.compile(r"^\|"),
    "code": re.compile(r"`"),
    "a list in a list": re.compile(r"^ {2,}(?:- |\d{1,2}\. )"),
    "bold or slanted letters": re.compile(r"\*\S|\S\*|(?<!\w)_\S|\S_(?!\w)"),
    "a link": re.compile(r"\]\("),
    "a footnote": re.compile(r"\[\^"),
    "HTML": re.compile(r"</?[A-Za-z!]"),
}


class Gap(NamedTuple):
    """A place where something of the sender's goes: one of GAPS."""

    name: str


class Maybe(NamedTuple):
    """What falls away where a gap in it stays empty."""

    parts: "tuple[str | Gap, ...]"


Part = str | Gap | Maybe


class Block(NamedTuple):
    """One paragraph, or the items of one list; ``kind`` is paragraph, bullets or numbers."""

    kind: str
    items: tuple[tuple[Part, ...], ...]


def wrong(text: str) -> Iterator[Fault]:
    """Give what is wrong with the text of a letter that is not empty."""
    for number, row in enumerate(text.split("\n")):
        for name, pattern in _MARKUP.items():
            if pattern.search(row):
                yield number, f"has {name}", "a letter is plain text: paragraphs and lists only"
                break
    found = placed(text)
    for line, block in found:
        for item in block.items:
            for what, hint in _wrong_parts(item):
                yield line, what, hint
    (_, opening), (end, closing) = found[0], found[-1]
    if opening.kind != "paragraph" or Gap("mp") not in opening.items[0]:
        yield 0, "does not open with the MP's name", 'begin with a paragraph "Dear {mp},"'
    if closing != Block("paragraph", ((Gap("name"),),)):
        yield end, "does not end with the sender's name", "let {name} alone be the last line"


def _wrong_parts(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    found = []
    for part in parts:
        if isinstance(part, Gap) and part.name not in GAPS:
            near = get_close_matches(part.name, GAPS, 1)
            named = ", ".join(f"{{{gap}}}" for gap in GAPS)
            hint = f"is it {{{near[0]}}}?" if near else f"the gaps are {named}"
            found.append((f"has the unknown gap {{{part.name}}}", hint))
        elif isinstance(part, Maybe):
            found += _wrong_parts(part.parts)
            if not any(isinstance(inner, Gap) for inner in part.parts):
                what = "has square brackets without a gap"
                found.append((what, "brackets hold what falls away with an empty gap; use round ones"))
        elif isinstance(part, str) and re.search(r"[{}\[\]]", part):
            found.append(("has a bracket without its other half", "close each { with } and each [ with ]"))
    return found


def placed(text: str) -> list[tuple[int, Block]]:
    """Take a text apart: each block with the number of its first line, from 0."""
    found: list[tuple[int, Block]] = []
    rows: list[str] = []
    for number, row in enumerate([*text.split("\n"), ""]):
        if row.strip():
            rows.append(row)
        elif rows:
            found.append((number - len(rows), _block(rows)))
            rows = []
    return found


def _block(rows: list[str]) -> Block:
    for kind, mark in _ITEM.items():
        if mark.match(rows[0]):
            items: list[str] = []
            for row in rows:
                if mark.match(row):
                    items.append(mark.sub("", row, count=1).strip())
                else:
                    items[-1] += " " + row.strip()
            return Block(kind, tuple(_parts(item) for item in items))
    return Block("paragraph", (_parts(" ".join(row.strip() for row in rows)),))


def _parts(text: str) -> tuple[Part, ...]:
    return tuple(
        Gap(gap) if gap else Maybe(_inner(maybe)) if maybe else plain or match[0]
        for match in _PIECE.finditer(text)
        for gap, maybe, plain in [match.groups()]
    )


def _inner(text: str) -> tuple[str | Gap, ...]:
    return tuple(part for part in _parts(text) if not isinstance(part, Maybe))
