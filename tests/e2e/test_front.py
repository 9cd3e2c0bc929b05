"""The front and the nginx of each web machine, as they are shipped: what goes where, and what they keep."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.counts import count
from tests.e2e.cluster import Cluster
from tests.e2e.http_client import connected, head, multipart, request
from tests.e2e.proxy import DOMAIN
from tests.e2e.search import found
from tests.e2e.source import Source
from tests.e2e.trace import calls, strace, to_file
from tests.e2e.waiting import until

MARK = f"marker{os.urandom(12).hex()}"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cluster") as made:
        yield Path(made)


def test_nothing_of_an_upload_is_written_by_the_front_or_by_a_web_machines_nginx(
    nginx: None, tracer: None, practice: Path, folder: Path
) -> None:
    names = ("front", "web1", "web2")
    traces = {name: folder / f"trace-{name}" for name in names}
    prefix = {name: strace(trace, length=4_096) for name, trace in traces.items()}
    with Cluster(folder / "all", practice / "data", "", prefix) as cluster:
        # Separate stores here: each visitor stays with one machine.
        source = Source(cluster.address)
        content = (f"{MARK} content\n".encode() * 200_000)[: count(2_000_000, 60_000_000)]
        body, kind = multipart(
            [*source.controls(f"{MARK} text"), ("do", "attach")], [("upload", "a.txt", content)]
        )
        assert request(cluster.address, "POST", "/report", body, kind).status == 200
        with closing(connected(cluster.address)) as held:
            held.sendall(head("POST", "/report", DOMAIN, len(body), kind, {}) + body[:-1_000])
            blobs = [site.data / "blobs" for site in cluster.sites]
            until(lambda: any(path.is_dir() and any(path.iterdir()) for path in blobs), "upload under way")
            parts = {"front": cluster.front, "web1": cluster.webs[0], "web2": cluster.webs[1]}
            assert not found([MARK.encode()], *(part.folder for part in parts.values()))
        for part in parts.values():
            part.kill()
        seen = 0
        for name, part in parts.items():
            traced = list(calls(traces[name]))
            written = [call for call in traced if to_file(call)]
            assert not [call.line[:200] for call in written if MARK in call.line]
            # Nothing at all but its pid and what it says at its start: no body, no answer, no log.
            paths = {call.path for call in written if "write" in call.name} - {"/dev/null"}
            assert paths <= {str(part.folder / file) for file in ("nginx.pid", "output.log")}, paths
            assert not [path for path in (part.folder / "temp").rglob("*") if path.is_file()]
            assert part.output() == ""
            seen += any(MARK in call.line for call in traced if not to_file(call))
        # And that this proves something: a web machine's nginx has handed the upload on.
        assert seen
