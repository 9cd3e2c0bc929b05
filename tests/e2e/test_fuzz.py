"""Hostile input against the running server: a clear answer to all of it, no failure, nothing kept in clear.

hypothesis makes the requests, since what is to be broken here are bytes: a description of the form that a
fuzzer of APIs could read would hold most of this back.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.server import children, pss_bytes
from payload.limits import MAX_LONG, MAX_TEXT, MAX_WORDS
from tests.counts import SOAK, count
from tests.e2e.conftest import MakeSite
from tests.e2e.desk import Desk
from tests.e2e.hostile import (
    CONTROLS,
    MARK,
    MULTIPART,
    URLENCODED,
    WORST,
    Part,
    Sent,
    broken,
    forms,
    multipart,
    worst,
)
from tests.e2e.http_client import Answer, raw, request
from tests.e2e.search import found
from tests.e2e.server import Site
from tests.e2e.source import Source
from web.headers import ALWAYS

# What an answer may be. Of what nobody can read at all, gunicorn says so itself: 400 and 501.
ALLOWED = {200, 303, 308, 400, 403, 404, 405, 408, 411, 413, 414, 415, 417, 422, 429, 431, 501, 503}
# What a page of ours never says, and a failure that shows itself does.
BETRAYING = [
    "Traceback",
    'File "',
    "werkzeug",
    "jinja",
    "gunicorn",
    "sqlite",
    "Internal Server Error",
    "Exception",
]
# What the master and its workers print when they start.
PRINTED = ("Starting gunicorn", "Listening at:", "Using worker:", "Booting worker with pid:")


# How much more memory may be held after hostile forms than after as many others, and after twice as many.
MORE, GROWTH = 2.0, 1.15 if SOAK else 1.35
SIGN = "\N{EYES}"
HOST = b" HTTP/1.1\r\nHost: x\r\n"
RAW = [
    b"POST /report" + HOST + b"Content-Length: -5\r\n\r\nwhen-date=May",
    b"POST /report" + HOST + b"Content-Length: five\r\n\r\nwhen-date=May",
    b"POST /report" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nwhen-date=May",
    b"POST /report" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /report" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nwhen-date=May",
    b"POST /report" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nMay",
    b"POST /report"
    + HOST
    + b"Content-Type: %s\r\nContent-Length: 900\r\n\r\nwhen-date=M" % URLENCODED.encode(),
    b"POST /report" + HOST + b"Content-Type: %s\r\nContent-Length: 900\r\n\r\n--" % MULTIPART.encode(),
    b"POST /report" + HOST + b"Content-Type: a\0b\r\nContent-Length: 3\r\n\r\nMay",
    b"POST /report" + HOST + b"Expect: what\r\nContent-Length: 3\r\n\r\nMay",
    b"POST /report HTTP/1.0\r\nContent-Length: 3\r\n\r\nMay",
    b"POST http://elsewhere/report" + HOST + b"Content-Length: 3\r\n\r\nMay",
    b"POST /report\0" + HOST + b"\r\n",
    b"GET /report/more?" + b"\xff" * 300 + HOST + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
    b"\0" * 3_000,
]


@pytest.fixture(scope="module")
def attacked(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server for those who mean it harm; at the end nothing must be amiss with it."""
    with Site(tmp_path_factory.mktemp("attacked") / "site", practice / "data") as running:
        yield running
        assert amiss(running) == []
        assert Source(running.address).send("still there")


@pytest.fixture(scope="module")
def draft(attacked: Site) -> bytes:
    """The token of a form that was opened as anybody opens it."""
    return Source(attacked.address).form.value("draft").encode()


def sent_to(site: Site, sent: Sent) -> Answer:
    """Send it, and give the answer."""
    return request(site.address, sent.method, sent.path, sent.body, sent.kind, dict(sent.headers))


def faults(answer: Answer, method: str = "POST") -> list[str]:
    """What is wrong with an answer."""
    text = answer.text  # which is UTF-8 in any case
    wrong = [] if answer.status in ALLOWED else [f"status {answer.status}"]
    ours = answer.header("Content-Type").startswith("text/html")
    for name, value in ALWAYS.items():
        there = [said for key, said in answer.headers if key.lower() == name.lower()]
        if len(there) != 1 or (ours and there != [value]):
            wrong.append(f"{name}: {there}")
    wrong += [f"says {word}" for word in BETRAYING if word in text]
    wrong += ["sets a cookie"] if answer.header("Set-Cookie") else []
    wrong += ["repeats markup"] if f"<script>{MARK}" in text or f"<img src=x onerror={MARK}" in text else []
    if method != "HEAD" and answer.status >= 400 and not said(text):
        wrong.append(f"says nothing: {text[:200]!r}")
    return wrong


def said(text: str) -> bool:
    """Whether there is something to read: a page with a heading, a piece for a script, or one plain line."""
    return "<h1" in text or "<p" in text or ("<" not in text and bool(text.strip()))


def amiss(site: Site) -> list[object]:
    """What the server counted as a failure, printed, or keeps in clear."""
    with closing(sqlite3.connect(f"file:{site.data / 'vigil.db'}?mode=ro", uri=True)) as database:
        failures = database.execute("SELECT kind, place FROM failure").fetchall()
    printed = [line for line in site.output().splitlines() if not any(word in line for word in PRINTED)]
    return [*failures, *printed, *found([MARK.encode()], site.folder)]


@settings(max_examples=count(150, 5_000))
@given(data=st.data())
def test_any_form_gets_a_clear_answer(attacked: Site, draft: bytes, data: st.DataObject) -> None:
    answer = sent_to(attacked, data.draw(forms(draft)))
    assert faults(answer) == []


@settings(max_examples=count(250, 10_000))
@given(data=st.data())
def test_any_broken_request_gets_a_clear_answer(attacked: Site, draft: bytes, data: st.DataObject) -> None:
    sent = data.draw(broken(draft))
    assert faults(sent_to(attacked, sent), sent.method) == []


@pytest.mark.parametrize("name", WORST)
def test_the_worst_gets_a_clear_answer(attacked: Site, draft: bytes, name: str) -> None:
    sent, may = worst(name, draft)
    answer = sent_to(attacked, sent)
    assert faults(answer) == []
    assert answer.status in may


@pytest.mark.parametrize(
    "method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "CONNECT"]
)
@pytest.mark.parametrize("path", ["/report", "/report/check", "/report/more"])
def test_another_method_is_told_which_there_are(attacked: Site, method: str, path: str) -> None:
    answer = request(attacked.address, method, path)
    assert faults(answer, method) == []
    if answer.status == 405:
        assert {"GET", "POST"} & set(answer.header("Allow").split(", "))
    else:
        assert method in {"HEAD", "OPTIONS", "CONNECT"}


@pytest.mark.parametrize("sent", RAW, ids=range(len(RAW)))
def test_what_is_no_request_is_refused_or_cut_off(attacked: Site, sent: bytes) -> None:
    got = raw(attacked.address, sent)
    # Of a body that ends before its length, nobody is left to tell.
    if got:
        status = int(got.split(b" ", 2)[1])
        assert status in ALLOWED | {505}
        assert not [word for word in BETRAYING if word.encode() in got]
        assert b"nosniff" in got


# ---- memory


def processes(site: Site) -> list[int]:
    """The server's master and its workers."""
    assert site.process is not None
    return [site.process.pid, *children(site.process.pid)]


def held_after(site: Site, requests: Iterable[Sent]) -> int:
    """How many bytes of memory the server holds when it has answered all these."""
    for sent in requests:
        assert sent_to(site, sent).status < 500
    held = pss_bytes(processes(site))
    assert held
    return held


def test_hostile_forms_hold_hardly_more_memory_than_others_and_nothing_else(
    linux: None, make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    calm, harmed = make_site().start(), make_site().start()
    draft = Source(harmed.address).form.value("draft").encode()
    every = [worst(name, draft)[0] for name in WORST]
    rounds = count(2, 30)
    # The longest report that there may be, as often.
    long = (SIGN * MAX_LONG).encode()
    texts = [Part(b"in_need-%d-condition" % n, long) for n in range((MAX_WORDS - MAX_TEXT) // MAX_LONG)]
    usual = Sent(multipart([Part(b"what_happened", (SIGN * MAX_TEXT).encode()), *texts]), MULTIPART)
    others = held_after(calm, [usual] * len(every) * rounds)
    first = held_after(harmed, every * rounds)
    assert first < MORE * others, (first, others)
    # Nor does it go on growing.
    assert held_after(harmed, every * (rounds // 2)) < GROWTH * first

    kept = [Part(b"draft", draft), Part(b"what_happened", MARK.encode()), Part(b"people-0-names", CONTROLS)]
    for do in (b"attach", b"review", b"send"):
        parts = [*kept, Part(b"upload", MARK.encode(), MARK.encode()), Part(b"do", do)]
        assert sent_to(harmed, Sent(multipart(parts), MULTIPART)).status == 200
    assert amiss(harmed) == []
    payload = desk.take(harmed, tmp_path / "bundle.tar").opened(MARK)
    assert [file["name"] for file in payload["files"]] == [MARK]
    assert payload["report"]["people"] == [{"names": CONTROLS.decode().replace("\r", "\n")}]
