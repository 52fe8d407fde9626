"""Citizens and clerks who keep a hall busy until it, or the trial, ends."""

import asyncio
import random
from collections.abc import Sequence

from tests.hall.doors import HttpDoor
from tests.hall.history import Asked

SERVICES = ("ho-tich", "dat-dai", "bao-tro", "cu-tru", "tra-ket-qua")
"""The services of the bench profile."""


class Worker:
    """One busy person at one door, who never does two things at once.

    Lifetime: of a trial.
    """

    def __init__(self, door: HttpDoor, name: str, chance: random.Random, counters: Sequence[int]) -> None:
        """`counters` are shared with other workers, who get in each other's way."""
        self._door = door
        self._name = name
        self._chance = chance
        self._counters = counters
        self._count = 0

    async def work(self) -> None:
        """Ask for one thing after another until an answer is lost."""
        while await self._door.send(self._choose()) is not None:
            pass

    def _choose(self) -> Asked:
        self._count += 1
        key, counter = f"{self._name}-{self._count}", self._chance.choice(self._counters)
        draw = self._chance.random()
        if draw < 0.45:
            return self._door.take(self._chance.choice(SERVICES), key)
        if draw < 0.70:
            return self._door.next(counter, key)
        if draw < 0.80:
            return self._door.start(counter, key)
        if draw < 0.92:
            return self._door.finish(counter, key)
        return self._door.board()


async def send_again(door: HttpDoor, requests: Sequence[Asked]) -> None:
    """Send requests once more, under their old keys."""
    async with asyncio.TaskGroup() as group:
        for position, asked in enumerate(requests):
            group.create_task(door.send(asked), name=f"again {position}")
