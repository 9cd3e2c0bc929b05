"""What a desk sends back is taken in: marks, files, replies, keys; once, however often it is imported."""

import os
import tracemalloc
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from crypto.bundle import BundleReader
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from store import Store
from tests import inside
from tests.commands.conftest import MONTH, Site, keep
from tests.commands.parcel import Parcel, taken
from tests.counts import count

NOTHING = "collected by that desk: no reports and no files; deleted here: no reports and no files"
NO_REPLIES = "replies: 0 new, 0 taken before, 0 refused; their files: 0 new, 0 taken before, 0 refused"


def tables(store: Store) -> dict[str, set[bytes]]:
    """Give what is kept, by kind."""
    replies = {bytes(row[0]) for row in inside.run(store.data, "SELECT id FROM reply")}
    blobs = {bytes(row[0]) for row in inside.run(store.data, "SELECT id FROM blob")}
    return {"envelopes": {digest for digest, _ in store.envelopes()}, "replies": replies, "blobs": blobs}


def test_an_empty_bundle_changes_nothing_and_is_counted(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    path = Parcel(desk).write(tmp_path / "back")
    said, told = taken(runner, path)
    assert said == ["bundle 1 of the desk practice is imported", NOTHING, NO_REPLIES]
    assert told == []
    assert store.last_imports() == {Parcel(desk).desk.public().sign_public: 1}
    assert tables(store) == {"envelopes": set(), "replies": set(), "blobs": set()}


def test_replies_and_their_files_are_kept_as_they_came(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    parcel = Parcel(desk)
    slot, other = parcel.reply(b"one"), parcel.reply(b"two")
    blob, empty = parcel.blob(os.urandom(300_000)), parcel.blob(b"")
    said, told = taken(runner, parcel.write(tmp_path / "back"))
    assert said[-1] == (
        "replies: 2 new, 0 taken before, 0 refused; their files: 2 new, 0 taken before, 0 refused"
    )
    assert told == []
    kept = {row.id: row.envelope for row in store.replies([slot, other])}
    assert kept == {each: parcel.members[f"reply/{each.hex()}"] for each in (slot, other)}
    for each in (blob, empty):
        with store.open_blob(each) as file:
            assert file.read() == parcel.members[f"blob/{each.hex()}"]
    assert tables(store)["blobs"] == {blob, empty}
    assert list(store.kept_blobs()) == []  # no export carries them to the desk again


def test_what_was_collected_is_deleted_with_its_files(
    store: Store, team_keys: TeamKeys, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    held, held_blobs = keep(store, team_keys, b"still to be collected")
    envelope, blobs = keep(store, team_keys, b"one", b"two")
    parcel = Parcel(desk)
    parcel.mark([envelope, b"never heard of"], [*blobs, bytes(16)])
    said, _ = taken(runner, parcel.write(tmp_path / "back"))
    assert said[1] == ("collected by that desk: 2 reports and 3 files; deleted here: 1 report and 2 files")
    assert tables(store) == {
        "envelopes": {sha256(held).digest()},
        "replies": set(),
        "blobs": set(held_blobs),
    }


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True), (False, False)])
def test_every_desk_that_collects_has_to_have_it_and_any_one_where_none_is_named(
    first: bool,
    second: bool,
    store: Store,
    identity: Identity,
    desk: DeskKeys,
    runner: FlaskCliRunner,
    site: Site,
    tmp_path: Path,
) -> None:
    other = DeskKeys.make("other", MONTH)
    desks = (desk.public(collects=first), other.public(collects=second))
    site.team_keys = TeamKeys.read(identity.team_keys(desks, version=8, practice=True))
    envelope, blobs = keep(store, site.team_keys, b"one")
    for at, each in enumerate((desk, other)):
        parcel = Parcel(each, team_version=8)
        parcel.mark([envelope], blobs)
        taken(runner, parcel.write(tmp_path / f"{at}"))
        here = bool(list(store.envelopes()))
        assert here is (at == 0 and second), (first, second, at)


def test_once_the_desk_that_lags_is_removed_what_the_others_have_goes(
    store: Store, identity: Identity, desk: DeskKeys, runner: FlaskCliRunner, site: Site, tmp_path: Path
) -> None:
    lost = DeskKeys.make("lost", MONTH)
    site.settings.team_keys.write_bytes(b"old")
    site.team_keys = TeamKeys.read(
        identity.team_keys((desk.public(), lost.public()), version=8, practice=True)
    )
    envelope, blobs = keep(store, site.team_keys, b"one")
    parcel = Parcel(desk, team_version=8)
    parcel.mark([envelope], blobs)
    taken(runner, parcel.write(tmp_path / "1"))
    assert list(store.envelopes())
    parcel = Parcel(desk, seq=2)
    parcel.keys(identity.team_keys((desk.public(),), version=9, practice=True))
    said, _ = taken(runner, parcel.write(tmp_path / "2"))
    assert said[2].endswith("deleted here: 1 report and 1 file")
    assert tables(store) == {"envelopes": set(), "replies": set(), "blobs": set()}


def test_new_keys_are_put_in_place_and_remembered(
    store: Store, identity: Identity, desk: DeskKeys, runner: FlaskCliRunner, site: Site, tmp_path: Path
) -> None:
    path = site.settings.team_keys
    path.write_bytes(site.team_keys.raw)
    path.chmod(0o640)
    new = identity.team_keys((desk.public(),), version=8, practice=True)
    parcel = Parcel(desk)
    parcel.keys(new)
    said, told = taken(runner, parcel.write(tmp_path / "back"))
    assert said[1] == "version 8 of the team's keys is in use from now on"
    assert told == []
    assert path.read_bytes() == new == store.trusted_keys()
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in path.parent.glob("*team.keys*")) == ["team.keys"]


def test_a_desk_that_only_the_new_list_names_may_bring_it(
    store: Store, identity: Identity, desk: DeskKeys, runner: FlaskCliRunner, site: Site, tmp_path: Path
) -> None:
    site.settings.team_keys.write_bytes(site.team_keys.raw)
    new = DeskKeys.make("new", MONTH)
    parcel = Parcel(new)
    parcel.keys(identity.team_keys((desk.public(), new.public()), version=8, practice=True))
    parcel.reply()
    said, _ = taken(runner, parcel.write(tmp_path / "back"))
    assert said[0] == "bundle 1 of the desk new is imported"
    assert TeamKeys.read(store.trusted_keys() or b"").version == 8


def test_a_new_identity_that_the_one_before_signed_for_is_followed(
    identity: Identity, desk: DeskKeys, runner: FlaskCliRunner, site: Site, tmp_path: Path
) -> None:
    site.settings.team_keys.write_bytes(site.team_keys.raw)
    parcel = Parcel(desk)
    parcel.keys(Identity.new().team_keys((desk.public(),), version=8, practice=True, previous=identity))
    said, _ = taken(runner, parcel.write(tmp_path / "back"))
    assert "version 8 of the team's keys is in use from now on" in said


def test_importing_it_again_changes_nothing_and_brings_back_nothing_deleted(
    store: Store, team_keys: TeamKeys, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    envelope, blobs = keep(store, team_keys, b"one")
    parcel = Parcel(desk)
    slot, blob = parcel.reply(), parcel.blob(b"file")
    parcel.mark([envelope], blobs)
    path = parcel.write(tmp_path / "back")
    taken(runner, path)
    store.delete(replies={slot: [blob]})
    before = tables(store)
    said, told = taken(runner, path)
    assert said == ["bundle 1 of the desk practice was imported already: nothing is new"]
    assert told == []
    assert tables(store) == before


def test_the_next_bundle_that_repeats_a_reply_finds_it_here_already(
    desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    parcel = Parcel(desk)
    parcel.reply()
    parcel.blob(b"file")
    taken(runner, parcel.write(tmp_path / "1"))
    parcel.seq = 2
    parcel.reply()
    said, _ = taken(runner, parcel.write(tmp_path / "2"))
    assert said[-1] == (
        "replies: 1 new, 1 taken before, 0 refused; their files: 0 new, 1 taken before, 0 refused"
    )


def test_an_export_tells_the_desks_what_they_want_to_know(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, site: Site, tmp_path: Path
) -> None:
    first, second = Parcel(desk), Parcel(desk, seq=5)
    slot = first.reply(b"one")
    second.reply(b"another in the same place", slot)
    taken(runner, first.write(tmp_path / "1"))
    taken(runner, second.write(tmp_path / "5"), exit_code=1)
    removed = bytes(32)
    store.note_import(removed, 9, bytes(32), {b"o" * 16: "damaged"}, [desk.public().sign_public])
    assert runner.invoke(args=["export", str(tmp_path / "out")]).exit_code == 0
    with (tmp_path / "out").open("rb") as file:
        heading = BundleReader(file).heading
    assert (heading.sealing, heading.made_on, heading.team_version) == (MONTH, site.day, 7)
    assert heading.seqs == {desk.public().sign_public: 5}
    assert heading.refused == {desk.public().sign_public: (slot,)}
    assert heading.damaged == 0


def test_what_was_refused_is_forgotten_with_the_next_bundle(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    parcel = Parcel(desk)
    slot = parcel.reply()
    data = parcel.data()
    (tmp_path / "1").write_bytes(parcel.hole(data, f"reply/{slot.hex()}"))
    taken(runner, tmp_path / "1", exit_code=1)
    assert [each for each, _, _ in store.refused()] == [slot]
    parcel.seq = 2
    taken(runner, parcel.write(tmp_path / "2"))
    assert store.refused() == []
    assert list(store.replies([slot]))


def test_a_bundle_of_many_is_taken_in_constant_memory(
    store: Store, team_keys: TeamKeys, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    number = count(500, 10_000)
    parcel = Parcel(desk)
    envelope, blobs = keep(store, team_keys, b"one")
    parcel.mark([envelope], blobs)
    parcel.collected |= {os.urandom(32) for _ in range(number)}
    parcel.gone |= {os.urandom(16) for _ in range(number)}
    reply = parcel.members[f"reply/{parcel.reply().hex()}"]
    parcel.members |= {f"reply/{os.urandom(16).hex()}": reply for _ in range(number - 1)}
    path = parcel.write(tmp_path / "back")
    parcel.members.clear()
    tracemalloc.start()
    said, _ = taken(runner, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert f"replies: {number} new, 0 taken before, 0 refused" in said[-1]
    assert "deleted here: 1 report and 1 file" in said[1]
    assert peak < 4_000_000


def test_what_a_source_has_deleted_is_not_brought_back_by_the_next_bundle(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    parcel = Parcel(desk)
    slot, blob, kept = parcel.reply(), parcel.blob(b"file"), parcel.reply()
    taken(runner, parcel.write(tmp_path / "1"))
    store.delete(replies={slot: [blob]})
    parcel.again()
    later = parcel.reply()
    said, _ = taken(runner, parcel.write(tmp_path / "2"))
    assert said[-1] == (
        "replies: 1 new, 2 taken before, 0 refused; their files: 0 new, 1 taken before, 0 refused"
    )
    assert tables(store) == {"envelopes": set(), "replies": {kept, later}, "blobs": set()}


def test_what_was_in_a_bundle_that_was_lost_is_taken_from_the_next(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    parcel = Parcel(desk)
    taken(runner, Parcel(desk).write(tmp_path / "1"))
    parcel.seq = 2
    slot, blob = parcel.reply(), parcel.blob(b"file")
    parcel.again()
    taken(runner, parcel.write(tmp_path / "3"))
    assert tables(store) == {"envelopes": set(), "replies": {slot}, "blobs": {blob}}


def test_what_was_refused_is_taken_from_the_next_with_its_files(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    parcel = Parcel(desk)
    slot, blob = parcel.reply(), parcel.blob(b"file of it")
    (tmp_path / "1").write_bytes(parcel.hole(parcel.data(), f"blob/{blob.hex()}"))
    taken(runner, tmp_path / "1", exit_code=1)
    assert tables(store)["replies"] == set()
    parcel.again()
    taken(runner, parcel.write(tmp_path / "2"))
    assert tables(store) == {"envelopes": set(), "replies": {slot}, "blobs": {blob}}


def test_who_has_not_collected_yet_is_named(
    site: Site, identity: Identity, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    other = DeskKeys.make("laptop-2", MONTH)
    raw = identity.team_keys((desk.public(), other.public()), version=8, practice=True)
    site.team_keys = TeamKeys.read(raw)
    site.store.trust_keys(raw, [each.public().sign_public for each in (desk, other)])
    envelope, blobs = keep(site.store, site.team_keys, b"one")
    first, second = Parcel(desk), Parcel(other)
    for parcel in (first, second):
        parcel.mark([envelope], blobs if parcel is first else [])
        parcel.team_version = 8
    said, _ = taken(runner, first.write(tmp_path / "1"))
    assert said[1] == (
        "collected by that desk: 1 report and 1 file; "
        "deleted here: nothing yet; laptop-2 has not collected it"
    )
    said, _ = taken(runner, second.write(tmp_path / "2"))
    assert said[1].endswith("deleted here: 1 report and no files")
    first.again()
    said, _ = taken(runner, first.write(tmp_path / "3"))
    assert said[1].endswith("deleted here: nothing yet; laptop-2 has not collected it")


def test_a_second_desk_that_came_later_holds_up_nothing_that_was_there_before(
    site: Site, identity: Identity, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    store = site.store
    site.settings.team_keys.write_bytes(site.team_keys.raw)
    store.trust_keys(site.team_keys.raw, [desk.public().sign_public])
    envelope, blobs = keep(store, site.team_keys, b"one")
    parcel = Parcel(desk)
    desks = desk.public(), DeskKeys.make("laptop-2", MONTH).public()
    parcel.keys(identity.team_keys(desks, version=8, practice=True))
    parcel.mark([envelope], blobs)
    said, _ = taken(runner, parcel.write(tmp_path / "back"))
    assert said[2].endswith("deleted here: 1 report and 1 file")
    assert store.signers() == sorted(each.sign_public for each in desks)
