"""The desk's command line: what can be asked, and how errors are told."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from desk import commands, onion, serving
from desk.book import parsing as book_parsing
from desk.connections import network_command
from desk.connections import parsing as connections_parsing
from desk.copies import commands as copies
from desk.doctor import commands as doctor
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.keys import parsing
from desk.mail import parsing as mail_parsing
from desk.packing import parsing as packing_parsing
from desk.patterns import commands as patterns_commands
from desk.practice import parsing as practice_parsing
from desk.strangers import parsing as strangers_parsing

PROGRAM = "desk"


class Parser(argparse.ArgumentParser):
    """Tells wrong usage as every other error is told: what, then what to do."""

    def error(self, message: str) -> NoReturn:
        """Tell, and stop with status 2."""
        self.print_usage(sys.stderr)
        _tell(harmless(message), f"{self.prog} --help")
        raise SystemExit(commands.USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give the exit status: 0 done, 1 the input or the state is wrong, 2 usage."""
    given = _parser().parse_args(arguments)
    _survive_any_character()
    run: Callable[[Home, argparse.Namespace], int] = given.run
    try:
        status = run(Home(Path(given.home)), given)
        sys.stdout.flush()
        return status
    except DeskError as error:
        _tell(error.what, error.hint)
    except BrokenPipeError:
        # `list | head`: nobody reads on. What is left in the buffer must not fail a second time at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        where = f"{harmless(str(error.filename))}: " if error.filename else ""
        _tell(f"{where}{(error.strerror or 'input or output failed').lower()}", _os_hint(error))
    except KeyboardInterrupt:
        _tell("stopped", "run it again: what is whole was kept")
    return commands.WRONG


def _parser() -> Parser:
    parser = Parser(
        prog=PROGRAM,
        description="Open, offline, what the web server sealed.",
        epilog="The passphrase comes from a prompt, or from the file that DESK_PASSPHRASE_FILE names.",
    )
    parser.add_argument("--home", required=True, metavar="DIR", help="the desk's folder")
    commands_ = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    parsing.add(commands_)
    import_ = _command(
        commands_, "import", commands.run_import, "take in a bundle from the server", json=True
    )
    import_.add_argument("file", metavar="FILE")
    _command(commands_, "list", commands.run_list, "list the cases", json=True)
    show = _command(commands_, "show", commands.run_show, "show what was sent", json=True)
    show.add_argument("case", metavar="CASE", help="a case's name or its first letters")
    files = _command(commands_, "files", commands.run_files, "save the files of a case, readable", json=True)
    files.add_argument("case", metavar="CASE", help="a case's name or its first letters")
    files.add_argument("--out", required=True, metavar="DIR", help="the folder to save into")
    mail_parsing.add(commands_)
    book_parsing.add(commands_)
    copies.add(commands_)
    connections_parsing.add(commands_)
    network_command.add(commands_)
    patterns_commands.add(commands_)
    strangers_parsing.add(commands_)
    packing_parsing.add(commands_)
    serving.add(commands_)
    practice_parsing.add(commands_)
    doctor.add(commands_)
    what = "open the onion service's keys that the server sealed, as the files that tor reads"
    onion_keys = _command(commands_, "onion-keys", onion.run, what)
    onion_keys.add_argument("file", metavar="FILE", help="what `vigil onion-keys FILE` wrote on the server")
    onion_keys.add_argument("--out", required=True, metavar="DIR", help="a new folder")
    return parser


def _command(
    commands_: "argparse._SubParsersAction[Parser]",
    name: str,
    run: Callable[[Home, argparse.Namespace], int],
    what: str,
    *,
    json: bool = False,
) -> Parser:
    parser = commands_.add_parser(name, help=what, description=what)
    parser.set_defaults(run=run)
    if json:
        parser.add_argument("--json", action="store_true", help="write JSON")
    return parser


def _survive_any_character() -> None:
    """Let a terminal of another encoding show what it can: a report is not lost to a missing letter."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def _tell(what: str, hint: str) -> None:
    sys.stdout.flush()
    print(f"{PROGRAM}: error: {what}", file=sys.stderr)
    print(f"{PROGRAM}: hint: {hint}", file=sys.stderr)


def _os_hint(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "see that the name is right and the stick is mounted"
    if isinstance(error, PermissionError):
        return "see who owns it; the desk does not need to be root"
    return "make room or use another disk, then run it again: what is whole was kept"
