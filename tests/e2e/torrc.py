"""The torrc that we ship, and the same lines in another place: with other folders, sockets and log."""

from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
WEB, STAFF = ROOT / "deploy/torrc", ROOT / "deploy/torrc-staff"
# As the shipped files have them.
WEB_FOLDER, STAFF_FOLDER = "/var/lib/tor/vigil", "/var/lib/tor/vigil-staff"
WEB_SOCKET, STAFF_SOCKET = "unix:/run/vigil/http.sock", "unix:/run/vigil-staff.sock"
LOG = "syslog"
CIRCUIT = "HiddenServiceExportCircuitID haproxy"


def directives(path: Path) -> list[tuple[str, str, bool]]:
    """Every line that tor reads: its name, its value, and whether a comment stands right above it."""
    found, explained = [], False
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, value = line.partition(" ")
            found.append((name, value.strip(), explained))
        explained = line.startswith("#")
    return found


def moved(path: Path, words: Mapping[str, str], without: Sequence[str] = ()) -> str:
    """Give the shipped lines with these words replaced, and without these lines.

    :raises AssertionError: a word or a line is not there exactly once.
    """
    lines = [f"{name} {value}" for name, value, _ in directives(path)]
    for gone in without:
        assert lines.count(gone) == 1, gone
        lines.remove(gone)
    for old, new in words.items():
        places = [at for at, line in enumerate(lines) if old in line.split()]
        assert len(places) == 1, old
        lines[places[0]] = lines[places[0]].replace(old, new)
    return "\n".join([*lines, ""])
