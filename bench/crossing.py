"""How long the way across takes: everything out of the server, and into the desk.

One report in ten has a file of 16 KiB. The references write the same bytes in the plainest durable way.
"""

import io
import os
import tarfile
import time
from pathlib import Path

from crypto.attachment import AttachmentSealer
from crypto.teamkeys import TeamKeys

from . import server
from .desks import desk, sealed_report, today
from .scale import Scale
from .table import Row

FILE = 16_000


def measure(folder: Path, scale: Scale) -> list[Row]:
    """`flask export` and `desk import` of as many reports, each with what a command needs to start."""
    _fill(folder, scale.reports)
    bundle = folder / "bundle.tar"
    begun = time.perf_counter()
    server.command("-m", "flask", "--app", "app", "export", str(bundle), folder=folder)
    exported = time.perf_counter() - begun
    begun = time.perf_counter()
    desk(folder / "practice-desk", "import", str(bundle))
    imported = time.perf_counter() - begun
    members = _members(bundle)
    return [
        Row("Export of 1,000 reports", exported, _plain_tar(folder, members)),
        Row("Import of 1,000 reports", imported, _plain_files(folder, members)),
    ]


def _fill(folder: Path, count: int) -> None:
    team = TeamKeys.read((folder / "team.keys").read_bytes())
    with server.opened(folder) as kept:
        for place in range(count):
            blobs = []
            if place % 10 == 0:
                blob, sealer = kept.start_blob(FILE), AttachmentSealer()
                blob.write(sealer.write(os.urandom(FILE)))
                for piece in sealer.finish():
                    blob.write(piece)
                blob.finish()
                blobs.append(blob.id)
            kept.keep_report(sealed_report(team, today()), blobs, [os.urandom(16)], lambda _: os.urandom(681))


def _members(bundle: Path) -> list[tuple[str, bytes]]:
    members = []
    with tarfile.open(bundle, "r:") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                members.append((member.name, content.read()))
    return members


def _plain_tar(folder: Path, members: list[tuple[str, bytes]]) -> float:
    begun = time.perf_counter()
    with (folder / "plain.tar").open("wb") as out:
        with tarfile.open(fileobj=out, mode="w") as archive:
            for name, content in members:
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        out.flush()
        os.fsync(out.fileno())
    return time.perf_counter() - begun


def _plain_files(folder: Path, members: list[tuple[str, bytes]]) -> float:
    target = folder / "plain"
    target.mkdir()
    begun = time.perf_counter()
    for name, content in members:
        with (target / name.replace("/", "-")).open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    return time.perf_counter() - begun
