"""What must be done in the world after an event is committed. Effects are values; links and screens carry them out."""

from msgspec import Struct

from queue_server.core.ids import AskId, CounterNumber, TicketId


class Effect(Struct, frozen=True, kw_only=True):
    """The base of all effects."""


class AnnounceTicket(Effect, frozen=True, kw_only=True):
    """Show and speak a call. The event's sequence is its identity: a screen that has it does not say it again."""

    sequence: int
    ticket: TicketId
    number: int
    counter: CounterNumber
    repeat: bool


class ShowAtCounter(Effect, frozen=True, kw_only=True):
    """The counter's panel and page have something new to show."""

    counter: CounterNumber


class PrintSlip(Effect, frozen=True, kw_only=True):
    """A server printer owes a citizen this slip until a `slip-printed` event says otherwise."""

    ticket: TicketId


class AskForRating(Effect, frozen=True, kw_only=True):
    """Ask at the counter's rating box how the visit was."""

    ask: AskId
    ticket: TicketId
    counter: CounterNumber


class WithdrawRating(Effect, frozen=True, kw_only=True):
    """The rating box at this counter asks no longer."""

    ask: AskId
    counter: CounterNumber


class CallForHelp(Effect, frozen=True, kw_only=True):
    """Tell the manager and the guide that a counter needs a colleague."""

    counter: CounterNumber


class SealReport(Effect, frozen=True, kw_only=True):
    """The day has a seal: the closing report can be printed."""

    sequence: int


AnyEffect = AnnounceTicket | ShowAtCounter | PrintSlip | AskForRating | WithdrawRating | CallForHelp | SealReport
