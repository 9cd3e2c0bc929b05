"""The rows of the table: what is measured, what it may cost, and what it is compared with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """One row.

    ``limit`` is in ``unit``; it is a ceiling, or a floor with ``at_least``, or None where the figure is for
    information. ``reference`` names what is measured beside it. With ``of_ratio`` it is the ratio of the two
    that is held against the limit.
    """

    name: str
    limit: float | None
    unit: str
    reference: str
    at_least: bool = False
    of_ratio: bool = False

    def text(self) -> str:
        """The budget as the table and the README write it, such as ``at most 14.6 KB``."""
        if self.limit is None:
            return "for information"
        unit = "times" if self.of_ratio else self.unit
        return f"{'at least' if self.at_least else 'at most'} {self.limit:,g} {unit}"

    def kept(self, judged: float) -> bool:
        """Say whether a figure, or a ratio with ``of_ratio``, is within the budget."""
        if self.limit is None:
            return True
        return judged >= self.limit if self.at_least else judged <= self.limit


ONE_LINE = "a one-line Flask route, same gunicorn"
NEARLY_ALONE = "five a second"
ALONE = "gunicorn alone, without TLS"
A_THOUSAND, A_HUNDRED = "with 1,000 sources", "with 100 articles"
UNSEALED = "our parser, fsynced unsealed"
ONCE = "each word of them counted once; links are read by all processors"
ALIKE = "what is typed alike, letter for letter"
RIGHT, THERE = "of those found", "of those there are"

BUDGETS: tuple[Budget, ...] = (
    Budget("First load of /report, no JavaScript", 14.6, "KB", "the same, not compressed"),
    Budget("Its requests", 2, "requests", "a page that needs nothing else"),
    Budget("First load of /report, JavaScript", 32, "KB", "the same, not compressed"),
    Budget("Its requests with JavaScript", 4, "requests", "a page that needs nothing else"),
    Budget("GET /report", 0.4, "a second", ONE_LINE, at_least=True, of_ratio=True),
    Budget("New source: form, review, 1 KB sent", 10, "ms", "one fsynced insert"),
    Budget("New source, CPU", 5, "ms", "the one-line route, asked three times"),
    Budget("Mailbox opened, among 5,000", 20, "ms", "the page that asks for the words"),
    Budget("A return code that opens nothing, CPU", 2, "ms", "the one-line route"),
    Budget("2,000 sources a minute with 50 KB, p50", 100, "ms", NEARLY_ALONE),
    Budget("2,000 sources a minute with 50 KB, p95", 250, "ms", NEARLY_ALONE),
    Budget("2,000 sources a minute with 50 KB, p99", None, "ms", NEARLY_ALONE),
    Budget("2,000 sources a minute, failed", 0, "sources", "sources that came"),
    Budget("2,000 sources a minute, lost", 0, "reports", "return codes that were shown"),
    Budget("2,000 sources a minute, CPU of each", None, "ms", "what sending it takes"),
    Budget("First load of an article, no JavaScript", 20, "KB", "the same, not compressed"),
    Budget("Its requests, pictures included", 2, "requests", "a page that needs nothing else"),
    Budget("GET an article", 0.5, "a second", ONE_LINE, at_least=True, of_ratio=True),
    Budget("An article that the browser has", 1.2, "KB", "the same, sent whole"),
    Budget("100 MB file, sealed and fsynced", 1.25, "s", "Flask's request.files, fsynced", of_ratio=True),
    Budget("100 MB file, the sealing alone", 1.25, "s", UNSEALED, of_ratio=True),
    Budget("100 MB file, memory it adds", 16, "MB", "Flask's request.files"),
    Budget("100 MB file, disk written", 1.13, "bytes a byte", "Flask's request.files"),
    *(
        Budget(f"{size} file sent, beside unsealed", None, "s", UNSEALED, of_ratio=True)
        for size in ("1 MB", "10 MB", "100 MB", "1 GB")
    ),
    *(
        Budget(f"{size} file sent, beside {program}", None, "s", f"{program}, file to file", of_ratio=True)
        for size in ("100 MB", "1 GB")
        for program in ("libsodium", "age", "gpg")
    ),
    Budget("1 GB file sent, memory it adds", 16, "MB", "the file"),
    Budget("Idle memory, two workers and master", 90, "MB", "the one-line route, same gunicorn"),
    Budget("400 slow uploads, 300 stalled, failed", 0, "uploads", "uploads sent"),
    Budget("GET p95 meanwhile", 100, "ms", "the same on an idle site"),
    Budget("GET / through nginx", 0.4, "a second", ALONE, at_least=True, of_ratio=True),
    Budget("GET /report through nginx", 0.4, "a second", ALONE, at_least=True, of_ratio=True),
    Budget("50 MB file through nginx", 1.5, "s", ALONE, of_ratio=True),
    Budget("GET p95 through nginx, 300 stalled", 100, "ms", "the same with nobody else"),
    Budget("nginx's memory meanwhile", 48, "MB", "the same with nobody else"),
    Budget("10,000 articles published", 60, "s", "the same texts rendered, nothing else"),
    Budget("10,000 articles, memory they add", 8, "MB", "the site with a few hundred"),
    Budget("Search among 10,000 articles, p95", 50, "ms", "an answer that looks nothing up"),
    Budget("Desk opens 10,000 cases", 5, "s", "unwrapping their keys, nothing else"),
    Budget("Desk's page, 10,000 cases, p95", 100, "ms", "an answer that looks nothing up"),
    Budget(
        "Sealing a file, in memory",
        0.7,
        "MB/s",
        "bare secretstream and two SHA-256",
        at_least=True,
        of_ratio=True,
    ),
    Budget("Export of 1,000 reports", 5, "s", "a plain fsynced tar of the same bytes"),
    Budget("Import of 1,000 reports", 10, "s", "the same files written and fsynced"),
    Budget("Links of 10,000 cases that are right", 0.95, RIGHT, ALIKE, at_least=True),
    Budget("Links of 10,000 cases that are found", 0.9, THERE, ALIKE, at_least=True),
    Budget("Pairs of 10,000 cases that are right", 0.95, RIGHT, ALIKE, at_least=True),
    Budget("Pairs of 10,000 cases that are found", 0.9, THERE, ALIKE, at_least=True),
    Budget("Links of 10,000 cases", 10, "s", ONCE),
    Budget("Links of 10,000 cases, CPU", None, "s", "each word of them counted once"),
    Budget("Links of 100,000 cases that are right", 0.95, RIGHT, ALIKE, at_least=True),
    Budget("Links of 100,000 cases that are found", 0.9, THERE, ALIKE, at_least=True),
    Budget("Links of 100,000 cases", 180, "s", ONCE),
    Budget("Memory that 100,000 cases' links add", 2_000, "MB", "the reports themselves, in memory"),
    Budget("`links` of 1,000 sealed cases", 10, "s", "`list` of the same"),
)
# With ten and a hundred times the data: as fast, as much memory, or as many times as long.
GROWTH = (
    ("New source", "ms", A_THOUSAND, (1.5, 1.5)),
    ("New source's CPU", "ms", A_THOUSAND, (1.5, 1.5)),
    ("Mailbox opened", "ms", A_THOUSAND, (1.5, 1.5)),
    ("Sweep", "s", A_THOUSAND, (12, 120)),
    ("Export", "s", A_THOUSAND, (12, 120)),
    ("Export's memory", "MB", A_THOUSAND, (1.25, 1.25)),
    ("Import", "s", A_THOUSAND, (12, 120)),
    ("Import's memory", "MB", A_THOUSAND, (1.25, 1.25)),
    ("Desk opens", "s", A_THOUSAND, (12, 120)),
    ("Articles published", "s", A_HUNDRED, (12, 120)),
    ("Search among articles, p95", "ms", A_HUNDRED, (5, 20)),
)
BUDGETS = (
    *BUDGETS,
    *(
        Budget(f"{what}, {times}", limits[place], unit, reference, of_ratio=True)
        for what, unit, reference, limits in GROWTH
        for place, times in enumerate(("10x", "100x"))
    ),
)
BY_NAME = {budget.name: budget for budget in BUDGETS}
