"""What no file can be blamed for alone: names written two ways, links that lead nowhere."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
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
