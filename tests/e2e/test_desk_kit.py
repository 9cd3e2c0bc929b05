"""A laptop that is never online: the kit is checked and installed from a stick, and the desk works."""

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from scripts import desk_kit
from tests.counts import SOAK
from tests.desk.bundles import Parcel
from tests.e2e import alone
from tests.e2e.server import ROOT
from tests.e2e.test_desk_offline import two_reports

pytestmark = pytest.mark.usefixtures("namespace", "linux")

VERSION = "1.2.3"


@pytest.fixture
def namespace() -> None:
    """Named by tests that run programs without a network."""


@dataclass
class Laptop:
    """Where the kit was installed, and what is typed there."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        phrase = self.folder / "passphrase"
        if not phrase.exists():
            phrase.write_text("practice\n")
            phrase.chmod(0o600)
        home = {"HOME": str(self.folder), "LANG": "C.UTF-8", "DESK_PASSPHRASE_FILE": str(phrase)}
        return {"PATH": os.environ["PATH"], "PYTHON": sys.executable, **home}

    def install(self, stick: Path) -> subprocess.CompletedProcess[str]:
        command = ["sh", stick / "install-desk.sh", self.folder / "vigil"]
        return alone.run(command, self.environment, typed="yes\n", folder=self.folder)

    def desk(self, *words: str | Path, status: int = 0) -> str:
        """Run the installed desk's command, from a folder that has a trap in it."""
        command = [self.folder / "vigil/desk", "--home", self.folder / "desk", *words]
        done = alone.run(command, self.environment, folder=self.folder)
        assert done.returncode == status, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with a signed kit of the code as it is here."""
    folder = tmp_path_factory.mktemp("kit")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.rstrip("\0").split("\0"):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
    for words in (("init", "-q"), ("add", "--all"), (*who, "commit", "-qm", "all")):
        subprocess.run(["git", *words], cwd=source, check=True, capture_output=True)
    key = folder / "key"
    making = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)]
    subprocess.run(making, check=True, capture_output=True)
    wanted = {"VERSION": VERSION, "KEY": str(key), "PYTHON": sys.executable}
    made = subprocess.run(
        ["sh", "scripts/desk-kit.sh"],
        cwd=source,
        env={**os.environ, **wanted, **({} if SOAK else {"PLATFORMS": "this"})},
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
    )
    assert made.returncode == 0, made.stderr
    return source / "dist"


@pytest.fixture(scope="module")
def laptop(stick: Path, tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    """A laptop on which the kit was installed, without a network."""
    made = Laptop(tmp_path_factory.mktemp("laptop"))
    done = made.install(stick)
    assert done.returncode == 0, done.stderr
    assert f"desk-kit-{VERSION}.tar.gz is signed by release" in done.stdout
    # What lies where staff stand when they type must never be taken for a part of the program.
    for trap in ("desk.py", "json.py", "argparse.py"):
        (made.folder / trap).write_text("raise SystemExit('taken from the stick')\n")
    made.desk("init", "--practice")
    return made


def test_an_installed_desk_takes_a_bundle_in_and_shows_it(laptop: Laptop, tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "PNG")
    parcel = Parcel.to(laptop.folder / "desk/team.keys")
    files = [("notes.txt", b"seen from the window"), ("van.png", picture.getvalue())]
    parcel.add("A van came twice.", files)
    laptop.desk("import", parcel.write(tmp_path / "out.tar"))
    (case,) = json.loads(laptop.desk("list", "--json"))
    assert "A van came twice." in laptop.desk("show", case["case"])
    laptop.desk("files", case["case"], "--out", tmp_path / "files")
    assert (tmp_path / "files/notes.txt").read_bytes() == b"seen from the window"
    laptop.desk("preview", case["case"], "2", "--limits-only", "--out", tmp_path / "seen.png")
    with Image.open(tmp_path / "seen.png") as seen:
        assert (seen.format, seen.size) == ("PNG", (64, 48))
    decisions = tmp_path / "decisions.json"
    refused = laptop.desk("refer", case["case"], "--to", "999", "--write-decisions", decisions, status=1)
    assert refused == ""
    assert not decisions.exists()


@pytest.mark.usefixtures("tracer")
def test_a_day_on_the_page_of_an_installed_desk(laptop: Laptop, tmp_path: Path) -> None:
    home = tmp_path / "desk"
    shutil.copytree(laptop.folder / "desk", home)
    shutil.rmtree(home / "casebook", ignore_errors=True)
    bundle = two_reports(home, tmp_path / "out.tar")
    words = [home, bundle, tmp_path / "back.tar", "8100", tmp_path / "trace", laptop.folder / "vigil/desk"]
    command = [sys.executable, "-m", "tests.e2e.desk_page", *words]
    done = alone.run(command, laptop.environment, folder=ROOT)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert "Show it clearly" in seen["file"]
    assert "1 reply" in seen["exported"]
    assert "LX19 ABD" in seen["links"]


def test_the_doctor_of_an_installed_desk_finds_its_program_and_its_keys_well(laptop: Laptop) -> None:
    command = [laptop.folder / "vigil/desk", "--home", laptop.folder / "desk", "doctor", "--json"]
    said = alone.run(command, laptop.environment, folder=laptop.folder)
    found = {line["name"]: line for line in json.loads(said.stdout)}
    assert said.returncode == int(any(line["ok"] is False for line in found.values()))
    for name in ("program", "permissions", "keys", "casebook", "unfinished work"):
        assert found[name]["ok"], found[name]
    # Not every machine permits a box within a network of its own.
    trying = ["bwrap", "--ro-bind", "/", "/", "--unshare-all", "--", "true"]
    permitted = alone.run(trying, laptop.environment).returncode == 0
    assert found["strangers' files"]["ok"] is permitted, found["strangers' files"]
    assert f"vigil-{VERSION}" in found["program"]["what"]


def test_every_module_of_the_desk_finds_what_it_needs_in_the_kit(laptop: Laptop) -> None:
    lines = (
        "import importlib, pkgutil, desk",
        "names = [m.name for m in pkgutil.walk_packages(desk.__path__, 'desk.')]",
        "names = [n for n in names if n != 'desk.__main__' and '.inside' not in n]",
        "[importlib.import_module(name) for name in names]",
        "print(len(names), desk.__file__)",
    )
    python = laptop.folder / "vigil/current/.venv/bin/python"
    done = alone.run([python, "-I", "-c", "\n".join(lines)], laptop.environment, folder=laptop.folder)
    assert done.returncode == 0, done.stderr
    count, where = done.stdout.split()
    assert int(count) > 50
    assert str(laptop.folder) in where


def test_a_second_installation_keeps_the_desk_and_asks_nothing(laptop: Laptop, stick: Path) -> None:
    keys = (laptop.folder / "desk/desk.keys").read_bytes()
    command = ["sh", laptop.folder / "vigil/install-desk.sh", "--kit", stick / f"desk-kit-{VERSION}.tar.gz"]
    done = alone.run([*command, laptop.folder / "vigil"], laptop.environment, folder=laptop.folder)
    assert done.returncode == 0, done.stderr
    assert "Type yes" not in done.stdout
    assert (laptop.folder / "desk/desk.keys").read_bytes() == keys
    laptop.desk("list")


def test_the_kit_holds_no_server_and_no_test(laptop: Laptop) -> None:
    code = laptop.folder / "vigil/current"
    there = {path.name for path in code.iterdir()}
    assert not there & {"app.py", "views", "store", "commands", "deploy", "tests", "bench", "var"}
    assert {"desk", "crypto", "payload", "docs", "static", "templates"} <= there


def test_every_machine_of_the_kit_is_given_all_libraries(stick: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "-xzf", stick / f"desk-kit-{VERSION}.tar.gz", "-C", tmp_path], check=True)
    (kit,) = tmp_path.glob("desk-kit-*")
    for name in desk_kit.ALL if SOAK else ["this"]:
        options = desk_kit.Platform.named(name).options()
        asking = [sys.executable, "-m", "pip", "--isolated", "install", "--dry-run", "--quiet", "--no-index"]
        asking += ["--find-links", kit / "wheels", "--require-hashes", "--only-binary=:all:"]
        done = subprocess.run(
            [*asking, "--target", tmp_path / "target", *options, "-r", kit / "requirements.txt"],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"
