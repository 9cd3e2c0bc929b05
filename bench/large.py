"""One large file: sealed on the way in, beside Flask's usual way and our own parser without sealing."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import server, wire
from .scale import MB, Scale
from .server import Server
from .table import Row


@dataclass
class Uploads:
    """One server under the same uploads as the others: its best time, the most it grew, what it wrote."""

    site: Server
    seconds: list[float] = field(default_factory=list)
    grown: list[int] = field(default_factory=list)
    written: list[int] = field(default_factory=list)

    def send(self, size: int, form: Callable[[], list[tuple[str, str]]]) -> None:
        """Upload ``size`` random bytes once."""
        post = wire.multipart(form(), random_bytes(size))
        headers = wire.same_site(self.site.address, ("HX-Request", "true"))
        workers = self.site.processes()[1:]
        disk = server.disk_bytes(workers)
        held = {worker: server.rss_bytes(worker) for worker in workers}
        for worker in workers:
            server.forget_peak(worker)
        with wire.Connection(self.site.address) as connection:
            begun = time.perf_counter()
            answer = connection.ask("/report", headers, (post[0], memoryview(post[1])))
            self.seconds.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise wire.BrokenAnswer(f"an upload was answered with {answer.status}")
        self._look(disk, held)

    def _look(self, disk: int | None, held: dict[int, int | None]) -> None:
        wrote = server.disk_bytes(list(held))
        if disk is not None and wrote is not None:
            self.written.append(wrote - disk)
        peaks = [(server.peak_bytes(worker), before) for worker, before in held.items()]
        growths = [peak - before for peak, before in peaks if peak is not None and before is not None]
        if growths:
            self.grown.append(sum(growths))


def measure(site: Server, flask: Server, unsealed: Server, scale: Scale) -> list[Row]:
    """The three in turn; the best of the rounds, which noise troubles least. Memory is the worst of them."""
    ours, theirs, open_ones = (Uploads(one) for one in (site, flask, unsealed))
    for uploads in (ours, theirs, open_ones):
        # Whatever is loaded at a first upload is not the file's.
        for _ in range(4):
            uploads.send(100_000, lambda: form_of(site))
        uploads.seconds, uploads.grown, uploads.written = [], [], []
    for _ in range(scale.rounds):
        for uploads in (ours, theirs, open_ones):
            uploads.send(scale.file_bytes, lambda: form_of(site))
    best = min(ours.seconds)
    return [
        Row("100 MB file, sealed and fsynced", best, min(theirs.seconds)),
        Row("100 MB file, the sealing alone", best, min(open_ones.seconds)),
        Row("100 MB file, memory it adds", _most(ours.grown, MB), _most(theirs.grown, MB)),
        Row(
            "100 MB file, disk written",
            _most(ours.written, scale.file_bytes),
            _most(theirs.written, scale.file_bytes),
        ),
    ]


def form_of(site: Server) -> list[tuple[str, str]]:
    """The fields of the form with which a script sends one file."""
    plain = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
    token = wire.draft(wire.get(site.address, "/report", plain).body.decode())
    return [("do", "upload"), ("draft", token), ("name", "film.mp4")]


def random_bytes(size: int) -> bytes:
    """Bytes that nothing can compress; a megabyte of them, repeated."""
    piece = os.urandom(MB)
    return (piece * (size // MB + 1))[:size]


def _most(figures: list[int], unit: int) -> float | None:
    return max(figures) / unit if figures else None
