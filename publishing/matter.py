"""Front matter: the lines between two +++ at the top of a file, each value checked and named by its line."""

import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from publishing import files, places
from publishing.errors import Problem
from publishing.slugs import is_slug, slug

FENCE = "+++"
# Some 35,000 words. A search walks through all of a text that it shows a piece of.
LARGEST_FILE = 200_000
# Line ends within a line, controls, and the marks that make text read otherwise than it is written.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffd-\uffff]"
)
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

Key = str | tuple[str | int, ...]


def listed(content: Path, folder: str, problems: list[Problem]) -> list[str]:
    """Give the texts in a folder of the content, as "folder/name.md"; a strange file is a problem."""
    try:
        found = sorted((content / folder).iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        problems.append(Problem(folder, None, f"cannot be read: {reason}", "make it a folder of texts"))
        return []
    texts = []
    for path in found:
        # A name that is not UTF-8 can be neither written nor printed as it is.
        name = os.fsencode(path.name).decode("utf-8", "backslashreplace")
        file = f"{folder}/{name}"
        if path.name.startswith((".", "#")) or path.name.endswith("~"):
            # What editors and file managers leave.
            continue
        if name != path.name:
            hint = "rename it: small letters, digits and hyphens"
            problems.append(Problem(file, None, "has a name that is not UTF-8", hint))
        elif path.suffix != ".md" or not path.is_file():
            hint = "give it a name that ends in .md, put pictures into images, or move it elsewhere"
            problems.append(Problem(file, None, "is no text", hint))
        else:
            texts.append(file)
    return texts


def name_of(file: str, problems: list[Problem]) -> str:
    """Give the name of a file, which is the last part of its address; one that cannot be is a problem."""
    name = PurePosixPath(file).stem
    if not is_slug(name):
        hint = f"call it {slug(name)}.md: small letters, digits and hyphens, at most 80"
        problems.append(Problem(file, None, "the file's name cannot be an address", hint))
    return name


def read_text(folder: Path, file: str, problems: list[Problem]) -> str | None:
    """Read a file as text with line ends \\n; on a problem, add it and give None."""
    try:
        data = files.data(folder, file, LARGEST_FILE)
    except files.BadFile as error:
        problems.append(Problem(file, None, error.what, error.hint))
        return None
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        problems.append(
            Problem(file, None, f"cannot be read: {reason}", "check that the file is there and readable")
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(file, line, "is not UTF-8 text", "save the file as UTF-8 in the editor"))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    strange = INVISIBLE.search(text)
    if strange is None:
        return text
    for strange in INVISIBLE.finditer(text):
        line = text.count("\n", 0, strange.start()) + 1
        what = f"holds the invisible or damaged character U+{ord(strange[0]):04X}"
        problems.append(Problem(file, line, what, "delete it and type that place again"))
    return None


@dataclass
class Values:
    """The values of a TOML text, asked for one by one. What is wrong is added to ``problems``.

    ``first`` is the line of the file that the TOML begins on. A value that is wrong is given as None (an
    empty text, an empty list), so that checking goes on.
    """

    file: str
    found: dict[str, Any]
    problems: list[Problem]
    lines: dict[places.Path, int] = field(default_factory=dict)
    first: int = 1
    _top: tuple[str, ...] = ()

    def line(self, key: Key) -> int:
        """The line of the file that a key stands on, or the nearest thing round it."""
        path = (key,) if isinstance(key, str) else key
        while path:
            if path in self.lines:
                return self.lines[path] + self.first - 1
            path = path[:-1]
        return max(1, self.first - 1)

    def wrong(self, key: Key, what: str, hint: str) -> None:
        """Add a problem at the line of a key."""
        self.problems.append(Problem(self.file, self.line(key), what, hint))

    def only(self, known: Iterable[str], at: Key = ()) -> None:
        """Refuse the keys that are not known, naming a near one."""
        known, base = list(known), _path(at)
        self._top = self._top if base else tuple(known)
        table = self._get(base)
        for key in table if isinstance(table, dict) else ():
            if key not in known:
                near = get_close_matches(key, known, 1)
                if base and key in self._top:
                    hint = "move the line up, above the first one that begins with ["
                else:
                    hint = f"is it {near[0]}?" if near else f"the keys are {', '.join(known)}"
                self.wrong((*base, key), f"unknown key {key!r}", hint)

    def text(self, key: Key, most: int, *, required: bool = True) -> str:
        """One line of plain text; empty where it is wrong or left out."""
        path = _path(key)
        name, value = path[-1], self._get(path)
        if value is None:
            if required:
                self.wrong(path, f"{name} is missing", f'add {name} = "…"')
            return ""
        if not isinstance(value, str):
            self.wrong(path, f"{name} is not a text", f'write {name} = "…", in quotes')
            return ""
        text = value.strip()
        if not text and required:
            self.wrong(path, f"{name} is empty", f"write the {name}")
        if "\n" in text or "\t" in text:
            self.wrong(path, f"{name} has a line break or a tab", "write it as one line")
        if INVISIBLE.search(text):
            self.wrong(path, f"{name} holds an invisible character", "type it again without \\u escapes")
        if len(text) > most:
            self.wrong(path, f"{name} has {len(text)} characters", f"shorten it to {most} at most")
        return text

    def day(self, key: Key, today: date, *, required: bool = True, may_be_empty: bool = False) -> date | None:
        """A day, not later than ``today``; with ``may_be_empty``, "" is right too, and gives None."""
        path = _path(key)
        name, value = path[-1], self._get(path)
        if may_be_empty and value == "":
            return None
        if value is None:
            if required:
                self.wrong(path, f"{name} is missing", f"add {name} = {today.isoformat()}")
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(
                path, f"{name} is not a day", f"write {name} = {today.isoformat()}, without quotes or a time"
            )
            return None
        if value > today:
            self.wrong(
                path, f"{name} {value} has not come yet", f"today is {today}; keep it back with draft = true"
            )
            return None
        if value.year < 1900:
            self.wrong(path, f"{name} {value} is too long ago", "check the year")
            return None
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where it is left out."""
        value = self.found.get(key, False)
        if not isinstance(value, bool):
            self.wrong(
                key,
                f"{key} is neither true nor false",
                f"write {key} = true, without quotes, or leave it out",
            )
            return False
        return value

    def texts(self, key: str, most: int, longest: int) -> list[str]:
        """One text or a list of at most ``most`` texts, none of them twice."""
        value = self.found.get(key)
        if not isinstance(value, list):
            text = self.text(key, longest)
            return [text] if text else []
        if not 1 <= len(value) <= most:
            self.wrong(key, f"{key} has {len(value)} entries", f"give 1 to {most}")
        texts = [self.text((key, number), longest) for number in range(len(value))]
        for number, text in enumerate(texts):
            if text and text in texts[:number]:
                self.wrong((key, number), f"{text!r} stands twice in {key}", "take one out")
        return [text for text in texts if text]

    def tables(self, key: str, keys: Iterable[str]) -> list[tuple[str, int]]:
        """The paths of the tables in a list, each with no other keys than ``keys``."""
        value = self.found.get(key, [])
        keys = list(keys)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            shape = ", ".join(f"{one} = …" for one in keys)
            self.wrong(key, f"{key} is not a list of tables", f"write {key} = [ {{ {shape} }} ]")
            return []
        paths = [(key, number) for number in range(len(value))]
        for path in paths:
            self.only(keys, path)
        return paths

    def table(self, key: str, keys: Iterable[str]) -> tuple[str] | None:
        """The path of one table, with no other keys than ``keys``; None where it is left out or wrong."""
        if key not in self.found:
            return None
        keys = list(keys)
        if not isinstance(self.found[key], dict):
            shape = ", ".join(f'{one} = "…"' for one in keys)
            self.wrong(key, f"{key} is not a table", f"write {key} = {{ {shape} }}")
            return None
        self.only(keys, (key,))
        return (key,)

    def _get(self, path: tuple[str | int, ...]) -> Any:
        value: Any = self.found
        for part in path:
            if isinstance(part, str):
                value = value.get(part) if isinstance(value, dict) else None
            else:
                value = value[part]
        return value


def read_toml(file: str, toml: str, problems: list[Problem], first: int = 1) -> Values | None:
    """Read a TOML text that begins on line ``first`` of ``file``; on a problem, add it and give None."""
    deep = places.too_deep(toml)
    if deep is not None:
        what = f"a name of more than {places.DEEPEST} parts with dots between them"
        problems.append(Problem(file, first + deep - 1, what, "put texts in quotes"))
        return None
    try:
        found = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = str(error)
        at = _AT_LINE.search(said)
        line = first + (int(at[1]) - 1 if at and at[1] else toml.count("\n"))
        what = _AT_LINE.sub("", said)
        hint = 'write each value as key = "text"; quotes within a text as \\", and each { … } on one line'
        problems.append(Problem(file, line, f"is not TOML: {what[:1].lower()}{what[1:]}", hint))
        return None
    return Values(file, found, problems, places.lines(toml), first)


@dataclass(frozen=True)
class Split:
    """A file in its two parts: the values of its front matter, and its text, which begins on ``line``."""

    values: Values
    text: str
    line: int


def read(folder: Path, file: str, problems: list[Problem]) -> Split | None:
    """Read a file with front matter; on a problem that leaves nothing to check, add it and give None."""
    text = read_text(folder, file, problems)
    if text is None:
        return None
    rows = text.split("\n")
    hint = f"put a line of {FENCE} before the first key and one after the last"
    if rows[0].rstrip() != FENCE:
        problems.append(Problem(file, 1, f"does not begin with a line of {FENCE}", hint))
        return None
    end = next((number for number, row in enumerate(rows[1:], 1) if row.rstrip() == FENCE), None)
    if end is None:
        problems.append(Problem(file, 1, f"has no second line of {FENCE}", hint))
        return None
    values = read_toml(file, "\n".join(rows[1:end]), problems, first=2)
    return None if values is None else Split(values, "\n".join(rows[end + 1 :]), end + 2)


def _path(key: Key) -> tuple[str | int, ...]:
    return (key,) if isinstance(key, str) else key
