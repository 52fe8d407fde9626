"""One ticket, as its holder or the staff may see it; each `POST /tickets` passes here: no loop over those who wait."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from queue_server.core.board import Board, State, Ticket
from queue_server.core.ids import ServiceId, TicketId
from queue_server.core.numbers import index_of
from queue_server.presenting.texts import Texts
from queue_server.views.names import full_reason
from queue_server.views.waits import Wait
from queue_server.wire import answers
from queue_server.wire.fields import TicketState

Words = Mapping[TicketId, Mapping[str, str]]
"""What persons said today, by ticket and name: `group`, `language` and others."""
NO_WORDS: Words = MappingProxyType({})
_NOTHING_SAID: Mapping[str, str] = MappingProxyType({})

STATE_NAMES: dict[State, TicketState] = {
    State.WAITING: "waiting",
    State.CALLED: "called",
    State.SERVING: "serving",
    State.FINISHED: "finished",
    State.HELD: "held",
    State.AWAY: "away",
    State.ABSENT: "absent",
    State.CANCELLED: "cancelled",
    State.EXPIRED: "expired",
}


def ticket_view(
    board: Board,
    ticket: Ticket,
    *,
    ahead: int | None,
    wait: Wait | None,
    head: str,
    key: str | None = None,
    url: str | None = None,
    group: str | None = None,
    notes: answers.StaffNotes | None = None,
) -> answers.Ticket:
    """The ticket; `group` and `notes` only for an asker who may know them, `key` and `url` only for the issuer."""
    # Caught-up tickets end without a call: when they were served is unknown.
    is_timed = ticket.state is State.FINISHED and ticket.called_at is not None
    view = answers.Ticket(
        id=ticket.id,
        number=ticket.number,
        shown=shown(board, ticket),
        service=ticket.service,
        priority=group,
        state=STATE_NAMES[ticket.state],
        issued_at=ticket.issued_at,
        called_at=ticket.called_at,
        started_at=ticket.started_at,
        finished_at=ticket.ended_at if is_timed else None,
        counter=ticket.counter,
        ahead=ahead,
        expected_wait_s=None if wait is None else wait[0],
        wait_p90_s=None if wait is None else wait[1],
        head=head,
        key=key,
        url=url,
        warning="would-pass-closing" if ticket.is_warned else None,
    )
    return view if notes is None else replace(view, staff=notes)


def shown(board: Board, ticket: Ticket) -> str:
    """The number as it stands on paper and screens."""
    return f"{prefix_of(board, ticket.service, ticket.number)}{ticket.number}"


def prefix_of(board: Board, service: ServiceId, number: int) -> str:
    """The prefix on paper: that of the service whose number it is, wherever the ticket has moved since."""
    rules = board.services[service].rules
    if index_of(rules.ranges, number) is not None:
        return rules.prefix
    for one in board.services.values():  # It has moved.
        if index_of(one.rules.ranges, number) is not None:
            return one.rules.prefix
    return rules.prefix


def staff_notes(board: Board, ticket: Ticket, texts: Texts, words: Words = NO_WORDS) -> answers.StaffNotes:
    """What the staff may know beside the public facts."""
    said = words.get(ticket.id, _NOTHING_SAID)
    return answers.StaffNotes(
        rank_class=ticket.rank_class,
        claimed_rank=ticket.claimed_rank,
        confirmed=ticket.is_confirmed,
        items=ticket.items,
        language=said.get("language"),
        waits_from=ticket.waits_from,
        recalls=ticket.recalls,
        back_to=ticket.back_to,
        reason=None if ticket.reason is None else full_reason(board, ticket.reason, texts),
        procedures=ticket.procedures,
        dossiers=dossiers_of(said),
        left_at=ticket.left_at,
        left_why=texts.both(f"reason.{ticket.left_why}") if ticket.left_why else None,
        booked_at=ticket.booked_at,
    )


def dossiers_of(said: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of the dossiers, in the order in which they were given."""
    return tuple(said[name] for name in sorted(said, key=_by_position) if name.startswith("dossier."))


def _by_position(name: str) -> int:
    position = name.rpartition(".")[2]
    return int(position) if position.isdigit() else 0


def staff_view(
    board: Board, ticket: Ticket, *, head: str, texts: Texts, words: Words, ahead: int | None = None
) -> answers.Ticket:
    """A ticket on a clerk's page."""
    notes = staff_notes(board, ticket, texts, words)
    return ticket_view(board, ticket, ahead=ahead, wait=None, head=head, group=group_of(ticket.id, words), notes=notes)


def group_of(ticket: TicketId, words: Words) -> str | None:
    """The priority group that was claimed or confirmed."""
    return words.get(ticket, _NOTHING_SAID).get("group")
