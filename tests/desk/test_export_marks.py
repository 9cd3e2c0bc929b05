"""What can never be whole here is marked all the same, and holds up nothing; what can come is waited for."""

from pathlib import Path

import pytest

from tests.desk.bundles import Parcel
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import carried, exported, spoil, took_in


def _without_its_file(desk: DeskUnderTest, words: str = "one") -> tuple[Parcel, str, str]:
    """Give a bundle with a report whose file the server has no more, its envelope's digest, and the blob."""
    parcel = desk.parcel()
    (file,) = parcel.add(words, [("a.txt", b"a")]).files
    del parcel.members[f"blob/{file.blob.hex()}"]
    (name,) = parcel.members
    return parcel, name.removeprefix("env/"), file.blob.hex()


def test_what_the_source_deleted_is_not_waited_for(desk: DeskUnderTest, tmp_path: Path) -> None:
    """They attached a file, sent twice, and deleted by one of the codes."""
    parcel, digest, _ = _without_its_file(desk)
    case = took_in(desk, tmp_path, parcel=parcel)
    bundle = exported(desk, tmp_path)
    assert (bundle.collected, bundle.gone) == ([digest], [])
    told = desk.done("export", tmp_path / "told.tar")
    assert "1 of them without files that the server has no more either" in told
    assert desk.json("list")[0]["state"] == "attachments missing"
    assert "MISSING" in desk.done("show", case)


def test_what_the_server_could_not_read_is_waited_for(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel, _, _ = _without_its_file(desk)
    parcel.damaged = 1
    took_in(desk, tmp_path, parcel=parcel)
    assert exported(desk, tmp_path).collected == []
    assert desk.json("export", tmp_path / "again.tar")["incomplete"] == 1


def test_what_was_damaged_on_the_way_is_waited_for(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel, _, _ = _without_its_file(desk)
    parcel.add("two")
    file = parcel.write(tmp_path / "in.tar")
    whole = file.read_bytes()
    for data in (whole[: len(whole) // 2], whole[:-2000] + bytes([whole[-2000] ^ 1]) + whole[-1999:]):
        file.write_bytes(data)
        assert desk.run("import", file).status == 1
        assert desk.json("export", tmp_path / f"{len(data)}.tar")["lacking"] == 0
    file.write_bytes(whole)
    desk.done("import", file)
    assert desk.json("export", tmp_path / "whole.tar")["lacking"] == 1


def test_a_file_that_was_hidden_comes_later_and_is_marked_then(desk: DeskUnderTest, tmp_path: Path) -> None:
    """A forged bundle leaves a file out: the envelope goes, the file stays on the server until it came."""
    parcel = desk.parcel()
    (file,) = parcel.add("one", [("a.txt", b"a")]).files
    blob = f"blob/{file.blob.hex()}"
    hidden = parcel.members.pop(blob)
    took_in(desk, tmp_path, parcel=parcel)
    bundle = exported(desk, tmp_path)
    assert (len(bundle.collected), bundle.gone) == (1, [])
    later = desk.parcel()
    later.members[blob] = hidden
    took_in(desk, tmp_path, parcel=later)
    bundle = exported(desk, tmp_path, "later.tar")
    assert (bundle.collected, bundle.gone) == ([], [file.blob.hex()])
    assert desk.json("list")[0]["state"] == "complete"


# ---- what is given up


@pytest.fixture
def unopened(desk: DeskUnderTest, tmp_path: Path) -> str:
    """Import what no key opens, and give its case."""
    parcel = desk.parcel()
    parcel.add_envelope(b"not an envelope")
    return took_in(desk, tmp_path, parcel=parcel)


def _give_up(
    desk: DeskUnderTest, out: Path, case: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    monkeypatch.setattr("desk.keys.terminal.line", lambda _: typed)
    answer = desk.run("export", out, "--give-up", case)
    return answer.status, answer.out, answer.err


def test_what_does_not_open_is_given_up_by_name_and_in_words(
    desk: DeskUnderTest, tmp_path: Path, unopened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exported(desk, tmp_path, "first.tar").collected == []
    out = tmp_path / "out.tar"
    for typed in ("", "yes", "give"):
        status, _, err = _give_up(desk, out, unopened, typed, monkeypatch)
        assert (status, "nothing was given up" in err, out.exists()) == (1, True, False)
    status, told, err = _give_up(desk, out, unopened, "give up", monkeypatch)
    assert status == 0
    assert f"  {unopened}  1 envelope: " in err
    assert "1 envelope collected" in told
    assert "1 of them given up" in told
    assert "not collected" not in told
    # It is not remembered: the next export asks again.
    assert exported(desk, tmp_path, "next.tar").collected == []


def test_a_report_whose_file_the_server_cannot_read_is_given_up_with_the_file(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel, digest, blob = _without_its_file(desk)
    parcel.damaged = 1
    case = took_in(desk, tmp_path, parcel=parcel)
    status, told, err = _give_up(desk, tmp_path / "out.tar", case, "give up", monkeypatch)
    assert (status, "attachments missing" in err, "1 of them given up" in told) == (0, True, True)
    bundle = carried(desk, tmp_path / "out.tar")
    assert (bundle.collected, bundle.gone) == ([digest], [blob])


def test_only_what_the_server_has_is_given_up(
    desk: DeskUnderTest, tmp_path: Path, unopened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    took_in(desk, tmp_path, parcel=desk.parcel())
    status, _, err = _give_up(desk, tmp_path / "out.tar", unopened, "give up", monkeypatch)
    assert (status, "had nothing of case" in err) == (1, True)


def test_what_another_import_mends_is_not_given_up(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = desk.parcel()
    parcel.add("one")
    took_in(desk, tmp_path, parcel=parcel)
    (envelope,) = (desk.home / "casebook" / "env").iterdir()
    spoil(envelope)
    case = desk.json("list")[0]["case"]
    status, _, err = _give_up(desk, tmp_path / "out.tar", case, "give up", monkeypatch)
    assert (status, "damaged on this disk only" in err) == (1, True)
