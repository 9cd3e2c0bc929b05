"""The mentions of many cases, taken out by all processors at once."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from desk.connections.mention import NOTHING, Kind, Mention
from desk.connections.mentions import mentions
from desk.errors import DeskError
from desk.helpers import end_with
from payload import FollowUp, Report

Told = Callable[[int, int], None]
MANY = 400  # cases from which other processes help
_BATCH = 100
_Plain = tuple[str, str, str, str, str, dict[str, str]]


class Case(Protocol):
    """A case, as `desk.book.CaseFile` is one: its name, and what its source sent."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def contents(self) -> Sequence[object]:
        """What its source sent; mentions are in reports and follow-ups."""


def gathered(files: Sequence[Case], told: Told | None = None) -> list[Mention]:
    """Take the mentions out of these cases, in their order. ``told`` is told how many are done, of how many.

    It forks where that is safe: the caller has no other threads.

    :raises DeskError: a process that helped was killed.
    """
    found: list[Mention] = []
    done = 0
    for batch, count in _batches(files):
        found += batch
        done += count
        if told is not None:
            told(done, len(files))
    return found


def _batches(files: Sequence[Case]) -> Iterator[tuple[list[Mention], int]]:
    helpers = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    starts = range(0, len(files), _BATCH)
    if len(files) < MANY or helpers < 2:
        for at in starts:
            yield _of(files, at), len(files[at : at + _BATCH])
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(helpers, context, _start_helper, (os.getpid(), files)) as pool:
        try:
            for at, batch in zip(starts, pool.map(_help, starts), strict=True):
                yield [_full(one) for one in batch], len(files[at : at + _BATCH])
        except BrokenProcessPool:
            raise DeskError("reading was interrupted", "close other programs and run it again") from None


def _of(files: Sequence[Case], at: int) -> list[Mention]:
    found: list[Mention] = []
    for file in files[at : at + _BATCH]:
        found += mentions(file.name, [one for one in file.contents if isinstance(one, Report | FollowUp)])
    return found


_work: list[Sequence[Case]] = []


def _start_helper(parent: int, files: Sequence[Case]) -> None:
    end_with(parent)
    _work.append(files)


def _help(at: int) -> list[_Plain]:
    return [
        (one.case, one.kind.value, one.value, one.where, one.as_typed, dict(one.more))
        for one in _of(_work[0], at)
    ]


def _full(plain: _Plain) -> Mention:
    case, kind, value, where, typed, more = plain
    return Mention(case, Kind(kind), value, sys.intern(where), typed, more or NOTHING)
