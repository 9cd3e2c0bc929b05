"""Links for other programs: CSV (spreadsheets, i2), GraphML (Gephi, yEd), JSON."""

import csv
import io
import json
from collections.abc import Iterable

import networkx as nx

from desk.connections.links import Link

COLUMNS = ("a", "b", "kind", "value", "score", "why")
# What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(links: Iterable[Link]) -> bytes:
    """Give the array that `links --json` prints, in ASCII."""
    return (json.dumps([link.as_json() for link in links], indent=2) + "\n").encode("ascii")


def as_csv(links: Iterable[Link]) -> bytes:
    """Give a line for each link, in UTF-8 with a byte order mark, as spreadsheets want it.

    A value that a spreadsheet would run as a formula has an apostrophe before it.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for link in links:
        writer.writerow([_plain(value) for value in link.as_json().values()])
    return written.getvalue().encode("utf-8-sig")


def as_graphml(links: Iterable[Link]) -> bytes:
    """Give the graph of the cases: an edge for each link, several between two cases where they share more."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for link in links:
        for case in (link.a, link.b):
            graph.add_node(case, label=case)
        told = {"kind": link.kind, "value": _of_xml(link.value), "why": _of_xml(link.why)}
        graph.add_edge(link.a, link.b, weight=link.score, label=told["value"], **told)
    written = io.BytesIO()
    nx.write_graphml_xml(graph, written, encoding="utf-8")
    return written.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _of_xml(text: str) -> str:
    """Leave out the characters that no XML can hold."""
    return "".join(
        char
        for char in text
        if char >= " " and not 0xD800 <= ord(char) <= 0xDFFF and ord(char) not in (0xFFFE, 0xFFFF)
    )
