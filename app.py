"""The web application: `create_app` puts the pages and the commands together, and does nothing else."""

import os
import sys

from flask import Flask

import commands
import views
from config import Config, ConfigError
from web.setup import SetUpError


def create_app(config: Config | None = None) -> Flask:
    """Make the application; without ``config``, from the environment.

    :raises SystemExit: the environment, the team keys or a file they name cannot be used; two lines on
        standard error say what is wrong and what to do. Under the command line it is for each command to
        say that, but for a setting that is wrong.
    :raises SetUpError: the same, with a given ``config``.
    """
    app = Flask(__name__, static_folder=None)
    commands.register(app)
    try:
        settings = config or Config.read(os.environ)
        try:
            views.register(app, settings)
        except SetUpError as error:
            if config is not None or not commands.stopped(app, settings, error.what, error.hint):
                raise
    except (ConfigError, SetUpError) as error:
        if config is not None:
            raise
        print(f"vigil: error: {error.what}", file=sys.stderr)
        print(f"vigil: hint: {error.hint}", file=sys.stderr)
        raise SystemExit(1) from None
    return app
