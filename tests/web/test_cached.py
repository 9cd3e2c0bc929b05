"""Answers from memory: made once, bounded by their bytes, asked for again by their tag."""

import gzip
from collections.abc import Callable

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web import cached
from web.cached import Answers

LONG = "<p>words</p>" * 200
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def answers() -> Answers:
    return Answers(most_bytes=100_000)


@pytest.fixture
def made() -> list[str]:
    """The addresses whose answers had to be made."""
    return []


@pytest.fixture
def reader(app: Flask, answers: Answers, made: list[str]) -> FlaskClient:
    def kept(name: str, make: Callable[[], Response]) -> Response:
        def noted() -> Response:
            made.append(name)
            return make()

        return answers.give(name, noted)

    def html(text: str, status: int = 200) -> Response:
        return Response(text, status, headers={"Cache-Control": cached.READERS, "X-Said": "by the view"})

    @app.get("/kept/<name>")
    def long(name: str) -> Response:
        return kept(name, lambda: html(LONG + name))

    @app.get("/large")
    def large() -> Response:
        return kept("large", lambda: html("x" * 60_000))

    @app.get("/short")
    def short() -> Response:
        return kept("short", lambda: html("short"))

    @app.get("/gone")
    def gone() -> Response:
        return kept("gone", lambda: html(LONG, 410))

    @app.get("/missing")
    def missing() -> Response:
        return kept("missing", lambda: abort(404))

    return app.test_client()


def whole(answer: TestResponse) -> str:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.data) if packed else answer.data).decode()


def test_a_page_is_made_once_and_given_to_everybody_in_the_form_they_take(
    reader: FlaskClient, made: list[str]
) -> None:
    plain, packed = reader.get("/kept/a"), reader.get("/kept/a", headers=GZIP)
    assert made == ["a"]
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert whole(plain) == whole(packed) == LONG + "a"
    for answer in (plain, packed):
        assert answer.headers.getlist("Cache-Control") == ["public, max-age=60, must-revalidate"]
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["X-Said"] == "by the view"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_the_two_forms_have_tags_of_their_own_and_each_page_too(reader: FlaskClient) -> None:
    tags = {
        reader.get("/kept/a").headers["ETag"],
        reader.get("/kept/a", headers=GZIP).headers["ETag"],
        reader.get("/kept/b").headers["ETag"],
    }
    assert len(tags) == 3
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("form", [{}, GZIP])
@pytest.mark.parametrize("asked", ["{}", "W/{}", '"another", {}', "*"])
def test_who_has_the_page_already_gets_304_and_no_body(
    reader: FlaskClient, form: dict[str, str], asked: str
) -> None:
    first = reader.get("/kept/a", headers=form)
    again = reader.get("/kept/a", headers=form | {"If-None-Match": asked.format(first.headers["ETag"])})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert again.headers.getlist(name) == first.headers.getlist(name)
    assert not {"Content-Type", "Content-Encoding", "Content-Length"} & set(again.headers.keys())


@pytest.mark.parametrize("asked", ['"another"', "nonsense", "", "\xff"])
def test_who_has_another_page_gets_this_one(reader: FlaskClient, asked: str) -> None:
    assert reader.get("/kept/a", headers={"If-None-Match": asked}).status_code == 200


def test_a_tag_of_the_other_form_does_not_count(reader: FlaskClient) -> None:
    packed = reader.get("/kept/a", headers=GZIP).headers["ETag"]
    assert reader.get("/kept/a", headers={"If-None-Match": packed}).status_code == 200


def test_head_tells_the_length_without_the_page(reader: FlaskClient) -> None:
    head = reader.head("/kept/a")
    assert head.data == b""
    assert int(head.headers["Content-Length"]) == len(LONG) + 1


def test_what_is_short_is_not_compressed(reader: FlaskClient) -> None:
    answer = reader.get("/short", headers=GZIP)
    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers


def test_a_page_that_is_gone_is_kept_with_its_status_and_without_a_tag(
    reader: FlaskClient, made: list[str]
) -> None:
    for _ in range(2):
        answer = reader.get("/gone", headers={"If-None-Match": "*"})
        assert answer.status_code == 410
        assert "ETag" not in answer.headers
    assert made == ["gone"]


def test_an_error_is_never_kept(reader: FlaskClient, made: list[str], answers: Answers) -> None:
    for _ in range(2):
        assert reader.get("/missing").status_code == 404
    assert made == ["missing"] * 2
    assert len(answers) == 0


def test_memory_stays_within_its_bound_and_the_longest_unused_go_first(
    reader: FlaskClient, made: list[str], answers: Answers
) -> None:
    reader.get("/kept/often")
    for number in range(200):
        reader.get(f"/kept/{number}")
        reader.get("/kept/often")
        assert answers.bytes <= 100_000
    assert 10 < len(answers) < 100
    assert made.count("often") == 1
    reader.get("/kept/199")
    assert made.count("199") == 1
    reader.get("/kept/0")
    assert made.count("0") == 2


def test_one_large_page_does_not_push_out_the_others(
    reader: FlaskClient, made: list[str], answers: Answers
) -> None:
    reader.get("/kept/a")
    assert len(reader.get("/large").data) == 60_000
    assert len(answers) == 1
    reader.get("/large")
    assert made == ["a", "large", "large"]
