"""What the JSON Schemas of docs/ allow is what the reader reads, but for what JSON Schema cannot say."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

import payload
from payload import KINDS, Answers, Anything, BadPayload
from payload.json_schema import BEYOND, SAID, schemas
from payload.limits import MAX_BODY
from tests.payload.contacts import contacts
from tests.payload.letters import follow_ups, replies, sent_replies
from tests.payload.notes import notes
from tests.payload.reports import plain_file, plain_report, reports
from tests.payload.sampled import FOLDER, SAMPLES

VALIDATORS = {
    name: Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    for name, schema in schemas().items()
}


def _why_refused(body: bytes) -> str | None:
    try:
        payload.read(None, body)
    except BadPayload as bad:
        return bad.what
    return None


# ---- the schemas themselves


@pytest.mark.parametrize("name", sorted(VALIDATORS))
def test_a_schema_is_one_of_its_draft(name: str) -> None:
    Draft202012Validator.check_schema(VALIDATORS[name].schema)


def test_each_schema_number_of_each_kind_has_a_schema() -> None:
    assert list(VALIDATORS) == [
        f"{kind.kind}-{number}" for kind in KINDS.values() for number in range(1, kind.schema + 1)
    ]


def test_a_blank_is_the_same_to_the_schemas_and_to_the_reader() -> None:
    characters = map(chr, range(0x110000))
    assert [one for one in characters if (re.search(SAID, one) is None) != one.isspace()] == []
    assert re.search(SAID, " x\n")
    assert not re.search(SAID, "")


# ---- what is written, and what is changed after that


SENT: st.SearchStrategy[Anything] = st.one_of(
    reports, reports, contacts, follow_ups, replies, sent_replies, notes
)


@given(SENT)
def test_anything_that_is_written_is_valid(sent: Anything) -> None:
    tree = json.loads(sent.to_bytes())
    VALIDATORS[f"{tree['kind']}-{tree['schema']}"].validate(tree)


# What the reader says of a payload that a JSON Schema allows, and what it says it for.
SAID_BEYOND = {
    "longer than 4,194,304 bytes": "size",
    "not JSON": "encoding",
    "a key stands twice in one object": "keys",
    "a fraction where only whole numbers stand": "numbers",
    "holds half a surrogate pair": "surrogates",
    "is not a day of the calendar": "day",
    "must be in the order of this schema": "order",
    "holds more than 400,000 characters": "words",
    "names one blob twice": "blobs",
    "must be a day, a month or a year of the calendar": "day",
    "is not a time of the calendar": "day",
    "must come before the other case": "link",
    "is not the link that is decided on": "link",
}


@given(SENT.map(lambda sent: json.loads(sent.to_bytes())), st.data())
def test_a_changed_payload_is_refused_by_both_or_by_neither(tree: object, data: st.DataObject) -> None:
    whole: Any = {"": tree}
    for _ in range(data.draw(st.integers(1, 2))):
        _change(whole, data)
    _check_that_both_agree(whole.get(""))


@pytest.mark.slow
@pytest.mark.parametrize("name", [f"{name}-full" for name in VALIDATORS])
def test_a_change_in_any_place_of_a_full_sample_is_refused_by_both_or_by_neither(name: str) -> None:
    whole = {"": json.loads((FOLDER / f"{name}.json").read_bytes())}
    for _, holder, key in list(_places(whole)):
        kept = dict(holder) if isinstance(holder, dict) else list(holder)
        for changed in _near(holder[key]):
            _put(holder, key, changed)
            _check_that_both_agree(whole.get(""))
            # Put back into the same object: the other places are in it.
            holder.clear()
            (holder.update if isinstance(holder, dict) else holder.extend)(kept)


def _check_that_both_agree(tree: object) -> None:
    why = _why_refused(json.dumps(tree).encode())
    if any(validator.is_valid(tree) for validator in VALIDATORS.values()):
        assert why is None or why in SAID_BEYOND
    else:
        assert why is not None


def _places(tree: Any, depth: int = 0) -> Iterator[tuple[int, Any, Any]]:
    for key in tree if isinstance(tree, dict) else range(len(tree)):
        yield depth, tree, key
        if isinstance(tree[key], (dict, list)):
            yield from _places(tree[key], depth + 1)


def _change(whole: Any, data: st.DataObject) -> None:
    """Change one value, which may be any, into another; or take it out."""
    places = list(_places(whole))
    if not places:
        return
    # More often in an answer or a file than above: a whole that is no payload any more teaches little.
    inner = [place for place in places if place[0] > 2] or places
    _, holder, key = data.draw(st.sampled_from(data.draw(st.sampled_from([places, inner, inner]))))
    _put(holder, key, data.draw(_changes(holder[key])))


def _put(holder: Any, key: Any, changed: Any) -> None:
    if changed is GONE:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(changed)


def _changes(value: Any) -> st.SearchStrategy[Any]:
    changes = st.sampled_from(VALUES) | st.sampled_from(list(_near(value)))
    if isinstance(value, dict):
        more = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), min_size=1, max_size=2)
        return changes | more.map(lambda more: {**value, **more})
    return changes


def _near(value: Any) -> Iterator[Any]:
    """Give what is nearly the same value, and what is nothing."""
    yield from (GONE, None, "", " ", 1, [], {}, [value])
    if isinstance(value, str):
        yield from (f"{value}\n", f"{value}x", value.upper(), value[:-1])
    elif isinstance(value, list):
        yield from (value[::-1], value * 2, value[:1] * 41, value[:1] * 51, value[1:], *value[:1])
    elif isinstance(value, dict):
        yield {**value, "else": ""}
    elif isinstance(value, int):
        yield from (value + 1, -value, float(value), str(value))


def _inside(schema: Any) -> Iterator[Any]:
    yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _inside(inner)


INSIDE = [inner for inner in _inside(schemas()) if isinstance(inner, dict)]
GONE = object()
NAMES = sorted({name for inner in INSIDE for name in inner.get("properties", ())} | {"else"})
CHOICES = [inner["enum"] for inner in INSIDE if "enum" in inner]
VALUES: list[Any] = [
    *(None, True, 0, 1, 2, 3, -1, 2**63 - 1, 2**63, 1.0, 0.5, [], {}, [""], [1], [[]], {"date": "May"}),
    *("", " ", "\n", "\u2003", "\x1c", "\ufeff", "\u200b", "\ud800", "en", "en-", "2026-02-29", "2024-02-29"),
    *("0000-01-01", "0" * 32, "0" * 64, "0" * 33, "\u0660" * 32, "report", "contact", "AA==", "AB=="),
    *("x" * most for limit in (300, 5_000, 100_000) for most in (limit, limit + 1)),
    *(value for choices in CHOICES for value in (choices[0], choices[-1:], choices, choices[::-1])),
    [{"names": "Bo"}],
]


# ---- what JSON Schema cannot say

LONG = "x" * 5_000
FULL = plain_report(
    what_happened=LONG * 20,
    answers=Answers({"places": ({"what_happens": LONG},) * 50, "in_need": ({"condition": LONG},) * 10}),
).to_bytes()
BODY = plain_report().to_bytes()
BREAKING = {
    "size": BODY + b" " * MAX_BODY,
    "encoding": b"\xef\xbb\xbf" + BODY,
    "keys": BODY.replace(b'"kind"', b'"kind":"contact","kind"'),
    "numbers": BODY.replace(b'"size":5', b'"size":5.0'),
    "surrogates": BODY.replace(b"A van", b"\\ud800"),
    "day": BODY.replace(b"2026-11-22", b"2026-11-31"),
    "order": BODY.replace(b'"report":{', b'"report":{"what":{"kinds":["drugs","labour"]},'),
    "words": FULL.replace(b'"places":', b'"when":{"date":"x"},"places":'),
    "blobs": plain_report(files=(plain_file(), plain_file(blob=b"c" * 16)))
    .to_bytes()
    .replace(b"63" * 16, b"62" * 16),
    "link": SAMPLES["note-1-link"].to_bytes().replace(b"bbbbbbbbbb", b"cccccccccc"),
}


def test_each_rule_that_json_schema_cannot_say_is_broken_here_and_listed_in_the_docs() -> None:
    assert set(BREAKING) == set(BEYOND) == set(SAID_BEYOND.values())


@pytest.mark.parametrize("rule", BREAKING)
def test_what_only_the_reader_refuses_is_valid(rule: str) -> None:
    why = _why_refused(BREAKING[rule])
    assert why is not None
    assert SAID_BEYOND[why] == rule
    tree = json.loads(BREAKING[rule].decode("utf-8-sig"))
    # Without a format checker, as most validators come.
    Draft202012Validator(schemas()[f"{tree['kind']}-{tree['schema']}"]).validate(tree)
