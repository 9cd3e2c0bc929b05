"""An import keeps what is whole, names what is not, keeps nothing twice, and survives its own death."""

import os
import random
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from desk.casebook import Casebook, is_whole
from tests.counts import count
from tests.desk.bundles import Parcel
from tests.desk.conftest import ROOT, DeskUnderTest


def _everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_was_sealed_arrives(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    report = parcel.add("one", [("a.txt", b"hello")])
    parcel.add("two")
    assert desk.json("import", parcel.write(tmp_path / "out.tar")) == {
        "envelopes": {"new": 2, "already": 0},
        "attachments": {"new": 1, "already": 0},
        "refused": [],
        "replies": {"delivered": 0, "refused": 0},
        "older": False,
        "ahead": 0,
    }
    casebook = Casebook(desk.home / "casebook")
    assert len(casebook.envelopes()) == 2
    assert casebook.blobs() == {report.files[0].sealed_sha256.hex()}
    for path in (desk.home / "casebook").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


def test_a_second_import_changes_nothing(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("one", [("a.txt", b"hello")])
    bundle = parcel.write(tmp_path / "out.tar")
    desk.done("import", bundle)
    before = _everything(desk.home)
    assert (
        desk.done("import", bundle) == "0 sends (reports and follow-ups) new, 1 here already\n"
        "0 attachments new, 1 here already\n"
    )
    assert _everything(desk.home) == before


def test_a_later_bundle_adds_what_is_new(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("one")
    desk.done("import", parcel.write(tmp_path / "first.tar"))
    parcel.add("two")
    said = desk.json("import", parcel.write(tmp_path / "second.tar"))
    assert said["envelopes"] == {"new": 1, "already": 1}


def test_an_empty_bundle_is_fine(desk: DeskUnderTest, tmp_path: Path) -> None:
    assert "0 sends (reports and follow-ups) new" in desk.done(
        "import", desk.parcel().write(tmp_path / "empty.tar")
    )


def test_importing_again_mends_what_the_disk_damaged(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("one", [("a.txt", b"hello")])
    bundle = parcel.write(tmp_path / "out.tar")
    desk.done("import", bundle)
    before = _everything(desk.home / "casebook")
    for path in (desk.home / "casebook").rglob("*/*"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    assert [case["state"] for case in desk.json("list")] == ["damaged"]
    assert desk.json("import", bundle)["envelopes"] == {"new": 1, "already": 0}
    assert _everything(desk.home / "casebook") == before


@pytest.mark.parametrize("seed", range(count(12, 300)))
def test_a_flipped_bit_costs_one_part_and_is_told(desk: DeskUnderTest, tmp_path: Path, seed: int) -> None:
    parcel = desk.parcel()
    for number in range(4):
        parcel.add(f"report {number}", [("a.txt", bytes([number]) * 50)])
    bundle = parcel.write(tmp_path / "out.tar")
    data = bytearray(bundle.read_bytes())
    # Past the first block: a bundle that does not begin like one is refused whole (see below).
    where = random.Random(seed).randrange(1024, len(data))
    data[where] ^= 1 << random.Random(seed).randrange(8)
    bundle.write_bytes(data)
    answer = desk.run("import", bundle)
    assert answer.status == 1
    assert "refused: " in answer.out
    assert answer.err.startswith("desk: error: ")
    assert "\ndesk: hint: export again" in answer.err
    casebook = Casebook(desk.home / "casebook")
    assert len(casebook.envelopes()) + len(casebook.blobs()) >= 7
    assert all(is_whole(path) for path in (desk.home / "casebook").rglob("*/*"))
    whole = desk.json("list")
    assert {case["kind"] for case in whole} == {"report"}
    assert len(whole) >= 3


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.9, 0.999])
def test_a_bundle_cut_short_gives_what_came_before(desk: DeskUnderTest, tmp_path: Path, cut: float) -> None:
    parcel = desk.parcel()
    for number in range(6):
        parcel.add(f"report {number}", [("a.txt", b"x")])
    bundle = parcel.write(tmp_path / "out.tar")
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[: int(len(whole) * cut)])
    assert desk.run("import", bundle).status == 1
    assert all(is_whole(path) for path in (desk.home / "casebook").rglob("*/*"))
    bundle.write_bytes(whole)
    desk.done("import", bundle)
    assert len(desk.json("list")) == 6
    assert {case["state"] for case in desk.json("list")} == {"complete"}


@pytest.mark.parametrize("data", [b"", b"x" * 5000, bytes(10240), b"manifest" + bytes(504) + b"{}"])
def test_what_is_no_bundle_is_refused(desk: DeskUnderTest, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "\x1b[2Jodd.tar"
    file.write_bytes(data)
    answer = desk.run("import", file)
    assert answer.status == 1
    assert "<U+001B>[2Jodd.tar: " in answer.err
    assert "\x1b" not in answer.err
    assert "desk: hint: " in answer.err


def test_a_missing_bundle_and_a_missing_desk_are_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    answer = desk.run("import", tmp_path / "none.tar")
    assert (answer.status, answer.err.splitlines()[0]) == (
        1,
        f"desk: error: {tmp_path}/none.tar: no such file or directory",
    )
    desk.home = tmp_path / "elsewhere"
    answer = desk.run("import", tmp_path / "none.tar")
    assert answer.status == 1
    assert "no desk in" in answer.err
    assert not desk.home.exists()


def _big_parcel(desk: DeskUnderTest) -> Parcel:
    parcel = desk.parcel()
    for number in range(30):
        parcel.add(f"report {number}", [("a.bin", os.urandom(300_000))])
    return parcel


@pytest.mark.slow
def test_a_killed_import_leaves_whole_files_and_the_next_one_finishes(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    parcel = _big_parcel(desk)
    bundle = parcel.write(tmp_path / "out.tar")
    dice = random.Random(7)
    killed = 0
    casebook = desk.home / "casebook"
    for _ in range(count(5, 100)):
        wanted = dice.randrange(1, 55)
        for path in list(casebook.rglob("*/*"))[dice.randrange(0, 40) :]:
            path.unlink()
        process = subprocess.Popen(
            desk.command("import", bundle), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            # As soon as so many files are there: the moment is chosen by what it did, not by a clock.
            deadline = time.monotonic() + 120
            while process.poll() is None and time.monotonic() < deadline:
                if sum(1 for _ in casebook.rglob("*/*")) >= wanted:
                    break
                time.sleep(dice.random() / 1000)
        finally:
            process.kill()
            killed += process.wait() == -signal.SIGKILL
        named = [path for path in casebook.rglob("*/*") if not path.name.startswith(".partial-")]
        assert all(is_whole(path) for path in named)
    assert killed
    desk.done("import", bundle)
    assert not list(casebook.rglob("*/.partial-*"))
    assert len(list(casebook.rglob("*/*"))) == len(parcel.members) == 60
    assert {case["state"] for case in desk.json("list")} == {"complete"}


def test_each_file_is_synced_before_it_gets_its_name(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = desk.parcel()
    desk.done("import", parcel.write(tmp_path / "empty.tar"))  # makes the folders
    parcel.add("one", [("a.txt", b"hello")])
    bundle = parcel.write(tmp_path / "out.tar")
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(number: int) -> None:
        done.append("fsync folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "fsync file")
        fsync(number)

    def noted_replace(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    desk.done("import", bundle)
    # Two files into the casebook, its folders; then what the server held, and what it said.
    kept = [*["fsync file", "rename"] * 2, *["fsync folder"] * 2]
    noted = [*["fsync file", "rename"] * 2, "fsync folder"]
    assert done == kept + noted


def test_merging_two_casebooks_is_copying_files(desk: DeskUnderTest, tmp_path: Path) -> None:
    first, second = desk.parcel(), desk.parcel()
    first.add("one", [("a.txt", b"a")])
    second.add("two", [("b.txt", b"b")])
    desk.done("import", first.write(tmp_path / "first.tar"))
    one = _everything(desk.home / "casebook")
    for path in (desk.home / "casebook").rglob("*/*"):
        path.unlink()
    desk.done("import", second.write(tmp_path / "second.tar"))
    for name, data in one.items():
        (desk.home / "casebook" / name).write_bytes(data)
    assert sorted(case["begins"] for case in desk.json("list")) == ["one", "two"]
    assert {case["state"] for case in desk.json("list")} == {"complete"}
