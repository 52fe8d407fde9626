"""What the hall answers. Every key of the contract is always there; what is unknown is null.

Instants are local and carry their offset. `*_s` are whole seconds, left from this answer.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from queue_server.wire.fields import Bilingual, CounterDay, CounterState, Role, TicketState


class Error(Struct, frozen=True):
    """A no, with its code and the figures behind it."""

    code: str
    message: Bilingual
    detail: dict[str, str | int] = {}


class ErrorAnswer(Struct, frozen=True):
    """The body of every answer from 400 on."""

    error: Error


class StaffNotes(Struct, frozen=True, kw_only=True, gc=False):
    """What a clerk needs to know about a ticket and the public may not."""

    rank_class: int
    """0 ordinary, 1 to 9 priority, 90 bulk."""
    claimed_rank: int
    confirmed: bool
    """Whether a desk confirmed the priority."""
    items: int
    language: str | None
    waits_from: datetime
    recalls: int
    back_to: int | None
    reason: Bilingual | None
    """Why it was called, in full."""
    procedures: tuple[str, ...] = ()
    """What the citizen came for, by code."""
    dossiers: tuple[str, ...] = ()
    """Dossier codes given when the number was taken."""
    left_at: datetime | None = None
    """Since when it is held, away or absent."""
    left_why: Bilingual | None = None
    """The reason with which it was sent away."""
    booked_at: datetime | None = None
    """The time that was booked."""


class Ticket(Struct, frozen=True, kw_only=True):
    """One ticket."""

    id: str
    number: int
    shown: str
    """The number as it stands on paper, with its prefix."""
    service: str
    priority: str | None
    """The group, where the asker may know it."""
    state: TicketState
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    counter: int | None
    ahead: int | None
    expected_wait_s: int | None
    wait_p90_s: int | None
    head: str
    key: str | None
    url: str | None
    warning: str | None
    """A code where the citizen should be told something, such as `would-pass-closing`."""
    staff: StaffNotes | UnsetType = UNSET
    expected_because: Bilingual | UnsetType = UNSET
    """What `expected_wait_s` rests on, in a line; only where one ticket was asked for and it waits."""


class NextAnswer(Struct, frozen=True):
    """The answer of `/next`; the ticket is null when nobody waits."""

    ticket: Ticket | None


class LeasedNumber(Struct, frozen=True, kw_only=True, gc=False):
    """A number that a kiosk may issue, the ticket it becomes, and its key."""

    number: int
    id: str
    key: str


class Lease(Struct, frozen=True, kw_only=True):
    """A block of numbers for one kiosk, one service and one day."""

    day: date
    service: str
    numbers: tuple[LeasedNumber, ...]
    expires_at: datetime


class RefusedTicket(Struct, frozen=True, kw_only=True, gc=False):
    """A ticket that was handed over in vain, and why."""

    id: str
    code: str


class HandedOver(Struct, frozen=True, kw_only=True):
    """What became of a hand-over."""

    tickets: tuple[Ticket, ...]
    unused: int
    refused: tuple[RefusedTicket, ...]


class Promised(Struct, frozen=True, kw_only=True):
    """A first place at the next opening."""

    ticket: Ticket
    """Today's ticket, which ends here."""
    day: date
    service: str
    number: int
    shown: str
    id: str
    key: str


class BoardService(Struct, frozen=True, kw_only=True, gc=False):
    """A service on the board."""

    id: str
    name: Bilingual
    open: bool
    """Whether it gives tickets now."""
    waiting: int
    expected_wait_s: int | None
    wait_p90_s: int | None


class BoardCounter(Struct, frozen=True, kw_only=True):
    """A counter on the board."""

    number: int
    label: str
    state: CounterState
    services: tuple[str, ...]
    ticket: int | None


class BoardCall(Struct, frozen=True, kw_only=True, gc=False):
    """One call, with as much of its reason as the asker may know."""

    number: int
    counter: int
    at: datetime
    reason: Bilingual


class Board(Struct, frozen=True, kw_only=True):
    """The whole hall; last calls come newest first."""

    sequence: int
    at: datetime
    open: bool
    services: tuple[BoardService, ...]
    counters: tuple[BoardCounter, ...]
    calls: tuple[BoardCall, ...]


class Waiting(Struct, frozen=True, kw_only=True, gc=False):
    """One line of a counter's waiting list."""

    id: str
    number: int
    shown: str
    service: str
    priority: str | None
    rank_class: int
    confirmed: bool
    state: TicketState
    issued_at: datetime
    waits_from: datetime
    items: int
    ahead: int
    directed: bool
    """Whether it waits for this counter alone."""
    procedures: tuple[str, ...] = ()
    back: Literal["", "returned", "transferred"] = ""
    """Whether it was called before and waits again."""
    booked_at: datetime | None = None


class Counter(Struct, frozen=True, kw_only=True):
    """One counter as its clerk sees it; `waiting` is in call order and cut at 200."""

    number: int
    label: str
    state: CounterState
    clerk: str | None
    services: tuple[str, ...]
    ticket: Ticket | None
    held: tuple[Ticket, ...]
    away: tuple[Ticket, ...]
    absent: tuple[Ticket, ...]
    waiting: tuple[Waiting, ...]
    waiting_count: int
    at: datetime | None = None
    """The hall's time as this was made, for pages whose own clock is wrong."""
    clerk_id: str | None = None
    """Opaque; who is signed in recognises themselves by it."""
    paused: bool = False
    """Whether it takes no one after the present ticket."""
    today: CounterDay | None = None


class ServiceAnswer(Struct, frozen=True, kw_only=True):
    """A service after `/pause`, `/resume` or `/catch-up`."""

    id: str
    name: Bilingual
    paused: bool
    waiting: int
    caught_up: int = 0
    """Tickets marked as served by hand just now."""


class Rated(Struct, frozen=True, kw_only=True):
    """The answer was counted."""

    ask: str
    score: int


class RefusedRow(Struct, frozen=True, kw_only=True):
    """A line of a table that was not taken; the first line after the header is 2."""

    row: int
    code: str
    detail: dict[str, str | int] = {}


class BookingsTaken(Struct, frozen=True, kw_only=True):
    """What became of a table of bookings."""

    taken: int
    refused: tuple[RefusedRow, ...]


class EventRow(Struct, frozen=True, kw_only=True, gc=False):
    """One line of the journal, as it is exported; `body` is the very text that was hashed."""

    sequence: int
    at: str
    kind: str
    version: int
    body: str
    hash: str


class DayClosed(Struct, frozen=True, kw_only=True):
    """The day's seal."""

    day: date
    sequence: int
    seal: str


class ClockConfirmed(Struct, frozen=True, kw_only=True):
    """The time that a person vouched for."""

    now: datetime


class Session(Struct, frozen=True, kw_only=True):
    """Who is signed in. `csrf` goes back in the header `X-CSRF-Token` of every change."""

    actor: str
    name: str
    role: Role
    counter: int | None
    csrf: str
    expires_at: datetime | None
    password_change_needed: bool


class Pairing(Struct, frozen=True, kw_only=True):
    """A screen asks to be let in: it shows `code`, and asks `GET /pairing/{poll}` until an admin has approved it."""

    code: str
    poll: str
    expires_at: datetime


class PairingState(Struct, frozen=True, kw_only=True):
    """How far a pairing is. With `approved` the screen is signed in by its cookie, and has the token for other uses."""

    state: Literal["waiting", "approved"]
    token: str | UnsetType = UNSET
    """Given this once."""


class OpenPairing(Struct, frozen=True, kw_only=True):
    """A screen that waits to be let in."""

    code: str
    address: str
    began_at: datetime
    expires_at: datetime
    approved_as: str
    """The name given at approval; empty until then."""


class OpenPairings(Struct, frozen=True):
    """All screens that wait, the longest first."""

    pairings: tuple[OpenPairing, ...]


class Token(Struct, frozen=True, kw_only=True):
    """A token, without its secret."""

    id: str
    name: str
    role: Role
    counter: int | None


class Tokens(Struct, frozen=True):
    """All live tokens, by name."""

    tokens: tuple[Token, ...]


class IssuedToken(Struct, frozen=True, kw_only=True):
    """A new token; the secret is given this once."""

    token: str
    name: str
    role: Role
    counter: int | None


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who may sign in."""

    id: str
    login: str
    name: str
    role: Role
    counter: int | None
    """The counter they prefer."""
    password_change_needed: bool
    one_time_password: str | UnsetType = UNSET
    """Only in the answer that made it."""


class People(Struct, frozen=True):
    """Everybody who may sign in."""

    people: tuple[Person, ...]


class ReasonText(Struct, frozen=True, gc=False):
    """One reason of a closed list."""

    code: str
    text: Bilingual


class Reasons(Struct, frozen=True, kw_only=True):
    """The closed lists, each by code."""

    call: tuple[ReasonText, ...]
    transfer: tuple[ReasonText, ...]
    away: tuple[ReasonText, ...]
    cancel: tuple[ReasonText, ...]
    pause: tuple[ReasonText, ...]
    manage: tuple[ReasonText, ...]
    move: tuple[ReasonText, ...]
