"""Where passphrases come from: a prompt, or a file that the environment names; never a command line."""

import getpass
import os
import sys
import unicodedata
from pathlib import Path

from desk.errors import DeskError
from desk.harmless import harmless

VARIABLE = "DESK_PASSPHRASE_FILE"
IDENTITY_VARIABLE = "DESK_IDENTITY_PASSPHRASE_FILE"
NEW_VARIABLE = "DESK_NEW_PASSPHRASE_FILE"
PRACTICE = "practice"
SHORTEST = 16  # characters of a new passphrase: about four words


def ask(what: str, variable: str = VARIABLE) -> str:
    """Give the passphrase of ``what``.

    :raises DeskError: there is neither a file nor a terminal, others can read the file, or it is empty.
    """
    given = _from_file(variable)
    if given is None:
        given = _typed(f"passphrase of {what}: ", variable)
    if not given:
        raise DeskError("the passphrase is empty", "type it, or see that the file holds it on one line")
    return given


def ask_new(what: str, variable: str = VARIABLE) -> str:
    """Give a new passphrase for ``what``, typed twice when it is typed.

    :raises DeskError: as ``ask``, or it is too short, or the two differ.
    """
    given = _from_file(variable)
    if given is None:
        given = _typed(f"new passphrase of {what}: ", variable)
        if given != _typed("the same again: ", variable):
            raise DeskError("the two passphrases differ", "run it again and type the same one twice")
    if len(given) < SHORTEST:
        raise DeskError(
            f"the passphrase of {what} has fewer than {SHORTEST} characters",
            "take six words drawn with dice from a word list: docs/keys.md, first day, says how",
        )
    return given


def ask_other(what: str, before: str) -> str:
    """Give a new passphrase for ``what`` that is not the one ``before``.

    :raises DeskError: as ``ask_new``, or it is the same.
    """
    given = ask_new(what, NEW_VARIABLE)
    if unicodedata.normalize("NFC", given) == unicodedata.normalize("NFC", before):
        raise DeskError("this is the passphrase of before", "nothing was changed; take another one")
    return given


def _from_file(variable: str) -> str | None:
    path = os.environ.get(variable)
    if not path:
        return None
    file = f"the passphrase file that {variable} names"
    try:
        with Path(path).open(encoding="utf-8") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            text = opened.read()
    except (OSError, UnicodeDecodeError):
        raise DeskError(f"{file} cannot be read", "name a text file with one line") from None
    if mode & 0o077:
        raise DeskError(
            f"others can read or change {file}",
            f"chmod 600 {harmless(path)}; where that does nothing, keep it on a disk that knows modes",
        )
    return text.removesuffix("\n").removesuffix("\r")


def _typed(prompt: str, variable: str) -> str:
    if not sys.stdin.isatty():
        raise DeskError("no passphrase", f"run this in a terminal, or set {variable} to a file that holds it")
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise DeskError("no passphrase was typed", "run the command again") from None
