"""A hall in a process that owes a citizen a slip, and dies before any printer hears of it.

`python -m tests.hall.dying HALL SERVICE`; the last thing it says is the ticket.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from queue_server.core.commands import TakeTicket
from queue_server.core.ids import HALL_ITSELF, ServiceId, TicketId
from queue_server.engine import Request
from queue_server.main import open_hall

TICKET = TicketId("owed-a-slip")


async def take_and_die(hall: Path, service: ServiceId) -> None:
    """Commit a ticket whose slip a printer of the server must print, then be gone."""
    async with open_hall(hall) as parts:
        command = TakeTicket(by=HALL_ITSELF, ticket=TICKET, service=service, origin="kiosk", slip="owed")
        outcome = await parts.engine.submit(Request(command=command))
        sys.stdout.write(f"{outcome.board.tickets[TICKET].number}\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(take_and_die(Path(sys.argv[1]), ServiceId(sys.argv[2])))
