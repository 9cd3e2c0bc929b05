"""The sources of a text, as its front matter lists them."""

from datetime import date

from publishing import links, matter
from publishing.model import Source

MAX_TITLE = 300
MAX_PUBLISHER = 120
MAX_ADDRESS = 500
KEYS = ("title", "publisher", "url", "date_read")


def read(values: matter.Values, today: date, needed: str = "") -> tuple[Source, ...]:
    """Read the tables under ``sources``; where there must be one, ``needed`` says what to do without."""
    if needed and not values.found.get("sources"):
        values.wrong("sources", "no sources", needed)
    found = []
    for path in values.tables("sources", KEYS):
        title = values.text((*path, "title"), MAX_TITLE)
        publisher = values.text((*path, "publisher"), MAX_PUBLISHER)
        url = values.text((*path, "url"), MAX_ADDRESS)
        # Empty says that nobody has opened it yet; left out says nothing.
        read_on = values.day((*path, "date_read"), today, may_be_empty=True)
        if url and links.kind(url) != "web":
            what = f"{url[:80]!r} is not an address on the web"
            values.wrong((*path, "url"), what, "begin it with https://")
        found.append(Source(title, publisher, url, read_on))
    return tuple(found)
