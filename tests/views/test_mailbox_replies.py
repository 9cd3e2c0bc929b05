"""Replies in the mailbox: shown only when a listed desk has signed them; files go out whole or not at all."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from werkzeug.test import TestResponse

import payload
from crypto import returncode
from crypto.errors import BadAttachment
from crypto.mailbox import Mailbox
from crypto.reply import seal_reply
from crypto.secret import MailboxRoot, SigningSeed
from store import KeptReply
from tests import inside
from tests.site import Site, problems
from views.saving import safe_name
from web.memory_keys import HALF_HOUR, MemoryKeys


@pytest.fixture
def code(site: Site) -> str:
    return site.sent("the report")


def mailbox_of(code: str) -> Mailbox:
    return Mailbox(returncode.root(returncode.read_words(code)))


def saved(page: str) -> list[str]:
    return re.findall(r'name="do" value="(get-[0-9a-f]{32}-\d+)"', page)


def leave(site: Site, code: str, envelope: bytes) -> bytes:
    """Leave any bytes where a reply is looked for."""
    slot = mailbox_of(code).reply_ids(site.vigil.team_keys.desks[0].sign_public)[7]
    assert site.store.keep_reply(slot, envelope) is KeptReply.NEW
    return slot


def test_a_reply_is_shown_with_whose_it_is(site: Site, code: str) -> None:
    site.reply(code, "Did you see the <b>plate</b>?\n中文 🙂 " + "x" * 500)
    page = site.mailbox(code)
    assert "We checked: this is from the team (desk “practice”)." in page.text
    assert '<p class="typed" dir="auto" translate="no">' in page.text
    assert "Did you see the <b>plate</b>?\n中文 🙂" in unescape(page.text)
    assert "<b>plate" not in page.text
    assert "There is no reply" not in page.text


def test_the_newest_reply_stands_first(site: Site, code: str) -> None:
    days = [date(2026, 3, day) for day in (2, 9, 5)]
    for day in days:
        site.vigil.today = lambda day=day: day  # type: ignore[misc]  # a default, for this turn of the loop
        site.reply(code, f"on {day.day}")
    found = re.findall(r"on (\d+)</p>", site.mailbox(code).text)
    assert found == ["9", "5", "2"]


def test_a_file_of_a_reply_comes_out_as_it_went_in(site: Site, code: str) -> None:
    files = [("form.pdf", bytes(range(256)) * 4000), ("empty", b""), ("Übersicht 中.txt", b"3")]
    site.reply(code, files=files)
    page = site.mailbox(code)
    assert "Übersicht 中.txt" in page.text
    for button, (_name, data) in zip(saved(page.text), files, strict=True):
        answer = site.press(page, button)
        assert answer.status_code == 200
        assert answer.data == data
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Length"] == str(len(data))
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Encoding" not in answer.headers


def test_a_page_that_has_closed_meanwhile_asks_for_the_words_and_keeps_what_was_typed(
    site: Site, code: str
) -> None:
    now = [1000.0]
    site.vigil.mailbox_keys = MemoryKeys(lambda: now[0])
    site.reply(code, files=[("a.bin", b"1")])
    page = site.mailbox(code)
    now[0] += 2 * HALF_HOUR
    asked = site.press(page, saved(page.text)[0], message="kept\nwords")
    assert asked.status_code == 422
    assert "kept\nwords</textarea>" in site.press(asked, "open", code=code).text


@pytest.mark.parametrize("what", ["shorter", "flipped", "swapped", "gone"])
def test_a_damaged_file_does_not_go_out_at_all(site: Site, code: str, what: str) -> None:
    site.reply(code, files=[("a.bin", b"1" * 300_000), ("b.bin", b"2" * 300_000)])
    page = site.mailbox(code)
    whole = inside.blobs(site.folder)
    for blob, data in whole.items():
        if what == "gone":
            inside.lose(site.folder, blob)
        else:
            other = next(each for name, each in whole.items() if name != blob)
            changed = {"shorter": data[:-1], "swapped": other}.get(what, data[:-9] + b"\xff" + data[-8:])
            inside.alter(site.folder, blob, changed)
    answer = site.press(page, saved(page.text)[0])
    assert answer.status_code == 422
    assert problems(answer) == ["This file is gone or damaged, so it is not handed out. Tell the team below."]
    assert b"1" * 1000 not in answer.data


def broken_off(answer: TestResponse) -> bytes:
    """Give what arrives of an answer that breaks off."""
    got: list[bytes] = []
    with pytest.raises(BadAttachment):
        got.extend(answer.iter_encoded())
    return b"".join(got)


def test_both_hashes_count(site: Site, code: str) -> None:
    site.reply(code, files=[("a.bin", b"1" * 200_000)])
    mailbox = mailbox_of(code)
    (row,) = site.store.replies(mailbox.reply_ids(site.vigil.team_keys.desks[0].sign_public))
    said = payload.reply.Reply.read(mailbox.open_reply(row.id, row.envelope, site.vigil.team_keys).body)
    for name in ("sha256", "sealed_sha256"):
        site.store.delete({}, {row.id: ()})
        lying = replace(said, files=(replace(said.files[0], **{name: bytes(32)}),))
        leave(
            site,
            code,
            seal_reply(
                mailbox.public,
                mailbox.reply_ids(site.vigil.team_keys.desks[0].sign_public)[7],
                lying.to_bytes(),
                site.desk.sign,
            ),
        )
        page = site.mailbox(code)
        answer = site.press(page, saved(page.text)[0])
        if name == "sealed_sha256":
            assert answer.status_code == 422
        else:
            # What the desk sealed, and not what it says that this is: it does not arrive whole.
            assert 0 < len(broken_off(answer)) < 200_000
        site.store.delete({}, {mailbox.reply_ids(site.vigil.team_keys.desks[0].sign_public)[7]: ()})


@pytest.mark.parametrize(
    "which", ["0" * 32 + "-0", "{slot}-1", "{slot}-x", "{slot}-", "{slot}", "{slot}--1", ""]
)
def test_what_is_no_file_of_a_reply_is_not_handed_out(site: Site, code: str, which: str) -> None:
    slot = site.reply(code, files=[("a.bin", b"1")])
    page = site.mailbox(code)
    (box,) = set(re.findall(r'name="mailbox" value="([^"]+)"', page.text))
    answer = site.mailbox(mailbox=box, do=f"get-{which.format(slot=slot.hex())}")
    assert answer.status_code == 422
    assert problems(answer) == ["That is not here, or not any more."]


def test_a_reply_that_nobody_of_the_team_signed_is_never_shown(site: Site, code: str) -> None:
    slot = site.reply(code, "a lie", sign=SigningSeed.new())
    page = site.mailbox(code)
    assert page.status_code == 200
    assert "a lie" not in page.text
    assert "could not be checked" in page.text
    assert "we do not show it" in page.text
    gone = site.press(site.press(page, f"delete-{slot.hex()}"), f"erase-{slot.hex()}")
    assert "A message that we could not check" in gone.text
    assert "we do not show it" not in gone.text


def _to_another(site: Site, code: str, slot: bytes, said: bytes) -> bytes:
    return seal_reply(Mailbox(MailboxRoot.new()).public, slot, said, site.desk.sign)


def _for_another_place(site: Site, code: str, slot: bytes, said: bytes) -> bytes:
    return seal_reply(mailbox_of(code).public, bytes(16), said, site.desk.sign)


def _of_another_kind(site: Site, code: str, slot: bytes, said: bytes) -> bytes:
    report = next(site.store.envelopes())[0]
    return site.store.envelope(report)


def _no_reply_inside(site: Site, code: str, slot: bytes, said: bytes) -> bytes:
    return seal_reply(mailbox_of(code).public, slot, b'{"schema":1}', site.desk.sign)


def _of_a_newer_schema(site: Site, code: str, slot: bytes, said: bytes) -> bytes:
    return seal_reply(
        mailbox_of(code).public, slot, said.replace(b'"schema":1', b'"schema":9'), site.desk.sign
    )


def _cut(site: Site, code: str, slot: bytes, said: bytes) -> bytes:
    return seal_reply(mailbox_of(code).public, slot, said, site.desk.sign)[:-1]


@pytest.mark.parametrize(
    "made", [_to_another, _for_another_place, _of_another_kind, _no_reply_inside, _of_a_newer_schema, _cut]
)
def test_nothing_else_that_lies_there_is_shown_and_the_rest_still_is(
    site: Site, code: str, made: object
) -> None:
    said = payload.Reply(written_on=site.vigil.today(), language="en", text="a forged word")
    slot = mailbox_of(code).reply_ids(site.vigil.team_keys.desks[0].sign_public)[7]
    leave(site, code, made(site, code, slot, said.to_bytes()))  # type: ignore[operator]  # one of those above
    site.reply(code, "a true word")
    page = site.mailbox(code)
    assert page.status_code == 200
    assert "a forged word" not in page.text
    assert "a true word" in page.text
    assert page.text.count("could not be checked. It may not be from the team") == 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("form.pdf", "form.pdf"),
        ("../../etc/passwd", "_._etc_passwd"),
        ("C:\\a\\b.txt", "C__a_b.txt"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("a\r\nSet-Cookie: x=1", "a__Set-Cookie_ x=1"),
        ('quo"te;semi.txt', "quo_te;semi.txt"),
        ("", "file"),
        ("...", "file"),
        (" . ", "file"),
        ("中文 🙂.png", "中文 🙂.png"),
        ("x" * 500 + ".jpeg", "x" * 95 + ".jpeg"),
    ],
)
def test_a_saved_file_has_a_name_that_does_no_harm(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name(name)) <= 100
    assert not set(safe_name(name)) & set('/\\:"\r\n\u202e')
