"""The desk's page used without a browser: what a person does in it, by plain requests and forms.

Run as a program where there is no network: `python -m tests.e2e.desk_page HOME BUNDLE BACK PORT TRACE [DESK]`
serves the desk (by the command DESK) under strace, does a day's work in it and prints as JSON what was seen.
"""

import html
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

BOUND = 120.0  # seconds until something that is waited for must be there


class Page:
    """The one browser that the desk has let in."""

    def __init__(self, start: str) -> None:
        self.host, self.path = start.removeprefix("http://").split("/", 1)
        self.cookie = ""
        self.text = ""
        self.at = f"/{self.path}"
        self.go(self.at, site="none")

    def go(self, path: str, fields: dict[str, str] | None = None, site: str = "same-origin") -> "Page":
        """Ask for a page, or send a form, and follow where it leads."""
        for _ in range(5):
            status, location = self._ask(path, fields, site)
            if location is None:
                assert status < 400, (status, self.shown)
                self.at = path
                return self
            path, fields = location, None
        raise AssertionError(f"{path} leads nowhere")

    def _ask(self, path: str, fields: dict[str, str] | None, site: str) -> tuple[int, str | None]:
        asking = http.client.HTTPConnection(self.host, timeout=BOUND)
        headers = {"Sec-Fetch-Site": site, "Cookie": self.cookie, "Origin": f"http://{self.host}"}
        if fields is None:
            asking.request("GET", path, headers=headers)
        else:
            typed = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
            asking.request("POST", path, urlencode(fields), typed)
        answer = asking.getresponse()
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.split(";")[0]
        self.text = answer.read().decode("utf-8", "replace")
        location = answer.getheader("Location")
        asking.close()
        return answer.status, location

    @property
    def shown(self) -> str:
        """The words of the page."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    def link(self, words: str) -> str:
        """The address that a link with these words leads to."""
        for found in re.finditer(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', self.text, re.DOTALL):
            if words in html.unescape(re.sub(r"<[^>]+>", "", found[2])):
                return html.unescape(found[1])
        raise AssertionError(f"no link {words!r} in {self.shown}")

    def follow(self, words: str) -> "Page":
        return self.go(self.link(words))

    def send(self, ending: str, **typed: str) -> "Page":
        """Fill in the form whose address ends so, with what it holds hidden, and send it."""
        for found in re.finditer(r'<form [^>]*?action="([^"]+)"[^>]*>(.*?)</form>', self.text, re.DOTALL):
            action = html.unescape(found[1])
            if action.endswith(ending):
                hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[2])
                return self.go(action, {**{name: html.unescape(value) for name, value in hidden}, **typed})
        raise AssertionError(f"no form to {ending} in {self.shown}")

    def until(self, words: str) -> "Page":
        """Ask for the page anew until these words are on it."""
        end = time.monotonic() + BOUND
        while words not in self.shown:
            assert time.monotonic() < end, self.shown
            time.sleep(0.2)
            self.go(self.at)
        return self


@contextmanager
def served(home: Path, port: int, trace: Path, desk: Sequence[str]) -> Iterator[str]:
    """Serve the desk, its calls to the network written down; give the address of the start."""
    traced = [shutil.which("strace") or "strace", "-f", "-qq", "-e", "trace=%network", "-o", str(trace)]
    command = [*desk, "--home", str(home), "serve", "--port", str(port), "--no-browser"]
    process = subprocess.Popen([*traced, *command], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
    finally:
        # As Ctrl-C in a terminal does: to all of them at once.
        os.killpg(process.pid, signal.SIGINT)
        try:
            ended = process.wait(BOUND)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert ended == 0, ended


def day(page: Page, bundle: Path, back: Path) -> dict[str, str]:
    """Unlock, take a bundle in, read, look, note, link, answer, write the bundle that goes back, lock."""
    seen = {"asked": page.shown}
    page.send("/unlock", name="Anna", passphrase="practice").until("Inbox")
    page.follow("Bundles").send("/in", typed=str(bundle))
    seen["imported"] = page.shown
    page.follow("Inbox").follow("A van came twice")
    seen["case"] = page.shown
    page.send("/change", what="status", status="reading")
    page.follow("Look at it safely")
    if "is not opened yet" in page.shown:  # a machine that permits no box within this network of its own
        page.send("/agree")
    page.follow("Show it blurred")
    seen["file"] = page.shown
    page.follow("Inbox").follow("Search").send("/search/", words="twice")
    seen["search"] = page.shown
    page.follow("Connections").until("score")
    seen["links"] = page.shown
    page.follow("Patterns")
    seen["patterns"] = page.shown
    page.follow("Investigations").send("/investigations/", name="Vans")
    seen["investigation"] = page.shown
    page.follow("Inbox").follow("A van came twice")
    page.follow("Reply").send("/reply", text="Thank you. Which colour was it?")
    seen["replied"] = page.shown
    page.follow("Bundles").send("/out", typed=str(back))
    seen["exported"] = page.shown
    page.send("/lock")
    seen["locked"] = page.shown
    return seen


def outside() -> list[str]:
    """The network cards of this machine, but for its loopback."""
    return [name for _, name in socket.if_nameindex() if name != "lo"]


def main() -> None:
    home, bundle, back, port, trace = sys.argv[1:6]
    desk = sys.argv[6:] or [sys.executable, "-m", "desk"]
    with served(Path(home), int(port), Path(trace), desk) as start:
        seen = day(Page(start), Path(bundle), Path(back))
    print(json.dumps({"cards": outside(), **seen}))


if __name__ == "__main__":
    main()
