"""A journal that lives as long as the process, with knobs to make it fail."""

import asyncio
from collections.abc import Sequence

from queue_server.journal.port import Head, JournalUnavailable, Kept, Outrun, Row, SideRow, check_batch


class MemoryJournal:
    """A `Journal` for tests and trials; nothing survives it.

    Lifetime: until it is dropped.
    Concurrency: one event loop.
    """

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._side: dict[tuple[int, str], SideRow] = {}
        self._kept: dict[tuple[str, str], Kept] = {}
        self._failures: list[bool] = []
        self._open_gate = asyncio.Event()
        self._open_gate.set()

    # Knobs

    def fail_next_append(self, *, landed: bool = False) -> None:
        """Make one more append raise JournalUnavailable; with `landed` it is written all the same."""
        self._failures.append(landed)

    def hold(self) -> None:
        """Make appends wait, unwritten, until `release`: a slow disk without a clock."""
        self._open_gate.clear()

    def release(self) -> None:
        """Let waiting and later appends through."""
        self._open_gate.set()

    # The journal

    async def head(self) -> Head:
        """The last row."""
        return Head(self._rows[-1].sequence, self._rows[-1].hash) if self._rows else Head(0, "")

    async def append(
        self, rows: Sequence[Row], *, side: Sequence[SideRow] = (), kept: Sequence[Kept] = (), expected_sequence: int
    ) -> None:
        """Keep all of it, or raise and keep nothing, unless a knob says otherwise."""
        check_batch(rows, side, expected_sequence)
        await self._open_gate.wait()
        landed = self._failures.pop(0) if self._failures else None
        if landed is not False:
            self._write(rows, side, kept, expected_sequence)
        if landed is not None:
            raise JournalUnavailable("this append was made to fail")

    async def read(self, after: int = 0, limit: int = 1000) -> list[Row]:
        """Up to `limit` rows later than `after`."""
        return self._rows[after : after + limit]

    async def day_start(self) -> int:
        """Sequence of the last day-opened event, 0 if none."""
        return next((row.sequence for row in reversed(self._rows) if row.kind == "day-opened"), 0)

    async def side_since(self, sequence: int) -> list[SideRow]:
        """Words of this event and later ones."""
        return [self._side[key] for key in sorted(self._side) if key[0] >= sequence]

    async def kept_since(self, at: str) -> list[Kept]:
        """Answers kept at this instant or later."""
        return [self._kept[key] for key in sorted(self._kept) if key[0] >= at]

    async def forget_kept(self, before: str) -> int:
        """Delete answers kept earlier."""
        gone = [key for key in self._kept if key[0] < before]
        for key in gone:
            del self._kept[key]
        return len(gone)

    async def purge_side(self, before_sequence: int) -> int:
        """Delete words of earlier events."""
        gone = [key for key in self._side if key[0] < before_sequence]
        for key in gone:
            del self._side[key]
        return len(gone)

    async def close(self) -> None:
        """Nothing to let go of; what was written can still be read."""

    def _write(self, rows: Sequence[Row], side: Sequence[SideRow], kept: Sequence[Kept], expected: int) -> None:
        if (rows or kept) and len(self._rows) != expected:
            raise Outrun(f"the journal's head is {len(self._rows)}, not {expected}: another process writes it")
        side_by_key = {(word.sequence, word.name): word for word in side}
        kept_by_key = {(answer.at, answer.key): answer for answer in kept}
        if len(kept_by_key) < len(kept) or not self._kept.keys().isdisjoint(kept_by_key):
            raise Outrun("an answer under the same key is kept already: another process writes this journal")
        assert len(side_by_key) == len(side), f"two words of one name in one event after {expected}"
        self._rows.extend(rows)
        self._side.update(side_by_key)
        self._kept.update(kept_by_key)
