"""The switch of site.toml for bad days is read by publishing, and what is wrong with it is named."""

import pytest

from tests.publishing.newsroom import SITE, Newsroom


def put(newsroom: Newsroom, table: str) -> None:
    newsroom.write("site.toml", f"{SITE}\n{table}")


@pytest.mark.parametrize(
    ("table", "on"),
    [("", False), ("[attack]\n", False), ("[attack]\non = false\n", False), ("[attack]\non = true\n", True)],
)
def test_it_is_off_unless_it_is_put_on(newsroom: Newsroom, table: str, on: bool) -> None:
    put(newsroom, table)
    assert newsroom.publish().attack is on
    assert newsroom.site.under_attack is on


def test_a_site_that_is_open_sees_each_publishing(newsroom: Newsroom) -> None:
    newsroom.publish()
    site = newsroom.site
    for on in (True, False, True):
        put(newsroom, f"[attack]\non = {str(on).lower()}\n")
        version = site.version if not on else None
        newsroom.publish()
        assert site.under_attack is on
        assert site.version != version


@pytest.mark.parametrize(
    ("table", "line", "what"),
    [
        ("[attack]\non = 1\n", 8, "on is neither true nor false"),
        ('[attack]\non = "true"\n', 8, "on is neither true nor false"),
        ("[attack]\noff = true\n", 8, "unknown key"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(newsroom: Newsroom, table: str, line: int, what: str) -> None:
    put(newsroom, table)
    (problem,) = newsroom.problems()
    assert (problem.file, problem.line) == ("site.toml", line)
    assert what in problem.what
    assert problem.hint


def test_a_word_in_its_place_is_named(newsroom: Newsroom) -> None:
    newsroom.write("site.toml", f"attack = true\n{SITE}")
    (problem,) = newsroom.problems()
    assert problem.what == "attack is not a table"


def test_a_file_that_cannot_be_read_is_told_of_once(newsroom: Newsroom) -> None:
    newsroom.write("site.toml", "name = ")
    assert len([problem for problem in newsroom.problems() if problem.file == "site.toml"]) == 1
