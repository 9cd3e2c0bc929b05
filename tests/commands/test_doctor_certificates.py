"""The doctor says how long the certificates last by which a machine and its database know each other."""

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from commands import doctor_certificates
from commands.doctor_check import Check, Patient
from config import Config
from store.clock import utc_today
from store.postgres import remarks

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/cluster.md").read_text()
LASTS = timedelta(days=730)
URL = "postgresql://vigil@10.20.0.1/vigil?sslcert={0}/web1/web.pem&sslrootcert={0}/web1/ca.pem"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder as certificates.sh leaves it, made today."""
    for arguments in (["authority"], ["machine", "web1", "10.20.0.11"]):
        script = ROOT / "deploy/cluster/certificates.sh"
        subprocess.run([script, tmp_path / "made", *arguments], check=True, capture_output=True)
    return tmp_path / "made"


def looked(url: str, day: date) -> list[Check]:
    settings = Config.read({"VIGIL_DATABASE_URL": url} if url else {})
    return doctor_certificates.checks(Patient(settings, day, None, None, None, None, None))


@pytest.mark.parametrize(
    ("before_the_end", "ok", "said"),
    [
        (timedelta(days=61), True, "at least"),
        (timedelta(days=60), None, "ends on"),
        (timedelta(days=1), None, "ends on"),
        (timedelta(days=-1), False, "cannot get to its database"),
    ],
    ids=["long", "sixty days", "a day", "ended"],
)
def test_it_says_in_time_that_a_certificate_ends(
    made: Path, before_the_end: timedelta, ok: bool | None, said: str
) -> None:
    end = utc_today() + LASTS
    (check,) = looked(URL.format(made), end - before_the_end)
    assert (check.name, check.ok) == ("certificates", ok)
    assert said in check.what
    assert str(end) in check.what
    assert (ok is True) == (check.hint == "")


def test_what_is_no_certificate_is_named_as_that(made: Path) -> None:
    (made / "web1/web.pem").write_text("words")
    (check,) = looked(URL.format(made), utc_today())
    assert check.ok is False
    assert "holds no certificate" in check.what


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgresql://vigil@10.20.0.1/vigil",
        "postgresql:///vigil?sslcert=/nowhere/web.pem",
        "postgres://a b",
    ],
    ids=["sqlite", "no certificate", "not there", "no url"],
)
def test_where_there_is_none_nothing_is_said(url: str) -> None:
    assert looked(url.replace(" ", "%zz"), utc_today()) == []


def test_the_lines_are_explained_to_operators() -> None:
    table = GUIDE.split("| line, with a database of several machines |")[1].split("\n\n")[0]
    known = {remarks.SETTINGS, remarks.COPIES, remarks.LOG, remarks.LINE, doctor_certificates.CERTIFICATES}
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == known
    assert f"Under {doctor_certificates.DAYS_AHEAD} days" in table
