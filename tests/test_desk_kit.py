"""A kit is installed only when the team signed it, and it is whole, and no older than what is there."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from scripts import desk_kit

ROOT = Path(__file__).parent.parent
INSTALL = ROOT / "scripts/install-desk.sh"
OF_DAY = "2026-11-23"


class Stick:
    """A folder with a kit that holds nothing, signed; whoever refuses it does so before that matters."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.target = folder / "stick", folder / "vigil"
        self.folder.mkdir()
        self.home = folder
        self.key = self.made_key("key")
        shutil.copy(INSTALL, self.folder)
        public = " ".join(self.key.with_suffix(".pub").read_text().split()[:2])
        (self.folder / "release.signers").write_text(f'release namespaces="vigil-release" {public}\n')

    def made_key(self, name: str) -> Path:
        key = self.home / name
        made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)]
        subprocess.run(made, check=True, capture_output=True)
        return key

    def kit(
        self, version: str = "1.2.3", day: str = OF_DAY, *, key: Path | None = None, extra: str = ""
    ) -> Path:
        """Pack a kit and sign it; ``extra``: a file that its list does not name."""
        kit = self.home / f"desk-kit-{version}"
        (kit / "vigil").mkdir(parents=True)
        (kit / "wheels").mkdir()
        (kit / "KIT").write_text(f"{version} {day} 0123456789\n")
        (kit / "vigil/README.md").write_text("Vigil\n")
        tar = self.folder / f"{kit.name}.tar.gz"
        desk_kit.pack(kit, tar, 0)
        if extra:
            (kit / extra).write_text("echo taken\n")
            with tarfile.open(tar, "w:gz") as packed:
                packed.add(kit, arcname=kit.name)
        signing = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key or self.key), "-n", "vigil-release"]
        tar.with_suffix(".gz.sig").unlink(missing_ok=True)
        subprocess.run([*signing, str(tar)], check=True, capture_output=True)
        shutil.rmtree(kit)
        return tar

    def install(self, *options: object, answer: str = "yes\n", script: Path | None = None) -> str:
        """Run the script; give what it says of an error.

        :raises AssertionError: it installed something, which this kit cannot give.
        """
        run = subprocess.run(
            ["sh", str(script or self.folder / INSTALL.name), *map(str, options), str(self.target)],
            env={"PATH": os.environ["PATH"], "HOME": str(self.home), "PYTHON": sys.executable},
            input=answer,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert run.returncode in {1, 2}
        assert not (self.target / "desk").exists()
        assert not (self.target / ".installing").exists()
        return run.stderr


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path)


def test_a_kit_whose_signature_holds_is_unpacked_and_looked_through(stick: Stick) -> None:
    stick.kit()
    assert "install-desk: error: the kit has no pip in it" in stick.install()


def test_a_person_has_to_say_that_the_key_is_the_teams(stick: Stick) -> None:
    stick.kit()
    assert "nothing was installed" in stick.install(answer="no\n")
    assert "nothing was installed" in stick.install(answer="")


def test_a_kit_that_was_changed_is_refused(stick: Stick) -> None:
    tar = stick.kit()
    tar.write_bytes(tar.read_bytes() + b"\0")
    assert "is not what release signed; nothing of it was used" in stick.install()


def test_a_kit_that_another_key_signed_is_refused(stick: Stick) -> None:
    stick.kit(key=stick.made_key("another"))
    assert "is signed by nobody whom" in stick.install()


def test_a_kit_without_a_signature_is_refused_unless_somebody_says_so(stick: Stick) -> None:
    tar = stick.kit()
    tar.with_suffix(".gz.sig").unlink()
    assert "there is no signature at" in stick.install()
    assert "nobody's signature was checked" in stick.install("--unsigned")


def test_later_kits_are_judged_by_the_key_of_the_first_time(stick: Stick) -> None:
    stick.target.mkdir()
    shutil.copy(stick.folder / "release.signers", stick.target)
    other = stick.made_key("another")
    public = " ".join(other.with_suffix(".pub").read_text().split()[:2])
    (stick.folder / "release.signers").write_text(f'release namespaces="vigil-release" {public}\n')
    stick.kit(key=other)
    assert "is signed by nobody whom" in stick.install()
    stick.kit()
    assert "the kit has no pip in it" in stick.install(answer="")


def test_a_kit_of_before_is_refused_unless_somebody_says_so(stick: Stick) -> None:
    stick.kit(day="2026-10-01")
    (stick.target / "vigil-1.3.0").mkdir(parents=True)
    (stick.target / "vigil-1.3.0/KIT").write_text(f"1.3.0 {OF_DAY} 0123456789\n")
    (stick.target / "current").symlink_to("vigil-1.3.0")
    assert "is older than what is installed (1.3.0 of 2026-11-23)" in stick.install()
    assert "the kit has no pip in it" in stick.install("--older")
    assert (stick.target / "current/KIT").read_text().startswith("1.3.0")


def test_a_kit_with_more_in_it_than_its_list_names_is_refused(stick: Stick) -> None:
    stick.kit(extra="vigil/more.sh")
    assert "holds files that its list does not name" in stick.install()


def test_an_unpacked_kit_is_checked_file_by_file(stick: Stick) -> None:
    with tarfile.open(stick.kit()) as packed:
        packed.extractall(stick.home, filter="data")
    kit = stick.home / "desk-kit-1.2.3"
    inside = kit.parent / "inside"
    kit.rename(inside)
    script = Path(shutil.copy(INSTALL, inside))
    assert "holds files that its list does not name" in stick.install(script=script)
    with (inside / "SHA256SUMS").open("a") as sums:
        sums.write(f"{desk_kit.sha256(script)}  {script.name}\n")
    assert "the kit has no pip in it" in stick.install(script=script)
    assert "nothing was installed" in stick.install(script=script, answer="no\n")
    shutil.copy(stick.folder / "release.signers", stick.target)
    assert "its signature cannot be checked" in stick.install(script=script)
    (stick.target / "release.signers").unlink()
    (inside / "vigil/README.md").write_text("changed\n")
    assert "a file of the kit is missing or damaged" in stick.install(script=script)


def test_two_kits_on_one_stick_are_asked_about(stick: Stick) -> None:
    stick.kit("1.2.3")
    tar = stick.kit("1.2.4")
    assert "there is more than one kit beside" in stick.install()
    assert "the kit has no pip in it" in stick.install("--kit", tar)


@pytest.mark.parametrize("options", [["--deep"], ["--kit"], ["elsewhere"]], ids=" ".join)
def test_wrong_use_is_told(stick: Stick, options: list[str]) -> None:
    run = subprocess.run(
        ["sh", INSTALL, str(stick.target), *options], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "hint: sh install-desk.sh" in run.stderr


# ---- making one


def repository(folder: Path) -> Path:
    (folder / "scripts").mkdir(parents=True)
    for name in ("scripts/desk-kit.sh", "scripts/desk_kit.py", "scripts/install-desk.sh"):
        shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "commit", "-qm", "all")
    return folder


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "there is no key file ''"),
        ({"KEY": "/no/such/key"}, "there is no key file '/no/such/key'"),
        ({"VERSION": "../1"}, "is no version"),
        ({"UNSIGNED": "1"}, "there is no key file"),
    ],
    ids=["no key", "a key that is not there", "a bad version", "another word than yes"],
)
def test_a_kit_is_signed_or_somebody_said_otherwise(tmp_path: Path, said: dict[str, str], error: str) -> None:
    folder = repository(tmp_path / "source")
    run = subprocess.run(
        ["sh", "scripts/desk-kit.sh"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHON": sys.executable, **said},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert error in run.stderr
    assert not (folder / "dist").exists()


def test_a_library_without_a_wheel_for_a_machine_is_packed_without_its_compiled_part(tmp_path: Path) -> None:
    wheel = tmp_path / "little-1.0-cp311-cp311-manylinux1_x86_64.whl"
    with zipfile.ZipFile(wheel, "w") as packing:
        packing.writestr("little.py", "answer = 42\n")
        packing.writestr("_little.cpython-311.so", b"\x7fELF")
        info = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux1_x86_64\n"
        packing.writestr("little-1.0.dist-info/WHEEL", info)
        packing.writestr(
            "little-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: little\nVersion: 1.0\n"
        )
        packing.writestr("little-1.0.dist-info/RECORD", "")
    out = tmp_path / "out"
    out.mkdir()
    made = desk_kit.pure(wheel, out)
    assert made.name == "little-1.0-py3-none-any.whl"
    again = desk_kit.pure(wheel, out)
    assert again.read_bytes() == made.read_bytes()
    target = tmp_path / "installed"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--isolated",
        "install",
        "--quiet",
        "--no-index",
        "--target",
        str(target),
    ]
    subprocess.run([*pip, str(made)], check=True, capture_output=True, timeout=120)
    assert (target / "little.py").exists()
    assert not list(target.glob("*.so"))


def test_the_same_kit_packs_to_the_same_bytes(tmp_path: Path) -> None:
    packed = []
    for place in ("one", "two"):
        kit = tmp_path / place / "desk-kit-1"
        kit.mkdir(parents=True)
        (kit / "KIT").write_text("1 2026-11-23 0\n")
        desk_kit.pack(kit, tmp_path / f"{place}.tar.gz", 1_700_000_000)
        packed.append((tmp_path / f"{place}.tar.gz").read_bytes())
    assert packed[0] == packed[1]
    with tarfile.open(fileobj=BytesIO(packed[0])) as tar:
        assert {(entry.uid, entry.uname, entry.mtime) for entry in tar} == {(0, "", 1_700_000_000)}


def test_every_library_of_the_desk_is_pinned_with_hashes_and_pip_too() -> None:
    pins = desk_kit.pins(ROOT / "requirements-desk.txt")
    named = [line for line in (ROOT / "requirements-desk.txt").read_text().splitlines() if "==" in line]
    assert len(pins) == len(named)
    assert set(desk_kit.PURE) <= set(pins)
    assert "--hash=" in desk_kit.pins(ROOT / "requirements-dev.txt")["pip"]


@pytest.mark.parametrize("name", ["windows-x86_64-3.11", "linux", "linux-x86_64-2.7", ""], ids=repr)
def test_a_platform_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(desk_kit.Wrong, match="is no platform"):
        desk_kit.Platform.named(name)
