"""What commands take from the running application."""

from datetime import date
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from crypto.teamkeys import TeamKeys
from store import Store


class Settings(Protocol):
    """Where things are."""

    @property
    def team_keys(self) -> Path:
        """The signed list of the desks' public keys."""


class Running(Protocol):
    """The site that a command works on."""

    @property
    def settings(self) -> Settings:
        """Its settings."""

    @property
    def store(self) -> Store:
        """What it keeps."""

    @property
    def team_keys(self) -> TeamKeys:
        """Its list of keys, checked, and remembered as the one that is trusted."""

    def today(self) -> date:
        """Give the day by UTC."""


def running() -> Running:
    """Give the application's site."""
    return cast("Running", current_app.extensions["vigil"])
