"""Practice reports: filed once, as a server sends them, about places and numbers that cannot exist."""

import io
import re
from datetime import date
from pathlib import Path

import av
import pytest
from PIL import Image

from crypto.mailbox import Mailbox as Box
from crypto.returncode import read_words, root
from desk import cli
from desk.practice.making import MAKERS, made
from desk.practice.sends import REPORTS, plan, planned
from payload import AttachedFile, Contact, FollowUp, Payload, Report
from payload.outline import Part
from tests.desk.bundles import today
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, answered, exported, read_in

DAY = date(2026, 11, 23)


def every_send() -> list[Payload]:
    return [one.made(DAY, lambda file, _day: _file(file["name"])) for one in planned()]


def _file(name: str) -> AttachedFile:
    return AttachedFile(name.encode()[:16].ljust(16), bytes(32), name, "x/y", 1, bytes(32), bytes(32))


def test_thirty_reports_are_filed_and_run_again_nothing_is(desk: DeskUnderTest) -> None:
    filed = desk.json("practice")
    assert filed["already"] == 0
    cases = desk.json("list")
    assert len([case for case in cases if case["kind"] == "report"]) >= 30
    assert len([case for case in cases if case["kind"] == "contact"]) == 3
    assert {case["state"] for case in cases} == {"complete"}
    assert desk.json("practice") == filed | {"new": 0, "already": filed["new"]}
    assert desk.json("list") == cases


def test_the_counts_that_are_told_are_those_of_what_is_filed(desk: DeskUnderTest) -> None:
    counted = plan()
    assert (counted.reports, counted.again, counted.follow_ups, counted.messages) == (32, 1, 5, 3)
    said = desk.done("practice")
    assert f"{counted.sends} practice sends filed" in said
    assert "in all: 32 reports, 1 of them sent twice, 5 follow-ups and 3 messages" in said
    told = "32 invented reports, one of them sent twice, 5 follow-ups and 3 messages"
    for document in ("README.md", "docs/desk.md", "docs/desk-commands.md"):
        assert told in Path(document).read_text()


def test_what_is_missing_alone_is_filed_again(desk: DeskUnderTest) -> None:
    filed = desk.json("practice")
    lost = sorted((desk.home / "casebook" / "env").iterdir())[:3]
    for path in lost:
        path.unlink()
    again = desk.json("practice")
    assert (again["new"], again["already"]) == (len(lost), filed["new"] - len(lost))


def test_what_came_twice_is_one_case_and_follow_ups_join_theirs(desk: DeskUnderTest) -> None:
    desk.json("practice")
    cases = desk.json("list")
    assert [case["sent"] for case in cases if case["mailboxes"] == 2] == [2]
    assert sum(case["follow_ups"] for case in cases) == 5


def test_a_desk_with_real_keys_is_left_alone(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    from crypto.teamkeys import TeamKeys

    monkeypatch.setattr(TeamKeys, "practice", property(lambda _: False))
    answer = desk.run("practice")
    assert answer.status == 1
    assert "no practice keys" in answer.err
    assert "init --practice" in answer.err
    assert not list((desk.home / "casebook").rglob("*"))


def test_a_passphrase_that_was_changed_is_asked_for(
    desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk import passphrase

    monkeypatch.setattr(passphrase, "PRACTICE", "not this one any more")
    assert desk.json("practice")["new"]


def test_another_teams_list_is_noticed(desk: DeskUnderTest, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert cli.main(["--home", str(other), "init", "--practice"]) == 0
    (desk.home / "team.keys").write_bytes((other / "team.keys").read_bytes())
    assert desk.run("practice").status == 1
    assert not list((desk.home / "casebook").rglob("*"))


def test_what_the_server_said_last_stays_known(desk: DeskUnderTest) -> None:
    from desk.server import read_server

    parcel = desk.parcel()
    parcel.seqs[parcel.team.desks[0].sign_public] = 1
    parcel.add()
    desk.run("import", parcel.write(desk.home / "in.tar"))
    before = read_server(desk.home)
    desk.json("practice")
    after = read_server(desk.home)
    assert before is not None
    assert after is not None
    assert after.seqs == before.seqs


def test_an_answer_opens_with_the_words_that_are_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    filed = desk.json("practice")
    assert filed["case"] in desk.done("practice")
    source = Source(Box(root(read_words(" ".join(filed["words"])))))
    answered(desk, tmp_path, filed["case"], "We are there.")
    replies = read_in(source, desk, exported(desk, tmp_path))
    assert [reply.text for _, reply in replies] == ["We are there."]


def test_every_way_of_consent_and_both_kinds_of_urgent_are_there() -> None:
    reports = [one for one in every_send() if isinstance(one, Report)]
    consents = [entry for one in reports for entry in one.answers.entries("consent")]
    assert {entry.get("to") for entry in consents} == {"any", "some", "none"}
    assert {entry.get("safe") for entry in consents} == {"yes", "no", "unknown"}
    may = {choice for entry in consents for choice in entry.get("may", ())}
    assert may == {"keep", "investigate", "pass_without", "pass_with"}
    assert any(entry.get("now") == "yes" for one in reports for entry in one.answers.entries("danger"))
    assert any("child" in entry.get("kinds", ()) for one in reports for entry in one.answers.entries("what"))
    assert any(list(one.answers.texts(Part.SOURCE)) for one in reports)


# ---- nothing in it can exist


def texts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.toml")))


def test_telephone_numbers_are_those_kept_free_for_drama() -> None:
    found = re.findall(r"(?<![\w.])(?:\+44|0[1-9])[\d ]{8,13}\d(?!\w)", texts())
    assert len(found) > 20
    free = re.compile(r"(?:\+44|0)(?:7700900\d{3}|1134960\d{3}|2079460\d{3}|3069990\d{3})")
    assert [number for number in found if not free.fullmatch(number.replace(" ", ""))] == []


def test_plates_have_letters_that_are_never_issued() -> None:
    found = re.findall(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b", texts())
    assert len(set(found)) >= 5
    # The first two letters are never I, Q or Z, the last three never I or Q.
    assert [plate for plate in found if not re.search(r"^[A-Z]?[IQZ]|[IQ][A-Z]?[A-Z]?$", plate)] == []


def test_postcodes_are_of_areas_that_are_none() -> None:
    found = re.findall(r"\b([A-Z]{1,2})\d{1,2} ?\d[A-Z]{2}\b", texts())
    assert set(found) == {"AM", "KH", "SB"}


def test_addresses_on_the_web_are_those_kept_for_examples() -> None:
    found = re.findall(r"[\w-]+\.(?:com|org|net|uk|info|example)\b(?:\.\w+)?", texts())
    assert found
    assert [name for name in found if not name.endswith(".example") and name != "example.org"] == []


# ---- files


@pytest.mark.parametrize("what", sorted(MAKERS))
def test_a_file_is_made_and_is_small(what: str) -> None:
    assert 100 < len(made(what, DAY)) < 200_000


def test_every_file_that_a_report_names_is_made_and_every_one_made_is_named() -> None:
    named = set(re.findall(r'make = "(\w+)"', texts()))
    assert {name for name in named if name in MAKERS} == set(MAKERS)


@pytest.mark.parametrize("what", ["car", "car_wash", "door", "caravans"])
def test_a_photograph_says_where_it_was_taken_in_the_middle_of_the_sea(what: str) -> None:
    place = Image.open(io.BytesIO(made(what, DAY))).getexif().get_ifd(0x8825)
    assert (place[1], place[2], place[3], place[4]) == ("N", (56, 0, 0), "E", (3, 0, 0))


def test_the_voice_note_sounds_and_the_film_moves() -> None:
    with av.open(io.BytesIO(made("voice", DAY))) as voice:
        assert sum(frame.samples for frame in voice.decode(audio=0)) > 100_000
    with av.open(io.BytesIO(made("film", DAY))) as film:
        assert film.metadata["location"].startswith("+56")
        assert len(list(film.decode(video=0))) == 30


def test_each_send_has_another_draft_but_the_one_that_came_twice() -> None:
    drafts = [one.draft for one in planned()]
    assert len(drafts) - len(set(drafts)) == 1
    sends = every_send()
    assert {type(one) for one in sends} == {Report, FollowUp, Contact}
    assert all(one.received_on < today() for one in sends)
