"""What the web machines of one site tell of themselves, so that the doctor can compare them: by days."""

import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Protocol

HOST = 8


def this_host() -> bytes:
    """Give what tells this machine from others, whatever they are called: 8 bytes."""
    return sha256(socket.gethostname().encode("utf-8", "surrogateescape")).digest()[:HOST]


@dataclass(frozen=True)
class WebMachine:
    """One web machine, as it was on ``day``.

    ``name`` is what its settings call it; ``host`` (8 bytes) tells two apart that are called the same.
    ``release`` is "" where it runs none. ``texts`` and ``static`` are digests (32 bytes) of the published
    site and of the static files, ``form_keys`` (16 bytes) is their check, ``team`` the version of the list of
    keys. ``texts`` and ``form_keys`` are empty where there are none. ``swept``: when it last did the nightly
    sweep.
    """

    name: str
    host: bytes
    day: date
    release: str
    texts: bytes
    static: bytes
    form_keys: bytes
    team: int
    swept: date | None = None


class Machines(Protocol):
    """The web machines that share one database."""

    def note(self, machine: WebMachine) -> None:
        """Put what is known of a machine in the place of what was; ``swept`` stays as it is noted.

        :raises StoreError: the database failed
        """

    def note_swept(self, name: str, host: bytes, day: date) -> None:
        """Note that a machine, which is noted already, has swept.

        :raises StoreError: the database failed
        """

    def all(self) -> Collection[WebMachine]:
        """Give all of them, by name and host.

        :raises StoreError: the database failed
        """
