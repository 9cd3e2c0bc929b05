#!/usr/bin/python3
"""`systemctl` in a Debian tree: what a file system can answer, the real one; the rest, little_init.py."""

import json
import os
import socket
import sys

words = [word for word in sys.argv[1:] if word != "--quiet" and not word.startswith("--value")]
if words[0] in {"enable", "disable", "is-enabled"}:
    os.execve("/usr/bin/systemctl", ["systemctl", *sys.argv[1:]], {**os.environ, "SYSTEMD_OFFLINE": "1"})
if words[0] == "daemon-reload":
    sys.exit(0)
verb, *units = (word for word in words if not word.startswith("-") and word != "MainPID")
units = [unit if "." in unit else f"{unit}.service" for unit in units]
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect("/run/little.sock")
    stream = asked.makefile("rwb")
    stream.write(json.dumps([verb, *units]).encode() + b"\n")
    stream.flush()
    status, said = json.loads(stream.readline())
print(said, end="" if not said else "\n", file=sys.stdout if status == 0 else sys.stderr)
sys.exit(status)
