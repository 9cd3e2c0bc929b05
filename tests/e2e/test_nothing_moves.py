"""What stands on a page stays where it is, wherever a slow line breaks the page off on its way."""

import pytest

from tests.counts import SOAK
from tests.e2e.conftest import OpenWindow
from tests.e2e.server import Site

# What moves as the page is built up, broken off before each of its tags: where it stood, where it stands.
# An element without words may find its place when they come: nobody saw it before.
MOVED = """async path => {
  const page = await (await fetch(path)).text();
  const body = page.slice(page.indexOf("<body>") + 6, page.indexOf("</body>"));
  const words = each => each.matches("input, img") || each.textContent.trim();
  const shown = each => each.getClientRects().length && words(each);
  const moved = [];
  let before = new Map();
  for (let end = body.indexOf("<", 1); end > 0; end = body.indexOf("<", end + 1)) {
    document.body.innerHTML = body.slice(0, end);
    const now = new Map();
    for (const each of [document.body, ...document.body.querySelectorAll("*")].filter(shown)) {
      const { left, top } = each.getBoundingClientRect(), place = [Math.round(left), Math.round(top)];
      if (top > innerHeight) continue;
      let name = "";
      for (let node = each; node.parentElement; node = node.parentElement)
        name = `/${node.localName}${[...node.parentElement.children].indexOf(node)}${name}`;
      now.set(name, place);
      const stood = before.get(name);
      if (stood && String(stood) !== String(place)) moved.push([name, stood, place, body.length - end]);
    }
    before = now;
  }
  return [moved, before.size];
}"""
# What stands first goes down when more comes.
MOVING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("main { display: flex; flex-direction: column-reverse; }");
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.parametrize("path", ["/", "/report", "/contact", "/mailbox", "/articles/"])
@pytest.mark.parametrize("width", [320, 412] if SOAK else [412])  # of a telephone, in pixels
def test_what_stands_stays_where_it_is_as_more_of_the_page_comes(
    site: Site, window: OpenWindow, path: str, width: int
) -> None:
    page = window(width=width)
    page.go(site.url + path)
    moved, shown = page.page.evaluate(MOVED, path)
    assert moved == []
    assert shown > 20


def test_what_moves_would_be_found(site: Site, window: OpenWindow) -> None:
    page = window(script=True)
    page.go(site.url + "/contact")
    page.page.evaluate(MOVING)
    moved, _shown = page.page.evaluate(MOVED, "/contact")
    assert moved
