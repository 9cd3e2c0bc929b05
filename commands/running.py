"""What commands take from the running application."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, cast

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup

from commands.output import fail
from config import Config
from crypto.teamkeys import TeamKeys
from store import Store
from store.machines import WebMachine


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

    def note_machine(self) -> WebMachine | None:
        """Tell the other web machines what this one serves, and give it; None where it has the store alone.

        :raises StoreError: the database failed
        """


@dataclass(frozen=True)
class Stopped:
    """A site that does not start as it is set up: ``what`` is wrong, and what to do about it."""

    settings: Config
    what: str
    hint: str


def stopped(app: Flask, settings: Config, what: str, hint: str) -> bool:
    """Let ``app`` have commands without a site, which tell why there is none; say whether one was asked for.

    What mends a site has to run where it does not start.
    """
    # Where pages are asked for (gunicorn, `flask run`) there is no such command under way.
    context = click.get_current_context(silent=True)
    if context is None or not isinstance(context.command, FlaskGroup):
        return False
    app.extensions["vigil.stopped"] = Stopped(settings, what, hint)
    return True


def running() -> Running:
    """Give the application's site.

    :raises SystemExit: it does not start as it is set up
    """
    if (trouble := why_stopped()) is not None:
        fail(trouble.what, trouble.hint)
    return cast("Running", current_app.extensions["vigil"])


def why_stopped() -> Stopped | None:
    """Give what keeps the application's site from starting, None where nothing does."""
    return current_app.extensions.get("vigil.stopped")


def configured() -> Config:
    """Give the application's settings, whether its site starts or not."""
    trouble = why_stopped()
    return trouble.settings if trouble else cast("Config", current_app.extensions["vigil"].settings)
