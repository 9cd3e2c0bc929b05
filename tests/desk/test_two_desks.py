"""Two desks of one team: each answers in places of its own, counts its own bundles, and reads all notes."""

import shutil
from pathlib import Path

import pytest

from crypto import identity, keyfile
from crypto.epoch import Epoch
from crypto.keyfile import PRACTICE, DeskKeys
from desk.home import Home
from desk.keys import notes
from desk.keys.notes import Notes
from tests.desk.bundles import today
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, answered, exported, read_in, slots_of, took_in

DRAFT = b"d" * 16


@pytest.fixture
def second(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """Give another desk of the same team; both have the list with both."""
    keys = DeskKeys.make("second", Epoch.of(today()))
    signer = identity.unlocked((desk.home / "identity.key").read_bytes(), "practice")
    mine = keyfile.unlocked((desk.home / "desk.keys").read_bytes(), "practice")
    listed = signer.team_keys((mine.public(), keys.public()), version=2, practice=True)
    other = DeskUnderTest(tmp_path / "second", desk.capsys)
    other.home.mkdir()
    (other.home / "desk.keys").write_bytes(keyfile.locked(keys, "practice", PRACTICE))
    for one in (desk, other):
        (one.home / "team.keys").write_bytes(listed)
    notes.write(Home(other.home), keys, Notes((signer.public,)))
    return other


def test_both_answer_one_mailbox_in_places_of_their_own(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    source = Source()
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    assert took_in(second, tmp_path, parcel=parcel) == case
    answered(desk, tmp_path, case, "from the first")
    answered(second, tmp_path, case, "from the second")
    one, two = exported(desk, tmp_path, "one.tar"), exported(second, tmp_path, "two.tar")
    assert (one.seq, two.seq) == (1, 1)
    assert one.desk != two.desk
    assert set(slots_of(source, one)).isdisjoint(slots_of(source, two))
    assert [(by.desk, reply.text) for by, reply in read_in(source, desk, one)] == [
        ("practice", "from the first")
    ]
    assert [(by.desk, reply.text) for by, reply in read_in(source, desk, two)] == [
        ("second", "from the second")
    ]
    assert one.collected == two.collected != []


def test_one_desks_delivery_says_nothing_of_the_others(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    took_in(second, tmp_path, parcel=parcel)
    for one in (desk, second):
        answered(one, tmp_path, case)
    bundle = exported(desk, tmp_path, "one.tar")
    exported(second, tmp_path, "two.tar")
    parcel.seqs[bundle.desk] = bundle.seq
    for one in (desk, second):
        took_in(one, tmp_path, parcel=parcel)
    assert desk.json("show", case)["replies"][0]["delivered"] == 1
    assert second.json("show", case)["replies"][0]["exported"] == 1


def test_a_merged_casebook_shows_what_the_other_desk_answered(
    desk: DeskUnderTest, second: DeskUnderTest, tmp_path: Path
) -> None:
    source = Source()
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    took_in(second, tmp_path, parcel=parcel)
    answered(second, tmp_path, case, "from the second")
    shutil.copytree(second.home / "casebook", desk.home / "casebook", dirs_exist_ok=True)
    (reply,) = desk.json("show", case)["replies"]
    assert (reply["desk"], reply["text"], reply["unknown"]) == ("second", "from the second", 1)
    assert "another desk wrote it" in desk.done("show", case)
    # And what is on its way from there is not sent from here.
    assert exported(desk, tmp_path).replies() == {}
