"""What the tests of the running site share: servers, a desk, browsers, a Tor network.

A test says by its fixtures which programs it needs. Where one is missing the test is left out, and the
summary says so; with CI set nothing may be left out. `make tools` installs them all.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as ChromiumProcess
from playwright.sync_api import sync_playwright

from publishing.publish import publish
from tests import site as in_process
from tests.e2e import newsroom, small_disk
from tests.e2e.answers import Answers, everything
from tests.e2e.checkers import MODULES
from tests.e2e.chromium import FLAGS, PROGRAM, Chromium, launched
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.lighthouse import Lighthouse
from tests.e2e.scripted import Scripted
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.tornet import TorNet, free_ports
from tests.e2e.visits import Visits
from tests.e2e.waiting import BOUND
from tests.soak import world

HERE = Path(__file__).parent
# Fixture -> the programs that it needs.
NEEDS = {
    "chromium": (PROGRAM,),
    "firefox": ("firefox-esr",),
    "scripted_firefox": ("firefox-esr",),
    "tor": ("tor", "tor-gencert"),
    "tor_itself": ("tor",),
    "onionbalance": ("onionbalance", "tor", "tor-gencert"),
    "visits": ("ssh-keygen", "openssl", "base32"),
    "tracer": ("strace",),
    "checkers": ("java",),
    "lighthouse": ("node",),
    "linux": ("/proc/self/exe",),
    "nginx": ("nginx",),
    "postgres": ("psql",),
    "ssh": ("sshd", "ssh", "nc", "bwrap"),
    "debian": ("mmdebstrap",),
    "clock": ("faketime",),
    "namespace": ("bwrap",),
}
# These take longest: begun first, none of them is left to run alone at the end. See Makefile, TWO_ROWS.
LONGEST = (
    "install",
    "failover",
    "everything",
    "browsers_keep_what_is_typed",
    "failures",
    "desk_kit",
    "mailbox",
    "kept",
)
MakeSite = Callable[..., Site]
OpenWindow = Callable[..., Chromium]


def missing(item: pytest.Item) -> set[str]:
    """The programs that a test needs and this machine lacks."""
    fixtures = set(getattr(item, "fixturenames", ()))
    needed = {program for name in fixtures & NEEDS.keys() for program in NEEDS[name]}
    lacking = {program for program in needed if not shutil.which(program)}
    if fixtures & {"checkers", "lighthouse"} and not MODULES.is_dir():
        lacking.add("what tests/package.json names")
    if "world" in fixtures:
        lacking.update(world.missing())
    if ("small_disk" in fixtures and not small_disk.possible()) or (
        "loop_disk" in fixtures and not small_disk.loops()
    ):
        lacking.add("a disk that may be mounted (unshare --mount, mount -o loop)")
    return lacking


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and leave out those whose programs are missing.

    :raises pytest.UsageError: with CI set, when one is missing.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
    names = [HERE / f"test_{name}.py" for name in LONGEST]
    items.sort(key=lambda item: names.index(item.path) if item.path in names else len(names))
    lacking = {item: missing(item) for item in items if item.path.is_relative_to(HERE)}
    left_out = [item for item in items if lacking.get(item)]
    programs = sorted(set().union(*lacking.values()))
    if programs and "CI" in os.environ:
        raise pytest.UsageError(f"nothing may be left out here, and these are missing: {', '.join(programs)}")
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
        config.stash[LEFT_OUT] = f"{len(left_out)} tests left out, for want of: {', '.join(programs)}"


LEFT_OUT = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, and how to have it."""
    if LEFT_OUT in config.stash:
        terminalreporter.write_line(f"{config.stash[LEFT_OUT]} (make tools)", yellow=True)


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with practice keys: `desk` is the desk's home, `data` has the server's team.keys."""
    folder = tmp_path_factory.mktemp("practice")
    Desk(folder / "desk").init_practice(folder / "data")
    return folder


@pytest.fixture
def make_site(practice: Path, tmp_path: Path) -> Iterator[MakeSite]:
    """Make servers of this test's own, each in a new folder, not started yet; the test's end kills them."""
    with ExitStack() as ended:

        def make(**options: object) -> Site:
            folder = tmp_path / f"site{len(made)}"
            made.append(site := Site(folder, practice / "data", **options))  # type: ignore[arg-type]  # passed on
            ended.callback(site.kill)
            return site

        made: list[Site] = []
        yield make


@pytest.fixture(scope="session")
def site(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running server, the starter's texts published, for all tests that only use it as people do."""
    # Not in pytest's folder, whose path may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="doors") as doors:
        folder = tmp_path_factory.mktemp("site") / "site"
        made = Site(folder, practice / "data", doors=Path(doors))
        publish(in_process.CONTENT, made.data / "site.db")
        with made as running:
            yield running


@pytest.fixture(scope="session")
def whole_site(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server with something published of every kind, drafts too, that takes files up to 1 MB."""
    folder = tmp_path_factory.mktemp("whole")
    content = newsroom.write(folder / "content")
    environment = {"VIGIL_CONTENT": str(content), "VIGIL_MAX_FILE_MB": "1"}
    made = Site(folder / "site", practice / "data", environment=environment)
    publish(content, made.data / "site.db", drafts=True)
    with made as running:
        yield running


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site in this process, for its address map."""
    made = in_process.Site.make(tmp_path_factory.mktemp("application"))
    yield made.app
    made.close()


@pytest.fixture(scope="session")
def answers(
    whole_site: Site, application: Flask, practice: Path, tmp_path_factory: pytest.TempPathFactory
) -> Answers:
    """All that `whole_site` answers."""
    folder = tmp_path_factory.mktemp("answers")
    shutil.copytree(practice / "desk", folder / "desk")
    return everything(whole_site, application, Desk(folder / "desk"), folder)


@pytest.fixture(scope="session")
def opened_forms(site: Site) -> list[Source]:
    """Forms opened a while ago: the site makes whoever sends at once wait, to slow robots."""
    return [Source(site.address) for _ in range(30)]


@pytest.fixture
def source(site: Site, opened_forms: list[Source]) -> Source:
    """Somebody at the form of the running server."""
    return opened_forms.pop() if opened_forms else Source(site.address)


@pytest.fixture
def desk(practice: Path, tmp_path: Path) -> Desk:
    """A practice desk that holds no case yet and can open what any server here received."""
    home = tmp_path / "desk"
    shutil.copytree(practice / "desk", home)
    return Desk(home)


@pytest.fixture(scope="session")
def chromium() -> Iterator[ChromiumProcess]:
    """One Chromium for all windows."""
    with sync_playwright() as playwright:
        process = launched(playwright)
        yield process
        process.close()


@pytest.fixture
def window(chromium: ChromiumProcess) -> Iterator[OpenWindow]:
    """Open private windows of Chromium: with `script`, a `width` and a colour `scheme`."""
    with ExitStack() as closed:

        def open_window(**options: object) -> Chromium:
            opened = Chromium(chromium, **options)  # type: ignore[arg-type]  # passed on
            closed.callback(opened.close)
            return opened

        yield open_window


@pytest.fixture(scope="session")
def lighthouse(chromium: ChromiumProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lighthouse]:
    """Lighthouse, with a Chromium of its own."""
    port = free_ports(1)[0]
    flags = [*FLAGS, f"--remote-debugging-port={port}"]
    process = chromium.browser_type.launch(executable_path=PROGRAM, args=flags, timeout=BOUND * 1000)
    yield Lighthouse(port, tmp_path_factory.mktemp("lighthouse"))
    process.close()


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """A Firefox without JavaScript."""
    browser = Firefox()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def scripted_firefox() -> Iterator[Firefox]:
    """A Firefox that runs JavaScript."""
    browser = Firefox(script=True)
    yield browser
    browser.close()


@pytest.fixture(params=["chromium", "firefox"])
def either(request: pytest.FixtureRequest, window: OpenWindow, scripted_firefox: Firefox) -> Scripted:
    """Each of the browsers, with JavaScript."""
    return Scripted(scripted_firefox if request.param == "firefox" else window(script=True))


@pytest.fixture(scope="session")
def visits() -> Iterator[Visits]:
    """The staff's way in, set up and with nobody to let in yet; to be opened for a site."""
    # Not in pytest's folder, whose path may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="staff") as folder:
        made = Visits(Path(folder))
        done = made.client("init")
        assert done.returncode == 0, done.stderr
        yield made


@pytest.fixture(scope="session")
def tor(site: Site, visits: Visits) -> Iterator[TorNet]:
    """A private Tor network; the running server is one onion service, the staff's way in another."""
    # As above.
    with tempfile.TemporaryDirectory(prefix="tor") as folder:
        staff = (visits.onion, f"unix:{visits.socket}")
        with TorNet(Path(folder) / "net", f"unix:{site.doors}/http.sock", staff=staff) as net:
            yield net


@pytest.fixture
def tor_itself() -> None:
    """Named by tests that ask tor something, and need no network."""


@pytest.fixture
def onionbalance() -> None:
    """Named by tests that put Onionbalance before several onion services."""


@pytest.fixture
def tracer() -> None:
    """Named by tests that run the server under strace."""


@pytest.fixture
def linux() -> None:
    """Named by tests that look into /proc, or come from an address that only Linux has."""


@pytest.fixture
def checkers() -> None:
    """Named by tests that have pages judged by the Nu checker and axe."""


@pytest.fixture
def nginx() -> None:
    """Named by tests that put nginx before the site."""


@pytest.fixture(scope="session")
def postgres() -> None:
    """Named by tests that start a PostgreSQL, whichever engine the others are on."""


@pytest.fixture
def ssh() -> None:
    """Named by tests in which staff come by ssh, through Tor."""


@pytest.fixture
def debian() -> None:
    """Named by tests that make a Debian of their own, in which the installer runs."""


@pytest.fixture(name="small_disk")
def mounted_disk() -> None:
    """Named by tests that mount a disk of their own."""


@pytest.fixture
def loop_disk() -> None:
    """Named by tests that mount a file as a disk."""


@pytest.fixture(name="world")
def of_machines() -> None:
    """Named by tests that make machines of their own, in namespaces."""


@pytest.fixture
def clock() -> None:
    """Named by tests that set the server's clock."""
