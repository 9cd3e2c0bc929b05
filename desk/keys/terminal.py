"""What people see and type while keys are made: words to write down, and words typed from paper.

Words from paper are typed visibly: nobody types 24 of them blindly without an error. They are shown and typed
on a screen of their own, which is gone afterwards from the terminal's scroll-back; from its memory, nobody
knows.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from desk.errors import DeskError

_OTHER_SCREEN, _CLEAR, _FIRST_SCREEN = "\x1b[?1049h", "\x1b[2J\x1b[H", "\x1b[?1049l"


def line(prompt: str) -> str:
    """Ask for one line.

    :raises DeskError: there is nobody to ask.
    """
    # To standard error, as a passphrase's prompt goes: what a command prints may be kept in a file.
    print(prompt, end="", file=sys.stderr, flush=True)
    try:
        typed = sys.stdin.readline()
    except UnicodeDecodeError:
        raise DeskError("what was typed is no text", "see that the terminal is set to UTF-8") from None
    if not typed:
        raise DeskError("nothing more was typed", "run this in a terminal, and answer what it asks")
    return typed.rstrip("\n")


def lines(prompt: str) -> str:
    """Ask for some lines; an empty one ends them.

    :raises DeskError: there is nobody to ask.
    """
    found = [line(prompt)]
    while found[-1].strip():
        found.append(line("  … (an empty line when that is all): "))
    return "\n".join(found)


def agreed(question: str) -> bool:
    """Ask for yes or no.

    :raises DeskError: there is nobody to ask.
    """
    return line(f"{question} (yes or no) ").strip().lower() in {"y", "yes"}


def say(text: Iterable[str]) -> None:
    """Print lines, at once."""
    for one in text:
        print(one)
    sys.stdout.flush()


def check_there() -> None:
    """See that words can be shown to a person.

    :raises DeskError: they would go into a file or a pipe.
    """
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        raise DeskError(
            "there is no terminal to show secret words on",
            "run this in a terminal; to go without, see: init --help",
        )


@contextmanager
def other_screen() -> Iterator[None]:
    """Show what is printed and typed inside on a screen that is gone afterwards, if there is a terminal."""
    # What is printed may be kept in a file; then the prompts stand on the terminal alone.
    shown_on = next((stream for stream in (sys.stdout, sys.stderr) if stream.isatty()), None)
    if shown_on is None:
        yield
        return
    print(_OTHER_SCREEN + _CLEAR, end="", file=shown_on, flush=True)
    try:
        yield
    finally:
        print(_CLEAR + _FIRST_SCREEN, end="", file=shown_on, flush=True)
