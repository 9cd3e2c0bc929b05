"""What the site is measured against: the plain way to do each thing, under the same gunicorn."""

import os
import tempfile
from pathlib import Path
from typing import cast

from flask import Flask, request

MOST = 2_000_000_000  # bytes of a file
FOLDER = Path(os.environ.get("VIGIL_DATA", tempfile.gettempdir()))


def one_line() -> Flask:
    """A route that does nothing."""
    app = Flask(__name__)
    # Where gunicorn's configuration leaves what nobody caught.
    app.extensions["vigil.unexpected"] = lambda *_: None

    @app.get("/")
    def nothing() -> str:
        return "ok"

    return app


def flask_files() -> Flask:
    """Uploads as Flask's documentation shows them, and fsynced: spooled to a temporary file, then saved."""
    app = one_line()

    @app.post("/report")
    def upload() -> str:
        target = FOLDER / f"saved-{os.urandom(8).hex()}"
        with target.open("xb") as out:
            request.files["upload"].save(out)
            out.flush()
            os.fsync(out.fileno())
        target.unlink()
        return "ok"

    return app


class _Unsealed:
    """Takes an upload as the site's own does, but writes it as it came."""

    def __init__(self) -> None:
        self._target = FOLDER / f"unsealed-{os.urandom(8).hex()}"
        self._out = self._target.open("xb", buffering=0)

    def write(self, data: bytes) -> None:
        """Write a piece."""
        self._out.write(data)

    def finish(self) -> None:
        """Make it durable, as the site does: the file, then its folder."""
        from web import blocking

        blocking.run(os.fsync, self._out.fileno())
        folder = os.open(FOLDER, os.O_RDONLY)
        blocking.run(os.fsync, folder)
        os.close(folder)
        self.abandon()

    def abandon(self) -> None:
        """Nothing is kept: what is measured is the way here."""
        self._out.close()
        self._target.unlink()


def unsealed() -> Flask:
    """The site's own parser, with a sink that does not seal."""
    # Here, so that the other two load nothing of ours.
    from web import body
    from web.request import Request

    app = one_line()
    app.request_class = Request

    @app.post("/report")
    def upload() -> str:
        body.read(cast("Request", request), lambda _upload: _Unsealed(), body.Limits(file_bytes=MOST))
        return "ok"

    return app
