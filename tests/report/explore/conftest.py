"""What an explorer leaves in its process does not stay for other tests: devices that it keeps for the next question."""

from collections.abc import Iterator

import pytest

from fota_sim.fleet.kept import kept


@pytest.fixture(autouse=True, scope="module")
def kept_no_longer() -> Iterator[None]:
    """A run keeps nothing."""
    yield
    kept.most_B = 0
