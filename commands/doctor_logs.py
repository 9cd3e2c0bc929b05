"""Whether a log holds what tells of a visitor: an address, a browser's name. What is found is never shown."""

import gzip
import ipaddress
import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from commands.output import counted

LOGS, TOR_LOG, JOURNAL = "logs", "tor's log", "journal"
LOG = Path("/var/log")
# Where the site's own nginx has its settings: another nginx is not ours to judge.
OWN_NGINX = Path("/etc/vigil/nginx")
# What tor wrote into the journal begins so: it names relays, too.
TOR = "tor: "
_OURS = "-u vigil -u vigil-sweep -u vigil-backup -u nginx"
# So much of the end of each file is read, and of the journal.
MOST = 8_000_000
_IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
# Where visitors' addresses lie; anything else that looks like one (a::b) is a name in some program.
_VISITORS = [ipaddress.ip_network(text) for text in ("2000::/3", "fc00::/7", "fe80::/10")]
_VERSION = re.compile(r"(?i)\b(?:version|release|v|tor|openssl|libevent)[ /:=]*\Z")
_AGENT = re.compile(
    r"Mozilla/\d|AppleWebKit|Gecko/\d|curl/\d|User-Agent|X-Forwarded-For|X-Real-IP", re.IGNORECASE
)


def checks(patient: Patient) -> list[Check]:
    """Look through every log that a part of the site may write."""
    nginx = [LOG / "nginx"] if OWN_NGINX.is_dir() else []
    found = [_files(LOGS, _own_logs(patient.settings.data), nginx, "", wrong)]
    if patient.settings.onion is not None:
        found.append(_files(TOR_LOG, [], [LOG / "tor"], ", of a relay or of somebody", look))
    found.append(_journal(patient.journal))
    return found


def _own_logs(data: Path) -> list[Path]:
    return sorted(path for path in data.rglob("*.log*") if "practice-desk" not in path.parts)


def _files(
    name: str, paths: list[Path], folders: list[Path], whose: str, told: Callable[[str, str, str], Check]
) -> Check:
    telling, closed = [], []
    # A folder that is closed to this user would seem to be empty.
    shut = [str(folder) for folder in folders if folder.exists() and not os.access(folder, os.R_OK | os.X_OK)]
    paths = [*paths, *(path for folder in folders for path in sorted(folder.glob("*")))]
    for path in paths:
        try:
            if path.is_file() and path.stat().st_size and any(tells(line) for line in _lines(path)):
                telling.append(path)
        except PermissionError:
            closed.append(path)
        except FileNotFoundError:
            continue  # rotated away meanwhile
    if telling:
        what = f"{', '.join(map(str, telling[:3]))}: an address or a browser's name stands there"
        hint = "see what writes it and stop that, then delete the file; see docs/operations.md"
        return told(name, what + whose, hint)
    if closed:
        return look(
            name,
            f"{', '.join(map(str, closed[:3]))} is not empty, and this user cannot read it",
            "look as root whether it holds addresses, and delete it",
        )
    if shut:
        return unknown(name, f"{' and '.join(shut)} cannot be read by this user: look there as root")
    if not paths:
        return unknown(name, "there is no log file that this user can see")
    return good(name, f"{counted(len(paths), 'log file', 'log files')} looked through: no address in any")


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".gz":
        try:
            with gzip.open(path) as packed:
                yield from packed.read(MOST).decode("utf-8", "replace").splitlines()
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return
        return
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - MOST))
        yield from file.read(MOST).decode("utf-8", "replace").splitlines()


def _journal(lines: tuple[str, ...] | None) -> Check:
    if lines is None:
        return unknown(JOURNAL, "not looked at; `vigil doctor` as root reads it")
    if not lines:
        return unknown(JOURNAL, "the journal holds nothing of the last two days")
    telling = [line for line in lines if tells(line)]
    ours = sum(not line.startswith(TOR) for line in telling)
    if ours:
        return wrong(
            JOURNAL, _told(ours), f"journalctl {_OURS} shows which; see what writes it and stop that"
        )
    if telling:
        return look(
            JOURNAL,
            f"{_told(len(telling))}, of a relay or of somebody",
            "journalctl -u tor@default shows which; see what writes it",
        )
    return good(JOURNAL, f"{counted(len(lines), 'line', 'lines')} of the last two days: no address in any")


def _told(number: int) -> str:
    return f"{counted(number, 'line', 'lines')} of the last two days with an address or a browser's name"


def tells(line: str) -> bool:
    """Say whether a line holds an address that may be somebody's, or a browser's name."""
    return bool(_AGENT.search(line)) or any(_is_somebodys(*found) for found in _addresses(line))


def _addresses(line: str) -> Iterator[tuple[str, str]]:
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(line):
            yield match[0], line[: match.start()]


def _is_somebodys(text: str, before: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # A program's version may look like one.
    if address.version == 4 and (text.startswith("0.") or _VERSION.search(before)):
        return False
    if address.version == 6 and not any(address in network for network in _VISITORS):
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast)
