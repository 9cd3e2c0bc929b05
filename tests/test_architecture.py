"""Who may import whom, how long a file may be, and what the web server must never load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {
    "app",
    "bench",
    "commands",
    "config",
    "crypto",
    "desk",
    "payload",
    "publishing",
    "store",
    "tests",
    "views",
    "web",
}

# Room -> the rooms, or the modules of a room, that it may import. Anything else is a wrong arrow.
ARROWS: dict[str, set[str]] = {
    "app": {"config", "views", "commands", "web.setup"},
    "config": set(),
    "views": {
        "web",
        "payload",
        "publishing.agencies",
        "publishing.errors",
        "publishing.letter_sheet",
        "publishing.letters",
        "publishing.model",
        "publishing.reading",
        "publishing.schema",
        "publishing.typeset",
        "store",
        "crypto.attachment",
        "crypto.envelope",
        "crypto.epoch",
        "crypto.errors",
        "crypto.mailbox",
        "crypto.open_attachment",
        "crypto.returncode",
        "crypto.seal",
        "crypto.secret",
        "crypto.sharedkeys",
        "crypto.teamkeys",
    },
    "web": {"crypto.errors", "crypto.secret", "crypto.tokens"},
    "commands": {
        "config",
        "publishing.errors",
        "publishing.publish",
        "publishing.reading",
        "publishing.schema",
        "store",
        "crypto.archive",
        "crypto.back",
        "crypto.bundle",
        "crypto.envelope",
        "crypto.epoch",
        "crypto.errors",
        "crypto.onionkeys",
        "crypto.sharedkeys",
        "crypto.teamkeys",
    },
    "payload": set(),
    "publishing": set(),
    "store": set(),
    "crypto": set(),
    "desk": {"crypto", "payload", "publishing"},
    # The desk's page on the laptop itself is the one part of it that knows the web.
    "desk.pages": {"crypto", "payload", "publishing", "web"},
}
# Libraries that a room must stay free of.
STRANGERS = {
    "crypto": {"flask", "peewee", "werkzeug", "gevent"},
    "payload": {"flask", "peewee", "werkzeug", "gevent", "nacl", "cryptography"},
    "publishing": {"flask", "peewee", "werkzeug", "gevent", "nacl", "cryptography"},
    "store": {"flask", "werkzeug", "gevent", "nacl", "cryptography"},
    "desk": {"flask", "peewee", "werkzeug", "gevent", "gunicorn", "socket", "urllib.request", "http.client"},
    "desk.pages": {"peewee", "gevent", "urllib.request", "http.client"},
    "web": {"peewee", "nacl", "cryptography"},
    "views": {"peewee", "nacl", "cryptography"},
}
LONGEST_FILE = 350


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return "desk.pages" if parts[:2] == ("desk", "pages") else parts[0].removesuffix(".py")


def tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines() if line.endswith(endings)]
    return [path for path in paths if path.exists()]


def imported(source: str, package: list[str]) -> set[str]:
    """Every module a file names in an import, absolute, ``from x import y`` giving ``x`` and ``x.y``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def wrong_arrows(mine: str, names: set[str]) -> set[str]:
    def allowed(name: str) -> bool:
        return any(name == right or name.startswith(f"{right}.") for right in ARROWS[mine])

    def names_a_part(name: str) -> bool:
        # `from crypto import seal` names both crypto and crypto.seal: the second one is the arrow.
        return any(other.startswith(f"{name}.") for other in names) and "." not in name

    others = {name for name in names if name.split(".")[0] in ROOMS - {mine.split(".")[0]}}
    return {name for name in others if not allowed(name) and not (names_a_part(name) and mine != "desk")}


def sources() -> list[Path]:
    return [path for path in tracked(".py") if room(path) in ARROWS]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_its_arrows_allow(path: Path) -> None:
    package = list(path.relative_to(ROOT).parts[:-1])
    names = imported(path.read_text(), package)
    mine = room(path)
    assert not wrong_arrows(mine, names)
    strangers = STRANGERS.get(mine, set())
    assert not {name for name in names if any(name == s or name.startswith(f"{s}.") for s in strangers)}


def test_the_rule_would_catch_a_wrong_arrow() -> None:
    assert wrong_arrows("store", imported("from crypto import seal", ["store"]))
    assert wrong_arrows("views", imported("from crypto import tokens", ["views"]))
    assert wrong_arrows("views", imported("import crypto.open", ["views"]))
    assert wrong_arrows("views", imported("from config import Config", ["views"]))
    assert not wrong_arrows("views", imported("from crypto import seal", ["views"]))
    assert not wrong_arrows("store", imported("from .models import Blob", ["store"]))


def test_the_web_server_never_loads_what_reads_a_private_key() -> None:
    script = (
        "import sys, app, views, commands, web\n"
        "import pkgutil\n"
        "for name in ('views', 'views.forms', 'commands', 'web', 'store'):\n"
        "    package = __import__(name, fromlist=['x'])\n"
        "    for part in pkgutil.iter_modules(package.__path__):\n"
        "        __import__(f'{name}.{part.name}')\n"
        "print('\\n'.join(m for m in sys.modules if m.startswith(('crypto', 'desk'))))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "crypto.seal" in loaded
    never = ("open", "reply", "keyfile", "passphrase", "identity")
    assert not loaded & {f"crypto.{name}" for name in never}
    assert not [name for name in loaded if name.startswith("desk")]


def test_the_web_server_loads_nothing_that_renders_markdown_or_makes_pictures() -> None:
    script = "import sys, app; print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "publishing.reading" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("markdown_it", "mdit_py_plugins", "PIL")}


@pytest.mark.parametrize(
    "path", tracked(".py", ".html", ".css", ".js", ".sh"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_file_fits_a_readers_head(path: Path) -> None:
    if path.name.endswith(".min.js"):
        return
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


def test_nothing_names_a_path_of_some_machine() -> None:
    # Put together here, so that this file does not name them itself.
    strange = ["/".join(["..", "shared"]), "/".join(["", "work", ""]), "/".join(["site-packages", ""])]
    endings = (".py", ".md", ".html", ".sh", ".js", ".css", ".toml", ".in", ".conf", "Makefile", "torrc")
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in tracked(*endings)
        for name in strange
        if name in path.read_text(errors="replace")
    ]
    assert not found
