"""From the form to the desk: what a source wrote and attached is what staff read, byte for byte."""

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counts import count
from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.server import Site
from tests.e2e.steps import Browser, report
from tests.e2e.tornet import TorNet

TEXT = "They came at night: two vans, ‘Müller & Söhne’ <on> the side.\n\n  Plate AB12 CDE.\nمرحبا 👀"  # noqa: RUF001 - as people write


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


@pytest.mark.parametrize("way", ["with_script", "without_script", "in_firefox", "through_tor"])
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

    report(browser, url).describe(text).attach(*paths[:3]).attach(paths[3]).send()

    mine = desk.take(site, tmp_path / "bundle.tar").opened(word)
    assert mine["kind"] == "report"
    assert mine["report"]["what_happened"] == text
    sent = [(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    assert [(file["name"], file["size"], file["sha256"]) for file in mine["files"]] == sent

    written = desk.files(mine["case"], tmp_path / "out")
    assert {digest for _, _, digest in sent} <= set(written.values())
    for path in (tmp_path / "out").rglob("*"):
        assert path.is_dir() or path.stat().st_mode & 0o777 == 0o600


def test_a_source_may_take_a_file_back_before_sending(
    site: Site, desk: Desk, tmp_path: Path, firefox: Firefox, window: OpenWindow
) -> None:
    paths = [some_file(tmp_path / f"{name}.bin", 3_000) for name in ("first", "second", "third")]
    for browser in (firefox, window(script=True), window(script=False)):
        word = f"without{os.urandom(8).hex()}"
        page = report(browser, site.url).describe(word).attach(*paths).remove(1)
        assert page.typed() == word
        page.send()
        mine = desk.take(site, tmp_path / f"{word}.tar").opened(word)
        assert [file["name"] for file in mine["files"]] == ["first.bin", "third.bin"]


def test_files_picked_but_not_attached_go_along_with_send(
    site: Site, desk: Desk, tmp_path: Path, firefox: Firefox
) -> None:
    word = f"straight{os.urandom(8).hex()}"
    page = report(firefox, site.url).describe(word)
    firefox.choose("#upload", [some_file(tmp_path / "late.bin", 5_000)])
    page.send()
    mine = desk.take(site, tmp_path / "bundle.tar").opened(word)
    assert [file["name"] for file in mine["files"]] == ["late.bin"]
