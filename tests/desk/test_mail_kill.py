"""Killed at any step, a reply is written whole or not at all, and a bundle is there whole or not at all."""

import shutil
from pathlib import Path

import pytest

from desk.home import Home
from desk.outbox import Outbox
from tests.counts import count
from tests.desk.conftest import DeskUnderTest
from tests.desk.killing import killed_at, steps_of
from tests.desk.mail import (
    Source,
    answered,
    carried,
    everything,
    exported,
    file_of,
    read_in,
    slots_of,
    took_in,
    wrote,
)

pytestmark = pytest.mark.slow

DRAFT = b"d" * 16


class Desks:
    """A desk that is put back as it was before each step."""

    def __init__(self, desk: DeskUnderTest, tmp_path: Path) -> None:
        self.desk, self.template = desk, tmp_path / "template"
        shutil.copytree(desk.home, self.template)

    def again(self) -> None:
        """Put it back."""
        shutil.rmtree(self.desk.home)
        shutil.copytree(self.template, self.desk.home)


def _chosen(steps: int, small: int) -> list[int]:
    """Give steps to be killed at: the last ones, where it counts, and some before."""
    every = max(1, steps // count(small, steps))
    return sorted({*range(0, steps, every), *range(steps - 3, steps)})


def test_a_killed_reply_goes_to_every_mailbox_or_to_none(desk: DeskUnderTest, tmp_path: Path) -> None:
    one, two = Source(), Source()
    case = took_in(desk, tmp_path, one.report(DRAFT), two.report(DRAFT))
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    command = ["reply", case, "--text-file", wrote(tmp_path, "unmistakable"), "--file", file]
    desks = Desks(desk, tmp_path)
    steps = steps_of(desk, *command)
    whole = none = 0
    for step in _chosen(steps, 7):
        desks.again()
        assert killed_at(desk, step, *command)
        bundle = exported(desk, tmp_path, f"{step}.tar")
        got = [
            (reply.text, file_of(reply, bundle))
            for source in (one, two)
            for _, reply in read_in(source, desk, bundle)
        ]
        assert got in ([], [("unmistakable", b"the file")] * 2), step
        # What is shown as written is what went, and of what did not go nothing is left.
        assert len(desk.json("show", case)["replies"]) == len(got) // 2, step
        assert len(list((desk.home / "outbox").iterdir())) == 2 * len(got), step
        assert not [name for name, data in everything(desk.home).items() if b"unmistakable" in data]
        whole, none = whole + bool(got), none + (not got)
    assert whole
    assert none


def test_a_killed_export_leaves_a_whole_bundle_or_none_and_its_number_is_not_used_again(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    source = Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    case = took_in(desk, tmp_path, source.report(DRAFT))
    answered(desk, tmp_path, case, "Hello", "--file", file)
    desks = Desks(desk, tmp_path)
    steps = steps_of(desk, "export", tmp_path / "whole.tar")
    seen = set()
    for step in _chosen(steps, 6):
        desks.again()
        out = tmp_path / f"{step}.tar"
        assert killed_at(desk, step, "export", out)
        seen.add(out.exists())
        before = carried(desk, out) if out.exists() else None
        after = exported(desk, tmp_path, f"{step}-after.tar")
        assert [reply.text for _, reply in read_in(source, desk, after)] == ["Hello"]
        if before is not None:
            assert before.members == after.members
            assert before.seq < after.seq
        assert after.seq == Outbox(Home(desk.home)).state().seq
    assert seen == {True, False}


def test_a_killed_export_moves_a_refused_reply_once(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "Hello", "--file", file)
    bundle = exported(desk, tmp_path)
    parcel.seqs[bundle.desk], parcel.refused[bundle.desk] = bundle.seq, tuple(slots_of(source, bundle))
    took_in(desk, tmp_path, parcel=parcel)
    desks = Desks(desk, tmp_path)
    steps = steps_of(desk, "export", tmp_path / "whole.tar")
    for step in _chosen(steps, 6):
        desks.again()
        assert killed_at(desk, step, "export", tmp_path / f"{step}.tar")
        after = exported(desk, tmp_path, f"{step}-after.tar")
        ((_, reply),) = read_in(source, desk, after)
        assert file_of(reply, after) == b"the file"
        assert set(after.replies()).isdisjoint(parcel.refused[bundle.desk])
        assert len(desk.json("show", case)["replies"]) == 1


def test_a_killed_import_forgets_no_reply_that_is_not_there(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "there")
    bundle = exported(desk, tmp_path)
    answered(desk, tmp_path, case, "not there yet")
    parcel.seqs[bundle.desk] = bundle.seq
    file = parcel.write(tmp_path / "later.tar")
    desks = Desks(desk, tmp_path)
    steps = steps_of(desk, "import", file)
    for step in _chosen(steps, 6):
        desks.again()
        assert killed_at(desk, step, "import", file)
        texts = {reply.text for _, reply in read_in(source, desk, exported(desk, tmp_path, f"{step}.tar"))}
        assert texts in ({"not there yet"}, {"there", "not there yet"}), step
        desk.done("import", file)
        assert sorted(
            (one["text"], one["delivered"], one["exported"]) for one in desk.json("show", case)["replies"]
        ) == [("not there yet", 0, 1), ("there", 1, 0)]


def test_a_killed_withdrawal_takes_all_of_a_reply_back_or_nothing(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    one, two = Source(), Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    case = took_in(desk, tmp_path, one.report(DRAFT), two.report(DRAFT))
    answered(desk, tmp_path, case, "Hello", "--file", file)
    desks = Desks(desk, tmp_path)
    command = ["reply", case, "--withdraw"]
    seen = set()
    for step in _chosen(steps_of(desk, *command), 6):
        desks.again()
        assert killed_at(desk, step, *command)
        bundle = exported(desk, tmp_path, f"{step}.tar")
        got = [file_of(reply, bundle) for one_of in (one, two) for _, reply in read_in(one_of, desk, bundle)]
        assert got in ([], [b"the file"] * 2), step
        assert len(bundle.members) == 2 * len(got), step
        (shown,) = desk.json("show", case)["replies"]
        assert (shown["exported"], shown["withdrawn"]) == ((2, 0) if got else (0, 2)), step
        seen.add(bool(got))
    assert seen == {True, False}
