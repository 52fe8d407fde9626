"""What every call at a counter has in common. A manager, a guide or an admin acts for the clerk; a manager says why."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from queue_server.api.errors import Problem
from queue_server.api.exchange import NO_FIELDS, Exchange, Shape, Task, act, key_of, known_repeat
from queue_server.api.said import Said
from queue_server.api.showing import COUNTER, NEXT, TICKET, show_counter, show_ticket
from queue_server.core.commands import AnyCommand
from queue_server.core.ids import CounterNumber, TicketId
from queue_server.engine import Outcome
from queue_server.people.roles import Role
from queue_server.wire import answers, requests

A = TypeVar("A", bound=Struct)
FOR_THE_CLERK: frozenset[Role | None] = frozenset({"manager", "guide", "admin"})
"""Roles that act at counters where somebody else is signed in."""
NO_COUNTER = frozenset({"unknown-counter"})


def counter_in_path(exchange: Exchange) -> CounterNumber:
    """The counter of the path if the hall has it, else 404."""
    text = exchange.request.match_info["n"]
    number = CounterNumber(int(text)) if text.isascii() and text.isdigit() and len(text) <= 4 else CounterNumber(0)
    board = exchange.parts.engine.board
    if board.rules is None:
        raise Problem(503, "starting")
    if number not in board.counters:
        raise Problem(404, "unknown-counter", {"counter": text[:20]})
    return number


class Desk:
    """One call at one counter."""

    def __init__(self, exchange: Exchange, body: Struct, reason: str) -> None:
        asker = exchange.asker
        self.exchange = exchange
        self.counter = counter_in_path(exchange)
        self.said = Said()
        self.by = asker.actor
        self.on_behalf = asker.role in FOR_THE_CLERK
        self.channel: Literal["page", "device"] = "device" if asker.role == "device" else "page"
        self._body = body
        self._holds = body.holds if isinstance(body, requests.AtCounter) else None
        if asker.role == "manager" and not reason.strip():
            raise Problem(422, "reason-needed", {"field": "reason"})

    async def answer_counter(self, command: AnyCommand, *, takes_seat: bool = False) -> web.Response:
        """Do it and show the counter."""

        def build(outcome: Outcome) -> answers.Counter:
            return show_counter(self.exchange, outcome.board, self.counter)

        return await self._act(command, COUNTER, build, takes_seat=takes_seat)

    async def answer_next(self, command: AnyCommand) -> web.Response:
        """Do it and show the ticket that the counter holds now, if any."""

        def build(outcome: Outcome) -> answers.NextAnswer:
            ticket = outcome.board.counters[self.counter].ticket
            return answers.NextAnswer(None if ticket is None else show_ticket(self.exchange, outcome, ticket))

        return await self._act(command, NEXT, build)

    async def answer_ticket(
        self, command: AnyCommand, find: Callable[[Outcome], TicketId | None], fields: Mapping[str, str] = NO_FIELDS
    ) -> web.Response:
        """Do it and show the ticket that it was about."""

        def build(outcome: Outcome) -> answers.Ticket:
            ticket = find(outcome)
            assert ticket is not None, f"a command at counter {self.counter} that was not refused has a ticket"
            return show_ticket(self.exchange, outcome, ticket)

        return await self._act(command, TICKET, build, fields)

    def present(self, outcome: Outcome) -> TicketId | None:
        """The ticket that the first event is about; without events the one that the counter holds."""
        for event in outcome.events:
            ticket: TicketId | None = getattr(event, "ticket", None)
            if ticket is not None:
                return ticket
        return outcome.board.counters[self.counter].ticket

    async def _act(
        self,
        command: AnyCommand,
        shape: Shape[A],
        build: Callable[[Outcome], A],
        fields: Mapping[str, str] = NO_FIELDS,
        *,
        takes_seat: bool = False,
    ) -> web.Response:
        key = key_of(self.exchange, self._body)
        repeated = known_repeat(self.exchange, shape, key)
        if repeated is not None:
            return repeated
        self._expect_seat(takes_seat=takes_seat)
        task = Task(
            command=command if self._holds is None else replace(command, holds=self._holds),
            shape=shape,
            build=build,
            body=self._body,
            words=self.said.words(),
            in_path=NO_COUNTER,
            fields=fields,
        )
        response = await act(self.exchange, task, key)
        self._sit()
        return response

    def _expect_seat(self, *, takes_seat: bool) -> None:
        counter = self.exchange.parts.engine.board.counters[self.counter]
        is_elsewhere = self.exchange.doors.seats.is_elsewhere(counter, self.exchange.asker.principal)
        if is_elsewhere and not takes_seat:
            raise Problem(409, "counter-elsewhere", {"counter": self.counter})

    def _sit(self) -> None:
        counter = self.exchange.parts.engine.board.counters.get(self.counter)
        if counter is not None and counter.is_open and counter.clerk == self.by:
            self.exchange.doors.seats.sit(self.counter, self.exchange.asker.principal)
