"""Words go to paper and come back: shown, asked back, and read when they are needed."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from crypto import paper, shares
from crypto.errors import WrongWord
from crypto.identity import Identity
from crypto.paper import BadWords
from crypto.secret import RecoverySecret, SigningSeed
from crypto.shares import TooFewShares
from desk.harmless import harmless
from desk.keys import terminal

ASKED_BACK = 3
COLUMNS = 4

T = TypeVar("T")


def to_paper(title: str, words: Sequence[str]) -> None:
    """Show words until they are on paper: three of them, drawn at random, are asked back.

    :raises DeskError: there is no terminal.
    """
    terminal.check_there()
    while True:
        with terminal.other_screen():
            terminal.say([title, "", *_numbered(words), ""])
            terminal.line(
                "Write the line above and the words, with their numbers, on paper. Then press Enter: "
            )
        if _asked_back(title, words):
            return
        terminal.say(["That is not what was shown. Here they are again."])


def _numbered(words: Sequence[str]) -> Iterator[str]:
    for first in range(0, len(words), COLUMNS):
        row = enumerate(words[first : first + COLUMNS], first + 1)
        yield "".join(f"{number:>4}. {word:<14}" for number, word in row).rstrip()


def _asked_back(title: str, words: Sequence[str]) -> bool:
    places = sorted(secrets.SystemRandom().sample(range(len(words)), ASKED_BACK))
    with terminal.other_screen():
        terminal.say([title, "", "Now type some of them from the paper."])
        # All three are asked for before one is judged: to guess is not made easy.
        typed = [terminal.line(f"word {place + 1}: ").strip().casefold() for place in places]
    return all(
        given == words[place] or (len(given) >= paper.PREFIX and words[place].startswith(given))
        for place, given in zip(places, typed, strict=True)
    )


def ask_identity(public: bytes) -> Identity:
    """Ask for the identity's 24 words until they are those of ``public``.

    :raises DeskError: nobody types on.
    """

    def read(typed: str) -> Identity:
        found = Identity(paper.read_words(typed, SigningSeed))
        if found.public != public:
            raise BadWords("these are the words of something else: not of the identity", count=paper.WORDS)
        return found

    with terminal.other_screen():
        found = _asked("the identity's 24 words: ", read)
    terminal.say(["the identity's words are right"])
    return found


def ask_recovery() -> tuple[RecoverySecret, str]:
    """Ask for the recovery secret, its 24 words or as many shares as are needed; give it and how it is kept.

    :raises DeskError: nobody types on.
    """
    given: list[tuple[str, ...]] = []

    def read(typed: str) -> RecoverySecret | None:
        if not given and len(paper.typed_words(typed)) < (paper.WORDS + shares.WORDS) / 2:
            return paper.read_words(typed, RecoverySecret)
        share = shares.read_share(typed)
        if share in given:
            terminal.say(["you have typed this share already; another one is needed"])
            return None
        try:
            found = shares.joined([*given, share])
        except TooFewShares as few:
            given.append(share)
            terminal.say([f"this is a share; {few.missing} more needed"])
            return None
        return found

    with terminal.other_screen():
        found = _asked("the 24 recovery words, or the 33 words of a share: ", read)
        while found is None:
            found = _asked("the 33 words of another share: ", read)
    return found, "shares" if given else "24 words"


def _asked(prompt: str, read: Callable[[str], T]) -> T:
    while True:
        try:
            return read(terminal.lines(prompt))
        except BadWords as bad:
            terminal.say([f"not right: {bad}", *map(_told, bad.wrong)])


def _told(wrong: WrongWord) -> str:
    near = f": perhaps {', '.join(wrong.near)}" if wrong.near else ""
    return f"  word {wrong.position}, {harmless(wrong.typed)!r}, is not in the list{near}"
