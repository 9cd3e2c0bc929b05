"""What the site keeps and how it is reached: its store, its onion service, the headers of a page."""

import http.client
import re
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from commands.output import counted, sized
from store import StoreError

STORE, FAILURES, TOR, HEADERS = "store", "failures", "tor", "headers"
PAGES = ("/", "/report", "/healthz")
SECONDS = 20.0
PROC = Path("/proc")
# Header -> what its value has to match.
WANTED = {
    "Content-Security-Policy": r"default-src 'none'",
    "Referrer-Policy": r"(same-origin|no-referrer)\Z",
    "X-Content-Type-Options": r"nosniff\Z",
    "X-Frame-Options": r"DENY\Z",
    "Cache-Control": r".",
}
NEVER = ("Set-Cookie", "X-Powered-By", "Via")


def checks(patient: Patient) -> list[Check]:
    """Look at all of it."""
    return [*_store(patient), _tor(patient), _headers(patient)]


def _store(patient: Patient) -> list[Check]:
    found = patient.looked
    if found is None:
        return [unknown(STORE, "not looked at: the site does not start")]
    if isinstance(found, StoreError):
        return [wrong(STORE, f"the database cannot be read: {found.what}", found.hint)]
    if found.sound is False:
        return [wrong(STORE, "the database is damaged", "restore the newest backup, and see to the disk")]
    if found.lost:
        are = "is" if found.lost == 1 else "are"
        what = f"{counted(found.lost, 'file', 'files')} that reports rely on {are} gone"
        return [wrong(STORE, what, "see to the disk; older backups may hold what is lost")]
    held = (
        f"{counted(found.reports, 'report', 'reports')} ({found.waiting:,} not collected yet), "
        f"{counted(found.files, 'file', 'files')}, {counted(found.replies, 'reply', 'replies')}"
    )
    much = (
        "" if found.sound else f"; its database ({sized(found.bytes)}) is too large to be read through here"
    )
    return [good(STORE, f"it holds {held}{much}"), _failures(found.failures)]


def _failures(failures: tuple[tuple[str, str, int], ...]) -> Check:
    if not failures:
        return good(FAILURES, "nothing went wrong unexpectedly in the last seven days")
    places = ", ".join(f"{kind} at {place} ({number})" for kind, place, number in failures[:3])
    more = f" and {len(failures) - 3} more" if len(failures) > 3 else ""
    return look(FAILURES, f"in the last seven days: {places}{more}", "tell the developers of Vigil")


def _tor(patient: Patient) -> Check:
    wanted, found = patient.settings.onion, patient.onion
    if found is None:
        told = "there is no onion service in the settings" if wanted is None else "tor was not looked at"
        return unknown(TOR, f"{told}; `vigil doctor` as root compares tor's hostname file")
    if not found:
        return wrong(TOR, "tor has made no address", "start tor, and see `journalctl -u tor@default`")
    if wanted is None:
        return wrong(
            TOR, "tor has an onion service for this site, and the site does not know its address", _set(found)
        )
    if found != wanted:
        return wrong(TOR, f"tor's address is {found}, and the site says it is {wanted}", _set(found))
    if _runs("tor") is False:
        return wrong(
            TOR, "tor is not running: nobody reaches the onion service", "systemctl restart tor@default"
        )
    return good(TOR, f"the site is {wanted}, as tor has it")


def _set(address: str) -> str:
    return f"set VIGIL_ONION={address} and restart, or put the old keys of the onion service back"


def _runs(name: str) -> bool | None:
    """Say whether a program runs; None where other users' programs cannot be seen."""
    if not (PROC / "1").exists():
        return None
    for process in PROC.glob("[0-9]*"):
        with suppress(OSError):  # it may have ended
            if (process / "comm").read_text().strip() == name:
                return True
    return False


def _headers(patient: Patient) -> Check:
    if patient.url is None:
        return unknown(HEADERS, "no page was asked for (--url)")
    for path in PAGES:
        try:
            status, headers = asked(patient.url, path)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return wrong(
                HEADERS,
                f"{patient.url} does not answer for {path}: {type(error).__name__}",
                "systemctl status vigil says why",
            )
        if status != http.client.OK:
            return wrong(HEADERS, f"{path} answers with status {status}", "see what else is wrong here")
        if (what := bad_header(path, headers)) is not None:
            return wrong(
                HEADERS, f"{path}: {what}", "something in front of the site changes it: see its settings"
            )
    return good(HEADERS, f"{', '.join(PAGES)} answer, without a cookie and with every header that they need")


def bad_header(path: str, headers: list[tuple[str, str]]) -> str | None:
    """Say what is wrong with the headers of an answer, if anything is."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    for name in NEVER:
        if name.lower() in found:
            return f"it has the header {name}, which no page may have"
    for name, pattern in WANTED.items():
        values = found.get(name.lower(), [])
        if len(values) != 1 or not re.match(pattern, values[0]):
            return f"the header {name} is not as it must be"
    if "unsafe" in found["content-security-policy"][0]:
        return "its Content-Security-Policy lets scripts in"
    if path == "/report" and not re.search(r"private|no-store", found["cache-control"][0]):
        return "others may keep the form (Cache-Control)"
    if any(re.search(r"\d", value) for value in found.get("server", [])):
        return "the header Server tells a version"
    return None


def asked(url: str, path: str) -> tuple[int, list[tuple[str, str]]]:
    """Ask for a page by http://…, https://… or unix:PATH; give its status and its headers.

    :raises OSError: nobody is there, or the certificate is not good
    :raises http.client.HTTPException: the answer is none
    :raises ValueError: the address is none
    """
    connection, host = _connection(url)
    try:
        # A server behind nginx is told that the visitor came by https.
        extra = {"X-Forwarded-Proto": "https"} if url.startswith("unix:") else {}
        connection.request("GET", path, headers={"Host": host, "Connection": "close", **extra})
        answer = connection.getresponse()
        answer.read(1_000_000)
        return answer.status, answer.getheaders()
    finally:
        connection.close()


def _connection(url: str) -> tuple[http.client.HTTPConnection, str]:
    if url.startswith("unix:"):
        return _OverSocket(url[5:]), "localhost"
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=SECONDS, context=context
        ), parts.netloc
    if parts.scheme == "http" and parts.hostname:
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS), parts.netloc
    raise ValueError("an address begins with http:, https: or unix:")


class _OverSocket(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)
