"""The piece of a text that shows what was found: cut round the place where most of it stands together.

FTS5's own snippet() compares every hit with every other one: a common word in a long article takes seconds.
This takes one walk over the text.
"""

import re
from collections import Counter

# Marks round what was found. Publishing refuses control characters, so no text has them.
OPENS, CLOSES = "\x02", "\x03"
# Characters of an excerpt, and how many of them may stand before what was found.
LENGTH = 220
BEFORE = 80
CUT = "…"

Pieces = tuple[tuple[str, bool], ...]

_MARKED = re.compile(f"{OPENS}([^{OPENS}{CLOSES}]*){CLOSES}")
_SENTENCE = re.compile(r"[.!?…][”\"')]*\s+")


def cut(marked: str) -> Pieces:
    """Cut a text whose hits are marked: pieces of (text, is it a hit), none of them empty."""
    plain, hits = _parted(marked)
    start, end = _window(plain, hits)
    pieces: list[tuple[str, bool]] = [(CUT, False)] if start else []
    at = start
    for first, last in hits:
        if first >= start and last <= end:
            pieces += [(plain[at:first], False), (plain[first:last], True)]
            at = last
    pieces += [(plain[at:end], False)] + ([(CUT, False)] if end < len(plain) else [])
    joined: list[tuple[str, bool]] = []
    for text, hit in pieces:
        if joined and not hit and not joined[-1][1]:
            joined[-1] = (joined[-1][0] + text, False)
        elif text:
            joined.append((text, hit))
    return tuple(joined)


def _parted(marked: str) -> tuple[str, list[tuple[int, int]]]:
    plain: list[str] = []
    hits: list[tuple[int, int]] = []
    length = end = 0
    for match in _MARKED.finditer(marked):
        plain += [marked[end : match.start()], match[1]]
        first = length + match.start() - end
        length = first + len(match[1])
        hits.append((first, length))
        end = match.end()
    return "".join(plain) + marked[end:], hits


def _window(plain: str, hits: list[tuple[int, int]]) -> tuple[int, int]:
    start = _begin(plain, hits[_best(plain, hits)][0]) if hits else 0
    end = min(len(plain), start + LENGTH)
    if end < len(plain):
        blank = plain.rfind(" ", start + LENGTH // 2, end)
        end = blank if blank > 0 else end
    return start, end


def _best(plain: str, hits: list[tuple[int, int]]) -> int:
    """Which hit has most different words of what was found in the text behind it; the first of the best."""
    words = [plain[first:last].casefold() for first, last in hits]
    inside: Counter[str] = Counter()
    best, most, last = 0, 0, 0
    for number, (first, _) in enumerate(hits):
        while last < len(hits) and hits[last][1] <= first + LENGTH - BEFORE:
            inside[words[last]] += 1
            last += 1
        if len(inside) > most:
            best, most = number, len(inside)
        if last > number:
            inside[words[number]] -= 1
            if not inside[words[number]]:
                del inside[words[number]]
        else:
            last = number + 1
    return best


def _begin(plain: str, hit: int) -> int:
    """Where an excerpt begins: with the hit's sentence if that is near, else with a word."""
    earliest = max(0, hit - BEFORE)
    if earliest == 0:
        return 0
    sentences = [match.end() for match in _SENTENCE.finditer(plain, earliest, hit)]
    if sentences:
        return sentences[0]
    blank = plain.find(" ", earliest, hit)
    return blank + 1 if blank >= 0 else hit
