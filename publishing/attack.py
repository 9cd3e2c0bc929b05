"""The one switch of site.toml for bad days: [attack] with on = true or on = false; without it, it is off."""

from pathlib import Path

from publishing.errors import Problem
from publishing.matter import read_text, read_toml
from publishing.topics import FILE

TABLE = "attack"


def read(content: Path, problems: list[Problem]) -> bool:
    """Say whether the newsroom has it on; what is wrong is added to ``problems``."""
    # What is wrong with the file as a whole is told where its topics are read.
    told: list[Problem] = []
    text = read_text(content, FILE, told)
    values = read_toml(FILE, text, told) if text is not None else None
    if values is None:
        return False
    values.problems = problems
    table = values.found.get(TABLE, {})
    if not isinstance(table, dict):
        values.wrong(TABLE, "attack is not a table", "write [attack], and below it on = true or on = false")
        return False
    values.only(["on"], TABLE)
    on = table.get("on", False)
    if not isinstance(on, bool):
        values.wrong((TABLE, "on"), "on is neither true nor false", "write on = true, without quotes")
        return False
    return on
