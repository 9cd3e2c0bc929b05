"""`doctor` looks at the desk itself: who can reach it, what is unfinished, the casebook, the keys."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from desk import cli
from desk.doctor import commands, disks, folder, keys, system
from desk.doctor.check import Check, Machine, asked
from desk.home import Home
from tests.desk.conftest import DeskUnderTest

TODAY = date(2026, 11, 23)


def examined(home: Path, *, opened: bool = False, thorough: bool = False) -> dict[str, Check]:
    # Nothing can be seen of a machine whose files are not there: only the desk is judged.
    machine = Machine(home / "no machine", "linux", lambda _: None)
    found = commands.examined(Home(home), machine, TODAY, opened=opened, thorough=thorough)
    return {check.name: check for check in found}


def filled(desk: DeskUnderTest, tmp_path: Path) -> list[Path]:
    parcel = desk.parcel()
    for word in ("one", "two", "three"):
        parcel.add(word, [("a.txt", word.encode())])
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    return sorted((desk.home / "casebook").glob("*/*"))


# ---- the folder


def test_a_desk_as_init_makes_it_is_closed_to_others(desk: DeskUnderTest) -> None:
    desk.home.chmod(0o700)
    assert examined(desk.home)[folder.PERMISSIONS].ok


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o740, 0o755, 0o777], ids=oct)
def test_a_folder_that_others_may_enter_is_told(desk: DeskUnderTest, mode: int) -> None:
    desk.home.chmod(mode)
    found = examined(desk.home)[folder.PERMISSIONS]
    assert found.ok is False
    assert "chmod -R go=" in found.hint


def test_files_of_another_user_are_told(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.home.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    found = examined(desk.home)[folder.PERMISSIONS]
    assert (found.ok, "another user" in found.what) == (False, True)


def test_a_program_that_others_may_change_is_told(tmp_path: Path) -> None:
    code = tmp_path / "code"
    for name in ("desk", "crypto"):
        (code / name).mkdir(parents=True)
    (code / "desk/__main__.py").write_text("")
    assert folder.program(code).ok
    (code / "crypto").chmod(0o777)
    assert folder.program(code).ok is False


def test_what_was_stopped_in_the_middle_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    assert examined(desk.home)[folder.UNFINISHED].ok
    filled(desk, tmp_path)
    (desk.home / "casebook/env/.partial-0123456789abcdef").write_bytes(b"half")
    assert "1 unfinished file" in examined(desk.home)[folder.UNFINISHED].what
    (desk.home / "destroy.unfinished").write_bytes(b"")
    assert "keys destroy" in examined(desk.home)[folder.UNFINISHED].what
    (desk.home / "init.unfinished").write_bytes(b"")
    (desk.home / "keys.json").unlink()
    assert "init" in examined(desk.home)[folder.UNFINISHED].what


# ---- the casebook


def test_a_damaged_file_of_the_casebook_is_named(desk: DeskUnderTest, tmp_path: Path) -> None:
    files = filled(desk, tmp_path)
    assert examined(desk.home, thorough=True)[folder.CASEBOOK].what == "all of its 6 files are whole"
    data = files[0].read_bytes()
    files[0].write_bytes(bytes([data[0] ^ 1]) + data[1:])
    found = examined(desk.home, thorough=True)[folder.CASEBOOK]
    assert (found.ok, files[0].name[:12] in found.what) == (False, True)


def test_of_a_large_casebook_a_sample_is_read_and_that_is_said(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(desk, tmp_path)
    monkeypatch.setattr(folder, "SAMPLE", 2)
    assert examined(desk.home)[folder.CASEBOOK].what.startswith("4 of its 6 files were read, and are whole")
    monkeypatch.setattr(folder, "SAMPLE_BYTES", 1)
    assert examined(desk.home)[folder.CASEBOOK].what.startswith("2 of its 6")


# ---- keys


def test_a_practice_desk_says_so_and_its_keys_open(desk: DeskUnderTest) -> None:
    found = examined(desk.home, opened=True)
    assert (found[keys.PRACTICE].ok, found[keys.PRACTICE].what) == (None, "these are practice keys")
    assert found[keys.KEYS].ok
    assert found[keys.BACKUP].ok is None


def test_keys_are_not_opened_where_nobody_wants_it(
    desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESK_PASSPHRASE_FILE")
    assert examined(desk.home)[keys.KEYS].ok is None


def test_a_passphrase_that_does_not_open_the_keys_is_a_line_like_another(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    (tmp_path / "passphrase").write_text("wrong\n")
    found = examined(desk.home, opened=True)
    assert found[keys.KEYS].ok is False
    assert found[folder.CASEBOOK].ok


def test_keys_that_ran_out_and_a_backup_that_is_gone_are_told(desk: DeskUnderTest) -> None:
    (desk.home / "keys.backup").unlink()
    late = keys.checks(Home(desk.home), date(2040, 1, 1), opened=True)
    found = {check.name: check for check in late}
    assert (found[keys.KEYS].ok, "keys renew" in found[keys.KEYS].hint) == (False, True)
    assert found[keys.BACKUP].ok is False


def test_a_clock_before_the_lists_first_month_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    assert system.clock(Home(desk.home), date(2001, 1, 1), tmp_path / "no code").ok is False


# ---- the command


def test_before_there_is_a_desk_the_machine_is_looked_at_all_the_same(tmp_path: Path) -> None:
    found = examined(tmp_path / "desk", opened=True)
    assert found[keys.KEYS].hint == "make its keys: init"
    assert found[folder.CASEBOOK].ok
    assert not (tmp_path / "desk").exists()


def test_it_ends_with_1_where_something_has_to_be_done_and_tells_it_in_json_too(
    desk: DeskUnderTest,
) -> None:
    desk.home.chmod(0o755)
    answer = desk.run("doctor", "--json")
    said = json.loads(answer.out)
    assert [one["ok"] for one in said if one["name"] == "permissions"] == [False]
    assert all(set(one) == {"name", "ok", "what", "hint"} for one in said)
    assert answer.status == 1
    assert "permissions" in answer.err
    assert "NO  permissions: others on this machine" in desk.run("doctor").out


def test_it_ends_with_0_where_all_is_well_or_unknown(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.home.chmod(0o700)
    monkeypatch.setattr(commands, "Machine", lambda: Machine(tmp_path / "none", "linux", lambda _: None))
    monkeypatch.setattr(commands.cage, "check", lambda _: Check("strangers' files", ok=True, what="caged"))
    answer = desk.run("doctor", "--thorough")
    assert answer.status == 0, answer
    assert "NO " not in answer.out


def test_it_changes_nothing(desk: DeskUnderTest, tmp_path: Path) -> None:
    filled(desk, tmp_path)

    def state() -> dict[str, tuple[int, bytes]]:
        files = [path for path in desk.home.rglob("*") if path.is_file()]
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = state()
    desk.run("doctor", "--thorough")
    assert state() == before


def test_what_cannot_be_looked_at_is_unknown_and_stops_nothing(
    desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[Check]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(disks, "checks", broken)
    found = examined(desk.home)
    assert (found[disks.DISK].ok, found[disks.DISK].what) == (
        None,
        "could not be looked at: permission denied",
    )
    assert folder.CASEBOOK in found


def test_programs_of_the_system_that_are_not_there_or_fail_say_nothing() -> None:
    assert asked(["/no/such/program"]) is None
    assert asked(["false"]) is None
    assert asked(["echo", "On"]) == "On\n"


def test_wrong_use_is_told(desk: DeskUnderTest) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--home", str(desk.home), "doctor", "--deep"])
    assert stopped.value.code == 2
