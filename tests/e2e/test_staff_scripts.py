"""What the staff's scripts do when something goes wrong: with stand-ins for the server and for ssh."""

import hashlib
import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.visits import SHIPPED, Computer, Visits
from tests.e2e.waiting import BOUND, until

ONION = "a" * 56 + ".onion"
SERVER = """#!/bin/sh
# Stands in for the server's Python: -m flask --app app export -, or import FILE
echo "$VIGIL_DATA|$*" >>"$0.said"
. "$0.does"
"""


class Server:
    """A release whose commands do what a test wants: shell, with FILE as $6."""

    def __init__(self, folder: Path, does: str) -> None:
        self.python, self.under_way = folder / "release/.venv/bin/python", folder / "cache"
        self.python.parent.mkdir(parents=True)
        self.under_way.mkdir()
        self.locks = folder / "locks"
        self.locks.mkdir()
        self.python.write_text(SERVER)
        self.python.chmod(0o755)
        self.python.with_name("python.does").write_text(does)
        (folder / "vigil.env").write_text("# how it is set up\n\nVIGIL_DATA=/a b;c $(d)\nVIGIL_LAST=no end")
        places = [folder / "release", folder / "vigil.env", self.under_way, self.locks]
        self.command = [str(each) for each in (SHIPPED / "vigil-staff", *places)]

    def environ(self, asked: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "SSH_ORIGINAL_COMMAND": asked}

    def asked(self, asked: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self.command,
            env=self.environ(asked),
            input=given,
            capture_output=True,
            timeout=BOUND,
            check=False,
        )

    @property
    def said(self) -> str:
        return self.python.with_name("python.said").read_text()


WHOLE = 'printf whole; echo "vigil: 3 reports are in the bundle" >&2'


def test_the_servers_own_command_runs_with_the_servers_settings(linux: None, tmp_path: Path) -> None:
    server = Server(tmp_path, WHOLE)
    done = server.asked("fetch")
    assert (done.returncode, done.stdout) == (0, b"whole")
    assert done.stderr == b"vigil: 3 reports are in the bundle\n"
    assert server.said == "/a b;c $(d)|-m flask --app app export -\n"


@pytest.mark.parametrize(
    ("does", "status"),
    [("echo broken >&2; exit 1", 1), ("kill -9 $$", 1), ("exit 2", 1), (WHOLE + "; exit 4", 4)],
    ids=["refused", "killed", "wrongly called", "something is lost"],
)
def test_the_status_says_whether_a_whole_bundle_came(
    linux: None, tmp_path: Path, does: str, status: int
) -> None:
    assert Server(tmp_path, does).asked("fetch").returncode == status


def brought(given: bytes) -> str:
    return f"bring {hashlib.sha256(given).hexdigest()}"


def test_no_visit_leaves_its_time_behind(linux: None, tmp_path: Path) -> None:
    server = Server(tmp_path, '[ "$6" = - ] || { cat "$6"; echo "read $6"; }')
    os.utime(server.under_way, (0, 0))
    before = server.under_way.stat()
    assert server.asked("fetch").returncode == 0
    done = server.asked(brought(b"a bundle"), b"a bundle")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"a bundleread the bundle\n"
    assert list(server.under_way.iterdir()) == []
    after = server.under_way.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns) == (before.st_mtime_ns, before.st_ctime_ns)


def test_bundles_come_in_one_after_the_other(linux: None, tmp_path: Path) -> None:
    server = Server(tmp_path, 'echo began >>"$0.order"; cat "$6" >>"$0.order"; echo ended >>"$0.order"')
    order = server.python.with_name("python.order")
    pipes = subprocess.PIPE
    with ExitStack() as ended:
        # The first has the lock, and waits for its bundle; the others have theirs and wait for the lock.
        first = ended.enter_context(
            subprocess.Popen(server.command, env=server.environ(brought(b"1\n")), stdin=pipes)
        )
        until(lambda: (server.locks / "lock").exists(), "lock")
        others = [
            ended.enter_context(
                subprocess.Popen(server.command, env=server.environ(brought(b"2\n")), stdin=pipes)
            )
            for _ in range(2)
        ]
        for other in others:
            assert other.stdin is not None
            other.stdin.write(b"2\n")
            other.stdin.close()
        until(lambda: waiting(server.locks / "lock") == len(others), "others at the lock")
        assert not order.exists()
        assert first.stdin is not None
        first.stdin.write(b"1\n")
        first.stdin.close()
    assert [first.returncode, *(other.returncode for other in others)] == [0, 0, 0]
    assert order.read_text().split() == ["began", "1", "ended", *["began", "2", "ended"] * 2]


def waiting(lock: Path) -> int:
    """How many processes wait for this lock."""
    wanted = f":{lock.stat().st_ino}"
    lines = Path("/proc/locks").read_text().splitlines()
    return sum(" -> " in line and line.split()[6].endswith(wanted) for line in lines)


def test_nothing_is_taken_in_that_a_full_disk_cut_off(linux: None, tmp_path: Path) -> None:
    server = Server(tmp_path, "exit 0")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "df").write_text("#!/bin/sh\necho head\necho a b c 1000\n")
    (programs / "df").chmod(0o755)
    environment = server.environ("bring " + "0" * 64)
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    done = subprocess.run(server.command, env=environment, input=b"x", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"disk is full" in done.stderr
    assert not server.python.with_name("python.said").exists()


# ---- who may come in


def test_there_is_always_one_who_may_come_in_and_nobody_is_it(visits: Visits, tmp_path: Path) -> None:
    made = Visits(tmp_path)
    clients, keys = made.onion / "authorized_clients", made.root / "etc/vigil/staff_keys"
    for _ in range(2):
        assert made.client("init").returncode == 0
    assert [path.name for path in clients.iterdir()] == ["nobody.auth"]
    key = (made.root / "etc/vigil/staff_host_key").read_bytes()
    (one, other) = (Computer(tmp_path / name, ONION) for name in ("one", "other"))
    assert made.client("add", "one", given=one.public).returncode == 0
    assert made.client("add", "other-one", given=other.public).returncode == 0
    assert made.client("list").stdout == "one\nother-one\n"
    assert made.client("add", "one", given=other.public).returncode == 1
    assert made.client("init").returncode == 0
    assert (made.root / "etc/vigil/staff_host_key").read_bytes() == key
    assert {line.split()[0] for line in keys.read_text().splitlines()} == {"restrict"}
    assert made.client("remove", "one").returncode == 0
    assert made.client("list").stdout == "other-one\n"
    assert [line.split()[-1] for line in keys.read_text().splitlines()] == ["other-one"]
    assert made.client("remove", "one").returncode == 1
    assert made.client("remove", "other-one").returncode == 0
    assert [path.name for path in clients.iterdir()] == ["nobody.auth"]
    assert keys.read_text() == ""
    for path, mode in ((clients, 0o700), (clients / "nobody.auth", 0o600), (keys, 0o640)):
        assert path.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize(
    ("name", "change", "status"),
    [
        ("nobody", ("", ""), 1),
        ("../evil", ("", ""), 1),
        ("-x", ("", ""), 1),
        ("Anna", ("", ""), 1),
        ("a b", ("", ""), 1),
        (".*", ("", ""), 1),
        ("x" * 33, ("", ""), 1),
        ("", ("", ""), 1),
        ("anna", ("descriptor:x25519:", "descriptor:x25519:A"), 1),
        ("anna", ("descriptor:x25519:", "descriptor:ed25519:"), 1),
        ("anna", ("descriptor:x25519:", ""), 1),
        ("anna", ("ssh-ed25519 ", 'command="sh" ssh-ed25519 '), 1),
        ("anna", ("ssh-ed25519 AAAA", "ssh-ed25519 BBBB"), 1),
        ("anna", ("ssh-ed25519 ", "ssh-rsa "), 1),
        ("anna", ("ssh-ed25519 ", "\n"), 1),
        ("anna", ("ssh-ed25519 ", "ssh-ed25519"), 1),
    ],
    ids=repr,
)
def test_only_a_name_and_two_public_keys_let_somebody_in(
    visits: Visits, tmp_path: Path, name: str, change: tuple[str, str], status: int
) -> None:
    made = Visits(tmp_path)
    assert made.client("init").returncode == 0
    given = Computer(tmp_path / "computer", ONION).public.replace(*change) if change[0] else ""
    given = given or Computer(tmp_path / "other", ONION).public
    assert made.client("add", name, given=given).returncode == status
    assert made.client("list").stdout == ""
    assert (made.root / "etc/vigil/staff_keys").read_text() == ""


def test_a_wrong_call_says_how(visits: Visits) -> None:
    for arguments in ((), ("add",), ("remove",), ("list", "all"), ("init", "now"), ("--help",)):
        done = visits.client(*arguments)
        assert done.returncode == 2
        assert "init | add NAME | remove NAME | list" in done.stderr


# ---- at the staff's computer


class Away(Computer):
    """A computer of staff whose ssh does what a test wants."""

    def __init__(self, folder: Path, does: str) -> None:
        self.programs = folder / "programs"
        self.programs.mkdir()
        (self.programs / "ssh").write_text(f"#!/bin/sh\n{does}\n")
        (self.programs / "ssh").chmod(0o755)
        super().__init__(folder / "keys of anna", ONION)

    def environ(self, socks: int) -> dict[str, str]:
        told = super().environ(socks)
        return {**told, "PATH": f"{self.programs}:{told['PATH']}"}


@pytest.mark.parametrize(
    ("does", "status", "kept"),
    [
        ("printf whole", 0, True),
        ("printf whole; exit 4", 4, True),
        ("printf half; exit 255", 255, False),
        ("printf half; exit 1", 1, False),
        ("printf half; kill -9 $$", 137, False),
    ],
)
def test_only_a_whole_bundle_becomes_a_file(
    visits: Visits, tmp_path: Path, does: str, status: int, kept: bool
) -> None:
    computer, out = Away(tmp_path, does), tmp_path / "out of it.tar"
    assert computer("fetch", out).returncode == status
    assert [path.name for path in tmp_path.glob("out*")] == (["out of it.tar"] if kept else [])
    if kept:
        assert out.read_bytes() == b"whole"
        assert out.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_written_over_and_keys_are_made_once(
    visits: Visits, tmp_path: Path
) -> None:
    computer, out = Away(tmp_path, "printf whole"), tmp_path / "out.tar"
    out.write_bytes(b"older")
    assert computer("fetch", out).returncode == 1
    assert out.read_bytes() == b"older"
    before = computer.public
    assert computer("keys", ONION).returncode == 1
    assert before.splitlines()[1] == (computer.home / "ssh_key.pub").read_text().rstrip("\n")
    for path in computer.home.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".pub"
    assert computer("bring", tmp_path / "nothing").returncode == 1
    for wrong in (("keys", "vigil.example"), ("keys", "a" * 55 + ".onion"), ("fetch",), ("scp", "x"), ()):
        assert computer(*wrong).returncode in {1, 2}
