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


NAMED = re.compile(r"(docs/[\w-]+\.md), ([A-Z][a-z’' ]*[a-z])")


def test_what_the_desk_sends_people_to_is_there() -> None:
    sources = [*(ROOT / "desk").rglob("*.py"), *(ROOT / "templates/desk").rglob("*.html")]
    named = [(path.name, *found) for path in sources for found in NAMED.findall(_joined(path.read_text()))]
    headings = [
        (f"docs/{path.name}", heading)
        for path in (ROOT / "docs").glob("*.md")
        for heading in re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    ]
    assert len(named) > 3
    there = [
        one for one in named for file, heading in headings if one[1] == file and one[2].startswith(heading)
    ]
    assert [one for one in named if one not in there] == []


def _joined(source: str) -> str:
    """Put literals together that stand on several lines."""
    return re.sub(r'"\n\s*f?"', "", source)
