"""The line of a visitor is what our own server says, and nothing else."""

from flask import Flask

from web import line


class Known:
    """A line."""

    def kept_waiting(self) -> float:
        return 0.0

    def holds(self, size: int) -> None:
        raise NotImplementedError

    def shed(self) -> None:
        raise NotImplementedError


def test_it_is_what_the_server_says(app: Flask) -> None:
    known = Known()
    with app.test_request_context(environ_overrides={line.KEY: known}):
        assert line.current() is known
    for other in ({}, {line.KEY: "a text"}):
        with app.test_request_context(environ_overrides=other):
            assert line.current() is None


def test_a_header_of_its_name_is_none(app: Flask) -> None:
    with app.test_request_context(headers={line.KEY: "x", "Vigil-Line": "x"}):
        assert line.current() is None


def test_outside_a_request_there_is_none() -> None:
    assert line.current() is None
