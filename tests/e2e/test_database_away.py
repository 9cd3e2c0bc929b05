"""The database stays away: pages are read, words come back, and a site that starts says why it cannot."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.postgres import QUICK, Server, running
from tests.e2e.http_client import request
from tests.e2e.server import Site
from tests.e2e.source import Source

READ = ("/", "/report", "/mailbox")


@pytest.fixture
def server(postgres: None, tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "server", **QUICK) as found:
        yield found


def test_where_the_database_stays_away_words_come_back_and_pages_are_read(
    server: Server, practice: Path, tmp_path: Path
) -> None:
    url = server.fresh()
    with Site(tmp_path / "site", practice / "data", environment={"VIGIL_DATABASE_URL": url}) as site:
        source = Source(site.address)
        assert source.review("words that come back")
        server.stop()
        assert not source.send()
        assert source.answer.status == 503
        assert source.form.value("what_happened") == "words that come back"
        for path in READ:
            assert request(site.address, "GET", path).status == 200, path
        other = Site(tmp_path / "other", practice / "data", environment={"VIGIL_DATABASE_URL": url})
        assert other.spawn().wait(120) != 0
        assert "no PostgreSQL server takes this site" in other.output()
        assert "Traceback" not in site.output() + other.output()
        server.start()
        assert source.send()
