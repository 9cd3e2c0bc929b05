"""The circuit of a visitor is what our own server says, and nothing else."""

import pytest
from flask import Flask

from web import circuit


@pytest.mark.parametrize(
    ("environ", "known"),
    [({}, None), ({circuit.KEY: b"\0\0\0\x07"}, b"\0\0\0\x07"), ({circuit.KEY: "a text"}, None)],
    ids=["none", "ours", "no bytes"],
)
def test_it_is_what_the_server_says(app: Flask, environ: dict[str, object], known: bytes | None) -> None:
    with app.test_request_context(environ_overrides=environ):
        assert circuit.current() == known


def test_a_header_of_its_name_is_none(app: Flask) -> None:
    with app.test_request_context(headers={circuit.KEY: "0007", "Vigil-Circuit": "0007"}):
        assert circuit.current() is None


def test_outside_a_request_there_is_none() -> None:
    assert circuit.current() is None
