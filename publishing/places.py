"""On which line of a TOML text each value stands, so that a problem can name it."""

import re

Path = tuple[str | int, ...]

DEEPEST = 8
_BETWEEN = ("=", "[", "]", "{", "}", ",", "\n")
_TOKEN = re.compile(
    r"""
    \"{3}(?:[^\\]|\\.)*?\"{3,5} | '{3}.*?'{3,5}           # texts of several lines
    | "(?:[^"\\\n]|\\.)*" | '[^'\n]*'                     # texts of one line
    | \#[^\n]* | [\ \t\r]+ | \n | [^\s"'\#\[\]{},=.]+ | . # comments, blanks, names and numbers, signs
    """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(["\\]))')


def lines(toml: str) -> dict[Path, int]:
    """Give the line (from 1) of every key and every element of an array in a text that is valid TOML.

    ``("sources", 1, "url")`` is the url in the second of sources. A text that is not TOML may give anything.
    """
    return _Reader(toml).found


def too_deep(toml: str) -> int | None:
    """Give the line (from 1) of the first key with more than DEEPEST parts, a.b.c…, None where none has.

    To be asked before the text is read as TOML: that takes the square of their number, or more.
    """
    line = parts = 1
    for match in _TOKEN.finditer(toml):
        sign = match[0]
        if sign == ".":
            parts += 1
            if parts > DEEPEST:
                return line
        elif sign in _BETWEEN or sign.startswith("#"):
            parts = 1
        line += sign.count("\n")
    return None


class _Reader:
    def __init__(self, toml: str) -> None:
        self.found: dict[Path, int] = {}
        self._tokens: list[tuple[str, int]] = []
        line = 1
        for match in _TOKEN.finditer(toml):
            token = match[0]
            if not (token.startswith("#") or token.strip(" \t\r") == ""):
                self._tokens.append((token, line))
            line += token.count("\n")
        self._tokens.append(("", line))
        self._at = 0
        self._read()

    def _sign(self) -> str:
        return self._tokens[self._at][0]

    def _next(self) -> str:
        token = self._sign()
        if token:
            self._at += 1
        return token

    def _mark(self, path: Path) -> None:
        self.found.setdefault(path, self._tokens[self._at][1])

    def _read(self) -> None:
        counts: dict[Path, int] = {}
        table: Path = ()
        while self._sign():
            if self._sign() == "[":
                table = self._header(counts)
            elif self._sign() != "\n":
                self._pair(table)
            else:
                self._at += 1

    def _header(self, counts: dict[Path, int]) -> Path:
        line = self._tokens[self._at][1]
        opened = 0
        while self._sign() == "[":
            self._next()
            opened += 1
        plain = self._key(())
        path: Path = ()
        for end, part in enumerate(plain, 1):
            path = (*path, part)
            self.found.setdefault(path, line)
            if opened > 1 and end == len(plain):
                counts[plain] = counts.get(plain, 0) + 1
            if plain[:end] in counts:
                path = (*path, counts[plain[:end]] - 1)
                self.found.setdefault(path, line)
        while self._sign() not in ("\n", ""):
            self._next()
        return path

    def _key(self, prefix: Path) -> Path:
        path = prefix
        while self._sign() not in ("=", "]", "\n", ""):
            part = self._next()
            if part != ".":
                path = (*path, _plain(part))
        return path

    def _pair(self, prefix: Path) -> None:
        start = self._at
        path = self._key(prefix)
        for end in range(len(prefix) + 1, len(path) + 1):
            self.found.setdefault(path[:end], self._tokens[start][1])
        if self._next() == "=":
            self._value(path)

    def _value(self, path: Path) -> None:
        if self._sign() == "[":
            self._next()
            self._array(path)
        elif self._sign() == "{":
            self._next()
            self._table(path)
        else:
            while self._sign() not in (",", "]", "}", "\n", ""):
                self._next()

    def _array(self, path: Path) -> None:
        number = 0
        while self._sign() not in ("]", ""):
            if self._sign() in (",", "\n"):
                self._next()
                continue
            self._mark((*path, number))
            self._value((*path, number))
            number += 1
        self._next()

    def _table(self, path: Path) -> None:
        while self._sign() not in ("}", ""):
            if self._sign() in (",", "\n"):
                self._next()
            else:
                self._pair(path)
        self._next()


def _plain(token: str) -> str:
    if token[:1] == "'":
        return token[1:-1]
    if token[:1] != '"':
        return token

    def unescaped(match: re.Match[str]) -> str:
        number = match[1] or match[2]
        return chr(int(number, 16)) if number else match[3]

    return _ESCAPE.sub(unescaped, token[1:-1])
