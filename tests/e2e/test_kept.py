"""What the page called received is kept, whatever happens to the server in the next moment."""

import os
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from bench.postgres import running
from tests.counts import count
from tests.e2e.conftest import MakeSite
from tests.e2e.desk import Desk
from tests.e2e.http_client import connected, head, multipart, reset
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.trace import Call, calls, strace
from tests.e2e.waiting import until

SENDERS = 6
FORMS = 60  # a round; more than its senders get sent


class Load:
    """Sources that send one report after the other, and note those whose page said received.

    Their forms were opened in the round before, since the site makes whoever sends at once wait a little.
    """

    def __init__(self) -> None:
        self.received: dict[str, bytes] = {}
        self.forms: list[Source] = []
        self.sent = 0

    def open_forms(self, site: Site) -> None:
        self.forms += [Source(site.address) for _ in range(FORMS - len(self.forms))]

    def send_for_ever(self, site: Site, number: int, over: Event) -> None:
        chance = random.Random(number)
        while not over.is_set():
            self.sent += 1
            name = f"report {number} {self.sent} {chance.getrandbits(64):x}"
            content = chance.randbytes(chance.choice([0, 900, 80_000]))
            with suppress(OSError, AssertionError):
                source = self.forms.pop(0) if self.forms else Source(site.address)
                source.attach((f"{name}.bin", content), text=name)
                if source.send(name):
                    self.received[name] = content


def test_every_report_called_received_opens_at_the_desk_though_the_server_was_killed(
    make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    site, load = make_site(), Load()
    chance = random.Random()
    for _ in range(count(10, 200)):
        site.start()
        waiting, load.forms = load.forms, []
        load.open_forms(site)
        load.forms, waiting = waiting, load.forms
        over, before = Event(), len(load.received)
        with ThreadPoolExecutor(SENDERS) as pool:
            for number in range(SENDERS):
                pool.submit(load.send_for_ever, site, number, over)
            try:
                until(lambda before=before: len(load.received) > before, "report received")  # type: ignore[misc]
                time.sleep(chance.uniform(0, 0.4))  # a random moment: not to wait for anything
            finally:
                site.kill()
                over.set()
        load.forms = waiting

    desk.take(site, tmp_path / "bundle.tar")
    opened = {case["begins"]: case for case in desk.cases()}
    assert load.received
    assert load.received.keys() <= opened.keys()
    incomplete = [name for name in load.received if opened[name]["state"] != "complete"]
    assert not incomplete
    for name in list(load.received)[:: max(1, len(load.received) // 5)]:
        desk.files(opened[name]["case"], tmp_path / name)
        assert load.received[name] in [path.read_bytes() for path in (tmp_path / name).rglob("*.bin")]


def index(traced: Sequence[Call], after: int, *names: str, path: str = "", text: str = "") -> int:
    """Where the first such call stands after this one.

    :raises AssertionError: when there is none.
    """
    for i, call in enumerate(traced[after + 1 :], after + 1):
        if call.name in names and call.path.endswith(path) and text in call.line:
            return i
    raise AssertionError(f"no {names} of {path!r} with {text!r} after call {after}")


@pytest.mark.parametrize("along_with", ["attach", "review", "send"])
def test_blob_folder_and_commit_are_on_the_disk_before_the_page_says_received(
    on_sqlite: None, tracer: None, make_site: MakeSite, tmp_path: Path, along_with: str
) -> None:
    trace = tmp_path / "trace"
    site = make_site(prefix=strace(trace, length=4_000)).start()
    blobs = site.data / "blobs"
    source = Source(site.address)
    photo = [("upload", "photo.jpg", b"x" * 300_000)]
    if along_with == "send":
        assert source.send_at_once("text", photo)
    else:
        assert source.write("text").press("do", along_with, photo).send()
    (blob,) = blobs.iterdir()
    site.stop()

    traced = list(calls(trace))
    fsyncs = "fsync", "fdatasync"
    written = max(
        i for i, c in enumerate(traced) if c.path == str(blob) and c.name.startswith(("write", "pwrite"))
    )
    blob_lasts = index(traced, written, *fsyncs, path=str(blob))
    folder_lasts = index(traced, blob_lasts, *fsyncs, path=str(blobs))
    # The blob's row, then the report's own transaction: the last that is ever written to the WAL.
    wal_writes = [i for i, c in enumerate(traced) if c.path.endswith("vigil.db-wal") and "write" in c.name]
    assert any(folder_lasts < i for i in wal_writes)
    report_lasts = index(traced, max(wal_writes), *fsyncs, path="vigil.db-wal")
    answers = "sendto", "sendmsg"
    answered = next(i for i, c in enumerate(traced) if c.name in answers and 'id=\\"received\\"' in c.line)
    assert answered > report_lasts > folder_lasts


# What PostgreSQL says once it has committed: its name for what was done, with the length before it.
COMMITTED = r"COMMIT\0"


@pytest.mark.parametrize("along_with", ["attach", "send"])
def test_postgres_has_files_and_commit_in_its_log_on_the_disk_before_the_page_says_received(
    tracer: None, postgres: None, make_site: MakeSite, tmp_path: Path, along_with: str
) -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # PostgreSQL's own user writes there
        trace, network = Path(folder) / "postgres", tmp_path / "trace"
        within = strace(trace, "recvfrom,sendto,pwrite64,fdatasync", length=4_000)
        # -D: the process that is started is PostgreSQL, and strace another.
        with running(
            tmp_path / "postgres", (within[0], "-D", *within[1:]), wal_sync_method="fdatasync"
        ) as server:
            site = make_site(
                prefix=strace(network, "recvfrom,sendto,sendmsg", length=4_000),
                environment={"VIGIL_DATABASE_URL": server.fresh()},
            ).start()
            source, photo = Source(site.address), [("upload", "photo.jpg", os.urandom(300_000))]
            if along_with == "send":
                assert source.send_at_once("text", photo)
            else:
                assert source.write("text").press("do", along_with, photo).send()
            site.stop()
        traced, asked = list(calls(trace)), list(calls(network))

    # The page was sent after PostgreSQL's word that the report is kept.
    answered = index(asked, -1, "sendto", "sendmsg", text='id=\\"received\\"')
    put = max(i for i, c in enumerate(asked[:answered]) if 'INSERT INTO \\"body\\"' in c.line)
    assert index(asked, put, "recvfrom", text=COMMITTED) < answered
    # It said so when all of its log until then was on the disk; what is in the files had gone there, too.
    put = index(traced, -1, "recvfrom", text='INSERT INTO \\"body\\"')
    asked_to = index(traced, put, "recvfrom", text="COMMIT")
    said = index(traced, asked_to, "sendto", text=COMMITTED)
    written = [i for i, c in enumerate(traced[:said]) if c.name == "pwrite64" and "/pg_wal/" in c.path]
    first = next(i for i in written if i > asked_to)
    assert index(traced, first, "fdatasync", path=traced[first].path) < said
    assert sum(int(traced[i].line.rpartition("= ")[2]) for i in written) > len(photo[0][2])


def test_a_report_survives_the_server_that_died_right_after_its_page(
    make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    source = Source(site.address).attach(("a.bin", b"a" * 70_000))
    assert source.send("the last words")
    site.kill()
    desk.take(site, tmp_path / "bundle.tar")
    assert desk.opened("the last words")["files"][0]["size"] == 70_000


def test_sending_the_same_form_twice_is_one_case_at_the_desk(
    make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    source = Source(site.address).attach(("a.bin", b"a" * 70_000))
    assert source.review("pressed twice, because no answer came")
    shown = source.answer
    assert source.send()
    source.answer = shown
    assert source.send()
    desk.take(site, tmp_path / "bundle.tar")
    assert len(desk.cases()) == 1


@pytest.mark.parametrize("lost", ["the end of the form", "the answer"])
def test_a_report_sent_again_after_the_connection_broke_is_one_case_at_the_desk(
    make_site: MakeSite, desk: Desk, tmp_path: Path, lost: str
) -> None:
    site = make_site().start()
    source = Source(site.address).attach(("a.bin", b"a" * 70_000)).caption(0, "the van")
    assert source.write("sent again", {"places-0-postcode": "AB1 2CD"}).review()
    body, kind = multipart(source.parts("do", "send"))
    sock = connected(site.address)
    sock.sendall(head("POST", "/report", "127.0.0.1", len(body), kind, {}))
    if lost == "the answer":
        sock.sendall(body)
        assert sock.recv(1)  # it is on its way, so the report is kept
    else:
        sock.sendall(body[:-20])
    reset(sock)
    assert source.send()
    mine = desk.take(site, tmp_path / "bundle.tar").opened("sent again")
    assert mine["report"] == {"what_happened": "sent again", "places": [{"postcode": "AB1 2CD"}]}
    assert [file["caption"] for file in mine["files"]] == ["the van"]
