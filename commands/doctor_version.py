"""Which release this is, and whether the libraries are those that it was made for."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from commands.doctor_check import Check, good, look, wrong
from commands.output import counted

VERSION, LIBRARIES = "version", "libraries"
ROOT = Path(__file__).parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(\s*;)?", re.MULTILINE)


def checks() -> list[Check]:
    """Look at the release, then at the libraries."""
    release = _release()
    python = ".".join(map(str, sys.version_info[:3]))
    return [good(VERSION, f"{release or _commit()}, on Python {python}"), _libraries(release is not None)]


def _release() -> str | None:
    try:
        return f"release {(ROOT / 'VERSION').read_text().strip()[:80]}"
    except OSError:
        return None


def _commit() -> str:
    said = last_commit("%h of %cs")
    if said is None:
        return "no release: neither a VERSION file nor a commit says which"
    return f"no release, but commit {said}"


def last_commit(form: str) -> str | None:
    """Give what git says of the last commit, in a format of its own; None where it says nothing."""
    try:
        said = subprocess.run(  # noqa: S603 - words of ours alone
            ["git", "-C", str(ROOT), "log", "-1", f"--format={form}"],  # noqa: S607 - the developer's own git
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip()


def _libraries(released: bool) -> Check:
    try:
        pins = _PIN.findall((ROOT / "requirements.txt").read_text())
    except OSError as error:
        return wrong(LIBRARIES, f"requirements.txt cannot be read: {error.strerror}", "install it again")
    others = [
        name
        for name, version, marked in pins
        if _installed(name, missing=version if marked else None) != version
    ]
    if others:
        what = f"{', '.join(others[:5])}: not of the version that requirements.txt names"
        if released:
            return wrong(LIBRARIES, what, "install this release again: deploy/install.sh")
        return look(LIBRARIES, what, "make serve installs them")
    return good(
        LIBRARIES, f"{counted(len(pins), 'library', 'libraries')}, each of the version that was tested"
    )


def _installed(name: str, missing: str | None) -> str | None:
    """Give the version that is here; ``missing`` where there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return missing
