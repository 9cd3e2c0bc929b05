"""What the operator types: `flask --app app` and `publish`, `export FILE`, `import FILE` or `sweep`.

Each command does one thing with the application's content or store, says in a line what it did, and leaves
with 0; with 1 and two lines, what is wrong and what to do, when it could not; with 2 for a wrong call.
"""

from flask import Flask

from commands.export import export
from commands.importing import import_bundle
from commands.publish import publish
from commands.sweep import sweep

__all__ = ["register"]


def register(app: Flask) -> None:
    """Add the commands to the application's command line."""
    app.cli.add_command(export)
    app.cli.add_command(import_bundle)
    app.cli.add_command(publish)
    app.cli.add_command(sweep)
