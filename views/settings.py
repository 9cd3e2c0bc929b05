"""The settings that pages rely on. app.py hands them over, so that nothing here reads the environment."""

from pathlib import Path
from typing import Protocol


class Settings(Protocol):
    """Where things are, and limits in bytes; config.Config has this shape."""

    @property
    def data(self) -> Path:
        """The folder with the database and the blobs."""

    @property
    def team_keys(self) -> Path:
        """The signed list of the desks' public keys."""

    @property
    def content(self) -> Path:
        """The newsroom's texts."""

    @property
    def form_key(self) -> Path:
        """The file with the last days' form keys."""

    @property
    def max_file_bytes(self) -> int:
        """The largest file a source may attach."""

    @property
    def practice(self) -> bool:
        """Whether practice keys may be used."""

    @property
    def trust(self) -> str | None:
        """The fingerprint of an identity that the operator accepts in the place of the one before."""

    @property
    def database_url(self) -> str | None:
        """The PostgreSQL that keeps everything, None where SQLite does."""

    @property
    def database_bytes(self) -> int:
        """How much that may take."""

    @property
    def machine(self) -> str:
        """This web machine's name among those that share it."""

    @property
    def onion(self) -> str | None:
        """The host name of the site's onion service, None where there is none."""
