"""From the form to the desk: what a source wrote and attached is what staff read, byte for byte."""

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from payload.outline import Part
from tests.counts import SOAK, count
from tests.e2e import filled
from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.server import Site
from tests.e2e.steps import Browser, report
from tests.e2e.tornet import TorNet

TEXT = "They came at night: two vans, ‘Müller & Söhne’ <on> the side.\n\n  Plate AB12 CDE.\nمرحبا 👀"  # noqa: RUF001 - as people write

CAPTION = ' ‘Müller’ <b> & "\n مرحبا 👀'  # noqa: RUF001 - as people write


@pytest.fixture
def with_script(window: OpenWindow, site: Site) -> tuple[Browser, str]:
    return window(script=True), site.url


@pytest.fixture
def without_script(window: OpenWindow, site: Site) -> tuple[Browser, str]:
    return window(script=False), site.url


@pytest.fixture
def in_firefox(firefox: Firefox, site: Site) -> tuple[Browser, str]:
    return firefox, site.url


@pytest.fixture
def through_tor(firefox: Firefox, tor: TorNet) -> Iterator[tuple[Browser, str]]:
    browser = Firefox(tor.socks)
    yield browser, f"http://{tor.onion}"
    browser.close()


def some_file(path: Path, size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(random.Random(str(path)).randbytes(size))
    return path


# Through Tor it is also gone by tests/e2e/test_mailbox.py.
WAYS = ["with_script", *(["through_tor", "without_script", "in_firefox"] if SOAK else [])]


@pytest.mark.parametrize("way", WAYS)
def test_what_a_source_sends_is_what_the_desk_opens(
    way: str, request: pytest.FixtureRequest, site: Site, desk: Desk, tmp_path: Path
) -> None:
    browser, url = request.getfixturevalue(way)
    size = count(1_500_000, 50_000_000)
    paths = [
        some_file(tmp_path / "one" / "photo.jpg", size),
        some_file(tmp_path / "two" / "photo.jpg", size + 1),
        some_file(tmp_path / "three" / "Übergabe '7' (kopie) 夜.pdf", 70_000),
        some_file(tmp_path / "four" / "empty.txt", 0),
    ]
    word = f"road{os.urandom(8).hex()}"
    text = f"{word} {TEXT}"

    page = report(browser, url).describe(text).fill(filled.as_fields()).attach(*paths[:3])
    page.caption(2, CAPTION).attach(paths[3]).review().change("files").caption(0, "the vans").send()

    mine = desk.take(site, tmp_path / "bundle.tar").opened(word)
    assert mine["kind"] == "report"
    assert mine["report"] == {"what_happened": text, **filled.as_json(Part.REPORT)}
    assert mine["source"] == filled.as_json(Part.SOURCE)
    sent = [(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    assert [(file["name"], file["size"], file["sha256"]) for file in mine["files"]] == sent
    assert [file.get("caption") for file in mine["files"]] == ["the vans", None, CAPTION, None]

    written = desk.files(mine["case"], tmp_path / "out")
    assert {digest for _, _, digest in sent} <= set(written.values())
    for path in (tmp_path / "out").rglob("*"):
        assert path.is_dir() or path.stat().st_mode & 0o777 == 0o600


def test_one_sentence_is_a_report(site: Site, desk: Desk, tmp_path: Path, firefox: Firefox) -> None:
    word = f"short{os.urandom(8).hex()}"
    report(firefox, site.url).describe(word).send()
    mine = desk.take(site, tmp_path / "bundle.tar").opened(word)
    assert (mine["report"], mine["source"], mine["files"]) == ({"what_happened": word}, {}, [])


def test_entries_come_and_go_and_what_was_typed_in_the_others_stays(
    site: Site, desk: Desk, tmp_path: Path, firefox: Firefox, window: OpenWindow
) -> None:
    for browser in (firefox, window(script=True), window(script=False)):
        word = f"entries{os.urandom(8).hex()}"
        names = {f"people-{number}-names": f"name {number}" for number in range(4)}
        page = report(browser, site.url).describe(word).fill(names)
        # A whole entry that stays blank is none.
        page.drop("people", 1).fill({"vehicles-1-colour": "red", "in_need-0-ages": ["10-15"]})
        page.review().change("people").drop("people", 1).add("people")
        # A script leaves the numbers of the others as they are.
        browser.fill("#people .entry:last-of-type [name$=-names]", "one more")
        page.send()
        told = desk.take(site, tmp_path / f"{word}.tar").opened(word)["report"]
        assert [person["names"] for person in told["people"]] == ["name 0", "name 3", "one more"]
        assert (told["vehicles"], told["in_need"]) == ([{"colour": "red"}], [{"ages": ["10-15"]}])


def test_a_source_may_take_a_file_back_before_sending(
    site: Site, desk: Desk, tmp_path: Path, firefox: Firefox, window: OpenWindow
) -> None:
    paths = [some_file(tmp_path / f"{name}.bin", 3_000) for name in ("first", "second", "third")]
    for browser in (firefox, window(script=True), window(script=False)):
        word = f"without{os.urandom(8).hex()}"
        page = report(browser, site.url).describe(word).attach(*paths)
        for position in range(3):
            page.caption(position, f"caption {position}")
        page.remove(1)
        assert page.typed() == word
        page.send()
        mine = desk.take(site, tmp_path / f"{word}.tar").opened(word)
        kept = [(file["name"], file["caption"]) for file in mine["files"]]
        assert kept == [("first.bin", "caption 0"), ("third.bin", "caption 2")]


def test_files_picked_but_not_attached_go_along_with_the_review(
    site: Site, desk: Desk, tmp_path: Path, firefox: Firefox
) -> None:
    word = f"straight{os.urandom(8).hex()}"
    page = report(firefox, site.url).describe(word)
    firefox.choose("#upload", [some_file(tmp_path / "late.bin", 5_000)])
    page.review()
    assert "late.bin" in firefox.text("#report")
    page.send()
    mine = desk.take(site, tmp_path / "bundle.tar").opened(word)
    assert [file["name"] for file in mine["files"]] == ["late.bin"]
