"""The composition root: builds every part of a running hall, owns its tasks, and stops in reverse order."""

import asyncio
import fcntl
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from msgspec.structs import replace

from queue_server.api.app import Live, Parts, build_app
from queue_server.api.errors import keep_running
from queue_server.api.listening import listening
from queue_server.chance import new_id
from queue_server.clock import HallClock
from queue_server.config import (
    CatalogueRefused,
    ConfigErrors,
    HallConfig,
    catalogue_state,
    fingerprint,
    load,
    load_index,
)
from queue_server.config.watch import State
from queue_server.core.commands import ConfirmClock
from queue_server.core.ids import HALL_ITSELF, AskId
from queue_server.engine import Busy, Engine, Outcome, Request
from queue_server.forecaster import Forecaster
from queue_server.journal.port import JOURNAL_FILE, Journal, JournalUnavailable, Word
from queue_server.journal.sqlite import SqliteJournal
from queue_server.people.people import open_people
from queue_server.people.store import PEOPLE_FILE
from queue_server.presenting.texts import load as load_texts
from queue_server.procedures import Index, index
from queue_server.procedures import load as load_sample
from queue_server.restoring import clock_doubt, create_if_new, given_on, restore

log = structlog.get_logger()

LOGGING = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,  # Plain tracebacks: a rich one would print the values, passwords among them.
    structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "event")),
)
TICK_SECONDS = 1.0
FORGET_SECONDS = 3600.0
LOCK_FILE = ".server.lock"
COLLECT_AFTER = (50_000, 20, 1000)
"""Tickets live all day: young garbage is looked for rarely, and all of it once an hour, not in the middle of a rush."""
SWITCH_INTERVAL_SECONDS = 0.00002  # The journal's thread gets the interpreter sooner; measured as +10 % requests.


@asynccontextmanager
async def open_hall(folder: Path, wall: datetime | None = None) -> AsyncIterator[Parts]:
    """A hall that answers: files read, board rebuilt, tasks running. `wall` sets the clock in tests and replays."""
    config = await asyncio.to_thread(load, folder)
    clock = HallClock(config.zone(), wall=wall)
    async with (
        SqliteJournal.open(folder / JOURNAL_FILE) as journal,
        open_people(folder / PEOPLE_FILE, clock.now) as people,
    ):
        catalogue = await asyncio.to_thread(catalogue_state, folder)
        live = Live(config, await asyncio.to_thread(_first_index, folder))
        forecaster = Forecaster()
        engine = await _engine(journal, clock, config, forecaster)
        parts = Parts(
            folder=folder,
            engine=engine,
            journal=journal,
            people=people,
            live=live,
            texts=await asyncio.to_thread(load_texts),
            confirm_clock=lambda vouching, words: _confirm_clock(engine, journal, vouching, words),
        )
        gc.collect()
        gc.freeze()  # What the hall is built from lasts as long as it does, and need not be looked at again.
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(engine.run(), name="engine"),
                group.create_task(_ticking(engine), name="ticking"),
                group.create_task(_forgetting(engine, _kept_for(config)), name="forgetting"),
                # A fault in these must not end the hall: each is started again, and says so.
                group.create_task(keep_running("directory", people.directory.watch), name="directory"),
                group.create_task(keep_running("files", lambda: _following_files(folder, live, engine)), name="files"),
                group.create_task(
                    keep_running("procedures", lambda: _following_catalogue(folder, live, catalogue)), name="procedures"
                ),
                group.create_task(
                    keep_running("forecast", lambda: forecaster.run(engine, live, journal)), name="forecast"
                ),
            ]
            if engine.clock_in_doubt is None:
                await engine.configure(config.rules, HALL_ITSELF)
            try:
                yield parts
            finally:
                for task in reversed(tasks):
                    task.cancel()


async def _engine(journal: Journal, clock: HallClock, config: HallConfig, forecaster: Forecaster) -> Engine:
    engine = Engine(journal, clock, lambda: AskId(new_id()), inbox_max=config.server.inbox_max)
    await create_if_new(journal, config.rules.hall, clock.now())
    kept_since = (clock.now() - _kept_for(config)).isoformat(timespec="milliseconds")
    restored = await restore(journal, kept_since, forecaster.hear)
    doubt = clock_doubt(restored.board, clock.now())
    if doubt is None and restored.board.at is not None:
        clock.not_before(restored.board.at)
    engine.adopt(restored.board, restored.head, restored.words, restored.kept)
    engine.clock_in_doubt = doubt
    if doubt is not None:
        log.error("clock in doubt", why=doubt, remedy="an admin confirms the time, or sets the clock and restarts")
    engine.followers.append(forecaster.follow)
    return engine


def _kept_for(config: HallConfig) -> timedelta:
    return timedelta(hours=config.server.answers_kept_hours)


async def _confirm_clock(
    engine: Engine, journal: Journal, vouching: ConfirmClock, words: Mapping[str, tuple[Word, ...]]
) -> Outcome:
    given = await given_on(journal, engine.now().date(), engine.board)
    command = replace(vouching, given=given.given, leased=given.leased)
    outcome = await engine.submit(Request(command=command, words=words))
    if outcome.refusal is None:
        engine.clock_in_doubt = None
        await engine.tick()
    return outcome


async def _ticking(engine: Engine) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        with _tried_again("tick"):
            await engine.tick()


async def _forgetting(engine: Engine, kept_for: timedelta) -> None:
    while True:
        await asyncio.sleep(FORGET_SECONDS)
        gc.collect()
        with _tried_again("forgetting old answers"):
            await engine.forget_old_answers(kept_for)


@contextmanager
def _tried_again(what: str) -> Iterator[None]:
    """What the hall does by itself it does again at the next turn, when the disk or the inbox has room."""
    try:
        yield
    except (JournalUnavailable, Busy) as error:
        log.warning("put off", what=what, error=str(error))


async def _following_files(folder: Path, live: Live, engine: Engine) -> None:
    """Put edited files in force; a file with mistakes changes nothing and is named until it is mended."""
    seen = await asyncio.to_thread(fingerprint, folder)
    while True:
        await asyncio.sleep(TICK_SECONDS)
        present = await asyncio.to_thread(fingerprint, folder)
        if present == seen and engine.board.rules in (None, live.config.rules):
            continue
        seen = present
        try:
            config = await asyncio.to_thread(load, folder)
        except ConfigErrors as mistakes:
            live.problems = tuple(str(one) for one in mistakes.errors)
            log.error("hall.toml refused", mistakes=live.problems)
            continue
        live.config, live.problems = config, ()
        with _tried_again("new rules"):
            await engine.configure(config.rules, HALL_ITSELF)
            log.info("hall.toml in force")


def _first_index(folder: Path) -> Index:
    """The hall's catalogue, or the sample where its file is broken: a hall opens without names of its own, too."""
    try:
        return load_index(folder)
    except (CatalogueRefused, OSError) as fault:
        log.error("procedures refused", why=str(fault), instead="the sample")
        return index(load_sample())


async def _following_catalogue(folder: Path, live: Live, seen: State) -> None:
    """Put a new catalogue in force; one that cannot be read changes nothing, and is named."""
    while True:
        await asyncio.sleep(TICK_SECONDS)
        present = await asyncio.to_thread(catalogue_state, folder)
        if present == seen:
            continue
        seen = present
        try:
            live.procedures = await asyncio.to_thread(load_index, folder)
        except (CatalogueRefused, OSError) as fault:
            log.error("procedures refused", why=str(fault), instead="those in force")
            continue
        in_force = live.procedures.catalogue
        log.info("procedures in force", count=len(in_force.procedures), day=in_force.snapshot_date.isoformat())


class RunsAlready(Exception):
    """A server runs for this hall; two would write one journal, and the slower one would stop, whichever it is."""


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """The hall is this process's own. The lock goes with the process, however that ends."""
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlready(f"a server runs already for {folder}; stop it first, or name another hall") from None
        yield
    finally:
        os.close(handle)


async def serve(folder: Path, host: str | None, port: int | None, say: Callable[[str], None]) -> None:
    """Run a hall until SIGTERM or SIGINT. `say` hears `ready http://HOST:PORT` once requests are answered."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with _alone_in(folder):
        async with open_hall(folder) as parts:
            await _listen(parts, host, port, say, stopping)


async def _listen(
    parts: Parts, host: str | None, port: int | None, say: Callable[[str], None], stopping: asyncio.Event
) -> None:
    settings = parts.live.config.server
    host, port = host or settings.host, settings.port if port is None else port
    async with listening(build_app(parts), parts.texts, host, port, drain_s=settings.drain_s) as address:
        parts.engine.resume()
        say(f"ready {address}")
        await stopping.wait()


def run(folder: Path, host: str | None, port: int | None, say: Callable[[str], None]) -> None:
    """`serve` on the fastest event loop there is."""
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    gc.set_threshold(*COLLECT_AFTER)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # It quotes requests, which may hold tokens and keys.
    structlog.configure(logger_factory=lambda *_: _ToStandardError(), processors=LOGGING)
    try:
        _runner()(serve(folder, host, port, say))
    except BaseExceptionGroup as group:
        raise _alone(group) from group


class _ToStandardError:
    """Where log lines go: standard output is for `ready` alone, which whoever started the server waits for.

    A line that cannot be written is dropped. The log may be a file on the very disk that is full, and no line is worth
    the hall.
    """

    def msg(self, line: str) -> None:
        """Write one line."""
        with suppress(OSError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


def _runner() -> Callable[[Coroutine[None, None, None]], None]:
    try:
        import uvloop  # Optional, hence late.
    except ImportError:
        return asyncio.run
    return uvloop.run


def _alone(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What went wrong, out of the task groups that wrap it, so that it can be told in plain words."""
    inner: BaseException = group
    while isinstance(inner, BaseExceptionGroup) and len(inner.exceptions) == 1:
        inner = inner.exceptions[0]
    return inner
