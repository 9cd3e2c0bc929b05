"""What every test shares: how hard hypothesis looks, its engine, and none of the caller's settings."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import engine
from tests.counts import count

# No deadline: machines are noisy, and a slow example is no failure.
settings.register_profile(
    "vigil",
    max_examples=count(30, 500),
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("vigil")

KEPT = {"VIGIL_SOAK", engine.CHOICE}
for name in [name for name in os.environ if name.startswith("VIGIL_") and name not in KEPT]:
    del os.environ[name]
for name in ("DESK_PASSPHRASE_FILE", "DESK_IDENTITY_PASSPHRASE_FILE"):
    os.environ.pop(name, None)


@pytest.fixture(scope="session", autouse=True)
def engine_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """End the PostgreSQL of this process, should a test have wanted one."""
    with engine.session(tmp_path_factory.mktemp("postgres")):
        yield


@pytest.fixture(autouse=True)
def databases(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop the databases of a test's own folders at its end; what tests share goes with the server."""
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder:
        engine.end_databases(folder)


@pytest.fixture
def on_sqlite() -> Iterator[None]:
    """Have the test on SQLite: it is about what only SQLite and its folder do."""
    with engine.chosen(engine.SQLITE):
        yield


@pytest.fixture
def on_postgres() -> Iterator[None]:
    """Have the test on PostgreSQL: it is about what only PostgreSQL does."""
    with engine.chosen(engine.POSTGRES):
        yield
