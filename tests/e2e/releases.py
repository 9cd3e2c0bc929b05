"""Signed releases of this very tree, made by scripts/release.sh in a repository of their own."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.e2e.server import ROOT

SIGNER = "release@example.org"


class Releases:
    """A repository with all that the project's has, and a key that signs.

    ``signers`` is the list to give the installer; ``source`` the repository's folder, free to be changed.
    """

    def __init__(self, folder: Path) -> None:
        self.source, self.key, self.signers = folder / "source", folder / "key", folder / "signers"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split(
            "\0"
        )
        for name in filter(None, names):
            target = self.source / name
            if (ROOT / name).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
        self.git("init", "--quiet")
        self.new_key(self.key)
        public = self.key.with_suffix(".pub").read_text()
        self.signers.write_text(f'{SIGNER} namespaces="vigil-release" {public}')

    def new_key(self, key: Path) -> Path:
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)],
            check=True,
            capture_output=True,
        )
        return key

    def git(self, *arguments: str) -> None:
        who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=self.source, check=True, capture_output=True)

    def write(self, name: str, text: str) -> None:
        """Put a file into the repository."""
        (self.source / name).write_text(text)

    def make(self, version: str, key: Path | None = None) -> Path:
        """Commit what is there, and make a release of it; give the tar's path, its signature is beside it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", version)
        done = self.run(version, key or self.key)
        assert done.returncode == 0, done.stderr
        return self.source / f"dist/vigil-{version}.tar.gz"

    def run(self, version: str, key: Path) -> subprocess.CompletedProcess[str]:
        """Run scripts/release.sh."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.source)}
        return subprocess.run(
            ["scripts/release.sh", version, str(key)],
            cwd=self.source,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
