"""A report survives being written and read, and nothing else passes for one."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import payload
from payload import BadPayload, Report, UnknownPayload
from payload.limits import MAX_BODY, MAX_FILES, MAX_NAME, MAX_SHORT, MAX_TEXT, MAX_TYPE
from tests.payload.reports import plain_file, plain_report, reports


@given(reports)
def test_what_is_written_is_read_back_equal(report: Report) -> None:
    assert payload.read("report", report.to_bytes()) == report
    assert payload.read(None, report.to_bytes()) == report


@given(reports, st.data())
def test_changed_bytes_are_refused_or_are_a_whole_report(report: Report, data: st.DataObject) -> None:
    body = bytearray(report.to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.integers(0, len(body) - 1))
        body[where : where + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert _refused_or_whole(bytes(body))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_are_a_whole_report(body: bytes) -> None:
    assert _refused_or_whole(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(reports, json_values, st.data())
def test_any_value_in_any_place_is_refused_or_is_a_whole_report(
    report: Report, value: object, data: st.DataObject
) -> None:
    tree = json.loads(report.to_bytes())
    holder, key = data.draw(st.sampled_from(list(_places(tree))))
    holder[key] = value
    assert _refused_or_whole(json.dumps(tree).encode())


def _places(tree: Any) -> Any:
    for key in tree if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], (dict, list)):
            yield from _places(tree[key])


def _refused_or_whole(body: bytes) -> bool:
    try:
        found = payload.read("report", body)
    except BadPayload:
        return True
    return payload.read("report", found.to_bytes()) == found


def _with(**changed: object) -> bytes:
    return json.dumps({**json.loads(plain_report().to_bytes()), **changed}).encode()


def _with_file(**changed: object) -> bytes:
    file = json.loads(plain_report().to_bytes())["files"][0]
    return _with(files=[{**file, **changed}])


def _without(name: str) -> bytes:
    tree = json.loads(plain_report().to_bytes())
    del tree[name]
    return json.dumps(tree).encode()


TWO_DRAFTS = plain_report().to_bytes().replace(b'"draft"', b'"draft":"00","draft"', 1)


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        (b"", "", "not JSON"),
        (b"\xff{}", "", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "", "not JSON"),
        (b"[]", "", "must be an object"),
        (b"{", "", "not JSON"),
        (b"[" * 200_000, "", "not JSON"),
        (b"1" * 10_000, "", "not JSON"),
        (b" " * (MAX_BODY + 1), "", "longer than 4,194,304 bytes"),
        (TWO_DRAFTS, "", "a key stands twice in one object"),
        (_with(schema=float("nan")), "", "a number that is no number"),
        (_with(schema=float("inf")), "", "a number that is no number"),
        (_with(schema=1.0), "", "a fraction where only whole numbers stand"),
        (_with(schema=True), "schema", "must be a whole number"),
        (_with(schema=0), "schema", "no schema has this number"),
        (_with(schema=-1), "schema", "must be from 0 to 2147483648"),
        (_with(kind="reply"), "kind", "is not the kind that was expected"),
        (_with(kind=1), "kind", "must be text"),
        (_with(extra=1), "", "holds a key that this schema does not know"),
        (_with(source={"name": ""}), "source", "holds a key that this schema does not know"),
        (_with(source=None), "source", "must be an object"),
        (_with(draft="D" * 32), "draft", "must be 16 bytes in lower-case hex"),
        (_with(draft="ab"), "draft", "must be 16 bytes in lower-case hex"),
        (_with(received_on="2026-11-31"), "received_on", "is not a day of the calendar"),
        (_with(received_on="20261122"), "received_on", "must be a day as YYYY-MM-DD"),
        (_with(received_on="2026-11-22\n"), "received_on", "must be a day as YYYY-MM-DD"),
        (_with(language=""), "language", "must be a language tag"),
        (_with(language="en\n"), "language", "must be a language tag"),
        (_with(report={}), "report.what_happened", "is missing"),
        (_with(report={"what_happened": None}), "report.what_happened", "must be text"),
        (_with(report={"what_happened": "\ud800"}), "report.what_happened", "holds half a surrogate pair"),
        (
            _with(report={"what_happened": "x" * (MAX_TEXT + 1)}),
            "report.what_happened",
            "is longer than 100,000 characters",
        ),
        (_with(files={}), "files", "must be a list"),
        (_with(files=[None]), "files[0]", "must be an object"),
        (_with(files=[{}] * (MAX_FILES + 1)), "files", "holds more than 40"),
        (_with_file(name="x" * (MAX_NAME + 1)), "files[0].name", "is longer than 1,000 characters"),
        (_with_file(type="x" * (MAX_TYPE + 1)), "files[0].type", "is longer than 255 characters"),
        (_with_file(size=-1), "files[0].size", "must be from 0 to 9223372036854775807"),
        (_with_file(size=2**63), "files[0].size", "must be from 0 to 9223372036854775807"),
        (_with_file(key="00"), "files[0].key", "must be 32 bytes in lower-case hex"),
        (_with_file(more=1), "files[0]", "holds a key that this schema does not know"),
        (_without("draft"), "draft", "is missing"),
        (_without("files"), "files", "is missing"),
        (_without("source"), "source", "is missing"),
    ],
)
def test_a_broken_payload_is_refused_with_the_place_and_the_reason(
    body: bytes, where: str, what: str
) -> None:
    with pytest.raises(BadPayload) as refused:
        payload.read("report", body)
    assert (refused.value.where, refused.value.what) == (where, what)
    assert not isinstance(refused.value, UnknownPayload)


@pytest.mark.parametrize("body", [_with(schema=4, anything=["new"]), _with(schema=7)])
def test_a_newer_schema_is_named_as_such(body: bytes) -> None:
    with pytest.raises(UnknownPayload, match="newer than 3"):
        payload.read("report", body)


def test_an_unknown_kind_is_named_as_such() -> None:
    with pytest.raises(UnknownPayload, match="a kind that this version does not know"):
        payload.read("answer", _with(kind="answer"))


def test_one_blob_cannot_be_two_files() -> None:
    with pytest.raises(BadPayload, match="names one blob twice"):
        plain_report(files=(plain_file(), plain_file(name="other")))


def test_the_limits_themselves_are_allowed() -> None:
    files = tuple(
        plain_file(blob=bytes([number]) * 16, name="\0" * MAX_NAME, type="\0" * MAX_TYPE)
        for number in range(MAX_FILES)
    )
    report = plain_report(what_happened="\0" * MAX_TEXT, files=files)
    body = report.to_bytes()
    assert len(body) < 2**20
    assert payload.read("report", body) == report


@pytest.mark.parametrize(
    ("build", "where"),
    [
        (lambda: plain_report(draft=b""), "draft"),
        (lambda: plain_report(language="not a tag"), "language"),
        (lambda: plain_report(what_happened="x" * (MAX_TEXT + 1)), "report.what_happened"),
        (lambda: plain_report(what_happened="\udfff"), "report.what_happened"),
        (lambda: plain_file(key=b""), "key"),
        (lambda: plain_file(size=-1), "size"),
        (lambda: plain_file(name="\ud800"), "name"),
        (lambda: plain_file(caption=" "), "caption"),
        (lambda: plain_file(caption="x" * (MAX_SHORT + 1)), "caption"),
    ],
)
def test_what_could_not_be_read_cannot_be_made(build: Callable[[], object], where: str) -> None:
    with pytest.raises(BadPayload) as refused:
        build()
    assert refused.value.where == where


def test_neither_repr_nor_error_tells_what_was_written() -> None:
    report = plain_report(what_happened="the secret words")
    assert "secret" not in repr(report)
    assert "photo" not in repr(report.files)
    with pytest.raises(BadPayload) as refused:
        payload.read("report", _with(received_on="the secret words"))
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_written_form_stays_as_it_is() -> None:
    body = plain_report(received_on=date(2026, 1, 2), mailbox=None).to_bytes()
    assert body == (
        b'{"schema":2,"kind":"report","draft":"64646464646464646464646464646464","received_on":"2026-01-02",'
        b'"language":"en","report":{"what_happened":"A van at the yard again."},"source":{},"files":[{'
        b'"blob":"'
        + b"62" * 16
        + b'","key":"'
        + b"6b" * 32
        + b'","name":"photo.jpg","type":"image/jpeg","size":5,"sha256":"'
        + b"73" * 32
        + b'","sealed_sha256":"'
        + b"71" * 32
        + b'"}]}'
    )
