"""What `keys` says: which months are here, how long they last."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys


def keys_json(keys: DeskKeys, team: TeamKeys) -> dict[str, object]:
    """Give the object that `keys --json` prints."""
    mine = next((desk for desk in team.desks if desk.name == keys.name), None)
    listed = [] if mine is None else [str(epoch) for epoch in sorted(mine.epochs)]
    return {
        "desk": keys.name,
        "fingerprint": team.fingerprint,
        "practice": team.practice,
        "version": team.version,
        "expires": team.expires.isoformat(),
        "desks": [desk.name for desk in team.desks],
        "held": [str(epoch) for epoch in keys.seeds],
        "listed": listed,
    }


def keys_lines(keys: DeskKeys, team: TeamKeys, today: date | None = None) -> Iterator[str]:
    """Give the same for people."""
    day = today or datetime.now(UTC).date()
    held, listed = list(keys.seeds), {epoch for desk in team.desks for epoch in desk.epochs}
    if team.practice:
        yield "PRACTICE KEYS: never take real reports with them"
    yield f"desk         {keys.name}"
    yield f"fingerprint  {team.fingerprint}"
    yield f"list         version {team.version}, expires {team.expires}"
    yield f"desks        {', '.join(desk.name for desk in team.desks)}"
    yield f"months held  {_months([str(epoch) for epoch in held])}"
    if gone := sorted(listed - set(held)):
        yield f"not held     {_months([str(epoch) for epoch in gone])}"
    if team.expires < day:
        yield "the list has expired: sign a new one"


def _months(months: Sequence[str]) -> str:
    written = [f"{month[:4]}-{month[4:]}" for month in months]
    if len(written) > 2:
        return f"{written[0]} to {written[-1]} ({len(written)})"
    return ", ".join(written) or "none"
