"""JSON as this package reads it: one object, and nothing that two readers could understand differently."""

import json
from collections.abc import Iterable
from typing import NoReturn


class JsonError(ValueError):
    """The text is not one strict JSON object; the message says why and quotes nothing."""


def read_object(data: bytes) -> dict[str, object]:
    """Read one JSON object from UTF-8.

    :raises JsonError: not UTF-8, not JSON, not an object, a key twice, a number with a fraction, a lone
        surrogate, nested too deep.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_fraction,
            parse_constant=_no_constant,
        )
        # A lone surrogate passes the parser as an escape, and fails only here.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except JsonError:
        raise
    except UnicodeEncodeError:
        raise JsonError("it holds half of a character") from None
    except (ValueError, RecursionError):
        raise JsonError("it is not JSON") from None
    if not isinstance(value, dict):
        raise JsonError("it is not an object")
    return value


def write_object(value: dict[str, object]) -> bytes:
    """Write an object on one line, without spaces, as UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def exactly(value: object, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, object]:
    """Give ``value`` back as an object that has every required key and no unknown one.

    :raises JsonError: otherwise.
    """
    if not isinstance(value, dict):
        raise JsonError("an object was expected")
    required = set(required)
    if missing := sorted(required - set(value)):
        raise JsonError(f"{missing[0]} is missing")
    if set(value) - required - set(optional):
        raise JsonError("it has an unknown key")
    return value


def whole_number(value: object, what: str, least: int, most: int) -> int:
    """Give ``value`` back as a number from least to most; true and false are not numbers.

    :raises JsonError: otherwise.
    """
    if type(value) is not int or not least <= value <= most:
        raise JsonError(f"{what} is not a whole number from {least} to {most}")
    return value


def truth(value: object, what: str) -> bool:
    """Give ``value`` back as true or false.

    :raises JsonError: otherwise.
    """
    if not isinstance(value, bool):
        raise JsonError(f"{what} is not true or false")
    return value


def text(value: object, what: str) -> str:
    """Give ``value`` back as text.

    :raises JsonError: otherwise.
    """
    if not isinstance(value, str):
        raise JsonError(f"{what} is not text")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonError("a key stands twice")
    return found


def _no_fraction(_: str) -> NoReturn:
    raise JsonError("a number has a fraction")


def _no_constant(_: str) -> NoReturn:
    raise JsonError("it holds a number that is none")
