"""The desk's page on a machine with no network at all: a day's work is done, and nothing else is tried."""

import io
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.desk.bundles import Parcel
from tests.desk.mail import Source
from tests.e2e import alone
from tests.e2e.server import ROOT

pytestmark = pytest.mark.usefixtures("namespace", "tracer", "linux")

PORT = 8100  # in a network of its own it is always free
CALLS = re.compile(r"\b(\w+)\((.*)")
# What may go out of the process: to the browser that asked, and between the desk's own processes.
INWARD = {
    "accept", "accept4", "bind", "getpeername", "getsockname", "getsockopt", "listen", "recvfrom", "recvmsg",
    "sendmsg", "sendto", "setsockopt", "shutdown", "socket", "socketpair",
}  # fmt: skip


@pytest.fixture
def namespace() -> None:
    """Named by tests that run programs without a network."""


def two_reports(home: Path, bundle: Path) -> Path:
    """Write a bundle of two reports that name the same plate, one of them from a mailbox, with a picture."""
    parcel = Parcel.to(home / "team.keys")
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "PNG")
    attached = parcel.add("Here is the van again, LX19 ABD.", [("van.png", picture.getvalue())]).files
    report = Source().report(bytes(16), "A van came twice. It was LX19 ABD.", files=attached)
    parcel.add_report(report)
    return parcel.write(bundle)


@pytest.fixture(scope="module")
def day(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What was seen in a day's work without a network, and the folder with all that was left."""
    folder = tmp_path_factory.mktemp("offline")
    home = folder / "desk"
    shutil.copytree(practice / "desk", home)
    bundle = two_reports(home, folder / "out.tar")
    words = [home, bundle, folder / "back.tar", str(PORT), folder / "trace"]
    done = alone.run(
        [sys.executable, "-m", "tests.e2e.desk_page", *words],
        {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
        folder=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), folder


def test_the_machine_had_no_network(day: tuple[dict[str, Any], Path]) -> None:
    assert day[0]["cards"] == []


def test_a_bundle_is_taken_in_read_answered_and_sent_back(day: tuple[dict[str, Any], Path]) -> None:
    seen, folder = day
    assert "Passphrase" in seen["asked"]
    assert "2 sends new" in seen["imported"]
    assert "A van came twice." in seen["case"]
    assert "A van came twice." in seen["search"]
    assert "LX19 ABD" in seen["links"]
    assert "2 reports" in seen["patterns"]
    assert "Vans" in seen["investigation"]
    assert "Sealed to 1 mailbox" in seen["replied"]
    assert "1 reply" in seen["exported"]
    assert "locked" in seen["locked"].lower()
    assert (folder / "back.tar").stat().st_size > 0


def test_a_strangers_picture_is_shown_from_a_cage(day: tuple[dict[str, Any], Path]) -> None:
    assert "Show it clearly" in day[0]["file"]
    assert "nothing is shown" not in day[0]["file"].lower()


def test_nothing_but_the_loopback_was_tried(day: tuple[dict[str, Any], Path]) -> None:
    _, folder = day
    lines = (folder / "trace").read_text().splitlines()
    calls = [found.groups() for line in lines if "resumed" not in line and (found := CALLS.search(line))]
    bound = {rest for name, rest in calls if name == "bind" and "AF_INET" in rest}
    assert len(bound) == 1
    assert f"htons({PORT})" in next(iter(bound))
    assert 'inet_addr("127.0.0.1")' in next(iter(bound))
    # No name is looked up, and nobody is called: not even the machine's own services.
    tried = [(name, rest) for name, rest in calls if name not in INWARD]
    assert tried == []
    assert not [rest for name, rest in calls if name == "socket" and "AF_INET6" in rest]
    to_others = [rest for name, rest in calls if name in {"sendto", "sendmsg"} and "sin_addr" in rest]
    assert to_others == []
    assert any(name.startswith("accept") for name, _ in calls)


def test_the_day_left_nothing_readable(day: tuple[dict[str, Any], Path]) -> None:
    _, folder = day
    for path in (folder / "desk").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"A van came twice" not in data, path
            assert b"Which colour" not in data, path
