"""The hall as a whole: its board, services, day and clock."""

from aiohttp import web

from queue_server.api.errors import Problem
from queue_server.api.exchange import Body, Exchange, Task, act, json_answer, refused
from queue_server.api.said import Said
from queue_server.api.showing import CLOCK_CONFIRMED, DAY_CLOSED, SERVICE, STAFF
from queue_server.core import commands, reasons
from queue_server.core.board import day_of, waiting_count
from queue_server.core.events import DaySealed, TicketCaughtUp
from queue_server.core.ids import ServiceId
from queue_server.engine import Outcome
from queue_server.views import board_view, hall_view
from queue_server.views.names import bilingual
from queue_server.wire import answers, requests
from queue_server.wire.fields import Bilingual

PAUSE = Body(requests.PauseService)
CATCH_UP = Body(requests.CatchUp)
CLOSE_DAY = Body(requests.CloseDay)
CONFIRM = Body(requests.ConfirmClock)
NO_SERVICE = frozenset({"unknown-service"})

LISTS = {
    "call": reasons.CALL,
    "transfer": reasons.TRANSFER,
    "away": reasons.AWAY,
    "cancel": reasons.CANCEL,
    "pause": reasons.PAUSE,
    "manage": reasons.MANAGE,
    "move": reasons.MOVE,
}


async def show_board(exchange: Exchange) -> web.Response:
    """`GET /board`."""
    parts = exchange.parts
    view = board_view(
        parts.engine.board,
        at=parts.engine.now(),
        waits=parts.live.waits,
        texts=parts.texts,
        is_full=exchange.asker.role in STAFF,
    )
    return json_answer(view)


async def show_hall(exchange: Exchange) -> web.Response:
    """`GET /hall`: the rules in force, as pages need them."""
    parts = exchange.parts
    board = parts.engine.board
    if board.rules is None:
        raise Problem(503, "starting")
    working = {one.clerk for one in board.counters.values() if one.clerk is not None}
    names = {actor: name for actor in working if (name := parts.people.directory.name_of(actor)) is not None}
    return json_answer(hall_view(board, at=parts.engine.now(), names=names))


async def list_reasons(exchange: Exchange) -> web.Response:
    """`GET /reasons`: the closed lists with their texts, for pages to offer."""
    texts = exchange.parts.texts

    def said(code: str) -> Bilingual:
        key = f"reason.{code}"
        return texts.both(key) if texts.knows(key) else Bilingual(code, code)

    return json_answer(
        answers.Reasons(
            **{
                name: tuple(answers.ReasonText(code=code, text=said(code)) for code in sorted(codes))
                for name, codes in LISTS.items()
            }
        )
    )


async def pause(exchange: Exchange) -> web.Response:
    """`POST /services/{id}/pause`."""
    body = await PAUSE.read(exchange)
    said = Said()
    reason = said.reason(body.reason, reasons.MANAGE)
    command = commands.PauseService(
        by=exchange.asker.actor, service=_service(exchange), reason=reason, commitments=said.commitments()
    )
    return await act(exchange, _on_service(exchange, command, said, body))


async def resume(exchange: Exchange) -> web.Response:
    """`POST /services/{id}/resume`."""
    body = await PAUSE.read(exchange)
    said = Said()
    reason = said.reason(body.reason, reasons.MANAGE)
    command = commands.ResumeService(
        by=exchange.asker.actor, service=_service(exchange), reason=reason, commitments=said.commitments()
    )
    return await act(exchange, _on_service(exchange, command, said, body))


async def catch_up(exchange: Exchange) -> web.Response:
    """`POST /services/{id}/catch-up`."""
    body = await CATCH_UP.read(exchange)
    said = Said()
    reason = said.reason(body.reason, reasons.MANAGE)
    command = commands.CatchUp(
        by=exchange.asker.actor,
        service=_service(exchange),
        through=body.through,
        reason=reason,
        commitments=said.commitments(),
    )
    return await act(exchange, _on_service(exchange, command, said, body))


def _service(exchange: Exchange) -> ServiceId:
    return ServiceId(exchange.request.match_info["id"])


def _on_service(
    exchange: Exchange,
    command: commands.AnyCommand,
    said: Said,
    body: requests.PauseService | requests.CatchUp,
) -> Task[answers.ServiceAnswer]:
    service = _service(exchange)

    def build(outcome: Outcome) -> answers.ServiceAnswer:
        known = outcome.board.services[service]
        return answers.ServiceAnswer(
            id=service,
            name=bilingual(known.rules.name),
            paused=known.is_paused,
            waiting=waiting_count(outcome.board, service),
            caught_up=sum(1 for event in outcome.events if isinstance(event, TicketCaughtUp)),
        )

    return Task(
        command=command,
        shape=SERVICE,
        build=build,
        body=body,
        words=said.words(),
        in_path=NO_SERVICE,
        fields={"number-elsewhere": "through"},
    )


async def close_day(exchange: Exchange) -> web.Response:
    """`POST /day/close`: the seal is the hash of the day's last event."""
    body = await CLOSE_DAY.read(exchange)

    def build(outcome: Outcome) -> answers.DayClosed:
        sealed = [event for event in outcome.events if isinstance(event, DaySealed)]
        day = sealed[0].day if sealed else day_of(outcome.board)
        return answers.DayClosed(day=day, sequence=outcome.sequence, seal=outcome.head)

    said = Said()
    reason = said.reason(body.reason, reasons.MANAGE)
    command = commands.SealDay(by=exchange.asker.actor, reason=reason, commitments=said.commitments())
    task = Task(command=command, shape=DAY_CLOSED, build=build, body=body, words=said.words())
    return await act(exchange, task)


async def confirm_clock(exchange: Exchange) -> web.Response:
    """`POST /clock/confirm`."""
    body = await CONFIRM.read(exchange)
    parts, said = exchange.parts, Said()
    reason = said.reason(body.reason, reasons.MANAGE, otherwise="")
    vouching = commands.ConfirmClock(by=exchange.asker.actor, reason=reason, commitments=said.commitments())
    outcome = await parts.confirm_clock(vouching, said.words())
    if outcome.refusal is not None:
        raise refused(outcome.refusal)
    return CLOCK_CONFIRMED.answer(parts, outcome.head, answers.ClockConfirmed(now=parts.engine.now()))
