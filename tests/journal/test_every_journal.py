"""What every journal promises, whatever it is made of."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.journal.memory import MemoryJournal
from queue_server.journal.port import Head, Journal, Outrun
from queue_server.journal.sqlite import SqliteJournal
from tests.journal.chains import NOTHING, a_word, an_answer, fill, head_of, rows_after


@pytest.fixture(params=["memory", "sqlite"])
async def journal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Journal]:
    """Each kind of journal, empty."""
    if request.param == "memory":
        yield MemoryJournal()
        return
    async with SqliteJournal.open(tmp_path / "journal.db") as opened:
        yield opened


async def test_an_empty_journal_says_that_nothing_happened(journal: Journal) -> None:
    """A new hall must not look like one that lost its history."""
    assert await journal.head() == NOTHING
    assert await journal.read() == []
    assert await journal.day_start() == 0
    assert await journal.side_since(0) == []
    assert await journal.kept_since("") == []


@pytest.mark.parametrize("count", [1, 2, 32, 128, 6000])
async def test_what_was_appended_is_read_back_in_order(journal: Journal, count: int) -> None:
    """Closing a day ends thousands of tickets in one batch, which must be whole like any other."""
    rows = rows_after(NOTHING, count)
    await journal.append(rows, expected_sequence=0)
    assert await journal.head() == head_of(rows)
    assert await journal.read(limit=count) == rows


@pytest.mark.parametrize("count", [1, 100, 400])
async def test_words_and_answers_land_with_their_events(journal: Journal, count: int) -> None:
    """A citizen's language without the ticket, or a ticket without its kept answer, would be given twice."""
    rows = rows_after(NOTHING, count)
    words = [a_word(row.sequence, name) for row in rows for name in ("group", "language")]
    answers = [an_answer(row.sequence) for row in rows]
    await journal.append(rows, side=words, kept=answers, expected_sequence=0)
    assert await journal.read(limit=count) == rows
    assert await journal.side_since(0) == words
    assert await journal.kept_since("") == answers


async def test_reading_goes_on_after_any_event(journal: Journal) -> None:
    """Auditors fetch the journal in pages, and must neither miss nor repeat an event."""
    rows = await fill(journal, 25)
    assert await journal.read(after=7, limit=5) == rows[7:12]
    assert await journal.read(after=20, limit=100) == rows[20:]
    assert await journal.read(after=25) == []
    assert await journal.read(after=99) == []


@pytest.mark.parametrize("expected", [0, 2, 4, 7])
async def test_a_second_writer_is_outrun_and_writes_nothing(journal: Journal, expected: int) -> None:
    """Two servers on one hall would call two citizens to one desk."""
    rows = await fill(journal, 3)
    before = Head(expected, "0" * 64)
    for answers in ([], [an_answer(1)]):
        with pytest.raises(Outrun):
            await journal.append(rows_after(before, 2), kept=answers, expected_sequence=expected)
    with pytest.raises(Outrun):
        await journal.append([], kept=[an_answer(1)], expected_sequence=expected)
    words = [a_word(expected + 1)]
    with pytest.raises(Outrun):
        await journal.append(rows_after(before, 1), side=words, kept=[an_answer(2)], expected_sequence=expected)
    with pytest.raises(Outrun):
        await journal.append(rows_after(before, 1000), expected_sequence=expected)
    assert await journal.read() == rows
    assert await journal.side_since(0) == []
    assert await journal.kept_since("") == []


async def test_a_writer_goes_on_after_being_outrun(journal: Journal) -> None:
    """The refusal must not leave a half-open transaction behind."""
    rows = await fill(journal, 3)
    with pytest.raises(Outrun):
        await journal.append(rows_after(NOTHING, 1), side=[a_word(1)], expected_sequence=0)
    more = rows_after(head_of(rows), 2)
    await journal.append(more, side=[a_word(4)], expected_sequence=3)
    assert await journal.read() == rows + more


async def test_of_two_racing_writers_one_wins_whole(journal: Journal) -> None:
    """Whoever comes second learns it; nothing of it is mixed in."""
    rows = rows_after(NOTHING, 4)
    results = await asyncio.gather(
        journal.append(rows[:2], side=[a_word(1)], expected_sequence=0),
        journal.append(rows[:3], side=[a_word(1)], expected_sequence=0),
        return_exceptions=True,
    )
    assert [type(one) for one in results].count(Outrun) == 1
    written = await journal.read()
    assert written in (rows[:2], rows[:3])


async def test_a_kept_answer_needs_no_event(journal: Journal) -> None:
    """A refusal changes nothing in the hall, but the same request must be refused in the same words."""
    rows = await fill(journal, 2)
    await journal.append([], kept=[an_answer(7)], expected_sequence=2)
    assert await journal.kept_since("") == [an_answer(7)]
    assert await journal.read() == rows


async def test_an_append_of_nothing_does_nothing(journal: Journal) -> None:
    """The engine need not ask whether a batch of refusals left anything to write."""
    await journal.append([], expected_sequence=0)
    assert await journal.head() == NOTHING


async def test_the_last_opening_is_found(journal: Journal) -> None:
    """A restart at noon must not lose the morning, nor replay last year."""
    await fill(journal, 1)
    assert await journal.day_start() == 0
    await fill(journal, 59, day_every=20)
    assert await journal.day_start() == 60
    await fill(journal, 15, day_every=20)
    assert await journal.day_start() == 60
    await fill(journal, 10, day_every=20)
    assert await journal.day_start() == 80


async def test_answers_are_kept_as_long_as_asked(journal: Journal) -> None:
    """A retry after a night without power still gets its own ticket, and old answers do not pile up."""
    monday, tuesday, later = (f"2026-11-{day}T07:30:00.000+07:00" for day in (23, 24, 25))
    await fill(journal, 1)
    answers = [an_answer(2, monday), an_answer(1, tuesday), an_answer(3, tuesday)]
    await journal.append([], kept=answers, expected_sequence=1)
    assert await journal.kept_since(monday) == answers
    assert await journal.kept_since(tuesday) == answers[1:]
    assert await journal.forget_kept(tuesday) == 1
    assert await journal.kept_since("") == answers[1:]
    assert await journal.forget_kept(later) == 2
    assert await journal.kept_since("") == []


async def test_words_of_persons_can_be_deleted_and_the_chain_stays(journal: Journal) -> None:
    """The law lets a citizen be forgotten; the public record must survive that."""
    rows = await fill(journal, 5000)
    more = rows_after(head_of(rows), 5000)
    words = [a_word(row.sequence, name) for row in more for name in ("a", "b")]
    await journal.append(more, side=words, expected_sequence=5000)
    assert await journal.side_since(9999) == words[-4:]
    assert await journal.purge_side(before_sequence=9999) == 9996
    assert await journal.side_since(0) == words[-4:]
    assert await journal.read(limit=10000) == rows + more


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_any_batches_of_any_text_come_back_as_they_went_in(kind: str) -> None:
    """No citizen's word may be bent by quotes, nulls or scripts on its way through a statement."""
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.lists(st.tuples(text, text), max_size=200), max_size=4))
    def check(batches: list[list[tuple[str, str]]]) -> None:
        asyncio.run(_append_all(kind, batches))

    check()


async def _append_all(kind: str, batches: list[list[tuple[str, str]]]) -> None:
    with TemporaryDirectory() as folder:
        if kind == "memory":
            await _append_to(MemoryJournal(), batches)
            return
        async with SqliteJournal.open(Path(folder) / "journal.db") as journal:
            await _append_to(journal, batches)


async def _append_to(journal: Journal, batches: list[list[tuple[str, str]]]) -> None:
    rows, words, answers = [], [], []
    for batch in batches:
        head = await journal.head()
        new = rows_after(head, len(batch))
        side = [a_word(row.sequence, name, value) for row, (name, value) in zip(new, batch, strict=True)]
        kept = [an_answer(row.sequence) for row in new[: len(new) // 2]]
        await journal.append(new, side=side, kept=kept, expected_sequence=head.sequence)
        rows += new
        words += side
        answers += kept
    assert await journal.read(limit=2000) == rows
    assert await journal.side_since(0) == words
    assert await journal.kept_since("") == answers
