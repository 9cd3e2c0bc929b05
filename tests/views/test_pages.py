"""What holds on every page: headers, no cookie, no log, errors that say what to do."""

import logging

import pytest

from crypto.teamkeys import TeamKeys
from tests.site import Site
from web.headers import ALWAYS

SECURITY = {name: value for name, value in ALWAYS.items() if name != "Cache-Control"}

PAGES = ("/", "/report", "/mailbox", "/keys", "/contact", "/healthz")
ERRORS = (
    ("GET", "/nowhere", 404),
    ("DELETE", "/report", 405),
    ("PUT", "/", 405),
    ("GET", "/report/check", 405),
    ("GET", "/report/more", 404),
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_headers_and_no_cookie(site: Site, path: str) -> None:
    answer = site.client.get(path)
    assert answer.status_code == 200
    assert dict(answer.headers).items() >= SECURITY.items()
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("method", "path", "status"), ERRORS)
def test_every_error_carries_the_headers_and_says_what_to_do(
    site: Site, method: str, path: str, status: int
) -> None:
    answer = site.client.open(path, method=method)
    assert answer.status_code == status
    assert dict(answer.headers).items() >= SECURITY.items()
    assert "<h1>" in answer.text


def test_every_route_is_known_here(site: Site) -> None:
    rules = {rule.rule for rule in site.app.url_map.iter_rules()}
    report = {"/report/check", "/report/more"}
    keys = {"/keys/team.keys", "/keys/qr.png", "/.well-known/security.txt"}
    trust = {"/about", "/accessibility", "/corrections", "/privacy", "/safety"}
    # Judged where something is published: test_articles.py, test_feeds.py, test_agencies.py, test_letter.py.
    lists = {"/articles/", "/articles/<slug>", "/topics/<topic>", "/bylines/<name>", "/search", "/agencies/"}
    letters = {"/letter", "/letter/<slug>", "/letter/<slug>.<any(pdf, docx):kind>"}
    machines = {"/feed.atom", "/topics/<topic>/feed.atom", "/sitemap.xml", "/robots.txt"}
    files = {"/images/<path:path>", "/static/<path:path>"}
    assert rules == {*PAGES, *report, *keys, *trust, *lists, *letters, *machines, *files}


def test_the_fingerprint_on_the_page_is_the_one_of_the_keys(site: Site) -> None:
    keys = TeamKeys.read((site.folder / "team.keys").read_bytes())
    shown = site.client.get("/keys").text
    for part in keys.fingerprint.split():
        assert part in shown


@pytest.mark.parametrize("path", PAGES[:5])
def test_a_practice_site_says_so_on_every_page(site: Site, path: str) -> None:
    assert "Practice site." in site.client.get(path).text


@pytest.mark.parametrize("path", ["/report", "/report/check", "/mailbox"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_elsewhere_is_refused(site: Site, path: str, headers: dict[str, str]) -> None:
    answer = site.client.post(path, data={"what_happened": "words"}, headers=headers)
    assert answer.status_code == 403
    assert site.reports() == []


def test_an_unexpected_failure_is_counted_without_its_values(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("a secret word")

    monkeypatch.setattr("views.report.keep", fails)
    with caplog.at_level(logging.INFO):
        answer = site.post(text="a secret word")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert caplog.records == []
    ((_, kind, place, count),) = site.store.failures()
    assert (kind, count) == ("ZeroDivisionError", 1)
    assert place.startswith("tests/views/test_pages.py:")


@pytest.mark.usefixtures("on_sqlite")  # its log is a file, which is cut
def test_what_a_report_wrote_leaves_no_log_of_its_transactions(site: Site) -> None:
    site.post(text="words", files=[("a.txt", b"1")])
    log = site.folder / "vigil.db-wal"
    assert log.stat().st_size > 0
    site.vigil._scrub()
    assert log.stat().st_size == 0
    assert len(site.reports()) == 1
