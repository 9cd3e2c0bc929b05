"""File names from strangers, made safe and distinct on every file system that staff may use.

The true name is never lost: it stands in the list beside the files (see ``desk.saving``).
"""

import unicodedata
from collections.abc import Iterable

from desk.blank import is_blank, one_space

MOST_CHARACTERS = 120
MOST_BYTES = 140  # encrypted home folders (eCryptfs) take 143; counted decomposed, as macOS stores them
MOST_EXTENSION = 16  # characters, the dot included

_FORBIDDEN = frozenset('<>:"/\\|?*')  # Windows forbids them all; "/" is everybody's
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)


def safe_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Give a safe name for each of ``names``, in order, all distinct from each other and from ``taken``.

    Two names count as the same when any file system would say so: by case, or by how accents are composed.
    """
    used = {_key(name) for name in taken}
    found = []
    for name in names:
        safe = _distinct(_safe(name), used)
        used.add(_key(safe))
        found.append(safe)
    return found


def _safe(name: str) -> str:
    # Behind a hundred spaces nobody sees an ending.
    kept = one_space("".join(_kept(char) for char in unicodedata.normalize("NFC", name)))
    kept = kept.rstrip(". ").lstrip(" ")
    if not kept.strip("_ ."):
        return "file"
    # A leading dot hides a file, a leading dash is an option to a careless command.
    if kept[0] in ".-~":
        kept = "_" + kept[1:]
    if kept.split(".")[0].rstrip(" ").lower() in _RESERVED:
        kept = "_" + kept
    return _shortened(kept)


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    # C*: controls, formats (bidi overrides among them), surrogates, private and unassigned characters.
    bad = char in _FORBIDDEN or category[0] == "C" or category in {"Zl", "Zp"} or is_blank(char)
    return "_" if bad else char


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or not dot or len(extension) >= MOST_EXTENSION:
        return name, ""
    return stem, dot + extension


def _fits(name: str) -> bool:
    return len(name) <= MOST_CHARACTERS and len(unicodedata.normalize("NFD", name).encode()) <= MOST_BYTES


def _shortened(name: str, addition: str = "") -> str:
    stem, extension = _split(name)
    if not _fits(f"x{addition}{extension}"):
        stem, extension = name, ""  # sixteen characters of four and more bytes are no extension
    while not _fits(stem + addition + extension):
        stem = stem[:-1].rstrip(". ")
    return stem + addition + extension


def _distinct(name: str, used: set[str]) -> str:
    candidate, number = name, 1
    while _key(candidate) in used:
        number += 1
        candidate = _shortened(name, f" ({number})")
    return candidate


def _key(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return unicodedata.normalize("NFKD", folded)
