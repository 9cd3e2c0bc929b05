"""A message to the team survives being written and read, and nothing else passes for one."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import payload
from payload import BadPayload, Contact, Report, UnknownPayload
from payload.contact import LABELS, Role
from payload.limits import MAX_FILES, MAX_MESSAGE, MAX_REACH, MAX_TEXT, MAX_TOPIC
from tests.payload.contacts import contacts, plain_contact
from tests.payload.reports import plain_report, reports

FORMAT = (Path(__file__).parents[2] / "crypto/FORMAT.md").read_text()


@given(contacts)
def test_what_is_written_is_read_back_equal(contact: Contact) -> None:
    assert payload.read("contact", contact.to_bytes()) == contact
    assert payload.read(None, contact.to_bytes()) == contact


@given(contacts, reports)
def test_a_payload_says_itself_which_kind_it_is(contact: Contact, report: Report) -> None:
    assert payload.read(None, contact.to_bytes()).kind == "contact"
    assert payload.read(None, report.to_bytes()).kind == "report"
    with pytest.raises(BadPayload, match="not the kind that was expected"):
        payload.read("report", contact.to_bytes())
    with pytest.raises(BadPayload, match="not the kind that was expected"):
        payload.read("contact", report.to_bytes())


@given(contacts, st.data())
def test_changed_bytes_are_refused_or_are_a_whole_contact(contact: Contact, data: st.DataObject) -> None:
    body = bytearray(contact.to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.integers(0, len(body) - 1))
        body[where : where + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = payload.read("contact", bytes(body))
    except BadPayload:
        return
    assert payload.read("contact", found.to_bytes()) == found


def _with(**changed: object) -> bytes:
    return json.dumps({**json.loads(plain_contact().to_bytes()), **changed}).encode()


def _told(**changed: object) -> bytes:
    told = json.loads(plain_contact().to_bytes())["contact"]
    return _with(contact={**told, **changed})


def _without(name: str) -> bytes:
    tree = json.loads(plain_contact().to_bytes())
    del tree[name]
    return json.dumps(tree).encode()


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        (_with(schema=0), "schema", "no schema has this number"),
        (_with(kind="report"), "report", "is missing"),
        (_with(extra=1), "", "holds a key that this schema does not know"),
        (_with(files=[]), "", "holds a key that this schema does not know"),
        (_with(contact=None), "contact", "must be an object"),
        (_with(source={}), "source.reach", "is missing"),
        (_with(source={"reach": "", "name": ""}), "source", "holds a key that this schema does not know"),
        (_with(source={"reach": None}), "source.reach", "must be text"),
        (_with(source={"reach": "x" * (MAX_REACH + 1)}), "source.reach", "is longer than 500 characters"),
        (_with(draft="ab"), "draft", "must be 16 bytes in lower-case hex"),
        (_with(language="en\n"), "language", "must be a language tag"),
        (_told(to="nobody"), "contact.to", "is nobody that this schema knows"),
        (_told(to="TEAM"), "contact.to", "is nobody that this schema knows"),
        (_told(to=["team"]), "contact.to", "must be text"),
        (_told(topic="x" * (MAX_TOPIC + 1)), "contact.topic", "is longer than 200 characters"),
        (_told(topic=None), "contact.topic", "must be text"),
        (_told(message="x" * (MAX_MESSAGE + 1)), "contact.message", "is longer than 20,000 characters"),
        (_told(message=" \n\t"), "contact.message", "is empty"),
        (_told(message="\ud800"), "contact.message", "holds half a surrogate pair"),
        (_told(more=1), "contact", "holds a key that this schema does not know"),
        (_without("draft"), "draft", "is missing"),
        (_without("contact"), "contact", "is missing"),
        (_without("source"), "source", "is missing"),
    ],
)
def test_a_broken_contact_is_refused_with_the_place_and_the_reason(
    body: bytes, where: str, what: str
) -> None:
    with pytest.raises(BadPayload) as refused:
        payload.read(None, body)
    assert (refused.value.where, refused.value.what) == (where, what)
    assert not isinstance(refused.value, UnknownPayload)


def test_a_newer_schema_is_named_as_such() -> None:
    with pytest.raises(UnknownPayload, match="newer than 1"):
        payload.read(None, _with(schema=2, contact=["new"]))


@pytest.mark.parametrize(
    "changed",
    [
        {"draft": b"short"},
        {"language": ""},
        {"topic": "x" * (MAX_TOPIC + 1)},
        {"message": "x" * (MAX_MESSAGE + 1)},
        {"message": "  "},
        {"reach": "x" * (MAX_REACH + 1)},
        {"reach": "\udfff"},
    ],
)
def test_a_contact_beyond_the_limits_cannot_be_made(changed: dict[str, object]) -> None:
    with pytest.raises(BadPayload):
        plain_contact(**changed)


def test_everything_up_to_the_limits_fits() -> None:
    full = plain_contact(topic="🙂" * MAX_TOPIC, message="\x01" * MAX_MESSAGE, reach="\x00" * MAX_REACH)
    assert payload.read("contact", full.to_bytes()) == full


def test_no_repr_and_no_error_holds_a_word_of_it() -> None:
    assert repr(plain_contact()) == str(plain_contact()) == "<Contact>"
    with pytest.raises(BadPayload) as refused:
        payload.read("contact", _told(to="the secret words"))
    assert "secret" not in str(refused.value)


def test_a_body_is_written_as_the_format_shows_it() -> None:
    assert plain_contact().to_bytes() == (
        b'{"schema":1,"kind":"contact","draft":"63636363636363636363636363636363","received_on":"2026-11-22",'
        b'"language":"en","contact":{"to":"expert","topic":"Invoices",'
        b'"message":"How would one tell a made-up invoice?"},'
        b'"source":{"reach":"020 7946 0000, in the evening"}}'
    )


def test_the_format_names_every_member_role_and_limit() -> None:
    part = FORMAT.split("\n## Body\n")[1].split("\n## ")[0]
    named = set(re.findall(r"\w+", part))
    for body in (plain_contact().to_bytes(), plain_report().to_bytes()):
        tree = json.loads(body)
        assert set(tree) <= named
        assert {key for value in tree.values() if isinstance(value, dict) for key in value} <= named
    assert {role.value for role in Role} <= named
    for limit in (MAX_TEXT, MAX_MESSAGE, MAX_TOPIC, MAX_REACH, MAX_FILES):
        assert f"{limit:,}" in part


def test_the_desk_has_a_word_for_everybody_who_can_be_written_to() -> None:
    assert list(LABELS) == list(Role)
