"""Lighthouse on a telephone: full marks where the machine has no say, and quick.

How quick is judged at full counts only: one run on a busy machine may say anything.
"""

import statistics

import pytest

from tests.counts import SOAK
from tests.e2e import newsroom
from tests.e2e.lighthouse import SPEED, STEADY, Lighthouse
from tests.e2e.server import Site

PAGES = [f"/articles/{newsroom.LONGEST}", "/report"]
if SOAK:
    PAGES += ["/", f"/articles/{newsroom.CORRECTED}"]
RUNS = 5
LEAST = 98


@pytest.mark.parametrize("path", PAGES)
def test_lighthouse_finds_nothing_wanting(lighthouse: Lighthouse, whole_site: Site, path: str) -> None:
    judged = lighthouse.judge(whole_site.url + path)
    assert {name: judged.scores[name] for name in STEADY} == dict.fromkeys(STEADY, 100), judged.faults
    # Nothing moves as the page loads, however slow the machine.
    assert judged.audits["cumulative-layout-shift"]["numericValue"] == 0
    if not SOAK:
        return
    speeds = [lighthouse.judge(whole_site.url + path, [SPEED]).scores[SPEED] for _ in range(RUNS)]
    assert statistics.median(speeds) >= LEAST, (speeds, judged.faults)


def test_lighthouse_would_find_what_is_wanting(lighthouse: Lighthouse, whole_site: Site) -> None:
    # A page that is asked not to be found: search engines are told so, which costs points for SEO alone.
    judged = lighthouse.judge(whole_site.url + "/search", STEADY)
    assert judged.scores["accessibility"] == judged.scores["best-practices"] == 100
    assert judged.scores["seo"] < 100
    assert any("indexing" in fault for fault in judged.faults)
