"""Follow-ups, replies and the desk's copies survive being written and read; nothing else passes for them."""

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import payload
from payload import Anything, BadPayload, FollowUp, Mailbox, Reply, SentReply, UnknownPayload
from payload.limits import MAX_DESK, MAX_FILES, MAX_TEXT
from payload.strict_json import base64_pattern, base64_text
from tests.payload.letters import (
    follow_ups,
    plain_follow_up,
    plain_reply,
    plain_sent_reply,
    replies,
    sent_replies,
)
from tests.payload.reports import PLAIN_MAILBOX, plain_file, plain_report
from tests.payload.test_contact import FORMAT

LETTERS: st.SearchStrategy[Anything] = follow_ups | replies | sent_replies


@given(LETTERS)
def test_what_is_written_is_read_back_equal(letter: Anything) -> None:
    assert payload.read(letter.kind, letter.to_bytes()) == letter
    assert payload.read(None, letter.to_bytes()) == letter


@given(LETTERS, st.data())
def test_changed_bytes_are_refused_or_are_whole(letter: Anything, data: st.DataObject) -> None:
    body = bytearray(letter.to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.integers(0, len(body) - 1))
        body[where : where + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = payload.read(None, bytes(body))
    except BadPayload:
        return
    assert payload.read(None, found.to_bytes()) == found


@given(replies)
def test_a_mailbox_reads_replies_and_nothing_else(reply: Reply) -> None:
    assert Reply.read(reply.to_bytes()) == reply


@pytest.mark.parametrize(
    ("body", "error", "where"),
    [
        (plain_sent_reply().to_bytes(), BadPayload, "kind"),
        (plain_follow_up().to_bytes(), BadPayload, "kind"),
        (plain_report(mailbox=None).to_bytes(), UnknownPayload, "schema"),
        (plain_reply().to_bytes().replace(b'"schema":1', b'"schema":2'), UnknownPayload, "schema"),
        (plain_reply().to_bytes().replace(b'"schema":1', b'"schema":0'), BadPayload, "schema"),
        (plain_reply().to_bytes().replace(b"{", b'{"x":1,', 1), BadPayload, ""),
        (b"{}", BadPayload, "schema"),
        (b"", BadPayload, ""),
    ],
)
def test_what_is_no_reply_is_refused_by_a_mailbox(body: bytes, error: type[BadPayload], where: str) -> None:
    with pytest.raises(error) as refused:
        Reply.read(body)
    assert refused.value.where == where


def _with(letter: Anything, path: str, value: object) -> bytes:
    tree = holder = json.loads(letter.to_bytes())
    *above, name = path.split(".")
    for step in above:
        holder = holder[step]
    holder[name] = value
    return json.dumps(tree).encode()


def _without(letter: Anything, path: str) -> bytes:
    tree = holder = json.loads(letter.to_bytes())
    *above, name = path.split(".")
    for step in above:
        holder = holder[step]
    del holder[name]
    return json.dumps(tree).encode()


LATER, REPLY, COPY = plain_follow_up(), plain_reply(), plain_sent_reply()
PUBLIC = base64_text(PLAIN_MAILBOX.public)
CAPTION = {**plain_file().as_json(), "caption": "x"}


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        (_without(LATER, "mailbox"), "mailbox", "is missing"),
        (_without(plain_report(), "mailbox"), "mailbox", "is missing"),
        (_with(LATER, "mailbox", None), "mailbox", "must be an object"),
        (_with(LATER, "mailbox.more", 1), "mailbox", "holds a key that this schema does not know"),
        (_with(LATER, "mailbox.reply", "00"), "mailbox.reply", "must be 32 bytes in lower-case hex"),
        (_with(LATER, "mailbox.public", PUBLIC[:-4]), "mailbox.public", "must be 1216 bytes in base64"),
        (_with(LATER, "mailbox.public", PUBLIC + "\n"), "mailbox.public", "must be 1216 bytes in base64"),
        (_with(LATER, "mailbox.public", PUBLIC[:-2]), "mailbox.public", "must be 1216 bytes in base64"),
        (_with(LATER, "mailbox.public", 1), "mailbox.public", "must be 1216 bytes in base64"),
        (_with(LATER, "follow_up", {}), "follow_up.text", "is missing"),
        (_with(LATER, "follow_up.text", None), "follow_up.text", "must be text"),
        (_with(LATER, "source.name", "x"), "source", "holds a key that this schema does not know"),
        (_with(plain_report(mailbox=None), "mailbox", {}), "", "holds a key that this schema does not know"),
        (_with(REPLY, "text", " \n"), "text", "is empty"),
        (_with(REPLY, "text", "x" * (MAX_TEXT + 1)), "text", "is longer than 100,000 characters"),
        (_with(REPLY, "text", "\ud800"), "text", "holds half a surrogate pair"),
        (_with(REPLY, "written_on", "2026-11-31"), "written_on", "is not a day of the calendar"),
        (_with(REPLY, "language", ""), "language", "must be a language tag"),
        (_with(REPLY, "files", [CAPTION]), "files[0]", "holds a key that this schema does not know"),
        (_with(REPLY, "draft", "00" * 16), "", "holds a key that this schema does not know"),
        (_with(COPY, "slot", "00"), "slot", "must be 16 bytes in lower-case hex"),
        (_with(COPY, "desk", "x" * (MAX_DESK + 1)), "desk", "is longer than 64 characters"),
        (_without(COPY, "reply_id"), "reply_id", "is missing"),
        (_without(COPY, "case_draft"), "case_draft", "is missing"),
    ],
)
def test_a_broken_letter_is_refused_with_the_place_and_the_reason(body: bytes, where: str, what: str) -> None:
    with pytest.raises(BadPayload) as refused:
        payload.read(None, body)
    assert (refused.value.where, refused.value.what) == (where, what)
    assert not isinstance(refused.value, UnknownPayload)


def test_base64_has_one_spelling() -> None:
    # 1216 bytes leave four bits of the last character without a meaning: 15 other spellings.
    stray = [f"{PUBLIC[:-3]}{char}==" for char in "BCDEFGHIJKLMNOP"]
    assert PUBLIC[-3] == "A" or PUBLIC[-3] in "Qgw"
    for spelling in stray:
        with pytest.raises(BadPayload):
            payload.read(None, _with(LATER, "mailbox.public", spelling))


@given(st.binary(max_size=40))
def test_what_is_written_as_base64_has_the_pattern_of_its_length(value: bytes) -> None:
    assert re.fullmatch(base64_pattern(len(value)), base64_text(value))
    assert not re.fullmatch(base64_pattern(len(value) + 1), base64_text(value))


def test_everything_up_to_the_limits_fits() -> None:
    files = tuple(plain_file(blob=bytes([number]) * 16) for number in range(MAX_FILES))
    for letter in (
        plain_follow_up(text="\x01" * MAX_TEXT, files=files),
        plain_reply(text="🙂" * MAX_TEXT, files=files),
        plain_sent_reply(reply=plain_reply(text="\x01" * MAX_TEXT, files=files), desk="d" * MAX_DESK),
    ):
        assert payload.read(None, letter.to_bytes()) == letter
        assert len(letter.to_bytes()) < 2**20


@pytest.mark.parametrize(
    ("build", "where"),
    [
        (lambda: Mailbox(b"", bytes(32)), "mailbox.public"),
        (lambda: Mailbox(bytes(1216), b""), "mailbox.reply"),
        (lambda: plain_follow_up(draft=b""), "draft"),
        (lambda: plain_follow_up(text="x" * (MAX_TEXT + 1)), "follow_up.text"),
        (lambda: plain_follow_up(files=(plain_file(), plain_file())), "files"),
        (lambda: plain_reply(text=" "), "text"),
        (lambda: plain_reply(language="not a tag"), "language"),
        (lambda: plain_reply(files=(plain_file(caption="x"),)), "files"),
        (lambda: plain_reply(files=(plain_file(),) * (MAX_FILES + 1)), "files"),
        (lambda: plain_sent_reply(slot=b""), "slot"),
        (lambda: plain_sent_reply(desk="x" * (MAX_DESK + 1)), "desk"),
        (lambda: plain_sent_reply(case_draft=b""), "case_draft"),
        (lambda: plain_sent_reply(reply_id=b""), "reply_id"),
    ],
)
def test_what_could_not_be_read_cannot_be_made(build: Callable[[], object], where: str) -> None:
    with pytest.raises(BadPayload) as refused:
        build()
    assert refused.value.where == where


def test_no_repr_holds_a_word_or_a_key_of_it() -> None:
    said = [repr(one) for one in (LATER, REPLY, COPY, PLAIN_MAILBOX, plain_report())]
    assert said == ["<FollowUp>", "<Reply>", "<SentReply>", "<Mailbox>", "<Report>"]


def test_the_format_names_every_member() -> None:
    part = FORMAT.split("\n## Body\n")[1].split("\n## ")[0]
    named = set(re.findall(r"\w+", part))
    for letter in (LATER, REPLY, COPY):
        assert set(json.loads(letter.to_bytes())) <= named
        assert f'`"{letter.kind}"`' in part
    assert {type(one) for one in (LATER, REPLY, COPY)} == {FollowUp, Reply, SentReply}
