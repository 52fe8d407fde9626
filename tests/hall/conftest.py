"""Halls for trials, each in a folder of its own."""

import asyncio
from pathlib import Path

import pytest

from tests.hall.running import a_hall, a_token
from tests.hall.served import Served, serve_a_day


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """The folder of a new hall of the bench profile: always open, no limits, no guards."""
    return a_hall(tmp_path / "hall")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A hall after a small, full day, made once for a module; copy it before you touch it."""
    hall = a_hall(tmp_path_factory.mktemp("served") / "hall")
    clerk, manager = a_token(hall, "clerk"), a_token(hall, "manager")
    return asyncio.run(serve_a_day(hall, clerk, manager))
