"""What several things in mailboxes share, and what desks left that are no longer the team's."""

import re
from datetime import UTC, datetime
from pathlib import Path

from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from tests import inside
from tests.site import Site, hidden


def delete_all(site: Site, code: str) -> str:
    sure = site.press(site.mailbox(code), "delete-all")
    gone = site.press(sure, "erase-all")
    assert "It is deleted" in gone.text
    return gone.text


def test_a_report_sent_twice_keeps_its_files_in_the_one_when_the_other_is_deleted(site: Site) -> None:
    tokens = hidden(site.post("words", [("a.jpg", b"1"), ("b.jpg", b"2")], do="attach"), "file")
    first, second = (site.code_of(site.post("words", tokens=tokens)) for _ in range(2))
    gone = delete_all(site, first)
    assert "Did you send the same files twice? Then they stay here until both are deleted." in gone
    assert "2 files" in site.mailbox(second).text
    (report,) = site.reports()
    assert site.contents(report) == [("a.jpg", b"1"), ("b.jpg", b"2")]
    # Asked again for what is gone, the other keeps what it has.
    assert site.mailbox(first).status_code == 422
    delete_all(site, second)
    assert inside.blobs(site.folder) == {}


def test_a_report_deleted_leaves_what_was_added_with_other_files(site: Site) -> None:
    code = site.sent("words", [("a.jpg", b"1")])
    site.press(site.mailbox(code), "send", [("c.txt", b"3")], message="more")
    page = site.mailbox(code)
    assert "If two have the same day, we cannot tell you which is which." in page.text
    row = re.findall(r'value="delete-([0-9a-f]{32})"', page.text)[0]
    left = site.press(site.press(page, f"delete-{row}"), f"erase-{row}")
    assert "If two have the same day" not in left.text
    (kept,) = site.kept()
    assert site.contents(kept) in ([("a.jpg", b"1")], [("c.txt", b"3")])  # type: ignore[arg-type]  # a report's
    assert len(inside.blobs(site.folder)) == 1


def test_what_a_desk_left_that_is_no_longer_the_teams_is_told_not_shown_and_can_be_deleted(
    tmp_path: Path,
) -> None:
    gone, stays = (DeskKeys.make(name, Epoch.of(datetime.now(UTC).date())) for name in ("gone", "stays"))
    identity, folder = Identity.new(), tmp_path / "site"
    folder.mkdir()
    (folder / "team.keys").write_bytes(
        identity.team_keys((gone.public(), stays.public()), version=1, practice=True)
    )
    site = Site.make(folder)
    site.desk = gone
    code = site.sent("words")
    slot = site.reply(code, "by the one that left", [("form.pdf", b"pdf")])
    assert "by the one that left" in site.mailbox(code).text

    newer = folder / "team.keys.new"
    newer.write_bytes(identity.team_keys((stays.public(),), version=2, practice=True))
    newer.replace(folder / "team.keys")
    page = site.mailbox(code)
    assert "by the one that left" not in page.text
    assert "Something was left here by a desk that is no longer the team’s." in page.text
    assert "could not be checked" not in page.text
    one = site.press(page, f"delete-{slot.hex()}")
    assert "A message from a desk that is no longer the team’s" in one.text
    delete_all(site, code)
    assert [*site.store.replies([slot])] == []
    assert site.mailbox(code).status_code == 422
    site.close()
