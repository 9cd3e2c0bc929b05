"""docs/payload.md and the JSON Schemas beside it are what the outline and the limits say today."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import payload
from payload import Report, describe
from payload.json_schema import schemas
from payload.outline import SECTIONS

PAGE = describe.PAGE.read_text("utf-8")


@pytest.mark.parametrize("path", describe.files(), ids=lambda path: path.name)
def test_a_file_is_what_its_maker_writes_today(path: Path) -> None:
    assert path.read_text("utf-8") == describe.files()[path], "run `.venv/bin/python -m payload.describe`"


def test_there_is_no_other_schema_in_the_docs() -> None:
    assert sorted(path.stem for path in describe.DOCS.glob("*.schema.json")) == sorted(
        f"{name}.schema" for name in schemas()
    )


def test_the_page_has_each_of_its_blocks_once() -> None:
    assert re.findall(r"<!-- payload\.describe: (\w+) -->", PAGE) == list(describe.BLOCKS)
    assert PAGE.count("<!-- as far as here -->") == len(describe.BLOCKS)


def test_the_page_names_every_member_and_links_every_schema() -> None:
    by_hand = PAGE.split("\n## The questions\n")[0]
    named = set(re.findall(r"`([a-z_0-9]+)`", by_hand))
    sections = {section.name for section in SECTIONS}
    fields = {field.name for section in SECTIONS for field in section.fields}
    assert {
        name for schema in schemas().values() for name in _properties(schema)
    } - sections - fields <= named
    assert set(re.findall(r"\]\(([a-z-]+-\d+\.schema\.json)\)", PAGE)) == {
        f"{name}.schema.json" for name in schemas()
    }


def _properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from _properties(inner)


def test_the_example_of_the_page_is_a_report() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    report = payload.read("report", example.encode())
    assert isinstance(report, Report)
    assert json.loads(example) == json.loads(report.to_bytes())


def test_the_numbers_of_the_page_are_those_of_today() -> None:
    part = PAGE.split("\n## Schemas and their numbers\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([a-z-]+) \| (\d+) \|", part, re.MULTILINE)
    assert [f"{kind}-{number}" for kind, number in rows] == list(schemas())
