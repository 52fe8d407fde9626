"""A process that writes a journal and says aloud what is acknowledged, until it is killed."""

import asyncio
import sys
from pathlib import Path

from queue_server.journal.sqlite import SqliteJournal
from tests.journal.chains import a_word, an_answer, head_of, rows_after


async def write(path: Path) -> None:
    """Append batches of 1 to 20 for ever; print each acknowledged sequence."""
    async with SqliteJournal.open(path) as journal:
        head = await journal.head()
        count = 0
        while True:
            count = count % 20 + 1
            rows = rows_after(head, count)
            words = [a_word(row.sequence) for row in rows]
            answers = [an_answer(row.sequence) for row in rows]
            if count % 2:
                await journal.append(rows, side=words, kept=answers, expected_sequence=head.sequence)
            else:
                await journal.append(rows, expected_sequence=head.sequence)
            head = head_of(rows)
            sys.stdout.write(f"{head.sequence}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))
