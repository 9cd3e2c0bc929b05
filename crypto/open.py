"""Open what was sealed to the desks: the desk's alone. The web server never imports this module."""

from collections.abc import Iterable

from crypto.envelope import Kind
from crypto.secret import EpochSeed
from crypto.unsealing import Opened, Unsealer

__all__ = ["Opened", "Opener", "opened"]

FOR_DESKS = frozenset({Kind.INCOMING, Kind.NOTE, Kind.KEPT})


class Opener(Unsealer):
    """Opens envelopes with some seeds: what came in, notes, and reports that were kept.

    Give only the seeds of the epoch that ``crypto.envelope.header`` reads: each is tried on each stanza.
    """

    def __init__(self, seeds: Iterable[EpochSeed]) -> None:
        super().__init__(seeds, FOR_DESKS)


def opened(envelope: bytes, seeds: Iterable[EpochSeed]) -> Opened:
    """Open one envelope; who opens many keeps an Opener.

    :raises BadEnvelope: as Opener.opened.
    :raises NotForThisKey: as Opener.opened.
    """
    return Opener(seeds).opened(envelope)
