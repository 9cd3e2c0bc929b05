"""A publishing that is killed, at any moment, leaves the site before it or the one after it, whole."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.counts import count
from tests.publishing.newsroom import TODAY, Newsroom

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCRIPT = (
    "import sys; from datetime import date; from pathlib import Path\n"
    "from publishing.publish import publish\n"
    "print('ready', flush=True)\n"
    f"publish(Path(sys.argv[1]), Path(sys.argv[2]), today=date({TODAY.year}, {TODAY.month}, {TODAY.day}))\n"
    "print('done', flush=True)\n"
)


def publishing(newsroom: Newsroom) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, newsroom.content, newsroom.target],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def put_an_end_to(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)
    assert process.stdout
    process.stdout.close()


def test_a_killed_publishing_leaves_a_whole_site(newsroom: Newsroom) -> None:
    for number in range(60):
        newsroom.article(f"p{number}", title='"Title 0"', text="Words of it. " * 500)
    newsroom.publish()
    started = time.monotonic()
    newsroom.publish()
    took = time.monotonic() - started
    chance = random.Random(7)
    for attempt in range(1, count(6, 100)):
        for number in range(60):
            newsroom.article(f"p{number}", title=f'"Title {attempt}"', text="Words of it. " * 500)
        before = newsroom.site.version
        process = publishing(newsroom)
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, took * 1.2))
        finally:
            put_an_end_to(process)
        titles = {entry.title for entry in newsroom.site.teasers(size=100).items}
        assert len(titles) == 1
        assert newsroom.site.search("title", size=100).total == 60
        if titles != {f"Title {attempt}"}:
            assert newsroom.site.version == before
    newsroom.publish()
    left = sorted(path.name for path in newsroom.target.parent.iterdir())
    assert left == [".site.db.lock", "site.db"]


def test_two_at_once_wait_for_one_another(newsroom: Newsroom) -> None:
    newsroom.article(text="Words of it. " * 500)
    both = [publishing(newsroom) for _ in range(2)]
    try:
        for process in both:
            assert process.wait(120) == 0
    finally:
        for process in both:
            put_an_end_to(process)
    assert newsroom.site.teasers().total == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names of open files are read from /proc")
def test_all_of_it_is_on_disk_before_it_takes_the_others_place(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.article()
    calls: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        calls.append(f"fsync {Path(f'/proc/self/fd/{handle}').readlink().name}")
        real_fsync(handle)

    def replace(path: Path, target: Path) -> Path:
        calls.append(f"rename {path.name} {target.name}")
        return real_replace(path, target)

    monkeypatch.setattr("os.fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    newsroom.publish()
    assert calls == ["fsync .site.db.new", "rename .site.db.new site.db", "fsync data"]
