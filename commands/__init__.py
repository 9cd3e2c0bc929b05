"""What the operator types: `flask --app app` and `publish`, `export FILE`, `import FILE`, `sweep` and more.

Each command does one thing with the application's content or store, says in a line what it did, and leaves
with 0; with 1 and two lines, what is wrong and what to do, when it could not; with 2 for a wrong call.
"""

from flask import Flask

from commands.backup import backup
from commands.doctor import doctor
from commands.export import export
from commands.form_keys import share_form_keys
from commands.importing import import_bundle
from commands.move import move
from commands.onion_keys import seal_onion_keys
from commands.publish import publish
from commands.restore import restore
from commands.running import stopped
from commands.sweep import sweep

__all__ = ["register", "stopped"]


def register(app: Flask) -> None:
    """Add the commands to the application's command line."""
    for command in (
        backup,
        doctor,
        export,
        import_bundle,
        move,
        publish,
        restore,
        seal_onion_keys,
        share_form_keys,
        sweep,
    ):
        app.cli.add_command(command)
