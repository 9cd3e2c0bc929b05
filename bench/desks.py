"""How long the desk takes to open its casebook, beside unwrapping as many keys with the library alone."""

import hashlib
import json
import secrets
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto import seal
from crypto.envelope import Kind
from crypto.teamkeys import TeamKeys
from payload import Report

from .fresh import TEXT
from .scale import Scale
from .server import ROOT, SetUpFailed, environment
from .table import Row

PASSPHRASE = "practice"
SAMPLE = 400


def measure(folder: Path, scale: Scale) -> list[Row]:
    """`list --json` over a casebook of that many reports, each a case of its own."""
    home = folder / "practice-desk"
    team = TeamKeys.read((folder / "team.keys").read_bytes())
    envelopes = home / "casebook" / "env"
    envelopes.mkdir(parents=True, mode=0o700, exist_ok=True)
    for _ in range(scale.cases):
        envelope = sealed_report(team, today())
        (envelopes / hashlib.sha256(envelope).hexdigest()).write_bytes(envelope)
    begun = time.perf_counter()
    listed = json.loads(desk(home, "list", "--json"))
    took = time.perf_counter() - begun
    if len(listed) != scale.cases:
        raise SetUpFailed(f"the desk lists {len(listed)} of {scale.cases} cases")
    return [Row("Desk opens 10,000 cases", took, _bare(min(SAMPLE, scale.cases)) * scale.cases)]


def today() -> date:
    """The day in UTC, as the server counts it."""
    return datetime.now(UTC).date()


def sealed_report(team: TeamKeys, day: date) -> bytes:
    """The envelope of a report of 1 KB without files, under a draft of its own."""
    report = Report(
        draft=secrets.token_bytes(16), received_on=day, language="en", what_happened=TEXT, files=()
    )
    epoch = team.epoch(day)
    return seal.sealed(Kind.INCOMING, epoch, team.recipients(epoch), report.to_bytes())


def desk(home: Path, *arguments: str) -> str:
    """Run one command of the practice desk; give what it printed.

    :raises SetUpFailed: it did not succeed.
    """
    phrase = passphrase_file(home.parent)
    run = subprocess.run(
        [sys.executable, "-m", "desk", "--home", home, *arguments],
        cwd=ROOT,
        env=environment(home.parent) | {"DESK_PASSPHRASE_FILE": str(phrase)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if run.returncode:
        raise SetUpFailed(f"desk {arguments[0]}: {run.stderr.strip()}")
    return run.stdout


def passphrase_file(folder: Path) -> Path:
    """A file with the practice desk's passphrase."""
    phrase = folder / "passphrase"
    phrase.write_text(f"{PASSPHRASE}\n")
    phrase.chmod(0o600)
    return phrase


def _bare(sample: int) -> float:
    """Seconds for one unwrapping, the mean of a sample; the other half is done beforehand."""
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    private = MLKEM768X25519PrivateKey(mlkem, x25519)
    public = MLKEM768X25519PublicKey(mlkem.public_key(), x25519.public_key())
    wrapped = [suite.encrypt(secrets.token_bytes(32), public, info=b"bench") for _ in range(sample)]
    begun = time.perf_counter()
    for one in wrapped:
        suite.decrypt(one, private, info=b"bench")
    return (time.perf_counter() - begun) / sample
