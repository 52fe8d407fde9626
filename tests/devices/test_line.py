"""One line for many voices: one turn at a time, no faster than the wire, and everybody hears of its end."""

import asyncio

import pytest

from devices.errors import LinkLost
from devices.links.line import SharedLine
from devices.links.link import HEARD_BYTES_MAX
from devices.links.memory import memory_pair


async def test_turns_never_overlap_and_come_in_order() -> None:
    """Two drivers on one pair of wires: an answer that another one's question cut off is a lost press."""
    near, _ = memory_pair()
    line = SharedLine(near, 0)
    told: list[str] = []

    async def speak(name: str) -> None:
        async with line.turn() as turn:
            told.append(f"{name} asks")
            await turn.read(0.005)
            told.append(f"{name} is done")

    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(speak(name), name=name)
    assert told == ["a asks", "a is done", "b asks", "b is done", "c asks", "c is done"]


async def test_a_turn_lasts_until_its_last_bit_has_left() -> None:
    """A board that is written to takes its time; the next question would run into it."""
    near, _ = memory_pair()
    line = SharedLine(near, 9600)
    began = line.now()
    async with line.turn() as turn:
        leaves_at = turn.send(bytes(24))
    assert leaves_at - began == pytest.approx(0.025, abs=0.002)
    assert line.now() >= leaves_at - 0.001


async def test_a_lost_link_ends_reading_resting_and_writing() -> None:
    """A driver that waits for ever on a pulled cable never comes back."""
    near, far = memory_pair()
    line = SharedLine(near, 0)
    async with line.turn() as turn:
        far.write(b"last words")
        await far.close()
        assert await turn.read(1) == b"last words", "what came before the end is still heard"
        with pytest.raises(LinkLost, match="the other side closed it"):
            await turn.read(1)
        with pytest.raises(LinkLost):
            turn.send(b"x")
    with pytest.raises(LinkLost):
        await line.rest(1)


async def test_a_rest_ends_when_there_is_something_to_do() -> None:
    """An order must not wait for the end of a pause."""
    near, _ = memory_pair()
    line = SharedLine(near, 0)
    began = line.now()
    asyncio.get_running_loop().call_later(0.01, line.wake)
    await line.rest(30)
    assert line.now() - began < 5


async def test_a_babbling_device_takes_no_more_memory_than_it_may() -> None:
    """A stuck transmitter sends for a weekend; the server is there on Monday."""
    near, far = memory_pair()
    for _ in range(70):
        far.write(bytes(1024))
    assert len(await near.read(0)) == HEARD_BYTES_MAX
    assert near.dropped == 70 * 1024 - HEARD_BYTES_MAX
