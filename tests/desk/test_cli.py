"""The command line keeps its contract: exit status, one line of what and one of what to do, no traceback."""

import os
import pty
import select
import subprocess
from pathlib import Path

import pytest

from desk import cli, commands
from tests.desk.conftest import ROOT, DeskUnderTest


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["list"],
        ["--home", "x"],
        ["--home", "x", "burn"],
        ["--home", "x", "files", "a"],
        ["--home", "x", "import"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("usage: desk")
    assert "\ndesk: error: " in told
    assert "\ndesk: hint: desk" in told


def test_a_reader_that_goes_away_is_no_crash(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    for number in range(300):
        parcel.add(f"report {number} " + "x" * 100)
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    reader, writer = os.pipe()
    os.close(reader)
    try:
        run = subprocess.run(
            desk.command("list"), cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, timeout=120, check=False
        )
    finally:
        os.close(writer)
    assert (run.returncode, run.stderr) == (1, b"")


def test_being_stopped_is_told(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_home: object, _keys: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_cases", stopped)
    answer = desk.run("list")
    assert answer.status == 1
    assert answer.err == "desk: error: stopped\ndesk: hint: run it again: what is whole was kept\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_of_any_encoding_shows_what_it_can(
    desk: DeskUnderTest, tmp_path: Path, encoding: str
) -> None:
    parcel = desk.parcel()
    parcel.add("wörds in ಕನ್ನಡ \U0001f600" * 4)
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    name = desk.json("list")[0]["case"]
    for command in (["show", name], ["list"]):
        run = desk.process(*command, PYTHONIOENCODING=encoding, PYTHONUTF8="0", COLUMNS="70")
        assert run.returncode == 0, run.stderr
        if encoding == "ascii":
            assert max(map(len, run.stdout.splitlines())) <= 70


def test_a_passphrase_typed_at_the_prompt_opens_the_desk(desk: DeskUnderTest) -> None:
    leader, follower = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "DESK_PASSPHRASE_FILE"}
    process = subprocess.Popen(
        desk.command("list"),
        cwd=ROOT,
        env=environment,
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    try:
        seen = b""
        while b"passphrase of the desk: " not in seen:
            assert select.select([leader], [], [], 120)[0], seen
            seen += os.read(leader, 1000)
        os.write(leader, b"practice\n")
        output = process.communicate(timeout=120)[0]
    finally:
        process.kill()
        process.wait()
        os.close(leader)
    assert output == b"no cases yet: import a bundle\n"
    assert process.returncode == 0


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_passphrase_file_of_no_use_is_told(
    desk: DeskUnderTest, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "passphrase"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o600)
    answer = desk.run("list")
    assert answer.status == 1
    assert answer.err.startswith(
        ("desk: error: the passphrase file that DESK", "desk: error: the passphrase is")
    )


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o660])
def test_a_passphrase_file_that_others_can_read_is_refused(
    desk: DeskUnderTest, tmp_path: Path, mode: int
) -> None:
    file = tmp_path / "passphrase"
    file.chmod(mode)
    answer = desk.run("list")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.splitlines() == [
        "desk: error: others can read or change the passphrase file that DESK_PASSPHRASE_FILE names",
        f"desk: hint: chmod 600 {file}; where that does nothing, keep it on a disk that knows modes",
    ]
    file.chmod(0o400)
    desk.done("list")


def test_a_passphrase_may_come_through_a_pipe(desk: DeskUnderTest) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, b"practice\n")
        os.close(writing)
        run = subprocess.run(
            desk.command("list", "--json"),
            cwd=ROOT,
            env={**os.environ, "DESK_PASSPHRASE_FILE": f"/dev/fd/{reading}"},
            pass_fds=(reading,),
            capture_output=True,
            timeout=300,
            check=False,
        )
    finally:
        os.close(reading)
    assert (run.returncode, run.stdout) == (0, b"[]\n")


def test_bars_show_on_a_terminal_only(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("one", [("a", b"x")])
    run = desk.process("import", parcel.write(tmp_path / "out.tar"))
    assert (run.returncode, run.stderr) == (0, "")


def test_the_contract_of_the_practice_desk_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = DeskUnderTest(tmp_path / "practice-desk", capsys)
    desk.done("init", "--practice")
    phrase = tmp_path / "phrase"
    phrase.write_text("practice")
    phrase.chmod(0o600)
    run = desk.process("list", "--json", DESK_PASSPHRASE_FILE=str(phrase))
    assert (run.returncode, run.stdout) == (0, "[]\n")
