"""The recovery secret cut into shares (SLIP-39): any so many of them give it back, fewer do not.

Each share is 33 words. Offline only; FORMAT.md, "Words on paper", says which of SLIP-39's choices are taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics  # type: ignore[import-untyped]
from shamir_mnemonic.wordlist import WORDLIST  # type: ignore[import-untyped]

from crypto.paper import BadWords, listed
from crypto.secret import RecoverySecret

WORDS = 33  # of a share of 32 bytes
MOST = 16


@dataclass(frozen=True, slots=True)
class Split:
    """How a secret is cut: ``needed`` of ``count`` shares give it back.

    :raises ValueError: not 2 to 16 shares, or not 2 to all of them needed.
    """

    needed: int
    count: int

    def __post_init__(self) -> None:
        if not 2 <= self.needed <= self.count <= MOST:
            raise ValueError(f"shares are written KofN: 2 to {MOST} shares, of which 2 or more are needed")

    @classmethod
    def parse(cls, text: str) -> "Split":
        """Read what ``str()`` writes: 2of3.

        :raises ValueError: anything else.
        """
        needed, of, count = text.partition("of")
        if not (of and needed.isascii() and needed.isdigit() and count.isascii() and count.isdigit()):
            raise ValueError("shares are written KofN, such as 2of3")
        return cls(int(needed[:3]), int(count[:3]))

    def __str__(self) -> str:
        return f"{self.needed}of{self.count}"


class TooFewShares(BadWords):
    """All that were given belong together; ``missing`` more are needed."""

    def __init__(self, missing: int) -> None:
        are = "share is" if missing == 1 else "shares are"
        super().__init__(f"{missing} more {are} needed", count=0)
        self.missing = missing


def split(secret: RecoverySecret, how: Split) -> tuple[tuple[str, ...], ...]:
    """Cut a secret; give each share's 33 words. Cut again, they are others and do not mix with these."""
    groups = generate_mnemonics(1, [(how.needed, how.count)], secret.reveal(), iteration_exponent=0)
    return tuple(tuple(share.split(" ")) for share in groups[0])


def read_share(typed: str) -> tuple[str, ...]:
    """Read one share as it was typed, as `paper.read_words` does.

    :raises BadWords: another number of words, words that no list has, or words that do not belong together.
    """
    found = listed(typed, WORDLIST)
    if len(found) != WORDS:
        raise BadWords(f"these are {len(found)} words, not {WORDS}", count=len(found))
    _share(found)
    return found


def joined(shares: Sequence[Sequence[str]]) -> RecoverySecret:
    """Put shares together, in any order; the same one twice counts once.

    :raises TooFewShares: more are needed.
    :raises BadWords: they do not belong together, or are not shares.
    """
    unlike = BadWords("these shares do not belong together", count=0)
    distinct = {tuple(words) for words in shares}
    read = [_share(words) for words in sorted(distinct)]
    if not read:
        raise TooFewShares(1)
    if len({(one.group_parameters(), len(one.value)) for one in read}) > 1:
        raise unlike
    if len({one.index for one in read}) != len(read):
        raise unlike
    needed = read[0].member_threshold
    if len(read) < needed:
        raise TooFewShares(needed - len(read))
    try:
        return RecoverySecret(combine_mnemonics([one.mnemonic() for one in read[:needed]]))
    except (MnemonicError, ValueError):
        raise unlike from None


def _share(words: Sequence[str]) -> Share:
    # The library's own words quote the share: they go no further.
    try:
        return Share.from_mnemonic(" ".join(words))
    except (MnemonicError, ValueError):
        raise BadWords(
            "the words do not belong together: one is wrong, or two changed places",
            count=len(words),
            checksum=True,
        ) from None
