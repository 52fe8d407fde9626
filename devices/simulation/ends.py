"""The far ends of links, with a simulator behind them and knobs to make them fail."""

import asyncio
import os
import tty
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Protocol

from msgspec import Struct

from devices.kind import Simulator
from devices.links.line import BITS_A_BYTE
from devices.links.memory import MemoryLink, MemoryPlugs
from devices.words import Report

NOBODY_OPEN_S = 0.01  # A pty that nobody has open is looked at this often.


class Knobs(Struct):
    """How the wire and the device misbehave. May be turned at any time."""

    baud: int = 0
    """What the wire takes a byte at; 0 takes no time."""
    thinks_s: float = 0.0
    """How long the device takes until its answer begins."""
    is_mute: bool = False
    """It hears and does not answer."""
    says_times: int = 1
    """How often each answer is said: 2 is a bouncing or stammering device."""
    noise: float = 0.0
    """The share of answers that have random bytes around them."""
    slice_bytes: int = 0
    """Answers come in slices of so many bytes; 0 is whole."""


class End(Protocol):
    """A far end that can be pulled and plugged in again."""

    url: str

    async def plug(self) -> None:
        """Make it openable."""
        ...

    async def unplug(self) -> None:
        """Pull the cable: whoever has it open loses it."""
        ...


class Player:
    """Plays a simulator on a wire: time passes as on a half-duplex line, and knobs are obeyed."""

    def __init__(self, simulator: Simulator, knobs: Knobs, *, seed: int = 1) -> None:
        self.simulator = simulator
        self.knobs = knobs
        self._chance = Random(seed)  # noqa: S311  # Noise on a simulated wire guards nothing.
        self.send: Callable[[bytes], None] = _nowhere
        """Where bytes leave; the end that this plays on sets it."""
        self._free_at = 0.0
        self._timers: set[asyncio.TimerHandle] = set()

    def say(self, report: Report) -> None:
        """A person does this at the device now."""
        self._speak(self.simulator.say(report), asyncio.get_running_loop().time())

    def hear(self, data: bytes) -> None:
        """Bytes were written by the other side at this moment."""
        loop = asyncio.get_running_loop()
        arrived_at = max(self._free_at, loop.time()) + self._wire_s(len(data))
        self._free_at = arrived_at
        self._at(arrived_at, partial(self._heard, data, arrived_at))

    def stop(self) -> None:
        """What is on the wire is lost."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _heard(self, data: bytes, arrived_at: float) -> None:
        self._speak(self.simulator.hear(data), arrived_at)

    def _speak(self, answer: bytes, since: float) -> None:
        if not answer or self.knobs.is_mute:
            return
        answer = self._spoilt(answer) * self.knobs.says_times
        at = max(self._free_at, since) + self.knobs.thinks_s
        for data in _slices(answer, self.knobs.slice_bytes or (1 if self.knobs.baud else len(answer))):
            at += self._wire_s(len(data))
            self._at(at, partial(self.send, data))
        self._free_at = at

    def _spoilt(self, answer: bytes) -> bytes:
        if self._chance.random() >= self.knobs.noise:
            return answer
        return self._chance.randbytes(self._chance.randrange(1, 6)) + answer

    def _wire_s(self, count: int) -> float:
        return count * BITS_A_BYTE / self.knobs.baud if self.knobs.baud else 0.0

    def _at(self, when: float, act: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        if when <= loop.time():
            act()
            return
        self._timers = {timer for timer in self._timers if timer.when() > loop.time()}
        self._timers.add(loop.call_at(when, act))


def _nowhere(data: bytes) -> None:
    raise AssertionError(f"{data.hex(' ')} goes nowhere: the player was given to no end")


def _slices(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


class PtyEnd:
    """A serial port that is a pty, under a lasting name as udev would give it."""

    def __init__(self, player: Player, name: Path) -> None:
        self.url = str(name)
        self._player = player
        self._name = name
        self._master: int | None = None
        player.send = self._send

    async def plug(self) -> None:
        """See End."""
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._name.symlink_to(os.ttyname(slave))
        os.close(slave)  # With our copy open, pulling the cable would not be noticed at the other side.
        self._master = master
        asyncio.get_running_loop().add_reader(master, self._readable, master)

    async def unplug(self) -> None:
        """See End."""
        master, self._master = self._master, None
        self._player.stop()
        if master is not None:
            asyncio.get_running_loop().remove_reader(master)
            self._name.unlink()
            os.close(master)

    def _readable(self, master: int) -> None:
        try:
            data = os.read(master, 4096)
        except BlockingIOError:
            return
        except OSError:  # Nobody has it open, and the system says so without end.
            loop = asyncio.get_running_loop()
            loop.remove_reader(master)
            loop.call_later(NOBODY_OPEN_S, self._look_again, master)
            return
        self._player.hear(data)

    def _look_again(self, master: int) -> None:
        if self._master == master:
            asyncio.get_running_loop().add_reader(master, self._readable, master)

    def _send(self, data: bytes) -> None:
        if self._master is not None:
            os.write(self._master, data)


class TcpEnd:
    """A serial converter on the network: one port that gives the wire to whoever connects."""

    def __init__(self, player: Player) -> None:
        self.url = ""
        self._player = player
        self._port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Transport] = set()
        player.send = self._send

    async def plug(self) -> None:
        """See End. The first time a free port is taken; it stays the same."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Caller(self._player, self._open), "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self.url = f"socket://127.0.0.1:{self._port}"

    async def unplug(self) -> None:
        """See End."""
        self._player.stop()
        if self._server is not None:
            self._server.close()
        for transport in tuple(self._open):
            transport.abort()
        if self._server is not None:
            await self._server.wait_closed()
        await asyncio.sleep(0)  # Aborted transports tell their protocols in the next round of the loop.

    def _send(self, data: bytes) -> None:
        for transport in self._open:
            transport.write(data)


class _Caller(asyncio.Protocol):
    def __init__(self, player: Player, open_ones: set[asyncio.Transport]) -> None:
        self._player, self._open_ones = player, open_ones
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport), f"{transport!r} is no stream"
        self._transport = transport
        self._open_ones.add(transport)

    def data_received(self, data: bytes) -> None:
        self._player.hear(data)

    def connection_lost(self, error: Exception | None) -> None:
        del error
        if self._transport is not None:
            self._open_ones.discard(self._transport)


class MemoryEnd:
    """A place in memory."""

    def __init__(self, player: Player, plugs: MemoryPlugs, name: str) -> None:
        self.url = f"memory://{name}"
        self._player = player
        self._plugs = plugs
        self._name = name
        self._far: MemoryLink | None = None
        player.send = self._send

    async def plug(self) -> None:
        """See End."""
        self._far = self._plugs.plug(self._name)
        self._far.on_take_in(self._player.hear)

    async def unplug(self) -> None:
        """See End."""
        self._player.stop()
        if self._far is not None:
            await self._far.close()

    def _send(self, data: bytes) -> None:
        if self._far is not None:
            self._far.write(data)
