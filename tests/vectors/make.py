"""Make the vector files anew: ``python -m tests.vectors.make``.

Keys, bodies and stream headers come out the same each time; what HPKE draws at random does not, so a new file
differs from the old one in bytes, never in a name or an outcome. The outcomes are written down here by hand:
tests hold the code and FORMAT.md to them.
"""

from typing import Any

from tests.vectors import make_attachments, make_bundle, make_envelopes, make_keys, make_teamkeys
from tests.vectors.build import write
from tests.vectors.read import FOLDER


def envelopes() -> list[dict[str, Any]]:
    """Give the vectors of envelopes."""
    made = make_envelopes
    return [
        *made.good(),
        *made.header(),
        *made.truncated(),
        *made.keys(),
        *made.streams(),
        *made.insides(),
    ]


def attachments() -> list[dict[str, Any]]:
    """Give the vectors of attachments."""
    made = make_attachments
    return [*made.good(), *made.header(), *made.truncated(), *made.streams(), *made.insides()]


def main() -> None:
    """Write all vector files."""
    seeds = {name: seed.reveal().hex() for name, seed in make_envelopes.SEEDS.items()}
    keys = {name: key.reveal().hex() for name, key in make_attachments.KEYS.items()}
    for name, about, given, bases, found in (
        ("envelopes", make_envelopes.ABOUT, {"seeds": seeds}, make_envelopes.BASES, envelopes()),
        ("attachments", make_attachments.ABOUT, {"keys": keys}, make_attachments.BASES, attachments()),
        ("keys", make_keys.ABOUT, {"draft": make_keys.DRAFT}, make_keys.BASES, make_keys.keys()),
        ("teamkeys", make_teamkeys.ABOUT, {}, make_teamkeys.BASES, make_teamkeys.found()),
        ("bundle", make_bundle.ABOUT, {}, make_bundle.BASES, make_bundle.found()),
    ):
        write(FOLDER / f"{name}.json", about, given, bases, found)


if __name__ == "__main__":
    main()
