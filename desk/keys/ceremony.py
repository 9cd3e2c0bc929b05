"""Secrets that leave the desk as soon as they are made: on paper, in shares, or into a file on a stick."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto import paper as words_on_paper
from crypto import shares
from crypto.identity import Identity
from crypto.secret import RecoverySecret
from crypto.shares import Split
from desk.durable import make_folder, sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.keys import terminal
from desk.keys.notes import today
from desk.keys.paper import to_paper

WORDS, NONE = "words", "none"


@dataclass(frozen=True)
class Recovery:
    """How the recovery secret is kept: "words", "2of3" or "none"; pictures of its shares go to ``out``.

    :raises DeskError: neither of these, or pictures of no shares.
    """

    how: str = WORDS
    out: Path | None = None

    def __post_init__(self) -> None:
        if self.out is not None and self.split is None:
            raise DeskError("--shares-out needs shares", "say how many, such as: --shares 2of3")

    @property
    def split(self) -> Split | None:
        """The shares asked for, or None."""
        if self.how in (WORDS, NONE):
            return None
        try:
            return Split.parse(self.how)
        except ValueError as wrong:
            raise DeskError(str(wrong), "such as --shares 2of3: any 2 of 3 give the secret back") from None

    @property
    def kept_as(self) -> str:
        """How people are told of it."""
        return "24 words" if self.split is None else f"{self.split} shares"


def identity_to_paper(identity: Identity) -> None:
    """Show an identity's words until they are on paper.

    :raises DeskError: there is no terminal.
    """
    title = f"THE TEAM'S IDENTITY, 24 words, {today()}\nfingerprint {identity.fingerprint}"
    to_paper(title, words_on_paper.words_of(identity.seed))


def recovery_to_paper(secret: RecoverySecret, recovery: Recovery, desk: str) -> None:
    """Show the recovery secret until it is on paper, whole or share by share, and draw its pictures.

    :param desk: the name of the desk whose backup it opens: it heads each paper.

    :raises DeskError: there is no terminal, or a picture is in the way.
    """
    if recovery.split is None:
        to_paper(f"THE RECOVERY SECRET of {desk}, 24 words, {today()}", words_on_paper.words_of(secret))
        return
    cut = shares.split(secret, recovery.split)
    paths = _free_paths(recovery.out, len(cut))
    for number, share in enumerate(cut, 1):
        title = f"RECOVERY SHARE {number} OF {len(cut)} of {desk}, 33 words, {today()}"
        to_paper(f"{title}\nany {recovery.split.needed} shares open the backup; for one person alone", share)
    for path, share in zip(paths, cut, strict=False):
        draw(path, share)


def practice_lines(secret: RecoverySecret, recovery: Recovery) -> Iterator[str]:
    """Give a practice desk's recovery secret for a file that anybody may read: words, or shares."""
    if recovery.split is None:
        yield " ".join(words_on_paper.words_of(secret))
        return
    for share in shares.split(secret, recovery.split):
        yield " ".join(share)


def _free_paths(out: Path | None, count: int) -> list[Path]:
    if out is None:
        return []
    make_folder(out)
    paths = [out / f"share-{number}-of-{count}.png" for number in range(1, count + 1)]
    for path in paths:
        if path.exists() or path.is_symlink():
            raise DeskError(
                f"{harmless(str(path))} is there already",
                "nothing was changed; name another folder with --shares-out",
            )
    return paths


def draw(path: Path, words: Sequence[str]) -> None:
    """Write words as a QR code, a PNG of black and white."""
    # Here alone: it is needed for pictures only.
    import segno

    # In capitals the code needs fewer and so larger squares; words are read in any case.
    code = segno.make(" ".join(words).upper(), error="m", micro=False)
    with writing(path, replace=False) as file:
        code.save(file, kind="png", scale=8, border=4)
    sync_folder(path.parent)


def told(recovery: Recovery) -> Iterator[str]:
    """Say before it begins what is going to be shown, and what to have ready."""
    split = recovery.split
    yield "Have ready: paper, a pen, and nobody who looks over your shoulder. No telephone, no camera."
    if split is not None:
        yield f"The recovery secret is cut into {split.count} shares; any {split.needed} give it back."
        yield "One sheet of paper for each, for another person or another place each."
    yield "Head each paper with the line that stands over the words: papers without it look alike."
    if recovery.out is not None:
        yield "A picture has no such line: write it on the print."
    yield "What is shown now is on paper only: this desk keeps none of it."


def begin(recovery: Recovery) -> None:
    """Say what is coming."""
    terminal.say(told(recovery))
