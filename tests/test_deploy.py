"""What gunicorn's configuration promises, where it needs no running site."""

import subprocess
import sys
from pathlib import Path

import pytest

from web import circuit

ROOT = Path(__file__).parent.parent

NOBODY_CAUGHT_IT = """
import runpy, types
conf = runpy.run_path("deploy/gunicorn.conf.py")
counted = []
app = types.SimpleNamespace(extensions={"vigil.unexpected": lambda *what: counted.append(what)})
conf["post_worker_init"](types.SimpleNamespace(wsgi=app))
import gevent

def fail():
    raise ValueError("what a visitor sent")

for _ in range(3):
    gevent.spawn(fail).join()
gevent.idle()
print(counted)
"""


def run(code: str, limits: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f'{limits} exec "$@"', "sh", sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )


def test_what_nobody_caught_is_counted_once_a_minute_and_printed_nowhere() -> None:
    done = run(NOBODY_CAUGHT_IT)
    assert done.stderr == ""
    assert done.stdout.strip() == "[('ValueError', 'gevent')]"


@pytest.mark.parametrize(
    ("limits", "connections", "files"),
    [
        ("ulimit -n 90;", 8, 90),
        ("ulimit -n 120;", 20, 120),
        ("ulimit -Sn 100; ulimit -Hn 180;", 50, 180),
    ],
)
def test_a_worker_takes_no_more_connections_than_it_may_open_files_for(
    limits: str, connections: int, files: int
) -> None:
    code = (
        "import resource, runpy\n"
        'conf = runpy.run_path("deploy/gunicorn.conf.py")\n'
        'conf["on_starting"](None)\n'
        'print(conf["worker_connections"], resource.getrlimit(resource.RLIMIT_NOFILE)[0])\n'
    )
    assert run(code, limits).stdout.split() == [str(connections), str(files)]


def test_the_circuit_is_handed_on_under_the_name_that_the_site_asks_for() -> None:
    done = run("from deploy import worker; print(worker.CIRCUIT)")
    assert done.stdout.strip() == circuit.KEY


PLACES = """
import time
from deploy import connection, worker

class Sock:
    def __init__(self):
        self.shut = False
    def settimeout(self, seconds):
        self.patience = seconds
    def recv(self, size):
        asked.append((self, size, self.patience))
        return said
    def shutdown(self, how):
        self.shut = True

asked, said = [], b"x"
one = connection.Connection(Sock(), by_nginx=False)
now = time.monotonic()
one.recv(8192)
print("head", 29 < asked[-1][2] <= 30)
one.begin()
one.recv(1 << 20)
print("body", asked[-1][1:])
one.expect()
one.recv(8192)
print("idle", asked[-1][2])
one._waiting = True

def ranked(phase, since):
    each = connection.Connection(Sock(), by_nginx=False)
    each._phase, each._since, each._waiting = phase, since, True
    return each

slow, fast = ranked(connection.BODY, now - 31), ranked(connection.BODY, now - 1)
old, new = ranked(connection.HEAD, now - 9), ranked(connection.HEAD, now - 1)
idle, busy = ranked(connection.IDLE, now), ranked(connection.BODY, now - 999)
busy._waiting = False
those = {"slow": slow, "fast": fast, "old": old, "new": new, "idle": idle, "busy": busy}
going = []
while waiting := [(place, each) for each in those.values() if (place := each.place(now))]:
    worker.shed(waiting)
    gone = [name for name, each in those.items() if each._sock.shut and name not in going]
    going += gone
print(*going)
"""


def test_who_has_us_wait_for_least_goes_first_and_who_we_work_for_never() -> None:
    done = run(PLACES)
    assert done.stdout.splitlines() == [
        "head True",
        "body (262144, None)",
        "idle 15.0",
        "idle old new slow",
    ]
