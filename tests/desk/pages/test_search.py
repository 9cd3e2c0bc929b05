"""The search's page: any form of a number, and where to go on when nothing is found."""

import re

from flask.testing import FlaskClient


def searched(client: FlaskClient, words: str) -> str:
    return client.post("/search/", data={"words": words}, follow_redirects=True).get_data(as_text=True)


def test_what_is_found_in_no_form_leads_to_connections(client: FlaskClient) -> None:
    page = searched(client, "+44 7700 900999")
    assert "Nothing was found" in page
    assert re.search(r'<div id="found">.*href="/connections/[^"]*">Connections<', page, re.DOTALL)
    page = searched(client, "lx19abc")
    assert "1 case." in page
    assert not re.search(r'<div id="found">.*>Connections</a> shows', page, re.DOTALL)
