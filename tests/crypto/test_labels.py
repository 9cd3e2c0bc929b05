"""Each label serves one use, stands in the code once, and is listed in FORMAT.md."""

import ast
import re
from collections import Counter
from pathlib import Path

import crypto

FOLDER = Path(crypto.__file__).parent
FORMAT = (FOLDER / "FORMAT.md").read_text("utf-8")


def labels_in_code() -> list[bytes]:
    found: list[bytes] = []
    for path in FOLDER.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        found += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, bytes) and b"vigil/" in node.value
        ]
    return found


def test_a_label_is_used_for_one_thing_only() -> None:
    assert {label: times for label, times in Counter(labels_in_code()).items() if times > 1} == {}


def test_every_label_has_the_shape_that_keeps_it_apart() -> None:
    for label in labels_in_code():
        assert re.fullmatch(rb"vigil/v1/[a-z-]+\0", label), label


def test_the_table_of_labels_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(vigil/v1/[a-z-]+)` \| (.+?) \|", FORMAT, re.MULTILINE)
    assert len(rows) == len(dict(rows))
    in_use = {name for name, use in rows if use != "kept"}
    assert in_use == {label[:-1].decode() for label in labels_in_code()}
