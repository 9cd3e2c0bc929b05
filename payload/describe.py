"""Write what docs/ says of payloads anew: `.venv/bin/python -m payload.describe`.

That is the JSON Schemas, and in payload.md what stands between two comments: tables made from the outline and
the limits.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from payload.changes import CHANGES, OF_CASE, OF_INVESTIGATION
from payload.json_schema import BEYOND, schemas
from payload.limits import (
    MAX_ENTRIES,
    MAX_FILES,
    MAX_LONG,
    MAX_MESSAGE,
    MAX_REACH,
    MAX_SHORT,
    MAX_TAG,
    MAX_TEXT,
    MAX_TOPIC,
    MAX_WORDS,
)
from payload.outline import SECTIONS, Kind, Section

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "payload.md"

HOLDS: Mapping[Kind, str] = MappingProxyType({
    Kind.SHORT: "short answer",
    Kind.LONG: "long answer",
    Kind.ONE: "one choice",
    Kind.SEVERAL: "list of choices",
})  # fmt: skip

_BLOCK = re.compile(r"(<!-- payload\.describe: (\w+) -->\n).*?(<!-- as far as here -->)", re.DOTALL)


def main() -> None:
    """Write all files."""
    for path, text in files().items():
        path.write_text(text, "utf-8")


def files() -> dict[Path, str]:
    """Give what each file should hold."""
    found = {
        DOCS / f"{name}.schema.json": json.dumps(schema, indent=2) + "\n"
        for name, schema in schemas().items()
    }
    return {**found, PAGE: described(PAGE.read_text("utf-8"))}


def described(page: str) -> str:
    """Give a page with its blocks made anew.

    :raises KeyError: it has a block of a name that is not in ``BLOCKS``.
    """
    return _BLOCK.sub(_made, page)


def _made(block: re.Match[str]) -> str:
    begin, name, end = block.groups()
    text = "\n".join(BLOCKS[name]()).rstrip()
    return f"{begin}\n{text}\n\n{end}"


def _limits() -> Iterator[str]:
    return _table(
        ("what", "at most"),
        (
            ("what happened, a follow-up, a reply", f"{MAX_TEXT:,} characters"),
            ("a short answer, or what a file shows", f"{MAX_SHORT:,} characters"),
            ("a long answer", f"{MAX_LONG:,} characters"),
            ("what happened and all answers together", f"{MAX_WORDS:,} characters"),
            ("places, people, vehicles and the like", f"{MAX_ENTRIES} of each"),
            ("files", f"{MAX_FILES}"),
            ("the message of a contact", f"{MAX_MESSAGE:,} characters"),
            ("its topic", f"{MAX_TOPIC:,} characters"),
            ("how to reach its sender", f"{MAX_REACH:,} characters"),
            ("the words of a note", f"{MAX_TEXT:,} characters"),
            ("a note's author, a case's owner, a tag", f"{MAX_TAG} characters"),
        ),
    )


def _changes() -> Iterator[str]:
    of_both = "a case or an investigation"
    of = {change.what: "a case" for change in OF_CASE}
    of |= {change.what: of_both if change.what in of else "an investigation" for change in OF_INVESTIGATION}
    return _table(
        ("`what`", "about", "members"),
        (
            (f"`{what}`", of.get(what, "a link"), ", ".join(f"`{name}`" for name in change.shapes))
            for what, change in CHANGES.items()
        ),
    )


def _beyond() -> Iterator[str]:
    return (f"- {rule}" for rule in BEYOND.values())


def _questions() -> Iterator[str]:
    for section in SECTIONS:
        yield from (f"### {section.name}", "", _about(section), "")
        yield from _table(
            ("member", "holds", "asks"),
            ((f"`{field.name}`", HOLDS[field.kind], field.label) for field in section.fields),
        )
        yield ""
        yield from _choices(section)


def _about(section: Section) -> str:
    shape = f"a list of up to {section.most}" if section.one else "one object"
    note = f" The form says: “{section.note}”" if section.note else ""
    return f"{section.title}: in `{section.part}`, {shape}.{note}"


def _choices(section: Section) -> Iterator[str]:
    for field in section.fields:
        if field.choices:
            holds = "is one of" if field.kind is Kind.ONE else "holds some of"
            listed = "; ".join(f"`{choice.value}` {choice.label}" for choice in field.choices)
            yield f"`{field.name}` {holds}: {listed}."
            yield ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


BLOCKS: Mapping[str, Callable[[], Iterator[str]]] = MappingProxyType({
    "changes": _changes,
    "limits": _limits,
    "beyond": _beyond,
    "questions": _questions,
})  # fmt: skip


if __name__ == "__main__":
    main()
