"""The agencies that a case can be referred to: those of the newsroom's own list."""

from functools import lru_cache
from pathlib import Path

from desk.errors import DeskError
from desk.harmless import harmless
from publishing import agencies
from publishing.agencies import Agency
from publishing.errors import Problem

FOLDER = Path(__file__).parents[2] / "content"  # the list that came with the desk


def listed(path: Path | None = None) -> list[Agency]:
    """Give all agencies of a file called agencies.toml, or of the list that came along.

    :raises DeskError: the list cannot be read.
    """
    folder = FOLDER if path is None else path.parent
    if path is not None and path.name != agencies.FILE:
        raise DeskError(f"{harmless(path.name)} is no list of agencies", f"its name must be {agencies.FILE}")
    try:
        changed = (folder / agencies.FILE).stat().st_mtime_ns
    except OSError:
        raise DeskError(
            "there is no list of agencies", f"put {agencies.FILE} where --agencies says"
        ) from None
    return list(_read(folder, changed))


@lru_cache(maxsize=4)
def _read(folder: Path, _changed: int) -> tuple[Agency, ...]:
    problems: list[Problem] = []
    found = agencies.read(folder, problems)
    if problems:
        raise DeskError(f"the list of agencies is not right: {harmless(str(problems[0]))}", "put it right")
    return tuple(found)


def agency(wanted: str, path: Path | None = None) -> Agency:
    """Give the agency of an id.

    :raises DeskError: there is none.
    """
    found = listed(path)
    for one in found:
        if one.id == wanted.strip().lower():
            return one
    ids = ", ".join(one.id for one in found)
    raise DeskError(f"no agency has the id {harmless(wanted)!r}", f"the ids are: {ids}")
