"""How soon the desk's page answers over many cases, beside an answer of its server that looks nothing up."""

import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from crypto import seal
from crypto.envelope import Kind
from crypto.teamkeys import TeamKeys

from .corpus.cases import corpus
from .desks import today
from .linking import SEED
from .scale import Scale
from .server import ROOT, SetUpFailed, environment
from .table import Row

PASSPHRASE = "practice"
ASKED = 60  # times each page
ROUNDS = 5
LONG = 50.0  # ms
BOUND = 300.0
ADDRESS = "127.0.0.1"
FILTERS = ("", "?page=2", "?unread=yes", "?status=new&kind=report", "?urgent=any", "?since=2026-01-01")
WORDS = ("van", "yard", "night", "nothing like this")
# What a page says that is not made yet, which takes part of a minute once the desk is open.
NOT_YET = ("being looked through", "being drawn")
WHOLE = (
    ("connections/", "connections/?page=2", "connections/?only=telephone", "connections/?show=all"),
    ("connections/network", "connections/network?rejected=yes", "connections/network/large"),
    ("connections/places", "connections/places?by=postcode", "connections/places?by=premises"),
    ("connections/routes", "connections/timeline", "connections/timeline?page=3"),
    ("patterns/", "investigations/"),
)
CASE = re.compile(r'href="[^"]*/case/([a-z2-7]{10})"')


class Page:
    """The one browser that a served desk has let in."""

    def __init__(self, start: str) -> None:
        self._host, path = start.removeprefix("http://").split("/", 1)
        self._cookie = ""
        _, self.inside, _ = self.ask(f"/{path}")

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Give the status, where it leads, and the page."""
        asking = http.client.HTTPConnection(self._host, timeout=BOUND)
        headers = {"Cookie": self._cookie, "Origin": f"http://{self._host}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        asking.request("GET" if form is None else "POST", path, form and urlencode(form), headers)
        answer = asking.getresponse()
        self._cookie = (answer.getheader("Set-Cookie") or self._cookie).split(";")[0]
        page = answer.read().decode()
        asking.close()
        return answer.status, answer.getheader("Location") or "", page

    def unlock(self) -> str:
        """Unlock the desk; give its inbox.

        :raises SetUpFailed: it does not open.
        """
        self.ask(f"{self.inside}unlock", {"name": "bench", "passphrase": PASSPHRASE})
        end = time.monotonic() + BOUND
        while (found := self.ask(self.inside))[0] != 200:
            if time.monotonic() > end:
                raise SetUpFailed(f"the desk's page does not open: {found[0]}")
            time.sleep(0.1)
        return found[2]

    def made(self, path: str) -> None:
        """Wait until a page that needs the whole casebook is made.

        :raises SetUpFailed: it never is.
        """
        end = time.monotonic() + BOUND
        while any(words in self.ask(path)[2] for words in NOT_YET):
            if time.monotonic() > end:
                raise SetUpFailed(f"{path.rpartition('/')[2] or 'a page'} of the desk is never made")
            time.sleep(0.2)

    def p95(self, paths: Callable[[int], str]) -> float:
        """Ask one after the other; give the time, in ms, within which 95 of 100 were answered.

        What takes long is asked ``ROUNDS`` times at most, and the best round counts: what else this computer
        does at the time is not the desk's.
        """
        best = self._p95(paths)
        for _ in range(ROUNDS - 1):
            if best > LONG:
                best = min(best, self._p95(paths))
        return best

    def _p95(self, paths: Callable[[int], str]) -> float:
        took = []
        for number in range(ASKED):
            begun = time.perf_counter()
            status, _, _ = self.ask(paths(number))
            took.append(1000 * (time.perf_counter() - begun))
            if status not in (200, 204):
                raise SetUpFailed(f"a page of the desk answers {status}")
        return sorted(took)[int(0.95 * ASKED)]


@contextmanager
def served(home: Path) -> Iterator[Page]:
    """Serve a desk while inside, unlocked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "desk", "--home", home, "serve", "--port", str(_port()), "--no-browser"],
        cwd=ROOT,
        env=environment(home.parent),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not (start := re.search(r"http://\S+", line)):
            raise SetUpFailed("the desk's page did not start")
        yield Page(start[0])
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(BOUND)
        if process.stdout:
            process.stdout.close()


def _port() -> int:
    with socket.create_server((ADDRESS, 0)) as found:
        port: int = found.getsockname()[1]
    return port


def measure(folder: Path, scale: Scale) -> list[Row]:
    """The slowest of the inbox, its pages and filters, the search, cases, some of them not read yet, and all
    that is made of the whole casebook: what cases share, the network, places, routes, days, patterns."""
    home = folder / "practice-desk"
    team = TeamKeys.read((folder / "team.keys").read_bytes())
    envelopes = home / "casebook" / "env"
    envelopes.mkdir(parents=True, mode=0o700, exist_ok=True)
    epoch = team.epoch(today())
    for content in (content for case in corpus(scale.cases, SEED) for content in case.contents):
        envelope = seal.sealed(Kind.INCOMING, epoch, team.recipients(epoch), content.to_bytes())
        (envelopes / hashlib.sha256(envelope).hexdigest()).write_bytes(envelope)
    with served(home) as page:
        names = CASE.findall(page.unlock())
        inside = page.inside
        for words in WORDS:
            page.ask(f"{inside}search/", {"words": words})
        for path in (path for paths in WHOLE for path in paths):
            page.made(f"{inside}{path}")
        linked = CASE.findall(page.ask(f"{inside}connections/")[2]) or names
        for name in linked:
            page.made(f"{inside}connections/case/{name}")
        slowest = max(
            page.p95(lambda number: inside + FILTERS[number % len(FILTERS)]),
            page.p95(lambda number: f"{inside}search/{number % len(WORDS) + 1}"),
            page.p95(lambda number: f"{inside}case/{names[number % len(names)]}"),
            page.p95(lambda number: f"{inside}connections/case/{linked[number % len(linked)]}"),
            *(_p95_of(page, paths) for paths in WHOLE),
        )
        return [Row("Desk's page, 10,000 cases, p95", slowest, page.p95(lambda _number: f"{inside}still"))]


def _p95_of(page: Page, paths: tuple[str, ...]) -> float:
    return page.p95(lambda number: page.inside + paths[number % len(paths)])
