"""What the desk finds that reports have in common, held against a corpus of known truth.

`python -m bench.connections COUNT` shows the scores by kind; with ``--wrong`` also what was found and is not
so, and what was missed.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crypto import seal
from crypto.envelope import Kind
from crypto.teamkeys import TeamKeys
from desk.connections.links import links

from . import server
from .corpus.cases import corpus
from .corpus.truth import Judged, Truth
from .desks import desk, today
from .linking import SEED, told
from .scale import MB, Scale
from .server import ROOT, SetUpFailed
from .table import Row

_SHOWN = 40
_LOOK = 0.2  # seconds from one look at a process's memory to the next


@dataclass
class Measured:
    """Seconds, passed and of CPU, and bytes, beside those of one plain pass over the words; the scores."""

    seconds: float
    cpu: float
    plain_seconds: float
    plain_cpu: float
    memory: int | None
    reports_memory: int | None
    judged: Judged
    alike: Judged


def measure(folder: Path, scale: Scale) -> list[Row]:
    """Links of a corpus, and of a far larger one, in this desk's own code; of a small one by its command."""
    few, many = measured(scale.link_cases), measured(scale.many_link_cases)
    for count, found in ((scale.link_cases, few), (scale.many_link_cases, many)):
        print("\n".join(f"bench: {line}" for line in by_kind(count, found.judged)), file=sys.stderr)
    return [
        *_scores("10,000", few),
        Row("Links of 10,000 cases", few.seconds, few.plain_seconds),
        Row("Links of 10,000 cases, CPU", few.cpu, few.plain_cpu),
        *_scores("100,000", many)[:2],
        Row("Links of 100,000 cases", many.seconds, many.plain_seconds),
        Row("Memory that 100,000 cases' links add", *map(_mb, (many.memory, many.reports_memory))),
        _by_command(folder, scale),
    ]


def measured(count: int) -> Measured:
    """Have the links of so many cases found in another process, and judge them.

    :raises SetUpFailed: it came to no end.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "links.json"
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.linking", str(count), str(out)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak = _watched(process)
        _, complaint = process.communicate()
        if process.returncode:
            raise SetUpFailed(f"links of {count:,} cases: {complaint.strip()}")
        found = json.loads(out.read_text())
    truth = Truth(corpus(count, SEED))
    alike = ((a, b, kind) for kind, pairs in truth.typed_alike.items() for a, b in pairs)
    return Measured(
        found["seconds"],
        found["cpu"],
        found["plain_seconds"],
        found["plain_cpu"],
        _less(peak, found["reports"]),
        _less(found["reports"], found["before"]),
        truth.judged((a, b, kind) for a, b, kind in found["links"]),
        truth.judged(alike),
    )


def _watched(process: "subprocess.Popen[str]") -> int | None:
    """Wait for a process, and give the most memory that it and its helpers were seen to hold."""
    most: int | None = None
    while process.poll() is None:
        try:
            seen = server.pss_bytes([process.pid, *server.children(process.pid)])
        except (FileNotFoundError, ProcessLookupError):
            seen = None  # one of them has ended since it was listed
        most = max(most or 0, seen) if seen is not None else most
        time.sleep(_LOOK)
    return most


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
    said = json.loads(desk(home, "links", "--json"))
    took = time.perf_counter() - begun
    if {entry["case"] for entry in listed} != {case.name for case in cases}:
        raise SetUpFailed("the desk names the cases otherwise than the corpus does")
    here = sorted((link.a, link.b, link.kind) for link in links(told(cases)))
    if sorted((link["a"], link["b"], link["kind"]) for link in said) != here:
        raise SetUpFailed("`links --json` finds other links than desk.connections does")
    return Row("`links` of 1,000 sealed cases", took, listing)


def _scores(many: str, found: Measured) -> list[Row]:
    """Precision and recall of links, then of pairs of cases, beside those of what is typed alike."""
    ours, alike = found.judged, found.alike
    return [
        Row(f"Links of {many} cases that are right", ours.links.precision, alike.links.precision),
        Row(f"Links of {many} cases that are found", ours.links.recall, alike.links.recall),
        Row(f"Pairs of {many} cases that are right", ours.pairs.precision, alike.pairs.precision),
        Row(f"Pairs of {many} cases that are found", ours.pairs.recall, alike.pairs.recall),
    ]


def by_kind(count: int, judged: Judged) -> list[str]:
    """Lay out the scores of each kind, of all links, and of pairs of cases."""
    lines = [f"links of {count:,} cases".ljust(27) + "right  found   true"]
    for name, score in (*judged.kinds.items(), ("all links", judged.links), ("pairs of cases", judged.pairs)):
        true = score.right + score.missed
        lines.append(f"    {name:<20} {score.precision:>7.3f} {score.recall:>6.3f} {true:>6,}")
    return lines


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(0, one - other)


def _mb(size: int | None) -> float | None:
    return None if size is None else size / MB


def _shown(count: int) -> Iterable[str]:
    """Give a line for each of some links that are not so, then of some that were missed."""
    cases = list(corpus(count, SEED))
    truth = Truth(cases)
    every = links(told(cases))
    said = {(link.a, link.b, link.kind): f" {link.score:.2f} {link.value}: {link.why}" for link in every}
    judged = truth.judged(said)
    for what, some in (("wrong", judged.wrong), ("missed", judged.missed)):
        for kind in judged.kinds:
            for a, b, _ in [one for one in some if one[2] == kind][:_SHOWN]:
                why = said.get((a, b, kind), "")
                yield f"{what} {kind}: {truth.told(a, kind)} | {truth.told(b, kind)}{why}"


def main(arguments: list[str]) -> int:
    """Print the scores, and what went wrong where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.connections", description="How right links are.")
    parser.add_argument("count", type=int, metavar="COUNT", help="how many cases")
    parser.add_argument("--wrong", action="store_true", help="show what is not so, and what was missed")
    asked = parser.parse_args(arguments)
    found = measured(asked.count)
    print("\n".join(by_kind(asked.count, found.judged)))
    print(f"{found.seconds:.1f} s, {found.cpu:.1f} s of CPU, {_mb(found.memory) or 0:,.0f} MB")
    if asked.wrong:
        for line in _shown(asked.count):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
