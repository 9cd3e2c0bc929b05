"""Deleting from the mailbox is real, asks first, and says exactly what is gone and what is not."""

import re
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from crypto import returncode
from crypto.mailbox import Mailbox
from store import NotScrubbed
from store.errors import Busy, DiskFailed
from tests import engine, inside
from tests.site import Site, problems

TRACE = "A trace may stay on this server until tonight. Then it goes."
LEFT = "What is left of it in the database is sealed, and goes tonight."


@pytest.fixture
def code(site: Site) -> str:
    return site.sent("the report", [("a.jpg", b"1"), ("b.jpg", b"2")])


def rows(site: Site) -> dict[str, int]:
    return {table: inside.count(site.folder, table) for table in ("slot", "body", "blob", "reply", "mark")}


def buttons(page: TestResponse) -> list[str]:
    """Give what can be deleted one by one, in the page's order."""
    return re.findall(r'value="delete-([0-9a-f]{32})"', page.text)


def deleted(site: Site, page: TestResponse, what: str) -> TestResponse:
    sure = site.press(page, f"delete-{what}")
    assert sure.status_code == 200
    assert 'id="sure"' in sure.text
    return site.press(sure, f"erase-{what}")


def holding(folder: Path, content: bytes) -> list[Path]:
    """Give the files on a server's disk, data and log of changes, that hold some bytes of a sealed thing."""
    found = [path for disk in engine.disks(folder) for path in disk.rglob("*") if path.is_file()]
    return [path for path in found if content[64:128] in path.read_bytes()]


def collect(site: Site) -> None:
    """Mark everything as a desk's bundle does."""
    desk = site.vigil.team_keys.desks[0].sign_public
    digests = [digest for digest, _size in site.store.envelopes()]
    site.store.mark(desk, digests, [blob for blob, _size in site.store.kept_blobs()], [desk])


def test_a_held_report_goes_with_its_files(site: Site, code: str) -> None:
    page = site.mailbox(code)
    (row,) = buttons(page)
    gone = deleted(site, page, row)
    assert "<li>What you sent on " in gone.text
    assert ", with 2 files</li>" in gone.text
    assert "The team may have it already, or it may be on its way to them." in gone.text
    # Not "for good", while a backup has it.
    assert "Gone from the site:" in gone.text
    assert "sealed backups may hold it some days longer, and only the desk can open those." in gone.text
    assert "backups may hold the answer" not in gone.text
    assert rows(site) == dict.fromkeys(rows(site), 0)
    assert inside.blobs(site.folder) == {}
    assert site.mailbox(code).status_code == 422


@pytest.mark.usefixtures("on_sqlite")  # its log is a file, which is cut
def test_where_nothing_is_left_the_page_speaks_of_no_trace(site: Site, code: str) -> None:
    gone = deleted(site, site.mailbox(code), "all")
    log = site.folder / "vigil.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert "tonight" not in gone.text
    privacy = unescape(site.client.get("/privacy").text)
    assert "When you delete something, no trace stays in the database" in privacy


@pytest.mark.usefixtures("on_postgres")  # it keeps what was deleted until a sweep
def test_where_bytes_are_left_until_the_night_every_page_says_so(site: Site, code: str) -> None:
    page = site.press(site.mailbox(code), "send", message="more")
    (envelope, *_) = [site.store.envelope(digest) for digest, _size in site.store.envelopes()]
    sure = site.press(page, "delete-all")
    assert LEFT in sure.text
    some = deleted(site, page, buttons(page)[0])
    assert 'id="notice"' in some.text
    assert LEFT in some.text
    gone = site.press(sure, "erase-all")
    assert "It is deleted" in gone.text
    assert LEFT in gone.text
    assert inside.count(site.folder, "body") == 0
    assert holding(site.folder, envelope)
    privacy = unescape(site.client.get("/privacy").text)
    assert "What is left of it in the database is sealed, and goes in the night" in privacy
    assert "no trace" not in privacy
    assert "in which order that day" not in privacy
    assert "when each of that day’s reports came, and which files came with it" in privacy


def test_asking_deletes_nothing_and_can_be_taken_back(site: Site, code: str) -> None:
    page = site.mailbox(code)
    (row,) = buttons(page)
    before = rows(site)
    sure = site.press(page, f"delete-{row}", [("c.txt", b"3")], message="kept words\n")
    assert rows(site) == {**before, "blob": before["blob"] + 1}
    back = site.press(sure, "open")
    assert "kept words\n</textarea>" in back.text
    assert "c.txt" in back.text
    assert site.press(back, "send").status_code == 200
    (follow_up,) = site.follow_ups()
    assert site.contents(follow_up) == [("c.txt", b"3")]


def test_a_follow_up_goes_and_the_report_stays(site: Site, code: str) -> None:
    site.press(site.mailbox(code), "send", [("c.txt", b"3")], message="more")
    page = site.mailbox(code)
    (of_more,) = re.findall(
        r", 1 file:.*?value=\"delete-([0-9a-f]{32})\"", page.text.split(", 2 files")[-1], re.DOTALL
    ) or re.findall(r", 1 file:.*?value=\"delete-([0-9a-f]{32})\"", page.text, re.DOTALL)
    left = deleted(site, page, of_more)
    assert 'id="notice"' in left.text
    assert ", with 1 file</li>" in left.text
    assert site.follow_ups() == []
    (report,) = site.reports()
    assert site.contents(report) == [("a.jpg", b"1"), ("b.jpg", b"2")]


def test_what_was_sent_twice_keeps_its_files_until_the_last_goes(site: Site, code: str) -> None:
    page = site.press(site.mailbox(code), "attach", [("c.txt", b"3")], message="more")
    site.press(page, "send")
    site.press(page, "send")
    both = site.mailbox(code)
    assert len(site.follow_ups()) == 2
    twice = re.findall(
        r", 1 file:\s+still on[^<]*</span>\s*<button[^>]*value=\"delete-([0-9a-f]{32})\"", both.text
    )
    left = deleted(site, both, twice[0])
    (follow_up,) = site.follow_ups()
    assert site.contents(follow_up) == [("c.txt", b"3")]
    deleted(site, left, twice[1])
    assert len(inside.blobs(site.folder)) == 2


def test_the_note_of_a_collected_one_goes_and_it_says_that_the_team_has_it(site: Site, code: str) -> None:
    collect(site)
    page = site.mailbox(code)
    assert "the team has it. It is not on this server any more." in page.text
    assert "still on this server" not in page.text
    (row,) = buttons(page)
    sure = site.press(page, f"delete-{row}")
    assert "The line here that says the team has what you sent on" in sure.text
    assert "The team keeps what it has." in sure.text
    assert "Go back, and write that to them first. After this you cannot." in sure.text
    assert "may be on its way" not in sure.text
    gone = site.press(sure, f"erase-{row}")
    assert "It is deleted" in gone.text
    assert "The team keeps what it has." in gone.text
    # There is nowhere left to write to them.
    assert "Go back" not in gone.text
    assert rows(site)["slot"] == 0


def test_a_reply_goes_with_its_files_and_the_rest_stays(site: Site, code: str) -> None:
    slot = site.reply(code, "an answer", files=[("form.pdf", b"pdf")])
    site.reply(code, "another")
    page = site.mailbox(code)
    left = deleted(site, page, slot.hex())
    assert re.search(r"<li>The reply of [^,]+, with 1 file</li>", left.text)
    assert "The team keeps what it has." in left.text
    assert "As long as they do, your words open it." in left.text
    assert "an answer" not in left.text
    assert "another" in left.text
    assert rows(site) == {"slot": 1, "body": 1, "blob": 2, "reply": 1, "mark": 0}
    assert len(inside.blobs(site.folder)) == 2


def test_everything_goes_at_once(site: Site, code: str) -> None:
    site.press(site.mailbox(code), "send", message="more")
    site.reply(code, files=[("form.pdf", b"pdf")])
    theirs = site.sent("of somebody else", [("x.txt", b"x")])
    page = site.mailbox(code)
    sure = site.press(page, "delete-all", message="not sent")
    assert "Delete everything?" in sure.text
    assert sure.text.count("<li>What you sent on") == 2
    assert "The reply of" in sure.text
    assert "The team keeps what it has." in sure.text
    assert "After this you cannot." in sure.text
    gone = site.press(sure, "erase-all")
    assert "Your words open nothing now. If the team writes to you later, they would open that." in gone.text
    assert "not sent</p>" in gone.text
    assert site.mailbox(code).status_code == 422
    assert rows(site) == {"slot": 1, "body": 1, "blob": 1, "reply": 0, "mark": 0}
    assert site.mailbox(theirs).status_code == 200


@pytest.mark.parametrize("act", ["delete", "erase"])
@pytest.mark.parametrize("what", ["0" * 32, "", "x", "ALL", "../etc"])
def test_what_is_not_there_is_not_deleted(site: Site, code: str, act: str, what: str) -> None:
    (box,) = set(re.findall(r'name="mailbox" value="([^"]+)"', site.mailbox(code).text))
    before = rows(site)
    answer = site.mailbox(mailbox=box, do=f"{act}-{what}", message="kept")
    assert answer.status_code == 422
    assert problems(answer) == ["That is not here, or not any more."]
    assert "kept</textarea>" in answer.text
    assert rows(site) == before


def test_where_something_is_left_there_is_still_a_place_to_write(site: Site, code: str) -> None:
    site.press(site.mailbox(code), "send", message="more")
    page = site.mailbox(code)
    sure = site.press(page, f"delete-{buttons(page)[0]}")
    assert "Go back, and write that to them first." in sure.text
    assert "After this you cannot." not in sure.text
    assert "your words open nothing" not in sure.text


def test_pressed_twice_the_second_says_so(site: Site, code: str) -> None:
    site.press(site.mailbox(code), "send", message="more")
    page = site.mailbox(code)
    row = buttons(page)[0]
    sure = site.press(page, f"delete-{row}")
    site.press(sure, f"erase-{row}")
    assert problems(site.press(sure, f"erase-{row}")) == ["That is not here, or not any more."]


def test_a_log_that_could_not_be_cut_is_told(site: Site, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    delete = site.store.delete

    def deleted_and_busy(*ids: object) -> None:
        delete(*ids)  # type: ignore[arg-type]  # as they came
        raise NotScrubbed

    monkeypatch.setattr(site.store, "delete", deleted_and_busy)
    touched: list[bool] = []
    monkeypatch.setattr(site.vigil.soon, "touch", lambda: touched.append(True))
    gone = deleted(site, site.mailbox(code), "all")
    assert (LEFT if engine.is_postgres() else TRACE) in gone.text
    assert touched
    assert rows(site)["slot"] == 0


def test_rows_that_went_before_the_disk_failed_are_told_as_gone(
    site: Site, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete = site.store.delete

    def deleted_and_failed(slots: list[bytes], *_rest: object) -> None:
        delete(slots)
        raise DiskFailed

    monkeypatch.setattr(site.store, "delete", deleted_and_failed)
    gone = deleted(site, site.mailbox(code), "all")
    assert gone.status_code == 200
    assert "<li>What you sent on" in gone.text
    assert (LEFT if engine.is_postgres() else TRACE) in gone.text


def test_a_store_that_cannot_delete_is_told_and_all_stays(
    site: Site, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(site.store, "delete", busy)
    answer = deleted(site, site.mailbox(code), "all")
    assert answer.status_code == 503
    assert problems(answer) == ["It could not be deleted now. Try again in a few minutes."]
    assert rows(site)["slot"] == 1


def test_a_damaged_record_is_told_and_the_row_can_still_go(site: Site, code: str) -> None:
    mailbox = Mailbox(returncode.root(returncode.read_words(code)))
    (row,) = site.store.slots(mailbox.own_ids)
    inside.run(site.folder, f"UPDATE slot SET record = {inside.hexed(bytes(681))}")
    page = site.mailbox(code)
    assert "we cannot tell how many files" in page.text
    deleted(site, page, row.id.hex())
    assert rows(site)["slot"] == 0
