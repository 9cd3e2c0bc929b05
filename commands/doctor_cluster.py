"""Several web machines of one site: do they serve the same, and can each go on with what another began?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from crypto import sharedkeys
from store import StoreError
from store.form_keys import LivingKeys, prepare
from store.machines import WebMachine, this_host

MACHINES, RELEASES, FORM_KEYS = "web machines", "releases", "form keys"
TEXTS, STATIC, TEAM = "same texts", "same files", "same keys"
# Each tells of itself every night.
DAYS_SILENT = 2
COPY = "on one machine: vigil share-form-keys; copy its VIGIL_FORM_KEY to the others; then vigil doctor there"


@dataclass(frozen=True)
class _Cluster:
    """This machine as it last told of itself, and the others that were heard of lately."""

    mine: WebMachine
    others: tuple[WebMachine, ...]

    def that(self, differs: Callable[[WebMachine], bool]) -> str:
        """Name the others of which something is the case."""
        return ", ".join(each.name for each in self.others if differs(each))

    def of_my_release(self, other: WebMachine) -> bool:
        """Say whether another machine runs the same release, and was heard of since it may have changed."""
        return other.release == self.mine.release


def checks(patient: Patient) -> list[Check]:
    """Compare what each machine tells of itself; nothing where one alone can use the store."""
    if patient.store is None or patient.store.machines is None:
        return []
    known = list(patient.store.machines.all())
    heard = [each for each in known if each.day >= patient.today - timedelta(days=DAYS_SILENT)]
    me = patient.settings.machine, this_host()
    mine = next((each for each in heard if (each.name, each.host) == me), None)
    if mine is None:
        return [
            unknown(MACHINES, f"{me[0]} has told nothing of itself yet: it does when it starts, and at night")
        ]
    here = _Cluster(mine, tuple(each for each in heard if each is not mine))
    return [_machines(here, known), *(check(here, patient) for check in COMPARED if here.others)]


def _machines(here: _Cluster, known: Sequence[WebMachine]) -> Check:
    names = [here.mine.name, *(each.name for each in here.others)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return wrong(
            MACHINES,
            f"two machines are called {', '.join(twice)}",
            "give each a VIGIL_MACHINE of its own in its settings, and restart it",
        )
    silent = [each for each in known if each.name not in names]
    if silent:
        said = ", ".join(f"{each.name} (since {each.day})" for each in silent)
        return look(
            MACHINES,
            f"not heard of for more than {DAYS_SILENT} days: {said}",
            "see whether its site and its nightly timer run; one gone for good is forgotten in a month",
        )
    return good(MACHINES, f"heard of in the last {DAYS_SILENT} days: {', '.join(sorted(names))}")


def _releases(here: _Cluster, _patient: Patient) -> Check:
    if others := here.that(lambda other: not here.of_my_release(other)):
        return look(
            RELEASES,
            f"another release than here runs on {others}",
            "during an upgrade that is as it should be; bring every machine to the same one soon",
        )
    return good(RELEASES, f"all machines run the same: {here.mine.release or 'no release'}")


def _form_keys(here: _Cluster, patient: Patient) -> Check:
    try:
        living = prepare(patient.settings.form_key, patient.today, sharedkeys.following)
    except StoreError as error:
        return wrong(FORM_KEYS, error.what, error.hint)
    if not living.shared:
        return wrong(
            FORM_KEYS, "each machine draws form keys of its own: a form cannot go on on another", COPY
        )
    if others := here.that(lambda other: not _same_keys(living, other)):
        return wrong(FORM_KEYS, f"other form keys than here are in use on {others}", COPY)
    return good(FORM_KEYS, "all machines have the same: a form begun on one goes on on every other")


def _same_keys(living: LivingKeys, other: WebMachine) -> bool:
    try:
        seeds = living.seeds(other.day, sharedkeys.following)
    except KeyError:
        # The key of the day on which it told of itself is destroyed here: it cannot be compared.
        return True
    return sharedkeys.check(seeds) == other.form_keys


def _texts(here: _Cluster, _patient: Patient) -> Check:
    again = "publish the same folder on every machine, with the same site.toml; restart where that changed"
    if not here.mine.texts:
        return wrong(TEXTS, "nothing is published here, by this release", "vigil publish")
    if others := here.that(lambda other: here.of_my_release(other) and other.texts != here.mine.texts):
        return wrong(TEXTS, f"other texts than here are published on {others}", again)
    return good(TEXTS, "all machines of this release have published the same")


def _static(here: _Cluster, _patient: Patient) -> Check:
    if others := here.that(lambda other: here.of_my_release(other) and other.static != here.mine.static):
        return wrong(
            STATIC,
            f"other style sheets, scripts or pictures than here are served by {others}",
            "install the same release on every machine again: deploy/install.sh",
        )
    return good(STATIC, "all machines of this release serve the same style sheets, scripts and pictures")


def _team(here: _Cluster, _patient: Patient) -> Check:
    if others := here.that(lambda other: other.team != here.mine.team):
        return look(
            TEAM,
            f"another list of the team's keys than version {here.mine.team} was in use on {others}",
            "a new list is taken up within minutes: vigil doctor there, then here again",
        )
    return good(TEAM, f"all machines seal to version {here.mine.team} of the team's keys")


COMPARED = (_releases, _form_keys, _texts, _static, _team)
