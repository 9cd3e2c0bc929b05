"""Killed at any step, what destroys keys leaves the old state or the new one, and the next run finishes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from crypto import backup, keyfile
from crypto.secret import Secret
from tests.counts import count
from tests.desk.conftest import ROOT, DeskUnderTest
from tests.desk.destroying import DESTROY, NOW, case_of, fill, keys_of, move_on, recovery_of

KILLER = """
import os, signal, sys
left = int(sys.argv.pop(1))

def deadly(name):
    real = getattr(os, name)
    def call(*given, **more):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return real(*given, **more)
    setattr(os, name, call)

for name in ("fsync", "replace", "unlink", "write"):
    deadly(name)
from desk.cli import main
status = main(sys.argv[1:])
print("steps left", left, file=sys.stderr)
sys.exit(status)
"""


def killed_at(desk: DeskUnderTest, step: int, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", KILLER, str(step), "--home", str(desk.home), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def steps_of(run: "subprocess.CompletedProcess[str]", given: int) -> int:
    return given - int(run.stderr.rsplit("steps left", 1)[1])


def test_killed_at_any_step_the_old_state_or_the_new_one_works_and_the_next_run_finishes(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    fill(desk, tmp_path)
    move_on(desk, tmp_path)
    name = case_of(desk, "the first one")
    gone: Secret = keys_of(desk).seeds[NOW]
    recovery = recovery_of(desk)
    template = tmp_path / "template"
    shutil.copytree(desk.home, template)
    whole = killed_at(desk, 1000, *DESTROY, "--keep", name)
    assert whole.returncode == 0, whole.stderr
    steps = steps_of(whole, 1000)
    assert steps > 20
    for step in sorted(set(range(0, steps, max(1, steps // count(5, steps))))):
        shutil.rmtree(desk.home)
        shutil.copytree(template, desk.home)
        assert killed_at(desk, step, *DESTROY, "--keep", name).returncode == -9, step
        # Either state works: the case that is kept can be read.
        listed = {case["case"]: case["state"] for case in desk.json("list")}
        assert listed[name] == "complete", step
        if NOW in keys_of(desk).seeds:
            assert set(listed.values()) == {"complete"}, step
        # The next run finishes, also when the work is done but for the last file.
        answer = desk.run(*DESTROY, "--keep", name)
        assert answer.status == 0 or "no key of a month before" in answer.err, step
        assert [(case["case"], case["state"]) for case in desk.json("list")] == [(name, "complete")], step
        assert len(list((desk.home / "casebook" / "env").iterdir())) == 1, step
        assert len(list((desk.home / "casebook" / "blob").iterdir())) == 1, step
        data = (desk.home / "keys.backup").read_bytes()
        held = [keys_of(desk), backup.unlocked(data, recovery).keys]
        assert all(gone.reveal() not in keyfile.packed(keys) for keys in held), step
        assert not list(desk.home.rglob(".partial-*")), step
        assert not (desk.home / "destroy.unfinished").exists(), step
