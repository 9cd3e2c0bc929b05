"""No cookie, no address, no browser's name, no referrer, no time: not in an answer, a log or a database."""

import re
import time
from contextlib import suppress

import pytest

from tests import inside
from tests.e2e.conftest import MakeSite
from tests.e2e.http_client import Answer, connected, head, multipart, raw, request, reset
from tests.e2e.search import found
from tests.e2e.server import Site
from tests.e2e.source import Source

# Someone's address: nothing else here comes from it, so wherever it turns up, it was kept.
SOMEONE = "127.77.66.55"
WORDS = {
    "User-Agent": "Agentmarker/7.7",
    "Referer": "http://referrermarker.example/page",
    "X-Forwarded-For": "198.51.100.77",
    "Forwarded": "for=198.51.100.78",
    "X-Real-IP": "198.51.100.79",
    "Via": "1.1 viamarker",
    "From": "frommarker@example.org",
    "Cookie": "session=cookiemarker",
    "Authorization": "Basic authmarker",
    "Accept-Language": "xx-langmarker",
}
MARKS = [
    SOMEONE,
    *re.findall(r"\w*marker", " ".join(WORDS.values())),
    *(f"198.51.100.{n}" for n in (77, 78, 79)),
]
PATHS = [
    "/",
    "/report",
    "/keys",
    "/healthz",
    "/nothing/pathmarker?q=querymarker",
    "/static/nothing",
    "/report/more?section=people&number=1",
]
MALFORMED = [
    b"GARBLEDMARKER\r\n\r\n",
    b"GET /pathmarker HTTP/9.9\r\n\r\n",
    b"GET /" + b"longmarker" * 2_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHeadermarker\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"fieldmarker" * 8_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X-Many: manymarker\r\n" * 300 + b"\r\n",
    b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: lengthmarker\r\n\r\n",
    b"POST /report HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nchunkmarker\r\n",
    b"POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9\r\n\r\nmarker",
    b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Type: typemarker/x\r\nContent-Length: 2\r\n\r\nxx",
    b"\x16\x03\x01\x02\x00\x01\x00\x01tlsmarker",
    b"GET /\xff\xfebytemarker HTTP/1.1\r\nHost: \xff\r\n\r\n",
    b"",
]


def every_kind_of_request(site: Site) -> list[Answer]:
    """What browsers, broken clients and attackers send; give the answers that came."""
    answers = [request(site.address, "GET", path, headers=WORDS, source=SOMEONE) for path in PATHS]
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH"):
        with suppress(OSError):
            answers.append(request(site.address, method, "/report", headers=WORDS, source=SOMEONE))
    for data in MALFORMED:
        with suppress(OSError):
            raw(site.address, data, source=SOMEONE)
    source = Source(site.address, address_from=SOMEONE).attach(("a.txt", b"some bytes"))
    answers.append(source.answer)
    source.write("some words", {"people-0-names": "a name"})
    steps = ("add-people", "drop-people-1", "review", "change-people")
    answers += [source.press("do", do).answer for do in steps]
    assert not source.send("x" * 100_001)
    answers.append(source.answer)
    # Broken off in the middle.
    body, kind = multipart(source.controls("text"))
    sock = connected(site.address, source=SOMEONE)
    sock.sendall(head("POST", "/report", "127.0.0.1", len(body) + 500, kind, WORDS) + body)
    reset(sock)
    assert source.send("some words")
    return [*answers, source.answer]


def test_nothing_that_a_client_says_of_itself_is_kept_or_logged(linux: None, make_site: MakeSite) -> None:
    site = make_site().start()
    before = site.output()
    answers = every_kind_of_request(site)
    assert {answer.status for answer in answers} >= {200, 404, 405, 422}
    assert site.answers()

    # The second worker may still have been starting; no other line may have come.
    assert site.output().startswith(before)
    said = site.output().removeprefix(before).splitlines()
    assert not [line for line in said if "Booting worker" not in line]
    site.stop()
    needles = [mark.encode() for mark in (*MARKS, "marker", SOMEONE)]
    assert not found(needles, *site.disks)
    assert not any("set-cookie" in name.lower() for answer in answers for name, _ in answer.headers)


def test_no_stored_value_is_finer_than_a_day(linux: None, make_site: MakeSite) -> None:
    site = make_site().start()
    every_kind_of_request(site)
    site.stop()
    now = time.time()
    stored = list(inside.values(site.data))
    assert stored
    for place, value in stored:
        if isinstance(value, int | float):
            # Seconds, milliseconds, microseconds, nanoseconds, or minutes since 1970.
            for unit in (1 / 60, 1, 1e3, 1e6, 1e9):
                assert abs(value - now * unit) > 3 * 86_400 * unit, f"{place} looks like a time: {value}"
        elif isinstance(value, str):
            # A day may be written with the hour that every day begins with.
            times = set(re.findall(r"\d{1,2}:\d{2}[\d:.]*", value)) - {"00:00", "00:00:00"}
            assert not times, f"{place} looks like a time: {value}"


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_names_the_server_or_sets_a_cookie(site: Site, path: str) -> None:
    answer = request(site.address, "GET", path, headers=WORDS)
    assert not answer.header("Set-Cookie")
    assert not re.search(r"gunicorn|werkzeug|python|gevent", str(answer.headers), re.IGNORECASE)
    assert answer.header("Content-Security-Policy").startswith("default-src 'none'")
    assert answer.header("Referrer-Policy") == "same-origin"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert "unsafe" not in answer.header("Content-Security-Policy")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://elsewhere.example"},
    ],
)
@pytest.mark.parametrize(
    ("path", "do"),
    [("/report", "send"), ("/report", "review"), ("/report", "upload"), ("/report/check", "")],
)
def test_a_form_sent_from_a_foreign_page_is_refused(
    site: Site, path: str, do: str, headers: dict[str, str]
) -> None:
    source = Source(site.address)
    body, kind = multipart([*source.controls("foreign words"), ("do", do)])
    answer = request(site.address, "POST", path, body, kind, headers)
    assert answer.status == 403
    assert "<h1" in answer.text


def test_a_form_sent_from_the_page_itself_is_taken(site: Site) -> None:
    source = Source(site.address)
    for headers in (
        {"Sec-Fetch-Site": "same-origin", "Origin": site.url},
        {"Sec-Fetch-Site": "none"},
        {},  # an old browser
    ):
        for do in ("review", "send"):
            body, kind = multipart([*source.controls("own words"), ("do", do)])
            assert request(site.address, "POST", "/report", body, kind, headers).status == 200


def test_the_working_folder_and_the_temp_folder_stay_empty(linux: None, make_site: MakeSite) -> None:
    site = make_site().start()
    every_kind_of_request(site)
    site.stop()
    for name in ("cwd", "home"):
        assert not list((site.folder / name).rglob("*")), name
    remains = [path for path in (site.folder / "tmp").rglob("*") if path.is_file() and path.stat().st_size]
    assert not remains
