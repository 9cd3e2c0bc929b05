"""What a site answers in a flood, under attack, on its onion service and to a proxy: pages to be judged.

The site is in this process: nothing has to be flooded to see what it says then.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from werkzeug.test import TestResponse

from publishing.schema import SITE_DB
from publishing.site_file import replacing
from publishing.writing import Writer
from tests.e2e.http_client import Answer
from tests.site import Site, hidden
from web.pressure import MOST_UPLOADS

ONION = f"{'vigil234' * 7}.onion"
FILM = [("film.mp4", b"1")]


def pressed(folder: Path) -> Iterator[tuple[str, Answer, int]]:
    """Give each answer with a name for it and the status that it must have."""
    site = Site.make(folder, onion=ONION)
    try:
        yield from _ways(site)
        with ExitStack() as crowd:
            for _ in range(MOST_UPLOADS):
                crowd.enter_context(site.vigil.pressure.upload(None))
            yield "report with a file too many at once", _kept(site.post("words", FILM)), 422
        code = site.sent()
        with replacing(folder / SITE_DB) as database:
            Writer(database, {}).about("1", attack=True)
        yield from _attacked(site, code)
    finally:
        site.close()


def _ways(site: Site) -> Iterator[tuple[str, Answer, int]]:
    for path in ("/report", "/contact", "/mailbox", "/safety", "/keys"):
        for host in (ONION, "news.example"):
            yield f"{path} on {host}", _kept(site.client.get(path, base_url=f"http://{host}")), 200
    refused = site.client.post("/report", data=b"words", base_url="http://xyz.onion.to")
    yield "refused by a proxy of the open web", _kept(refused), 403


def _attacked(site: Site, code: str) -> Iterator[tuple[str, Answer, int]]:
    for path in ("/report", "/contact", "/mailbox"):
        yield f"{path} under attack", _kept(site.client.get(path)), 200
    yield "report under attack, with a file", _kept(site.post("words", FILM)), 422
    yield "report under attack, looked through", _kept(site.post("words", do="review")), 200
    yield "report under attack, too soon", _kept(site.post("words")), 429
    page = site.mailbox(code)
    yield "mailbox under attack", _kept(page), 200
    yield "mailbox under attack, too soon", _kept(site.press(page, "send", message="words")), 429
    fields = {"draft": hidden(site.client.get("/contact"), "draft")[0], "to": "team", "message": "words"}
    yield "contact under attack, too soon", _kept(site.client.post("/contact", data=fields)), 429


def _kept(told: TestResponse) -> Answer:
    return Answer(told.status_code, tuple(told.headers), told.data)
