"""`docs/states.md` is what the code does: every command is carried out on a ticket and a counter in every state.

`make golden` writes the tables anew; read the difference like code.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from queue_server.core.board import State
from queue_server.core.commands import (
    AnyCommand,
    AskHelp,
    CallNext,
    CallNumber,
    CancelTicket,
    CatchUp,
    CloseCounter,
    FinishTicket,
    HoldTicket,
    MarkAbsent,
    MoveTicket,
    OpenCounter,
    PauseCounter,
    PromiseTomorrow,
    RateVisit,
    Recall,
    RecordSlip,
    ResumeCounter,
    ReturnTicket,
    SealDay,
    SendAway,
    SetCounterServices,
    SetPriority,
    StartService,
    TransferTicket,
)
from queue_server.core.decide import refusal_in
from queue_server.core.ids import AskId, TicketId
from queue_server.core.refusal import Refusal
from tests.factories import BOX, CERTIFY, ELDERLY, KIOSK, LAN, LAND, ONE, TWO, Hall, a_hall_rules, changed

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
ASK = AskId("ask")
T1 = TicketId("T1")
SAME = "="

AT_COUNTER: Mapping[str, AnyCommand] = {
    "next": CallNext(by=BOX, counter=ONE, ask=ASK),
    "call (by number)": CallNumber(by=BOX, counter=ONE, number=1001, why="urgent", ask=ASK),
    "recall": Recall(by=BOX, counter=ONE),
    "start": StartService(by=BOX, counter=ONE),
    "finish": FinishTicket(by=BOX, counter=ONE, ask=ASK),
    "absent": MarkAbsent(by=BOX, counter=ONE),
    "hold": HoldTicket(by=BOX, counter=ONE),
    "away": SendAway(by=BOX, counter=ONE, reason="copy"),
    "transfer (to a service)": TransferTicket(by=BOX, counter=ONE, service=LAND, reason="next-step"),
    "transfer (to a counter)": TransferTicket(by=BOX, counter=ONE, to_counter=TWO, reason="next-step"),
    "return": ReturnTicket(by=BOX, counter=ONE, number=1001),
    "close (the counter)": CloseCounter(by=BOX, counter=ONE, ask=ASK),
}
ON_TICKET: Mapping[str, AnyCommand] = {
    **AT_COUNTER,
    "cancel": CancelTicket(by=BOX, ticket=T1, channel="staff", reason="mistake"),
    "move": MoveTicket(by=LAN, ticket=T1, service=LAND, keep_place=True, reason="guide"),
    "priority": SetPriority(by=LAN, ticket=T1, group=ELDERLY, proof_seen=True),
    "promise (tomorrow)": PromiseTomorrow(by=LAN, ticket=T1, tomorrow=TicketId("tomorrow")),
    "catch-up": CatchUp(by=LAN, service=CERTIFY, through=1001, reason="served-by-hand"),
    "slip printed": RecordSlip(by=KIOSK, ticket=T1, result="printed"),
    "rate": RateVisit(by=KIOSK, ticket=T1, score=3),
    "seal (day end)": SealDay(by=LAN),
}
ON_COUNTER: Mapping[str, AnyCommand] = {
    "open": OpenCounter(by=BOX, counter=ONE),
    "close": CloseCounter(by=BOX, counter=ONE, ask=ASK),
    "pause": PauseCounter(by=BOX, counter=ONE, reason="break"),
    "resume": ResumeCounter(by=BOX, counter=ONE),
    "help": AskHelp(by=BOX, counter=ONE),
    "services": SetCounterServices(by=LAN, counter=ONE, services=(LAND,), reason="load"),
    "next (page)": CallNext(by=BOX, counter=ONE, ask=ASK),
    "next (device)": CallNext(by=BOX, counter=ONE, channel="device", ask=ASK),
    "call (by number)": CallNumber(by=BOX, counter=ONE, number=1002, why="urgent", ask=ASK),
    **{name: AT_COUNTER[name] for name in ("recall", "start", "finish", "absent", "hold", "away")},
    "transfer": AT_COUNTER["transfer (to a service)"],
    "seal (day end)": SealDay(by=LAN),
}


def a_hall_with(waiting: int) -> Hall:
    """Two open counters, at a time when everything is allowed."""
    hall = Hall(changed(a_hall_rules(), first_tomorrow=1), opened=[1, 2])
    for _ in range(waiting):
        hall.take(slip="owed")
    hall.later(seconds=30)
    return hall


def lent(hall: Hall) -> None:
    """Send 1001 to counter 1 alone."""
    hall.next(2), hall.transfer(2, to_counter=ONE)


def begun(hall: Hall, *steps: Callable[[], object]) -> None:
    """Call 1001 to counter 1, then do these; half a minute passes, so that no call is doubtful."""
    hall.next(1)
    hall.later(seconds=30)
    for step in steps:
        step()


TICKETS: Mapping[str, Callable[[Hall], object]] = {
    "waiting": lambda hall: None,
    "waiting for this counter": lent,
    "called": begun,
    "serving": lambda hall: begun(hall, hall.start),
    "held": lambda hall: begun(hall, hall.hold),
    "away": lambda hall: begun(hall, hall.away),
    "absent": lambda hall: begun(hall, hall.absent),
    "finished": lambda hall: begun(hall, hall.start, hall.finish),
    "cancelled": lambda hall: hall.cancel(T1),
    "expired": lambda hall: hall.events(ON_TICKET["promise (tomorrow)"]),
}
COUNTERS: Mapping[str, Callable[[Hall], object]] = {
    "closed": lambda hall: hall.close(1),
    "open": lambda hall: None,
    "calling": begun,
    "serving": lambda hall: begun(hall, hall.start),
    "paused": lambda hall: hall.pause(1),
}


def ticket_state(hall: Hall) -> str:
    """The state of 1001, told apart where it waits."""
    ticket = hall.ticket(1001)
    if ticket.state is not State.WAITING:
        return ticket.state.value
    if ticket.counter is None:
        return "waiting"
    return "waiting for this counter" if ticket.counter == ONE else "waiting for that counter"


def counter_state(hall: Hall) -> str:
    """The state of counter 1, as its panel shows it."""
    counter = hall.board.counters[ONE]
    if not counter.is_open:
        return "closed"
    if counter.is_paused:
        return "paused"
    if counter.ticket is None:
        return "open"
    return "calling" if hall.board.tickets[counter.ticket].state is State.CALLED else "serving"


def cell(hall: Hall, command: AnyCommand, state_of: Callable[[Hall], str]) -> str:
    """What the command comes to: a new state, no change, or the code of the refusal."""
    before = state_of(hall)
    decision = hall.do(command)
    refusal = decision if isinstance(decision, Refusal) else refusal_in(hall.board, decision, hall.at)
    if refusal is not None:
        return f"`{refusal.code}`"
    after = state_of(hall)
    return SAME if after == before else f"**{after}**"


def table(
    states: Mapping[str, Callable[[Hall], object]],
    commands: Mapping[str, AnyCommand],
    state_of: Callable[[Hall], str],
    waiting: int,
) -> str:
    """Every command in every state, as a Markdown table."""
    lines = [f"| command | {' | '.join(states)} |", f"|---|{'---|' * len(states)}"]
    for name, command in commands.items():
        cells = []
        for state, reach in states.items():
            hall = a_hall_with(waiting)
            reach(hall)
            assert state_of(hall) == state, f"the hall for {state} is {state_of(hall)}"
            cells.append(cell(hall, command, state_of))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def compared(heading: str, made: str, *, writes_golden: bool) -> None:
    """The table under this heading of the page is the one that was made."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(f"## {heading}\n")
    text, *after = rest.partition("\n## ")
    introduction, _, old = text.partition("| command |")
    old = "| command |" + old.rstrip("\n") if old else ""
    if writes_golden:
        end = "\n" if after[0] else ""
        page = f"{before}## {heading}\n{introduction.rstrip()}\n\n{made}\n{end}{''.join(after).lstrip(chr(10))}"
        PAGE.write_text(page, encoding="utf-8")
        return
    assert old == made, f"docs/states.md is stale under {heading}; run `make golden` and read the difference"


def test_the_golden_table_of_tickets_is_what_the_code_does(writes_golden: bool) -> None:
    """Clerks' trainers and auditors read the page, not the code."""
    compared("A ticket", table(TICKETS, ON_TICKET, ticket_state, waiting=1), writes_golden=writes_golden)


def test_the_golden_table_of_counters_is_what_the_code_does(writes_golden: bool) -> None:
    """The same for the keys of a counter."""
    compared("A counter", table(COUNTERS, ON_COUNTER, counter_state, waiting=2), writes_golden=writes_golden)
