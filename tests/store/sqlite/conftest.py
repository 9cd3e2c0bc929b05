"""What is about SQLite and its folder alone: these tests run on it, whichever engine the others are on."""

from collections.abc import Iterator

import pytest

from tests import engine


@pytest.fixture(autouse=True)
def sqlite() -> Iterator[None]:
    """Have every store of these tests on SQLite."""
    with engine.chosen(engine.SQLITE):
        yield
