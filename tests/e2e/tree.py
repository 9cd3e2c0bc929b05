"""What a screen reader is given of a page: Chromium's accessibility tree, with scripts or without."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.chromium import Chromium

TEXT = "StaticText"
# Pieces of a text, and the marks before list items: what they say is said above them, or is no word.
PIECES = {"InlineTextBox", "ListMarker"}


@dataclass(eq=False)
class Node:
    """What a screen reader says of one thing. ``key`` tells whether it is still the same element."""

    role: str
    name: str
    description: str
    states: dict[str, Any]
    key: int
    above: "Node | None" = None
    below: list["Node"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        """Itself and all below it, as they are read."""
        yield self
        for node in self.below:
            yield from node

    def every(self, *roles: str) -> list["Node"]:
        """All of these roles that are in it."""
        return [node for node in self if node.role in roles]

    def one(self, role: str, name: str) -> "Node":
        """The one of this role and name.

        :raises AssertionError: there is none, or more than one.
        """
        found = [node for node in self.every(role) if node.name == name]
        assert len(found) == 1, (role, name, [node.name for node in self.every(role)])
        return found[0]

    @property
    def text(self) -> str:
        """All that is read out of it."""
        return " ".join(" ".join(node.name for node in self.every(TEXT)).split())

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups that it is in, the outermost first."""
        above = self.above.groups if self.above else ()
        return (*above, self.above.name) if self.above and self.above.role == "group" else above

    @property
    def invalid(self) -> bool:
        return self.states.get("invalid") == "true"


def tree(browser: Chromium) -> Node:
    """The whole page, without what is hidden from screen readers."""
    session = browser.devtools()
    given = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    (root,) = _read(next(iter(given.values())), given)
    return root


def _read(node: dict[str, Any], given: dict[str, dict[str, Any]]) -> list[Node]:
    below = [each for key in node.get("childIds", []) if key in given for each in _read(given[key], given)]
    role = str(node.get("role", {}).get("value", ""))
    if role in PIECES:
        return []
    # What is ignored has no say itself; what is in it may.
    if node["ignored"]:
        return below
    said = {name: str(node.get(name, {}).get("value", "")) for name in ("name", "description")}
    states = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
    made = Node(role, said["name"], said["description"], states, node.get("backendDOMNodeId", 0), below=below)
    for each in below:
        each.above = made
    return [made]
