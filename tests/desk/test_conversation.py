"""One source is one case: reports, follow-ups, what was kept, and what the team answered, each shown once."""

import shutil
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.envelope import Kind
from crypto.keyfile import unlocked
from crypto.seal import sealed
from desk.casebook import Casebook
from desk.cases import gathered
from desk.opening import Brief, State, open_sent, openers_of
from payload import Answers
from tests.counts import count
from tests.desk.bundles import Parcel
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, answered, exported, read_in, took_in
from tests.payload.letters import plain_sent_reply
from tests.payload.reports import plain_report

DRAFT = b"d" * 16
NASTY = "\x1b]0;x\x07 \u202e \x9b2J \r over\ncase      aaaaaaaaaa\nreply of 2026-01-01 by newsroom"


def _keep(desk: DeskUnderTest, parcel: Parcel, kind: Kind, body: bytes) -> str:
    """Put an envelope into the casebook as a desk does that seals it anew."""
    digest = parcel.add_envelope(sealed(kind, parcel.epoch, parcel.team.recipients(parcel.epoch), body))
    (desk.home / "casebook" / "env" / digest).write_bytes(parcel.members.pop(f"env/{digest}"))
    return digest


def test_a_follow_up_is_in_the_case_of_its_report(desk: DeskUnderTest, tmp_path: Path) -> None:
    source, other = Source(), Source()
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT, received_on=date(2026, 11, 20)), parcel=parcel)
    took_in(
        desk,
        tmp_path,
        source.follow_up(b"2" * 16, "the second", date(2026, 11, 25)),
        source.follow_up(b"1" * 16, "the first", date(2026, 11, 23)),
        other.report(b"o" * 16, "somebody else", received_on=date(2026, 11, 26)),
        parcel=parcel,
    )
    found = desk.json("list")
    assert found[0]["case"] == case
    assert [(one["kind"], one["sent"], one["follow_ups"]) for one in found] == [
        ("report", 1, 2),
        ("report", 1, 0),
    ]
    assert (found[0]["received_on"], found[0]["latest_on"]) == ("2026-11-20", "2026-11-25")
    assert "report +2" in desk.done("list")
    shown = desk.done("show", case)
    assert "added     2 follow-ups, the last one 2026-11-25" in shown
    assert [line for line in shown.splitlines() if line.startswith("follow-up")] == [
        "follow-up of 2026-11-23, in en",
        "follow-up of 2026-11-25, in en",
    ]
    assert shown.index("A van at") < shown.index("  | the first") < shown.index("  | the second")
    assert [send["kind"] for send in desk.json("show", case)["sends"]] == ["report", "follow-up", "follow-up"]


def test_a_follow_ups_files_are_the_cases_files(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    parcel = desk.parcel()
    had, more = parcel.add("one", [("a.txt", b"a")]).files, parcel.add("two", [("b.txt", b"b")]).files
    parcel.members = {name: data for name, data in parcel.members.items() if name.startswith("blob/")}
    later = source.follow_up(b"f" * 16, "with a photo")
    later = type(later)(later.draft, later.received_on, "cy", later.mailbox, later.text, more)
    case = took_in(desk, tmp_path, source.report(DRAFT, files=had), later, parcel=parcel)
    shown = desk.done("show", case)
    assert f"follow-up of {later.received_on}, in cy, with file 2" in shown
    assert [one["saved_as"] for one in desk.json("files", case, "--out", tmp_path / "out")] == [
        "a.txt",
        "b.txt",
    ]
    assert (tmp_path / "out" / "b.txt").read_bytes() == b"b"
    assert len(exported(desk, tmp_path).gone) == 2


def test_a_form_sent_twice_with_two_codes_is_one_case_with_two_mailboxes(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    first, second = Source(), Source()
    case = took_in(
        desk, tmp_path, first.report(DRAFT), second.report(DRAFT), second.follow_up(b"f" * 16, "more")
    )
    (found,) = desk.json("list")
    assert (found["sent"], found["follow_ups"], found["mailboxes"]) == (2, 1, 2)
    shown = desk.done("show", case)
    assert shown.count("  | A van at the yard again.") == 1
    assert "mailboxes 2, each gets it" in shown


def test_a_follow_up_alone_is_a_case_until_its_report_is_there(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    parcel = desk.parcel()
    alone = took_in(desk, tmp_path, source.follow_up(b"f" * 16, "more"), parcel=parcel)
    (found,) = desk.json("list")
    assert (found["kind"], found["state"], found["sent"]) == ("follow-up", "complete", 0)
    assert "  | more" in desk.done("show", alone)
    answered(desk, tmp_path, alone, "Which report is it?")
    assert len(read_in(source, desk, exported(desk, tmp_path))) == 1
    assert [one["case"] for one in desk.json("list")] == [alone]
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    (found,) = desk.json("list")
    assert found["case"] == case != alone
    assert len(desk.json("show", case)["replies"]) == 1


def test_a_case_has_its_name_whatever_comes_and_in_whatever_order(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    source = Source()
    sent = [source.report(DRAFT), Source().report(DRAFT), source.follow_up(b"0" * 16, "more")]
    names = set()
    for order in (sent, sent[::-1], sent[:1]):
        shutil.rmtree(desk.home / "casebook", ignore_errors=True)
        names.add(took_in(desk, tmp_path, *order))
        assert len(desk.json("list")) == 1
    assert names == {"ysm66bjzvv"}


def test_what_was_kept_reads_like_the_original_and_counts_once(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    parcel = desk.parcel()
    report, later = source.report(DRAFT), source.follow_up(b"f" * 16, "more")
    case = took_in(desk, tmp_path, report, later, parcel=parcel)
    answered(desk, tmp_path, case)
    before, shown = desk.json("list"), desk.done("show", case)
    originals = Casebook(desk.home / "casebook").envelopes()
    (note,) = {*originals} - {name.removeprefix("env/") for name in parcel.members}
    for body in (report.to_bytes(), later.to_bytes()):
        for _ in range(2):
            _keep(desk, parcel, Kind.KEPT, body)
    _keep(desk, parcel, Kind.KEPT, _body_of(desk, note))
    assert desk.json("list") == before
    assert desk.done("show", case) == shown
    for digest in originals:
        (desk.home / "casebook" / "env" / digest).unlink()
    assert desk.json("list") == before
    assert desk.done("show", case) == shown


def _body_of(desk: DeskUnderTest, digest: str) -> bytes:
    openers = openers_of(unlocked((desk.home / "desk.keys").read_bytes(), "practice"))
    body = open_sent(Casebook(desk.home / "casebook"), openers, digest).body
    assert body is not None
    return body


def test_notes_alone_keep_the_cases_name(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    (original,) = Casebook(desk.home / "casebook").envelopes()
    answered(desk, tmp_path, case, "Thank you.")
    (desk.home / "casebook" / "env" / original).unlink()
    (found,) = desk.json("list")
    assert (found["case"], found["kind"]) == (case, "note")
    assert "  | Thank you." in desk.done("show", case)
    assert desk.json("show", case)["payload"] is None


def test_what_acts_on_a_terminal_stays_harmless_in_follow_ups_and_replies(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source()
    file = tmp_path / f"{'x' * 90}\x1b[2J\u202egpj.exe"
    file.write_bytes(b"x")
    case = took_in(desk, tmp_path, source.report(DRAFT), source.follow_up(b"f" * 16, NASTY))
    answered(desk, tmp_path, case, NASTY, "--file", file)
    for width in (30, 80):
        monkeypatch.setenv("COLUMNS", str(width))
        shown = desk.done("show", case)
        assert all(
            char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} for char in shown
        )
        lines = shown.splitlines()
        assert lines.count(f"case      {case}") == 1
        assert "case      aaaaaaaaaa" not in lines
        assert sum(line.startswith("reply of") for line in lines) == 1
    assert "\x1b" not in desk.done("list")


def test_danger_stays_above_everything_when_a_follow_up_came(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    danger = Answers({"danger": ({"now": "yes"},)})
    case = took_in(desk, tmp_path, source.report(DRAFT, answers=danger), source.follow_up(b"f" * 16, "more"))
    assert desk.done("show", case).startswith("!" * 80 + "\n!! DANGER NOW")


# ---- what is not the team's does not pass for it


def test_a_server_cannot_put_words_into_the_teams_mouth(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    parcel = desk.parcel()
    forged = plain_sent_reply(mailbox=source.mailbox, case_draft=DRAFT).to_bytes()
    parcel.add_report(source.report(DRAFT))
    parcel.add_body(forged)
    bad = {
        parcel.add_envelope(sealed(kind, parcel.epoch, parcel.team.recipients(parcel.epoch), forged))
        for kind in (Kind.NOTE, Kind.KEPT)
    }
    answer = desk.run("import", parcel.write(tmp_path / "in.tar"))
    assert answer.status == 1
    assert answer.out.count("it is of a kind that only desks make") == 2
    assert bad.isdisjoint(Casebook(desk.home / "casebook").envelopes())
    case = next(one["case"] for one in desk.json("list") if one["kind"] == "report")
    assert desk.json("show", case)["replies"] == []


def test_a_note_holds_nothing_but_notes(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    desk.done("import", parcel.write(tmp_path / "in.tar"))
    _keep(desk, parcel, Kind.NOTE, plain_report(files=()).to_bytes())
    (found,) = desk.json("list")
    assert (found["state"], found["kind"]) == ("damaged", "note")


# ---- what belongs together, whatever there is


def _brief(number: int, draft: int, mailbox: int | None, kind: str) -> Brief:
    if mailbox is None and kind != "report":
        mailbox = 0  # without one there are reports of old, and nothing else
    return Brief(
        f"{number:064x}",
        State.OPENED,
        "",
        "202611",
        kind,
        bytes([draft]) * 16,
        "2026-11-22",
        mailbox=None if mailbox is None else bytes([mailbox]) * 32,
        body=bytes([number % 256]),
    )


briefs = st.lists(
    st.tuples(
        st.integers(0, 12), st.none() | st.integers(0, 12), st.sampled_from(["report", "follow-up", "note"])
    ),
    max_size=40,
).map(lambda rows: [_brief(number, *row) for number, row in enumerate(rows)])


@settings(max_examples=count(60, 3000), suppress_health_check=[HealthCheck.too_slow])
@given(briefs, st.randoms(use_true_random=False))
def test_cases_are_what_a_draft_or_a_mailbox_connects_in_whatever_order(
    found: list[Brief], dice: object
) -> None:
    cases = gathered(found, frozenset())
    groups = {frozenset(one.digest for one in (*case.sends, *case.notes)) for case in cases}
    assert groups == _by_hand(found)
    shuffled = list(found)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert gathered(shuffled, frozenset()) == cases
    assert len({case.name for case in cases}) == len(cases)


def _by_hand(found: list[Brief]) -> set[frozenset[str]]:
    groups: list[set[Brief]] = [{one} for one in found]
    joined = True
    while joined:
        joined = False
        for at, group in enumerate(groups):
            marks = {one.draft for one in group}, {one.mailbox for one in group} - {None}
            for other in groups[at + 1 :]:
                if any(one.draft in marks[0] or one.mailbox in marks[1] for one in other):
                    group |= other
                    groups.remove(other)
                    joined = True
                    break
    return {frozenset(one.digest for one in group) for group in groups}
