"""Files come out as they went in, under names that are safe, and nothing is ever overwritten."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crypto.attachment import AttachmentSealer
from payload import AttachedFile
from tests.counts import count
from tests.desk.conftest import ROOT, DeskUnderTest
from tests.payload.reports import plain_report

ODD_NAMES = [
    "../../../etc/passwd",
    "photo.jpg",
    "photo.jpg",
    "PHOTO.JPG",
    "",
    ".",
    "CON",
    "a\nb\x1b[2J\u202egpj.exe",
    "SHA256SUMS",
    "list.json",
    "x" * 900,
    "-rf",
    ".bashrc",
    "C:\\x\\y.doc",
    "имя.txt",
    "e\u0301.txt",
    "é.txt",
    'sp ace\'s "quote".txt',
]


def _case(desk: DeskUnderTest, tmp_path: Path, files: list[tuple[str, bytes]]) -> str:
    parcel = desk.parcel()
    parcel.add("with files", files)
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    return str(desk.json("list")[0]["case"])


def test_files_come_out_as_they_went_in(desk: DeskUnderTest, tmp_path: Path) -> None:
    dice = random.Random(3)
    sizes = [0, 1, 16_383, 16_384, 16_385, 65_536, 65_537, 200_000]
    sent = [(name, dice.randbytes(sizes[number % len(sizes)])) for number, name in enumerate(ODD_NAMES)]
    out = tmp_path / "saved"
    told = desk.json("files", _case(desk, tmp_path, sent), "--out", out)
    assert [(file["name"], file["size"]) for file in told] == [(name, len(data)) for name, data in sent]
    saved = [str(file["saved_as"]) for file in told]
    assert [(out / name).read_bytes() for name in saved] == [data for _, data in sent]
    assert sorted(path.name for path in out.rglob("*")) == sorted([*saved, "SHA256SUMS", "LIST.json"])
    assert json.loads((out / "LIST.json").read_bytes()) == told
    assert (out / "LIST.json").read_bytes().isascii()
    for path in out.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    assert out.stat().st_mode & 0o777 == 0o700


def test_the_manifest_is_one_that_sha256sum_checks(desk: DeskUnderTest, tmp_path: Path) -> None:
    out = tmp_path / "saved"
    desk.done("files", _case(desk, tmp_path, [(name, name.encode()) for name in ODD_NAMES]), "--out", out)
    lines = (out / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == len(ODD_NAMES)
    for line in lines:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest


def test_nothing_is_overwritten(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = _case(desk, tmp_path, [("a.txt", b"new"), ("b.txt", b"new")])
    for taken in ("b.txt", "SHA256SUMS", "LIST.json"):
        out = tmp_path / f"has {taken}"
        out.mkdir()
        (out / taken).write_bytes(b"old")
        answer = desk.run("files", case, "--out", out)
        assert (answer.status, answer.out) == (1, "")
        assert f"{taken} is there already" in answer.err
        assert [(path.name, path.read_bytes()) for path in out.iterdir()] == [(taken, b"old")]
    link = tmp_path / "has link"
    link.mkdir()
    (link / "a.txt").symlink_to(tmp_path / "elsewhere")
    assert desk.run("files", case, "--out", link).status == 1
    assert not (tmp_path / "elsewhere").exists()


def test_saving_twice_into_one_folder_is_refused(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = _case(desk, tmp_path, [("a.txt", b"new")])
    desk.done("files", case, "--out", tmp_path / "saved")
    answer = desk.run("files", case, "--out", tmp_path / "saved")
    assert answer.status == 1
    assert "name a new folder" in answer.err


def test_a_folder_that_holds_other_things_is_fine(desk: DeskUnderTest, tmp_path: Path) -> None:
    out = tmp_path / "saved"
    out.mkdir()
    (out / "mine.txt").write_bytes(b"mine")
    (out / f".partial-{'0' * 16}").write_bytes(b"left by a killed run")
    desk.done("files", _case(desk, tmp_path, [("a.txt", b"new")]), "--out", out)
    assert sorted(path.name for path in out.iterdir()) == ["LIST.json", "SHA256SUMS", "a.txt", "mine.txt"]


def test_a_case_without_files_makes_no_folder(desk: DeskUnderTest, tmp_path: Path) -> None:
    out = tmp_path / "saved"
    assert "came without files" in desk.done("files", _case(desk, tmp_path, []), "--out", out)
    assert not out.exists()


def test_a_damaged_attachment_is_not_left_behind_and_the_others_are_saved(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    case = _case(
        desk, tmp_path, [("good.txt", b"good"), ("bad.txt", b"bad" * 40_000), ("gone.txt", b"gone!")]
    )
    for blob in (desk.home / "casebook" / "blob").iterdir():
        if blob.stat().st_size > 100_000:
            with blob.open("r+b") as file:
                file.seek(-5, os.SEEK_END)
                file.write(b"12345")
    parcel_files = desk.json("show", case)["attachments"]
    assert [file["here"] for file in parcel_files] == [True] * 3
    _blob_of(desk, "gone.txt").unlink()
    out = tmp_path / "saved"
    answer = desk.run("files", case, "--out", out, "--json")
    assert answer.status == 1
    assert "desk: error: 2 of 3 files not saved" in answer.err
    told = json.loads(answer.out)
    assert [file["saved_as"] for file in told] == ["good.txt", None, None]
    assert "damaged in the casebook" in told[1]["why"]
    assert "missing" in told[2]["why"]
    assert sorted(path.name for path in out.iterdir()) == ["LIST.json", "SHA256SUMS", "good.txt"]
    assert (out / "SHA256SUMS").read_text().count("\n") == 1


def _blob_of(desk: DeskUnderTest, name: str) -> Path:
    """Find an attachment's sealed file by the hash that the payload names."""
    (case,) = desk.json("list")
    (file,) = [file for file in desk.json("show", case["case"])["payload"]["files"] if file["name"] == name]
    return desk.home / "casebook" / "blob" / file["sealed_sha256"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sha256": b"\0" * 32}, "it is not the file that the report names"),
        ({"size": 4}, "the padding is not zeros"),
        ({"size": 60_000}, "truncated"),
        ({"key": b"\0" * 32}, "a chunk does not authenticate"),
    ],
)
def test_a_report_that_lies_about_its_file_gives_no_file(
    desk: DeskUnderTest, tmp_path: Path, changed: dict[str, object], why: str
) -> None:
    sealer = AttachmentSealer()
    data = sealer.write(b"hello") + b"".join(sealer.finish())
    fields: dict[str, object] = {
        "blob": b"b" * 16,
        "key": sealer.key.reveal(),
        "name": "a.txt",
        "type": "text/plain",
        "size": 5,
        "sha256": sealer.sha256(),
        "sealed_sha256": sealer.sealed_sha256(),
    }
    parcel = desk.parcel()
    file = AttachedFile(**{**fields, **changed})  # type: ignore[arg-type]  # a test changes any field to anything
    parcel.add_report(plain_report(files=(file,)))
    parcel.members[f"blob/{'62' * 16}"] = data
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    out = tmp_path / "saved"
    answer = desk.run("files", desk.json("list")[0]["case"], "--out", out)
    assert answer.status == 1
    assert why in answer.out
    assert list(out.iterdir()) == []


def test_a_full_disk_leaves_no_plaintext_and_is_told(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = _case(desk, tmp_path, [("a.txt", b"x" * 100_000)])

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    out = tmp_path / "saved"
    out.mkdir()
    answer = desk.run("files", case, "--out", out)
    assert (answer.status, answer.err.splitlines()[0]) == (1, "desk: error: no space left on device")
    assert "make room" in answer.err
    assert list(out.iterdir()) == []


def test_a_stick_without_hard_links_is_written_to_all_the_same(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = _case(desk, tmp_path, [("a.txt", b"hello")])

    def no_links(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    desk.done("files", case, "--out", tmp_path / "saved")
    assert (tmp_path / "saved" / "a.txt").read_bytes() == b"hello"
    assert desk.run("files", case, "--out", tmp_path / "saved").status == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_save_that_is_stopped_leaves_no_half_file(
    desk: DeskUnderTest, tmp_path: Path, number: signal.Signals
) -> None:
    case = _case(desk, tmp_path, [("film.mp4", bytes(40_000_000))])
    out = tmp_path / "saved"
    process = subprocess.Popen(
        desk.command("files", case, "--out", out), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 120
        while process.poll() is None and not list(out.glob(".partial-*")) and time.monotonic() < deadline:
            time.sleep(0.001)
        process.send_signal(number)
        told = process.communicate(timeout=120)[1]
    finally:
        process.kill()
        process.wait()
    # The last two: it was done before the signal came.
    assert (process.returncode, told) in {(1, STOPPED), (0, b""), (-number, b"")}
    left = {path.name for path in out.iterdir()}
    assert left in (set(), {"film.mp4"}, {"film.mp4", "LIST.json"}, {"film.mp4", "LIST.json", "SHA256SUMS"})
    assert all(path.stat().st_size == 40_000_000 for path in out.glob("film.mp4"))


STOPPED = b"desk: error: stopped\ndesk: hint: run it again: what is whole was kept\n"
MEMORY = """
import resource, sys
from pathlib import Path
from desk.cli import main
status = main(sys.argv[1:])
# On Linux ru_maxrss begins with what the parent had before exec: the kernel's own high-water mark does not.
if sys.platform == "linux":
    told = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
else:
    told = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(told)
sys.exit(status)
"""


def test_a_large_file_is_saved_in_constant_memory(desk: DeskUnderTest, tmp_path: Path) -> None:
    peaks = {}
    for megabytes in (1, count(64, 500)):
        for old in (desk.home / "casebook").rglob("*/*"):
            old.unlink()
        case = _case(desk, tmp_path, [("film.mp4", bytes(megabytes * 10**6))])
        run = subprocess.run(
            [
                sys.executable,
                "-c",
                MEMORY,
                "--home",
                desk.home,
                "files",
                case,
                "--out",
                tmp_path / str(megabytes),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
        peaks[megabytes] = int(run.stdout.splitlines()[-1])
        assert (tmp_path / str(megabytes) / "film.mp4").stat().st_size == megabytes * 10**6
    small, large = peaks.values()
    assert large - small < 8_000  # KiB
