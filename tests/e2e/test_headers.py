"""The headers of every answer as they are sent: each route, each refusal, what gunicorn itself says."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from tests.e2e import doors
from tests.e2e.answers import Answers
from tests.e2e.http_client import Answer, raw, request
from tests.e2e.server import Site
from web.headers import ALWAYS, PARTS

ONION = f"{'vigil234' * 7}.onion"
HTTPS = {"X-Forwarded-Proto": "https"}  # as nginx says it, at its own socket
POLICY = "Content-Security-Policy"


def faults(answer: Answer) -> list[str]:
    """What an answer of ours lacks, says otherwise or says twice, and what it must not say."""
    said: dict[str, list[str]] = {}
    for name, value in answer.headers:
        said.setdefault(name.lower(), []).append(value)
    part = answer.status == 200 and answer.header("Content-Type").startswith(("text/css", "text/javascript"))
    wanted = PARTS if part else ALWAYS
    found = [
        f"{name}: {said.get(name.lower())}" for name in wanted if said.get(name.lower()) != [wanted[name]]
    ]
    found += [name for name in ("cache-control", "content-type") if len(said.get(name, [])) != 1]
    return found + [name for name in ("set-cookie", "onion-location") if name in said]


def test_the_policy_of_every_page_allows_nothing_unsafe() -> None:
    policy = ALWAYS[POLICY]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    wanted = {"default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"}
    assert wanted <= set(policy.split("; "))
    assert ALWAYS["X-Content-Type-Options"] == "nosniff"
    assert ALWAYS["Referrer-Policy"] == "same-origin"
    assert {ALWAYS[f"Cross-Origin-{what}-Policy"] for what in ("Opener", "Resource")} == {"same-origin"}
    assert all(part.endswith("=()") for part in ALWAYS["Permissions-Policy"].split(", "))


def test_what_is_no_page_may_load_nothing_and_is_shown_nowhere() -> None:
    assert PARTS[POLICY] == "default-src 'none'; frame-ancestors 'none'"
    assert PARTS.keys() == ALWAYS.keys() - {"Cross-Origin-Opener-Policy", "Permissions-Policy"}


def test_every_answer_has_the_headers_once_and_sets_no_cookie(answers: Answers) -> None:
    assert len(answers.every) > 100
    assert not {name: wrong for name, answer in answers.every.items() if (wrong := faults(answer))}


def test_every_route_has_them_whatever_it_is_asked(answers: Answers, application: Flask) -> None:
    address = answers.site.address
    found = {}
    statuses = set()
    paths = {path for _, path in answers.asked} | {"/static/none.css", "/images/none.webp", "/%00", "/%ff"}
    for path in sorted(paths):
        for method in ("HEAD", "OPTIONS", "DELETE", "GARBAGE"):
            answer = request(address, method, path)
            statuses.add(answer.status)
            found[f"{method} {path}"] = faults(answer)
    assert not {name: wrong for name, wrong in found.items() if wrong}
    assert {200, 404, 405} <= statuses


def test_an_answer_that_nothing_changed_has_them(answers: Answers) -> None:
    for path in ("/", "/articles/full", "/keys", "/feed.atom"):
        tag = request(answers.site.address, "GET", path).header("ETag")
        answer = request(answers.site.address, "GET", path, headers={"If-None-Match": tag})
        assert answer.status == 304
        assert set(faults(answer)) <= {"content-type"}


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        # Too long, but read in one piece: of more, the server leaves some unread, and its answer may be
        # lost in the reset that follows.
        b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"x" * 3_000),
        b"GET / HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n" % (b"x" * 6_000),
        b"GET / HTTP/1.1\r\nHost: x\r\n%s\r\n" % b"".join(b"X-%d: x\r\n" % n for n in range(200)),
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
        b"POST /report HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, what\r\n\r\n",
    ],
)
def test_what_gunicorn_refuses_itself_has_them_too_and_repeats_nothing(whole_site: Site, sent: bytes) -> None:
    head, _, body = raw(whole_site.address, sent).decode().partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    assert 400 <= int(status.split()[1]) <= 505
    said = dict(line.split(": ", 1) for line in lines)
    assert len(said) == len(lines)
    for name, value in ALWAYS.items():
        if name not in (POLICY, "Permissions-Policy"):
            assert said[name] == value
    assert "camera=()" in said["Permissions-Policy"]
    policy = set(said[POLICY].split("; "))
    assert policy == {"default-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"}
    assert not {"Set-Cookie", "Server"} & said.keys() or said["Server"] == "vigil"
    assert body == f"{status.partition(' ')[2]}\n"


# ---- the onion service


@pytest.fixture(scope="module")
def onion_site(whole_site: Site, practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same pages, on a server with both doors that knows of its onion service."""
    environment = {**whole_site.environment, "VIGIL_ONION": ONION}
    with tempfile.TemporaryDirectory(prefix="vg") as short:
        folder = tmp_path_factory.mktemp("onion") / "site"
        made = Site(folder, practice / "data", environment=environment, doors=Path(short))
        shutil.copy(whole_site.data / "site.db", made.data)
        with made as running:
            yield running


def by_nginx(site: Site, path: str, kind: str = "") -> Answer:
    """Ask as nginx does for somebody who came over TLS; with a form's type, send an empty form."""
    assert site.doors is not None
    return doors.ask(site.doors / doors.BY_NGINX, path, kind=kind, headers=HTTPS)


def locations(answer: Answer) -> list[str]:
    """Every Onion-Location of an answer."""
    return [value for name, value in answer.headers if name.lower() == "onion-location"]


def test_every_page_over_https_names_itself_on_the_onion_and_over_http_nothing(
    answers: Answers, onion_site: Site
) -> None:
    paths = {path for _, path in answers.asked} | {"/no/such/page"}
    for path in sorted(paths):
        there = f"http://{ONION}{quote(path, safe='/:?=&%')}"
        secure = by_nginx(onion_site, path)
        assert secure.status in (200, 308, 404, 405, 410)
        # Style and scripts are no pages that anybody could follow it from.
        named = not path.startswith("/static/")
        assert locations(secure) == [there] * named
        assert faults(secure) == ["onion-location"] * named
        assert locations(request(onion_site.address, "GET", path)) == []


def test_the_answer_to_a_form_and_a_site_without_an_onion_name_none(
    answers: Answers, onion_site: Site, whole_site: Site
) -> None:
    for method, path in sorted(set(answers.asked)):
        if method == "POST":
            assert locations(by_nginx(onion_site, path, "application/x-www-form-urlencoded")) == []
        else:
            assert locations(request(whole_site.address, method, path, headers=HTTPS)) == []


def test_nobody_else_can_say_that_a_page_came_over_https(linux: None, onion_site: Site) -> None:
    assert locations(by_nginx(onion_site, "/"))
    assert locations(request(onion_site.address, "GET", "/", headers=HTTPS, source="127.0.0.9")) == []
    assert locations(request(onion_site.address, "GET", "/", headers=HTTPS)) == []
    assert onion_site.doors is not None
    assert locations(doors.ask(onion_site.doors / doors.BY_TOR, "/", headers=HTTPS)) == []
