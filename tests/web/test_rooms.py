"""What this room loads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_room_loads_nothing_that_reads_team_private_keys() -> None:
    program = (
        "import pkgutil, importlib, sys, web\n"
        "for found in pkgutil.iter_modules(web.__path__): importlib.import_module('web.' + found.name)\n"
        "print(sorted(m for m in ('crypto.open', 'crypto.keyfile', 'crypto.identity', 'gevent', 'peewee')"
        " if m in sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
