"""What the documentation names exists, and what exists is named there."""

import argparse
import ast
import json
import re
import struct
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

import commands
from bench.__main__ import GROUPS
from bench.budgets import BUDGETS
from commands.doctor_logs import TOR_LOG
from config import LARGEST_FILE_MB, Config
from desk import cli
from desk.doctor.check import Machine
from desk.doctor.commands import examined
from desk.doctor.keys import BACKUP
from desk.home import Home
from tests.site import Site
from web.site import ATTACK, PUBLISHED
from web.site import Site as Texts

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "crypto/FORMAT.md", *ROOT.glob("docs/*.md")])
IMAGES = sorted(ROOT.glob("docs/images/*.png"))
MOST_IMAGE = 200_000  # bytes

VARIABLE = re.compile(r"\b(?:VIGIL|DESK)_[A-Z][A-Z_]*\b")
# A text that a reader may press: not the pictures, not what stands in code.
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^    [^\n]*$|```.*?```|`[^`]*`", re.MULTILINE | re.DOTALL)


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def rows(heading: str) -> list[list[str]]:
    """The cells of the tables under a heading, without their head."""
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [place for place, line in enumerate(cells) if set(line[0]) == {"-"}]
    return [line for place, line in enumerate(cells) if place not in rules and place + 1 not in rules]


def texts(path: Path) -> str:
    """The strings of a Python file, so that its constants count for nothing; all of any other."""
    if path.suffix != ".py":
        return path.read_text()
    nodes = ast.walk(ast.parse(path.read_text()))
    return "\n".join(
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


# ---- environment and texts


def test_every_environment_variable_of_the_code_is_in_the_readme_and_no_other() -> None:
    code = tracked("*.py", "*.sh", "Makefile", ":!tests", ":!bench")
    named = {name for path in code for name in VARIABLE.findall(texts(path))}
    assert set(VARIABLE.findall(README)) == named


def test_the_defaults_of_the_readme_are_those_of_the_code() -> None:
    written = {cells[0].strip("`"): cells[1] for cells in rows("Setting it up")}
    config = Config.read({})
    assert f"`{config.data}`" == written["VIGIL_DATA"]
    assert config.team_keys == config.data / "team.keys"
    assert written["VIGIL_TEAM_KEYS"] == "`team.keys` in `VIGIL_DATA`"
    assert config.form_key == config.data / "form.keys"
    assert written["VIGIL_FORM_KEY"] == "`form.keys` in `VIGIL_DATA`"
    assert config.content == ROOT / written["VIGIL_CONTENT"].split("`")[1]
    assert config.max_file_bytes == int(written["VIGIL_MAX_FILE_MB"]) * 1_000_000
    assert f", 1 to {LARGEST_FILE_MB:,};" in README
    assert not config.practice
    assert written["VIGIL_PRACTICE"] == "empty"


def test_every_text_of_the_site_is_in_the_readme_and_in_the_example() -> None:
    known = {field.name for field in fields(Texts)} | {PUBLISHED, ATTACK}
    assert set(tomllib.loads((ROOT / "content/site.toml").read_text())) == known
    paragraph = README.split("`site.toml` holds")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", paragraph)) == known


# ---- commands


def test_every_make_target_is_in_the_readme_and_no_other() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for code in re.findall(r"`[^`]+`|^    .*$", README, re.MULTILINE)
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", code)
    }
    assert named == targets


def test_every_server_command_is_in_the_readme_and_no_other() -> None:
    app = Flask("documented")
    commands.register(app)
    assert set(re.findall(r"flask --app app ([a-z]+(?:-[a-z]+)*)", README)) == set(app.cli.commands)


def test_every_desk_command_is_in_the_readme_and_no_other() -> None:
    section = README.split("At the desk, as")[1].split("\n\n")[1]
    named = [line.split("`")[1].split()[0] for line in section.splitlines()[2:]]
    assert sorted(named) == sorted(desk_commands())


def desk_commands() -> dict[str, argparse.ArgumentParser]:
    for action in cli._parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("the desk has no commands")


def under(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands that follow a command, none for most."""
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return {name: inner for action in found for name, inner in action.choices.items()}


def options(parser: argparse.ArgumentParser) -> set[str]:
    named = {option for action in parser._actions for option in action.option_strings}
    return {option for option in named if option.startswith("--")} - {"--help"}


# What follows after `keys` is in docs/keys.md: tests/desk/test_keys_manual.py.
DESK_COMMANDS = {
    **{(name,): parser for name, parser in desk_commands().items()},
    **{
        (name, inner): parser
        for name, above in desk_commands().items()
        if name != "keys"
        for inner, parser in under(above).items()
    },
}
REFERENCE = (ROOT / "docs/desk-commands.md").read_text()


@pytest.mark.parametrize("command", DESK_COMMANDS, ids=" ".join)
def test_the_reference_shows_every_command_of_the_desk(command: tuple[str, ...]) -> None:
    if under(DESK_COMMANDS[command]) and command != ("keys",):
        return  # it does nothing alone
    words = " ".join(command)
    assert re.search(rf"^    python -m desk --home DIR {words}( |$)", REFERENCE, re.MULTILINE)


def test_the_reference_names_every_option_of_the_desk_and_no_other() -> None:
    known = set().union(options(cli._parser()), *map(options, DESK_COMMANDS.values()))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", REFERENCE)) - {"--help"} == known


def test_the_readme_names_no_option_that_the_desk_has_not() -> None:
    section = README.split("At the desk, as")[1].split("\n## ")[0]
    known = set().union(options(cli._parser()), *map(options, DESK_COMMANDS.values()))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section)) <= known


def test_every_line_of_the_desks_doctor_is_explained_and_no_other(tmp_path: Path) -> None:
    home = Home(tmp_path / "desk")
    assert cli.main(["--home", str(home.folder), "init", "--practice"]) == 0
    found = examined(home, Machine(tmp_path), date(2026, 1, 1), opened=False, thorough=False)
    page = (ROOT / "docs/desk-laptop.md").read_text()
    table = page.split("| line | what it looks at |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    explained = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert explained == {check.name for check in found} | {BACKUP}


def test_the_readme_names_every_group_of_the_bench() -> None:
    paragraph = README.split("`make bench` measures")[1].split("\n\n")[0]
    assert [
        name for name in GROUPS if f"`{name}`" not in paragraph and f"bench {name}`" not in paragraph
    ] == []


# ---- pages


def test_every_page_is_in_the_readme_and_no_other(tmp_path: Path) -> None:
    site = Site.make(tmp_path / "site")
    try:
        addresses = {re.sub(r"<.*", "", rule.rule) for rule in site.app.url_map.iter_rules()}
    finally:
        site.close()
    written = [path for cells in rows("Pages") for cell in cells for path in re.findall(r"`(/[^`]*)`", cell)]
    named = {re.sub(r"<.*", "", path) for path in written}
    assert named == addresses


# ---- budgets


def test_the_budgets_of_the_readme_are_those_that_the_bench_prints() -> None:
    text = README.split("| what | budget | beside |")[1].split("\n\n")[0]
    written = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]
    assert written == [[budget.name, budget.text(), budget.reference] for budget in BUDGETS]


# ---- links and pictures


def links(document: Path) -> Iterator[str]:
    for target in LINK.findall(CODE.sub("", document.read_text())):
        if not urlsplit(target).scheme:
            yield target


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    dead = []
    for link in links(document):
        if link.startswith("/"):
            continue  # an address of the running site: the pages are tested above
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached = {(ROOT / link.partition("#")[0]).resolve() for link in links(ROOT / "README.md")}
    assert [path.name for path in DOCUMENTS if path not in reached | {ROOT / "README.md"}] == []


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.name)
def test_a_picture_is_small_is_shown_and_says_nothing_of_who_made_it(image: Path) -> None:
    data = image.read_bytes()
    assert len(data) < MOST_IMAGE
    shown = {(page.parent / link).resolve() for page in DOCUMENTS for link in links(page)}
    assert image.resolve() in shown
    assert set(chunks(data)) <= {b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"sBIT", b"IDAT", b"IEND"}


def chunks(png: bytes) -> Iterator[bytes]:
    place = 8
    while place < len(png):
        size, kind = struct.unpack_from(">I4s", png, place)
        yield kind
        place += 12 + size


# ---- what the page for operators names

OPERATIONS = (ROOT / "docs/operations.md").read_text()
SCRIPTS = {
    "vigil": "deploy/vigil",
    "vigil-fetch": "deploy/staff/vigil-fetch",
    "vigil-staff-client": "deploy/staff/vigil-staff-client",
    "vigil-certificate": "deploy/nginx/certificate.sh",
}


def shipped() -> str:
    """All that the server is given, as one text."""
    return "\n".join(path.read_text() for path in tracked("deploy") if path.is_file())


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_command_that_operators_are_told_to_type_exists(script: str) -> None:
    app = Flask("documented")
    commands.register(app)
    written = set(
        re.findall(rf"^    {script} ([a-z][a-z-]+)|`{script} ([a-z][a-z-]+)", OPERATIONS, re.MULTILINE)
    )
    asked = {first or second for first, second in written}
    text = (ROOT / SCRIPTS[script]).read_text()
    known = set(re.findall(r"^ *(?:case [^\n]*\n)?([a-z][a-z-]*)(?::\d)?\)", text, re.MULTILINE))
    if script == "vigil":
        known = set(app.cli.commands) | {"onion-keys"}
        assert "onion-keys" in text
    assert asked
    assert asked <= known


def test_the_operators_command_and_its_guide_name_all_that_it_takes() -> None:
    app = Flask("documented")
    commands.register(app)
    script = (ROOT / SCRIPTS["vigil"]).read_text()
    ((first, last),) = re.findall(r"sed -n '(\d+),(\d+)s/\^# //p' \"\$0\"", script)
    usage = "\n".join(script.splitlines()[int(first) - 1 : int(last)])
    assert usage.endswith(".")
    (guide,) = re.findall(r"^`vigil` takes (.*)\.$", OPERATIONS, re.MULTILINE)
    known = set(app.cli.commands) - {"seal-onion-keys"} | {"onion-keys"}
    assert set(re.findall(r"`vigil ([a-z-]+)", usage)) == set(re.findall(r"`([a-z-]+)", guide)) == known


def test_every_option_of_the_installer_is_told_to_operators_and_no_other() -> None:
    usage = (ROOT / "deploy/install.sh").read_text().split("<<'END'\n")[1].split("\nEND\n")[0]
    part = OPERATIONS.split("\n## Installing\n")[1].split("\n## ")[0]
    part += OPERATIONS.split("\n## Taking it off\n")[1].split("\n## ")[0]
    assert set(re.findall(r"--[a-z][a-z-]+", part)) == set(re.findall(r"--[a-z][a-z-]+", usage))


def test_every_unit_is_told_to_operators_and_no_other() -> None:
    # Those of machines of a cluster: tests/test_cluster_machines.py.
    files = tracked("deploy", ":!deploy/cluster")
    ours = {path.name for path in files if re.fullmatch(r"vigil.*\.(service|socket|timer)", path.name)}
    assert set(re.findall(r"\bvigil[a-z@-]*\.(?:service|socket|timer)\b", OPERATIONS)) == ours


def test_every_line_of_the_doctor_is_explained_and_no_other(tmp_path: Path) -> None:
    site = Site.make(tmp_path / "site")
    try:
        said = site.app.test_cli_runner().invoke(args=["doctor", "--json"])
    finally:
        site.close()
    table = OPERATIONS.split("| line | what it means |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    explained = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    # Looked through only where there is an onion service.
    assert explained == {check["name"] for check in json.loads(said.stdout)} | {TOR_LOG}


def test_every_place_that_operators_are_shown_is_one_that_the_installer_knows() -> None:
    named = set(re.findall(r"`(/(?:etc/vigil|opt/vigil|var|run|srv|usr)/[\w./-]*)`", OPERATIONS))
    known = shipped()
    # Parts of a path are put together by the scripts.
    assert [path for path in named if path not in known and Path(path).name not in known] == []
    assert len(named) > 10
