"""A day's traffic, by the open web and by Tor; then every file that any part wrote is looked through."""

import os
import random
import re
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crypto import returncode
from crypto.secret import ReturnCode
from publishing.publish import publish
from tests import site as in_process
from tests.counts import count
from tests.e2e.answers_mailbox import words_of
from tests.e2e.http_client import Answer, Files, connected, head, multipart, raw, request, reset
from tests.e2e.proxy import DOMAIN, Fronted
from tests.e2e.search import files_of, found
from tests.e2e.source import Form, Source
from tests.e2e.test_nothing_about_anyone import MALFORMED, PATHS, WORDS
from tests.e2e.tornet import TorNet

# Visitors by the open web, and by Tor.
CLEARNET, BY_TOR = count(12, 400), count(4, 60)
SIZE = count(150_000, 3_000_000)
MARK = f"daymarker{os.urandom(8).hex()}"
PAGES = ["/", "/report", "/articles/", "/agencies/", "/safety", "/feed.atom", "/mailbox", "/contact", *PATHS]
# What a client says of itself, and where it says it; all of it has "marker" in it, or an address.
SAID = {**WORDS, "X-Forwarded-Proto": "http", "Sec-CH-UA": "hintmarker", "DNT": "dntmarker"}
ADDRESSES = [f"127.77.{number // 200}.{number % 200 + 1}" for number in range(CLEARNET)]
# Every word that ends so; alone, a style sheet has it too.
_SENT = " ".join([*SAID.values(), *PATHS, *(data.decode("latin-1") for data in MALFORMED)])
MARKS = sorted({word.lower() for word in re.findall(r"[A-Za-z]+?marker", _SENT)})
# Of the log of a tor that only waits: its numbers change, and what it says of itself.
NUMBER = re.compile(r"\d+")


class Somebody(Source):
    """A source whose browser says all that a browser can say of its user."""

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        headers = {"Sec-Fetch-Site": "same-origin", **SAID}
        return request(
            self.address, method, path, body, kind, headers, source=self.address_from, socks=self.socks
        )

    def report(self) -> str:
        """Send a report with a file; give the words of its return code."""
        content = f"{MARK} content\n".encode() * (SIZE // 40)
        self.attach((f"{MARK}.txt", content), text=f"{MARK} text")
        assert self.send(f"{MARK} text", [("upload", f"{MARK} late.txt", content)]), self.answer
        return words_of(self.answer)

    def open(self, words: str) -> Answer:
        """Open a mailbox, or try to."""
        return self._post("/mailbox", "open", {"code": words})

    def contact(self) -> Answer:
        said = {
            "to": "team",
            "topic": f"{MARK} topic",
            "message": f"{MARK} message",
            "reach": f"{MARK} number",
        }
        return self._post("/contact", "", said)

    def _post(self, path: str, do: str, said: Mapping[str, str], files: Files = ()) -> Answer:
        form = Form(self._ask("GET", path).text)
        draft = form.value("draft")
        pressed = [("do", do)] if do else []
        body, kind = multipart([("draft", draft), *said.items(), *pressed], files)
        return self._ask("POST", path, body, kind)


def a_visit(number: int, address: tuple[str, int], source: str, socks: int) -> list[str]:
    """What one visitor does; give the words that they were given, which nobody else may know."""
    chance = random.Random(number)

    def get(path: str) -> int:
        return request(address, "GET", path, headers=SAID, source=source, socks=socks).status

    assert {get(path) for path in chance.sample(PAGES, 4)} <= {200, 304, 400, 404}
    assert get(f"/search?q={MARK}") == 200
    assert get(f"/{MARK}/?{MARK}={MARK}") == 404
    kind = number % 4
    if kind == 0:
        somebody = Somebody(address, source, socks)
        words = somebody.report()
        assert somebody.open(words).status == 200
        return [words]
    if kind == 1:
        guessed = Somebody(address, source, socks).open(
            " ".join(returncode.words(ReturnCode(os.urandom(16))))
        )
        assert guessed.status in {200, 403, 404, 422}
        assert "marker" not in guessed.text or MARK in guessed.text
    elif kind == 2:
        assert Somebody(address, source, socks).contact().status == 200
    else:
        breaks_things(chance, address, source, socks)
    return []


def breaks_things(chance: random.Random, address: tuple[str, int], source: str, socks: int) -> None:
    """What a broken program or a robot sends."""
    if not socks:
        for data in chance.sample(MALFORMED, 3):
            with suppress(OSError):
                raw(address, data, source=source)
    for method in ("PUT", "TRACE", "OPTIONS"):
        with suppress(OSError):
            request(address, method, f"/{MARK}", headers=SAID, source=source, socks=socks)
    body, kind = multipart([("draft", MARK), ("what_happened", MARK), ("do", "send")])
    answer = request(address, "POST", "/report", body, kind, SAID, source=source, socks=socks)
    assert answer.status in {200, 422, 403}
    with suppress(OSError), closing(connected(address, source=source, socks=socks)) as sock:
        sock.sendall(head("POST", "/report", DOMAIN, 100_000, kind, SAID) + body)
        reset(sock)


def needles(words: list[str]) -> list[bytes]:
    """What may stand nowhere: addresses, marks, and what only a source knows."""
    said = [MARK, *MARKS, *ADDRESSES, "198.51.100.", "fc00:dead", *words]
    return [each.encode() for each in said]


def shapes(log: Path) -> list[str]:
    """The lines of a tor's log without their times and numbers."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [NUMBER.sub("#", line.partition("] ")[2]) for line in lines]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: those of sockets may have 108 characters."""
    with tempfile.TemporaryDirectory(prefix="day") as made:
        yield Path(made)


def test_a_day_of_visitors_leaves_no_trace_of_any_of_them(
    nginx: None, tor_itself: None, linux: None, practice: Path, folder: Path
) -> None:
    shm = set(files_of(Path("/dev/shm")))
    site = Fronted(folder / "site", practice / "data")
    publish(in_process.CONTENT, site.data / "site.db")
    with site, TorNet(folder / "net", f"unix:{folder}/site/http.sock") as net:
        service = net.node("service").folder
        logs = [path for path in files_of(service) if path.suffix == ".log"]
        assert logs
        idle = {log: shapes(log) for log in logs}
        before = site.output()

        def visit(number: int) -> list[str]:
            if number < CLEARNET:
                return a_visit(number, site.address, ADDRESSES[number], 0)
            return a_visit(number - CLEARNET, (net.onion, 80), "", net.socks)

        with ThreadPoolExecutor(8) as pool:
            words = [each for given in pool.map(visit, range(CLEARNET + BY_TOR)) for each in given]
        assert len(words) >= CLEARNET // 4 + BY_TOR // 4

        # While all of it still runs, and its temp files would be there; then once it has ended.
        wanted = needles(words)
        assert found(wanted, site.folder, service) == []
        said = site.output().removeprefix(before).splitlines()
        assert [line for line in said if "Booting worker" not in line] == []
        assert site.nginx.output() == ""
        for log, lines in idle.items():
            assert [line for line in shapes(log) if line not in lines] == []
    assert found(wanted, site.folder, service) == []
    new = [path for path in files_of(Path("/dev/shm")) if path not in shm]
    assert [path for path in new if any(each in path.read_bytes() for each in wanted)] == []


def test_the_same_look_finds_a_log_of_visitors(
    nginx: None, linux: None, practice: Path, folder: Path
) -> None:
    log = folder / "site/nginx/planted.log"
    line = "    access_log off;\n    error_log /dev/null crit;\n    log_not_found off;\n"
    planted = {line: line.replace("access_log off", f"access_log {log} combined")}
    with Fronted(folder / "site", practice / "data", planted) as site:
        request(site.address, "GET", f"/{MARK}", headers=SAID, source=ADDRESSES[0])
    told = found(needles([]), site.folder)
    for each in (MARK, "agentmarker", "referrermarker", ADDRESSES[0]):
        assert any(str(each.encode()) in line and str(log) in line for line in told), (each, told)
