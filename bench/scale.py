"""How much of everything a run measures: the bench in full, its own tests a little."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Scale:
    """Sizes in bytes, times in seconds, the rest counts."""

    rounds: int
    seconds_of_gets: float
    connections: int
    sources: int
    mailboxes: int
    file_bytes: int
    slow_uploads: int
    slow_bytes: int
    slow_rate: int
    stalled: int
    cases: int
    seal_bytes: int
    reports: int
    articles: int
    read: int
    searches: int
    link_cases: int
    many_link_cases: int
    sealed_link_cases: int
    sources_a_minute: float
    sustained_seconds: float
    quiet_sources: int
    attached_bytes: int
    upload_sizes: tuple[int, int, int, int]
    kept: tuple[int, int, int]
    articles_kept: tuple[int, int, int]


FULL = Scale(
    rounds=3,
    seconds_of_gets=2.0,
    connections=16,
    sources=150,
    mailboxes=5_000,
    file_bytes=100 * MB,
    slow_uploads=400,
    slow_bytes=140_000,
    slow_rate=20_000,
    stalled=300,
    cases=10_000,
    seal_bytes=64 * MB,
    reports=1_000,
    articles=10_000,
    read=800,  # more than the workers keep in memory
    searches=210,
    link_cases=10_000,
    many_link_cases=100_000,
    sealed_link_cases=1_000,
    sources_a_minute=2_000,
    sustained_seconds=60.0,
    quiet_sources=30,
    attached_bytes=50_000,
    upload_sizes=(MB, 10 * MB, 100 * MB, 1_000 * MB),
    kept=(1_000, 10_000, 100_000),
    articles_kept=(100, 1_000, 10_000),
)
TINY = Scale(
    rounds=1,
    seconds_of_gets=0.2,
    connections=2,
    sources=2,
    mailboxes=3,
    file_bytes=300_000,
    slow_uploads=3,
    slow_bytes=20_000,
    slow_rate=200_000,
    stalled=2,
    cases=5,
    seal_bytes=300_000,
    reports=3,
    articles=30,
    read=30,
    searches=7,
    link_cases=60,
    many_link_cases=90,
    sealed_link_cases=20,
    sources_a_minute=600,
    sustained_seconds=1.0,
    quiet_sources=3,
    attached_bytes=20_000,
    upload_sizes=(20_000, 50_000, 100_000, 300_000),
    kept=(2, 4, 6),
    articles_kept=(8, 16, 30),
)
