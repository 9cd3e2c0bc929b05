"""What `keys` says: which months are here, how long they last, and what ought to be done."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from crypto.epoch import Epoch
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from desk.harmless import harmless
from desk.keys.destroying import carry_it_alone
from desk.keys.notes import Notes
from desk.server import Server
from desk.showing import count_text

WARN_DAYS = (60, 30, 7)


@dataclass(frozen=True)
class Status:
    """All that `keys` tells of: what this desk holds, the list, the notes, and what the server said last."""

    keys: DeskKeys
    team: TeamKeys
    notes: Notes
    server: Server | None
    today: date
    unfinished: Epoch | None = (
        None  # keys of months before it are destroyed, and what they opened is not all gone
    )

    @property
    def days_left(self) -> int | None:
        """Days until the end of the last month that is listed and has a key here; None without any."""
        listed = [month for month in self.keys.seeds if self.team.oldest <= month <= self.team.newest]
        return (_end(max(listed)) - self.today).days if listed else None

    def warnings(self) -> Iterator[str]:
        """Give what ought to be done, a line each."""
        if self.unfinished is not None:
            yield (
                f"keys destroy was stopped before it was done; until then keys.backup may hold what was "
                f"destroyed. Run it again: keys destroy --before {self.unfinished}"
            )
        if self.team.expires < self.today:
            yield "the list has expired: keys make, then keys renew"
        elif self.days_left is None:
            yield "this desk has no key of the list's months: nothing that comes in opens here"
        elif (left := self.days_left) <= WARN_DAYS[0]:
            urgency = "NOW" if left <= WARN_DAYS[2] else "this month" if left <= WARN_DAYS[1] else "soon"
            yield f"{left} days until the keys run out; {urgency}: keys make, then keys renew, then export"
        if not any(desk.sign_public == self.keys.public([]).sign_public for desk in self.team.desks):
            yield "this desk is not on the list: keys export FILE, then keys add-desk FILE where it is signed"
        if self.notes.recovery is None:
            yield "there is no backup of the keys: keys new-recovery"
        if self.server is not None and self.server.team_version < self.team.version:
            yield f"the server had list {self.server.team_version} only: {self._how_to_carry(self.server)}"
        if self.server is not None and self.server.team_version > self.team.version:
            yield f"the server has list {self.server.team_version} already: keys take FILE"
        if self.keys.seeds and (old := self.notes.holding(min(self.keys.seeds))):
            count = count_text(len(old), "copy", "copies")
            yield f"{count} may hold keys that were destroyed here. When all are gone: keys copies-destroyed"

    def _how_to_carry(self, server: Server) -> str:
        alone = server.team_version < self.notes.alone
        return carry_it_alone(self.team) if alone else "carry the next export to it"


def as_json(status: Status) -> dict[str, object]:
    """Give the object that `keys --json` prints."""
    team, server = status.team, status.server
    mine = next((desk for desk in team.desks if desk.name == status.keys.name), None)
    listed = [] if mine is None else [str(epoch) for epoch in sorted(mine.epochs)]
    return {
        "desk": status.keys.name,
        "fingerprint": team.fingerprint,
        "practice": team.practice,
        "version": team.version,
        "expires": team.expires.isoformat(),
        "desks": [desk.name for desk in team.desks],
        "held": [str(epoch) for epoch in status.keys.seeds],
        "listed": listed,
        "days_left": status.days_left,
        "backup": None
        if status.notes.recovery is None
        else {"written_on": status.notes.written_on, "kept_as": status.notes.kept_as},
        "copies": [asdict(copy) for copy in status.notes.copies],
        "server": None
        if server is None
        else {
            "made_on": server.made_on.isoformat(),
            "sealing": str(server.sealing),
            "epochs": [str(epoch) for epoch in server.epochs],
            "team_version": server.team_version,
        },
        "warnings": list(status.warnings()),
    }


def lines(status: Status) -> Iterator[str]:
    """Give the same for people."""
    team, held = status.team, list(status.keys.seeds)
    if team.practice:
        yield "PRACTICE KEYS: never take real reports with them"
    yield f"desk         {status.keys.name}"
    yield f"team's fingerprint  {team.fingerprint}"
    yield f"list         version {team.version}, expires {team.expires}"
    yield f"desks        {', '.join(desk.name for desk in team.desks)}"
    yield f"months held  {_months(held)}"
    if status.days_left is not None:
        yield f"days left    {status.days_left}"
    listed = {epoch for desk in team.desks for epoch in desk.epochs}
    if gone := sorted(listed - set(held)):
        yield f"not held     {_months(gone)}"
    yield f"backup       {_backup(status.notes)}"
    yield f"server       {_server(status.server)}"
    for warning in status.warnings():
        yield f"! {warning}"
    yield from copy_lines(status.notes, min(held, default=None))


def copy_lines(notes: Notes, before: Epoch | None) -> Iterator[str]:
    """Name the copies that hold keys of months before this one."""
    for copy in notes.holding(before) if before is not None else ():
        yield f"  a copy of {harmless(copy.what)} of {copy.made_on}, with keys of {copy.first} to {copy.last}"


def _backup(notes: Notes) -> str:
    if notes.recovery is None:
        return "none"
    return f"keys.backup of {notes.written_on}; the recovery secret is on paper: {harmless(notes.kept_as)}"


def _server(server: Server | None) -> str:
    if server is None:
        return "nothing imported yet"
    held = f"still holds reports of {_months(server.epochs)}" if server.epochs else "holds no reports"
    return (
        f"as of {server.made_on}: has list {server.team_version}, seals to {_month(server.sealing)}, {held}"
    )


def _end(month: Epoch) -> date:
    """Give the last day of a month."""
    year, number = divmod(month.next().number, 100)
    return date(year, number, 1) - timedelta(days=1)


def _month(month: Epoch) -> str:
    return f"{str(month)[:4]}-{str(month)[4:]}"


def _months(months: Sequence[Epoch]) -> str:
    written = [_month(month) for month in months]
    if len(written) > 2:
        return f"{written[0]} to {written[-1]} ({len(written)})"
    return ", ".join(written) or "none"
