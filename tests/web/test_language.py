"""Pages say which language they are in, and it is one that we have."""

import pytest
from flask.testing import FlaskClient

from web import language


@pytest.mark.parametrize("asked", ["", "en-GB,en;q=0.9", "de", "xx;q=nonsense,,", "*", "en;q=0"])
def test_a_page_is_in_english_whatever_is_asked_for(client: FlaskClient, asked: str) -> None:
    assert '<html lang="en">' in client.get("/page", headers={"Accept-Language": asked}).text


def test_outside_a_request_there_is_a_language_too() -> None:
    assert language.chosen() == "en"
