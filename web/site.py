"""site.toml: what the newsroom says of itself on every page.

Read strictly, once, at start: a key that is misspelt, missing or far too long stops the site with a
sentence that says which, rather than leaving a page without its warning.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from web.setup import SetUpError

FILE = "site.toml"
MAX_NAME = 80
MAX_TEXT = 500
MAX_LIST = 20
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

EMPTY = frozenset({"url", "security"})
EXAMPLE = "add it; content/site.toml has an example"
# What publishing reads for itself, with the lines of what is wrong: here they are only known, the first to be
# there, the second perhaps.
PUBLISHED, ATTACK = "topics", "attack"


@dataclass(frozen=True)
class Retention:
    """How long things stay on the server, in days: a report after the team has collected it, a reply after it
    came. Each stays some days longer, drawn anew for each and at most ``blur_days``.
    """

    collected_days: int = 30
    reply_days: int = 90
    blur_days: int = 7


# The fewest and the most days that each may be.
DAYS = {"collected_days": (1, 365), "reply_days": (7, 365), "blur_days": (1, 90)}


@dataclass(frozen=True)
class Site:
    """The texts of site.toml, each one line of plain text.

    ``name`` of the newsroom; ``description``: what it is, in a sentence; ``url``: the address that it is
    known by, without a slash at its end, or empty; ``exit``: where the way out leads; ``security``: where to
    tell of a weakness of the site, a mailto: or https: address, or empty for the contact page.

    ``reading``: when reports are read; ``no_help``: that no help can be sent, and whom to call; ``silent``:
    how to call without speaking; ``languages``: that any language is fine; ``next``: what happens after
    sending.

    ``roles``: the title of each whom somebody can write to, by its key, in the order of the page.
    ``retention``: how long things stay on the server.
    """

    name: str
    description: str
    url: str
    exit: str
    security: str
    reading: str
    no_help: str
    silent: str
    languages: str
    next: str
    roles: Mapping[str, str]
    retention: Retention = Retention()


def read(folder: Path) -> Site:
    """Read ``folder``/site.toml.

    :raises SetUpError: the file cannot be read, or a key in it is missing, unknown, empty or too long.
    """
    path = folder / FILE
    found = _parsed(path)
    known = [*(field.name for field in fields(Site)), PUBLISHED, ATTACK]
    for key in found:
        if key not in known:
            raise SetUpError(f"{path} has the unknown key {key!r}", f"the keys are {', '.join(known)}")
    if PUBLISHED not in found:
        raise SetUpError(f"{path} has no [{PUBLISHED}]", EXAMPLE)
    tables = (PUBLISHED, ATTACK, "roles", "retention")
    texts = {key: _text(path, key, found.get(key)) for key in known if key not in tables}
    _address(path, "url", texts["url"], "https", "http")
    _address(path, "exit", texts["exit"], "https")
    _address(path, "security", texts["security"], "https", "mailto")
    if texts["url"].endswith("/"):
        raise SetUpError(f"url in {path} ends in a slash", f'write url = "{texts["url"].rstrip("/")}"')
    return Site(
        **texts,
        roles=_list(path, "roles", found.get("roles")),
        retention=_retention(path, found.get("retention", {})),
    )


def _parsed(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetUpError(
            f"{path} cannot be read: {(error.strerror or 'no reason given').lower()}",
            "set VIGIL_CONTENT to the newsroom's folder, and copy content/site.toml there to begin with",
        ) from None
    except UnicodeDecodeError:
        raise SetUpError(f"{path} is not UTF-8 text", "save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SetUpError(f"{path} is not TOML: {error}", 'write each text as key = "text"') from None


def _text(path: Path, key: str, value: object) -> str:
    most = MAX_NAME if key == "name" else MAX_TEXT
    if value is None:
        raise SetUpError(f"{path} has no {key}", f'add {key} = "…"; content/site.toml has an example')
    if not isinstance(value, str):
        raise SetUpError(f"{key} in {path} is not a text", f'write {key} = "…", in quotes')
    text = value.strip()
    if not text and key not in EMPTY:
        raise SetUpError(f"{key} in {path} is empty", "write what readers shall see there")
    if len(text) > most:
        raise SetUpError(f"{key} in {path} has {len(text)} characters", f"shorten it to {most} at most")
    if any(ord(character) < 32 for character in text):
        raise SetUpError(f"{key} in {path} has line breaks or control characters", "write it as one line")
    return text


def _address(path: Path, key: str, text: str, *schemes: str) -> None:
    """Check an address that pages will lead to: any other scheme could be a script."""
    if not text:
        return
    try:
        parts = urlsplit(text)
        wrong = parts.scheme not in schemes or not (parts.hostname or parts.scheme == "mailto")
    except ValueError:
        wrong = True
    if wrong or re.search(r"""[\s"<>\\]""", text):
        raise SetUpError(
            f"{key} in {path} is not an address that begins with {' or '.join(f'{s}:' for s in schemes)}",
            f'write it whole, such as {key} = "https://www.example.org/page"',
        )


def _list(path: Path, key: str, value: object) -> dict[str, str]:
    """Check a table of titles by key; keys stand in addresses and forms."""
    if value is None:
        raise SetUpError(f"{path} has no [{key}]", EXAMPLE)
    if not isinstance(value, dict):
        raise SetUpError(
            f"{key} in {path} is not a table", f'write [{key}] and below it lines of key = "Title"'
        )
    if not 1 <= len(value) <= MAX_LIST:
        raise SetUpError(f"[{key}] in {path} has {len(value)} lines", f"give it 1 to {MAX_LIST}")
    for name in value:
        if not KEY.fullmatch(name):
            raise SetUpError(
                f"{name!r} in [{key}] of {path} cannot stand in an address",
                "use small letters, digits and single hyphens, beginning with a letter",
            )
    return {name: _text(path, f"{key}.{name}", title) for name, title in value.items()}


def _retention(path: Path, value: object) -> Retention:
    """Check how long things stay; what is not said is as in the example."""
    if not isinstance(value, dict):
        raise SetUpError(
            f"retention in {path} is not a table",
            "write [retention] and below it lines such as reply_days = 90",
        )
    for name, days in value.items():
        if name not in DAYS:
            raise SetUpError(
                f"[retention] in {path} has the unknown key {name!r}", f"the keys are {', '.join(DAYS)}"
            )
        least, most = DAYS[name]
        # True is a number to Python, and none here.
        if type(days) is not int or not least <= days <= most:
            raise SetUpError(
                f"{name} in [retention] of {path} is not a number of days from {least} to {most}",
                f"write {name} = {getattr(Retention, name)}, say",
            )
    return Retention(**value)
