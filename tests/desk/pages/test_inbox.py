"""The inbox and the search: what is shown, and what no address holds."""

from collections.abc import Callable

from flask.testing import FlaskClient

HERE = {"Origin": "http://127.0.0.1:8100"}


def test_every_case_stands_in_the_inbox(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "A white van" in page
    assert "They keep people" in page


def test_what_a_stranger_wrote_is_text_and_nothing_else(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert '<span class="mark">&lt;U+202E&gt;</span>' in page


def test_a_search_leaves_no_word_in_an_address(client: FlaskClient) -> None:
    answer = client.post("/search/", data={"words": "white van"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/search/1"
    page = client.get("/search/1").get_data(as_text=True)
    assert "A white van" in page
    assert "They keep people" not in page


def test_a_case_is_shown_and_then_read(client: FlaskClient, case_named: Callable[[str], str]) -> None:
    name = case_named("A white van")
    assert "Unread (3)" in client.get("/").get_data(as_text=True)
    page = client.get(f"/case/{name}").get_data(as_text=True)
    assert "LX19 ABC" in page
    assert "photo.jpg" in page
    assert "Unread (2)" in client.get("/").get_data(as_text=True)
