"""An application that tells what it was told of a request: for tests of what reaches one, and what not."""

import json
from collections.abc import Iterator

from flask import Flask, request

from web import circuit
from web.environment import Strip


def telling() -> Flask:
    """Answer every address with the circuit, the scheme, the path and the environment's names, as JSON."""
    app = Flask(__name__, static_folder=None)
    app.wsgi_app = Strip(app.wsgi_app)  # type: ignore[method-assign]  # the way Flask documents
    app.extensions["vigil.unexpected"] = lambda *_: None

    @app.route("/half")
    def half() -> Iterator[str]:
        yield "begun"
        raise OSError("a disk that fails")

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def tell(path: str) -> str:
        now = circuit.current()
        return json.dumps(
            {
                "circuit": now and now.hex(),
                "scheme": request.scheme,
                "path": f"{request.script_root}|{path}",
                "names": sorted(request.environ),
            }
        )

    return app
