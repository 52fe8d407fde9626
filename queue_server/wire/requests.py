"""The bodies that the hall takes. An unknown field is refused by name; so is a value outside its bounds.

Where a body has no required field, an empty body stands for `{}`. `reason` may come with every counter call: a manager
who acts for a clerk must give one. Times come with an offset, texts in NFC (see `hygiene`).
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from queue_server.wire.fields import (
    ITEMS_MAX,
    LEASE_NUMBERS_MAX,
    SERVICES_MAX,
    AskName,
    CounterName,
    DossierCode,
    Dossiers,
    GroupName,
    Instant,
    Items,
    Key,
    LanguageTag,
    NeededReason,
    Number,
    Outcome,
    PersonHash,
    ProcedureCode,
    Procedures,
    Reason,
    Role,
    ServiceName,
    TicketName,
)


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all bodies."""


# Tickets


class TakeTicket(Body, frozen=True, kw_only=True):
    """`POST /tickets`."""

    service: ServiceName
    priority: GroupName | None = None
    """The priority group claimed, by its id in the priority table."""
    language: LanguageTag | None = None
    procedures: Procedures = ()
    items: Items = 1
    dossiers: Dossiers = ()
    person: PersonHash | None = None


class CancelTicket(Body, frozen=True, kw_only=True):
    """`POST /tickets/{id}/cancel`."""

    reason: Reason = ""


class MoveTicket(Body, frozen=True, kw_only=True):
    """`POST /tickets/{id}/move`."""

    service: ServiceName
    reason: NeededReason
    keep_place: bool = True


class SetPriority(Body, frozen=True, kw_only=True):
    """`POST /tickets/{id}/priority`; a `group` of null refuses what was claimed, so it may not be left out."""

    group: GroupName | None
    proof_seen: bool = False
    reason: Reason = ""


class PromiseTomorrow(Body, frozen=True, kw_only=True):
    """`POST /tickets/{id}/tomorrow`."""

    reason: Reason = ""


class RecordSlip(Body, frozen=True, kw_only=True):
    """`POST /tickets/{id}/slip`: what became of the paper."""

    result: Literal["printed", "failed", "shown"]
    copy: Annotated[int, Meta(ge=1, le=99)] = 1


class Lease(Body, frozen=True, kw_only=True):
    """`POST /leases`."""

    service: ServiceName
    count: Annotated[int, Meta(ge=1, le=LEASE_NUMBERS_MAX)] = 20
    day: date | None = None
    """Today or tomorrow; today when left out."""


class HandedTicket(Body, frozen=True, kw_only=True):
    """A ticket that a kiosk issued while it was cut off."""

    id: TicketName
    issued_at: Instant
    """By the kiosk's own clock."""
    priority: GroupName | None = None
    language: LanguageTag | None = None
    procedures: Procedures = ()
    items: Items = 1
    dossiers: Dossiers = ()
    person: PersonHash | None = None


class HandOver(Body, frozen=True, kw_only=True):
    """`POST /tickets/handover`."""

    tickets: Annotated[tuple[HandedTicket, ...], Meta(max_length=LEASE_NUMBERS_MAX)] = ()
    unused: Annotated[tuple[TicketName, ...], Meta(max_length=LEASE_NUMBERS_MAX)] = ()
    now: Instant
    """The kiosk's clock as it sends this, from which its error is known."""


# Counters


class AtCounter(Body, frozen=True, kw_only=True):
    """`/close`, `/pause`, `/resume`, `/help`, `/next`, `/recall`, `/start`, `/absent`, `/hold` of a counter."""

    reason: Reason = ""
    holds: Annotated[str, Meta(max_length=64)] | None = None
    """Act only while the counter holds the ticket with this id, or no ticket where it is empty; else 409."""


class OpenCounter(AtCounter, frozen=True, kw_only=True):
    """`/open`."""

    take_over: bool = False
    """Take the counter from the clerk who is signed in there."""


class CallNumber(AtCounter, frozen=True, kw_only=True):
    """`/call`: `reason` is a code of the closed list."""

    number: Number


class SendAway(AtCounter, frozen=True, kw_only=True):
    """`/away`."""

    reason: NeededReason
    procedures: Procedures = ()


class ReturnTicket(AtCounter, frozen=True, kw_only=True):
    """`/return`."""

    number: Number


class Item(Body, frozen=True, kw_only=True):
    """What was done for one procedure."""

    procedure: ProcedureCode | None = None
    outcome: Outcome | None = None
    dossier: DossierCode | None = None


ItemList = Annotated[tuple[Item, ...], Meta(max_length=ITEMS_MAX)]


class TransferTicket(AtCounter, frozen=True, kw_only=True):
    """`/transfer`: to a service or to one counter; without either, to the hall's default target."""

    service: ServiceName | None = None
    counter: CounterName | None = None
    keep_place: bool = True
    then: Literal["return"] | None = None
    items: ItemList = ()

    def __post_init__(self) -> None:
        """Refuse two targets."""
        if self.service is not None and self.counter is not None:
            raise ValueError("Give `service` or `counter`, not both")


class FinishTicket(AtCounter, frozen=True, kw_only=True):
    """`/finish`: items one by one, or the shorthand of one outcome for all dossiers."""

    items: ItemList = ()
    outcome: Outcome | None = None
    dossiers: Dossiers = ()

    def __post_init__(self) -> None:
        """Refuse both forms at once."""
        if self.items and (self.outcome is not None or self.dossiers):
            raise ValueError("Give `items`, or `outcome` with `dossiers`, not both")


class AskForPerson(Body, frozen=True, kw_only=True):
    """`POST /kiosk/help`: nothing to say."""


class HelpDone(Body, frozen=True, kw_only=True):
    """`POST /kiosk/help/done`."""

    kiosk: Annotated[str, Meta(max_length=64)] = ""
    """The kiosk's opaque id, or the id of its call; a kiosk itself leaves it out."""


class CounterHelpDone(Body, frozen=True, kw_only=True):
    """`POST /counters/{n}/help/done`: nothing to say."""


class SetServices(Body, frozen=True, kw_only=True):
    """`PUT /counters/{n}/services`, in the counter's own order."""

    services: Annotated[tuple[ServiceName, ...], Meta(max_length=SERVICES_MAX)]
    reason: NeededReason

    def __post_init__(self) -> None:
        """Refuse a service named twice."""
        twice = sorted({one for one in self.services if self.services.count(one) > 1})
        if twice:
            raise ValueError(f"`services` names {twice[0]} twice")


# The hall


class PauseService(Body, frozen=True, kw_only=True):
    """`POST /services/{id}/pause` and `/resume`."""

    reason: NeededReason


class CatchUp(Body, frozen=True, kw_only=True):
    """`POST /services/{id}/catch-up`."""

    through: Number
    reason: NeededReason


class CloseDay(Body, frozen=True, kw_only=True):
    """`POST /day/close`: seal the day now."""

    reason: NeededReason


class ConfirmClock(Body, frozen=True, kw_only=True):
    """`POST /clock/confirm`."""

    reason: Reason = ""


class Rate(Body, frozen=True, kw_only=True):
    """`POST /ratings`: an answer to `ask`, or to the visit of `ticket` with its `key`."""

    ask: AskName | None = None
    ticket: TicketName | None = None
    key: Key | None = None
    score: Annotated[int, Meta(ge=0, le=100)]
    reasons: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=10)] = ()

    def __post_init__(self) -> None:
        """Refuse an answer to nothing, or to two things."""
        if (self.ask is None) == (self.ticket is None):
            raise ValueError("Give `ask`, or `ticket` with `key`")


class CheckIn(Body, frozen=True, kw_only=True):
    """`POST /checkin`: the code of a booking, typed or scanned."""

    code: Annotated[str, Meta(min_length=1, max_length=200)]


# People


Login = Annotated[str, Meta(min_length=1, max_length=64)]
Password = Annotated[str, Meta(min_length=1, max_length=256)]


class SignIn(Body, frozen=True, kw_only=True):
    """`POST /session`."""

    login: Login
    password: Password


class ChangePassword(Body, frozen=True, kw_only=True):
    """`PUT /session/password`."""

    password: Password
    """The present one."""
    new_password: Password


class ApprovePairing(Body, frozen=True, kw_only=True):
    """`POST /pairing/{code}/approve`: an admin lets a screen in."""

    role: Role
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    counter: CounterName | None = None


class AddPerson(Body, frozen=True, kw_only=True):
    """`POST /people`."""

    login: Login
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role
    counter: CounterName | None = None
    """The counter they prefer."""


class ChangePerson(Body, frozen=True, kw_only=True):
    """`PUT /people/{login}`: what is left out stays."""

    name: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    role: Role | None = None
    counter: CounterName | UnsetType | None = UNSET


class ResetPassword(Body, frozen=True, kw_only=True):
    """`POST /people/{login}/password`: a new one-time password."""


class AddToken(Body, frozen=True, kw_only=True):
    """`POST /tokens`."""

    role: Role
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    counter: CounterName | None = None


class StartPairing(Body, frozen=True, kw_only=True):
    """`POST /pairing`: nothing to say."""
