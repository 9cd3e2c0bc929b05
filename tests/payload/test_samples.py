"""What was written once is read for ever, and to exactly what it said."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import payload
from payload import KINDS, Contact, Report
from payload.contact import Role
from payload.json_schema import schemas
from payload.outline import SECTIONS
from tests.payload.sampled import FOLDER, SAMPLES

HINT = "something new needs a new schema number, and samples of it"


def _body(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def _of(name: str) -> tuple[str, int]:
    """Give the kind and the schema of a sample."""
    found = re.fullmatch(r"([a-z-]+)-(\d+)-.+", name)
    assert found
    return found[1], int(found[2])


def _is_newest(name: str) -> bool:
    kind, number = _of(name)
    return number == KINDS[kind].schema


def test_every_sample_has_its_reading_and_none_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(SAMPLES)


def test_every_schema_that_was_ever_in_use_has_a_minimal_and_a_full_sample() -> None:
    wanted = {f"{schema}-{which}" for schema in schemas() for which in ("minimal", "full")}
    assert wanted <= set(SAMPLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_is_read_to_exactly_what_it_said(name: str) -> None:
    kind, number = _of(name)
    assert json.loads(_body(name))["schema"] == number
    found = payload.read(kind, _body(name))
    assert found == SAMPLES[name]
    assert found.kind == kind


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_was_read_can_be_written_and_read_again(name: str) -> None:
    assert payload.read(None, SAMPLES[name].to_bytes()) == SAMPLES[name]


@pytest.mark.parametrize("name", sorted(filter(_is_newest, SAMPLES)))
def test_the_newest_schema_is_written_as_it_always_was(name: str) -> None:
    # The order of members says nothing: questions may move within the form.
    assert json.loads(SAMPLES[name].to_bytes()) == json.loads(_body(name))


def test_a_report_without_a_mailbox_is_written_as_before_there_were_any() -> None:
    for name in SAMPLES:
        if name.startswith("report-2-"):
            assert json.loads(SAMPLES[name].to_bytes()) == json.loads(_body(name))


# What was in use is for ever, but for its words: a schema that needs another line here needs another number.
FROZEN = {
    "contact-1": "6c344767e001b440562f7a4b64a3eb35d468bce655fcfdf32c04a0d3e0322429",
    "report-1": "d7312db408610895719a7fa85395723d4b87fdd67ca27f9e367f0bae53bdb953",
    "report-2": "ed020f72484dfc20b7f567c85a0f5a83e417207afdc0d1a61bb1b0243e1dddfc",
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_schema_that_was_in_use_stays_as_it_is(name: str) -> None:
    written = json.dumps(_untitled(schemas()[name]), sort_keys=True)
    assert hashlib.sha256(written.encode()).hexdigest() == FROZEN[name], HINT


def _untitled(schema: Any) -> Any:
    """Leave out the questions' words, which may be put better."""
    if isinstance(schema, list):
        return [_untitled(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _untitled(inner)
        for name, inner in schema.items()
        if name != "title" or not isinstance(inner, str)
    }


# ---- nothing has a place in the outline that has none in a sample


def _told(name: str) -> Iterator[str]:
    """Give what a report tells: "people", "people.age", "people.age.65"."""
    tree = json.loads(_body(name))
    for section, entries in [*tree["report"].items(), *tree["source"].items()]:
        if section == "what_happened":
            continue
        yield section
        for entry in entries if isinstance(entries, list) else [entries]:
            for field, answer in entry.items():
                yield f"{section}.{field}"
                for value in answer if isinstance(answer, list) else [answer]:
                    yield f"{section}.{field}.{value}"


def _laid_out() -> Iterator[str]:
    for section in SECTIONS:
        yield section.name
        for field in section.fields:
            yield f"{section.name}.{field.name}"
            yield from (f"{section.name}.{field.name}.{choice.value}" for choice in field.choices)


def test_every_section_question_and_choice_stands_in_a_sample_of_the_newest_schema() -> None:
    told = {place for name in SAMPLES if name.startswith(f"report-{Report.schema}-") for place in _told(name)}
    assert set(_laid_out()) - told == set(), HINT


def test_every_member_of_the_schema_stands_in_the_full_sample() -> None:
    for name, schema in schemas().items():
        assert set(_properties(schema)) - set(_members(json.loads(_body(f"{name}-full")))) == set(), HINT


def _properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from _properties(inner)


def _members(tree: Any) -> Iterator[str]:
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _members(inner)
    if isinstance(tree, dict):
        yield from tree


def test_everybody_who_can_be_written_to_stands_in_a_sample() -> None:
    assert {sample.to for sample in SAMPLES.values() if isinstance(sample, Contact)} == set(Role), HINT
