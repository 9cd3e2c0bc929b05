"""In a world: machines, sources, what happens, and the verdict. Run by `python -m tests.soak`."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.sources import FILE, FORM_AGE, Told, crowd
from tests.soak import table, world
from tests.soak.certificates import Authority
from tests.soak.databases import Cluster
from tests.soak.events import EVENTS, Events, Seen
from tests.soak.machines import lay_wire
from tests.soak.newsroom import Newsroom, Verdict, judged

LARGE, LARGE_BYTES = 3, 1_500_000  # so many people attach a file that takes several pieces
PATIENCE = 180.0  # seconds in which everybody who has begun is shown their words


def main(arguments: argparse.Namespace) -> int:
    """Run it; print the table, write the JSON; 0 if nothing was lost and nothing came twice."""
    with tempfile.TemporaryDirectory(prefix="vigil-cluster-") as folder:
        lay_wire()
        seen, verdict, checksums = happened(
            Path(folder), arguments.people, arguments.events, arguments.sample
        )
    found = {
        "people": arguments.people,
        "events": [asdict(each) for each in seen],
        **asdict(verdict),
        "checksums": checksums,
    }
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")
    print(table.text(seen, verdict, checksums))
    wrong = verdict.lost or verdict.twice or verdict.closed or verdict.damaged
    return 1 if wrong or any(each.without for each in seen) else 0


def happened(
    folder: Path, people: int, wanted: Sequence[str], sample: int
) -> tuple[list[Seen], Verdict, int]:
    """Let it happen; give what was seen of each event, the verdict, and how many databases are sound."""
    authority, told, going = Authority(folder / "authority"), Told(), [True]
    with Cluster(folder, authority) as cluster, Newsroom(folder, cluster, authority) as newsroom:
        say(f"the machines run; {people} sources begin")
        threads = []
        for number in range(people):
            size = LARGE_BYTES if number < min(LARGE, people // 2) else FILE
            threads += crowd([newsroom.front.door(number)], told, lambda: going[0], people=1, size=size)
            time.sleep(FORM_AGE / people)
        events = Events(cluster, newsroom, told, say)
        try:
            events.happen(wanted)
        finally:
            for line in cluster.handed_over():
                say(line)
            going.clear()
            going.append(False)
        deadline = time.monotonic() + PATIENCE
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        left = sum(thread.is_alive() for thread in threads)
        assert not left, f"{left} sources were never shown their words"
        say(f"{len(told.acknowledged)} reports acknowledged; the desk judges")
        verdict = judged(newsroom, told.acknowledged, sample=sample)
        assert not (told_of := cluster.told()), f"PostgreSQL's logs tell of statements: {told_of[:5]}"
        return events.seen, verdict, cluster.sound()


def say(text: str) -> None:
    """Say how far it has come, and when."""
    print(f"soak: {time.monotonic() - BEGUN:4.0f} s: {text}", file=sys.stderr, flush=True)


BEGUN = time.monotonic()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--people", type=int, default=50, help="how many sources report at the same time")
    parser.add_argument(
        "--events", nargs="+", choices=EVENTS, default=[*EVENTS], help="what happens, in order"
    )
    parser.add_argument("--sample", type=int, default=25, help="how many reports' files the desk takes out")
    parser.add_argument("--json", type=Path, help="a file for what was measured")
    return parser.parse_args()


if __name__ == "__main__":
    world.begin()
    sys.exit(main(_asked()))
