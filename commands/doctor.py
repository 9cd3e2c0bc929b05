"""`flask --app app doctor`: is all well, and if not, what is to be done?

It changes nothing; where several web machines share a store, it tells the others what this one serves.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from commands import (
    doctor_care,
    doctor_certificates,
    doctor_cluster,
    doctor_database,
    doctor_disk,
    doctor_keys,
    doctor_logs,
    doctor_machine,
    doctor_site,
    doctor_texts,
    doctor_version,
)
from commands.doctor_check import Check, Patient, good, unknown, wrong
from commands.output import fail
from commands.running import configured, running, why_stopped
from store import Looked, Store, StoreError
from store.clock import utc_today

# An address of an onion service has 62 letters.
MOST = 1000
PARTS: tuple[tuple[str, Callable[[Patient], list[Check]]], ...] = (
    ("keys", doctor_keys.checks),
    ("disk", doctor_disk.checks),
    ("machine", doctor_machine.checks),
    ("site", doctor_site.checks),
    ("texts", doctor_texts.checks),
    ("web machines", doctor_cluster.checks),
    ("database", doctor_database.checks),
    ("certificates", doctor_certificates.checks),
    ("updates", doctor_care.checks),
    ("logs", doctor_logs.checks),
    ("version", lambda _: doctor_version.checks()),
)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Write a list of {name, ok, what, hint}.")
@click.option(
    "--onion-file",
    metavar="PATH",
    help="Tor's hostname file, to be compared with VIGIL_ONION; - is standard input.",
)
@click.option("--url", metavar="URL", help="Where to ask for pages: http://…, https://… or unix:PATH.")
@click.option(
    "--journal-fd",
    metavar="N",
    type=click.IntRange(3),
    help="Read the journal's lines from this open file, as `vigil doctor` gives it; tor's begin with `tor:`.",
)
@with_appcontext
def doctor(*, as_json: bool, onion_file: str | None, url: str | None, journal_fd: int | None) -> None:
    """Look at everything that the site needs; leave with 1 where something has to be done."""
    patient = _patient(onion_file, url, journal_fd)
    if patient.store is not None:
        _tell(patient.store)
    found = examined(patient)
    if as_json:
        click.echo(json.dumps([vars(check) for check in found], indent=1))
    else:
        for check in found:
            click.echo(_line(check))
    if any(check.ok is False for check in found):
        raise SystemExit(1)


def examined(patient: Patient) -> list[Check]:
    """Look at everything; what cannot be looked at is said to be unknown."""
    trouble = patient.stopped
    found = [
        wrong("start", trouble.what, trouble.hint)
        if trouble
        else good("start", "the site starts with these settings")
    ]
    for name, checks in PARTS:
        try:
            found += checks(patient)
        except OSError as error:
            found.append(unknown(name, f"could not be looked at: {error.strerror}"))
        except StoreError as error:
            found.append(wrong(name, f"the store cannot be read: {error.what}", error.hint))
    return found


def _patient(onion_file: str | None, url: str | None, journal_fd: int | None) -> Patient:
    trouble = why_stopped()
    store = None if trouble else current_app.extensions["vigil"].store
    looked = None if store is None else _looked(store)
    today = utc_today() if trouble else current_app.extensions["vigil"].today()
    onion, journal = _onion(onion_file), _journal(journal_fd)
    return Patient(configured(), today, trouble, store, looked, onion, url, journal)


def _tell(store: Store) -> None:
    """Tell the other machines of this one, so that they compare themselves with what it is now."""
    if store.machines is not None:
        # A database that fails is found further on.
        with suppress(StoreError):
            running().note_machine()


def _looked(store: Store) -> Looked | StoreError:
    try:
        return store.look()
    except StoreError as error:
        return error


def _onion(onion_file: str | None) -> str | None:
    if onion_file is None:
        return None
    if onion_file == "-":
        return sys.stdin.buffer.read(MOST).decode("ascii", "replace").strip()
    try:
        with Path(onion_file).open("rb") as file:
            return file.read(MOST).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        fail(f"cannot read {onion_file}: {error.strerror}", "run it as root, by `vigil doctor`")


def _journal(number: int | None) -> tuple[str, ...] | None:
    if number is None:
        return None
    try:
        with os.fdopen(number, "rb") as lines:
            return tuple(lines.read(doctor_logs.MOST).decode("utf-8", "replace").splitlines())
    except OSError as error:
        fail(f"cannot read the open file {number}: {error.strerror}", "run it as root, by `vigil doctor`")


def _line(check: Check) -> str:
    marks = {True: "ok   ", False: "WRONG", None: "look " if check.hint else "-    "}
    hint = f"; {check.hint}" if check.hint else ""
    return f"{marks[check.ok]} {check.name}: {check.what}{hint}"
