"""What an import refuses: as a whole, without a trace; or one thing, which is told and sent again."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from commands import taking
from crypto import ustar
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.primitives import signing_public
from crypto.teamkeys import TeamKeys, fingerprint
from store import Limits, NoRoom, Store
from tests import inside
from tests.commands.conftest import MONTH, Site, keep
from tests.commands.parcel import Parcel, taken
from tests.commands.test_import import tables

LATER = "hint: nothing is lost: the next export tells the desk, which sends it again"


@dataclass
class Case:
    """A site with a report, and a bundle that would take it away and bring a reply."""

    store: Store
    site: Site
    identity: Identity
    parcel: Parcel
    path: Path


@pytest.fixture
def case(store: Store, site: Site, identity: Identity, desk: DeskKeys, tmp_path: Path) -> Case:
    site.settings.team_keys.write_bytes(site.team_keys.raw)
    envelope, blobs = keep(store, site.team_keys, b"one")
    parcel = Parcel(desk, seq=4)
    parcel.mark([envelope], blobs)
    parcel.reply()
    parcel.blob(b"a file")
    return Case(store, site, identity, parcel, tmp_path / "back")


def untouched(case: Case, runner: FlaskCliRunner, data: bytes) -> list[str]:
    """Import a bundle that must be refused as a whole; give what was told."""
    before, keys = tables(case.store), case.site.settings.team_keys.read_bytes()
    last, refused = case.store.last_imports(), case.store.refused()
    case.path.write_bytes(data)
    said, told = taken(runner, case.path, exit_code=1)
    assert said == []
    assert tables(case.store) == before
    assert case.site.settings.team_keys.read_bytes() == keys
    assert (case.store.last_imports(), case.store.refused()) == (last, refused)
    assert [line.partition(":")[0] for line in told] == ["error", "hint"]
    return told


def unsigned(case: Case) -> bytes:
    data = case.parcel.data()
    place = data.index(b"signature\0")
    return data[:place] + data[place + 1024 :]


def signed_by_a_stranger(case: Case) -> bytes:
    case.parcel.desk = DeskKeys.make("practice", MONTH, 1)
    return case.parcel.data()


def another_signature(case: Case) -> bytes:
    data, other = case.parcel.data(), Parcel(case.parcel.desk, seq=5).data()
    place, there = data.index(b"signature\0") + 512, other.index(b"signature\0") + 512
    return data[:place] + other[there : there + 64] + data[place + 64 :]


def changed_after_signing(case: Case) -> bytes:
    data = case.parcel.data()
    place = data.index(b'"seq":4')
    return data[: place + 6] + b"5" + data[place + 7 :]


def out_of_sequence(case: Case) -> bytes:
    case.store.note_import(signing_public(case.parcel.desk.sign.reveal()), 5, bytes(32))
    return case.parcel.data()


def the_same_number_again(case: Case) -> bytes:
    case.store.note_import(signing_public(case.parcel.desk.sign.reveal()), 4, bytes(32))
    return case.parcel.data()


def expired(case: Case) -> bytes:
    case.parcel.not_after = case.site.day - timedelta(days=1)
    return case.parcel.data()


def of_a_removed_desk(case: Case) -> bytes:
    desks = (DeskKeys.make("who is left", MONTH).public(),)
    case.site.team_keys = TeamKeys.read(case.identity.team_keys(desks, version=8, practice=True))
    return case.parcel.data()


def of_a_desk_that_its_own_list_removes(case: Case) -> bytes:
    desks = (DeskKeys.make("who is left", MONTH).public(),)
    case.parcel.keys(case.identity.team_keys(desks, version=8, practice=True))
    return case.parcel.data()


def with_another_teams_list(case: Case) -> bytes:
    case.parcel.keys(Identity.new().team_keys((case.parcel.desk.public(),), version=8, practice=True))
    return case.parcel.data()


def with_real_keys_for_practice(case: Case) -> bytes:
    case.parcel.keys(case.identity.team_keys((case.parcel.desk.public(),), version=8, practice=False))
    return case.parcel.data()


def with_practice_keys_for_real(case: Case) -> bytes:
    desks = (case.parcel.desk.public(),)
    case.site.team_keys = TeamKeys.read(case.identity.team_keys(desks, version=8, practice=False))
    case.parcel.keys(case.identity.team_keys(desks, version=9, practice=True))
    return case.parcel.data()


def of_the_other_direction(case: Case) -> bytes:
    heading = b'{"bundle":1,"direction":"out","members":0}\n'
    return ustar.header("manifest", len(heading)) + heading.ljust(512, b"\0") + ustar.END


def no_bundle(_: Case) -> bytes:
    return b"PK\3\4" + bytes(2000)


WHOLE: list[tuple[Callable[[Case], bytes], str]] = [
    (unsigned, "it is not signed"),
    (signed_by_a_stranger, "is signed by a desk that version 7 of the team's keys does not name"),
    (another_signature, "its signature is wrong"),
    (changed_after_signing, "its signature is wrong"),
    (out_of_sequence, "is bundle 4 of the desk practice, and bundle 5 was imported already"),
    (the_same_number_again, "is bundle 4 of the desk practice, and bundle 4 was imported already"),
    (expired, "was to be imported until 2026-11-21, and today is 2026-11-22 here"),
    (of_a_removed_desk, "is signed by a desk that version 8 of the team's keys does not name"),
    (of_a_desk_that_its_own_list_removes, "is signed by a desk that version 8 of the team's keys does not"),
    (with_another_teams_list, "is of another team: its keys have the fingerprint"),
    (with_real_keys_for_practice, "holds real keys, and this server uses practice ones"),
    (with_practice_keys_for_real, "holds practice keys, and this server uses real ones"),
    (of_the_other_direction, "it does not go from a desk to a server"),
    (no_bundle, "it is not a bundle: it does not begin with a manifest"),
]


@pytest.mark.parametrize(("made", "why"), WHOLE, ids=[made.__name__ for made, _ in WHOLE])
def test_it_is_refused_as_a_whole_and_nothing_is_changed(
    made: Callable[[Case], bytes], why: str, case: Case, runner: FlaskCliRunner
) -> None:
    data = made(case)
    assert why in untouched(case, runner, data)[0]


def test_another_teams_fingerprint_is_shown(case: Case, runner: FlaskCliRunner) -> None:
    stranger = Identity.new()
    case.parcel.keys(stranger.team_keys((case.parcel.desk.public(),), version=8, practice=True))
    assert fingerprint(stranger.public) in untouched(case, runner, case.parcel.data())[0]


def test_it_is_good_to_its_last_day(case: Case, runner: FlaskCliRunner) -> None:
    case.parcel.not_after = case.site.day
    taken(runner, case.parcel.write(case.path))


def test_a_file_that_is_not_there_is_told(case: Case, runner: FlaskCliRunner) -> None:
    _, told = taken(runner, case.path, exit_code=1)
    assert told[0] == f"error: cannot read {case.path}: No such file or directory"


@pytest.mark.parametrize("version", [7, 6])
def test_a_list_that_may_not_follow_is_left_out_and_the_rest_is_taken(
    version: int, case: Case, runner: FlaskCliRunner
) -> None:
    old = case.identity.team_keys(
        (case.parcel.desk.public(),), version=version, practice=True, expires=date(2029, 1, 1)
    )
    case.parcel.keys(old)
    said, told = taken(runner, case.parcel.write(case.path), exit_code=1)
    assert said[0] == "bundle 4 of the desk practice is imported"
    assert "replies: 1 new" in said[-1]
    assert told[-2].startswith("error: the list of keys in the bundle was refused: ")
    assert case.site.settings.team_keys.read_bytes() == case.site.team_keys.raw


def test_a_damaged_list_is_left_out_and_the_rest_is_taken(case: Case, runner: FlaskCliRunner) -> None:
    case.parcel.keys(case.identity.team_keys((case.parcel.desk.public(),), version=8, practice=True))
    case.path.write_bytes(case.parcel.hole(case.parcel.data(), "team.keys"))
    said, told = taken(runner, case.path, exit_code=1)
    assert "replies: 1 new" in said[-1]
    assert "error: the list of keys in the bundle was refused: it arrived damaged" in told
    # And the desk is asked for what its version, which it told, says it has.
    assert any(line.startswith("warning: the desk practice has version 8") for line in told)


def test_a_list_that_is_none_is_left_out(case: Case, runner: FlaskCliRunner) -> None:
    case.parcel.members["team.keys"] = b"vigil team keys v1\n"
    _, told = taken(runner, case.parcel.write(case.path), exit_code=1)
    assert told[0].startswith("error: the list of keys in the bundle was refused: it cannot be used: ")


def test_a_damaged_reply_is_refused_told_and_taken_when_it_comes_again(
    case: Case, runner: FlaskCliRunner
) -> None:
    slot = case.parcel.reply(b"two")
    case.path.write_bytes(case.parcel.hole(case.parcel.data(), f"reply/{slot.hex()}"))
    said, told = taken(runner, case.path, exit_code=1)
    assert said[-1].startswith("replies: 1 new, 0 taken before, 1 refused;")
    assert told == ["error: 1 reply was refused: it arrived damaged", LATER]
    assert [each for each, _, _ in case.store.refused()] == [slot]
    case.parcel.seq += 1
    said, told = taken(runner, case.parcel.write(case.path))
    assert said[-1].startswith("replies: 1 new, 1 taken before, 0 refused;")
    assert case.store.refused() == []


def test_another_reply_in_its_place_stays(case: Case, runner: FlaskCliRunner) -> None:
    slot = case.parcel.reply(b"the second")
    case.store.keep_reply(slot, b"the first")
    _, told = taken(runner, case.parcel.write(case.path), exit_code=1)
    assert told[0] == "error: 1 reply was refused: something else has its place"
    assert [row.envelope for row in case.store.replies([slot])] == [b"the first"]


def test_what_is_no_reply_is_not_kept(case: Case, runner: FlaskCliRunner) -> None:
    report, _ = keep(case.store, case.site.team_keys)
    case.parcel.members |= {"reply/" + "0" * 32: b"no envelope", "reply/" + "1" * 32: report}
    _, told = taken(runner, case.parcel.write(case.path), exit_code=1)
    assert told[0] == "error: 2 replies were refused: it is not a sealed reply"
    assert list(case.store.replies([bytes(16), b"\x11" * 16])) == []


def test_where_a_file_is_damaged_no_reply_is_shown_that_may_lack_it(
    case: Case, runner: FlaskCliRunner
) -> None:
    blob = case.parcel.blob(os.urandom(200_000))
    case.path.write_bytes(case.parcel.hole(case.parcel.data(), f"blob/{blob.hex()}"))
    said, told = taken(runner, case.path, exit_code=1)
    assert (
        said[-1] == "replies: 0 new, 0 taken before, 1 refused; their files: 1 new, 0 taken before, 1 refused"
    )
    assert told[0] == (
        "error: 1 reply was refused: a file in the same bundle was refused, and it may be this reply's"
    )
    assert blob not in tables(case.store)["blobs"]
    assert blob not in inside.blobs(case.store.data)
    case.parcel.seq += 1
    said, _ = taken(runner, case.parcel.write(case.path))
    assert (
        said[-1] == "replies: 1 new, 0 taken before, 0 refused; their files: 1 new, 1 taken before, 0 refused"
    )


def test_what_is_here_already_is_not_refused_however_it_arrived(case: Case, runner: FlaskCliRunner) -> None:
    """Else the desk would send it a second time, under another slot, and the source would read it twice."""
    taken(runner, case.parcel.write(case.path))
    (name,) = (name for name in case.parcel.members if name.startswith("reply/"))
    case.parcel.seq += 1
    blob = case.parcel.blob(b"another file")
    data = case.parcel.hole(case.parcel.data(), f"blob/{blob.hex()}")
    case.path.write_bytes(case.parcel.hole(data, name))
    said, told = taken(runner, case.path, exit_code=1)
    assert said[-1].startswith("replies: 0 new, 1 taken before, 0 refused;")
    assert told == ["error: 1 file of replies was refused: it arrived damaged", LATER]
    assert case.store.refused() == []


def test_for_want_of_room_replies_are_refused_and_marks_still_free_some(
    case: Case, runner: FlaskCliRunner
) -> None:
    case.store._room._limits = Limits(file_reserve=10**18, text_reserve=10**18)
    said, _ = taken(runner, case.parcel.write(case.path), exit_code=1)
    assert said[1].endswith("deleted here: 1 report and 1 file")
    assert said[-1].startswith("replies: 0 new, 0 taken before, 1 refused;")
    assert tables(case.store) == {"envelopes": set(), "replies": set(), "blobs": set()}
    case.store._room._limits = Limits(file_reserve=0, text_reserve=0)
    case.parcel.seq += 1
    taken(runner, case.parcel.write(case.path))


def test_a_reply_without_room_is_told(
    case: Case, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise NoRoom

    monkeypatch.setattr(Store, "keep_reply", full)
    _, told = taken(runner, case.parcel.write(case.path), exit_code=1)
    assert told[0] == "error: 1 reply was refused: there is no room left for it"


def test_more_refusals_than_an_export_can_tell_of_leave_the_bundle_to_be_imported_again(
    case: Case, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MAX_REFUSED", 1)
    case.store.note_import(bytes(32), 1, b"1", {b"o" * 16: "of a desk that is listed no more"})
    slots = sorted([case.parcel.reply(b"two"), case.parcel.reply(b"three")])
    data = case.parcel.data()
    for slot in slots:
        data = case.parcel.hole(data, f"reply/{slot.hex()}")
    case.path.write_bytes(data)
    _, told = taken(runner, case.path, exit_code=1)
    assert told[0] == (
        "error: 2 replies were refused, more than an export can tell of; the first: it arrived damaged"
    )
    assert list(case.store.last_imports()) == [bytes(32)]
    assert [slot for slot, _, _ in case.store.refused()] == [b"o" * 16]
    taken(runner, case.parcel.write(case.path))
    assert case.store.refused() == []


def test_bytes_that_belong_to_nothing_are_told_and_cost_nothing(case: Case, runner: FlaskCliRunner) -> None:
    case.path.write_bytes(case.parcel.data() + b"more")
    said, told = taken(runner, case.path, exit_code=1)
    assert "1 new, 0 taken before, 0 refused" in said[-1]
    assert told[0] == "error: the bundle is damaged: its end is missing, or something follows it"


def test_a_desk_with_an_older_list_is_told(case: Case, runner: FlaskCliRunner) -> None:
    case.parcel.team_version = 6
    _, told = taken(runner, case.parcel.write(case.path))
    assert told == [
        "warning: the desk practice has version 6 of the team's keys, and 7 is in use here",
        "hint: give it the newest team.keys",
    ]


def test_keys_that_cannot_be_written_stop_the_import_before_anything_else(
    case: Case, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    case.parcel.keys(case.identity.team_keys((case.parcel.desk.public(),), version=8, practice=True))
    monkeypatch.setattr("commands.importing.put_in_place", refused)
    told = untouched(case, runner, case.parcel.data())
    assert told[0].endswith("team.keys: Permission denied")
