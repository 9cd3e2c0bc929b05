"""Words for a note: from standard input or typed at the terminal, never from the command line.

A shell keeps what is typed on a command line in a file of its history, and shows it to everybody on the
machine while the command runs.
"""

import sys

from desk.errors import DeskError
from payload.limits import MAX_TEXT

_MOST_BYTES = 4 * MAX_TEXT + 4  # UTF-8, and a mark in front


def one_line(what: str, most: int) -> str:
    """Ask for one line of words.

    :raises DeskError: there are none, or they are longer than ``most`` characters, or no text.
    """
    words = " ".join(_typed(f"{what}: ").split())
    return _checked(words, what, most)


def several_lines(what: str, most: int = MAX_TEXT) -> str:
    """Ask for words on as many lines as they take: as far as the end of the input.

    :raises DeskError: as ``one_line``.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        print(f"{what} (end with Ctrl-D on a line of its own):", file=sys.stderr, flush=True)
    return _checked(_read(), what, most)


def any_line(what: str) -> str:
    """Ask for one line of words, which may be empty."""
    return " ".join(_typed(f"{what} (or nothing): ").split())


def _typed(prompt: str) -> str:
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        print(prompt, end="", file=sys.stderr, flush=True)
        try:
            return sys.stdin.readline()
        except UnicodeDecodeError:
            return _no_text()
    return _read()


def _read() -> str:
    if sys.stdin is None:
        return ""
    data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _no_text()
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _no_text() -> str:
    # Told outside of the error that holds what was typed.
    raise DeskError(
        "what was typed is no text in UTF-8", "see that the terminal or the file is in UTF-8"
    ) from None


def _checked(words: str, what: str, most: int) -> str:
    if not words.strip():
        raise DeskError(
            f"{what}: nothing was written", "type it when asked, or send it on standard input: … < FILE"
        )
    if len(words) > most:
        raise DeskError(f"{what}: longer than {most:,} characters", "write it shorter")
    return words
