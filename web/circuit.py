"""Which Tor circuit a visitor comes by: all that tells one from another, and only while it lasts.

Tor says it at the start of each connection, to the server in front of Flask (deploy/worker.py), which puts it
into the environment. No header of a client becomes a key of this name. It is for limits in memory: never
stored, never logged.
"""

import flask

KEY = "vigil.circuit"


def current() -> bytes | None:
    """Give the circuit of the request being answered: 4 bytes; None where there is none, as on clearnet."""
    if not flask.has_request_context():
        return None
    circuit = flask.request.environ.get(KEY)
    return circuit if isinstance(circuit, bytes) else None
