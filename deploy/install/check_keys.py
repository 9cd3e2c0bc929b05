"""`python -m deploy.install.check_keys KNOWN TRUST < NEW`: may this list of keys follow the one known?

KNOWN is the list in use, or /dev/null; TRUST the fingerprint that VIGIL_TRUST names, or nothing. It prints
the fingerprint, to be compared with the desk's; with status 1, what is wrong and what to do.
"""

import sys
from pathlib import Path

from crypto.errors import BadTeamKeys
from crypto.teamkeys import TeamKeys


def main(known: str, trust: str) -> int:
    """Check the list on standard input; give the exit status."""
    try:
        keys = TeamKeys.read(sys.stdin.buffer.read())
    except BadTeamKeys as error:
        return _refused(
            f"the list of the team's keys cannot be used: {error}", "bring it over from the desk again"
        )
    if keys.practice:
        return _refused("these are practice keys, which anyone can open", "make real keys at the desk")
    before = Path(known).read_bytes()
    if before:
        try:
            keys.check_follows(TeamKeys.read(before))
        except BadTeamKeys as error:
            if trust.replace(" ", "").replace("-", "").upper() != keys.fingerprint.replace(" ", ""):
                return _refused(
                    f"this list of the team's keys cannot take the place of the one in use: {error}",
                    "bring over the newest list from the desk; docs/keys.md tells of a lost identity",
                )
    print(f"install: the team's keys are version {keys.version}, until {keys.expires:%-d %B %Y}; fingerprint")
    print(f"install:     {keys.fingerprint}")
    print("install: compare it with what the desk shows; if they differ, stop the site: systemctl stop vigil")
    return 0


def _refused(what: str, hint: str) -> int:
    print(f"install: error: {what}", file=sys.stderr)
    print(f"install: hint: {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
