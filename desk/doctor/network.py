"""Is anything on that could bring this laptop online?"""

from pathlib import Path

from desk.doctor.check import Check, Machine, good, read, unknown, wrong
from desk.harmless import harmless

NETWORK, RADIOS = "network", "radios"
UP = 0x1  # IFF_UP of linux/if.h
BY_HAND = "look yourself: no cable, and Wi-Fi and Bluetooth switched off"


def checks(machine: Machine) -> list[Check]:
    """Look at the network cards and at the radios."""
    if not machine.linux:
        return [
            unknown(NETWORK, "this program cannot see a Mac's network", BY_HAND),
            unknown(RADIOS, "this program cannot see a Mac's radios", BY_HAND),
        ]
    return [_network(machine), _radios(machine)]


def _network(machine: Machine) -> Check:
    folder = machine.path("sys/class/net")
    try:
        cards = sorted(card for card in folder.iterdir() if card.name != "lo" and card.is_dir())
    except OSError:
        return unknown(NETWORK, "whether there is a network cannot be seen here", BY_HAND)
    if joined := [harmless(card.name) for card in cards if _is_joined(card)]:
        return wrong(
            NETWORK,
            f"this machine is on a network ({', '.join(joined)})",
            "pull the cable out and switch the radios off: a desk is never online. Where it had real keys "
            "then, see docs/desk-laptop.md, When something happens",
        )
    if not cards:
        return good(NETWORK, "there is no network card")
    count = f"{len(cards)} network card{'s' * (len(cards) > 1)}"
    return good(NETWORK, f"{count}, and none of them is connected")


def _is_joined(card: Path) -> bool:
    """See whether a card is on and something answers at its other end, or it does not say that none does."""
    try:
        on = int(read(card / "flags") or "0x1", 16) & UP
    except ValueError:
        on = UP
    return bool(on) and read(card / "carrier") != "0"


def _radios(machine: Machine) -> Check:
    folder = machine.path("sys/class/rfkill")
    try:
        radios = sorted(folder.iterdir())
    except FileNotFoundError:
        return good(RADIOS, "there are no radios")
    except OSError:
        return unknown(RADIOS, "whether a radio is on cannot be seen here", BY_HAND)
    on = [harmless(read(radio / "type") or radio.name) for radio in radios if not _is_blocked(radio)]
    if on:
        return wrong(
            RADIOS,
            f"switched on: {', '.join(sorted(set(on)))}",
            "take the cards out, or switch them off in the firmware; until then, as root: rfkill block all",
        )
    return good(RADIOS, "all are switched off" if radios else "there are no radios")


def _is_blocked(radio: Path) -> bool:
    return "1" in (read(radio / "soft"), read(radio / "hard"))
