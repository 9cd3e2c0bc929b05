"""Nobody signs what a server says: a forged bundle uses up no number, and delivers nothing that is here."""

from pathlib import Path

import pytest

from crypto.manifest import MAX_SEQ
from desk.home import Home
from desk.mail.exporting import MOST_AHEAD
from desk.outbox import Outbox
from tests.desk.bundles import Parcel
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, answered, exported, read_in, took_in

DRAFT = b"d" * 16


def _forged(desk: DeskUnderTest, seq: int) -> Parcel:
    """Give a bundle by which the server took one of this desk of that number."""
    parcel = desk.parcel()
    parcel.seqs[parcel.team.desks[0].sign_public] = seq
    return parcel


@pytest.mark.parametrize("seq", [2, MOST_AHEAD + 2, MAX_SEQ])
def test_a_number_that_was_never_made_delivers_nothing(desk: DeskUnderTest, tmp_path: Path, seq: int) -> None:
    source = Source()
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "Hello")
    assert exported(desk, tmp_path, "first.tar").seq == 1
    told = desk.done("import", _forged(desk, seq).write(tmp_path / "forged.tar"))
    assert f"the server took bundle {seq} of this desk, which has made 1 only" in told
    assert desk.json("show", case)["replies"][0]["exported"] == 1
    bundle = exported(desk, tmp_path, "second.tar")
    assert [reply.text for _, reply in read_in(source, desk, bundle)] == ["Hello"]
    assert bundle.seq == (3 if seq == 2 else 2)
    # A true one is no older one, and delivers.
    parcel.seqs[bundle.desk] = bundle.seq
    told = desk.done("import", parcel.write(tmp_path / "true.tar"))
    assert "older" not in told
    assert "1 reply has arrived" in told
    assert exported(desk, tmp_path, "third.tar").seq == bundle.seq + 1


def test_without_its_memory_the_desk_counts_on_but_takes_no_leap(desk: DeskUnderTest, tmp_path: Path) -> None:
    for number, (said, expected) in enumerate([(MAX_SEQ, 1), (MOST_AHEAD, MOST_AHEAD + 1)]):
        (desk.home / "state.json").unlink(missing_ok=True)
        desk.done("import", _forged(desk, said).write(tmp_path / "forged.tar"))
        assert exported(desk, tmp_path, f"{number}.tar").seq == expected


def test_a_desk_put_back_from_a_copy_counts_on(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "Hello")
    first = exported(desk, tmp_path, "first.tar")
    # Since the copy was made it has exported 40 times, and the server took all.
    parcel.seqs[first.desk] = 41
    took_in(desk, tmp_path, parcel=parcel)
    bundle = exported(desk, tmp_path, "next.tar")
    assert bundle.seq == 42
    parcel.seqs[first.desk] = 42
    took_in(desk, tmp_path, parcel=parcel)
    assert desk.json("show", case)["replies"][0]["delivered"] == 1


def test_numbers_that_are_used_up_are_told_before_anything_is_changed(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    took_in(desk, tmp_path, Source().report(DRAFT))
    exported(desk, tmp_path, "first.tar")
    state = desk.home / "state.json"
    state.write_text(state.read_text().replace('"seq": 1', f'"seq": {MAX_SEQ}'))
    before = state.read_bytes()
    answer = desk.run("export", tmp_path / "next.tar")
    assert (answer.status, "this desk can export no more" in answer.err) == (1, True)
    assert state.read_bytes() == before
    state.write_text(state.read_text().replace(str(MAX_SEQ), str(MAX_SEQ + 2)))
    answer = desk.run("export", tmp_path / "next.tar")
    assert (answer.status, "state.json is damaged" in answer.err) == (1, True)


def test_what_the_server_refused_of_another_desk_is_not_ours(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "Hello")
    bundle = exported(desk, tmp_path, "first.tar")
    parcel.seqs[bundle.desk] = 1
    parcel.refused[b"\1" * 32] = tuple(bundle.replies())
    took_in(desk, tmp_path, parcel=parcel)
    assert desk.json("show", case)["replies"][0]["delivered"] == 1
    assert Outbox(Home(desk.home)).state().copies == {}
