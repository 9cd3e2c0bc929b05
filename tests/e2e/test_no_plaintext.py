"""No word of a report on the server's disk: not in a file, a temp file, the WAL, a log, nor for a moment."""

import os
import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from socket import socket

import pytest

from payload.outline import Kind
from tests import engine, inside
from tests.counts import count
from tests.e2e import filled
from tests.e2e.conftest import MakeSite
from tests.e2e.http_client import connected, head, multipart, request, reset, urlencoded
from tests.e2e.search import found
from tests.e2e.server import Site
from tests.e2e.source import Form, Source
from tests.e2e.trace import calls, strace, to_file
from tests.e2e.waiting import until

MARK = f"marker{os.urandom(12).hex()}"
LARGE = 1_300_000  # more than anything a form parser keeps in memory before it makes a temp file
# What a post of the form may want; `upload` is the script's, and no button.
WANTED = ["review", "send", "attach", "upload"]


def marked(size: int) -> bytes:
    """Content of this many bytes in which the marker stands again and again."""
    return (f"{MARK} content\n".encode() * (size // 40 + 1))[:size]


def marked_text(name: str, _kind: Kind) -> str:
    """An answer with the marker in it."""
    return f"{MARK} {name}"


def look_through(source: Source) -> Source:
    """Answer everything with a file attached, look it through, change it, and look it through again."""
    source.attach((f"{MARK} name.txt", marked(20_000)), text=f"{MARK} text").caption(0, f"{MARK} caption")
    source.write(said=filled.as_fields(marked_text, entries=1)).press("do", "add-people")
    source.write(said={"people-1-names": f"{MARK} alias"}).press("do", "add-vehicles")
    source.press("do", "drop-vehicles-1")
    assert source.review()
    source.press("do", "change-people")
    assert source.form.value("people-1-names") == f"{MARK} alias"
    assert source.review()
    return source


def send_whole(site: Site) -> None:
    """Reports that arrive: small and large, attached before and along the way, in both encodings."""
    for size in (200, LARGE):
        source = Source(site.address)
        source.attach((f"{MARK} name.txt", marked(size)), text=f"{MARK} text")
        assert source.send(f"{MARK} text", [("upload", f"{MARK} late.txt", marked(size))])
    assert look_through(Source(site.address)).send()
    assert "received" in send_contact(site, f"{MARK} message " * 500).ids
    text_only = Source(site.address)
    body, kind = urlencoded([*text_only.controls(f"{MARK} text " * 2_000), ("do", "send")])
    assert request(site.address, "POST", "/report", body, kind).status == 200


def send_contact(site: Site, message: str) -> Form:
    """A message to the team, and what the page that answers it holds."""
    draft = Form(request(site.address, "GET", "/contact").text).value("draft")
    fields = [("draft", draft), ("to", "team"), ("topic", f"{MARK} topic"), ("reach", f"{MARK} number")]
    body, kind = urlencoded([*fields, ("message", message)])
    return Form(request(site.address, "POST", "/contact", body, kind).text)


def send_refused(site: Site) -> None:
    """Reports that are refused: their words come back in the page, and must stay in memory all the same."""
    source = Source(site.address)
    assert not source.send(f"{MARK} text " * 12_000)
    assert MARK in source.answer.text
    assert not source.write("", {"people-0-names": f"{MARK} name " * 300}).send_at_once()
    assert MARK in source.form.value("people-0-names")
    garbled = [("draft", "garbled"), ("what_happened", f"{MARK} text"), ("file", f"{MARK} token")]
    strays = [("caption", f"{MARK} caption"), ("no-longer-asked", f"{MARK} answer"), (f"{MARK}-0-x", MARK)]
    body, kind = multipart([*garbled, *strays], [("upload", f"{MARK} name", marked(LARGE))])
    request(site.address, "POST", "/report", body, kind)
    assert MARK in send_contact(site, f"{MARK} message " * 2_000).value("message")
    request(site.address, "GET", f"/{MARK}/?q={MARK}")
    request(site.address, "GET", f"/report/more?section={MARK}&number={MARK}")


def with_file(source: Source, do: str) -> tuple[bytes, str]:
    """A post of the form with a large file in it: its body and content type."""
    fields = [*source.controls(f"{MARK} text"), ("do", do)]
    return multipart(fields, [("upload", f"{MARK} name.txt", marked(LARGE))])


def break_off(site: Site, parts: Sequence[float] = (0.2, 0.6, 0.99)) -> None:
    """Posts that break off after a part of their bytes, whatever they want."""
    source = Source(site.address)
    for do in WANTED:
        for part in parts:
            body, kind = with_file(source, do)
            with suppress(OSError):
                sock = connected(site.address)
                sock.sendall(head("POST", "/report", "127.0.0.1", len(body), kind, {}))
                sock.sendall(body[: int(len(body) * part)])
                reset(sock)


def stay_in_the_middle(site: Site) -> list[socket]:
    """Posts that are under way: the sockets, which have to be kept open."""
    source = Source(site.address)
    held = []
    for do in WANTED:
        body, kind = with_file(source, do)
        sock = connected(site.address)
        sock.sendall(head("POST", "/report", "127.0.0.1", len(body), kind, {}))
        sock.sendall(body[:-5_000])
        held.append(sock)
    return held


def test_no_file_of_the_server_ever_holds_a_word_of_a_report(
    tracer: None, make_site: MakeSite, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    site = make_site(prefix=strace(trace)).start()
    send_whole(site)
    send_refused(site)
    break_off(site)
    held = stay_in_the_middle(site)
    until(lambda: len(inside.ids(site.data)) >= len(held), "uploads under way")
    site.kill()
    for sock in held:
        sock.close()

    assert not found([MARK.encode()], *site.disks)
    # The last line may be cut off in the middle by the kill; every other write is looked at.
    traced = list(calls(trace))
    written = [call for call in traced if to_file(call)]
    assert not [call.line[:300] for call in written if MARK in call.line]
    # And that this proves something: the trace saw the blobs being written, and would have seen the marker.
    blobs = str(site.data / "blobs")
    seen = any(call.path.startswith(blobs) and "write" in call.name for call in written)
    assert seen is not engine.is_postgres()
    assert any(MARK in call.line for call in traced if not to_file(call)), "the refused text went to a socket"

    # What the next start and the sweep make of the remains.
    site.start()
    assert site.flask("sweep").returncode == 0
    site.kill()
    assert not found([MARK.encode()], *site.disks)


def test_nothing_but_sealed_files_is_stored_of_a_report_before_it_is_sent(make_site: MakeSite) -> None:
    site = make_site().start()
    source = look_through(Source(site.address))
    assert stored(site) == {"blob.id": 1}
    site.kill()
    assert not found([MARK.encode()], *site.disks)
    site.start()
    assert source.send()
    assert stored(site) == {"blob.id": 1, "slot.id": 1, "body.id": 1}
    site.kill()
    assert not found([MARK.encode()], *site.disks)


def stored(site: Site) -> Counter[str]:
    """How many sealed files and reports the server's tables have."""
    tables = ("blob.id", "slot.id", "body.id")
    return Counter(place for place, _ in inside.values(site.data) if place in tables)


def test_a_server_killed_at_any_moment_leaves_no_word_of_a_report(make_site: MakeSite) -> None:
    site = make_site()
    for attempt in range(count(3, 30)):
        site.start()
        before = inside.ids(site.data)

        def send(site: Site = site) -> None:
            with suppress(OSError, AssertionError):
                while True:
                    source = Source(site.address)
                    source.attach((f"{MARK} name.txt", marked(LARGE)), text=f"{MARK} text")
                    source.send(f"{MARK} text", [("upload", f"{MARK}.txt", marked(600_000))])

        def look(site: Site = site) -> None:
            with suppress(OSError, AssertionError):
                while True:
                    look_through(Source(site.address))

        with ThreadPoolExecutor(4) as pool:
            for way in (send, look, send, look):
                pool.submit(way)
            until(lambda before=before: inside.ids(site.data) - before, "blob under way")  # type: ignore[misc]
            time.sleep(0.05 * attempt)  # another moment each time: not to wait for anything
            site.kill()
        assert not found([MARK.encode()], *site.disks)


def test_no_process_of_the_server_dumps_its_memory_to_disk(linux: None, make_site: MakeSite) -> None:
    site = make_site().start()
    assert site.process is not None
    for process in family(site.process.pid):
        (line,) = re.findall(r"Max core file size +(\d+) +(\d+)", (process / "limits").read_text())
        assert line == ("0", "0")


def family(process: int) -> list[Path]:
    """The /proc folders of a server's processes: the master and its workers."""
    master = Path("/proc") / str(process)
    children = (master / "task" / str(process) / "children").read_text().split()
    assert children
    return [master, *(Path("/proc") / child for child in children)]


@pytest.mark.parametrize("do", WANTED)
def test_a_broken_off_upload_leaves_no_blob(make_site: MakeSite, do: str) -> None:
    site = make_site().start()
    body, kind = with_file(Source(site.address), do)
    sock = connected(site.address)
    sock.sendall(head("POST", "/report", "127.0.0.1", len(body), kind, {}))
    sock.sendall(body[:-50_000])
    until(lambda: inside.ids(site.data), "blob of the upload under way")
    reset(sock)
    until(lambda: not inside.ids(site.data), "end of the blob")
