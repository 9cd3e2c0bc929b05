"""What writes a referral is handed the report and the consent, and cannot get at anything else of a case."""

import ast
import inspect
import typing
from pathlib import Path

import pytest

from desk import pointing, referral
from desk.packing import consent, told
from tests.test_architecture import imported

ROOT = Path(__file__).parents[3]
# All that the words of a referral are made by, and what they may import: nothing that knows a case, a mailbox
# or a sealed file, or a payload as it came.
PURE = {
    "desk/referral.py",
    "desk/pointing.py",
    "desk/pointing_alike.py",
    "desk/pointing_common.py",
    "desk/pointing_fold.py",
    "desk/pointing_numbers.py",
    "desk/pointing_phrases.py",
    "desk/pointing_values.py",
    "desk/packing/consent.py",
    "desk/packing/cutting.py",
    "desk/packing/first.py",
    "desk/packing/later.py",
    "desk/packing/naming.py",
    "desk/packing/told.py",
}
ALLOWED = {
    "collections", "collections.abc", "dataclasses", "datetime", "enum", "functools", "hashlib", "json", "re",
    "typing", "unicodedata", "rapidfuzz.distance", "desk", "desk.blank", "desk.errors", "payload.answers",
    "payload.outline",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(PURE))
def test_it_imports_nothing_that_could_hold_the_source(path: str) -> None:
    source = (ROOT / path).read_text()
    froms = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    mine = {name.removesuffix(".py").replace("/", ".") for name in PURE}
    plain = imported(source, path.split("/")[:-1]) - {
        name for name in imported(source, path.split("/")[:-1]) if name.rpartition(".")[0] in froms
    }
    assert plain <= ALLOWED | mine


@pytest.mark.parametrize("module", [referral, consent, told], ids=lambda module: str(module.__name__))
def test_no_function_is_handed_a_case_a_report_or_a_mailbox(module: object) -> None:
    for name, held in vars(module).items():
        if inspect.isfunction(held) and held.__module__ == module.__name__:  # type: ignore[attr-defined]  # a module
            said = str(typing.get_type_hints(held))
            assert "payload.report" not in said, name
            assert "mailbox" not in said.lower(), name
            assert "CaseFile" not in said, name
            assert "Guarded" not in said, name


def test_who_the_source_is_stays_with_what_only_looks_for_it() -> None:
    # What is guarded goes into finders that give places back, and never a value.
    assert set(typing.get_type_hints(pointing.Mark)) == {
        "where",
        "start",
        "end",
        "text",
        "why",
        "severity",
        "nature",
    }
