"""How links are measured: in a process that is watched, and judged kind by kind."""

from pathlib import Path

import pytest

from bench import connections
from bench.corpus.truth import JUDGES, Judged, Score
from bench.server import SetUpFailed

FEW = 40


def test_what_another_process_finds_is_judged_here_with_what_it_took() -> None:
    found = connections.measured(FEW)
    assert found.seconds > 0
    assert found.cpu > 0
    assert found.plain_seconds > 0
    assert found.judged.links.right > 0
    assert (found.memory is None) == (not Path("/proc/self/smaps_rollup").exists())
    assert (found.reports_memory is None) == (found.memory is None)


def test_a_process_that_fails_is_told_with_its_complaint(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(connections, "ROOT", tmp_path)
    with pytest.raises(SetUpFailed, match="bench"):
        connections.measured(1)


def test_the_scores_are_laid_out_kind_by_kind() -> None:
    judged = Judged({kind: Score() for kind in JUDGES} | {"email": Score(3, 1, 2)}, Score(3, 1, 2), Score(2))
    lines = connections.by_kind(1_000, judged)
    assert [line.split() for line in lines if "email" in line] == [["email", "0.750", "0.600", "5"]]
    assert [line.split()[-3:] for line in lines if "pairs" in line] == [["1.000", "1.000", "2"]]
    assert len(lines) == 1 + len(JUDGES) + 2


def test_what_was_missed_and_what_is_not_so_can_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert connections.main([str(FEW), "--wrong"]) == 0
    told = capsys.readouterr().out
    assert "all links" in told
    for line in told.splitlines()[len(JUDGES) + 4 :]:
        assert line.split(" ")[0] in ("wrong", "missed")
