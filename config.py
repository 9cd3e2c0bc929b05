"""What the environment says, read once when the server starts.

A setting that is wrong stops the start: a site that runs on a mistake is worse than one that does not run.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# 1 MB means 1,000,000 bytes here and on every page.
MB = 1_000_000
# A bundle is a ustar, whose members hold at most 8 GiB, padding included.
LARGEST_FILE_MB = 8_000
# The address of an onion service of version 3, as Tor writes it to its hostname file.
ONION = re.compile(r"[a-z2-7]{56}\.onion")
# What libpq takes for a URL; several hosts may stand in it.
POSTGRES = re.compile(r"postgres(ql)?://[!-~]+")
LARGEST_DATABASE_MB = 99_999_999
MACHINE = re.compile(r"[a-z0-9-]{1,20}")
# A fingerprint without its spaces: eight groups of four.
FINGERPRINT = re.compile(r"[A-Z2-7]{32}")


class ConfigError(Exception):
    """A setting that cannot be used: what is wrong, and what to do about it."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True)
class Config:
    """Where things are and how large they may be. Paths are as given, sizes are in bytes.

    ``onion`` is the host name of the site's onion service, None where there is none. ``trust`` is the
    fingerprint of an identity that is accepted in the place of the one before. ``database_url`` names the
    PostgreSQL that keeps everything (it may hold a password), None where SQLite does; ``database_bytes`` is
    how much that may take. ``machine`` is this web machine's name among those that share it.
    """

    data: Path
    team_keys: Path
    content: Path
    form_key: Path
    max_file_bytes: int
    practice: bool
    onion: str | None = None
    trust: str | None = None
    database_url: str | None = field(default=None, repr=False)
    database_bytes: int = 20_000 * MB
    machine: str = "web"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Config":
        """Read the settings from an environment.

        :raises ConfigError: a value that cannot be used.
        """
        data = _path(environ, "VIGIL_DATA", Path("var"))
        return cls(
            data=data,
            team_keys=_path(environ, "VIGIL_TEAM_KEYS", data / "team.keys"),
            content=_path(environ, "VIGIL_CONTENT", Path(__file__).parent / "content"),
            form_key=_path(environ, "VIGIL_FORM_KEY", data / "form.keys"),
            max_file_bytes=_megabytes(environ, "VIGIL_MAX_FILE_MB", 500, "the largest file a source may send")
            * MB,
            practice=_switch(environ, "VIGIL_PRACTICE"),
            onion=_onion(environ, "VIGIL_ONION"),
            trust=_fingerprint(environ, "VIGIL_TRUST"),
            database_url=_postgres(environ, "VIGIL_DATABASE_URL"),
            database_bytes=_megabytes(
                environ, "VIGIL_DATABASE_MB", 20_000, "how much the database may take", LARGEST_DATABASE_MB
            )
            * MB,
            machine=_machine(environ, "VIGIL_MACHINE"),
        )


def _path(environ: Mapping[str, str], name: str, default: Path) -> Path:
    text = environ.get(name, "")
    if "\0" in text:
        raise ConfigError(f"{name} holds a character that no path can have", "give a plain path")
    return Path(text) if text else default


def _megabytes(
    environ: Mapping[str, str], name: str, default: int, meaning: str, largest: int = LARGEST_FILE_MB
) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= largest and len(text) < 9):
        raise ConfigError(
            f"{name} is not a whole number from 1 to {largest}",
            f"give {meaning}, in MB, such as {name}={default}",
        )
    return int(text)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "")
    if text not in ("", "0", "1"):
        raise ConfigError(f"{name} is neither 0 nor 1", f"leave {name} out, or set it to 1")
    return text == "1"


def _onion(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name, "")
    if not text:
        return None
    if not ONION.fullmatch(text):
        raise ConfigError(
            f"{name} is not the address of an onion service",
            "give the host alone, 56 letters and digits and .onion, as Tor's hostname file has it",
        )
    return text


def _postgres(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name, "")
    if not text:
        return None
    if not POSTGRES.fullmatch(text):
        # Without the value: it may hold a password.
        raise ConfigError(
            f"{name} is not the URL of a PostgreSQL database",
            f"give one such as {name}=postgresql://vigil@db.example:5432/vigil; without it, SQLite keeps "
            "everything in VIGIL_DATA",
        )
    return text


def _machine(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "")
    if not text:
        return "web"
    if not MACHINE.fullmatch(text):
        raise ConfigError(
            f"{name} is not a name for a web machine",
            f"give up to 20 small letters, digits and hyphens, such as {name}=web-2",
        )
    return text


def _fingerprint(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name, "")
    if not text:
        return None
    letters = re.sub(r"[ -]", "", text).upper()
    if not FINGERPRINT.fullmatch(letters):
        raise ConfigError(
            f"{name} is not a fingerprint",
            "give the eight groups of four letters and digits that `python -m desk keys` shows",
        )
    return " ".join(letters[start : start + 4] for start in range(0, 32, 4))
