"""A reply's words come from an editor, a pipe or a file, and the editor leaves nothing behind."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desk.errors import DeskError
from desk.mail import text
from desk.outbox import Outbox, State
from tests.desk.conftest import ROOT, DeskUnderTest
from tests.desk.mail import Source, everything, exported, read_in, took_in
from tests.e2e.waiting import until

DRAFT = b"d" * 16
WORDS = "unmistakable words"


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder in the place of the one in memory, and let standard input be a terminal."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(text, "IN_MEMORY", folder)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr(sys, "stdin", _Terminal())
    return folder


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _editor(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch, name: str = "EDITOR") -> None:
    path = tmp_path / "my editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setenv(name, f"'{path}' -q")


def test_an_editor_writes_and_leaves_nothing(
    desk: DeskUnderTest, tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    notes = tmp_path / "notes"
    # As editors do: a swap file, a backup, a history in the home, a temporary file, and a rename into place.
    _editor(
        tmp_path,
        f"""
        stat -c %a "$2" "$(dirname "$2")" > {notes}
        pwd >> {notes}
        for place in "$HOME/.history" "$TMPDIR/tmp" "$XDG_STATE_HOME/undo" .reply.txt.swp reply.txt~; do
            mkdir -p "$(dirname "$place")"; printf '{WORDS}' > "$place"; chmod 400 "$place"
        done
        printf '{WORDS}\\n\\n' > new; mv new "$2"
        """,
        monkeypatch,
    )
    told = desk.done("reply", case)
    assert told.startswith(f"case {case}: the reply goes to 1 mailbox\nwrite it in the editor")
    file_mode, folder_mode, folder = notes.read_text().split("\n")[:3]
    assert (file_mode, folder_mode) == ("600", "700")
    assert Path(folder).parent == memory
    assert list(memory.iterdir()) == []
    assert not [name for name, data in everything(desk.home).items() if WORDS.encode() in data]
    assert [reply.text for _, reply in read_in(source, desk, exported(desk, tmp_path))] == [WORDS]


def test_every_file_is_overwritten_before_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder" / "below").mkdir(parents=True)
    files = [tmp_path / "folder" / "a", tmp_path / "folder" / "below" / "b"]
    for file in files:
        file.write_text(WORDS)
        os.link(file, tmp_path / f"seen-{file.name}")
    text.wipe(tmp_path / "folder")
    assert not (tmp_path / "folder").exists()
    assert {(tmp_path / f"seen-{file.name}").read_bytes() for file in files} == {bytes(len(WORDS))}


def test_visual_is_preferred(
    desk: DeskUnderTest, tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    monkeypatch.setenv("EDITOR", "/nowhere/editor")
    _editor(tmp_path, 'printf "Hello" > "$2"', monkeypatch, "VISUAL")
    desk.done("reply", case)
    assert list(memory.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 3", "failed"),
        ("exit 0", "the reply is empty"),
        ('rm "$2"', "the reply is empty"),
        ("printf ' \\n' > \"$2\"", "the reply is empty"),
    ],
    ids=["fails", "saves nothing", "removes it", "blanks"],
)
def test_who_gives_up_sends_nothing(
    desk: DeskUnderTest,
    tmp_path: Path,
    memory: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    why: str,
) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    _editor(tmp_path, script, monkeypatch)
    answer = desk.run("reply", case)
    assert (answer.status, why in answer.err) == (1, True), answer
    assert list(memory.iterdir()) == []
    assert desk.json("show", case)["replies"] == []


@pytest.mark.parametrize("editor", ["/nowhere/editor", "'unfinished"])
def test_an_editor_that_is_none_is_told(
    desk: DeskUnderTest, tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    monkeypatch.setenv("EDITOR", editor)
    answer = desk.run("reply", case)
    assert (answer.status, "hint: name one: EDITOR=nano" in answer.err) == (1, True)
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "there is no editor here" in desk.run("reply", case).err


def test_what_is_too_long_can_be_mended(
    desk: DeskUnderTest, tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    _editor(
        tmp_path,
        'if [ -s "$2" ]; then printf short > "$2"; else head -c 100001 /dev/zero | tr "\\0" x > "$2"; fi',
        monkeypatch,
    )
    monkeypatch.setattr(sys, "stdin", _Terminal("\n"))
    assert "has more than 100,000 characters" in desk.done("reply", case)
    assert [reply.text for _, reply in read_in(source, desk, exported(desk, tmp_path))] == ["short"]
    monkeypatch.setattr(sys, "stdin", _Terminal(""))
    assert desk.run("reply", case).status == 1
    assert list(memory.iterdir()) == []


def test_words_from_an_editor_survive_a_full_disk(
    desk: DeskUnderTest, tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    _editor(tmp_path, f'echo once >> {tmp_path}/times; printf "Hello" > "$2"', monkeypatch)
    full = [True, True]
    real = Outbox.commit

    def commit(self: Outbox, state: State) -> None:
        if full:
            full.pop()
            raise OSError(28, "No space left on device")
        real(self, state)

    monkeypatch.setattr(Outbox, "commit", commit)
    monkeypatch.setattr(sys, "stdin", _Terminal("\n\n"))
    told = desk.done("reply", case)
    assert told.count("not sealed yet: No space left on device") == 2
    assert (tmp_path / "times").read_text() == "once\n"
    assert [reply.text for _, reply in read_in(source, desk, exported(desk, tmp_path))] == ["Hello"]
    full.append(True)
    monkeypatch.setattr(sys, "stdin", _Terminal(""))
    assert "no space left" in desk.run("reply", case).err


def test_where_there_is_no_memory_the_home_serves(
    desk: DeskUnderTest, tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.rmdir()
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    _editor(tmp_path, f'pwd > {tmp_path}/where; printf "Hello" > "$2"', monkeypatch)
    desk.done("reply", case)
    where = Path((tmp_path / "where").read_text().strip())
    assert where.parent == desk.home
    assert not where.exists()


def test_what_a_killed_run_left_is_wiped_and_what_is_in_use_is_not(
    desk: DeskUnderTest, tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    pid = tmp_path / "pid"
    _editor(tmp_path, f'printf "{WORDS}" > "$2"; echo $$ > {pid}; exec sleep 600', monkeypatch)
    program = (
        f"import sys; from pathlib import Path; from desk.mail import text; "
        f"text.IN_MEMORY = Path({str(memory)!r}); sys.stdin.isatty = lambda: True; "
        f"from desk.cli import main; main(sys.argv[1:])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "--home", str(desk.home), "reply", case],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: pid.exists() and pid.read_text().strip(), "editor")
        (folder,) = memory.iterdir()
        _editor(tmp_path, 'printf "Hello" > "$2"', monkeypatch)
        desk.done("reply", case)
        assert (folder / text.FILE).read_text() == WORDS
    finally:
        process.kill()
        process.wait()
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGKILL)
    assert folder.exists()
    desk.done("reply", case)
    assert list(memory.iterdir()) == []


# ---- a pipe


def test_words_come_in_on_standard_input(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    ended = subprocess.run(
        desk.command("reply", case),
        cwd=ROOT,
        input="\ufeffDzień dobry\r\n\r\n🙂\r\n".encode(),
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert [reply.text for _, reply in read_in(source, desk, exported(desk, tmp_path))] == [
        "Dzień dobry\n\n🙂"
    ]
    assert desk.process("reply", case).returncode == 1


def test_no_word_of_it_is_in_an_error() -> None:
    with pytest.raises(DeskError) as refused:
        text.checked(b"secret \xff")
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
