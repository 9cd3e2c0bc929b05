"""Read the vector files: one Vector for each, with its bytes already made."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.vectors.changes import changed

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Vector:
    """One vector: its bytes, its one outcome, and what else its file gives for it."""

    name: str
    outcome: str
    data: bytes
    more: dict[str, Any]

    def __repr__(self) -> str:
        return self.name


def document(file: str) -> dict[str, Any]:
    """Give a vector file as it stands."""
    read: dict[str, Any] = json.loads((FOLDER / file).read_text("utf-8"))
    return read


def vectors(file: str) -> list[Vector]:
    """Give the vectors of a file."""
    whole = document(file)
    bases = {name: base64.b64decode("".join(lines)) for name, lines in whole["bases"].items()}
    return [
        Vector(entry["name"], entry["outcome"], changed(bases[entry["base"]], entry["changes"]), entry)
        for entry in whole["vectors"]
    ]
