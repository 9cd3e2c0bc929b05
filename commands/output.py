"""How commands speak: results to standard output, what is wrong and what to do to standard error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from store import StoreError

UNITS = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000))


def say(line: str, *, aside: bool = False) -> None:
    """Say what was done; ``aside`` where standard output is for something else."""
    click.echo(f"vigil: {line}", err=aside)


def fail(what: str, hint: str) -> NoReturn:
    """Say what is wrong and what to do, and leave with 1.

    :raises SystemExit: always
    """
    warn(what, hint)
    raise SystemExit(1)


def warn(what: str, hint: str) -> None:
    """Say what is wrong and what to do; leaving with 1 is for later, since more may be wrong."""
    click.echo(f"vigil: error: {what}", err=True)
    click.echo(f"vigil: hint: {hint}", err=True)


def say_aside(what: str, hint: str) -> None:
    """Say on standard error what will be wrong one day, and what to do; nothing is wrong yet."""
    click.echo(f"vigil: warning: {what}", err=True)
    click.echo(f"vigil: hint: {hint}", err=True)


@contextmanager
def store_errors_told() -> Iterator[None]:
    """Turn what the store says is wrong into such lines.

    :raises SystemExit: for a StoreError
    """
    try:
        yield
    except StoreError as error:
        fail(error.what, error.hint or "try again; if it stays so, restore the newest backup")


def counted(number: int, one: str, many: str) -> str:
    """Give a number with its noun: no files, 1 file, 2 files."""
    return f"{number or 'no'} {one if number == 1 else many}"


def sized(number: int) -> str:
    """Give a number of bytes as people read it; 1 MB is 1,000,000 bytes."""
    for unit, size in UNITS:
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number} bytes"
