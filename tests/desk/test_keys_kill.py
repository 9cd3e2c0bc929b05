"""Killed at any step, what destroys keys leaves the old state or the new one, and the next run finishes."""

import shutil
from pathlib import Path

import pytest

from crypto import backup, keyfile
from crypto.secret import Secret
from tests.counts import count
from tests.desk.conftest import DeskUnderTest
from tests.desk.destroying import DESTROY, NEXT, NOW, case_of, fill, keys_of, move_on, recovery_of
from tests.desk.killing import killed_at, steps_of

pytestmark = pytest.mark.slow


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
    steps = steps_of(desk, *DESTROY, "--keep", name)
    assert steps > 20
    for step in sorted(set(range(0, steps, max(1, steps // count(5, steps))))):
        shutil.rmtree(desk.home)
        shutil.copytree(template, desk.home)
        assert killed_at(desk, step, *DESTROY, "--keep", name), step
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


@pytest.mark.parametrize(
    "command",
    [("make", "--months", "30"), ("renew",), ("new-recovery",), ("renew", "--oldest", str(NEXT))],
    ids=["make", "renew", "new recovery", "leave out"],
)
def test_killed_at_any_step_other_changes_leave_a_desk_that_works(
    desk: DeskUnderTest, tmp_path: Path, command: tuple[str, ...]
) -> None:
    parcel = desk.parcel()
    parcel.add("one")
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    template = tmp_path / "template"
    shutil.copytree(desk.home, template)
    steps = steps_of(desk, "keys", *command)
    for step in sorted(set(range(0, steps, max(1, steps // count(3, steps))))):
        shutil.rmtree(desk.home)
        shutil.copytree(template, desk.home)
        assert killed_at(desk, step, "keys", *command), step
        assert [case["state"] for case in desk.json("list")] == ["complete"], step
        desk.done("keys")
        desk.done("keys", *command)
        found = backup.unlocked((desk.home / "keys.backup").read_bytes(), recovery_of(desk))
        assert found.keys == keys_of(desk), step
        assert found.team.raw == (desk.home / "team.keys").read_bytes(), step
        assert not list(desk.home.rglob(".partial-*")), step
