"""The topics of site.toml: [topics] with key = "Title", in the order that lists show them.

The rest of site.toml is the web site's own to read.
"""

from pathlib import Path

from publishing.errors import Problem
from publishing.matter import read_text, read_toml
from publishing.slugs import is_slug

FILE = "site.toml"
MAX_TITLE = 60


def read(content: Path, problems: list[Problem]) -> dict[str, str]:
    """Read the topics as {key: title}; what is wrong is added to ``problems``."""
    text = read_text(content, FILE, problems)
    values = read_toml(FILE, text, problems) if text is not None else None
    if values is None:
        return {}
    found = values.found.get("topics")
    if not isinstance(found, dict) or not found:
        values.wrong("topics", "no topics", 'add a line [topics], and below it key = "Title" for each')
        return {}
    topics = {}
    for key in found:
        if not is_slug(key):
            values.wrong(
                ("topics", key), f"the topic {key!r} cannot be an address", "use small letters and hyphens"
            )
        topics[key] = values.text(("topics", key), MAX_TITLE)
    return topics
