"""What people, devices and the hall itself ask for. A command may be refused; it is never stored.

Ids, actors and commitments are made at the boundary and carried here, so that deciding needs no clock and no chance.
`commitments` maps a field's name to the salted SHA-256 of what the person said (see `events`).
"""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from queue_server.core.events import Item, Origin
from queue_server.core.ids import Actor, AskId, CounterNumber, LeaseId, ServiceId, TicketId
from queue_server.core.rules import Flag, HallRules

Channel = Literal["kiosk", "staff", "citizen"]


class Command(Struct, frozen=True, kw_only=True):
    """The base of all commands."""

    by: Actor


class WithWords(Command, frozen=True, kw_only=True):
    """A command that may carry words of a person, as commitments."""

    commitments: dict[str, str] = {}


# The hall


class Tick(Command, frozen=True, kw_only=True):
    """Do what is due by now: end the old day, open the new one, offer ratings whose time has come."""

    asks: tuple[AskId, ...] = ()
    """Ids for ratings that come due; those beyond their number wait for the next tick."""


class ConfigureHall(WithWords, frozen=True, kw_only=True):
    """Put these rules in force from now on."""

    rules: HallRules


class ConfirmClock(WithWords, frozen=True, kw_only=True):
    """A person vouches for the clock after an implausible start."""

    given: dict[str, int] = {}
    leased: dict[str, int] = {}
    """Numbers of the confirmed day that stand in the journal already, by service."""
    reason: str = ""


class SealDay(WithWords, frozen=True, kw_only=True):
    """End the day now instead of at midnight."""

    reason: str = ""


class PauseService(WithWords, frozen=True, kw_only=True):
    """Give no new tickets for a service."""

    service: ServiceId
    reason: str


class ResumeService(WithWords, frozen=True, kw_only=True):
    """Give tickets for a service again."""

    service: ServiceId
    reason: str


class CatchUp(WithWords, frozen=True, kw_only=True):
    """Mark the waiting tickets of a service up to a number as served by hand while the server was dead."""

    service: ServiceId
    through: int
    reason: str


# Tickets


class TakeTicket(WithWords, frozen=True, kw_only=True):
    """A citizen wants a number."""

    ticket: TicketId
    service: ServiceId
    origin: Origin
    group: str | None = None
    """The priority group claimed, by its id in the priority table."""
    items: int = 1
    procedures: tuple[str, ...] = ()
    booked_at: datetime | None = None
    person_services: tuple[ServiceId, ...] = ()
    """Services of the tickets that the same person was given today; filled by the engine."""
    has_person: Flag = 0
    forecast_s: int | None = None
    """Seconds until such a ticket would be called, when known."""
    slip: Literal["", "owed"] = ""


class HandedTicket(Struct, frozen=True, kw_only=True):
    """A ticket that a kiosk issued from its lease while it was cut off."""

    ticket: TicketId
    issued_at: datetime
    """By the kiosk's own clock."""
    group: str | None = None
    items: int = 1
    procedures: tuple[str, ...] = ()
    commitments: dict[str, str] = {}


class GrantLease(Command, frozen=True, kw_only=True):
    """A kiosk wants numbers of its own for a day, today or tomorrow."""

    lease: LeaseId
    service: ServiceId
    day: date
    tickets: tuple[TicketId, ...]
    """One id for each number wanted."""


class HandOver(Command, frozen=True, kw_only=True):
    """A kiosk hands in what it issued and hands back what it will not issue."""

    issued: tuple[HandedTicket, ...] = ()
    unused: tuple[TicketId, ...] = ()
    clock_error_ms: int = 0


class CancelTicket(WithWords, frozen=True, kw_only=True):
    """Give a ticket up."""

    ticket: TicketId
    channel: Channel
    reason: str


class MoveTicket(WithWords, frozen=True, kw_only=True):
    """Put a waiting ticket under another service."""

    ticket: TicketId
    service: ServiceId
    keep_place: bool
    reason: str


class SetPriority(WithWords, frozen=True, kw_only=True):
    """Confirm or give priority (`group`), or refuse it (`None`)."""

    ticket: TicketId
    group: str | None
    proof_seen: bool


class PromiseTomorrow(WithWords, frozen=True, kw_only=True):
    """Give an unserved visitor a first place at the next opening."""

    ticket: TicketId
    tomorrow: TicketId
    reason: str = ""


class RecordSlip(Command, frozen=True, kw_only=True):
    """A printer tells what became of a slip."""

    ticket: TicketId
    result: Literal["printed", "failed", "shown"]
    copy: int = 1


# Counters


class AtCounter(Command, frozen=True, kw_only=True):
    """The base of what happens at one counter."""

    counter: CounterNumber
    channel: Literal["page", "device"] = "page"
    on_behalf: bool = False
    """A manager acts for the clerk, with a reason that the commitments hold."""
    holds: str | None = None
    """What the one who asks saw at the counter: a ticket's id, empty for no ticket, None for not looking."""
    commitments: dict[str, str] = {}


class OpenCounter(AtCounter, frozen=True, kw_only=True):
    """Begin to call; a clerk takes a counter over from another only on purpose."""

    clerk: Actor | None = None
    take_over: bool = False


class CloseCounter(AtCounter, frozen=True, kw_only=True):
    """Stop calling and give back what waits for this counter alone."""

    ask: AskId


class PauseCounter(AtCounter, frozen=True, kw_only=True):
    """Take a short break."""

    reason: str


class ResumeCounter(AtCounter, frozen=True, kw_only=True):
    """Come back from a break."""


class AskHelp(AtCounter, frozen=True, kw_only=True):
    """Ask for a colleague."""


class SetCounterServices(AtCounter, frozen=True, kw_only=True):
    """Change what a counter serves today."""

    services: tuple[ServiceId, ...]
    reason: str


class CallNext(AtCounter, frozen=True, kw_only=True):
    """End what the counter holds and call who is next by the rules."""

    ask: AskId
    """The id of the rating that ending the present ticket offers."""


class CallNumber(AtCounter, frozen=True, kw_only=True):
    """Call one number out of order, with a reason from the closed list."""

    number: int
    why: str
    ask: AskId


class Recall(AtCounter, frozen=True, kw_only=True):
    """Announce the present call again."""


class StartService(AtCounter, frozen=True, kw_only=True):
    """The called citizen is at the desk."""


class MarkAbsent(AtCounter, frozen=True, kw_only=True):
    """The called citizen did not come."""


class HoldTicket(AtCounter, frozen=True, kw_only=True):
    """Let the citizen wait for this desk and go on with others."""


class SendAway(AtCounter, frozen=True, kw_only=True):
    """Let the citizen fetch or mend papers and come back without queueing."""

    reason: str
    procedures: tuple[str, ...] = ()


class ReturnTicket(AtCounter, frozen=True, kw_only=True):
    """A held, away or absent ticket waits again."""

    number: int


class TransferTicket(AtCounter, frozen=True, kw_only=True):
    """Pass the citizen on to a service or to one counter."""

    service: ServiceId | None = None
    to_counter: CounterNumber | None = None
    keep_place: bool = True
    then_return: bool = False
    reason: str
    items: tuple[Item, ...] = ()


class FinishTicket(AtCounter, frozen=True, kw_only=True):
    """The visit is over, with what was done for each procedure."""

    items: tuple[Item, ...] = ()
    ask: AskId


# Ratings


class RateVisit(Command, frozen=True, kw_only=True):
    """A citizen answers the invitation, named by itself or by its ticket."""

    ask: AskId | None = None
    ticket: TicketId | None = None
    score: int
    reasons: tuple[str, ...] = ()


AnyCommand = (
    Tick
    | ConfigureHall
    | ConfirmClock
    | SealDay
    | PauseService
    | ResumeService
    | CatchUp
    | TakeTicket
    | GrantLease
    | HandOver
    | CancelTicket
    | MoveTicket
    | SetPriority
    | PromiseTomorrow
    | RecordSlip
    | OpenCounter
    | CloseCounter
    | PauseCounter
    | ResumeCounter
    | AskHelp
    | SetCounterServices
    | CallNext
    | CallNumber
    | Recall
    | StartService
    | MarkAbsent
    | HoldTicket
    | SendAway
    | ReturnTicket
    | TransferTicket
    | FinishTicket
    | RateVisit
)
"""Every command there is; a new one must be decided in `decide` before it type-checks."""
