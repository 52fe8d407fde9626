"""The calls of a counter."""

from aiohttp import web

from queue_server.api.desk import NO_COUNTER, Desk, counter_in_path
from queue_server.api.errors import Problem
from queue_server.api.exchange import Body, Exchange, Task, act
from queue_server.api.said import Said
from queue_server.api.showing import COUNTER, show_counter
from queue_server.chance import new_id
from queue_server.core import commands, reasons
from queue_server.core.events import Item
from queue_server.core.ids import AskId, CounterNumber, ServiceId
from queue_server.wire import requests

AT_COUNTER = Body(requests.AtCounter)
OPEN = Body(requests.OpenCounter)
CALL = Body(requests.CallNumber)
AWAY = Body(requests.SendAway)
RETURN = Body(requests.ReturnTicket)
TRANSFER = Body(requests.TransferTicket)
FINISH = Body(requests.FinishTicket)
SERVICES = Body(requests.SetServices)


def new_ask() -> AskId:
    """An id for the rating that a command may offer."""
    return AskId(new_id())


async def show(exchange: Exchange) -> web.Response:
    """`GET /counters/{n}`."""
    engine = exchange.parts.engine
    counter = show_counter(exchange, engine.board, counter_in_path(exchange))
    return COUNTER.answer(exchange.parts, engine.head, counter)


async def open_counter(exchange: Exchange) -> web.Response:
    """`/open`: who opens works there; a manager opens for nobody."""
    body = await OPEN.read(exchange)
    desk = Desk(exchange, body, body.reason)
    desk.said.add("reason", body.reason)
    command = commands.OpenCounter(
        by=desk.by,
        counter=desk.counter,
        channel=desk.channel,
        on_behalf=desk.on_behalf,
        clerk=desk.by if exchange.asker.role == "clerk" else None,
        take_over=body.take_over,
        commitments=desk.said.commitments(),
    )
    return await desk.answer_counter(command, takes_seat=body.take_over)


async def close(exchange: Exchange) -> web.Response:
    """`/close`."""
    desk = await _desk(exchange)
    return await desk.answer_counter(
        commands.CloseCounter(
            by=desk.by,
            counter=desk.counter,
            channel=desk.channel,
            on_behalf=desk.on_behalf,
            commitments=desk.said.commitments(),
            ask=new_ask(),
        )
    )


async def pause(exchange: Exchange) -> web.Response:
    """`/pause`."""
    body = await AT_COUNTER.read(exchange)
    desk = Desk(exchange, body, body.reason)
    reason = desk.said.reason(body.reason, reasons.PAUSE)
    return await desk.answer_counter(
        commands.PauseCounter(
            by=desk.by,
            counter=desk.counter,
            channel=desk.channel,
            on_behalf=desk.on_behalf,
            commitments=desk.said.commitments(),
            reason=reason,
        )
    )


async def resume(exchange: Exchange) -> web.Response:
    """`/resume`."""
    desk = await _desk(exchange)
    return await desk.answer_counter(_plain(commands.ResumeCounter, desk))


async def ask_help(exchange: Exchange) -> web.Response:
    """`/help`."""
    desk = await _desk(exchange)
    return await desk.answer_counter(_plain(commands.AskHelp, desk))


async def call_next(exchange: Exchange) -> web.Response:
    """`/next`."""
    desk = await _desk(exchange)
    return await desk.answer_next(
        commands.CallNext(
            by=desk.by,
            counter=desk.counter,
            channel=desk.channel,
            on_behalf=desk.on_behalf,
            commitments=desk.said.commitments(),
            ask=new_ask(),
        )
    )


async def call_number(exchange: Exchange) -> web.Response:
    """`/call`: the reason is one of a closed list; a keypad has one of its own."""
    body = await CALL.read(exchange)
    desk = Desk(exchange, body, body.reason)
    why = body.reason or ("keypad" if desk.channel == "device" else "")
    if why not in reasons.CALL:
        known = ", ".join(sorted(reasons.CALL))
        raise Problem(422, "reason-unknown" if why else "reason-needed", {"field": "reason", "known": known})
    command = commands.CallNumber(
        by=desk.by,
        counter=desk.counter,
        channel=desk.channel,
        on_behalf=desk.on_behalf,
        number=body.number,
        why=why,
        ask=new_ask(),
    )
    return await desk.answer_ticket(command, lambda outcome: outcome.board.by_number.get(body.number))


async def recall(exchange: Exchange) -> web.Response:
    """`/recall`."""
    desk = await _desk(exchange)
    return await desk.answer_ticket(_plain(commands.Recall, desk), desk.present)


async def start(exchange: Exchange) -> web.Response:
    """`/start`."""
    desk = await _desk(exchange)
    return await desk.answer_ticket(_plain(commands.StartService, desk), desk.present)


async def absent(exchange: Exchange) -> web.Response:
    """`/absent`."""
    desk = await _desk(exchange)
    return await desk.answer_ticket(_plain(commands.MarkAbsent, desk), desk.present)


async def hold(exchange: Exchange) -> web.Response:
    """`/hold`."""
    desk = await _desk(exchange)
    return await desk.answer_ticket(_plain(commands.HoldTicket, desk), desk.present)


async def send_away(exchange: Exchange) -> web.Response:
    """`/away`."""
    body = await AWAY.read(exchange)
    desk = Desk(exchange, body, body.reason)
    reason = desk.said.reason(body.reason, reasons.AWAY)
    command = commands.SendAway(
        by=desk.by,
        counter=desk.counter,
        channel=desk.channel,
        on_behalf=desk.on_behalf,
        commitments=desk.said.commitments(),
        reason=reason,
        procedures=body.procedures,
    )
    return await desk.answer_ticket(command, desk.present)


async def return_ticket(exchange: Exchange) -> web.Response:
    """`/return`."""
    body = await RETURN.read(exchange)
    desk = Desk(exchange, body, body.reason)
    desk.said.add("reason", body.reason)
    command = commands.ReturnTicket(
        by=desk.by,
        counter=desk.counter,
        channel=desk.channel,
        on_behalf=desk.on_behalf,
        commitments=desk.said.commitments(),
        number=body.number,
    )
    return await desk.answer_ticket(command, lambda outcome: outcome.board.by_number.get(body.number))


async def transfer(exchange: Exchange) -> web.Response:
    """`/transfer`."""
    body = await TRANSFER.read(exchange)
    desk = Desk(exchange, body, body.reason)
    if body.counter is not None and body.counter not in exchange.parts.engine.board.counters:
        raise Problem(422, "unknown-counter", {"field": "counter", "counter": body.counter})
    reason = desk.said.reason(body.reason, reasons.TRANSFER)
    command = commands.TransferTicket(
        by=desk.by,
        counter=desk.counter,
        channel=desk.channel,
        on_behalf=desk.on_behalf,
        service=None if body.service is None else ServiceId(body.service),
        to_counter=None if body.counter is None else CounterNumber(body.counter),
        keep_place=body.keep_place,
        then_return=body.then == "return",
        reason=reason,
        items=_items(desk.said, body.items),
        commitments=desk.said.commitments(),
    )
    return await desk.answer_ticket(command, desk.present, {"unknown-service": "service"})


async def finish(exchange: Exchange) -> web.Response:
    """`/finish`: a device knows no outcome."""
    body = await FINISH.read(exchange)
    desk = Desk(exchange, body, body.reason)
    if desk.channel == "device" and (body.items or body.outcome or body.dossiers):
        raise Problem(403, "forbidden", {"field": "items" if body.items else "outcome"})
    items = body.items
    if not items and (body.dossiers or body.outcome):
        dossiers = body.dossiers or (None,)
        items = tuple(requests.Item(outcome=body.outcome, dossier=one) for one in dossiers)
    desk.said.add("reason", body.reason)
    command = commands.FinishTicket(
        by=desk.by,
        counter=desk.counter,
        channel=desk.channel,
        on_behalf=desk.on_behalf,
        items=_items(desk.said, items),
        ask=new_ask(),
        commitments=desk.said.commitments(),
    )
    return await desk.answer_ticket(command, desk.present)


async def set_services(exchange: Exchange) -> web.Response:
    """`PUT /counters/{n}/services`."""
    body = await SERVICES.read(exchange)
    number, said = counter_in_path(exchange), Said()
    reason = said.reason(body.reason, reasons.MANAGE)
    command = commands.SetCounterServices(
        by=exchange.asker.actor,
        counter=number,
        services=tuple(ServiceId(one) for one in body.services),
        reason=reason,
        commitments=said.commitments(),
    )
    task = Task(
        command=command,
        shape=COUNTER,
        build=lambda outcome: show_counter(exchange, outcome.board, number),
        body=body,
        words=said.words(),
        in_path=NO_COUNTER,
        fields={"unknown-service": "services", "counter-serves-nothing": "services"},
    )
    return await act(exchange, task)


async def _desk(exchange: Exchange) -> Desk:
    """The desk of a call whose body is nothing but a manager's reason."""
    body = await AT_COUNTER.read(exchange)
    desk = Desk(exchange, body, body.reason)
    desk.said.add("reason", body.reason)
    return desk


Plain = (
    commands.ResumeCounter
    | commands.AskHelp
    | commands.Recall
    | commands.StartService
    | commands.MarkAbsent
    | commands.HoldTicket
)


def _plain(kind: type[Plain], desk: Desk) -> Plain:
    return kind(
        by=desk.by,
        counter=desk.counter,
        channel=desk.channel,
        on_behalf=desk.on_behalf,
        commitments=desk.said.commitments(),
    )


def _items(said: Said, items: tuple[requests.Item, ...]) -> tuple[Item, ...]:
    said.add_dossiers(tuple(one.dossier for one in items))
    return tuple(Item(procedure=one.procedure or "", outcome=one.outcome or "") for one in items)
