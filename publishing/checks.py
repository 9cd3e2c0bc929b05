"""What no file can be blamed for alone: strange files, names written two ways, links that lead nowhere."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

from publishing import links
from publishing.articles import Piece
from publishing.errors import Problem


class Linking(Protocol):
    """A text that links to pages of this site."""

    @property
    def file(self) -> str: ...
    @property
    def addresses(self) -> tuple[tuple[str, int], ...]: ...


def listed(content: Path, folder: str, problems: list[Problem]) -> list[str]:
    """Give the texts in a folder of the content, as "folder/name.md"; a strange file is a problem."""
    try:
        found = sorted((content / folder).iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        problems.append(Problem(folder, None, f"cannot be read: {reason}", "make it a folder of texts"))
        return []
    files = []
    for path in found:
        file = f"{folder}/{path.name}"
        if path.name.startswith((".", "#")) or path.name.endswith("~"):
            # What editors and file managers leave.
            continue
        if path.suffix != ".md" or not path.is_file():
            hint = "give it a name that ends in .md, put pictures into images, or move it elsewhere"
            problems.append(Problem(file, None, "is no text", hint))
        else:
            files.append(file)
    return files


def bylines(pieces: Sequence[Piece]) -> list[Problem]:
    """Find names that would share one page though they are written differently."""
    names: dict[str, tuple[str, str]] = {}
    problems = []
    for piece in sorted(pieces, key=lambda piece: piece.file):
        for name, slug in piece.byline:
            first, file = names.setdefault(slug, (name, piece.file))
            if name != first:
                what = f"byline {name!r}, which is {first!r} in {file}"
                problems.append(Problem(piece.file, piece.byline_line, what, "write the name in one way"))
    return problems


def addresses(
    texts: Iterable[Linking],
    pieces: Iterable[Piece],
    topics: Iterable[str],
    letters: Iterable[str],
    left_out: Iterable[str],
    broken: Iterable[str],
) -> list[Problem]:
    """Find links to pages of this site that will not be there.

    ``left_out`` are the slugs of drafts; ``broken`` those of articles with problems of their own, which are
    no reason to blame the link.
    """
    topics, pieces = list(topics), list(pieces)
    there = {
        *links.PAGES,
        *(f"/articles/{piece.slug}" for piece in pieces),
        *(f"/bylines/{slug}" for piece in pieces for _, slug in piece.byline),
        *(f"/topics/{topic}{end}" for topic in topics for end in ("", "/feed.atom")),
        *(f"/letter/{letter}" for letter in letters),
    }
    unsure = {f"/articles/{slug}" for slug in broken}
    drafts = {f"/articles/{slug}" for slug in left_out}
    problems = []
    for text in texts:
        for address, line in text.addresses:
            path = links.path(address)
            if path in there or path in unsure:
                continue
            if path in drafts:
                what, hint = f"{path} is still a draft", "publish that article first, or take the link out"
            else:
                near = get_close_matches(path, there, 1)
                what, hint = (
                    f"{path} is no page of this site",
                    f"is it {near[0]}?" if near else "correct the address",
                )
            problems.append(Problem(text.file, line, what, hint))
    return problems
