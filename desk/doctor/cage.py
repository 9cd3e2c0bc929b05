"""The cage in which a stranger's file is opened."""

from desk.doctor.check import Check, Machine, good, unknown, wrong
from desk.strangers.isolation import Isolation, isolation

CAGE = "strangers' files"


def check(machine: Machine) -> Check:
    """See whether previews run where they can reach nothing."""
    if isolation() is Isolation.BUBBLEWRAP:
        return good(CAGE, "they are opened in a cage without network and files")
    if not machine.linux:
        return unknown(
            CAGE,
            "they are opened under limits alone: there is no bubblewrap for this kind of machine",
            "look at files from strangers on a desk with Debian or Tails",
        )
    return wrong(
        CAGE,
        "they are opened under limits alone: bubblewrap is missing, or not allowed here",
        "as root, while this laptop still may be online or from a Debian disc: apt-get install bubblewrap",
    )
