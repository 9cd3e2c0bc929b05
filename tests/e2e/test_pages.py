"""The first load of the form and of an article is light; nothing is loaded twice."""

import pytest

from tests.e2e import newsroom
from tests.e2e.conftest import OpenWindow
from tests.e2e.server import Site
from tests.e2e.wire import Wire

KB = 1_000


@pytest.mark.parametrize(
    ("script", "most_bytes", "most_requests"), [(False, 14.6 * KB, 2), (True, 32 * KB, 4)]
)
def test_the_first_load_of_the_form_is_light(
    site: Site, window: OpenWindow, script: bool, most_bytes: float, most_requests: int
) -> None:
    with Wire(site.address) as wire:
        browser = window(script=script)
        browser.page.goto(wire.url + "/report", wait_until="networkidle")
        assert browser.count("#send") == 1
        assert len(wire.asked) <= most_requests, wire.asked
        assert 1 * KB < wire.down <= most_bytes, (wire.down, wire.asked)


def test_nothing_is_loaded_twice(site: Site, window: OpenWindow) -> None:
    with Wire(site.address) as wire:
        browser = window(script=True)
        browser.page.goto(wire.url + "/report", wait_until="networkidle")
        browser.page.goto(wire.url + "/keys", wait_until="networkidle")
        browser.page.goto(wire.url + "/report", wait_until="networkidle")
        static = [line for line in wire.asked if "/static/" in line]
        assert len(static) == len(set(static))


@pytest.mark.parametrize("slug", [newsroom.LONGEST, newsroom.CORRECTED, newsroom.SHORT])
def test_the_first_load_of_an_article_is_light(whole_site: Site, window: OpenWindow, slug: str) -> None:
    with Wire(whole_site.address) as wire:
        browser = window(script=False)
        browser.page.route("**/images/**", lambda route: route.abort())
        browser.page.goto(f"{wire.url}/articles/{slug}", wait_until="networkidle")
        assert browser.count("article h1") == 1
        assert len(wire.asked) <= 2, wire.asked
        assert 1 * KB < wire.down <= 20 * KB, (wire.down, wire.asked)
