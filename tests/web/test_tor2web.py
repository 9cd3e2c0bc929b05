"""Through a Tor2web proxy nothing is shown and nothing taken, whatever is asked for."""

from pathlib import Path

import pytest
from flask import Flask

from tests.site import Site
from web import tor2web
from web.headers import ALWAYS
from web.install import install
from web.site import read

ONION = f"{'vigil234' * 7}.onion"
ROOT = Path(__file__).parents[2]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "STRANGE"]
PROXIES = [
    {"HTTP_HOST": "xyz.onion.to"},
    {"HTTP_HOST": f"{ONION}.ly"},
    {"HTTP_HOST": f"www.{ONION}.CAB.:443"},
    {"HTTP_HOST": "XYZ.Onion.example.org"},
    {"HTTP_HOST": ONION, "HTTP_X_TOR2WEB": "encrypted"},
    {"HTTP_HOST": ONION, "HTTP_X_TOR2WEB": ""},
    {"HTTP_HOST": "news.example", "HTTP_X_TOR2WEB": "1"},
    {"HTTP_HOST": "somebody@xyz.onion.to"},
    {"HTTP_HOST": "some:body@xyz.onion.to:80"},
    {"HTTP_HOST": ONION, "RAW_URI": "http://xyz.onion.to/report"},
    {"HTTP_HOST": ONION, "RAW_URI": "HTTP://a:b@XYZ.ONION.to:80?x"},
    {"HTTP_HOST": ONION, "RAW_URI": "xyz.onion.to:443"},
]


class Body:
    """A body that nobody may read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readlines = __iter__ = read


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]  # closed at the end
    made = Site.make(tmp_path_factory.mktemp("site"))
    yield made
    made.close()


def asked(app: Flask, method: str, path: str, **more: object) -> tuple[str, dict[str, str], bytes]:
    """Ask as a WSGI server does, and give status, headers and body."""
    answered: list[tuple[str, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> object:
        answered.append((status, dict(headers)))
        return lambda _data: None

    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": "1000000", "wsgi.url_scheme": "http", "wsgi.input": Body(),
        "SERVER_NAME": "x", "SERVER_PORT": "80", **more,
    }  # fmt: skip
    body = b"".join(app.wsgi_app(environ, start))  # type: ignore[arg-type]
    return (*answered[0], body)


def paths(app: Flask) -> set[str]:
    """Give an address for every route, and some that there are not."""
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert {"/report", "/mailbox", "/contact", "/healthz", "/static/<path:path>"} <= rules
    return {rule.replace("<path:path>", "x").replace("<", "").replace(">", "") for rule in rules} | {
        "/no",
        "",
    }


@pytest.mark.parametrize("method", METHODS)
def test_every_route_refuses_with_words_and_reads_no_body(site: Site, method: str) -> None:
    for path in sorted(paths(site.app)):
        status, headers, body = asked(site.app, method, path, HTTP_HOST="xyz.onion.to")
        assert status == "403 Forbidden"
        assert headers.items() >= ALWAYS.items()
        assert headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in headers
        if method == "HEAD":
            assert body == b""
        else:
            assert b"<h1>This way is not safe</h1>" in body
            assert len(body) == int(headers["Content-Length"])


@pytest.mark.parametrize("proxy", PROXIES, ids=range(len(PROXIES)))
def test_a_proxy_is_known_by_what_it_says_or_by_its_host(site: Site, proxy: dict[str, str]) -> None:
    status, _, body = asked(site.app, "POST", "/report", **proxy)
    assert status == "403 Forbidden"
    assert b"Tor Browser" in body
    assert proxy["HTTP_HOST"].encode() not in body


@pytest.mark.parametrize(
    "host",
    [ONION, f"{ONION}:80", f"{ONION}.", "news.example", "onion.example", "theonion.com", "localhost", ""],
)
def test_nobody_else_is_refused(site: Site, host: str) -> None:
    assert asked(site.app, "GET", "/healthz", HTTP_HOST=host)[0] == "200 OK"
    assert asked(site.app, "GET", "/healthz")[0] == "200 OK"


@pytest.mark.parametrize(
    "raw",
    [
        "/", "/report?xyz.onion.to", "//xyz.onion.to/", f"http://{ONION}/", f"http://{ONION}/xyz.onion.to",
        f"http://{ONION}?a@xyz.onion.to", "*",
    ],
    ids=range(7),
)  # fmt: skip
def test_nobody_else_is_refused_for_the_address_that_they_ask_for(site: Site, raw: str) -> None:
    assert asked(site.app, "GET", "/healthz", HTTP_HOST=ONION, RAW_URI=raw)[0] == "200 OK"


def test_it_names_our_own_address_and_no_other(app: Flask) -> None:
    without = asked(app, "GET", "/", HTTP_X_TOR2WEB="1")[2].decode()
    assert "It ends with .onion" in without
    assert "<code" not in without
    made = Flask("told", root_path=str(ROOT), static_folder=None)
    install(
        made, static=ROOT / "static", translations=ROOT / "translations", site=read(ROOT / "content"),
        practice=False, address=ONION,
    )  # fmt: skip
    body = asked(made, "GET", "/", HTTP_HOST="evil.onion.to", HTTP_ACCEPT_LANGUAGE="de")[2].decode()
    # It may break into lines on a telephone; nobody has styled this page.
    assert body.count("<wbr>") == 4
    assert f'<code dir="ltr" translate="no">{ONION}</code>' in body.replace("<wbr>", "")
    assert "evil" not in body
    # Whoever stands in between may show another: paper comes first.
    assert body.index("Get Tor Browser") < body.index("Take it from print") < body.index(ONION[:14])
    assert body.index(ONION[:14]) < body.index("clear its history")


def test_the_page_stands_alone_and_needs_nothing_that_the_proxy_would_carry(site: Site) -> None:
    body = asked(site.app, "GET", "/report", HTTP_HOST="xyz.onion.to")[2].decode()
    for carried in ("<script", "<link", "<img", "<form", "style=", 'href="/', "src="):
        assert carried not in body
    assert '<html lang="en">' in body


def test_without_the_guard_the_same_request_would_be_answered(site: Site) -> None:
    """The header is stripped on the way to the views: nothing but the guard can know of it."""
    inner = site.app.wsgi_app
    while not isinstance(inner, tor2web.RefuseTor2web):
        inner = inner._app  # type: ignore[attr-defined]
    guarded, site.app.wsgi_app = site.app.wsgi_app, inner._app  # type: ignore[method-assign]
    try:
        assert asked(site.app, "GET", "/healthz", HTTP_X_TOR2WEB="1")[0] == "200 OK"
    finally:
        site.app.wsgi_app = guarded  # type: ignore[method-assign]
