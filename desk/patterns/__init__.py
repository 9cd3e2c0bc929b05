"""Patterns: what many reports say together, as counts that fit on a page and in a spreadsheet.

`facts` takes from a case what is counted: from the part ``report`` alone, never the source's. `patterns`
counts by kind of harm, place and week, finds combinations that are new or rising, and answers what an
investigator of county lines asks first. Counts under five, and what names anybody, are marked as not to be
published.
"""

from desk.patterns.facts import Facts, facts
from desk.patterns.gathered import FEW, HOW, Patterns, patterns
from desk.patterns.tables import FEWEST, Row, Table, csv_bytes

__all__ = ["FEW", "FEWEST", "HOW", "Facts", "Patterns", "Row", "Table", "csv_bytes", "facts", "patterns"]
