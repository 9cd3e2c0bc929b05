"""The drill: back up under load, lose the server, restore elsewhere, and miss nothing called received."""

import base64
import json
import os
import random
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

from tests import inside
from tests.counts import count
from tests.e2e.answers_mailbox import Visitor, words_of
from tests.e2e.conftest import MakeSite
from tests.e2e.desk import Desk
from tests.e2e.search import found
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.test_slow_clients import SlowUpload
from tests.e2e.waiting import until

SENDERS = 4
BEFORE, SLOW = count(6, 200), count(2, 40)
MARK = "backupmarker"
ANSWER = f"{MARK} what the team answered"


@dataclass
class Received:
    """A report whose page said received."""

    content: bytes
    words: str


@dataclass
class Load:
    """Sources that send one report after the other until it is over."""

    site: Site
    received: dict[str, Received] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def send_for_ever(self, number: int) -> None:
        chance, sent = random.Random(number), 0
        while not self.over.is_set():
            sent += 1
            name = f"{MARK} {number} {sent} {chance.getrandbits(64):x}"
            content = f"{MARK} of a file ".encode() * chance.choice([1, 900, 8_000])
            with suppress(OSError):
                source = Source(self.site.address).attach((f"{MARK}.bin", content), text=name)
                if source.send(name):
                    self.received[name] = Received(content, words_of(source.answer))


def beside_each_other(site: Site, folder: Path) -> Sequence["CompletedProcess[str]"]:
    """Back up while the site also sweeps and exports; give what each said, the backup first."""
    with ThreadPoolExecutor(3) as pool:
        started: list[Future[CompletedProcess[str]]] = [
            pool.submit(site.flask, "backup", folder / "backup"),
            pool.submit(site.flask, "sweep"),
            pool.submit(site.flask, "export", folder / "beside.tar"),
        ]
        return [each.result() for each in started]


def form_keys(data: Path) -> list[bytes]:
    lines = (data / "form.keys").read_text().splitlines()[1:]
    return [each for line in lines for each in (line[11:].encode(), base64.b64decode(line[11:]))]


def test_nothing_that_was_received_before_a_backup_is_missing_after_the_server_is_lost(
    make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    load = Load(site)
    asked = Source(site.address)
    assert asked.send(f"{MARK} asked {os.urandom(8).hex()}")
    asked_words = words_of(asked.answer)
    (case,) = [each["case"] for each in desk.take(site, tmp_path / "first.tar").cases()]
    desk.reply(case, ANSWER).give(site, tmp_path / "back.tar")

    uploads = [SlowUpload(site, number) for number in range(SLOW)]
    with ThreadPoolExecutor(SENDERS) as pool:
        for number in range(SENDERS):
            pool.submit(load.send_for_ever, number)
        try:
            until(lambda: len(load.received) >= BEFORE, "reports received")
            for upload in uploads:
                upload.start()
            before = dict(load.received)
            said = beside_each_other(site, tmp_path)
            during = len(load.received)
            until(lambda: len(load.received) > during, "report received after it")
        finally:
            load.over.set()
    for upload in uploads:
        upload.join()
    assert [each.returncode for each in said] == [0, 0, 0], [each.stderr for each in said]
    assert all(upload.attached for upload in uploads)

    backup = tmp_path / "backup"
    (tmp_path / "alone").mkdir()
    shutil.copy(backup, tmp_path / "alone")
    secrets = form_keys(site.data)
    assert not found([MARK.encode(), asked_words.encode(), *secrets], tmp_path / "alone")

    site.kill()
    shutil.rmtree(site.data)
    new = make_site()
    shutil.rmtree(new.data)
    restored = new.flask("restore", backup)
    assert restored.returncode == 0, restored.stderr
    assert not found([MARK.encode()], *new.disks)
    new.start()

    desk.take(new, tmp_path / "restored.tar")
    cases = {each["begins"]: each for each in desk.cases()}
    assert before
    assert before.keys() <= cases.keys()
    assert {each["state"] for each in cases.values()} == {"complete"}
    for name, kept in list(before.items())[:: max(1, len(before) // 5)]:
        desk.files(cases[name]["case"], tmp_path / name)
        assert kept.content in [path.read_bytes() for path in (tmp_path / name).rglob("*.bin")]
        page = Visitor(new).press("opened", "open", {"code": kept.words})
        assert page.status == 200
        assert "still on this server" in page.text
    page = Visitor(new).press("opened", "open", {"code": asked_words})
    assert ANSWER in page.text

    # And it goes on: a report, an answer to it, and the next backup.
    later = Source(new.address)
    assert later.send(f"{MARK} later")
    case = desk.take(new, tmp_path / "later.tar").opened(f"{MARK} later")["case"]
    desk.reply(case, ANSWER).give(new, tmp_path / "back2.tar")
    assert ANSWER in Visitor(new).press("opened", "open", {"code": words_of(later.answer)}).text
    assert new.flask("sweep").returncode == 0
    assert new.flask("backup", tmp_path / "second").returncode == 0
    checks = json.loads(new.flask("doctor", "--json", "--url", new.url).stdout)
    well = {
        "start",
        "keys",
        "list of keys",
        "permissions",
        "store",
        "failures",
        "headers",
        "sweep",
        "backup",
    }
    assert well <= {check["name"] for check in checks if check["ok"]}, checks


def test_what_a_source_deleted_before_a_backup_does_not_come_back(
    make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    source = Source(site.address).attach(("a.bin", b"a" * 70_000), text="deleted before")
    assert source.send("deleted before")
    visitor = Visitor(site)
    visitor.press("opened", "open", {"code": words_of(source.answer)})
    visitor.press("asked", "delete-all")
    visitor.press("emptied", "erase-all")
    assert site.flask("backup", tmp_path / "backup").returncode == 0
    site.kill()
    new = make_site()
    assert new.flask("restore", tmp_path / "backup").returncode == 0
    rows = [table for table, _ in inside.values(new.data) if table.startswith(("slot", "body", "blob"))]
    assert rows == []
    assert inside.ids(new.data) == set()
    new.start()
    desk.take(new, tmp_path / "restored.tar")
    assert desk.cases() == []


def test_a_site_whose_restore_was_cut_off_does_not_start_and_says_what_to_do(
    make_site: MakeSite, tmp_path: Path
) -> None:
    site = make_site().start()
    assert Source(site.address).send("before")
    assert site.flask("backup", tmp_path / "backup").returncode == 0
    site.kill()
    new = make_site()
    inside.leave_half_restored(new.data)
    assert new.spawn().wait(120) != 0
    assert "is not finished" in new.output()
    told = new.flask("export", tmp_path / "out")
    assert told.returncode == 1
    assert "run it again" in told.stderr
    assert new.flask("restore", tmp_path / "backup").returncode == 0
    new.start()
