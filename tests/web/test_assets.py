"""Static files are found under the name that their content gives them, and under no other."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web import assets
from web.request import Request
from web.setup import SetUpError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.css").write_text("body{color:black}" * 100)
    (tmp_path / "tiny.js").write_text("x")
    (tmp_path / "icon.png").write_bytes(b"\x89PNG" + bytes(100))
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "htmx.min.js").write_text("htmx" * 100)
    (tmp_path / ".hidden.css").write_text("x")
    return tmp_path


@pytest.fixture
def browser(folder: Path) -> FlaskClient:
    app = Flask("tried", static_folder=None)
    app.request_class = Request
    assets.register(app, folder)
    return app.test_client()


@pytest.fixture
def served(folder: Path) -> assets.Assets:
    return assets.Assets(folder)


@pytest.mark.parametrize("name", ["site.css", "tiny.js", "icon.png", "vendor/htmx.min.js"])
def test_a_file_comes_under_its_fingerprint_and_may_be_kept_for_a_year(
    browser: FlaskClient, served: assets.Assets, folder: Path, name: str
) -> None:
    url = served.url(name)
    assert re.fullmatch(r"/static/[a-z./]+\.[0-9a-f]{16}\.[a-z]+", url)
    answer = browser.get(url)
    assert answer.data == (folder / name).read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == assets.TYPES[Path(name).suffix]


def test_its_name_changes_with_its_content(folder: Path, served: assets.Assets) -> None:
    before = served.url("site.css")
    (folder / "site.css").write_text("other")
    assert assets.Assets(folder).url("site.css") != before


@pytest.mark.parametrize(
    "path",
    ["site.css", "site.0000000000000000.css", "../app.py", ".hidden.css", "", "vendor/", "%2e%2e/app.py"],
)
def test_any_other_name_is_not_there(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/static/{path}").status_code == 404


def test_it_is_sent_compressed_to_who_takes_that(
    browser: FlaskClient, served: assets.Assets, folder: Path
) -> None:
    answer = browser.get(served.url("site.css"), headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (folder / "site.css").read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"
    plain = browser.get(served.url("site.css"), headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["tiny.js", "icon.png"])
def test_what_compression_would_not_shorten_is_sent_as_it_is(
    browser: FlaskClient, served: assets.Assets, name: str
) -> None:
    answer = browser.get(served.url(name), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_who_has_it_already_is_told_so(browser: FlaskClient, served: assets.Assets, encoding: str) -> None:
    url = served.url("site.css")
    first = browser.get(url, headers={"Accept-Encoding": encoding})
    again = browser.get(url, headers={"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = browser.get(url, headers={"Accept-Encoding": encoding, "If-None-Match": '"other"'})
    assert other.status_code == 200


def test_a_head_request_gets_the_same_headers(browser: FlaskClient, served: assets.Assets) -> None:
    url = served.url("site.css")
    head = browser.head(url)
    assert head.data == b""
    assert head.headers["Content-Length"] == browser.get(url).headers["Content-Length"]


def test_a_file_that_is_not_there_fails_where_it_is_named(served: assets.Assets) -> None:
    with pytest.raises(LookupError):
        served.url("nothing.css")


def test_a_file_of_another_kind_keeps_the_site_from_starting(folder: Path) -> None:
    (folder / "logo.svg").write_text("<svg/>")
    with pytest.raises(SetUpError, match=r"static/logo\.svg"):
        assets.Assets(folder)


def test_a_bundle_is_sent_as_one_and_its_parts_are_there_alone(folder: Path) -> None:
    (folder / "exit.js").write_text("first()")
    (folder / "send.js").write_text("second()")
    (folder / "report.js").write_text("third()")
    served = assets.Assets(folder)
    data = {name: served.get(served.url(name).removeprefix("/static/")) for name in ("exit.js", "report.js")}
    assert data["report.js"] is not None
    assert data["report.js"].data == b"first()\nsecond()\nthird()"
    assert data["exit.js"] is not None
    assert data["exit.js"].data == b"first()"


def test_its_name_changes_with_each_of_its_parts(folder: Path) -> None:
    for name in ("exit.js", "send.js", "report.js"):
        (folder / name).write_text("as it was")
    before = assets.Assets(folder).url("report.js")
    (folder / "exit.js").write_text("changed")
    assert assets.Assets(folder).url("report.js") != before


def test_a_bundle_with_a_part_missing_stops_the_start(folder: Path) -> None:
    (folder / "report.js").write_text("second()")
    with pytest.raises(SetUpError, match=r"report\.js cannot be put together") as refused:
        assets.Assets(folder)
    assert "exit.js" in refused.value.hint


def test_what_lies_beside_a_file_packed_already_is_sent(folder: Path) -> None:
    plain = (folder / "vendor" / "htmx.min.js").read_bytes()
    (folder / "vendor" / "htmx.min.js.gz").write_bytes(gzip.compress(plain, 1, mtime=1))
    served = assets.Assets(folder)
    found = served.get(served.url("vendor/htmx.min.js").removeprefix("/static/"))
    assert found is not None
    assert found.packed == gzip.compress(plain, 1, mtime=1)
    with pytest.raises(KeyError):
        served.url("vendor/htmx.min.js.gz")


@pytest.mark.parametrize(
    "packed",
    [b"", b"no gzip", gzip.compress(b"other"), gzip.compress(b"htmx" * 100)[:-3]],
    ids=["nothing", "no gzip", "another file", "cut off"],
)
def test_what_is_not_that_file_stops_the_start(folder: Path, packed: bytes) -> None:
    (folder / "vendor" / "htmx.min.js.gz").write_bytes(packed)
    with pytest.raises(SetUpError, match="delete it"):
        assets.Assets(folder)


def test_our_own_lie_beside_their_files() -> None:
    static = Path(assets.__file__).parent.parent / "static"
    for packed in static.rglob("*.gz"):
        assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()
