"""Two sources never see each other's anything, whatever one of them sends of what belongs to the other.

Every route is asked, and every action of every form posted, by one source with every id and token that exists
of the other, but for what opens the other's mailbox: its words, and the root that rides in its open page.
"""

import re
from dataclasses import dataclass
from html import unescape

import pytest
from werkzeug.test import TestResponse

from crypto import returncode
from crypto.mailbox import Mailbox
from crypto.returncode import ReturnCode
from tests import inside
from tests.site import Site, hidden
from views import mailbox, report

# In every text, file and name of the other source, and in no page of this one.
MARK = "zqxjk"


@dataclass
class Somebody:
    """A source with a report, a follow-up, replies with files, and a file that is not sent yet."""

    code: str
    mailbox: Mailbox
    page: TestResponse
    ids: list[bytes]
    blobs: list[bytes]
    tokens: list[str]
    draft: str

    @classmethod
    def at(cls, site: Site, mark: str) -> "Somebody":
        code = site.sent(f"{mark} report", [(f"{mark}.jpg", mark.encode())])
        site.press(site.mailbox(code), "send", [(f"{mark}.txt", mark.encode())], message=f"{mark} more")
        slots = [site.reply(code, f"{mark} reply", [(f"{mark}.pdf", mark.encode() * 9)]) for _ in range(2)]
        page = site.press(
            site.mailbox(code), "attach", [(f"{mark}.doc", mark.encode())], message=f"{mark} typed"
        )
        box = Mailbox(returncode.root(returncode.read_words(code)))
        rows = site.store.slots(box.own_ids)
        blobs = [blob for row in rows for blob in box.open_record(row.id, row.record)]
        team = site.vigil.team_keys
        blobs += [
            file.blob
            for row in site.store.replies(slots)
            for file in _files(box.open_reply(row.id, row.envelope, team).body)
        ]
        ids = [*(row.id for row in rows), *slots]
        return cls(code, box, page, ids, blobs, hidden(page, "file"), hidden(page, "draft")[0])


def _files(body: bytes) -> tuple[object, ...]:
    from payload.reply import Reply

    return Reply.read(body).files


@pytest.fixture
def other(site: Site) -> Somebody:
    return Somebody.at(site, MARK)


@pytest.fixture
def me(site: Site) -> Somebody:
    return Somebody.at(site, "mine")


def everything(site: Site) -> tuple[list[bytes], list[bytes], set[bytes]]:
    return (
        sorted(site.store.envelope(digest) for digest, _ in site.store.envelopes()),
        sorted(blob for blob, _ in site.store.kept_blobs()),
        set(inside.blobs(site.folder).values()),
    )


def names_of(other: Somebody) -> list[str]:
    """Give every id of the other as an action might name it."""
    return [each.hex() for each in (*other.ids, *other.blobs)]


def nothing_of(other: Somebody, answer: TestResponse) -> None:
    said = answer.text if answer.mimetype.startswith("text/") else answer.data.decode("latin-1")
    assert MARK not in unescape(said)
    assert not [name for name in names_of(other) if name in said]
    assert not any(MARK in value or "zqx" in value for value in answer.headers.values())


def test_every_action_with_every_id_of_another_shows_and_changes_nothing(
    site: Site, me: Somebody, other: Somebody
) -> None:
    before = everything(site)
    (box,) = set(hidden(me.page, "mailbox"))
    for act in [*mailbox.ACTIONS, *mailbox.WITHOUT, "open", "word", "nonsense"]:
        if act in ("send", "attach", "upload", "card", "open"):
            continue  # they name no id; tried with the other's tokens below
        for name in names_of(other):
            for of_what in (name, f"{name}-0", f"{name}-1"):
                nothing_of(other, site.mailbox(mailbox=box, do=f"{act}-{of_what}"))
                nothing_of(other, site.mailbox(me.code, do=f"{act}-{of_what}"))
    assert everything(site) == before


@pytest.mark.parametrize("do", ["send", "attach", "upload", "open", "remove"])
def test_the_other_s_files_are_not_taken_into_my_form(
    site: Site, me: Somebody, other: Somebody, do: str
) -> None:
    (box,) = set(hidden(me.page, "mailbox"))
    of_me = me.draft
    instead = {"remove": "0"} if do == "remove" else {}
    answer = site.mailbox(
        mailbox=box, do="" if instead else do, tokens=other.tokens, draft=of_me, message="x", **instead
    )
    # It says that a file of another form is not taken; its name stands in the token that was sent in.
    assert hidden(answer, "file") == []
    # Pressing "send" was refused, and the file is still there for whom it belongs to.
    assert not [each for each in site.follow_ups() if each.text == "x"]
    sent = site.press(other.page, "send")
    assert sent.status_code == 200


@pytest.mark.parametrize("do", [*report.ACTIONS, "more"])
def test_nor_into_a_report(site: Site, other: Somebody, do: str) -> None:
    before = everything(site)
    answer = site.post("x", tokens=other.tokens, draft=site.draft(), do=do)
    assert hidden(answer, "file") == []
    assert everything(site)[0] == before[0] or do == "send"
    assert not [each for each in site.reports() if each.what_happened == "x"] or do == "send"


def test_every_address_with_every_id_of_another_gives_nothing(site: Site, other: Somebody) -> None:
    rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    assert len(rules) > 20
    for name in [*names_of(other), other.tokens[0][:100]]:
        for rule in rules:
            path = re.sub(r"<[^>]+>", name, rule.rule)
            nothing_of(other, site.client.get(path))
            nothing_of(other, site.client.get(f"{path}?to={name}&section={name}&number=1&q={name[:6]}x"))


def test_a_mailbox_shows_what_is_its_own_and_nothing_else(site: Site, me: Somebody, other: Somebody) -> None:
    mine = site.mailbox(me.code)
    nothing_of(other, mine)
    assert mine.text.count("mine reply") == 2
    theirs = site.mailbox(other.code)
    assert "mine" not in re.sub(r"<[^>]+>", "", theirs.text)
    assert theirs.text.count(f"{MARK} reply") == 2


def test_deleting_everything_of_one_leaves_all_of_the_other(
    site: Site, me: Somebody, other: Somebody
) -> None:
    site.press(site.press(site.mailbox(me.code), "delete-all"), "erase-all")
    page = site.mailbox(other.code)
    assert page.text.count("still on this server. The team may have read it already.") == 2
    for button in re.findall(r'value="(get-[^"]+)"', page.text):
        assert site.press(page, button).data == MARK.encode() * 9


def test_nothing_of_the_code_is_stored_but_the_ids_themselves(site: Site, other: Somebody) -> None:
    code = returncode.read_words(other.code)
    root = returncode.root(code).reveal()
    words = other.code.split()
    needles = [code.reveal(), root, other.mailbox.reply_key.reveal(), other.code.encode()]
    needles += [code.reveal().hex().encode(), root.hex().encode(), bytes(other.mailbox.public)[:64]]
    used = {*other.ids}
    needles += [each for each in other.mailbox.own_ids if each not in used]
    site.vigil._scrub()
    for path in (path for path in site.folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert not [needle for needle in needles if needle in data], path.name
        if path.suffix != ".keys" and path.parent.name != "blobs":
            assert " ".join(words[:2]).encode() not in data


def test_nothing_of_the_code_stands_in_a_header_or_an_address(site: Site) -> None:
    receipt = site.post("words", [("a.txt", b"1")])
    code = site.code_of(receipt)
    page = site.mailbox(code)
    answers = [receipt, page, site.mailbox(code, do="card"), site.press(page, "delete-all")]
    answers += [site.mailbox(" ".join(returncode.words(ReturnCode.new())))]
    for answer in answers:
        for value in answer.headers.values():
            # A few may stand there by chance: the list holds "card", "camera" and "same".
            assert len(set(code.split()) & set(re.split(r"[^a-z]+", value))) < 5
        assert "Location" not in answer.headers
        assert not re.findall(r'(?:href|action|src)="[^"]*\?', answer.text)
