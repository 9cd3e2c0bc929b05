"""What the staff's scripts do when something goes wrong: with stand-ins for the server and for ssh."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.visits import SHIPPED, Computer, Visits
from tests.e2e.waiting import BOUND, until

ONION = "a" * 56 + ".onion"
SERVER = """#!/bin/sh
# Stands in for the server's Python: -m flask --app app export FILE
echo "$VIGIL_DATA|$*" >>"$0.said"
. "$0.does"
"""


class Server:
    """A release whose commands do what a test wants: shell, with FILE as $6."""

    def __init__(self, folder: Path, does: str) -> None:
        self.python, self.under_way = folder / "release/.venv/bin/python", folder / "cache"
        self.python.parent.mkdir(parents=True)
        self.under_way.mkdir()
        self.python.write_text(SERVER)
        self.python.chmod(0o755)
        self.python.with_name("python.does").write_text(does)
        (folder / "vigil.env").write_text("# how it is set up\n\nVIGIL_DATA=/a b;c $(d)\nVIGIL_LAST=no end")
        places = [folder / "release", folder / "vigil.env", self.under_way]
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

    @property
    def left(self) -> list[str]:
        return [path.name for path in self.under_way.iterdir() if path.name != "lock"]


WHOLE = 'printf whole >"$6"; echo "vigil: 3 reports are in $6"'


def test_the_servers_own_command_runs_with_the_servers_settings(linux: None, tmp_path: Path) -> None:
    server = Server(tmp_path, WHOLE)
    done = server.asked("fetch")
    assert (done.returncode, done.stdout) == (0, b"whole")
    assert done.stderr == b"vigil: 3 reports are in the bundle\n"
    assert server.said == f"/a b;c $(d)|-m flask --app app export {server.under_way}/bundle\n"
    assert server.left == []


@pytest.mark.parametrize(
    ("does", "status", "stdout"),
    [
        ("echo broken >&2; exit 1", 1, b""),
        ("kill -9 $$", 1, b""),
        ("exit 0", 1, b""),
        (WHOLE + "; echo lost >&2; exit 1", 4, b"whole"),
    ],
    ids=["refused", "killed", "wrote nothing", "something is lost"],
)
def test_the_status_says_whether_a_whole_bundle_came(
    linux: None, tmp_path: Path, does: str, status: int, stdout: bytes
) -> None:
    server = Server(tmp_path, does)
    done = server.asked("fetch")
    assert (done.returncode, done.stdout) == (status, stdout)
    assert server.left == []


def test_what_a_power_cut_left_goes_with_the_next_visit(linux: None, tmp_path: Path) -> None:
    server = Server(tmp_path, f'[ ! -e "$6" ] || exit 9; {WHOLE}')
    (server.under_way / "bundle").write_bytes(b"half")
    assert server.asked("fetch").stdout == b"whole"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_visit_that_is_ended_leaves_nothing(linux: None, tmp_path: Path, number: signal.Signals) -> None:
    server = Server(tmp_path, 'printf half >"$6"; exec sleep 1000')
    visit = subprocess.Popen(
        server.command, env=server.environ("fetch"), stdout=subprocess.DEVNULL, start_new_session=True
    )
    until(lambda: server.left, "bundle under way")
    os.killpg(visit.pid, number)
    assert visit.wait(BOUND) != 0
    assert server.left == []


def test_one_who_reads_slowly_keeps_nobody_waiting(linux: None, tmp_path: Path) -> None:
    server = Server(tmp_path, 'head -c 2000000 /dev/zero >"$6"')
    with subprocess.Popen(server.command, env=server.environ("fetch"), stdout=subprocess.PIPE) as slow:
        assert slow.stdout is not None
        assert slow.stdout.read(1)
        assert len(server.asked("fetch").stdout) == 2_000_000
        assert len(slow.stdout.read()) == 1_999_999
    assert slow.returncode == 0
    assert server.left == []


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
