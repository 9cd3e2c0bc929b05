"""What happens to the machines, and what sources saw of it."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.sources import Failure, Told
from tests.e2e.waiting import until
from tests.soak.databases import Cluster
from tests.soak.newsroom import Newsroom

# Words have been shown this often, in so many seconds, when there is service again.
ENOUGH, WITHIN = 5, 4.0
OUTAGE = 100.0  # seconds after which it is mended, service or not
CALM = 6.0  # seconds of service before the next thing happens


@dataclass(frozen=True)
class Seen:
    """What sources saw of one event, from its beginning until all machines were whole again.

    ``gap`` is the longest time, in seconds, in which nobody was shown their words. ``refused`` presses were
    answered with a page that still had the text; ``unanswered`` ones with no whole page; ``without`` ones
    with a page without the text. ``whole`` is how long the cluster took to be whole once it could be.
    """

    name: str
    gap: float
    acknowledged: int
    refused: int
    unanswered: int
    without: int
    whole: float
    mended_first: bool  # there was no service before it was mended


class Events:
    """Makes things happen, one at a time, while sources report."""

    def __init__(self, cluster: Cluster, newsroom: Newsroom, told: Told, say: Callable[[str], None]) -> None:
        self.cluster, self.newsroom, self.told, self.say = cluster, newsroom, told, say
        self.seen: list[Seen] = []

    def power_cut_of_the_leader(self) -> None:
        leader = self.cluster.role("leader")
        self._happens("the leader loses its power", leader.power_cut, leader.serve)

    def leader_cut_off(self) -> None:
        leader = self.cluster.role("leader")
        self._happens("the leader is cut off", leader.cut, leader.join)

    def standby_cut_off(self) -> None:
        standby = self.cluster.role("sync_standby")
        self._happens("the standby is cut off", standby.cut, standby.join)

    def power_cut_of_a_web_machine(self) -> None:
        site = self.newsroom.sites[0]
        self._happens("a web machine loses its power", site.power_cut, site.switch_on)

    def disk_full(self) -> None:
        leader = self.cluster.role("leader")
        self._happens("the leader's disk is full", leader.room.fill, leader.room.free, lasts=45)

    def postgresql_killed(self) -> None:
        leader = self.cluster.role("leader")
        self._happens("the leader's PostgreSQL is killed", lambda: leader.kill("postgres"), _nothing)

    def etcd_killed(self) -> None:
        def kill() -> None:
            for machine in self.cluster.machines:
                machine.kill("etcd")

        def start() -> None:
            for machine in self.cluster.machines:
                machine.start_etcd()

        self._happens("etcd is killed on all three", kill, start, lasts=40)

    def happen(self, names: Sequence[str]) -> None:
        """Let these happen, one after the other."""
        for name in names:
            EVENTS[name](self)

    def _happens(
        self, name: str, event: Callable[[], None], mended: Callable[[], None], lasts: float = 10
    ) -> None:
        """Let it happen, wait for service, mend it, wait until all is whole, and note what was seen."""
        until(self._served, "service before anything happens")
        time.sleep(CALM)
        self.say(name)
        begun, failed = time.monotonic(), len(self.told.failures)
        event()
        time.sleep(lasts)
        served = self._served_within(OUTAGE)
        self.say("there is service; mended" if served else "mended, without which there is no service")
        mending = time.monotonic()
        mended()
        self.cluster.whole()
        whole = time.monotonic() - mending
        until(self._served, f"service when mended: {name}")
        time.sleep(CALM)
        times = sorted(each.at for each in list(self.told.acknowledged) if each.at > begun)
        gap = max(later - sooner for sooner, later in pairwise([begun, *times]))
        failures = self.told.failures[failed:]
        kinds = Counter(
            "refused" if each.kept else "without" if each.status else "unanswered" for each in failures
        )
        counts = kinds["refused"], kinds["unanswered"], kinds["without"]
        self.seen.append(Seen(name, gap, len(times), *counts, whole, not served))
        self.say(f"longest gap {gap:.1f} s, whole after {whole:.1f} s; failed: {_steps(failures)}")

    def _served(self) -> bool:
        """Whether words are being shown."""
        now = time.monotonic()
        return sum(each.at > now - WITHIN for each in self.told.acknowledged[-100:]) >= ENOUGH

    def _served_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not (served := self._served()) and time.monotonic() < deadline:
            time.sleep(0.2)
        return served


EVENTS: dict[str, Callable[[Events], None]] = {
    "leader": Events.power_cut_of_the_leader,
    "cut": Events.leader_cut_off,
    "standby": Events.standby_cut_off,
    "web": Events.power_cut_of_a_web_machine,
    "postgresql": Events.postgresql_killed,
    "etcd": Events.etcd_killed,
    "disk": Events.disk_full,
}


def _steps(failures: Sequence[Failure]) -> str:
    """How many presses failed at which step, and how."""
    counts = Counter((each.step, each.status) for each in failures)
    return ", ".join(f"{count} x {step} {status}" for (step, status), count in counts.items()) or "none"


def _nothing() -> None:
    """Whatever was wrong mends by itself."""
