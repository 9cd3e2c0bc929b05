"""Make the vector files anew: ``python -m tests.vectors.make``.

Keys, bodies and stream headers come out the same each time; what HPKE draws at random does not, so a new file
differs from the old one in bytes, never in a name or an outcome. The outcomes are written down here by hand:
tests hold the code and FORMAT.md to them.
"""

import base64
from typing import Any

from tests.vectors import (
    make_attachments,
    make_back,
    make_bundle,
    make_codes,
    make_envelopes,
    make_keyfiles,
    make_keys,
    make_mailbox,
    make_onionkeys,
    make_papers,
    make_teamkeys,
    make_tokens,
)
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


def codes_and_mailboxes() -> list[tuple[str, str, dict[str, Any], dict[str, bytes], list[dict[str, Any]]]]:
    """Give the files of a source's return code and mailbox: name, text, givens, bases and vectors."""
    roots = {"roots": {name: root.reveal().hex() for name, root in make_mailbox.ROOTS.items()}}
    teams = {"teams": {name: base64.b64encode(team).decode() for name, team in make_mailbox.TEAMS.items()}}
    form_keys = {str(number): key.hex() for number, key in make_tokens.FORM_KEYS.items()}
    keys = {
        "form_keys": form_keys,
        "machine": make_tokens.MACHINE,
        "mailbox_keys": [key.hex() for key in make_tokens.MAILBOX_KEYS],
    }
    desk = {"desk": make_codes.DESK.hex()}
    made = make_mailbox
    return [
        ("codes", make_codes.ABOUT, desk, make_codes.BASES, make_codes.found()),
        ("records", made.ABOUT_RECORDS, roots, made.RECORDS, made.records()),
        ("replies", made.ABOUT_REPLIES, roots | teams, made.REPLIES, made.replies()),
        ("tokens", make_tokens.ABOUT, keys, make_tokens.BASES, make_tokens.found()),
    ]


def main() -> None:
    """Write all vector files."""
    seeds = {name: seed.reveal().hex() for name, seed in make_envelopes.SEEDS.items()}
    keys = {name: key.reveal().hex() for name, key in make_attachments.KEYS.items()}
    for name, about, given, bases, found in (
        ("envelopes", make_envelopes.ABOUT, {"seeds": seeds}, make_envelopes.BASES, envelopes()),
        ("attachments", make_attachments.ABOUT, {"keys": keys}, make_attachments.BASES, attachments()),
        ("keys", make_keys.ABOUT, {"draft": make_keys.DRAFT}, make_keys.BASES, make_keys.keys()),
        ("teamkeys", make_teamkeys.ABOUT, {}, make_teamkeys.BASES, make_teamkeys.found()),
        ("keyfiles", make_keyfiles.ABOUT, make_keyfiles.GIVEN, make_keyfiles.BASES, make_keyfiles.found()),
        (
            "onionkeys",
            make_onionkeys.ABOUT,
            make_onionkeys.GIVEN,
            make_onionkeys.BASES,
            make_onionkeys.found(),
        ),
        ("papers", make_papers.ABOUT, {}, make_papers.BASES, make_papers.found()),
        *codes_and_mailboxes(),
        ("bundle", make_bundle.ABOUT, {}, make_bundle.BASES, make_bundle.found()),
        ("back", make_back.ABOUT, make_back.GIVEN, make_back.BASES, make_back.found()),
    ):
        write(FOLDER / f"{name}.json", about, given, bases, found)


if __name__ == "__main__":
    main()
