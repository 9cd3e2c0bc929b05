"""No code can parse a body in the way that would spool it to disk."""

from collections.abc import Callable

import pytest
from werkzeug.exceptions import UnsupportedMediaType

from tests.web.forms import File, multipart, request
from web.request import BodyMisread, Request

DATA = multipart([("a", "1"), ("f", File("x", bytes(600_000)))])


@pytest.mark.parametrize(
    "misread",
    [
        lambda request: request.form,
        lambda request: request.files,
        lambda request: request.values,
        lambda request: request.data,
        lambda request: request.get_data(),
        lambda request: request.get_json(),
        lambda request: request.get_json(force=True),
        lambda request: request.get_json(silent=True, force=True),
    ],
)
def test_each_of_flasks_ways_to_a_body_raises(
    misread: Callable[[Request], object], no_temporary_files: None
) -> None:
    sent = request(DATA)
    with pytest.raises((BodyMisread, UnsupportedMediaType)):
        misread(sent)
    assert sent.environ["wsgi.input"].at == 0, "nothing was read"


def test_a_plain_body_raises_too() -> None:
    for misread in (lambda r: r.form, lambda r: r.data):
        with pytest.raises(BodyMisread):
            misread(request(b"a=1", content_type="application/x-www-form-urlencoded"))


def test_the_body_is_counted_as_it_is_read() -> None:
    sent = request(DATA)
    assert sent.incoming is sent.incoming
    assert sum(map(len, sent.incoming.pieces())) == len(DATA) == sent.incoming.received
