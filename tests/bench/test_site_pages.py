"""The bench's newsroom, and a tiny run of what is measured of the public site."""

import pytest

from bench import newsroom, server, site_pages
from bench.scale import TINY
from bench.table import Row


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    with server.work_folder() as folder:
        server.practice_keys(folder)
        rows = site_pages.measure_many(folder, articles=30, searches=8, read=30)
        # What it published is there still: the single article is measured on that.
        with server.running(server.SITE, folder) as site, server.running(server.ONE_LINE, folder) as one_line:
            rows += site_pages.measure(site, one_line, TINY)
    return {row.name: row for row in rows}


def test_each_row_has_a_figure_and_a_reference(rows: dict[str, Row]) -> None:
    assert len(rows) == 7
    for row in rows.values():
        assert row.value is None or row.value >= 0
        assert (row.value is None) == (row.reference is None)


def test_bytes_and_requests_of_an_article_are_within_their_budgets(rows: dict[str, Row]) -> None:
    # The same on every machine, so they are judged here too.
    assert 0 < (rows["First load of an article, no JavaScript"].value or 0) <= 20
    assert rows["Its requests, pictures included"].value == 2
    assert 0 < (rows["An article that the browser has"].value or 0) <= 1.2


def test_no_two_articles_are_alike() -> None:
    assert len({newsroom.article(number) for number in range(500)}) == 500
