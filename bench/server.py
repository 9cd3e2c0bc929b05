"""Start a WSGI application under the site's own gunicorn configuration, look at its processes, end it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from store import Store, open_store

from . import wire

ROOT = Path(__file__).parent.parent
SITE = "app:create_app()"
ONE_LINE = "bench.reference:one_line()"
FLASK_FILES = "bench.reference:flask_files()"
UNSEALED = "bench.reference:unsealed()"
# In a site's folder: the URL of its database, where that is not in the folder too.
DATABASE = "database-url"
START_SECONDS = 300.0
STOP_SECONDS = 15.0


class SetUpFailed(Exception):  # noqa: N818 - says what happened
    """Something the bench needs did not come up; says what it printed."""


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, its master process, and the socket at which tor stands."""

    address: wire.Address
    master: int
    by_tor: Path

    def processes(self) -> list[int]:
        """The master and its workers."""
        return [self.master, *children(self.master)]


def environment(folder: Path) -> dict[str, str]:
    """The environment of a practice site in a folder, without the caller's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIL_", "DESK_"))}
    ours = {"VIGIL_DATA": str(folder), "VIGIL_PRACTICE": "1", "TMPDIR": str(folder)}
    url = database_url(folder)
    return kept | ours | ({"VIGIL_DATABASE_URL": url} if url else {})


def database_url(folder: Path) -> str | None:
    """The URL of the database of the site in a folder; None for SQLite."""
    said = folder / DATABASE
    return said.read_text() if said.exists() else None


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder on the disk that the site itself would use, emptied afterwards."""
    above = ROOT / "var"
    above.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=above, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The store of the site in a folder."""
    store = open_store(folder, database_url=database_url(folder))
    try:
        yield store
    finally:
        store.close()


def command(*arguments: str, folder: Path) -> None:
    """Run a Python command of ours to its end.

    :raises SetUpFailed: it did not succeed.
    """
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if run.returncode:
        raise SetUpFailed(f"{' '.join(arguments)}: {run.stderr.strip()}")


def practice_keys(folder: Path) -> None:
    """Make practice keys and a practice desk, as the first `make serve` does."""
    subprocess.run(
        [ROOT / "scripts" / "practice-keys.sh"],
        cwd=ROOT,
        env=environment(folder) | {"PYTHON": sys.executable},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=300,
    )


@contextmanager
def running(application: str, folder: Path, **settings: str) -> Iterator[Server]:
    """Serve an application on loopback until the block ends. The first page has been answered by then.

    ``settings`` are more of the environment.

    :raises SetUpFailed: it does not answer.
    """
    # A socket's path has to be short.
    with tempfile.TemporaryDirectory(prefix="vg") as doors, (folder / "server.log").open("w+") as log:
        by_tor = Path(doors) / "http.sock"
        with (
            socket.create_server(("127.0.0.1", 0), backlog=2048) as listener,
            socket.create_server(str(by_tor), family=socket.AF_UNIX, backlog=2048) as door,
        ):
            address: wire.Address = listener.getsockname()[:2]
            handed = [listener.fileno(), door.fileno()]
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
                    *(word for number in handed for word in ("--bind", f"fd://{number}")),
                    application,
                ],
                cwd=ROOT,
                env=environment(folder) | settings,
                stdout=log,
                stderr=log,
                pass_fds=handed,
                start_new_session=True,
            )
        try:
            _wait(process, address, log.name)
            yield Server(address, process.pid, by_tor)
        finally:
            _stop(process)


def _wait(process: "subprocess.Popen[bytes]", address: wire.Address, log: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            wire.get(address, "/")
            if len(children(process.pid)) >= 2 or not Path("/proc").exists():
                return
        except (OSError, wire.BrokenAnswer):
            pass  # not yet: tried again until the deadline
        time.sleep(0.05)
    raise SetUpFailed(f"the server does not answer: {Path(log).read_text().strip()}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask, then insist: the site itself would wait hours for uploads under way."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass  # the group is killed below in any case
    finally:
        with suppress(ProcessLookupError):  # all of it has ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# ---- what /proc says of processes. Where there is none, these give None.


def children(process: int) -> list[int]:
    """The direct children of a process, empty where there is no /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(stat)
        if fields and int(fields[1]) == process:
            found.append(int(stat.parent.name))
    return sorted(found)


def cpu_seconds(processes: list[int]) -> float | None:
    """The CPU time processes have used, in user and in system mode."""
    used = [_fields(Path(f"/proc/{process}/stat")) for process in processes]
    if not all(used):
        return None
    return sum(int(fields[11]) + int(fields[12]) for fields in used) / os.sysconf("SC_CLK_TCK")


def pss_bytes(processes: list[int]) -> int | None:
    """The memory of processes, what they share counted once."""
    return _summed([f"/proc/{process}/smaps_rollup" for process in processes], "Pss:", 1024)


def rss_bytes(process: int) -> int | None:
    """The memory a process holds now."""
    return _summed([f"/proc/{process}/status"], "VmRSS:", 1024)


def peak_bytes(process: int) -> int | None:
    """The most memory a process has held since `forget_peak`."""
    return _summed([f"/proc/{process}/status"], "VmHWM:", 1024)


def forget_peak(process: int) -> None:
    """Let the peak begin anew."""
    reset = Path(f"/proc/{process}/clear_refs")
    if reset.exists():
        reset.write_text("5")


def disk_bytes(processes: list[int]) -> int | None:
    """The bytes that processes have given to the disk, page cache included."""
    return _summed([f"/proc/{process}/io" for process in processes], "write_bytes:", 1)


def _fields(stat: Path) -> list[str]:
    """The fields of a process's stat after its name: the first is its state."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _summed(files: list[str], label: str, unit: int) -> int | None:
    if not files or not all(Path(name).exists() for name in files):
        return None
    total = 0
    for name in files:
        lines = [line for line in Path(name).read_text().splitlines() if line.startswith(label)]
        total += sum(int(line.split()[1]) for line in lines) * unit
    return total
