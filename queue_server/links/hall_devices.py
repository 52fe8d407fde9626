"""The devices of a running hall: presses go to the engine one after another, and what comes of them goes back.

A press is answered after it is written. Each counted press has an idempotency key of its unit, life and count, so that
a crash between the write and the answer calls nobody twice: its repeat gets the kept answer.
"""

import asyncio
import hashlib
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import NoReturn, Protocol

import structlog

from devices.errors import DeviceRefused
from devices.words import Answer, KeyPressed, Order, Printed, Rated, Report, Scanned, UnitId
from queue_server.core.board import Board
from queue_server.core.effects import AnyEffect, AskForRating, ShowAtCounter, WithdrawRating
from queue_server.core.ids import AskId, CounterNumber
from queue_server.core.react import resume
from queue_server.engine import Busy, Commit, Engine, KeyMismatch, KeyRef, Outcome, Request
from queue_server.journal.port import JournalUnavailable
from queue_server.links import orders, translate
from queue_server.links.units import Pad, Result, UnitAtCounter, Verdict

log = structlog.get_logger()

WAITING_MAX = 32  # Presses of one unit that wait for the one before them; what comes beyond is refused at once.
COMMITS_MAX = 256  # Commits whose orders have not left. Nothing here waits, so this many never gather.


class Devices(Protocol):
    """Whatever carries orders to units, real or in memory."""

    def order(self, unit: UnitId, order: Order) -> None:
        """Hand an order over; it leaves by itself. Never waits. Raises DeviceRefused."""
        ...


class HallDevices:
    """Joins the units to the engine.

    Lifetime: of the hall; while `run` runs, reports act and orders leave. Started again it shows all that is owed.
    Concurrency: of one event loop. `hear`, `online` and `follow` neither wait nor raise.
    """

    def __init__(
        self,
        engine: Engine,
        devices: Devices,
        *,
        new_ask: Callable[[], AskId],
        monotonic: Callable[[], float],
        aside: Callable[[Scanned | Printed], None] = lambda report: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Joined to nothing yet. `monotonic` is the clock of reports' `heard_at`; `aside` gets what is no press."""
        self._engine, self._devices = engine, devices
        self._new_ask, self._monotonic, self._aside, self._sleep = new_ask, monotonic, aside, sleep
        self._units: dict[UnitId, UnitAtCounter] = {}
        self._pads: dict[UnitId, Pad] = {}
        self._waiting: dict[UnitId, deque[KeyPressed | Rated]] = {}
        self._asked: dict[CounterNumber, AskId] = {}
        self._idle = orders.Idle()
        self._commits: deque[Commit] = deque(maxlen=COMMITS_MAX)
        self._wake = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self.counts: Counter[tuple[UnitId, Result]] = Counter()
        """What became of each unit's presses since the start, for the health page."""

    def place(self, units: Iterable[UnitAtCounter]) -> None:
        """These units stand in the hall from now on, and no others; each is shown what it should show."""
        self._units = {one.unit: one for one in units}
        self._pads = {unit: pad for unit, pad in self._pads.items() if unit in self._units}
        if self._group is not None:
            self._publish(resume(self._engine.board, self._engine.now()), self._engine.board, self._engine.now())

    def hear(self, report: Report) -> None:
        """Take a report. A unit that says more than can wait is refused, and nothing else of the hall waits for it."""
        match report:
            case Scanned() | Printed():
                self._aside(report)
            case KeyPressed() | Rated():
                if self._group is not None and report.unit in self._units:  # A press before the hall is up never acts.
                    self._take(self._group, report)

    def online(self, unit: UnitId) -> None:
        """The unit said anew that it is there: if it does not tell its lives, another one begins."""
        if unit in self._units:
            self._pads[unit] = translate.new_life(self._pads.get(unit, Pad()))

    async def run(self) -> None:
        """Follow the engine, and show first what is owed since before. Ends by cancellation, or by a bug of ours."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._engine.followers.append(self.follow)
                self._publish(resume(self._engine.board, self._engine.now()), self._engine.board, self._engine.now())
                try:
                    await self._publish_commits()
                finally:
                    self._group = None
        finally:
            self._group = None
            self._engine.followers.remove(self.follow)
            self._waiting.clear()
            self._commits.clear()
            self._asked.clear()
            self._idle = orders.Idle()

    def follow(self, commit: Commit) -> None:
        """Note a commit; its orders leave from `run`, for a bug of a driver must not reach the engine."""
        self._commits.append(commit)
        self._wake.set()

    async def _publish_commits(self) -> NoReturn:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._commits:
                commit = self._commits.popleft()
                self._publish(commit.effects, commit.board, commit.at)

    # Presses

    def _take(self, group: asyncio.TaskGroup, report: KeyPressed | Rated) -> None:
        waiting = self._waiting.get(report.unit)
        if waiting is None:
            self._waiting[report.unit] = deque((report,))
            group.create_task(self._settle_all(report.unit), name=f"presses of {report.unit}")
        elif len(waiting) < WAITING_MAX:
            waiting.append(report)
        else:
            self._answer(report, Verdict("refused", "too-many-presses"))

    async def _settle_all(self, unit: UnitId) -> None:
        """One press after another, each decided on what the one before came to."""
        waiting, is_whole = self._waiting[unit], False
        try:
            while waiting:
                await self._settle(waiting.popleft())
            is_whole = True
        finally:
            if not is_whole:
                self._group = None  # `run` ends: nothing more is taken until it runs again.
        del self._waiting[unit]

    async def _settle(self, report: KeyPressed | Rated) -> None:
        """Do what a press asks for and answer it; nothing where the unit was taken away meanwhile."""
        unit = self._units.get(report.unit)
        if unit is None:
            return
        pad = self._in_this_life(self._pads.get(report.unit, Pad()), report)
        board, now = self._engine.board, self._monotonic()
        if isinstance(report, Rated):
            pad, told = translate.rated(pad, unit, report, now)
        else:
            pad, told = translate.pressed(pad, unit, report, board, now, self._new_ask())
        self._pads[report.unit] = pad
        if isinstance(told, translate.Act):
            press, told = told.press, await self._submit(report, told)
            # What `online` did meanwhile stands.
            self._pads[report.unit] = translate.settled(self._pads.get(report.unit, pad), report, told, press)
            if told.code == "shown-again" and unit.counter is not None:
                self._publish((ShowAtCounter(counter=unit.counter),), self._engine.board, self._engine.now())
        self._answer(report, told)

    async def _submit(self, report: KeyPressed | Rated, act: translate.Act) -> Verdict:
        key = None if act.press is None else _key_of(report, act.press.life)
        try:
            outcome = await self._engine.submit(Request(command=act.command, key=key, render=_kept_answer))
        except Busy:
            return Verdict("refused", "busy")
        except JournalUnavailable:
            return Verdict("refused", "journal-unavailable")
        except KeyMismatch:
            return Verdict("refused", "key-mismatch")
        if outcome.replay is not None:
            return Verdict("repeat", outcome.replay.answer.decode())
        return translate.verdict_of(outcome.board, act.command, outcome.events, outcome.refusal)

    def _in_this_life(self, pad: Pad, report: KeyPressed | Rated) -> Pad:
        """The pad in a life in which this count is new or was heard just now.

        A unit that does not tell its life counts from the start after each power cut, and answers are kept for a day:
        an old one must not swallow a new press.
        """
        while (press := translate.press_of(pad, report)) is not None and not report.boot:
            if translate.known_repeat(pad, report) is not None:
                return pad
            try:
                kept = self._engine.kept(_key_of(report, press.life))
            except KeyMismatch:
                pad = translate.new_life(pad)
                continue
            if kept is None or self._engine.now() - datetime.fromisoformat(kept.at) <= timedelta(
                seconds=translate.REPEATED_WITHIN_S
            ):
                return pad
            pad = translate.new_life(pad)
        return pad

    def _answer(self, report: KeyPressed | Rated, verdict: Verdict) -> None:
        self.counts[report.unit, verdict.result] += 1
        unit = self._units.get(report.unit)
        if unit is not None and unit.answers:
            self._order(report.unit, Answer(boot=report.boot, seq=report.seq, result=verdict.result))

    # Orders

    def _publish(self, effects: tuple[AnyEffect, ...], board: Board, at: datetime) -> None:
        if self._group is None:
            return
        units = tuple(self._units.values())
        shown: set[CounterNumber] = set()
        for effect in effects:
            if isinstance(effect, ShowAtCounter):  # Of one commit, the last board is what counts.
                if effect.counter in shown:
                    continue
                shown.add(effect.counter)
            for unit, order in orders.orders_of(effect, board, units, self._asked, at):
                self._order(unit, order)
            self._note_ask(self._group, effect, board, at)
        self._beep(board, units, at)

    def _note_ask(self, group: asyncio.TaskGroup, effect: AnyEffect, board: Board, at: datetime) -> None:
        if isinstance(effect, WithdrawRating) and self._asked.get(effect.counter) == effect.ask:
            del self._asked[effect.counter]
        if isinstance(effect, AskForRating) and self._asked.get(effect.counter) != effect.ask:
            ask = board.asks.get(effect.ask)
            left_s = 0.0 if ask is None or ask.is_answered else (ask.expires_at - at).total_seconds()
            if left_s > 0:
                self._asked[effect.counter] = effect.ask
                group.create_task(self._shut_after(left_s, effect), name=f"rating at counter {effect.counter}")

    async def _shut_after(self, seconds: float, effect: AskForRating) -> None:
        await self._sleep(seconds)
        if self._asked.get(effect.counter) == effect.ask:
            del self._asked[effect.counter]
            for unit, order in orders.shut(effect.counter, self._units.values()):
                self._order(unit, order)

    def _beep(self, board: Board, units: tuple[UnitAtCounter, ...], at: datetime) -> None:
        """One beep at each idle counter for which somebody waits now where nobody did."""
        idle = orders.idle(board, units, at)
        for unit, order in orders.beeps(idle.waited_for & self._idle.alone, units):
            self._order(unit, order)
        self._idle = idle

    def _order(self, unit: UnitId, order: Order) -> None:
        try:
            self._devices.order(unit, order)
        except DeviceRefused as refused:
            log.warning("device refused", device=unit, order=type(order).__name__, why=str(refused))


def _key_of(report: KeyPressed | Rated, life: str) -> KeyRef:
    """Digests that name a press for ever, and of what was pressed."""
    said = f"{report.ask}\n{report.score}" if isinstance(report, Rated) else f"{report.key}\n{report.number}"
    name = f"device\n{report.unit}\n{life}\n{report.seq}"
    return KeyRef(key=hashlib.sha256(name.encode()).hexdigest(), request=hashlib.sha256(said.encode()).hexdigest())


def _kept_answer(outcome: Outcome) -> tuple[int, bytes]:
    """The code that a repeat is told."""
    verdict = translate.verdict_of(outcome.board, outcome.command, outcome.events, outcome.refusal)
    return 200 if verdict.result == "done" else 409, verdict.code.encode()
