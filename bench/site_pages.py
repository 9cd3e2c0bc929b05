"""The public site: what an article weighs, how fast it comes, and ten thousand of them."""

import re
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from markdown_it import MarkdownIt

from . import newsroom, pace, server, weight, wire
from .scale import Scale
from .server import Server
from .table import Row

# Enough to fill what the workers keep in memory: with more, nothing should grow.
FEW = 400
CONNECTIONS = 8
_ARTICLE = re.compile(r"<loc>[^<]*(/articles/[a-z0-9-]+)</loc>")


def publish(folder: Path, content: Path) -> float:
    """Publish a content folder as the newsroom does; the seconds it took.

    :raises server.SetUpFailed: it was refused.
    """
    begun = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "publish"],
        cwd=server.ROOT,
        env=server.environment(folder) | {"VIGIL_CONTENT": str(content)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    if run.returncode:
        raise server.SetUpFailed(f"publish: {run.stderr.strip()}")
    return time.monotonic() - begun


def longest(site: Server) -> str:
    """The path of the heaviest article of all."""
    plain = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
    with wire.Connection(site.address) as connection:
        listed = connection.ask("/sitemap.xml", plain).body.decode()
        sizes = {match[1]: len(connection.ask(match[1]).body) for match in _ARTICLE.finditer(listed)}
    if not sizes:
        raise wire.BrokenAnswer("/sitemap.xml lists no article")
    return max(sizes, key=lambda path: sizes[path])


def measure(site: Server, one_line: Server, scale: Scale) -> list[Row]:
    """One article: its first load without scripts, its pace, and what a browser that has it is sent."""
    path = longest(site)
    first = weight.load(site.address, path, scripts=False)
    whole = wire.get(site.address, path)
    with wire.Connection(site.address) as connection:
        again = connection.ask(path, [*wire.BROWSER, ("If-None-Match", whole.headers["etag"])])
    if again.status != 304:
        raise wire.BrokenAnswer(f"{path} asked for by its ETag answers {again.status}")
    rounds = [
        (pace.per_second(site.address, path, scale), pace.per_second(one_line.address, "/", scale))
        for _ in range(scale.rounds)
    ]
    ours, theirs = zip(*rounds, strict=True)
    return [
        Row("First load of an article, no JavaScript", first.on_the_wire / 1000, first.unpacked / 1000),
        Row("Its requests, pictures included", first.requests, 1),
        Row("GET an article", statistics.median(ours), statistics.median(theirs)),
        Row("An article that the browser has", again.received / 1000, whole.received / 1000),
    ]


def measure_many(folder: Path, scale: Scale) -> list[Row]:
    """Many articles: publishing them, searching them, and what they add to the server's memory.

    ``folder`` holds practice keys.
    """
    few = min(FEW, scale.articles)
    publish(folder, newsroom.write(folder / "few", few))
    with server.running(server.SITE, folder) as site:
        before = _memory_after_reading(site, few, scale.read)
    many = newsroom.write(folder / "many", scale.articles)
    seconds = publish(folder, many)
    with server.running(server.SITE, folder) as site:
        found = searched(site, scale.searches)
        plain = _timed(site, ["/healthz"], scale.searches)
        after = _memory_after_reading(site, scale.articles, scale.read)
    grown = None if before is None or after is None else max(0, after - before) / 1e6
    return [
        Row("10,000 articles published", seconds, _rendered(many)),
        Row("10,000 articles, memory they add", grown, None if before is None else before / 1e6),
        Row("Search among 10,000 articles, p95", 1000 * p95(found), 1000 * p95(plain)),
    ]


def _memory_after_reading(site: Server, articles: int, read: int) -> int | None:
    """The memory of all its processes once so many pages have been read, each as often as the others."""
    with ExitStack() as opened:
        # A connection stays with its worker: several, so that both have read.
        connections = [opened.enter_context(wire.Connection(site.address)) for _ in range(CONNECTIONS)]
        for number in range(read):
            path = f"/articles/{newsroom.slug(number * 7919 % articles)}"
            if connections[number % CONNECTIONS].ask(path).status != 200:
                raise wire.BrokenAnswer(f"{path} is not there")
    return server.pss_bytes(site.processes())


def searched(site: Server, times: int) -> list[float]:
    """The seconds of each of so many searches, for what every article has to what none has."""
    return _timed(site, [f"/search?q={quote(words)}" for words in newsroom.SEARCHES], times)


def _timed(site: Server, paths: list[str], times: int) -> list[float]:
    """The seconds of each of so many answers, the paths in turn."""
    seconds = []
    with wire.Connection(site.address) as connection:
        for number in range(times):
            path = paths[number % len(paths)]
            begun = time.perf_counter()
            if connection.ask(path).status != 200:
                raise wire.BrokenAnswer(f"{path} does not answer")
            seconds.append(time.perf_counter() - begun)
    return seconds


def p95(seconds: list[float]) -> float:
    """What nineteen of twenty do not exceed."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def _rendered(content: Path) -> float:
    """The seconds that reading and rendering the same texts takes, nothing checked and nothing kept."""
    begun = time.monotonic()
    parser = MarkdownIt("commonmark")
    for file in (content / "articles").iterdir():
        parser.render(file.read_text(encoding="utf-8").rpartition("+++\n")[2])
    return time.monotonic() - begun
