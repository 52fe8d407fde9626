"""Follows the tickets of one service day, event by event."""

from datetime import date, datetime

from queue_server.core.calendar import desk_opening, sessions_on
from queue_server.core.events import (
    AnyEvent,
    ClockConfirmed,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterServicesSet,
    DayOpened,
    DaySealed,
    HallConfigured,
    HallCreated,
    HelpAsked,
    Item,
    LeaseGranted,
    NumbersUnused,
    PriorityDecided,
    RatingGiven,
    RatingOffered,
    RatingRefused,
    ServicePaused,
    ServiceResumed,
    ServiceStarted,
    SlipPrinted,
    TicketAbsent,
    TicketCalled,
    TicketCancelled,
    TicketCaughtUp,
    TicketExpired,
    TicketFinished,
    TicketHandedLate,
    TicketHeld,
    TicketIssued,
    TicketMoved,
    TicketRecalled,
    TicketRefused,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
    TomorrowPromised,
)
from queue_server.core.ids import AskId, CounterNumber, ServiceId, TicketId
from queue_server.core.rules import HallRules, Session
from queue_server.reports.journeys import Answer, End, Journey, Visit
from queue_server.reports.opening_hours import (
    Span,
    crosses_a_break,
    milliseconds,
    open_milliseconds,
    open_spans,
)

NO_NUMBERS = frozenset({"no-numbers", "daily-limit", "session-limit"})
"""Refusals that told a citizen: no numbers are left. A refusal because of closing time is another matter."""

DOSSIER = "dossier."
"""The name of a commitment to a dossier's code begins so; its number follows."""

Scales = dict[tuple[str, int], dict[int, Answer]]
"""What each score counts as, by id and version of the scale."""


class DayLedger:
    """The journeys of one service day.

    Lifetime: from one day-opened event to the next. Concurrency: none; one fold owns it.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self.journeys: dict[TicketId, Journey] = {}
        self.refused: list[tuple[ServiceId, int]] = []
        """Service and hour of each refusal for want of numbers."""
        self._sessions: tuple[Session, ...] = ()
        self._scales: Scales = {}
        self._spans: tuple[Span, ...] | None = None
        self._clerks: dict[CounterNumber, str] = {}
        self._asks: dict[AskId, tuple[Visit, str, int]] = {}

    def configure(self, rules: HallRules, scales: Scales) -> None:
        """From here these rules hold; what was measured before stays."""
        self._sessions, self._scales = sessions_on(rules.calendar, self.day), scales
        self._spans = None

    def follow(self, event: AnyEvent, at: datetime) -> None:
        """Take in one event of the day; kinds that change no figure are passed over."""
        match event:
            case TicketIssued():
                self._issue(event, at)
            case TicketCalled():
                self._call(event, at)
            case ServiceStarted():
                self._start(event, at)
            case TicketFinished():
                self._finish(event, at)
            case RatingOffered():
                self._offer(event)
            case RatingGiven():
                self._rate(event)
            case TicketTransferred():
                self._transfer(event, at)
            case TicketHeld() | TicketSentAway():
                self._leave(self.journeys[event.ticket], at)
            case TicketAbsent():
                self._miss(self.journeys[event.ticket])
            case TicketReturned():
                self._return(self.journeys[event.ticket], at)
            case TicketCancelled():
                self._give_up(event.ticket, "cancelled")
            case TicketExpired() | TomorrowPromised():
                self._give_up(event.ticket, "expired")
            case TicketCaughtUp():
                self._catch_up(event.ticket)
            case TicketMoved() | PriorityDecided() | CounterOpened() | CounterClosed() | TicketRefused():
                self._note(event, at)
            case HallCreated() | HallConfigured() | ClockConfirmed() | DayOpened() | DaySealed():
                pass  # The fold that owns this ledger acts on those that matter.
            case ServicePaused() | ServiceResumed() | LeaseGranted() | NumbersUnused() | SlipPrinted():
                pass  # No figure is made of these and of the next.
            case (
                TicketHandedLate()
                | TicketRecalled()
                | CounterPaused()
                | CounterResumed()
                | CounterServicesSet()
                | HelpAsked()
            ):
                pass
            case RatingRefused():
                pass

    def _issue(self, event: TicketIssued, at: datetime) -> None:
        issued_at = event.issued_at or at
        opening = desk_opening(self._sessions, event.session, issued_at)
        waits_from = opening if event.booked_at is None else max(opening, event.booked_at)
        # A promised place is issued at midnight; nobody stood before the doors with it since then.
        came_at = opening if event.origin == "promise" else issued_at
        visit = Visit(service=event.service, first_from=milliseconds(waits_from))
        self.journeys[event.ticket] = Journey(
            day=self.day,
            hour=came_at.hour,
            before_opening=milliseconds(opening) - milliseconds(came_at),
            visits=[visit],
            is_offline=event.origin == "lease",
            has_claimed=event.claimed_rank > 0,
            asked_for=event.procedures,
            brought=sum(name.startswith(DOSSIER) for name in event.commitments),
        )

    def _call(self, event: TicketCalled, at: datetime) -> None:
        journey = self.journeys[event.ticket]
        visit = journey.visits[-1]
        if visit.end == "served":  # A held or away ticket called by its number: when it came back is not known.
            visit = Visit(service=visit.service)
            journey.visits.append(visit)
        visit.end = journey.end = "open"
        visit.called, visit.started, visit.waited_until = milliseconds(at), None, None
        visit.counter, visit.clerk = event.counter, self._clerks.get(event.counter, "")
        journey.is_at_desk = True

    def _start(self, event: ServiceStarted, at: datetime) -> None:
        visit = self.journeys[event.ticket].visits[-1]
        visit.started = milliseconds(at)
        self._end_wait(visit, visit.started, at)

    def _finish(self, event: TicketFinished, at: datetime) -> None:
        journey = self.journeys[event.ticket]
        if event.ended_by == "catch-up":
            self._catch_up(event.ticket)
            return
        visit = journey.visits[-1]
        self._leave(journey, at)
        visit.is_doubtful, visit.is_inaccurate = event.doubtful == 1, event.inaccurate == 1
        _take_items(journey, visit, event.items, event.commitments)
        visit.end = journey.end = "served"

    def _transfer(self, event: TicketTransferred, at: datetime) -> None:
        journey = self.journeys[event.ticket]
        self._leave(journey, at)
        _take_items(journey, journey.visits[-1], event.items, event.commitments)
        journey.visits.append(Visit(service=event.service, second_from=milliseconds(at)))
        journey.end = "open"

    def _miss(self, journey: Journey) -> None:
        visit = journey.visits[-1]
        visit.end = journey.end = "absent"
        visit.waited_until = None
        journey.is_at_desk = False

    def _return(self, journey: Journey, at: datetime) -> None:
        visit = journey.visits[-1]
        journey.is_at_desk = False
        journey.end = "open"
        if visit.end == "served":
            journey.visits.append(Visit(service=visit.service, return_from=milliseconds(at)))
            return
        if visit.end == "absent":
            visit.return_from = milliseconds(at)
        visit.end = "open"
        visit.waited_until = None  # A called or waiting ticket given back by a closing counter waits on.

    def _give_up(self, ticket: TicketId, end: End) -> None:
        journey = self.journeys[ticket]
        visit = journey.visits[-1]
        if visit.end != "served":  # A held or away ticket has no visit in progress that could end.
            visit.end = end
        journey.end = end
        journey.is_at_desk = False

    def _catch_up(self, ticket: TicketId) -> None:
        journey = self.journeys[ticket]
        visit = journey.visits[-1]
        visit.end = journey.end = "served"
        visit.is_inaccurate = True
        journey.is_at_desk = False

    def _leave(self, journey: Journey, at: datetime) -> None:
        visit = journey.visits[-1]
        if not journey.is_at_desk:
            return
        if visit.waited_until is None and visit.called is not None:
            self._end_wait(visit, visit.called, at)
        visit.left = milliseconds(at)
        visit.end = "served"
        journey.is_at_desk = False

    def _end_wait(self, visit: Visit, until: int, at: datetime) -> None:
        visit.waited_until = until
        if visit.first_from is not None:
            spans = self._spans_of(at)
            visit.open_hours = open_milliseconds(spans, visit.first_from, until)
            visit.crosses_break = crosses_a_break(spans, visit.first_from, until)

    def _spans_of(self, at: datetime) -> tuple[Span, ...]:
        if self._spans is None:
            self._spans = open_spans(self._sessions, self.day, at)
        return self._spans

    def _offer(self, event: RatingOffered) -> None:
        visits = self.journeys[event.ticket].visits
        visit = next((visit for visit in reversed(visits) if visit.counter == event.counter), visits[-1])
        visit.is_asked = True
        self._asks[event.ask] = (visit, event.scale, event.scale_version)

    def _rate(self, event: RatingGiven) -> None:
        asked = self._asks.get(event.ask)
        if asked is None:  # Asked on an earlier day; the day that asked is already counted.
            return
        visit, scale, version = asked
        visit.is_rated = True
        visit.answer = self._scales.get((scale, version), {}).get(event.score, "")

    def _note(
        self, event: TicketMoved | PriorityDecided | CounterOpened | CounterClosed | TicketRefused, at: datetime
    ) -> None:
        match event:
            case TicketMoved():
                self.journeys[event.ticket].visits[-1].service = event.service
            case PriorityDecided():
                self.journeys[event.ticket].is_confirmed = event.confirmed == 1
            case CounterOpened():
                self._clerks[event.counter] = event.clerk or ""
            case CounterClosed():
                self._clerks.pop(event.counter, None)
            case TicketRefused() if event.why in NO_NUMBERS:
                self.refused.append((event.service, at.hour))
            case TicketRefused():
                pass


def _take_items(journey: Journey, visit: Visit, items: tuple[Item, ...], commitments: dict[str, str]) -> None:
    for item in items:
        if item.procedure and item.procedure not in journey.done:
            journey.done.append(item.procedure)
    for name in commitments:
        if name.startswith(DOSSIER):
            index = int(name.removeprefix(DOSSIER))
            visit.dossiers.append(items[index].procedure if index < len(items) else "")
