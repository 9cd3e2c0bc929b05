"""A PostgreSQL of one's own, for the bench and the tests: made in a moment, gone when the block ends.

    with running(folder) as server: url = server.fresh(); ... server.drop(url)

It listens at a unix socket alone, unless a port is asked for, and lets everyone in who can reach that. It
has a role `vigil`, an ordinary one, which owns the databases and stands in their URLs. PostgreSQL does not
run as root: there the user `postgres`, which Debian's package makes, runs it. When this process dies, so does
the server, and what lay in a temporary folder goes.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from .server import SetUpFailed

ROLE = "vigil"
# A test's server may lose all on a power cut; none of its databases is looked after.
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}
START_SECONDS = 120.0
STOP_SECONDS = 30.0
# A shell that waits for its standard input's end, when whoever started it is dead or done.
WATCHER = """cat >/dev/null
if pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null); then
    kill -QUIT "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
fi
rm -rf "$2"
"""


class Server:
    """A server: ``data`` is its data folder, ``log`` what it printed, ``sockets`` the folder of its socket.

    A URL names one database, and whoever connects by it may do there what the role `vigil` may.
    """

    def __init__(
        self, data: Path, sockets: Path, log: Path, settings: dict[str, str], prefix: Sequence[str] = ()
    ) -> None:
        self.data, self.sockets, self.log, self.prefix = data, sockets, log, prefix
        self.settings = {
            "listen_addresses": "127.0.0.1" if "port" in settings else "",
            "unix_socket_directories": str(sockets),
            "max_connections": "200",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str, role: str = ROLE) -> str:
        """The URL of a database, over TCP where there is a port; the role `postgres` may do everything."""
        if "port" in self.settings:
            return f"postgresql://{role}@127.0.0.1:{self.settings['port']}/{database}"
        return f"postgresql:///{database}?host={self.sockets}&user={role}"

    def fresh(self, like: str | None = None) -> str:
        """Make a database and give its URL: empty, or like that of another URL, which nobody may be using."""
        name = f"v{secrets.token_hex(8)}"
        self.create(name, like)
        return self.url(name)

    def create(self, name: str, like: str | None = None) -> None:
        """Make a database of this name.

        :raises psycopg.errors.DuplicateDatabase: there is one.
        """
        # Without fsync a copy of files is the quicker way; with it each of some 900 files is waited for.
        strategy = "file_copy" if self.settings.get("fsync") == "off" else "wal_log"
        template = "template0" if like is None else name_of(like)
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY {}")
        names = map(sql.Identifier, (name, ROLE, template, strategy))
        self._do(statement.format(*names))

    def drop(self, url: str) -> None:
        """Drop a database, if it is there, and cut off who uses it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._do(statement.format(sql.Identifier(name_of(url))))

    def start(self) -> None:
        """Start it, and wait until it takes connections.

        :raises SetUpFailed: it does not.
        """
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, binaries() / "postgres", "-D", self.data, *options],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=_user(),
                group=_user(),
                extra_groups=[] if _user() else None,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres", "postgres")).close()
                return
            time.sleep(0.02)
        said = self.log.read_text(errors="replace")
        self.stop()
        raise SetUpFailed(f"PostgreSQL does not start: {said[-3000:].strip()}")

    def stop(self) -> None:
        """Stop it, cutting connections off: what is committed is kept. Any number of times."""
        for number in (signal.SIGINT, signal.SIGQUIT):
            if self.process is None or self.process.poll() is not None:
                return
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End all its processes at once, as a power cut would, but for what the system still writes."""
        if self.process is None or self.process.poll() is not None:
            return
        # Each of its processes leads a group of its own, and would outlive the master for a while.
        victims = [self.process.pid, *_children(self.process.pid)]
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + STOP_SECONDS
        while any(map(_lives, victims)) and time.monotonic() < deadline:
            time.sleep(0.01)
        # Nobody may signal the number that stands there: it may be another's by and by.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running(folder: Path, prefix: Sequence[str] = (), **settings: str) -> Iterator[Server]:
    """Run a server until the block ends. ``settings`` are PostgreSQL's own; QUICK has some for tests.
    ``prefix`` is the command that runs PostgreSQL's; it has to leave it the process in which it was started.

    Data and log lie in ``folder``; where the user `postgres` cannot get there, the data lies in a new
    folder of the machine's temporary ones. With `port="..."` it listens on 127.0.0.1, too.

    :raises SetUpFailed: there is no PostgreSQL, or it does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # The path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="vgpg", ignore_cleanup_errors=True) as short:
        sockets = Path(short)
        data = (folder if _reached(folder) else sockets) / "postgres"
        data.mkdir()
        for path in (sockets, data):
            path.chmod(0o700)
            if user := _user():
                shutil.chown(path, user, user)
        server = Server(data, sockets, folder / "postgres.log", settings, prefix)
        with _watched(data, sockets):
            _initialise(server)
            try:
                server.start()
                with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
                yield server
            finally:
                server.stop()


def binaries() -> Path:
    """The folder of PostgreSQL's programs, the newest on a Debian.

    :raises SetUpFailed: there is none.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = [path for path in reversed(debian) if (path / "initdb").exists()]
    if not found and (program := shutil.which("initdb")):
        found = [Path(program).resolve().parent]
    if not found:
        raise SetUpFailed("there is no PostgreSQL; hint: as root on Debian, apt-get install postgresql")
    return found[0]


def name_of(url: str) -> str:
    """The name of the database of a URL."""
    return str(conninfo_to_dict(url)["dbname"])


def _initialise(server: Server) -> None:
    made = subprocess.run(
        [
            *(binaries() / "initdb", "-D", server.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--no-sync", "--no-instructions"),
        ],
        cwd="/",
        capture_output=True,
        text=True,
        user=_user(),
        group=_user(),
        extra_groups=[] if _user() else None,
    )
    if made.returncode:
        raise SetUpFailed(f"initdb: {made.stderr.strip()}")


@contextmanager
def _watched(data: Path, temporary: Path) -> Iterator[None]:
    """Have the server ended, and its temporary folder removed, should this process die within the block."""
    watcher = subprocess.Popen(
        ["sh", "-c", WATCHER, "sh", data, temporary], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield
    finally:
        watcher.communicate()


def _user() -> str | None:
    """The user that runs PostgreSQL where we are root; None for ourselves.

    :raises SetUpFailed: there is no such user.
    """
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise SetUpFailed("PostgreSQL does not run as root, and there is no user postgres") from None


def _reached(folder: Path) -> bool:
    """Say whether the user that runs PostgreSQL gets to ``folder``."""
    if not (user := _user()):
        return True
    tried = subprocess.run(
        ["test", "-x", folder], cwd="/", user=user, group=user, extra_groups=[], check=False
    )
    return tried.returncode == 0


def _children(master: int) -> list[int]:
    """The processes that a master has started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(master)], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Whoever inherits a dead process may take a while to bury it.
    stat = Path(f"/proc/{pid}/stat")
    with suppress(OSError):
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return False
