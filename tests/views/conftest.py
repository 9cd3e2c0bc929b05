"""One site for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site.make(tmp_path / "site")
    yield made
    made.close()
