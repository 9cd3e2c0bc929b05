"""What the operator types: `flask --app app publish`, `flask --app app export FILE`, `flask --app app sweep`.

Each command does one thing with the application's content or store, says in a line what it did, and leaves
with 0; with 1 and two lines, what is wrong and what to do, when it could not; with 2 for a wrong call.
"""

from flask import Flask

from commands.export import export
from commands.publish import publish
from commands.sweep import sweep

__all__ = ["register"]


def register(app: Flask) -> None:
    """Add the commands to the application's command line."""
    app.cli.add_command(export)
    app.cli.add_command(publish)
    app.cli.add_command(sweep)
