"""How a counter's present ticket ends, whoever ends it, and the rating that is offered then."""

from datetime import datetime, timedelta

from queue_server.core.board import Board, Counter, State, Ticket, rules_of
from queue_server.core.events import AnyEvent, EndedBy, Item, RatingOffered, TicketFinished, TicketTransferred
from queue_server.core.ids import Actor, AskId


def end_present(
    board: Board,
    counter: Counter,
    at: datetime,
    *,
    by: Actor,
    ended_by: EndedBy,
    ask: AskId,
    items: tuple[Item, ...] = (),
    commitments: dict[str, str] | None = None,
) -> tuple[AnyEvent, ...]:
    """End what the counter holds, if anything: finished with a rating offered, or back to the desk it came from."""
    if counter.ticket is None:
        return ()
    ticket = board.tickets[counter.ticket]
    if ticket.back_to is not None and ticket.back_to != counter.rules.number:
        return (_sent_back(board, ticket, counter, by, items, commitments or {}),)
    assert ticket.called_at is not None, f"ticket {ticket.id} is served on an open day"
    is_short = (at - ticket.called_at).total_seconds() < rules_of(board).settings.min_service_s
    is_doubtful = ended_by in {"next", "close"} and ticket.state is State.CALLED and is_short
    finished = TicketFinished(
        ticket=ticket.id,
        counter=counter.rules.number,
        ended_by=ended_by,
        items=items,
        doubtful=1 if is_doubtful else 0,
        by=by,
        commitments=commitments or {},
    )
    return (finished,) if is_doubtful else (finished, *offer_rating(board, ticket, at, ask))


def offer_rating(board: Board, ticket: Ticket, at: datetime, ask: AskId) -> tuple[AnyEvent, ...]:
    """The invitation to rate this visit, unless it was made before or the hall has no id for it."""
    if ticket.ask is not None or not ask or ticket.counter is None:
        return ()
    offered = RatingOffered(
        ask=ask,
        ticket=ticket.id,
        counter=ticket.counter,
        scale=rules_of(board).scale.id,
        scale_version=rules_of(board).scale.version,
        expires_at=at + timedelta(seconds=rules_of(board).settings.rating_open_s),
    )
    return (offered,)


def _sent_back(
    board: Board, ticket: Ticket, counter: Counter, by: Actor, items: tuple[Item, ...], commitments: dict[str, str]
) -> TicketTransferred:
    origin = board.counters.get(ticket.back_to) if ticket.back_to is not None else None
    return TicketTransferred(
        ticket=ticket.id,
        from_counter=counter.rules.number,
        service=ticket.back_service or ticket.service,
        counter=ticket.back_to if origin is not None and origin.is_open else None,
        reason="return",
        items=items,
        by=by,
        commitments=commitments,
    )
