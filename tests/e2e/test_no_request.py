"""What is no request, or contradicts itself: refused or cut off, counted as no failure, repeated nowhere."""

import pytest

from tests import inside
from tests.e2e.hostile import FORM, MULTIPART
from tests.e2e.http_client import raw
from tests.e2e.search import found
from tests.e2e.server import Site
from tests.e2e.source import Source

MARK = b"nobodys-request"
HOST = b" HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /report" + HOST
SENT = {
    "a length below zero": POST + b"Content-Length: -5\r\n\r\n" + MARK,
    "a length in words": POST + b"Content-Length: five\r\n\r\n" + MARK,
    "a length in other digits": POST + "Content-Length: \u0665\r\n\r\n".encode() + MARK,
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + MARK,
    "a length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + MARK,
    "chunks that are none": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + MARK,
    "a chunk without bounds": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + MARK,
    "a line cut off": POST + b"Content-Type: %s\r\nContent-Length: 900\r\n\r\nx=" % FORM.encode() + MARK,
    "parts cut off": POST + b"Content-Type: %s\r\nContent-Length: 900\r\n\r\n--" % MULTIPART.encode() + MARK,
    "a type with a zero": POST + b"Content-Type: a\0b\r\nContent-Length: 3\r\n\r\n" + MARK,
    "expectations": POST + b"Expect: " + MARK + b"\r\nContent-Length: 3\r\n\r\nMay",
    "no host": b"POST /report HTTP/1.0\r\nContent-Length: 3\r\n\r\n" + MARK,
    "another host": b"POST http://elsewhere/report" + HOST + b"Content-Length: 3\r\n\r\n" + MARK,
    "a path with a zero": b"GET /report\0" + MARK + HOST + b"\r\n",
    "a question of odd bytes": b"GET /report/more?" + b"\xff" * 300 + MARK + HOST + b"\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + MARK,
    "an encrypted hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + MARK,
    "lines alone": b"\r\n" * 50 + MARK,
    "zeros": b"\0" * 3_000 + MARK,
}
INSIDE = [b"Traceback", b'File "', b"werkzeug", b"gunicorn", b"Exception"]


@pytest.mark.parametrize("name", SENT)
def test_what_is_no_request_is_refused_or_cut_off(whole_site: Site, name: str) -> None:
    printed = whole_site.output()
    got = raw(whole_site.address, SENT[name])
    # To whoever ends in the middle, nobody is left to answer.
    if got:
        assert 400 <= int(got.split(b" ", 2)[1]) <= 505
        assert int(got.split(b" ", 2)[1]) != 500
        assert b"nosniff" in got
        assert not [word for word in [*INSIDE, MARK] if word in got]
    assert whole_site.output() == printed
    assert not [value for where, value in inside.values(whole_site.data) if where.startswith("failure.")]
    assert found([MARK], *whole_site.disks) == []


def test_somebody_after_all_of_them_is_served(whole_site: Site) -> None:
    for sent in SENT.values():
        raw(whole_site.address, sent)
    assert Source(whole_site.address).send("after all of them")
