"""Files of 1 MB to 1 GB, sealed as they come, beside unsealed ones, and beside what others seal with.

`age`, `gpg` and the bare cipher read from a file and write to a file, fsynced: nothing comes over a
connection, nothing is parsed, and no hash is kept.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from nacl import bindings

from . import server, wire
from .large import form_of, random_bytes
from .scale import MB, Scale
from .server import Server, SetUpFailed
from .table import Row

CHUNK = 64 * 1024
NAMES = ("1 MB", "10 MB", "100 MB", "1 GB")


def measure(site: Server, unsealed: Server, folder: Path, scale: Scale) -> list[Row]:
    """Each size both ways, the best of the rounds; the last two sizes beside the others' programs."""
    rows = []
    for name, size in zip(NAMES, scale.upload_sizes, strict=True):
        piece = random_bytes(min(size, MB))
        pieces = size // len(piece)
        rounds = scale.rounds if size <= 100 * MB else 1
        ours, open_ones = [], []
        for _ in range(rounds):
            held, workers = _held(site)
            ours.append(_sent(site, site, piece, pieces))
            grown = _grown(held, workers)
            open_ones.append(_sent(unsealed, site, piece, pieces))
        rows.append(Row(f"{name} file sent, beside unsealed", min(ours), min(open_ones)))
        if name == NAMES[-1]:
            rows.append(
                Row("1 GB file sent, memory it adds", grown, size / MB if grown is not None else None)
            )
        if name in NAMES[-2:]:
            rows += _beside_others(name, min(ours), folder, piece, pieces)
    return rows


def _held(site: Server) -> tuple[int | None, list[int]]:
    workers = site.processes()[1:]
    for worker in workers:
        server.forget_peak(worker)
    sizes = [size for size in map(server.rss_bytes, workers) if size is not None]
    return (sum(sizes) if sizes else None), workers


def _grown(held: int | None, workers: list[int]) -> float | None:
    peaks = [size for size in map(server.peak_bytes, workers) if size is not None]
    return None if held is None or not peaks else max(0, sum(peaks) - held) / MB


def _sent(to: Server, site: Server, piece: bytes, pieces: int) -> float:
    """Seconds to send so many pieces as one file, and to be told that it is kept."""
    kind, body = wire.multipart(form_of(site), b"@")
    head, _, tail = body.rpartition(b"@")
    lines = [
        "POST /report HTTP/1.1",
        f"Host: {wire.host(to.address)}",
        *(f"{name}: {value}" for name, value in wire.same_site(to.address, ("HX-Request", "true"))),
        f"Content-Type: {kind}",
        f"Content-Length: {len(head) + pieces * len(piece) + len(tail)}",
    ]
    with wire.Connection(to.address) as connection:
        begun = time.perf_counter()
        connection.put("\r\n".join([*lines, "", ""]).encode() + head)
        for _ in range(pieces):
            connection.put(piece)
        connection.put(tail)
        answer = connection.read()
        taken = time.perf_counter() - begun
    if answer.status != 200:
        raise wire.BrokenAnswer(f"an upload was answered with {answer.status}")
    return taken


# ---- what others seal with


def _beside_others(name: str, ours: float, folder: Path, piece: bytes, pieces: int) -> list[Row]:
    plain, sealed = folder / "plain", folder / "sealed"
    with plain.open("wb") as out:
        for _ in range(pieces):
            out.write(piece)
    rows = []
    for what, ready in (("libsodium", _libsodium), ("age", _age), ("gpg", _gpg)):
        seal = ready(folder, plain, sealed)
        theirs = None if seal is None else _fsynced(seal, sealed)
        rows.append(Row(f"{name} file sent, beside {what}", None if theirs is None else ours, theirs))
    plain.unlink()
    return rows


def _fsynced(seal: Callable[[], None], sealed: Path) -> float:
    begun = time.perf_counter()
    seal()
    with sealed.open("rb+") as made:
        os.fsync(made.fileno())
    taken = time.perf_counter() - begun
    sealed.unlink()
    return taken


def _libsodium(_folder: Path, plain: Path, sealed: Path) -> Callable[[], None]:
    def seal() -> None:
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_push(state, os.urandom(32))
        with plain.open("rb", buffering=0) as source, sealed.open("wb") as out:
            while data := source.read(CHUNK):
                out.write(bindings.crypto_secretstream_xchacha20poly1305_push(state, data))

    return seal


def _age(folder: Path, plain: Path, sealed: Path) -> Callable[[], None] | None:
    if not (shutil.which("age") and shutil.which("age-keygen")):
        return None
    key = folder / "age.key"
    key.unlink(missing_ok=True)
    _run("age-keygen", "-o", key)
    to = next(line.split()[-1] for line in key.read_text().splitlines() if "public key" in line)
    return lambda: _run("age", "-r", to, "-o", sealed, plain)


def _gpg(folder: Path, plain: Path, sealed: Path) -> Callable[[], None] | None:
    if not shutil.which("gpg"):
        return None
    home = folder / "gpg"
    own = ("gpg", "--batch", "--quiet", "--homedir", home, "--no-autostart", "--trust-model", "always")
    if not home.exists():
        home.mkdir(mode=0o700)
        # Its agent makes the key, and is told to go.
        made = ("gpg", "--batch", "--quiet", "--homedir", home, "--passphrase", "")
        _run(*made, "--quick-generate-key", "bench@example.org", "future-default")
        _run("gpgconf", "--homedir", home, "--kill", "all")
    # Photographs and films do not get smaller; it would only try.
    return lambda: _run(*own, "--compress-algo", "none", "-o", sealed, "-r", "bench@example.org", "-e", plain)


def _run(*command: str | Path) -> None:
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if run.returncode:
        raise SetUpFailed(f"{command[0]}: {run.stderr.strip()}")
