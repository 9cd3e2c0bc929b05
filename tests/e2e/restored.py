"""Restores on an operator's server, as `vigil restore` does them: refused, interrupted, and done."""

from tests.e2e.debian import Debian

# Ends the restore as soon as what was here is set aside, in the middle of its work.
CUT_OFF = """
vigil restore "$1" &
until ls -d /var/lib/vigil.before.* >/dev/null 2>&1; do sleep 0.02; done
kill -TERM $!
wait $!
"""
LEFT = "ls -A /var/backups; ls -d /var/lib/vigil.*"


def refused(debian: Debian, backup: str) -> None:
    """A damaged backup changes nothing, and deletes nothing."""
    _run(debian, f"head -c 20000 {backup} >/root/damaged.tar")
    done = debian.run("vigil", "restore", "/root/damaged.tar")
    assert done.returncode == 1
    assert "it is cut short" in done.stderr
    assert "nothing was restored; everything is as it was" in done.stderr
    assert _left(debian) == ["vigil", "/var/lib/vigil.failed."]


def interrupted(debian: Debian, backup: str) -> None:
    """What is cut off puts everything back, and starts the site."""
    _run(debian, "rm -r /var/lib/vigil.failed.*")
    done = debian.run("bash", "-c", CUT_OFF, "sh", backup)
    assert done.returncode == 143, done.stderr
    assert "everything is as it was" in done.stderr
    assert _left(debian) == ["vigil", "/var/lib/vigil.failed."]
    _run(debian, f"test -e {backup} && rm -r /var/lib/vigil.failed.*")


def done(debian: Debian, backup: str) -> None:
    """What was here is beside it afterwards."""
    said = _run(debian, f"vigil restore {backup}")
    assert "what was here before is in /var/lib/vigil.before." in said
    assert _left(debian) == ["vigil", "/var/lib/vigil.before."]
    _run(debian, "rm -r /var/lib/vigil.before.*")


def _left(debian: Debian) -> list[str]:
    return [
        line.rstrip("-.0123456789") + "." * ("vigil." in line) for line in _run(debian, LEFT).splitlines()
    ]


def _run(debian: Debian, command: str) -> str:
    ran = debian.run("bash", "-c", command)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
