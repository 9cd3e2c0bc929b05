"""The doctor compares the web machines that share a store, and names the one that differs."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest

from commands import doctor_cluster
from commands.doctor_check import Check, Patient
from config import Config
from crypto import sharedkeys
from store import Store
from store.form_keys import prepare, share
from store.machines import WebMachine, this_host
from tests.commands.conftest import TODAY

following = sharedkeys.following
OPERATIONS = (Path(__file__).parents[2] / "docs/operations.md").read_text()


@dataclass
class Kept:
    """What machines have told, in memory."""

    known: list[WebMachine]

    def all(self) -> list[WebMachine]:
        return self.known


@dataclass
class Shared:
    """A store that has machines, and nothing else."""

    machines: Kept | None


@dataclass
class Place:
    """Two machines of which all agrees; ``others`` are changed by tests."""

    settings: Config
    mine: WebMachine
    others: list[WebMachine]
    day: date = TODAY

    def checks(self) -> dict[str, Check]:
        store = cast("Store", Shared(Kept([self.mine, *self.others])))
        patient = Patient(self.settings, self.day, None, store, None, None, None)
        return {check.name: check for check in doctor_cluster.checks(patient)}

    def check_of(self, day: date) -> bytes:
        """What a machine with the same file of form keys tells on a day."""
        living = prepare(self.settings.form_key, day, following)
        return sharedkeys.check(living.seeds(day, following))

    def other(self, **changed: object) -> None:
        self.others[0] = replace(self.others[0], **changed)  # type: ignore[arg-type]  # fields of it


@pytest.fixture
def place(tmp_path: Path) -> Place:
    settings = Config.read({"VIGIL_DATA": str(tmp_path), "VIGIL_MACHINE": "web1"})
    share(settings.form_key, TODAY, following)
    mine = WebMachine("web1", this_host(), TODAY, "1.2.3", b"t" * 32, b"s" * 32, b"", 7)
    made = Place(settings, mine, [])
    made.mine = replace(mine, form_keys=made.check_of(TODAY))
    made.others = [replace(made.mine, name="web2", host=b"another1")]
    return made


def test_machines_that_agree_are_all_well(place: Place) -> None:
    checks = place.checks()
    assert [check for check in checks.values() if check.ok is not True] == []
    assert checks["web machines"].what.endswith("web1, web2")
    table = OPERATIONS.split("| line, with several web machines |")[1].split("\n\n")[0]
    assert set(checks) == set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE))


def test_a_machine_alone_is_compared_with_nothing(place: Place) -> None:
    place.others = []
    assert [(check.name, check.ok) for check in place.checks().values()] == [("web machines", True)]
    place.settings = replace(place.settings, machine="new")
    (check,) = place.checks().values()
    assert check.ok is None
    assert "has told nothing" in check.what


def test_where_one_machine_alone_can_use_the_store_nothing_is_said(place: Place) -> None:
    for store in (None, Shared(None)):
        patient = Patient(place.settings, TODAY, None, cast("Store", store), None, None, None)
        assert doctor_cluster.checks(patient) == []


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"form_keys": b"another check..."}, "form keys"),
        ({"texts": b"x" * 32}, "same texts"),
        ({"texts": b""}, "same texts"),
        ({"static": b"x" * 32}, "same files"),
    ],
    ids=["form keys", "texts", "nothing published", "static files"],
)
def test_the_machine_that_differs_is_named(place: Place, changed: dict[str, object], name: str) -> None:
    place.other(**changed)
    checks = place.checks()
    assert [check.name for check in checks.values() if check.ok is not True] == [name]
    assert checks[name].ok is False
    assert "web2" in checks[name].what
    assert checks[name].hint


def test_another_release_is_said_and_what_comes_of_it_is_no_error(place: Place) -> None:
    place.other(release="1.2.4", texts=b"x" * 32, static=b"x" * 32)
    checks = place.checks()
    assert [check.name for check in checks.values() if check.ok is not True] == ["releases"]
    assert checks["releases"].ok is None
    assert "web2" in checks["releases"].what


def test_another_list_of_keys_is_said(place: Place) -> None:
    place.other(team=6)
    check = place.checks()["same keys"]
    assert check.ok is None
    assert "web2" in check.what


def test_form_keys_that_each_machine_draws_are_told_even_where_they_agree_today(place: Place) -> None:
    place.settings.form_key.unlink()
    prepare(place.settings.form_key, TODAY, following)
    place.other(form_keys=place.check_of(TODAY))
    check = place.checks()["form keys"]
    assert check.ok is False
    assert "share-form-keys" in check.hint


def test_what_a_machine_told_yesterday_is_compared_with_yesterdays_keys(place: Place) -> None:
    place.day = TODAY + timedelta(days=1)
    assert place.checks()["form keys"].ok is True
    place.other(form_keys=bytes(16))
    assert place.checks()["form keys"].ok is False


def test_keys_made_anew_that_were_not_copied_are_told_at_once(place: Place) -> None:
    share(place.settings.form_key, TODAY, following, anew=True)
    place.mine = replace(place.mine, form_keys=place.check_of(TODAY))
    assert place.checks()["form keys"].ok is False
    place.other(form_keys=place.check_of(TODAY))
    assert place.checks()["form keys"].ok is True


def test_form_keys_that_cannot_be_read_are_told(place: Place) -> None:
    place.settings.form_key.write_text("nonsense")
    assert place.checks()["form keys"].ok is False


def test_two_machines_of_one_name_are_told(place: Place) -> None:
    place.other(name="web1")
    check = place.checks()["web machines"]
    assert check.ok is False
    assert "VIGIL_MACHINE" in check.hint


@pytest.mark.parametrize(("days", "ok"), [(2, True), (3, None)])
def test_a_machine_that_is_silent_is_told_and_compared_no_more(
    place: Place, days: int, ok: bool | None
) -> None:
    place.other(day=TODAY - timedelta(days=days), texts=b"x" * 32, form_keys=b"")
    checks = place.checks()
    assert checks["web machines"].ok is ok
    assert ("same texts" in checks) is (ok is True)
