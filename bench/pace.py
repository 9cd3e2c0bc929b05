"""How many blank forms a second the site gives out, beside a route that does nothing."""

import re
import shutil
import statistics
import subprocess
import threading
import time

from . import wire
from .scale import Scale
from .server import Server
from .table import Row

_WRK_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)", re.MULTILINE)
_WRK_WRONG = re.compile(r"^\s*(?:Socket errors|Non-2xx).*", re.MULTILINE)


def per_second(address: wire.Address, path: str, scale: Scale) -> float:
    """GETs a second, compressed, over connections that stay open: by wrk where there is one, else our own."""
    wrk = shutil.which("wrk")
    return _by_wrk(wrk, address, path, scale) if wrk else by_threads(address, path, scale)


def _by_wrk(wrk: str, address: wire.Address, path: str, scale: Scale) -> float:
    seconds = max(1, round(scale.seconds_of_gets))
    run = subprocess.run(
        [
            *(wrk, "--threads", "1", "--connections", str(scale.connections), "--duration", f"{seconds}s"),
            *("--header", "Accept-Encoding: gzip", f"http://{address[0]}:{address[1]}{path}"),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 300,
    )
    rate, wrong = _WRK_RATE.search(run.stdout), _WRK_WRONG.search(run.stdout)
    if rate is None or wrong is not None:
        raise wire.BrokenAnswer(f"{path}: {wrong[0].strip() if wrong else run.stdout}")
    return float(rate[1])


def by_threads(address: wire.Address, path: str, scale: Scale) -> float:
    """The same by threads of this process; slower than wrk, so that the ratio flatters the site a little."""
    counts = [0] * scale.connections
    wrong: list[int] = []
    end = time.monotonic() + scale.seconds_of_gets

    def visit(place: int) -> None:
        with wire.Connection(address) as connection:
            while time.monotonic() < end and not wrong:
                answer = connection.ask(path)
                if answer.status != 200:
                    wrong.append(answer.status)
                counts[place] += 1

    begun = time.monotonic()
    threads = [threading.Thread(target=visit, args=(place,)) for place in range(scale.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wire.BrokenAnswer(f"{path} answers {wrong[0]}")
    return sum(counts) / (time.monotonic() - begun)


def measure(site: Server, one_line: Server, scale: Scale) -> list[Row]:
    """The two in turn, the median of the rounds."""
    rounds = [
        (per_second(site.address, "/report", scale), per_second(one_line.address, "/", scale))
        for _ in range(scale.rounds)
    ]
    ours, theirs = zip(*rounds, strict=True)
    return [Row("GET /report", statistics.median(ours), statistics.median(theirs))]
