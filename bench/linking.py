"""`python -m bench.linking COUNT FILE`: find the links of a corpus, and write down what it took.

They are found as the desk's `links` finds them: all processors read, one matches. In a process of its own,
which `bench.connections` watches from outside: so its memory is its own too, with that of the processes that
help it.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from desk.connections.gathering import gathered
from desk.connections.links import links
from desk.connections.mention import Mention
from desk.connections.mentions import mentions
from payload import Report

from . import server
from .corpus.cases import Case, corpus

SEED = 7


def told(cases: Iterable[Case]) -> list[Mention]:
    """Give all that the desk takes out of cases."""
    return [mention for case in cases for mention in mentions(case.name, case.contents)]


def main(count: int, out: Path) -> None:
    """Write the seconds passed and of CPU, those of one plain pass over the words, the memory, the links."""
    before = server.pss_bytes([os.getpid()])
    cases = list(corpus(count, SEED))
    reports = server.pss_bytes([os.getpid()])
    used, begun = _cpu(), time.perf_counter()
    found = links(gathered(cases))
    seconds, cpu = time.perf_counter() - begun, _cpu() - used
    used, begun = _cpu(), time.perf_counter()
    _read_once(cases)
    plain, plain_cpu = time.perf_counter() - begun, _cpu() - used
    out.write_text(
        json.dumps(
            {
                "seconds": seconds,
                "cpu": cpu,
                "plain_seconds": plain,
                "plain_cpu": plain_cpu,
                "before": before,
                "reports": reports,
                "links": [(link.a, link.b, link.kind) for link in found],
            }
        )
    )


def _cpu() -> float:
    """Give the seconds of CPU that this process and its helpers have used; those that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _read_once(cases: Iterable[Case]) -> None:
    """Count every word: the least that anybody does who looks for what is said twice."""
    words: Counter[str] = Counter()
    for case in cases:
        for content in case.contents:
            words.update(content.words.casefold().split())
            if isinstance(content, Report):
                for text in content.answers.texts():
                    words.update(text.casefold().split())


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
