"""`python -m deploy.nginx.lay_static FOLDER`: lay the static files out as the site sends them, for nginx.

Run in a release's folder, with FOLDER its `public`. Each file gets its fingerprinted name, and beside it a
packed copy where that is shorter. They are world-readable, and nothing tells when they were laid.
"""

import argparse
import os
import sys
from pathlib import Path

from web.assets import Assets
from web.setup import SetUpError

ROOT = Path(__file__).parent.parent.parent
# nginx makes its tag of a file's time and size. The name has the content's own, so the time says nothing.
SOME_DAY = 1_000_000_000


def lay(assets: Assets, folder: Path) -> int:
    """Write all files below ``folder``/static; give how many. What lies there already is replaced.

    :raises OSError: one cannot be written.
    """
    number = 0
    for path, asset in assets.items():
        target = folder / "static" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        for file, data in ((target, asset.data), (target.with_name(target.name + ".gz"), asset.packed)):
            if data is not None:
                _write(file, data)
        number += 1
    for each in (folder, *folder.rglob("*")):
        if each.is_dir():
            each.chmod(0o755)
    return number


def _write(file: Path, data: bytes) -> None:
    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(data)
    beside.chmod(0o644)
    os.utime(beside, (SOME_DAY, SOME_DAY))
    beside.replace(file)


def main(arguments: list[str]) -> int:
    """Lay them out; exit status 1 when that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m deploy.nginx.lay_static", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    try:
        lay(Assets(ROOT / "static"), folder)
    except SetUpError as wrong:
        return _failed(wrong.what, wrong.hint)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        return _failed(f"the static files cannot be laid in {folder}: {reason}", "look who may write there")
    return 0


def _failed(what: str, hint: str) -> int:
    print(f"lay_static: error: {what}", file=sys.stderr)
    print(f"lay_static: hint: {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
