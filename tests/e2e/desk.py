"""The desk as its staff use it: the command line, in a process of its own, with the practice passphrase."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.e2e.server import ROOT, Site

PASSPHRASE = "practice"


class Desk:
    """One desk in a folder; every command runs anew and must succeed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.passphrase = home.parent / f"{home.name}.passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.passphrase.chmod(0o600)

    def __call__(self, *arguments: str | Path) -> str:
        """Run one command; give what it prints.

        :raises AssertionError: with its errors, when it does not end with status 0.
        """
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DESK_PASSPHRASE_FILE": str(self.passphrase),
        }
        done = subprocess.run(
            [sys.executable, "-m", "desk", "--home", str(self.home), *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def init_practice(self, data: Path) -> "Desk":
        """Make practice keys: the desk's here, the public ones in the server's data folder."""
        data.mkdir(parents=True, exist_ok=True)
        self("init", "--practice", "--team-keys", data / "team.keys")
        return self

    def take(self, site: Site, bundle: Path) -> "Desk":
        """Carry over all that the server keeps."""
        self("import", site.export(bundle))
        return self

    def cases(self) -> list[dict[str, Any]]:
        cases: list[dict[str, Any]] = json.loads(self("list", "--json"))
        return cases

    def show(self, case: str) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self("show", case, "--json"))
        return shown

    def opened(self, word: str) -> dict[str, Any]:
        """Give the payload of the one report that begins with this word, and its `case`."""
        (case,) = [each["case"] for each in self.cases() if each["begins"].startswith(word)]
        shown: dict[str, Any] = self.show(case)["payload"]
        return {**shown, "case": case}

    def files(self, case: str, out: Path) -> dict[str, str]:
        """Take a case's files out; give the SHA-256 of each, by its name in the folder."""
        self("files", str(case), "--out", out)
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in out.rglob("*")
            if path.is_file()
        }

    def reply(self, case: str, text: str, *files: Path) -> "Desk":
        """Answer the sources of a case; it leaves with the next `give`."""
        said = self.home.parent / "reply.txt"
        said.write_text(text)
        self("reply", case, "--text-file", said, *(word for file in files for word in ("--file", file)))
        return self

    def give(self, site: Site, bundle: Path) -> "Desk":
        """Carry back what the server is to have: replies, and what the desk holds by now."""
        self("export", bundle)
        site.take(bundle)
        return self
