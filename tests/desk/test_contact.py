"""Messages to the team at the desk: read under their own kind, beside the reports and apart from them."""

import json
import unicodedata
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from crypto import envelope
from payload import Contact
from payload.contact import Role
from tests.counts import count
from tests.desk.bundles import Parcel
from tests.desk.conftest import DeskUnderTest
from tests.payload.contacts import contacts, plain_contact
from tests.payload.reports import plain_report


def _import(desk: DeskUnderTest, parcel: Parcel, tmp_path: Path) -> None:
    desk.done("import", parcel.write(tmp_path / "out.tar"))


def test_a_list_names_the_kind_of_each_case(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("a report", received_on=date(2026, 11, 20))
    parcel.add_report(plain_contact(received_on=date(2026, 11, 21)))
    _import(desk, parcel, tmp_path)
    found = desk.json("list")
    assert [(case["kind"], case["received_on"], case["files"], case["state"]) for case in found] == [
        ("report", "2026-11-20", 0, "complete"),
        ("contact", "2026-11-21", 0, "complete"),
    ]
    assert found[1]["begins"] == "How would one tell a made-up invoice?"
    assert found[1]["characters"] == len(found[1]["begins"])
    assert desk.done("list").splitlines()[2].split()[:3] == [found[1]["case"], "2026-11-21", "contact"]


def test_a_shown_contact_is_the_payload_as_sent(desk: DeskUnderTest, tmp_path: Path) -> None:
    contact = plain_contact(message="wörds\n\x1b more \u202e", topic="")
    parcel = desk.parcel()
    parcel.add_report(contact)
    _import(desk, parcel, tmp_path)
    (case,) = desk.json("list")
    shown = desk.json("show", case["case"])
    assert shown["kind"] == "contact"
    assert shown["payload"] == json.loads(contact.to_bytes())
    assert shown["attachments"] == []


def test_a_contact_is_shown_to_people_with_all_that_was_filled_in(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    parcel = desk.parcel()
    reach = "020 7946 0000, in the evening\nor by post"
    parcel.add_report(plain_contact(reach=reach, received_on=date(2026, 11, 21)))
    parcel.add_report(
        plain_contact(draft=b"e" * 16, to=Role.LETTER, topic="", reach="", received_on=date(2026, 11, 22))
    )
    _import(desk, parcel, tmp_path)
    full, bare = (desk.done("show", case["case"]).splitlines() for case in desk.json("list"))
    assert full[1:] == [
        "kind      contact",
        "received  2026-11-21",
        "language  en",
        "state     complete",
        "",
        "to        a subject expert",
        "topic     | Invoices",
        "answer    | 020 7946 0000, in the evening",
        "          | or by post",
        "",
        "  | How would one tell a made-up invoice?",
    ]
    assert bare[6:] == [
        "to        about the letter to an MP",
        "answer    no way to reach the sender",
        "",
        "  | How would one tell a made-up invoice?",
    ]


def test_no_field_of_a_contact_can_act_on_the_terminal_or_pass_for_the_desks_words(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    nasty = "\x1b]0;x\x07 \u202e \x9b2J \r over\ncase      aaaaaaaaaa"
    parcel = desk.parcel()
    parcel.add_report(plain_contact(topic=nasty, message=nasty, reach=nasty))
    _import(desk, parcel, tmp_path)
    name = desk.json("list")[0]["case"]
    for output in (desk.done("list"), desk.done("show", name)):
        assert all(
            char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} for char in output
        )
    lines = desk.done("show", name).splitlines()
    assert lines.count(f"case      {name}") == 1
    assert "case      aaaaaaaaaa" not in lines


def test_two_sends_of_one_draft_are_one_case(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add_report(plain_contact())
    parcel.add_report(plain_contact())
    parcel.add_report(plain_contact(reach="another number", received_on=date(2026, 11, 23)))
    parcel.add_report(plain_contact(draft=b"o" * 16))
    _import(desk, parcel, tmp_path)
    found = desk.json("list")
    assert sorted(case["sent"] for case in found) == [1, 3]
    (case,) = (case for case in found if case["sent"] == 3)
    assert (case["kind"], case["received_on"]) == ("contact", "2026-11-22")
    read = desk.done("show", case["case"])
    assert "sent      3 times" in read
    assert read.count("answer    | another number\n") == 1
    assert read.count("answer    | 020 7946 0000, in the evening\n") == 1


def test_a_contact_came_without_files(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add_report(plain_contact())
    _import(desk, parcel, tmp_path)
    name = desk.json("list")[0]["case"]
    assert desk.done("files", name, "--out", tmp_path / "out") == f"case {name} came without files\n"
    assert desk.json("files", name, "--out", tmp_path / "out") == []


@settings(max_examples=count(8, 100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contact=contacts)
def test_any_contact_is_shown_as_it_was_sent(desk: DeskUnderTest, tmp_path: Path, contact: Contact) -> None:
    for old in (desk.home / "casebook").rglob("*/*"):
        old.unlink()
    parcel = desk.parcel()
    parcel.add_report(contact)
    _import(desk, parcel, tmp_path)
    (case,) = desk.json("list")
    assert desk.json("show", case["case"])["payload"] == json.loads(contact.to_bytes())
    desk.done("show", case["case"])


def test_sealed_a_contact_looks_as_a_report_does(desk: DeskUnderTest) -> None:
    parcel = desk.parcel()
    parcel.add_report(plain_contact(message="x" * 500))
    parcel.add_report(plain_report(what_happened="x" * 500, files=()))
    one, other = parcel.members.values()
    assert len(one) == len(other)
    assert envelope.header(one) == envelope.header(other)
    assert one[:13] == other[:13]
