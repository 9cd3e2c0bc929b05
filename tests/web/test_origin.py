"""A post that a foreign page caused is refused; whatever a browser of ours sends is not."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://LOCALHOST"}, 200),
        ({"Origin": "https://localhost"}, 200),
        ({"Origin": "http://localhost:80"}, 200),
        ({"Host": "site.example", "Origin": "https://site.example:443"}, 200),
        ({"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}, 200),
        ({"Host": "[::1]:8000", "Origin": "http://[::1]:8000"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "anything"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://foreign.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://foreign.example"}, 403),
        ({"Origin": "http://localhost.foreign.example"}, 403),
        ({"Origin": "http://foreign.example?localhost"}, 403),
        ({"Origin": "http://localhost:8001"}, 403),
        ({"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8001"}, 403),
        ({"Origin": "http://localhost:port"}, 403),
        ({"Origin": "http://[bad"}, 403),
        ({"Origin": "ftp://localhost"}, 403),
    ],
)
def test_who_may_post(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/form", data={"a": "1"}, headers=headers).status_code == status


def test_reading_is_open_to_links_from_anywhere(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "http://foreign.example"}
    assert client.get("/page", headers=headers).status_code == 200
