"""Find connections in processes beside this one, so that whoever is at work here is not held up.

The reports go to them through a pipe and are nowhere else; when this process ends, so do they. What comes
back is what `desk.connections.findings` gives.
"""

import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import payload
from desk.connections.findings import EVERY, Findings, Read, Told, findings, findings_of, read, together
from desk.connections.mention import NOTHING, Kind, Mention
from desk.errors import DeskError
from desk.helpers import end_with
from desk.progress import bar

if TYPE_CHECKING:
    from desk.book import CaseFile

MANY = 300  # cases from which another process helps: to start it takes half a second
_PIECE = 500  # things that come back at once: none holds up the others here for long
_INSIDE = "import sys; sys.path[:] = sys.argv[1:]; from desk.connections import beside; beside.inside()"
_READ = (payload.Report.kind, payload.FollowUp.kind)
_PARTS = ("links", "facts", "places", "routes", "moments", "unread")

Sealed = tuple[str, tuple[bytes, ...]]  # a case's name, and the JSON of what was sent in it


def found_beside(files: Sequence["CaseFile"], told: Told | None = None) -> Findings:
    """Find all that these cases say together. ``told`` is told how many are read, and of how many.

    :raises DeskError: a process that helped was killed, or failed.
    """
    if len(files) < MANY:
        return findings(files, told)
    line = [sys.executable, "-I", "-c", _INSIDE, *sys.path]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        return _asked(process, files, told)
    except (OSError, EOFError, pickle.UnpicklingError):
        raise DeskError(
            "looking for connections was interrupted", "close other programs and try again"
        ) from None
    finally:
        process.kill()
        process.communicate()


def looked_through(files: Sequence["CaseFile"]) -> Findings:
    """Find so for a command: with a bar, where somebody looks.

    :raises DeskError: as `found_beside`.
    """
    with bar("reading", len(files), "case") as shown:
        before = 0

        def told(done: int, _of: int) -> None:
            nonlocal before
            shown.update(done - before)
            before = done

        found = found_beside(files, told)
    if found.unread:
        names = ", ".join(found.unread[:5])
        print(f"not read, by a fault of the desk: {len(found.unread):,} cases: {names}", file=sys.stderr)
    return found


def _asked(process: "subprocess.Popen[bytes]", files: Sequence["CaseFile"], told: Told | None) -> Findings:
    assert process.stdin is not None  # noqa: S101 - pipes were asked for
    assert process.stdout is not None  # noqa: S101
    pickle.dump((os.getpid(), len(files)), process.stdin)
    for at in range(0, len(files), _PIECE):
        pickle.dump([_sealed(file) for file in files[at : at + _PIECE]], process.stdin)
    process.stdin.flush()
    parts: dict[str, list[Any]] = {part: [] for part in _PARTS}
    while True:
        # What is read was pickled by our own code a moment ago.
        what, value = pickle.load(process.stdout)  # noqa: S301
        if what == "end":
            return findings_of(len(files), *(parts[part] for part in _PARTS))
        if what == "done":
            if told is not None:
                told(value, len(files))
        else:
            parts[what] += value


def _sealed(file: "CaseFile") -> Sealed:
    return file.name, tuple(one.body for one in file.held if one.body is not None and one.brief.kind in _READ)


def inside() -> None:
    """Be the process that helps: read cases from standard input, write what is found to standard output."""
    source, out = sys.stdin.buffer, sys.stdout.buffer
    parent, count = pickle.load(source)  # noqa: S301 - of our own parent
    _end_with(parent, source)
    os.nice(5)
    cases: list[Sealed] = []
    while len(cases) < count:
        cases += pickle.load(source)  # noqa: S301 - as above
    done: list[Read] = []
    for batch in _read_all(cases):
        done += batch
        _say(out, "done", len(done))
    found = together(done)
    for part in _PARTS:
        things = list(found.facts.values()) if part == "facts" else list(getattr(found, part))
        for at in range(0, len(things), _PIECE):
            _say(out, part, things[at : at + _PIECE])
    _say(out, "end", None)


def _say(out: BinaryIO, what: str, value: object) -> None:
    pickle.dump((what, value), out)
    out.flush()


def _read_all(cases: list[Sealed]) -> Iterator[list[Read]]:
    gc.disable()  # nothing here goes round in circles, and it would be looked through again and again
    _work.append(cases)
    starts = range(0, len(cases), EVERY)
    helpers = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if helpers < 2:
        for at in starts:
            yield _read_some(at)
        return
    # Forked, before there is any thread here: the helpers have the cases in their memory already.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(helpers, context, _end_with, (os.getpid(), None)) as pool:
        for batch in pool.map(_help, starts):
            yield [_full(one) for one in batch]


_work: list[list[Sealed]] = []


def _read_some(at: int) -> list[Read]:
    return [
        read(name, [payload.read(None, body) for body in bodies])
        for name, bodies in _work[0][at : at + EVERY]
    ]


_Plain = tuple[Read, list[tuple[str, str, str, str, str, dict[str, str]]]]


def _help(at: int) -> list[_Plain]:
    return [
        (
            Read(one.case, (), one.facts, one.routes, one.moments, one.failed),
            [
                (each.case, each.kind.value, each.value, each.where, each.as_typed, dict(each.more))
                for each in one.mentions
            ],
        )
        for one in _read_some(at)
    ]


def _full(plain: _Plain) -> Read:
    one, mentions = plain
    full = tuple(
        Mention(case, Kind(kind), value, sys.intern(where), typed, more or NOTHING)
        for case, kind, value, where, typed, more in mentions
    )
    return Read(one.case, full, one.facts, one.routes, one.moments, one.failed)


def _end_with(parent: int, source: BinaryIO | None) -> None:
    """End this process when its parent does: it holds what the reports say."""
    if not end_with(parent) and source is not None:
        threading.Thread(target=_end_at_the_end, args=(source,), daemon=True).start()


def _end_at_the_end(source: BinaryIO) -> None:
    with suppress(OSError):
        source.read(1)
    os._exit(1)
