"""What the desk finds that reports have in common, held against a corpus of known truth.

`python -m bench.connections COUNT` measures in a process of its own, so that its memory is its own too; with
``--wrong`` it shows what was found and is not so, and what was missed.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crypto import seal
from crypto.envelope import Kind
from crypto.teamkeys import TeamKeys
from desk.connections.links import links
from desk.connections.mentions import mentions
from payload import Report

from . import server
from .corpus.cases import Case, corpus
from .corpus.truth import Judged, Score, Truth
from .desks import desk, today
from .scale import MB, Scale
from .server import ROOT, SetUpFailed
from .table import Row

SEED = 7
_SHOWN = 40


@dataclass
class Measured:
    """Seconds and bytes, beside those of one plain pass over the same words, and the scores."""

    seconds: float
    plain_seconds: float
    memory: int | None
    reports_memory: int | None
    judged: Judged
    alike: Judged


def measure(folder: Path, scale: Scale) -> list[Row]:
    """Links of a corpus, and of a far larger one, in this desk's own code; of a small one by its command."""
    few, many = _apart(scale.link_cases), _apart(scale.many_link_cases)
    for count, found in ((scale.link_cases, few), (scale.many_link_cases, many)):
        for line in _by_kind(count, found["judged"]):
            print(f"bench: {line}", file=sys.stderr)
    return [
        _precision("Links of 10,000 cases that are right", few, "links"),
        _recall("Links of 10,000 cases that are found", few, "links"),
        _precision("Pairs of 10,000 cases that are right", few, "pairs"),
        _recall("Pairs of 10,000 cases that are found", few, "pairs"),
        Row("Links of 10,000 cases", few["seconds"], few["plain_seconds"]),
        _precision("Links of 100,000 cases that are right", many, "links"),
        _recall("Links of 100,000 cases that are found", many, "links"),
        Row("Links of 100,000 cases", many["seconds"], many["plain_seconds"]),
        Row("Memory that 100,000 cases' links add", _mb(many["memory"]), _mb(many["reports_memory"])),
        _by_command(folder, scale),
    ]


def measured(count: int) -> Measured:
    """Find the links of so many cases in this process, and judge them."""
    before = server.rss_bytes(os.getpid())
    cases = list(corpus(count, SEED))
    reports = server.rss_bytes(os.getpid())
    server.forget_peak(os.getpid())
    begun = time.perf_counter()
    found = _linked(cases)
    seconds = time.perf_counter() - begun
    peak = server.peak_bytes(os.getpid())
    if peak is not None:
        # A process that helps has its own.
        peak += resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    begun = time.perf_counter()
    _read_once(cases)
    plain = time.perf_counter() - begun
    truth = Truth(cases)
    alike = ((a, b, kind) for kind, pairs in truth.typed_alike.items() for a, b in pairs)
    return Measured(
        seconds, plain, _less(peak, reports), _less(reports, before), truth.judged(found), truth.judged(alike)
    )


def _linked(cases: Iterable[Case]) -> list[tuple[str, str, str]]:
    every = [mention for case in cases for mention in mentions(case.name, case.contents)]
    return [(link.a, link.b, link.kind) for link in links(every)]


def _read_once(cases: Iterable[Case]) -> None:
    """Count every word: the least that anybody does who looks for what is said twice."""
    words: Counter[str] = Counter()
    for case in cases:
        for content in case.contents:
            words.update(content.words.casefold().split())
            if isinstance(content, Report):
                for text in content.answers.texts():
                    words.update(text.casefold().split())


def _apart(count: int) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "bench.connections", str(count)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3_600,
    )
    if run.returncode:
        raise SetUpFailed(f"links of {count:,} cases: {run.stderr.strip()}")
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def _by_command(folder: Path, scale: Scale) -> Row:
    """`links --json` over sealed envelopes, which must find what is found without them."""
    home = folder / "practice-desk"
    team = TeamKeys.read((folder / "team.keys").read_bytes())
    epoch = team.epoch(today())
    recipients = team.recipients(epoch)
    envelopes = home / "casebook" / "env"
    envelopes.mkdir(parents=True, mode=0o700, exist_ok=True)
    cases = list(corpus(scale.sealed_link_cases, SEED))
    for content in (content for case in cases for content in case.contents):
        envelope = seal.sealed(Kind.INCOMING, epoch, recipients, content.to_bytes())
        (envelopes / hashlib.sha256(envelope).hexdigest()).write_bytes(envelope)
    begun = time.perf_counter()
    listed = json.loads(desk(home, "list", "--json"))
    listing = time.perf_counter() - begun
    begun = time.perf_counter()
    told = json.loads(desk(home, "links", "--json"))
    took = time.perf_counter() - begun
    if {entry["case"] for entry in listed} != {case.name for case in cases}:
        raise SetUpFailed("the desk names the cases otherwise than the corpus does")
    if sorted((link["a"], link["b"], link["kind"]) for link in told) != sorted(_linked(cases)):
        raise SetUpFailed("`links --json` finds other links than desk.connections does")
    return Row("`links` of 1,000 sealed cases", took, listing)


def _precision(name: str, found: dict[str, Any], of: str) -> Row:
    return Row(name, *(Score(**found[who][of]).precision for who in ("judged", "alike")))


def _recall(name: str, found: dict[str, Any], of: str) -> Row:
    return Row(name, *(Score(**found[who][of]).recall for who in ("judged", "alike")))


def _by_kind(count: int, judged: dict[str, Any]) -> list[str]:
    lines = [f"links of {count:,} cases     right  found   true"]
    for kind, counts in judged["kinds"].items():
        score = Score(**counts)
        true = score.right + score.missed
        lines.append(f"    {kind:<20} {score.precision:>7.3f} {score.recall:>6.3f} {true:>6,}")
    return lines


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(0, one - other)


def _mb(size: int | None) -> float | None:
    return None if size is None else size / MB


def _shown(cases: list[Case]) -> list[str]:
    truth = Truth(cases)
    every = links([mention for case in cases for mention in mentions(case.name, case.contents)])
    said = {(link.a, link.b, link.kind): f" {link.score:.2f} {link.value}: {link.why}" for link in every}
    judged = truth.judged(said)
    return [
        f"{what} {kind}: {truth.told(a, kind)} | {truth.told(b, kind)}{said.get((a, b, kind), '')}"
        for what, some in (("wrong", judged.wrong), ("missed", judged.missed))
        for kind in judged.kinds
        for a, b, _ in [one for one in some if one[2] == kind][:_SHOWN]
    ]


def main(arguments: list[str]) -> int:
    """Print as JSON what was measured, or in lines what went wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.connections", description=measure.__doc__)
    parser.add_argument("count", type=int, metavar="COUNT", help="how many cases")
    parser.add_argument("--wrong", action="store_true", help="show what is not so, and what was missed")
    asked = parser.parse_args(arguments)
    if asked.wrong:
        print("\n".join(_shown(list(corpus(asked.count, SEED)))))
        return 0
    done = asdict(measured(asked.count))
    for judged in (done["judged"], done["alike"]):
        del judged["wrong"], judged["missed"]
    print(json.dumps(done))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
