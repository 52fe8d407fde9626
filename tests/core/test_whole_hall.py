"""The whole core under random commands; the promises are in the docstring of the machine."""

import os

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.core.hall_machine import HallMachine

HALLS = int(os.environ.get("HALLS", "200"))  # HALLS=3000 looks for what is rare; it takes a quarter of an hour.


def test_any_commands_at_any_times_keep_every_promise() -> None:
    """A hall lives for years; whatever order people press keys in, nobody may lose a place."""
    run_state_machine_as_test(HallMachine, settings=settings(max_examples=120, stateful_step_count=50))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_halls_keep_every_promise() -> None:
    """The same, longer, to meet what is rare."""
    run_state_machine_as_test(HallMachine, settings=settings(max_examples=HALLS, stateful_step_count=70))
