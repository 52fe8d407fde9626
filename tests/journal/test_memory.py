import asyncio

import pytest

from queue_server.journal.memory import MemoryJournal
from queue_server.journal.port import JournalUnavailable
from tests.journal.chains import NOTHING, a_word, an_answer, head_of, rows_after


async def test_an_append_can_be_made_to_fail_and_leave_nothing() -> None:
    """So that tests of the engine see a full disk."""
    journal = MemoryJournal()
    rows = rows_after(NOTHING, 2)
    journal.fail_next_append()
    with pytest.raises(JournalUnavailable):
        await journal.append(rows, side=[a_word(1)], kept=[an_answer(1)], expected_sequence=0)
    assert await journal.head() == NOTHING
    assert await journal.side_since(0) == []
    assert await journal.kept_since("") == []
    await journal.append(rows, expected_sequence=0)
    assert await journal.head() == head_of(rows)


async def test_an_append_can_be_made_to_land_and_fail_all_the_same() -> None:
    """So that tests of the engine see the worst case: the fact is written and nobody was told."""
    journal = MemoryJournal()
    rows = rows_after(NOTHING, 2)
    journal.fail_next_append(landed=True)
    with pytest.raises(JournalUnavailable):
        await journal.append(rows, expected_sequence=0)
    assert await journal.head() == head_of(rows)


async def test_an_append_can_be_held_up() -> None:
    """So that tests of the engine see a slow disk without waiting for one."""
    journal = MemoryJournal()
    rows = rows_after(NOTHING, 2)
    journal.hold()
    async with asyncio.TaskGroup() as group:
        append = group.create_task(journal.append(rows, expected_sequence=0), name="append")
        await asyncio.sleep(0)
        assert not append.done()
        assert await journal.head() == NOTHING
        journal.release()
    assert await journal.head() == head_of(rows)
