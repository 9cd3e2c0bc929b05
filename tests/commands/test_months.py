"""The operator is told in time that the team's keys run out; whatever was asked for is done all the same."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from crypto.bundle import BundleReader
from crypto.keyfile import DeskKeys
from tests.commands.conftest import Site
from tests.commands.parcel import Parcel

# Keys are made for 24 months, from November 2026.
LAST = date(2028, 10, 31)

DAYS = [
    (60, None, None),
    (
        59,
        "warning: the team's keys end in 59 days, on 31 October 2028",
        "hint: plan a day for it: at the desk",
    ),
    (
        30,
        "warning: the team's keys end in 30 days, on 31 October 2028",
        "hint: plan a day for it: at the desk",
    ),
    (29, "warning: the team's keys end in 29 days, on 31 October 2028", "hint: do it this week: at the desk"),
    (7, "warning: the team's keys end in 7 days, on 31 October 2028", "hint: do it this week: at the desk"),
    (6, "warning: the team's keys end in 6 days, on 31 October 2028", "hint: do it now: at the desk"),
    (1, "warning: the team's keys end in 1 day, on 31 October 2028", "hint: do it now: at the desk"),
    (0, "warning: the team's keys end today, on 31 October 2028", "hint: do it now: at the desk"),
    (-1, "warning: the team's keys ended on 31 October 2028; reports are still sealed", "hint: at the desk"),
    (
        -400,
        "warning: the team's keys ended on 31 October 2028; reports are still sealed",
        "hint: at the desk",
    ),
]


@pytest.mark.parametrize(("left", "warning", "hint"), DAYS, ids=[str(left) for left, _, _ in DAYS])
@pytest.mark.parametrize("command", ["export", "import", "sweep"])
def test_who_exports_imports_or_sweeps_is_told(
    command: str,
    left: int,
    warning: str | None,
    hint: str | None,
    site: Site,
    desk: DeskKeys,
    runner: FlaskCliRunner,
    tmp_path: Path,
) -> None:
    site.day = LAST - timedelta(days=left)
    path = Parcel(desk, not_after=site.day).write(tmp_path / "back")
    args = {"export": [str(tmp_path / "out")], "import": [str(path)], "sweep": []}[command]
    result = runner.invoke(args=[command, *args])
    assert result.exit_code == 0, result.output
    told = [line.removeprefix("vigil: ") for line in result.stderr.splitlines()]
    assert len(told) == (0 if warning is None else 2)
    for line, begins in zip(told, (warning, hint), strict=False):
        assert line.startswith(begins or "-")
    if command == "export":
        with (tmp_path / "out").open("rb") as file:
            heading = BundleReader(file).heading
        assert heading.sealing == site.team_keys.epoch(site.day)
        assert (heading.sealing == site.team_keys.newest) is (left < 31)
