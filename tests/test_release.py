"""A release comes with all that a new server needs, and says what to do with it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


class Repository:
    """A small one, with the script, and keys that sign."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "source", folder
        for name in ("scripts/release.sh", "deploy/install.sh", ".gitignore"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        self.run("git", "init", "--quiet")
        self.run("git", "add", "--all")
        who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
        self.run("git", *who, "commit", "--quiet", "--message", "all")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home)}
        return subprocess.run(
            command, cwd=self.folder, env=environment, check=True, capture_output=True, text=True
        )

    def key(self, name: str) -> Path:
        key = self.home / name
        self.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key))
        return key

    def release(self, version: str, key: Path) -> subprocess.CompletedProcess[str]:
        return self.run("sh", "scripts/release.sh", version, str(key))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_what_a_new_server_needs_lies_in_one_folder(repository: Repository) -> None:
    key = repository.key("key")
    said = repository.release("1.2.3", key)
    dist = repository.folder / "dist"
    files = ["vigil-1.2.3.tar.gz", "vigil-1.2.3.tar.gz.sig", "install.sh", "release.signers"]
    assert sorted(path.name for path in dist.iterdir()) == sorted(files)
    assert f"scp {' '.join(f'dist/{name}' for name in files)} root@SERVER:" in said.stdout
    assert said.stderr == ""
    assert (dist / "install.sh").read_bytes() == (ROOT / "deploy/install.sh").read_bytes()
    verify = ["-Y", "verify", "-f", "release.signers", "-I", "release", "-n", "vigil-release"]
    with (dist / files[0]).open("rb") as release:
        subprocess.run(
            ["ssh-keygen", *verify, "-s", files[1]], cwd=dist, stdin=release, check=True, capture_output=True
        )


def test_a_key_without_its_public_half_beside_it_is_named_too(repository: Repository) -> None:
    key = repository.key("key")
    public = key.with_suffix(".pub").read_text().split()[1]
    key.with_suffix(".pub").unlink()
    repository.release("1.2.3", key)
    assert public in (repository.folder / "dist/release.signers").read_text()


def test_the_teams_own_list_stays_and_a_key_that_it_does_not_name_is_told(repository: Repository) -> None:
    repository.release("1.2.3", repository.key("key"))
    signers = repository.folder / "dist/release.signers"
    before = signers.read_bytes()
    said = repository.release("1.2.4", repository.key("another"))
    assert signers.read_bytes() == before
    assert "dist/release.signers does not name the key that signed" in said.stderr
