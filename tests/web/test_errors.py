"""An error page says what happened and what to do next, and nothing of the request; no log says anything."""

import io
import logging

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.exceptions import ClientDisconnected, TooManyRequests

from web import errors
from web.error_words import WORDS

MARK = "marked-7391"


@pytest.fixture
def failing(app: Flask) -> Flask:
    @app.route("/fail/<int:status>", methods=["GET", "POST"])
    def fail(status: int) -> str:
        abort(status)

    return app


@pytest.mark.parametrize("status", sorted(WORDS))
def test_each_error_has_a_page_and_a_piece_for_htmx(failing: Flask, status: int) -> None:
    browser = failing.test_client()
    whole = browser.get(f"/fail/{status}")
    assert whole.status_code == status
    assert "<!doctype html>" in whole.text
    assert f"<h1>{WORDS[status].title}</h1>" in whole.text
    piece = browser.get(f"/fail/{status}", headers={"HX-Request": "true"})
    assert piece.status_code == status
    assert "<html" not in piece.text
    for text in (whole.text, piece.text):
        assert str(WORDS[status].happened) in text
        assert str(WORDS[status].next) in text
    assert piece.headers["HX-Retarget"] == "#told"
    assert piece.headers["HX-Reswap"] == "innerHTML"
    assert "HX-Retarget" not in whole.headers
    assert "HX-Request" in whole.vary


@pytest.mark.parametrize(("status", "title"), [(418, 400), (410, 400), (501, 500), (502, 500)])
def test_an_error_without_words_of_its_own_has_those_of_its_kind(
    failing: Flask, status: int, title: int
) -> None:
    answer = failing.test_client().get(f"/fail/{status}")
    assert answer.status_code == status
    assert str(WORDS[title].title) in answer.text


def test_nothing_of_the_request_is_in_the_page(client: FlaskClient) -> None:
    headers = {"Accept-Language": MARK, "X-Anything": MARK, "Host": f"{MARK}.example"}
    for answer in (
        client.get(f"/{MARK}?{MARK}", headers=headers),
        client.post("/form", data=MARK, content_type=f"text/{MARK}"),
        client.get(f"/broken?{MARK}", headers=headers),
    ):
        assert MARK not in answer.text
        assert MARK not in str(answer.headers)


@pytest.mark.parametrize("testing", [False, True])
def test_an_unexpected_exception_is_told_by_kind_and_place_and_logged_nowhere(
    app: Flask, testing: bool, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[str, str]] = []
    errors.on_unexpected(app, lambda kind, place: told.append((kind, place)))
    app.testing = testing
    caplog.set_level(logging.DEBUG)
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert [kind for kind, _ in told] == ["KeyError"]
    assert told[0][1].startswith("tests/web/conftest.py:")
    assert "secret" not in answer.text + str(told)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_the_place_is_ours_even_when_a_library_raised(app: Flask) -> None:
    told: list[tuple[str, str]] = []
    errors.on_unexpected(app, lambda kind, place: told.append((kind, place)))

    @app.get("/library")
    def library() -> str:
        return str(io.BytesIO().read("x"))  # type: ignore[arg-type]  # to have the library raise

    app.test_client().get("/library")
    assert told[0][0] == "TypeError"
    assert told[0][1].startswith("tests/web/test_errors.py:")


def test_an_expected_error_is_not_told(app: Flask, client: FlaskClient) -> None:
    told: list[tuple[str, str]] = []
    errors.on_unexpected(app, lambda kind, place: told.append((kind, place)))
    client.get("/nowhere")
    client.post("/form", data="x", content_type="text/plain")
    assert told == []


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.post("/page")
    assert answer.status_code == 405
    assert set(answer.allow) == {"GET", "HEAD"}


def test_who_is_asked_to_wait_is_told_how_long(app: Flask) -> None:
    @app.get("/busy")
    def busy() -> str:
        raise TooManyRequests(retry_after=60)

    assert app.test_client().get("/busy").headers["Retry-After"] == "60"


def test_a_redirect_is_no_error(app: Flask) -> None:
    @app.get("/folder/")
    def folder() -> str:
        return "here"

    assert app.test_client().get("/folder").status_code == 308


def test_an_answer_that_was_aborted_with_is_given(app: Flask) -> None:
    @app.get("/own")
    def own() -> str:
        abort(app.response_class("own words", 409))

    answer = app.test_client().get("/own")
    assert (answer.status_code, answer.text) == (409, "own words")


@pytest.mark.parametrize("path", ["/nowhere", "/broken", "/page"])
def test_a_refused_post_is_read_before_it_is_answered(app: Flask, path: str) -> None:
    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            Counting.count += len(data)
            return data

    app.test_client().post(path, input_stream=Counting(bytes(500_000)), content_length=500_000)
    assert Counting.count == 500_000


def test_a_client_that_has_gone_is_no_failure(app: Flask) -> None:
    told: list[tuple[str, str]] = []
    errors.on_unexpected(app, lambda kind, place: told.append((kind, place)))

    @app.post("/gone")
    def gone() -> str:
        raise ClientDisconnected

    assert app.test_client().post("/gone").status_code == 400
    assert (
        app.test_client().post("/nowhere", input_stream=io.BytesIO(b"x"), content_length=9).status_code == 404
    )
    assert told == []


def test_an_exception_from_nowhere_of_ours_has_a_place_all_the_same() -> None:
    assert errors.place_of(ValueError()) == "elsewhere"
