"""Ratings: one answer to one invitation, in time."""

from datetime import datetime
from typing import Literal

from queue_server.core.board import Ask, Board, rules_of
from queue_server.core.commands import RateVisit
from queue_server.core.events import AnyEvent, RatingGiven, RatingRefused
from queue_server.core.refusal import Refusal

Decision = tuple[AnyEvent, ...] | Refusal


def rate(board: Board, command: RateVisit, at: datetime) -> Decision:
    """The answer, or a counted refusal when it is late, repeated or was never asked for."""
    scores = {level.score for level in rules_of(board).scale.levels}
    if command.score not in scores:
        return Refusal("score-unknown", {"score": command.score, "known": ", ".join(map(str, sorted(scores)))})
    ask = _ask_of(board, command)
    why: Literal["late", "repeated", "unasked"]
    if ask is None:
        why = "unasked"
    elif ask.is_answered:
        why = "repeated"
    elif at > ask.expires_at:
        why = "late"
    else:
        reasons = tuple(one for one in command.reasons if one in rules_of(board).scale.reasons)
        return (RatingGiven(ask=ask.ask, ticket=ask.ticket, score=command.score, reasons=reasons, by=command.by),)
    return (RatingRefused(why=why, by=command.by),)


def _ask_of(board: Board, command: RateVisit) -> Ask | None:
    if command.ask is not None:
        return board.asks.get(command.ask)
    ticket = board.tickets.get(command.ticket) if command.ticket is not None else None
    return None if ticket is None or ticket.ask is None else board.asks.get(ticket.ask)
