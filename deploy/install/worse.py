"""`python -m deploy.install.worse BEFORE AFTER`: did an upgrade break what `vigil doctor --json` looks at?

Status 0 when no check fails that did not fail before: a disk that was nearly full before the upgrade is no
reason to go back to a release with a hole. Status 1 names what is worse.
"""

import json
import sys
from pathlib import Path


def failing(path: str) -> dict[str, str] | None:
    """Give what fails, name by name; None when the doctor said nothing that can be read."""
    try:
        checks = json.loads(Path(path).read_text())
        return {each["name"]: each["what"] for each in checks if each["ok"] is False}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def main(before: str, after: str) -> int:
    """Compare; give the exit status."""
    old, new = failing(before), failing(after)
    if new is None:
        print("install: error: the new release's doctor said nothing", file=sys.stderr)
        return 1
    worse = {name: what for name, what in new.items() if name not in (old or {})}
    for what in worse.values():
        print(f"install: error: {what}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
