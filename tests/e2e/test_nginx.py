"""What the site is like through the nginx that is shipped: TLS, names, headers, static files, a browser."""

import base64
import hashlib
import json
import os
import re
import socket
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as ChromiumProcess

from publishing.publish import publish
from tests import site as in_process
from tests.e2e.chromium import FLAGS, PROGRAM, Chromium
from tests.e2e.desk import Desk
from tests.e2e.http_client import Answer, received, request
from tests.e2e.proxy import DOMAIN, Fronted, openssl, tls
from tests.e2e.source import Source
from tests.e2e.steps import report
from tests.e2e.waiting import BOUND

ONION = "a" * 56 + ".onion"
PAGES = ["/", "/report", "/contact", "/articles/", "/safety", "/keys", "/nothing"]
# What differs from one answer to the next, or is only said by one of the two.
CLEARNET = {"date", "connection", "keep-alive", "onion-location", "strict-transport-security"}
YEAR = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def front(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    """A running site with nginx before it."""
    # Not in pytest's folder, whose path may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="nginx") as folder:
        made = Fronted(Path(folder) / "site", practice / "data", environment={"VIGIL_ONION": ONION})
        publish(in_process.CONTENT, made.data / "site.db")
        with made as running:
            yield running


def named(answer: Answer) -> dict[str, str]:
    """The headers of an answer, each said once."""
    names = [name.lower() for name, _ in answer.headers]
    assert len(names) == len(set(names)), names
    return {name.lower(): value for name, value in answer.headers}


def test_nginx_takes_the_files_without_a_warning(nginx: None, front: Fronted) -> None:
    told = front.nginx.tested()
    assert "is successful" in told
    assert "warn" not in told


# ---- TLS and names


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda v: v.name)
def test_modern_tls_is_spoken_with_forward_secrecy_and_nothing_to_resume(
    nginx: None, front: Fronted, version: ssl.TLSVersion
) -> None:
    context = front.nginx.certificates.client()
    context.minimum_version = context.maximum_version = version
    sessions = []
    for _ in range(2):
        with tls((DOMAIN, front.nginx.https), context) as sock:
            sock.sendall(f"GET /healthz HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n".encode())
            assert received(sock).status == 200
            cipher = sock.cipher()
            assert cipher is not None
            assert re.match(r"ECDHE-|TLS_", cipher[0]), cipher
            sessions.append(sock.session)
    assert not any(session and session.has_ticket for session in sessions)
    with (
        socket.create_connection(("127.0.0.1", front.nginx.https), BOUND) as plain,
        context.wrap_socket(plain, server_hostname=DOMAIN, session=sessions[0]) as again,
    ):
        assert not again.session_reused


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1], ids=lambda v: v.name)
def test_old_tls_is_refused(nginx: None, front: Fronted, version: ssl.TLSVersion) -> None:
    context = front.nginx.certificates.client()
    # OpenSSL itself would not even ask at its usual level.
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        tls((DOMAIN, front.nginx.https), context).close()


def test_a_cipher_without_forward_secrecy_is_refused(nginx: None, front: Fronted) -> None:
    context = front.nginx.certificates.client()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        tls((DOMAIN, front.nginx.https), context).close()


def test_http_2_is_offered(nginx: None, front: Fronted) -> None:
    with front.nginx.connected(alpn=("h2", "http/1.1")) as sock:
        assert sock.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize("name", ["other.example", "", "127.0.0.1"])
def test_a_name_that_is_not_ours_is_shown_no_certificate(nginx: None, front: Fronted, name: str) -> None:
    context = front.nginx.certificates.client()
    context.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", front.nginx.https), BOUND) as plain,
        pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"),
    ):
        context.wrap_socket(plain, server_hostname=name or None)


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1", "localhost.other.example"])
def test_a_request_for_another_name_is_misdirected(nginx: None, front: Fronted, host: str) -> None:
    with front.nginx.connected() as sock:
        sock.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = received(sock)
    assert answer.status == 421
    assert b"Vigil" not in answer.body


# ---- port 80


def test_port_80_leads_to_https_and_says_nothing_else(nginx: None, front: Fronted) -> None:
    here = DOMAIN, front.nginx.http
    for method, path in (("GET", "/report?x=1"), ("POST", "/report"), ("GET", "/static/x.css")):
        answer = request(here, method, path)
        assert answer.status == 301
        assert answer.header("Location") == f"{front.url}{path}"
        assert not answer.header("Onion-Location")
        assert not answer.header("Strict-Transport-Security")
    with pytest.raises(ConnectionResetError):
        request(("127.0.0.1", front.nginx.http), "GET", "/")


def test_an_acme_challenge_is_answered_on_port_80(nginx: None, front: Fronted) -> None:
    folder = front.nginx.folder / "acme/.well-known/acme-challenge"
    (folder / "token").write_text("proof")
    here = DOMAIN, front.nginx.http
    assert request(here, "GET", "/.well-known/acme-challenge/token").body == b"proof"
    assert request(here, "GET", "/.well-known/acme-challenge/").status == 403
    assert request(here, "GET", "/.well-known/acme-challenge/other").status == 404


# ---- headers


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_site_s_headers_and_hsts_and_the_onion_once(
    nginx: None, front: Fronted, path: str
) -> None:
    through, direct = named(request(front.address, "GET", path)), named(request(front.direct, "GET", path))
    assert through["strict-transport-security"] == "max-age=63072000"
    assert through["onion-location"] == f"http://{ONION}{path}"
    assert {name: value for name, value in through.items() if name not in CLEARNET} == {
        name: value for name, value in direct.items() if name not in CLEARNET
    }


def test_the_onion_is_not_named_where_a_form_was_sent_nor_with_files(nginx: None, front: Fronted) -> None:
    source = Source(front.address)
    assert source.send("some words")
    posted = named(source.answer)
    assert "onion-location" not in posted
    assert posted["strict-transport-security"] == "max-age=63072000"
    for path in (style(front), "/static/nothing.css"):
        answer = named(request(front.address, "GET", path))
        assert "onion-location" not in answer
        assert answer["strict-transport-security"] == "max-age=63072000"


# ---- static files


def style(front: Fronted) -> str:
    """The address of the stylesheet."""
    found = re.search(r'/static/site\.[^"]+\.css', request(front.address, "GET", "/").text)
    assert found
    return found[0]


def statics(front: Fronted) -> list[str]:
    folder = front.nginx.folder / "public"
    return sorted(f"/{path.relative_to(folder)}" for path in folder.rglob("*.*") if path.suffix != ".gz")


@pytest.mark.parametrize("accept", [{}, {"Accept-Encoding": "gzip"}], ids=["plain", "gzip"])
def test_static_files_are_as_the_site_sends_them(nginx: None, front: Fronted, accept: dict[str, str]) -> None:
    paths = statics(front)
    assert len(paths) > 5
    for path in paths:
        through, direct = (
            request(each, "GET", path, headers=accept) for each in (front.address, front.direct)
        )
        assert (through.status, through.body) == (direct.status, direct.body)
        ours, theirs = named(through), named(direct)
        assert ours["cache-control"] == YEAR
        # nginx makes the tag of the file's size; the name has the content's.
        assert ours.pop("etag")
        assert theirs.pop("etag")
        assert (ours.pop("server"), theirs.pop("server")) == ("nginx", "vigil")
        assert {n: v for n, v in ours.items() if n not in CLEARNET} == {
            n: v for n, v in theirs.items() if n not in CLEARNET
        }


def test_a_file_that_the_browser_has_is_not_sent_again(nginx: None, front: Fronted) -> None:
    path = style(front)
    for accept in ({}, {"Accept-Encoding": "gzip"}):
        tag = request(front.address, "GET", path, headers=accept).header("ETag")
        again = request(front.address, "GET", path, headers={**accept, "If-None-Match": tag})
        assert (again.status, again.body) == (304, b"")
        assert named(again)["strict-transport-security"]


def test_nginx_answers_for_files_while_the_site_is_away_and_the_site_for_names_that_it_has_not(
    nginx: None, front: Fronted
) -> None:
    path = style(front)
    assert request(front.address, "GET", path).header("Server") == "nginx"
    (front.nginx.folder / "public" / path[1:]).unlink()
    (front.nginx.folder / "public" / f"{path[1:]}.gz").unlink()
    try:
        answer = request(front.address, "GET", path)
        assert (answer.status, answer.header("Server")) == (200, "vigil")
        assert named(answer)["cache-control"] == YEAR
    finally:
        front.nginx.lay_static()


@pytest.mark.parametrize(
    "path",
    ["/static/../nginx.conf", "/static/%2e%2e/tls/key.pem", "/static/.", "/static//etc/passwd", "/away.html"],
)
def test_nothing_else_of_the_machine_is_served(nginx: None, front: Fronted, path: str) -> None:
    answer = request(front.address, "GET", path)
    assert answer.status in {308, 400, 404}
    assert b"PRIVATE KEY" not in answer.body
    assert b"worker_" not in answer.body


# ---- a browser


@pytest.fixture(scope="module")
def certified(chromium: ChromiumProcess, front: Fronted) -> Iterator[ChromiumProcess]:
    """A Chromium that takes this one certificate, and finds this one name."""
    der = openssl("x509", "-in", front.nginx.certificates.chain, "-noout", "-pubkey")
    public = base64.b64decode("".join(der.splitlines()[1:-1]))
    pin = base64.b64encode(hashlib.sha256(public).digest()).decode()
    flags = [flag for flag in FLAGS if not flag.startswith("--host-resolver-rules")]
    flags += ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"]
    # Without a folder of its own Chromium ignores the list.
    with tempfile.TemporaryDirectory() as folder:
        flags += [f"--ignore-certificate-errors-spki-list={pin}", f"--crash-dumps-dir={folder}"]
        process = chromium.browser_type.launch(executable_path=PROGRAM, args=flags, timeout=BOUND * 1000)
        yield process
        process.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_browser_sends_a_report_with_a_file(
    nginx: None, certified: ChromiumProcess, front: Fronted, desk: Desk, tmp_path: Path, script: bool
) -> None:
    browser = Chromium(certified, script=script)
    try:
        word = f"door{os.urandom(8).hex()}"
        photo = tmp_path / "photo.jpg"
        photo.write_bytes(os.urandom(300_000))
        page = report(browser, front.url).describe(word).attach(photo).send()
        assert len(page.code().split()) == 12
        assert {url.split("/")[2] for url in browser.asked} == {f"{DOMAIN}:{front.nginx.https}"}
        assert browser.told == []
        if script:
            entries = "JSON.stringify(performance.getEntriesByType('navigation').map(e => e.nextHopProtocol))"
            assert json.loads(browser.page.evaluate(entries)) == ["h2"]
    finally:
        browser.close()
    mine = desk.take(front, tmp_path / "bundle.tar").opened(word)
    assert [(file["name"], file["size"]) for file in mine["files"]] == [("photo.jpg", 300_000)]
