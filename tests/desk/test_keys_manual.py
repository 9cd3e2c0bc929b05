"""The page on keys names commands that exist, and every command and option of `keys`."""

import argparse
import ast
import re

import pytest

from desk import cli
from desk.keys.status import WARN_DAYS
from desk.passphrase import IDENTITY_VARIABLE, NEW_VARIABLE, VARIABLE
from tests.desk.conftest import ROOT

MANUAL = (ROOT / "docs" / "keys.md").read_text()
COMMANDS = re.findall(r"^ +python -m desk --home (?:DIR|OLD) ([a-z].*)", MANUAL, re.MULTILINE)


def under(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("no commands")


KEYS = under(under(cli._parser())["keys"])


@pytest.mark.parametrize("written", sorted(set(COMMANDS)))
def test_every_command_of_the_page_is_taken(written: str) -> None:
    words = ["202611" if word == "MONTH" else word for word in written.split()]
    assert cli._parser().parse_args(["--home", "DIR", *words])


def test_the_page_names_every_command_and_option_of_keys() -> None:
    parsers = [*KEYS.values(), under(cli._parser())["init"]]
    options = {option for parser in parsers for action in parser._actions for option in action.option_strings}
    named = {option for option in options if option.startswith("--")} - {"--help"}
    unnamed = [name for name in [*KEYS, *named] if not re.search(rf"(?<![\w-]){name}(?![\w-])", MANUAL)]
    assert set(unnamed) <= {"--practice"}  # docs/desk.md has it


def test_every_command_that_a_hint_names_exists() -> None:
    named = set()
    for path in sorted((ROOT / "desk" / "keys").glob("*.py")):
        strings = [
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        commands = re.compile(r"(?:: |then |say )keys ([a-z]+(?:-[a-z]+)*)")
        named |= {name for text in strings for name in commands.findall(text)}
    assert len(named) > 6
    assert named <= set(KEYS)


def test_the_page_names_every_variable_and_the_days_of_the_warnings() -> None:
    assert all(name in MANUAL for name in (VARIABLE, NEW_VARIABLE, IDENTITY_VARIABLE))
    first, second, third = WARN_DAYS
    assert f"It warns {first}, {second} and {third} days before" in MANUAL
