"""site.toml: what the newsroom says of itself on every page.

Read strictly, once, at start: a key that is misspelt, missing or far too long stops the site with a
sentence that says which, rather than leaving a page without its warning.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from web.setup import SetUpError

FILE = "site.toml"
MAX_NAME = 80
MAX_TEXT = 500


@dataclass(frozen=True)
class Site:
    """The texts of site.toml, each one line of plain text.

    ``name`` of the newsroom; ``reading``: when reports are read; ``no_help``: that no help can be sent, and
    whom to call; ``silent``: how to call without speaking; ``languages``: that any language is fine;
    ``next``: what happens after sending.
    """

    name: str
    reading: str
    no_help: str
    silent: str
    languages: str
    next: str


def read(folder: Path) -> Site:
    """Read ``folder``/site.toml.

    :raises SetUpError: the file cannot be read, or a key in it is missing, unknown, empty or too long.
    """
    path = folder / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetUpError(
            f"{path} cannot be read: {(error.strerror or 'no reason given').lower()}",
            "set VIGIL_CONTENT to the newsroom's folder, and copy content/site.toml there to begin with",
        ) from None
    except UnicodeDecodeError:
        raise SetUpError(f"{path} is not UTF-8 text", "save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SetUpError(f"{path} is not TOML: {error}", 'write each text as key = "text"') from None
    known = [field.name for field in fields(Site)]
    for key in found:
        if key not in known:
            raise SetUpError(f"{path} has the unknown key {key!r}", f"the keys are {', '.join(known)}")
    return Site(**{key: _text(path, key, found.get(key)) for key in known})


def _text(path: Path, key: str, value: object) -> str:
    most = MAX_NAME if key == "name" else MAX_TEXT
    if value is None:
        raise SetUpError(f"{path} has no {key}", f'add {key} = "…"; content/site.toml has an example')
    if not isinstance(value, str):
        raise SetUpError(f"{key} in {path} is not a text", f'write {key} = "…", in quotes')
    text = value.strip()
    if not text:
        raise SetUpError(f"{key} in {path} is empty", "write what readers shall see there")
    if len(text) > most:
        raise SetUpError(f"{key} in {path} has {len(text)} characters", f"shorten it to {most} at most")
    if any(ord(character) < 32 for character in text):
        raise SetUpError(f"{key} in {path} has line breaks or control characters", "write it as one line")
    return text
