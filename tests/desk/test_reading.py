"""List, show and keys: what was sent is what staff read, and nothing else happens to the terminal."""

import json
import random
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from crypto import keyfile
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.keyfile import PRACTICE, DeskKeys
from crypto.seal import sealed
from payload import Report
from tests.counts import count
from tests.desk.bundles import Parcel, today
from tests.desk.conftest import DeskUnderTest
from tests.payload.letters import plain_reply, plain_sent_reply
from tests.payload.reports import plain_report, reports


def _import(desk: DeskUnderTest, parcel: Parcel, tmp_path: Path) -> None:
    desk.done("import", parcel.write(tmp_path / "out.tar"))


def test_a_list_has_what_the_contract_names(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("later", received_on=date(2026, 11, 22))
    parcel.add("earlier", [("a.txt", b"hello")], received_on=date(2026, 11, 20))
    _import(desk, parcel, tmp_path)
    found = desk.json("list")
    assert [(case["kind"], case["received_on"], case["files"], case["size"]) for case in found] == [
        ("report", "2026-11-20", 1, 5),
        ("report", "2026-11-22", 0, 0),
    ]
    assert all(len(case["case"]) == 10 and case["case"].isalnum() for case in found)
    shown = desk.done("list").splitlines()
    assert shown[0].split() == ["case", "received", "kind", "mark", "files", "begins"]
    assert shown[1].startswith(found[0]["case"])
    assert shown[1].endswith("earlier")


def test_an_empty_casebook_is_an_empty_list(desk: DeskUnderTest) -> None:
    assert desk.json("list") == []
    assert desk.done("list") == "no cases yet: import a bundle\n"


def test_a_shown_case_is_the_payload_as_sent_less_the_keys(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    report = parcel.add("wörds\r\nand\x1b more \u202e", [("à.txt", b"hello"), ("à.txt", b"")])
    _import(desk, parcel, tmp_path)
    (case,) = desk.json("list")
    shown = desk.json("show", case["case"])
    expected = json.loads(report.to_bytes())
    for file in expected["files"]:
        del file["key"]
    assert shown["payload"] == expected
    assert (shown["case"], shown["kind"], shown["state"]) == (case["case"], "report", "complete")
    assert [(file["name"], file["size"], file["here"]) for file in shown["attachments"]] == [
        ("à.txt", 5, True),
        ("à.txt", 0, True),
    ]
    assert report.files[0].key.hex() not in desk.done("show", case["case"], "--json")


def test_what_is_shown_cannot_act_on_the_terminal(desk: DeskUnderTest, tmp_path: Path) -> None:
    nasty = "\x1b]0;x\x07 \u202e \x9b2J \r over\ncase      aaaaaaaaaa"
    parcel = desk.parcel()
    parcel.add(nasty, [(f"{nasty}.jpg", b"x")])
    _import(desk, parcel, tmp_path)
    name = desk.json("list")[0]["case"]
    for output in (desk.done("list"), desk.done("show", name), desk.run("show", nasty).err):
        assert all(
            char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} for char in output
        )
    lines = desk.done("show", name).splitlines()
    assert lines.count(f"case      {name}") == 1
    assert "  | case      aaaaaaaaaa" in lines
    assert "case      aaaaaaaaaa" not in lines


@settings(max_examples=count(8, 100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(report=reports)
def test_any_report_is_shown_as_it_was_sent(desk: DeskUnderTest, tmp_path: Path, report: Report) -> None:
    for old in (desk.home / "casebook").rglob("*/*"):
        old.unlink()
    parcel = desk.parcel()
    parcel.add_report(report)
    _import(desk, parcel, tmp_path)
    (case,) = desk.json("list")
    assert case["state"] == ("attachments missing" if report.files else "complete")
    sent = desk.json("show", case["case"])["payload"]
    assert sent["report"]["what_happened"] == report.what_happened
    assert [file["name"] for file in sent["files"]] == [file.name for file in report.files]
    desk.done("show", case["case"])


def test_two_sends_of_one_draft_are_one_case(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    first = parcel.add("the first words", [("a.txt", b"a")], received_on=date(2026, 11, 20))
    again = Report(first.draft, date(2026, 11, 21), "en", "the first words and more", first.files)
    parcel.add_report(again)
    parcel.add_report(again)
    parcel.add("another source")
    _import(desk, parcel, tmp_path)
    found = desk.json("list")
    assert (found[0]["sent"], found[0]["received_on"], found[0]["files"]) == (3, "2026-11-20", 1)
    assert len(found) == 2
    shown = desk.json("show", found[0]["case"])
    assert shown["payload"]["report"]["what_happened"] == "the first words and more"
    assert [send["payload"]["received_on"] for send in shown["sends"]] == ["2026-11-21"] * 2 + ["2026-11-20"]
    read = desk.done("show", found[0]["case"])
    assert read.count("  | the first words and more\n") == 1
    assert read.count("  | the first words\n") == 1


def test_a_case_is_named_by_its_first_letters(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    for number in range(40):
        parcel.add(f"report {number}")
    _import(desk, parcel, tmp_path)
    found = desk.json("list")
    assert desk.json("show", found[3]["case"][:9].upper())["case"] == found[3]["case"]
    letters = [case["case"][0] for case in found]
    twice = next(letter for letter in letters if letters.count(letter) > 1)
    answer = desk.run("show", twice)
    assert answer.status == 1
    assert f"cases begin with {twice}" in answer.err
    assert "desk: hint: write more letters" in answer.err
    for wrong in ("1", "", "\x1b"):
        answer = desk.run("show", wrong)
        assert (answer.status, answer.out) == (1, "")
        assert "no case begins with" in answer.err


def test_case_names_are_the_same_at_every_desk(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add_report(plain_report(draft=b"d" * 16, files=()))
    _import(desk, parcel, tmp_path)
    assert desk.json("list")[0]["case"] == "ysm66bjzvv"


def test_a_case_whose_attachments_are_missing_says_so(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("one", [("here.txt", b"a"), ("gone.txt", b"b" * 100)])
    gone = parcel.members.keys() - {next(name for name in parcel.members if name.startswith("blob/"))}
    whole = dict(parcel.members)
    parcel.members = {name: data for name, data in whole.items() if name in gone}
    _import(desk, parcel, tmp_path)
    (case,) = desk.json("list")
    assert (case["state"], case["missing"]) == ("attachments missing", 1)
    assert "MISSING: not in any bundle" in desk.done("show", case["case"])
    assert [file["here"] for file in desk.json("show", case["case"])["attachments"]] == [False, True]
    parcel.members = whole
    _import(desk, parcel, tmp_path)
    assert desk.json("list")[0]["state"] == "complete"


def _newer(body: bytes, **changed: object) -> bytes:
    return json.dumps({**json.loads(body), **changed}).encode()


def test_what_cannot_be_read_is_listed_as_such(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    body = plain_report().to_bytes()
    good = parcel.add("a good one")
    envelope = parcel.members[next(iter(parcel.members))]
    wrong_tail = envelope[:-1] + bytes([envelope[-1] ^ 1])
    later_kind = envelope[:7] + b"\x09" + envelope[8:]
    states = {
        parcel.add_body(_newer(body, schema=4, more=[1])): ("newer version", "newer than 3"),
        parcel.add_body(_newer(body, schema=1, kind="contact")): ("damaged", "contact: is missing"),
        parcel.add_body(_newer(body, kind="answer")): ("newer version", "a kind that this version"),
        parcel.add_body(plain_reply().to_bytes()): ("damaged", "does not belong into such an envelope"),
        parcel.add_body(plain_sent_reply().to_bytes()): ("damaged", "does not belong into such an envelope"),
        parcel.add_body(b"{"): ("damaged", "not JSON"),
        parcel.add_envelope(wrong_tail): ("damaged", "a chunk does not authenticate"),
        parcel.add_envelope(later_kind): ("newer version", "unknown kind"),
        parcel.add_envelope(envelope[:6] + b"\x02" + envelope[7:]): ("newer version", "unknown version"),
        parcel.add_envelope(b""): ("damaged", "truncated"),
        parcel.add_envelope(b"not an envelope at all"): ("damaged", "not an envelope"),
        parcel.add_envelope(_to_a_stranger(parcel.epoch, body)): ("no key", "sealed to other desks"),
        parcel.add_envelope(_to_a_stranger(Epoch(202001), body)): ("no key", "no key for 202001 here"),
    }
    _import(desk, parcel, tmp_path)
    found = desk.json("list")
    assert len(found) == len(states) + 1
    assert found[0]["state"] == "complete"
    assert found[0]["received_on"] == good.received_on.isoformat()
    seen = {}
    for case in found[1:]:
        shown = desk.json("show", case["case"])
        seen[shown["sends"][0]["envelope"]] = (case["state"], case["why"])
        assert "is not shown: " + case["state"] in desk.done("show", case["case"])
    assert seen.keys() == states.keys()
    for digest, (state, why) in states.items():
        assert seen[digest][0] == state
        assert why in seen[digest][1]
    answer = desk.run("list")
    assert answer.status == 0
    assert "13 envelopes did not open" in answer.err


def test_no_key_of_a_newer_version_is_shown_wherever_it_stands(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    deep = {"key": "secret"}
    for _ in range(300):
        deep = {"key": ["secret"], "inside": [deep, 1], "keys": "stays"}
    parcel.add_body(_newer(plain_report().to_bytes(), schema=4, parts=deep, key={"a": "secret"}))
    _import(desk, parcel, tmp_path)
    (case,) = desk.json("list")
    shown = desk.done("show", case["case"], "--json")
    assert "secret" not in shown
    assert '"key"' not in shown
    assert shown.count("stays") == 600


def _to_a_stranger(epoch: Epoch, body: bytes) -> bytes:
    stranger = DeskKeys.make("stranger", epoch, 1).public()
    return sealed(Kind.INCOMING, epoch, [stranger.epochs[epoch]], body)


def test_mutated_envelopes_crash_nothing(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("a good one")
    (envelope,) = parcel.members.values()
    dice = random.Random(11)
    for _ in range(count(60, 3000)):
        bad = bytearray(envelope)
        at = dice.randrange(len(bad))
        bad[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
        parcel.add_envelope(bytes(bad))
    _import(desk, parcel, tmp_path)
    found = desk.json("list")
    assert len(found) == len(parcel.members)
    assert [case["state"] for case in found].count("complete") == 1


def test_destroyed_keys_are_told_by_month(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("one")
    _import(desk, parcel, tmp_path)
    file = desk.home / "desk.keys"
    keys = keyfile.unlocked(file.read_bytes(), "practice")
    file.write_bytes(keyfile.locked(keys.without([parcel.epoch]), "practice", PRACTICE))
    (case,) = desk.json("list")
    assert (case["state"], case["received_on"], case["kind"]) == ("no key", None, "unknown")
    told = desk.json("keys")
    assert str(parcel.epoch) in told["listed"]
    assert str(parcel.epoch) not in told["held"]
    assert f"not held     {str(parcel.epoch)[:4]}-{str(parcel.epoch)[4:]}" in desk.done("keys")


def test_keys_say_what_is_held(desk: DeskUnderTest) -> None:
    told = desk.json("keys")
    assert (told["practice"], told["version"], told["desk"], told["desks"]) == (
        True,
        1,
        "practice",
        ["practice"],
    )
    assert told["held"] == told["listed"]
    assert len(told["held"]) == 24
    assert told["held"][0] == str(Epoch.of(today()))
    assert [len(group) for group in told["fingerprint"].split()] == [4] * 8
    read = desk.done("keys")
    assert read.startswith("PRACTICE KEYS")
    assert told["fingerprint"] in read
    assert "(24)" in read


def test_many_envelopes_are_opened_by_several_processes(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    for number in range(count(520, 10_000)):
        parcel.add(f"report {number}", received_on=date(2026, 1, 1) + timedelta(number % 300))
    bundle = parcel.write(tmp_path / "out.tar")
    assert desk.process("import", bundle).returncode == 0
    answer = desk.process("list", "--json")
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert {case["begins"] for case in found} == {f"report {number}" for number in range(len(parcel.members))}
    assert found == sorted(found, key=lambda case: (case["received_on"], case["case"]))


@pytest.mark.parametrize("arguments", [["list"], ["show", "a"], ["keys"], ["files", "a", "--out", "x"]])
def test_a_wrong_passphrase_is_told(desk: DeskUnderTest, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "passphrase").write_text("Practice\n")
    answer = desk.run(*arguments)
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith(f"desk: error: the passphrase does not open {desk.home}/desk.keys\n")
    assert "Practice" not in answer.err


@pytest.mark.parametrize("damage", [b"", b"VIGILK\n", b"x" * 300])
def test_a_damaged_key_file_is_told(desk: DeskUnderTest, damage: bytes) -> None:
    (desk.home / "desk.keys").write_bytes(damage)
    answer = desk.run("list")
    assert answer.status == 1
    assert "desk.keys: " in answer.err
    assert "desk: hint: put the copy in its place" in answer.err


def test_a_damaged_list_of_keys_is_told(desk: DeskUnderTest) -> None:
    file = desk.home / "team.keys"
    file.write_bytes(file.read_bytes()[:-9] + b"AAAAAAA=\n")
    answer = desk.run("keys")
    assert answer.status == 1
    assert "team.keys: " in answer.err
