"""What a first visit costs on the wire: the page, and what its HTML names, each over a fresh connection."""

import gzip
from dataclasses import dataclass

from . import wire
from .server import Server
from .table import Row


@dataclass(frozen=True)
class Load:
    """A page with what it needs: requests, bytes of the answers on the wire, and the same unpacked."""

    requests: int
    on_the_wire: int
    unpacked: int


def load(address: wire.Address, path: str, scripts: bool) -> Load:
    """Fetch a page as a browser with an empty cache does.

    :raises BrokenAnswer: something it names is not there.
    """
    page = wire.get(address, path)
    answers = [page] + [wire.get(address, name) for name in wire.named(_text(page).decode(), scripts)]
    wrong = [answer.status for answer in answers if answer.status != 200]
    if wrong:
        raise wire.BrokenAnswer(f"the first load of {path} has an answer of status {wrong[0]}")
    return Load(
        requests=len(answers),
        on_the_wire=sum(answer.received for answer in answers),
        unpacked=sum(answer.received - len(answer.body) + len(_text(answer)) for answer in answers),
    )


def _text(answer: wire.Answer) -> bytes:
    return gzip.decompress(answer.body) if answer.headers.get("content-encoding") == "gzip" else answer.body


def measure(site: Server) -> list[Row]:
    """The first load of /report, with scripts and without."""
    plain, scripted = (load(site.address, "/report", scripts) for scripts in (False, True))
    return [
        Row("First load of /report, no JavaScript", plain.on_the_wire / 1000, plain.unpacked / 1000),
        Row("Its requests", plain.requests, 1),
        Row("First load of /report, JavaScript", scripted.on_the_wire / 1000, scripted.unpacked / 1000),
        Row("Its requests with JavaScript", scripted.requests, 1),
    ]
