"""`python -m tests.soak`: make a world, and run inside.py in it."""

import sys

from tests.soak import world


def main() -> int:
    """Run it; 2 where this machine cannot."""
    if lacking := world.missing():
        print(f"soak: error: this machine lacks {', '.join(lacking)}", file=sys.stderr)
        print("soak: hint: as root on Debian: make tools, then this again", file=sys.stderr)
        return 2
    return world.enter(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
