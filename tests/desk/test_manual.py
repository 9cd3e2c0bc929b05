"""The staff's manual names commands, options and messages that exist."""

import re

import pytest

from desk import cli
from desk.opening import State
from desk.passphrase import IDENTITY_VARIABLE, VARIABLE
from tests.desk.conftest import ROOT

MANUAL = (ROOT / "docs" / "desk.md").read_text()
COMMANDS = re.findall(r"python -m desk --home DIR ([a-z].*)", MANUAL)


@pytest.mark.parametrize("written", COMMANDS)
def test_every_command_of_the_manual_is_taken(written: str) -> None:
    parser = cli._parser()
    assert parser.parse_args(["--home", "DIR", *written.split()])


def test_the_manual_has_every_command_state_and_variable() -> None:
    assert {command.split()[0] for command in COMMANDS} == {"init", "import", "list", "show", "files", "keys"}
    for state in (*State, "complete", "attachments missing"):
        assert state == State.OPENED or f"| {state} |" in MANUAL
    assert VARIABLE in MANUAL
    assert IDENTITY_VARIABLE in MANUAL
