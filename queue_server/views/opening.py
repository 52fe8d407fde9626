"""Whether the hall and its services give tickets now, when they do so again, and what the public should know of it."""

from datetime import datetime, time

from queue_server.core.board import Board, Service
from queue_server.core.calendar import desk_is_open, next_opening, ticket_session
from queue_server.core.deciding.tickets import exhausted, next_number
from queue_server.presenting import phrases
from queue_server.presenting.texts import Texts, Tongue
from queue_server.wire.fields import Bilingual, ServiceState
from queue_server.wire.screens import Notice


def is_open(board: Board, at: datetime) -> bool:
    """Whether tickets are given or desks work."""
    return gives_tickets(board, at) or (_is_today(board, at) and desk_is_open(board.sessions, at))


def gives_tickets(board: Board, at: datetime) -> bool:
    """Whether the hall gives tickets at all."""
    return _is_today(board, at) and ticket_session(board.sessions, at) is not None


def _is_today(board: Board, at: datetime) -> bool:
    return board.day == at.date() and not board.is_sealed


def service_state(board: Board, service: Service, at: datetime) -> ServiceState:
    """Whether a citizen would be given a number of this service now, and if not, why."""
    session = ticket_session(board.sessions, at) if _is_today(board, at) else None
    if session is None:
        return "closed"
    if service.is_paused:
        return "paused"
    return "open" if _spent(board, service, session) is None else "no-numbers"


def _spent(board: Board, service: Service, session: int) -> str | None:
    return exhausted(service, session, has_number=next_number(board, service) is not None)


def hall_opens_at(board: Board, at: datetime) -> datetime | None:
    """When tickets are given again; None while they are given, or when no opening is known."""
    return None if gives_tickets(board, at) else _next(board, at)


def service_opens_at(board: Board, service: Service, state: ServiceState, at: datetime) -> datetime | None:
    """When this service gives tickets again; a pause ends when a manager says so, which nobody knows ahead."""
    if state in {"open", "paused"}:
        return None
    session = ticket_session(board.sessions, at)
    is_spent_for_the_day = state == "no-numbers" and session is not None
    if is_spent_for_the_day and session is not None and _spent(board, service, session) != "session-limit":
        return _next(board, _day_end(at))
    return _next(board, at)


def _next(board: Board, at: datetime) -> datetime | None:
    if board.rules is None:
        return None
    after = _day_end(at) if board.is_sealed and board.day == at.date() else at
    opening = next_opening(board.rules.calendar, after)
    return None if opening is None else opening.at


def _day_end(at: datetime) -> datetime:
    return datetime.combine(at.date(), time(23, 59, 59), at.tzinfo)


# Notices


def notices(board: Board, at: datetime, texts: Texts) -> tuple[Notice, ...]:
    """What everybody in the hall should read now."""
    if board.rules is None or board.day is None:
        return (Notice("starting", texts.both("notice.starting")),)
    if gives_tickets(board, at):
        return ()
    opens = hall_opens_at(board, at)
    if opens is None:
        return (Notice("closed", texts.both("notice.closed")),)
    if opens.date() != at.date():
        return (Notice("closed-until", _with_opening(texts, "notice.closed-until", at, opens)),)
    minute = at.hour * 60 + at.minute
    was_open = any(session.ticket_from <= minute for session in board.sessions)
    code = "lunch" if was_open and board.rules.policy.carry_over else "not-yet-open"
    return (Notice(code, _with_clock(texts, f"notice.{code}", opens)),)


def service_notice(state: ServiceState, opens: datetime | None, at: datetime, texts: Texts) -> Bilingual | None:
    """Why this tile gives no number; a closed hall says it once for all tiles."""
    match state:
        case "open" | "closed":
            return None
        case "paused":
            return texts.both("notice.service-paused")
        case "no-numbers" if opens is None:
            return texts.both("notice.no-numbers")
        case "no-numbers":
            return _with_opening(texts, "notice.no-numbers-until", at, opens)


def _with_opening(texts: Texts, key: str, now: datetime, opens: datetime) -> Bilingual:
    def said(tongue: Tongue) -> dict[str, str | int]:
        return {"opening": phrases.opening(texts, tongue, now=now, opens=opens)}

    return texts.both(key, said("vi"), said("en"))


def _with_clock(texts: Texts, key: str, opens: datetime) -> Bilingual:
    return texts.both(key, {"clock": phrases.clock(texts, "vi", opens)}, {"clock": phrases.clock(texts, "en", opens)})
