"""The staff's manual names commands, options and messages that exist."""

import re

import pytest

from desk import cli
from desk.book.parsing import STAFF
from desk.mail.answered import WORDS
from desk.normalise import registrations, telephones
from desk.opening import State
from desk.passphrase import IDENTITY_VARIABLE, VARIABLE
from tests.desk.conftest import ROOT

PAGES = ("desk.md", "desk-laptop.md", "desk-commands.md")
MANUAL = "\n".join((ROOT / "docs" / name).read_text() for name in PAGES)
COMMANDS = sorted(set(re.findall(r"python -m desk --home DIR ([a-z][^`\n]*)", MANUAL)))


@pytest.mark.parametrize("written", COMMANDS)
def test_every_command_of_the_manual_is_taken(written: str) -> None:
    parser = cli._parser()
    assert parser.parse_args(["--home", "DIR", *written.split()])


def test_the_manual_has_every_state_and_variable() -> None:
    for state in (*State, "complete", "attachments missing"):
        assert state == State.OPENED or f"| {state} |" in MANUAL
    for words in WORDS.values():
        assert f"| {words.partition(':')[0]} |" in MANUAL
    assert VARIABLE in MANUAL
    assert IDENTITY_VARIABLE in MANUAL
    assert STAFF in MANUAL


def test_the_manual_has_every_kind_of_plate() -> None:
    layouts = [layout for same in registrations._ISSUED.values() for layout in same]
    forms = {layout.form for layout in layouts} | {registrations.NOT_ISSUED, registrations.OTHER}
    assert len(forms) == 9
    assert [form for form in forms if form not in MANUAL] == []


def test_the_examples_of_the_manual_are_read_as_it_says() -> None:
    for typed, value in re.findall(r"`([^`]+)` is read as `([^`]+)`", MANUAL):
        assert [found.values for found in registrations.in_field(typed, "")] == [(value,)]
    for typed, value in re.findall(r"`(0[0-9 ]+)` is `([^`]+)`", MANUAL):
        assert [found.values for found in telephones.in_field(typed, "")] == [(value,)]
    assert registrations.readings("123OAB")[1].value == "1230AB"
    assert "`123OAB (dateless) or 1230AB (dateless)`" in MANUAL
