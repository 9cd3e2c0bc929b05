"""A bundle that goes back marks only what is whole here, and repeats what may be lost, under a new number."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.keyfile import unlocked
from desk.server import read_held, read_server
from tests.desk.bundles import Parcel, today
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import (
    Carried,
    Source,
    answered,
    everything,
    exported,
    file_of,
    read_in,
    slots_of,
    spoil,
    took_in,
)

DRAFT = b"d" * 16


def _said(parcel: Parcel, bundle: Carried, *refused: bytes) -> Parcel:
    """Let the server's next bundle say that it took one in."""
    parcel.seqs[bundle.desk] = bundle.seq
    parcel.refused = {bundle.desk: refused} if refused else {}
    return parcel


def _digests(parcel: Parcel) -> list[str]:
    return sorted(name.removeprefix("env/") for name in parcel.members if name.startswith("env/"))


# ---- what is collected


def test_what_opened_and_is_whole_is_collected(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    report = parcel.add("one", [("a.txt", b"a"), ("b.txt", b"b")])
    took_in(desk, tmp_path, parcel=parcel)
    bundle = exported(desk, tmp_path)
    assert bundle.collected == _digests(parcel)
    assert bundle.gone == sorted(file.blob.hex() for file in report.files)
    assert (bundle.seq, bundle.not_after) == (1, today() + timedelta(days=60))
    told = desk.done("export", tmp_path / "again.tar")
    assert "  1 envelope collected, with 2 attachments" in told
    assert "`vigil-fetch bring FILE`, or on the server `vigil import FILE`" in told


def test_what_is_not_whole_here_stays_on_the_server(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    whole = parcel.add("whole", [("a.txt", b"a")])
    torn, gone = parcel.add("torn", [("b.txt", b"b")]), parcel.add("gone", [("c.txt", b"c")])
    parcel.add_envelope(b"not an envelope")
    spoiled = parcel.add_body(whole.to_bytes())
    # The server could not read it; it is there still.
    del parcel.members[f"blob/{gone.files[0].blob.hex()}"]
    parcel.damaged = 1
    took_in(desk, tmp_path, parcel=parcel)
    blob = desk.home / "casebook" / "blob" / torn.files[0].sealed_sha256.hex()
    spoil(blob)
    envelope = desk.home / "casebook" / "env" / spoiled
    spoil(envelope)
    told = desk.json("export", tmp_path / "back.tar")
    assert (told["collected"], told["blobs"]) == (1, 1)
    assert (told["unopened"], told["incomplete"]) == (2, 2)
    said = desk.done("export", tmp_path / "said.tar")
    assert "not collected: 2 envelopes that this desk cannot open" in said
    assert "not collected: 2 envelopes whose files are not whole here" in said


def test_a_file_that_another_send_still_needs_is_not_marked(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    report = parcel.add("one", [("a.txt", b"a")])
    two = parcel.add("two", [("b.txt", b"b")])
    both = report.files + two.files
    # The second send of the form names both files; one of them is not here.
    source = Source()
    parcel.add_report(source.report(report.draft, "one", files=both))
    del parcel.members[f"blob/{two.files[0].blob.hex()}"]
    parcel.damaged = 1
    took_in(desk, tmp_path, parcel=parcel)
    bundle = exported(desk, tmp_path)
    assert len(bundle.collected) == 1
    assert bundle.gone == []


def test_only_what_the_last_bundle_held_is_marked(desk: DeskUnderTest, tmp_path: Path) -> None:
    first, second = desk.parcel(), desk.parcel()
    first.add("one")
    second.add("two")
    took_in(desk, tmp_path, parcel=first)
    took_in(desk, tmp_path, parcel=second)
    assert exported(desk, tmp_path).collected == _digests(second)
    assert read_held(desk.home).envelopes == set(_digests(second))


def test_what_did_not_arrive_whole_is_not_marked(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    for number in range(3):
        parcel.add(f"report {number}")
    file = parcel.write(tmp_path / "in.tar")
    data = bytearray(file.read_bytes())
    data[-2000] ^= 1
    file.write_bytes(data)
    assert desk.run("import", file).status == 1
    assert len(exported(desk, tmp_path).collected) == 2


def test_an_export_before_any_import_has_the_keys_alone(desk: DeskUnderTest, tmp_path: Path) -> None:
    bundle = exported(desk, tmp_path)
    assert (bundle.collected, list(bundle.members)) == ([], ["team.keys"])
    assert bundle.members["team.keys"] == (desk.home / "team.keys").read_bytes()


def test_new_keys_go_until_the_server_has_them(desk: DeskUnderTest, tmp_path: Path) -> None:
    took_in(desk, tmp_path, Source().report(DRAFT))
    assert "team.keys" not in exported(desk, tmp_path, "same.tar").members
    server = json.loads((desk.home / "server.json").read_text())
    (desk.home / "server.json").write_text(json.dumps({**server, "team_version": 0}))
    assert desk.json("export", tmp_path / "lower.tar")["keys"] == 1


# ---- replies, until they are there


def test_a_lost_stick_loses_nothing(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "first", "--file", file)
    lost = exported(desk, tmp_path, "lost.tar")
    answered(desk, tmp_path, case, "second")
    found = exported(desk, tmp_path, "found.tar")
    assert (lost.seq, found.seq) == (1, 2)
    assert {name: found.members[name] for name in lost.members} == lost.members
    assert found.collected == lost.collected
    assert {reply.text for _, reply in read_in(source, desk, found)} == {"first", "second"}
    took_in(desk, tmp_path, parcel=_said(parcel, found))
    assert exported(desk, tmp_path, "later.tar").replies() == {}
    assert [reply["delivered"] for reply in desk.json("show", case)["replies"]] == [1, 1]


def test_a_reply_that_the_server_has_not_seen_is_not_taken_for_delivered(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    first = exported(desk, tmp_path, "first.tar")
    answered(desk, tmp_path, case)
    exported(desk, tmp_path, "second.tar")
    took_in(desk, tmp_path, parcel=_said(parcel, first))
    assert [reply["exported"] for reply in desk.json("show", case)["replies"]] == [1]
    assert len(exported(desk, tmp_path, "third.tar").replies()) == 1


def test_another_desks_number_says_nothing_of_ours(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case)
    exported(desk, tmp_path)
    parcel.seqs[b"\1" * 32] = 9
    took_in(desk, tmp_path, parcel=parcel)
    assert [reply["exported"] for reply in desk.json("show", case)["replies"]] == [1]


def test_a_refused_reply_goes_to_another_place_with_its_files(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "Hello", "--file", file)
    answered(desk, tmp_path, case, "Anybody there?")
    bundle = exported(desk, tmp_path)
    (refused,) = (
        slot for slot in slots_of(source, bundle) if _text_at(source, desk, bundle, slot) == "Hello"
    )
    parcel.write(tmp_path / "plain.tar")
    told = desk.done("import", _said(parcel, bundle, refused).write(tmp_path / "refused.tar"))
    assert "1 reply has arrived" in told
    assert "1 reply was refused: the next export has them again" in told
    assert "refused by the server: the next export sends it again" in desk.done("show", case)
    again = exported(desk, tmp_path, "again.tar")
    assert again.seq == 2
    assert refused not in again.replies()
    ((_, reply),) = read_in(source, desk, again)
    assert (reply.text, file_of(reply, again)) == ("Hello", b"the file")
    # It is one reply still, and a third export sends it as it is.
    shown = desk.json("show", case)["replies"]
    assert sorted((one["text"], one["exported"], one["delivered"]) for one in shown) == [
        ("Anybody there?", 0, 1),
        ("Hello", 1, 0),
    ]
    assert exported(desk, tmp_path, "third.tar").members == again.members
    took_in(desk, tmp_path, parcel=_said(parcel, again))
    assert [one["delivered"] for one in desk.json("show", case)["replies"]] == [1, 1]


def _text_at(source: Source, desk: DeskUnderTest, bundle: Carried, slot: bytes) -> str:
    one = Carried(**{**vars(bundle), "members": {f"reply/{slot.hex()}": bundle.replies()[slot]}})
    return read_in(source, desk, one)[0][1].text


def test_a_refused_list_that_is_full_says_nothing_of_what_is_behind_its_end(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case)
    bundle = exported(desk, tmp_path)
    took_in(
        desk,
        tmp_path,
        parcel=_said(parcel, bundle, *(bytes(14) + bytes([n >> 8, n & 255]) for n in range(1000))),
    )
    assert desk.json("show", case)["replies"][0]["delivered"] == 0


def test_a_reply_that_this_disk_damaged_stays_and_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "Hello", "--file", file)
    first = exported(desk, tmp_path, "first.tar")
    (blob,) = (desk.home / "outbox").glob("blob-*")
    spoil(blob)
    assert "not in it: 1 reply, damaged on this disk" in desk.done("export", tmp_path / "second.tar")
    # The server took the second bundle, in which it was not.
    parcel.seqs[first.desk] = 2
    took_in(desk, tmp_path, parcel=parcel)
    assert desk.json("show", case)["replies"][0]["delivered"] == 0


# ---- numbers


def test_a_number_is_higher_than_any_the_server_heard_of(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    bundle = exported(desk, tmp_path)
    # This folder was put back from an old copy; the server has taken more since.
    parcel.seqs[bundle.desk] = 41
    took_in(desk, tmp_path, parcel=parcel)
    (desk.home / "state.json").unlink()
    assert exported(desk, tmp_path, "next.tar").seq == 42


def test_an_older_bundle_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    took_in(desk, tmp_path, Source().report(DRAFT), parcel=parcel)
    bundle = exported(desk, tmp_path)
    took_in(desk, tmp_path, parcel=_said(parcel, bundle))
    parcel.seqs.clear()
    told = desk.done("import", parcel.write(tmp_path / "old.tar"))
    assert "older than one imported before, or the server was put back" in told


def test_a_failed_write_leaves_no_bundle_and_costs_a_number(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    took_in(desk, tmp_path, Source().report(DRAFT))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("desk.mail.exporting.BackWriter.finish", full)
        answer = desk.run("export", tmp_path / "back.tar")
    assert (answer.status, "no space left" in answer.err) == (1, True)
    assert not (tmp_path / "back.tar").exists()
    assert not list(tmp_path.glob(".partial-*"))
    assert exported(desk, tmp_path).seq == 2


def test_nothing_is_written_over(desk: DeskUnderTest, tmp_path: Path) -> None:
    (tmp_path / "back.tar").write_bytes(b"precious")
    before = everything(desk.home)
    answer = desk.run("export", tmp_path / "back.tar")
    assert (answer.status, "is there already" in answer.err) == (1, True)
    assert (tmp_path / "back.tar").read_bytes() == b"precious"
    answer = desk.run("export", tmp_path / "no" / "back.tar")
    assert (answer.status, "is no folder" in answer.err) == (1, True)
    assert everything(desk.home) == before


def test_a_bundle_is_its_owners_alone_and_signed_by_this_desk(desk: DeskUnderTest, tmp_path: Path) -> None:
    bundle = exported(desk, tmp_path)
    assert (tmp_path / "back.tar").stat().st_mode & 0o777 == 0o600
    keys = unlocked((desk.home / "desk.keys").read_bytes(), "practice")
    assert bundle.desk == keys.public().sign_public


# ---- what is remembered


@pytest.mark.parametrize("name", ["server.json", "held.bin", "state.json"])
@pytest.mark.parametrize("damage", [b"", b"{", b"\xff" * 9, b"[]", b'{"seq": "x"}'])
def test_damaged_memory_is_told_and_a_new_import_mends_the_servers(
    desk: DeskUnderTest, tmp_path: Path, name: str, damage: bytes
) -> None:
    took_in(desk, tmp_path, Source().report(DRAFT))
    before = read_server(desk.home)
    (desk.home / name).write_bytes(damage)
    answer = desk.run("export", tmp_path / "back.tar")
    assert answer.status == 1
    assert f"{name} is damaged" in answer.err
    if name != "state.json":
        desk.done("import", tmp_path / "in.tar")
        assert read_server(desk.home) == before
        assert len(exported(desk, tmp_path).collected) == 1


def test_reports_come_in_though_the_memory_of_replies_is_damaged(desk: DeskUnderTest, tmp_path: Path) -> None:
    (desk.home / "state.json").write_bytes(b"{")
    parcel = desk.parcel()
    parcel.add("one")
    answer = desk.run("import", parcel.write(tmp_path / "in.tar"))
    assert answer.status == 1
    assert answer.out.startswith("1 send (reports and follow-ups) new")
    assert "state.json is damaged" in answer.err
    assert len(desk.json("list")) == 1
