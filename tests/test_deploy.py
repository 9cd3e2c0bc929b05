"""What gunicorn's configuration promises, where it needs no running site."""

import subprocess
import sys
from pathlib import Path

import pytest

from web import circuit, line

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


def test_circuit_and_line_are_handed_on_under_the_names_that_the_site_asks_for() -> None:
    done = run("from deploy import worker; print(worker.CIRCUIT, worker.LINE)")
    assert done.stdout.split() == [circuit.KEY, line.KEY]
