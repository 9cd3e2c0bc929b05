"""Writing to the team: what is sent arrives, sealed as a report is, and what is wrong loses nothing."""

import re
import tomllib
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

import payload
from crypto import envelope
from crypto import open as opening
from payload import Contact
from payload.contact import Role
from payload.limits import MAX_MESSAGE, MAX_REACH, MAX_TOPIC
from store.errors import DiskFailed, NoRoom
from tests import inside
from tests.site import CONTENT, MULTIPART, Site, hidden, multipart, problems
from views.contact import check_roles
from views.sending import LEAST_SECONDS
from web import site as texts
from web.drafts import Form
from web.setup import SetUpError


def draft(site: Site) -> str:
    return hidden(site.client.get("/contact"), "draft")[0]


def write(site: Site, message: str = "A question.", **changed: str) -> TestResponse:
    """Post the form as a browser does."""
    fields = {
        "draft": changed.pop("draft", None) or draft(site),
        "website": "",
        "to": "team",
        "topic": "",
        "reach": "",
    }
    return site.client.post("/contact", data={**fields, "message": message, **changed})


def contacts(site: Site) -> list[Contact]:
    """Open everything that is kept, as the desk would."""
    found = []
    for digest, _ in site.store.envelopes():
        body = opening.opened(site.store.envelope(digest), site.desk.seeds.values()).body
        contact = payload.read(None, body)
        assert isinstance(contact, Contact)
        found.append(contact)
    return found


def typed(answer: TestResponse) -> dict[str, str]:
    """What stands in the form of a page."""
    (to,) = re.findall(r'value="(\w+)"(?: id="to")? checked', answer.text) or [""]
    (topic,) = re.findall(r'name="topic" value="([^"]*)"', answer.text)
    boxes = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL))
    return {"to": to, "topic": unescape(topic), **{name: unescape(text) for name, text in boxes.items()}}


def test_what_was_written_opens_at_the_desk(site: Site) -> None:
    answer = write(
        site,
        "First line.\r\nSecond.",
        to="advocate",
        topic="Help for a friend",
        reach="020 7946 0000\r\nevenings",
    )
    assert answer.status_code == 200
    assert 'id="received"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (contact,) = contacts(site)
    assert (contact.to, contact.topic, contact.message, contact.reach) == (
        Role.ADVOCATE,
        "Help for a friend",
        "First line.\nSecond.",
        "020 7946 0000\nevenings",
    )
    assert (contact.received_on, contact.language) == (datetime.now(UTC).date(), "en")


def test_a_message_alone_is_enough_and_the_receipt_says_that_no_answer_can_come(site: Site) -> None:
    assert "we cannot answer" in write(site).text
    assert "the way that you left" in write(site, reach="020 7946 0000").text
    assert {contact.message for contact in contacts(site)} == {"A question."}


def test_a_form_with_files_in_it_is_read_past_them(site: Site) -> None:
    fields = [("draft", draft(site)), ("to", "team"), ("topic", ""), ("message", "words"), ("reach", "")]
    body = multipart(fields, [("photo.jpg", b"x" * 700_000)])
    assert site.client.post("/contact", data=body, content_type=MULTIPART).status_code == 200
    assert len(contacts(site)) == 1
    assert list(site.store.kept_blobs()) == []
    assert [path for path in site.folder.rglob("blobs/*") if path.is_file()] == []


@pytest.mark.parametrize("role", Role)
def test_everybody_on_the_list_can_be_written_to(site: Site, role: Role) -> None:
    page = site.client.get("/contact")
    assert f'value="{role.value}"' in page.text
    assert f"<span>{site.vigil.site.roles[role.value]}</span>" in page.text
    assert write(site, to=role.value).status_code == 200
    assert [contact.to for contact in contacts(site)] == [role]


@pytest.mark.parametrize(
    ("query", "chosen"), [("", "team"), ("?to=letter", "letter"), ("?to=nobody", "team"), ("?to=", "team")]
)
def test_a_page_that_leads_here_can_choose_whom_it_is_for(site: Site, query: str, chosen: str) -> None:
    assert typed(site.client.get(f"/contact{query}"))["to"] == chosen


@pytest.mark.parametrize(
    "text",
    [
        "\n\nbegins with empty lines",
        "</textarea><script>alert(1)</script> & &amp; \" '",
        "עברית, العربية, 中文, 🙂👩‍👧, e\u0301 \u202e\u200f\u0000\u0007\ufeff",
        "🙂" * MAX_MESSAGE,
    ],
)
def test_every_text_arrives_as_it_was_sent(site: Site, text: str) -> None:
    assert write(site, text).status_code == 200
    assert [contact.message for contact in contacts(site)] == [text]


FULL = {"to": "letter", "topic": '"Quoted" & <b>', "message": "</textarea> kept", "reach": "\nkept & too"}


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"message": ""}, "message", "Write your message."),
        ({"message": " \r\n\t"}, "message", "Write your message."),
        (
            {"message": "x" * (MAX_MESSAGE + 1)},
            "message",
            "Your message is 1 character too long: 20,000 fit. Shorten it, or send two.",
        ),
        (
            {"topic": "x" * (MAX_TOPIC + 30)},
            "topic",
            "What it is about is 30 characters too long: 200 fit. Shorten it.",
        ),
        (
            {"reach": "x" * (MAX_REACH + 2)},
            "reach",
            "The way to reach you is 2 characters too long: 500 fit. Shorten it.",
        ),
        ({"to": "nobody"}, "to", "Choose who it is for."),
        ({"to": ""}, "to", "Choose who it is for."),
        ({"website": "http://example.invalid"}, "", "Press Send once more."),
        (
            {"draft": "nonsense"},
            "",
            "This form had been open for too long. Nothing is lost: press Send again.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_costs_nothing_that_was_typed(
    site: Site, changed: dict[str, str], field: str, says: str
) -> None:
    answer = write(site, **{**FULL, **changed})
    assert answer.status_code == 422
    assert problems(answer) == [says]
    assert answer.text.count(says) == (2 if field else 1)
    if field:
        assert f'<a href="#{field}">' in answer.text
        assert f'id="{field}-wrong"' in answer.text
    sent = {name: value.replace("\r\n", "\n") for name, value in {**FULL, **changed}.items() if name in FULL}
    if sent["to"] in {"nobody", ""}:
        sent["to"] = ""
    assert typed(answer) == sent
    assert contacts(site) == []
    again = write(site, **{**FULL, "draft": hidden(answer, "draft")[0]})
    assert again.status_code == 200


def test_all_that_is_wrong_is_said_at_once(site: Site) -> None:
    answer = write(site, "", topic="x" * 300, to="x")
    assert len(problems(answer)) == 3


def test_a_form_of_which_nothing_arrived_is_shown_again(site: Site) -> None:
    answer = site.client.post("/contact")
    assert answer.status_code == 422
    assert "Write your message." in problems(answer)


def test_a_body_beyond_all_bounds_gets_the_form_again(site: Site) -> None:
    answer = write(site, "x" * 3_000_000, topic="kept")
    assert answer.status_code == 413
    assert problems(answer) == ["This was too much to send at once. Shorten your message."]
    assert contacts(site) == []


def test_a_body_that_breaks_off_gets_the_form_with_what_had_arrived(site: Site) -> None:
    whole = multipart([("to", "expert"), ("topic", "kept"), ("message", "words")], [])
    answer = site.client.post("/contact", data=whole[:-60], content_type=MULTIPART)
    assert answer.status_code == 400
    assert problems(answer) == ["What was sent arrived damaged. Try again."]
    assert (typed(answer)["to"], typed(answer)["topic"]) == ("expert", "kept")


def test_a_form_of_no_known_encoding_is_refused_with_a_page(site: Site) -> None:
    answer = site.client.post("/contact", data=b"{}", content_type="application/json")
    assert answer.status_code == 415
    assert "<html" in answer.text


@pytest.mark.parametrize("error", [NoRoom, DiskFailed])
def test_a_store_that_fails_is_said_and_the_words_are_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(site.store, "keep_report", fails)
    answer = write(site, **FULL)
    assert answer.status_code == 503
    assert problems(answer) == ["We cannot store anything now. Keep your words, and try again later."]
    assert typed(answer) == FULL


def test_who_sends_at_once_is_made_to_wait_and_a_person_is_not(site: Site) -> None:
    token = draft(site)
    write(site, draft=token)
    assert 0 < site.waits[-1] <= LEAST_SECONDS
    object.__setattr__(site.vigil.drafts, "now", lambda: int(datetime.now(UTC).timestamp()) + 60)
    write(site, draft=token)
    assert site.waits[-1] == 0


def test_two_sends_of_one_draft_carry_one_draft_id(site: Site) -> None:
    token = draft(site)
    write(site, "first", draft=token)
    write(site, "second", draft=token)
    write(site, "third")
    ids = [contact.draft for contact in contacts(site)]
    assert len(ids) == 3
    assert len(set(ids)) == 2


def test_a_token_of_the_report_is_no_token_here_and_the_other_way_round(site: Site) -> None:
    of_report = site.draft()
    assert write(site, draft=of_report).status_code == 422
    assert site.post(text="words", draft=draft(site)).status_code == 422
    assert site.vigil.drafts.form is Form.REPORT


# A report carries a mailbox besides, some 1.8 kB: what is near a step of the padding may lie beyond it.
@pytest.mark.parametrize("size", [1, 500, 1_500, 10_000])
def test_in_the_store_a_message_looks_as_a_report_does(site: Site, size: int) -> None:
    assert write(site, "x" * size).status_code == 200
    assert site.post(text="x" * size).status_code == 200
    (one, size_of_one), (other, size_of_other) = site.store.envelopes()
    assert size_of_one == size_of_other
    assert site.store.envelope(one)[:13] == site.store.envelope(other)[:13]
    assert envelope.header(site.store.envelope(one)) == envelope.header(site.store.envelope(other))
    for table in ("slot", "body"):
        rows = inside.run(site.folder, f"SELECT * FROM {table}")
        assert len(rows) == 2
        shapes = {tuple(len(cell) if isinstance(cell, bytes) else cell for cell in row) for row in rows}
        assert len(shapes) == 1


def test_no_word_of_it_lies_open_in_the_data_folder(site: Site) -> None:
    marker = "marker-7f3a"
    write(site, marker * 100, topic=marker, reach=marker)
    write(site, "", topic=marker, reach=marker)
    assert not any(marker.encode() in content for content in inside.readable(site.folder))


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_a_form_from_elsewhere_is_refused(site: Site, headers: dict[str, str]) -> None:
    assert site.client.post("/contact", data={"message": "words"}, headers=headers).status_code == 403
    assert contacts(site) == []


def test_the_blank_form_is_private_and_its_token_another_each_time(site: Site) -> None:
    page = site.client.get("/contact")
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert draft(site) != draft(site)
    for words in ("999", 'href="/report"', 'href="/safety"'):
        assert words in page.text.split("<form")[0]


def _content(tmp_path: Path, roles: dict[str, str]) -> texts.Site:
    known: dict[str, Any] = tomllib.loads((CONTENT / "site.toml").read_text())
    lines = [f'{key} = "{value}"' for key, value in known.items() if isinstance(value, str)]
    topics = [f'{key} = "{value}"' for key, value in known["topics"].items()]
    offered = [f'{key} = "{value}"' for key, value in roles.items()]
    (tmp_path / "site.toml").write_text("\n".join([*lines, "[topics]", *topics, "[roles]", *offered]))
    return texts.read(tmp_path)


def test_a_newsroom_may_leave_somebody_out_and_say_it_in_its_own_words(tmp_path: Path) -> None:
    check_roles(_content(tmp_path, {"expert": "Our accountant", "team": "All of us"}))


def test_a_newsroom_cannot_offer_somebody_whom_the_desk_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(SetUpError) as refused:
        check_roles(_content(tmp_path, {"team": "All of us", "mayor": "The mayor"}))
    assert "'mayor'" in refused.value.what
    assert "team, expert, advocate, community, letter" in refused.value.hint
