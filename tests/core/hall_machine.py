"""A hall that is driven at random; what must hold is written in the machine's docstring."""

from datetime import timedelta
from typing import Literal

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from queue_server.core import commands
from queue_server.core.board import Board, State, rules_of
from queue_server.core.decide import decide
from queue_server.core.events import AnyEvent, HallCreated
from queue_server.core.evolve import evolve
from queue_server.core.ids import HALL_ITSELF, Actor, AskId, CounterNumber, LeaseId, ServiceId, TicketId
from queue_server.core.react import react, resume
from queue_server.core.refusal import Refusal
from queue_server.core.rules import PolicyRules
from queue_server.journal.codec import decode_row, encode_row, genesis_hash
from tests.core.canonical import canonical
from tests.core.chronicle import Chronicle
from tests.core.invariants import check_board
from tests.core.machine_rules import (
    CALLER,
    CHANNEL,
    COUNTER,
    JUMPS_S,
    PICK,
    POLICY,
    SERVICE,
    A,
    B,
    C,
    reconfigured,
    small_rules,
)
from tests.core.playing import check_ahead
from tests.factories import (
    BOX,
    CARER,
    ELDERLY,
    KIOSK,
    LAN,
    MINH,
    MONDAY,
    clock,
)


class HallMachine(RuleBasedStateMachine):
    """Any commands at any times; what holds after each of them.

    1. A number is given once a day: at the desk, on a lease or as a promise. (A day that a wrong clock opened ahead of
       time begins anew when it comes; only the day that a person confirms is told what it has given.)
    2. A counter holds at most one ticket, and a ticket is at one counter. A closed counter keeps nobody.
    3. Every waiting ticket stands in exactly one line, and lines hold waiting tickets only, in order, in legal chunks.
    4. Every ticket ends exactly once: by an event of its own, or by staying absent.
    5. Boards are the same, byte for byte, when they are made again from journal rows, step by step and in one go.
    6. The same command decided twice gives the same events, and a refusal changes nothing.
    7. Whoever is called is the oldest of its line, or the reason of the call says why not. An issued ticket's place is
       the instant at which it was issued, booked or handed out by a kiosk, and it keeps it unless an event says so.
    8. An ordinary ticket that has seen k ordinary calls of its service is overtaken by priority tickets of a later
       place never (`none`), at most k // ordinary_per_priority + 1 times (`interleaved`), or at most
       priority_in_row_max * (k + 1) times (`strict`). Tickets of an earlier session do not count where they go first.
    9. Time runs back at `clock-confirmed` only.
    10. `ahead` is the real number of calls before a ticket's own, when nobody else comes and one counter calls on.
    11. Limits count what was given, leased numbers until they are handed back.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at = clock("7:05")
        self.board = self.again = evolve(Board(), HallCreated(hall="h1", created="2026"), self.at)
        self.hash = genesis_hash("h1", "2026")
        self.rows = [encode_row(HallCreated(hall="h1", created="2026"), self.at, 1, self.hash)]
        self.hash = self.rows[0].hash
        self.chronicle = Chronicle()
        self.last = 0
        self.lost: list[TicketId] = []
        """Tickets of leases that are over, which a kiosk may still hand in."""

    @initialize(policy=POLICY)
    def open_hall(self, policy: PolicyRules) -> None:
        self.do(commands.ConfigureHall(by=LAN, rules=small_rules(policy)))
        for number in (1, 2, 3):
            self.do(commands.OpenCounter(by=BOX, counter=CounterNumber(number)))
        for group in (None, ELDERLY, None):
            for service in (A, B, C):
                self.arrive_one(service, group=group)

    # How commands are done

    def do(self, command: commands.AnyCommand) -> bool:
        """Decide twice, write once; whether the rules said yes."""
        if self.board.day is not None and self.at.date() > self.board.day:
            tick = decide(self.board, commands.Tick(by=HALL_ITSELF), self.at)
            assert not isinstance(tick, Refusal)
            self.lost.extend(self.board.leased)
            self.write(tick)
        decision = decide(self.board, command, self.at)
        assert decision == decide(self.board, command, self.at)
        if isinstance(decision, Refusal):
            return False
        self.write(decision)
        return True

    def write(self, events: tuple[AnyEvent, ...]) -> None:
        """Evolve as the engine does, and once more from the row that the journal would keep."""
        for event in events:
            self.chronicle.before(self.board, event, self.at)
            self.board = evolve(self.board, event, self.at)
            react(self.board, event)
            self.chronicle.after(self.board, event, self.at)
            row = encode_row(event, self.at, self.board.sequence, self.hash)
            self.hash = row.hash
            self.rows.append(row)
            self.again = evolve(self.again, *decode_row(row))

    def new_id(self) -> str:
        self.last += 1
        return f"{self.last:04}"

    def some(self, pick: int, *states: State) -> TicketId:
        found = sorted(one.id for one in self.board.tickets.values() if not states or one.state in states)
        return found[pick % len(found)] if found else TicketId("nobody")

    def some_number(self, pick: int, *states: State) -> int:
        ticket = self.board.tickets.get(self.some(pick, *states))
        return 7777 if ticket is None else ticket.number

    # Citizens

    @rule(
        service=SERVICE,
        group=st.sampled_from((None, None, None, None, ELDERLY, ELDERLY, CARER, "unknown")),
        items=st.sampled_from((1, 1, 1, 3, 5)),
        count=st.integers(1, 4),
        booked=st.sampled_from((None, None, None, -900, -300, 600)),
        slip=st.sampled_from(("", "owed")),
    )
    def arrive(
        self, service: ServiceId, group: str | None, items: int, count: int, booked: int | None, slip: str
    ) -> None:
        for _ in range(count):
            self.arrive_one(service, group=group, items=items, booked=booked, is_slip_owed=slip == "owed")

    def arrive_one(
        self,
        service: ServiceId,
        *,
        group: str | None = None,
        items: int = 1,
        booked: int | None = None,
        is_slip_owed: bool = False,
    ) -> None:
        self.do(
            commands.TakeTicket(
                by=KIOSK,
                ticket=TicketId(self.new_id()),
                service=service,
                origin="kiosk" if booked is None else "booking",
                group=group,
                items=items,
                booked_at=None if booked is None else self.at + timedelta(seconds=booked),
                forecast_s=3600,
                slip="owed" if is_slip_owed else "",
            )
        )

    def busy(self, counter: CounterNumber) -> None:
        """See that somebody is at this counter, if anybody waits, so that random keys meet citizens."""
        present = self.board.counters.get(counter)
        if present is not None and not present.is_open:
            self.do(commands.OpenCounter(by=BOX, counter=counter))
        if present is not None and present.ticket is None:
            self.do(commands.CallNext(by=BOX, counter=counter, ask=AskId(self.new_id())))

    @rule(pick=PICK, channel=st.sampled_from(("kiosk", "staff", "citizen")))
    def cancel(self, pick: int, channel: Literal["kiosk", "staff", "citizen"]) -> None:
        self.do(commands.CancelTicket(by=KIOSK, ticket=self.some(pick), channel=channel, reason="undo"))

    @rule(pick=PICK, service=SERVICE, keep_place=st.booleans())
    def move(self, pick: int, service: ServiceId, keep_place: bool) -> None:
        ticket = self.some(pick, State.WAITING)
        self.do(commands.MoveTicket(by=LAN, ticket=ticket, service=service, keep_place=keep_place, reason="guide"))

    @rule(pick=PICK, group=st.sampled_from((None, ELDERLY, CARER)))
    def decide_priority(self, pick: int, group: str | None) -> None:
        self.do(commands.SetPriority(by=LAN, ticket=self.some(pick), group=group, proof_seen=True))

    @rule(pick=PICK)
    def promise(self, pick: int) -> None:
        tomorrow = TicketId(self.new_id())
        self.do(commands.PromiseTomorrow(by=LAN, ticket=self.some(pick, State.WAITING), tomorrow=tomorrow))

    @rule(pick=PICK, result=st.sampled_from(("printed", "failed", "shown")))
    def print_slip(self, pick: int, result: Literal["printed", "failed", "shown"]) -> None:
        self.do(commands.RecordSlip(by=KIOSK, ticket=self.some(pick), result=result))

    @rule(pick=PICK, score=st.sampled_from((1, 3, 9)), by_ask=st.sampled_from((True, True, False)))
    def rate(self, pick: int, score: int, by_ask: bool) -> None:
        asks = sorted(self.board.asks)
        if by_ask and asks:
            self.do(commands.RateVisit(by=KIOSK, ask=asks[pick % len(asks)], score=score))
        else:
            self.do(commands.RateVisit(by=KIOSK, ticket=self.some(pick), score=score))

    # Kiosks that are cut off

    @rule(service=SERVICE, days=st.sampled_from((0, 0, 0, 1, 1, 3)), count=st.integers(1, 5))
    def lease(self, service: ServiceId, days: int, count: int) -> None:
        ids = tuple(TicketId(self.new_id()) for _ in range(count))
        day = (self.board.day or MONDAY) + timedelta(days=days)
        self.do(commands.GrantLease(by=KIOSK, lease=LeaseId(self.new_id()), service=service, day=day, tickets=ids))

    @rule(
        pick=PICK, ago_s=st.integers(-60, 7200), group=st.sampled_from((None, ELDERLY, "unknown")), late=st.booleans()
    )
    def hand_over(self, pick: int, ago_s: int, group: str | None, late: bool) -> None:
        if not self.board.leased:
            self.lease(A, 0, 3)
        ids = sorted(self.lost if late and self.lost else self.board.leased)
        if ids:
            issued_at = self.at - timedelta(seconds=ago_s)
            issued = commands.HandedTicket(ticket=ids[pick % len(ids)], issued_at=issued_at, group=group)
            unused = (ids[(pick + 1) % len(ids)], ids[pick % len(ids)])
            self.do(commands.HandOver(by=KIOSK, issued=(issued, issued), unused=unused, clock_error_ms=1234))

    # Counters

    @rule(counter=COUNTER, channel=CHANNEL, by=CALLER, times=st.sampled_from((1, 1, 3, 8)))
    def call_next(self, counter: CounterNumber, channel: Literal["page", "device"], by: Actor, times: int) -> None:
        for _ in range(times):
            self.do(commands.CallNext(by=by, counter=counter, channel=channel, ask=AskId(self.new_id())))

    @rule(counter=COUNTER, pick=PICK)
    def call_number(self, counter: CounterNumber, pick: int) -> None:
        callable_ = (State.WAITING, State.AWAY, State.HELD, State.ABSENT)
        number = self.some_number(pick, *callable_)
        self.do(commands.CallNumber(by=BOX, counter=counter, number=number, why="urgent", ask=AskId(self.new_id())))

    @rule(counter=COUNTER, sees_to_it=st.sampled_from((True, True, True, False)))
    def start(self, counter: CounterNumber, sees_to_it: bool) -> None:
        if sees_to_it:
            self.busy(counter)
        self.do(commands.StartService(by=BOX, counter=counter))

    @rule(
        counter=COUNTER,
        kind=st.sampled_from(("absent", "absent", "hold", "away", "recall", "help", "finish")),
        sees_to_it=st.sampled_from((True, True, True, False)),
        comes_back=st.booleans(),
    )
    def at_desk(self, counter: CounterNumber, kind: str, sees_to_it: bool, comes_back: bool) -> None:
        if sees_to_it:
            self.busy(counter)
        keys: dict[str, commands.AnyCommand] = {
            "absent": commands.MarkAbsent(by=BOX, counter=counter),
            "hold": commands.HoldTicket(by=BOX, counter=counter),
            "away": commands.SendAway(by=BOX, counter=counter, reason="copy"),
            "recall": commands.Recall(by=BOX, counter=counter),
            "help": commands.AskHelp(by=BOX, counter=counter),
            "finish": commands.FinishTicket(by=BOX, counter=counter, ask=AskId(self.new_id())),
        }
        self.do(keys[kind])
        if comes_back:
            self.come_back(counter, self.last)

    @rule(counter=COUNTER, minutes=st.sampled_from((1, 16)), scores=st.lists(st.sampled_from((1, 3)), max_size=2))
    def serve(self, counter: CounterNumber, minutes: int, scores: list[int]) -> None:
        self.busy(counter)
        self.do(commands.StartService(by=BOX, counter=counter))
        self.at += timedelta(minutes=minutes)
        self.tick()
        self.do(commands.FinishTicket(by=BOX, counter=counter, ask=AskId(self.new_id())))
        for score in scores if self.board.asks else ():
            self.do(commands.RateVisit(by=KIOSK, ask=max(self.board.asks), score=score))

    @rule(
        counter=COUNTER,
        service=st.sampled_from((None, A, B, C)),
        to=st.sampled_from((None, None, 1, 2, 3)),
        keep_place=st.booleans(),
        then_return=st.booleans(),
    )
    def transfer(
        self, counter: CounterNumber, service: ServiceId | None, to: int | None, keep_place: bool, then_return: bool
    ) -> None:
        self.busy(counter)
        self.do(
            commands.TransferTicket(
                by=BOX,
                counter=counter,
                service=service,
                to_counter=None if to is None else CounterNumber(to),
                keep_place=keep_place,
                then_return=then_return,
                reason="next-step",
            )
        )

    @rule(counter=COUNTER, pick=PICK)
    def come_back(self, counter: CounterNumber, pick: int) -> None:
        number = self.some_number(pick, State.HELD, State.AWAY, State.ABSENT)
        self.do(commands.ReturnTicket(by=BOX, counter=counter, number=number))

    @rule(counter=COUNTER, by=CALLER, take_over=st.booleans())
    def open_counter(self, counter: CounterNumber, by: str, take_over: bool) -> None:
        clerk = None if by == BOX else LAN if by == LAN else MINH
        self.do(commands.OpenCounter(by=clerk or BOX, counter=counter, clerk=clerk, take_over=take_over))

    @rule(counter=COUNTER, kind=st.sampled_from(("close", "pause", "resume", "resume")))
    def open_or_close(self, counter: CounterNumber, kind: str) -> None:
        if kind == "close":
            self.at_desk(counter, "hold", sees_to_it=True, comes_back=True)
            self.at_desk(counter, "hold", sees_to_it=True, comes_back=False)
        keys: dict[str, commands.AnyCommand] = {
            "close": commands.CloseCounter(by=BOX, counter=counter, ask=AskId(self.new_id())),
            "pause": commands.PauseCounter(by=BOX, counter=counter, reason="break"),
            "resume": commands.ResumeCounter(by=BOX, counter=counter),
        }
        self.do(keys[kind])

    @rule(counter=COUNTER, services=st.lists(SERVICE, max_size=3))
    def serve_others(self, counter: CounterNumber, services: list[ServiceId]) -> None:
        self.do(commands.SetCounterServices(by=LAN, counter=counter, services=tuple(services), reason="load"))

    # The hall

    @rule(seconds=st.sampled_from(JUMPS_S))
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @rule(chance=st.integers(0, 7), days=st.sampled_from((1, 1, 1, 3, 5)), minutes=st.sampled_from((0, 425, 425, 425)))
    def night_falls(self, chance: int, days: int, minutes: int) -> None:
        if chance == 0:
            self.at = clock("0:00", self.at.date() + timedelta(days=days)) + timedelta(minutes=minutes)

    @rule()
    def tick(self) -> None:
        self.do(commands.Tick(by=HALL_ITSELF, asks=(AskId(self.new_id()), AskId(self.new_id()))))

    @rule(
        chance=st.integers(0, 1),
        kind=st.sampled_from(
            ("policy", "swap-ranges", "reserve", "no-c", "no-counter", "no-priority", "closed-days", "small")
        ),
        policy=POLICY,
    )
    def configure(self, chance: int, kind: str, policy: PolicyRules) -> None:
        if chance:
            return
        self.do(commands.ConfigureHall(by=LAN, rules=reconfigured(rules_of(self.board), kind, policy)))

    @rule(service=SERVICE, kind=st.sampled_from(("pause", "resume", "resume", "catch-up")), pick=PICK)
    def manage(self, service: ServiceId, kind: str, pick: int) -> None:
        number = self.some_number(pick, State.WAITING)
        keys: dict[str, commands.AnyCommand] = {
            "pause": commands.PauseService(by=LAN, service=service, reason="load"),
            "resume": commands.ResumeService(by=LAN, service=service, reason="load"),
            "catch-up": commands.CatchUp(by=LAN, service=service, through=number, reason="served-by-hand"),
        }
        self.do(keys[kind])

    @rule(chance=st.integers(0, 9))
    def seal(self, chance: int) -> None:
        if chance == 0:
            self.do(commands.SealDay(by=LAN))

    @rule(chance=st.integers(0, 9), hours=st.integers(-60, 30))
    def confirm_clock(self, chance: int, hours: int) -> None:
        if chance or self.board.rules is None:
            return
        self.at += timedelta(hours=hours)
        given, leased = self.chronicle.given_on(self.at.date(), self.board.rules.services)
        confirmed = decide(self.board, commands.ConfirmClock(by=LAN, given=given, leased=leased), self.at)
        self.write(() if isinstance(confirmed, Refusal) else confirmed)

    # What must hold

    @invariant()
    def board_is_sound(self) -> None:
        check_board(self.board)

    @invariant()
    def journal_makes_the_same_board(self) -> None:
        assert canonical(self.board) == canonical(self.again)

    @invariant()
    def ahead_is_what_happens(self) -> None:
        if self.board.day != self.at.date() or self.board.is_sealed:
            return
        check_ahead(self.board, sorted(self.board.services)[self.board.sequence % len(self.board.services)], self.at)

    def teardown(self) -> None:
        opened = max((row.sequence for row in self.rows if row.kind == "day-opened"), default=1)
        board = Board(sequence=opened - 1)
        for row in self.rows[opened - 1 :]:
            board = evolve(board, *decode_row(row))
        assert canonical(board) == canonical(self.board)
        assert resume(board, self.at) == resume(self.board, self.at)
