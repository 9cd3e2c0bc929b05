"""Puts a kit's wheels, their hashes and its list of files in place, and packs it for scripts/desk-kit.sh.

Every wheel comes from the package index with a hash of requirements-desk.txt, for machines of other kinds
than this one too. A library that publishes no wheel for a kind of machine, and works without its compiled
part, is packed without that from the wheel of another.
"""

import base64
import gzip
import hashlib
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Debian 12 and Tails 6 have Python 3.11, Debian 13 and Tails 7 have 3.13; on a Mac people bring their own.
ALL = (
    *(f"linux-{machine}-3.{minor}" for machine in ("x86_64", "aarch64") for minor in (11, 12, 13)),
    *(f"macos-arm64-3.{minor}" for minor in (11, 12, 13, 14)),
)
GLIBC = 36  # 2.36 is Debian 12's
MACOS = "14_0"
# Without a wheel for macOS; their compiled half is only faster.
PURE = ("rcssmin", "rjsmin")
_PIN = re.compile(r"^([a-z0-9-]+)==([^\s;\\]+)[^\n]*\n(?:[ ]+--hash=[^\n]*\n)+", re.MULTILINE)
_PLATFORM = re.compile(r"(linux|macos)-(x86_64|aarch64|arm64)-(3\.\d+)")


class Wrong(Exception):  # noqa: N818 - the name says what is the case
    """What was asked for cannot be had; ``hint`` is what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


@dataclass(frozen=True)
class Platform:
    """A kind of machine: ``linux`` or ``macos``, its processor, its Python as ``3.11``."""

    system: str
    machine: str
    python: str

    @classmethod
    def named(cls, name: str) -> "Platform":
        """Read one as PLATFORMS has it.

        :raises Wrong: it is none.
        """
        if name == "this":
            system = "macos" if sys.platform == "darwin" else "linux"
            return cls(system, platform.machine(), ".".join(platform.python_version_tuple()[:2]))
        found = _PLATFORM.fullmatch(name)
        if found is None:
            raise Wrong(f"'{name}' is no platform", f"take 'this', or some of: {' '.join(ALL)}")
        return cls(found[1], found[2], found[3])

    def options(self) -> list[str]:
        """Give pip's options that ask for its wheels."""
        if self.system == "macos":
            tags = [f"macosx_{MACOS}_{self.machine}"]
        else:
            tags = [f"manylinux_2_{minor}_{self.machine}" for minor in range(5, GLIBC + 1)]
            tags += [f"manylinux{old}_{self.machine}" for old in ("1", "2010", "2014")]
        chosen = [word for tag in tags for word in ("--platform", tag)]
        return ["--implementation", "cp", "--python-version", self.python, *chosen]


def pins(requirements: Path) -> dict[str, str]:
    """Give each pinned library's lines, with its hashes, by its name."""
    return {found[1]: found[0] for found in _PIN.finditer(requirements.read_text() + "\n")}


def download(lines: Iterable[str], into: Path, options: Sequence[str]) -> None:
    """Have pip fetch wheels by their hashes.

    :raises Wrong: one is missing, or is not what was pinned.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as asked:
        asked.write("".join(lines))
        asked.flush()
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--require-hashes", "--only-binary=:all:", "--no-deps", *options]
        done = subprocess.run(  # noqa: S603 - words of ours alone
            [*command, "--requirement", asked.name, "--dest", str(into)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise Wrong(
            "; ".join(errors) or done.stderr.strip()[-300:],
            "see that this computer is online, and that every pinned library has a wheel for this platform",
        )


def pure(wheel: Path, into: Path) -> Path:
    """Pack a wheel without its compiled part, for any machine."""
    name, version = wheel.name.split("-")[:2]
    target = into / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    kept: list[tuple[str, bytes]] = []
    with zipfile.ZipFile(wheel) as packed:
        for entry in packed.namelist():
            if entry.endswith((".so", "/RECORD", "/")):
                continue
            data = packed.read(entry)
            if entry == f"{info}/WHEEL":
                text = re.sub(r"(?m)^Tag: .*\n", "", data.decode()).rstrip("\n")
                text = text.replace("Root-Is-Purelib: false", "Root-Is-Purelib: true")
                data = f"{text}\nTag: py3-none-any\n".encode()
            kept.append((entry, data))
    rows = [f"{entry},sha256={_urlsafe(data)},{len(data)}\n" for entry, data in kept]
    kept.append((f"{info}/RECORD", "".join([*rows, f"{info}/RECORD,,\n"]).encode()))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packing:
        for entry, data in kept:
            packing.writestr(zipfile.ZipInfo(entry), data)
    return target


def _urlsafe(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def fetch(kit: Path, platforms: Sequence[Platform]) -> None:
    """Put the wheels of every platform into the kit, pip's own too, and the list with their hashes beside.

    :raises Wrong: as `download`.
    """
    wheels = kit / "wheels"
    wheels.mkdir()
    wanted = pins(ROOT / "requirements-desk.txt")
    pip = pins(ROOT / "requirements-dev.txt")["pip"]
    without = [wanted[name] for name in PURE]
    for each in platforms:
        lines = [text for name, text in wanted.items() if each.system == "linux" or name not in PURE]
        download([*lines, pip], wheels, each.options())
        print(f"desk-kit: {each.system}-{each.machine}-{each.python}: {len(lines)} wheels", flush=True)
    if any(each.system == "macos" for each in platforms):
        with tempfile.TemporaryDirectory() as folder:
            download(without, Path(folder), Platform.named("linux-x86_64-3.11").options())
            for wheel in sorted(Path(folder).iterdir()):
                pure(wheel, wheels)
    (kit / "requirements.txt").write_text("".join(requirements(wheels)))


def requirements(wheels: Path) -> Iterator[str]:
    """Give a line for each library with the hashes of its wheels here: what the laptop's pip goes by."""
    found: dict[str, list[str]] = {}
    for wheel in sorted(wheels.iterdir()):
        name, version = wheel.name.split("-")[:2]
        if name != "pip":
            found.setdefault(f"{name}=={version}", []).append(sha256(wheel))
    for pinned, hashes in found.items():
        yield " ".join([pinned, *(f"--hash=sha256:{each}" for each in hashes)]) + "\n"


def sha256(path: Path) -> str:
    """Give the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(kit: Path, target: Path, made_at: int) -> None:
    """Write the list of all files, then the archive: the same kit gives the same bytes."""
    files = sorted(path for path in kit.rglob("*") if path.is_file())
    sums = kit / "SHA256SUMS"
    sums.write_text("".join(f"{sha256(path)}  {path.relative_to(kit).as_posix()}\n" for path in files))
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted([*files, sums]):
            entry = tar.gettarinfo(path, arcname=f"{kit.name}/{path.relative_to(kit).as_posix()}")
            entry.mtime, entry.mode, entry.uname, entry.gname = made_at, 0o644, "", ""
            entry.uid = entry.gid = 0
            with path.open("rb") as file:
                tar.addfile(entry, file)


def main(arguments: Sequence[str]) -> int:
    """Do it all: the kit's folder, the archive, its time (Unix seconds), platforms (none are all)."""
    kit, target, made_at, *names = arguments
    try:
        fetch(Path(kit), [Platform.named(name) for name in names or ALL])
    except Wrong as wrong:
        print(f"desk-kit: error: {wrong}", file=sys.stderr)
        print(f"desk-kit: hint: {wrong.hint}", file=sys.stderr)
        return 1
    pack(Path(kit), Path(target), int(made_at))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
