"""Write the part of `docs/journal.md` that the code decides: every kind of event, its fields and their types.

Run `python -m tests.golden.make_journal_page`, or `make golden`. What stands outside the two marks is written by hand.
A field says what it means in its docstring, or here where the same word means the same in many events.
"""

import ast
import inspect
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct, structs

from queue_server.core import events, ids, reasons

PAGE = Path(__file__).parents[2] / "docs" / "journal.md"
BEGIN = "<!-- From here to the next mark: written by tests/golden/make_journal_page.py. Do not edit. -->"
END = "<!-- End of what is generated. -->"

WORDS: dict[object, str] = {
    str: "text",
    int: "integer",
    datetime: "instant",
    date: "day",
    ids.TicketId: "ticket id",
    ids.ServiceId: "service id",
    ids.CounterNumber: "counter number",
    ids.LeaseId: "lease id",
    ids.AskId: "ask id",
    ids.Actor: "actor id",
}
"""How a type is called on the page."""

MEANINGS: dict[str, str] = {
    "ask": "The invitation to rate.",
    "by": "Who asked; `hall` where the hall acts by its own rules.",
    "channel": "Through which door it came.",
    "clerk": "Who signed in there; without it nobody did.",
    "commitments": "Salted digests of what a person said, by name.",
    "counter": "The counter.",
    "day": "The service day.",
    "kiosk": "The kiosk that holds the numbers.",
    "lease": "The lease.",
    "number": "The number on the slip.",
    "procedures": "Codes of the procedures in question.",
    "reason": "A code of the closed lists.",
    "score": "The answer, as the scale in force numbers it.",
    "service": "The service.",
    "services": "The services, in the counter's own order.",
    "session": "The session of the day, counted from 0.",
    "ticket": "The ticket.",
    "HallCreated.hall": "The hall's id, which never changes.",
    "HallCreated.created": "When the hall was made, as it is hashed.",
    "HallConfigured.rules": "All the rules.",
    "DayOpened.leases": "Leases granted earlier for this day and for later ones.",
    "DayOpened.promises": "First places promised earlier for this day and for later ones.",
    "DaySealed.tickets": "All tickets of the day.",
    "DaySealed.served": "Those that were served, whatever the outcome.",
    "TicketRefused.why": "The limit that was reached.",
    "LeaseGranted.numbers": "The numbers, and the ticket that each may become.",
    "Lease.granted_at": "When the lease was granted.",
    "Lease.numbers": "The numbers, and the ticket that each may become.",
    "NumbersUnused.numbers": "The numbers that stay unused.",
    "NumbersUnused.why": "The kiosk gave them back, or the day ended first.",
    "TicketHandedLate.issued_at": "When the kiosk issued it, by the kiosk's clock.",
    "TicketIssued.origin": "Where the citizen got it.",
    "TicketIssued.items": "Dossiers or transactions that the citizen declared.",
    "TicketIssued.booked_at": "The booked time, for a visitor with an appointment.",
    "TicketIssued.lease": "The lease that the number came from.",
    "SlipPrinted.result": "What became of the paper; `shown` is a slip on a screen.",
    "SlipPrinted.copy": "The first slip is 1.",
    "TicketMoved.service": "The service that it waits for from now on.",
    "TicketMoved.place": "Its new place, where the old one is not kept.",
    "PriorityDecided.rank_class": "The class that it waits in from now on.",
    "PriorityDecided.confirmed": "1 when the desk agreed.",
    "PriorityDecided.proof_seen": "1 when the paper was shown.",
    "TicketCalled.reason": "Why this ticket and no other.",
    "TicketFinished.ended_by": "What ended the visit.",
    "TicketFinished.items": "What was done, one entry for each procedure.",
    "TicketFinished.doubtful": "1 when `next` or `close` ended a call sooner than a visit can last; no service time.",
    "TicketFinished.inaccurate": "1 when the day's end cut the visit short; in no mean.",
    "TicketReturned.why": "The citizen came back, or the counter closed.",
    "TicketTransferred.from_counter": "The counter that it leaves.",
    "TicketTransferred.service": "The service that it waits for from now on.",
    "TomorrowPromised.promise": "The first place, and the ticket it becomes.",
    "Promise.day": "The day of the first place.",
    "Promise.number": "The number that waits for the citizen.",
    "Promise.service": "The service.",
    "Promise.rank_class": "The class that it will wait in.",
    "CounterPaused.reason": "A code of the closed lists.",
    "RatingOffered.scale": "The id of the scale of faces.",
    "RatingOffered.scale_version": "Its version.",
    "RatingOffered.expires_at": "An answer after this instant is late.",
    "RatingGiven.reasons": "Reasons that the citizen chose from the scale's own list.",
    "RatingRefused.why": "What was wrong with the answer.",
    "Reason.code": "The rule that called.",
    "Item.procedure": "The procedure's code.",
    "Item.outcome": "What the desk decided; empty when it did not say.",
    "LeasedNumber.number": "The number.",
    "LeasedNumber.ticket": "The ticket that it may become.",
    "HallRules.hall": "The hall's id.",
    "HallRules.name": "The hall's name.",
    "HallRules.services": "All services.",
    "HallRules.counters": "All counters.",
    "HallRules.policy": "Who is next.",
    "HallRules.priority": "The dated priority table.",
    "HallRules.calendar": "When the hall is open.",
    "HallRules.settings": "Guards and limits.",
    "HallRules.scale": "The faces that a citizen chooses from.",
    "HallRules.languages": "Languages of kiosks and voice.",
    "Name.vi": "In Vietnamese.",
    "Name.en": "In English.",
    "NumberRange.first": "The first number.",
    "NumberRange.last": "The last number, included.",
    "ServiceRules.id": "The service's id.",
    "ServiceRules.name": "Its name.",
    "CounterRules.number": "The counter's identity.",
    "CounterRules.label": "What is shown and spoken.",
    "CounterRules.zone": "The part of a large hall that it belongs to.",
    "PriorityGroup.group": "The group's id.",
    "PriorityGroup.label": "What people read.",
    "PriorityGroup.proof": "What the desk asks to see.",
    "PriorityGroup.from_day": "The first day on which the row is in force.",
    "PriorityGroup.legal_basis": "What the row rests on.",
    "PolicyRules.priority": "How priority goes ahead.",
    "PolicyRules.priority_counts": "Whether a claim counts at once or only when a desk has confirmed it.",
    "Session.ticket_from": "Tickets are given from this minute of the day.",
    "Session.ticket_to": "Tickets are given before this minute.",
    "Session.desk_from": "Desks work from this minute of the day.",
    "Session.desk_to": "Desks work before this minute.",
    "Holiday.day": "The day.",
    "Holiday.name": "What it is called.",
    "SwappedDay.day": "The day.",
    "SwappedDay.weekday": "The weekday it works like; 1 is Monday.",
    "Calendar.always_open": "1 leaves sessions and holidays aside.",
    "Calendar.sessions": "The stretches of opening.",
    "Calendar.holidays": "Days without sessions.",
    "Calendar.swapped": "Days that work like another weekday.",
    "ScaleLevel.label": "What people read.",
    "ScaleLevel.score": "The number that a rating stores.",
    "ScaleLevel.counts_as": "What reports count it as.",
    "RatingScale.id": "The scale's id.",
    "RatingScale.version": "Changes when a face changes.",
    "RatingScale.levels": "The faces.",
    "RatingScale.reasons": "What may be chosen after an unhappy face.",
    "Settings.absent_return_minutes": "An absent citizen may come back for so long.",
    "Settings.absent_after_calls": "Who comes back is placed after so many more calls of the service.",
    "Settings.kiosk_cancel_s": "A kiosk may take its ticket back for so long.",
    "Settings.person_service_limit": "The same within one service.",
    "Settings.rating_after_start_s": "A citizen still being served is asked after so long.",
    "Settings.rating_open_s": "The question stays so long.",
}
"""What a field means that has no docstring: by its class and name, or by its name alone."""


def generated() -> str:
    """The events, then the parts that stand inside their bodies, then the closed lists."""
    kinds = get_args(events.AnyEvent)
    parts = list(dict.fromkeys(part for kind in kinds for part in _parts_in(kind)))
    lines = [f"There are {len(kinds)} kinds.", ""]
    for kind in kinds:
        lines += _section(kind, f"`{kind.KIND}`, version {kind.VERSION}")
    lines += ["## Parts of bodies", "", "These stand inside the bodies above, as objects.", ""]
    for part in parts:
        lines += _section(part, part.__name__)
    lines += ["## The closed lists of reasons", ""]
    lines += ["What else a person writes is a word of the side table, and the code is then `other`.", ""]
    lines += ["| asked for | codes |", "|---|---|"]
    lines += [f"| {name} | {_codes(codes)} |" for name, codes in _closed_lists()]
    return "\n".join(lines)


def the_page(text: str) -> str:
    """The page with what is generated put between the marks, or ValueError when a mark is missing."""
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{PAGE.name} has lost a mark; put back {BEGIN if not mark else END!r}")
    return f"{before}{BEGIN}\n\n{generated()}\n\n{END}{after}"


def _parts_in(struct: type[Struct]) -> Iterator[type[Struct]]:
    for hint in _hints(struct).values():
        for inner in _structs_in(hint):
            yield inner
            yield from _parts_in(inner)


def _structs_in(hint: object) -> Iterator[type[Struct]]:
    if isinstance(hint, type) and issubclass(hint, Struct):
        yield hint
    for argument in get_args(hint):
        yield from _structs_in(argument)


def _hints(struct: type[Struct]) -> dict[str, Any]:  # What a type hint is, Python's types cannot say.
    hints = get_type_hints(struct)
    return {field.name: hints[field.name] for field in structs.fields(struct)}


def _section(struct: type[Struct], title: str) -> list[str]:
    promise = inspect.cleandoc(struct.__doc__ or "")
    hints, said = _hints(struct), _docstrings(struct)
    is_short = struct.__struct_config__.omit_defaults
    rows = []
    for field in structs.fields(struct):
        meaning = said.get(field.name) or MEANINGS.get(f"{struct.__name__}.{field.name}") or MEANINGS.get(field.name)
        if meaning is None:
            raise ValueError(f"{struct.__name__}.{field.name} has no docstring; say what it means")
        default = _default(field) if is_short else ""
        rows.append(f"| `{field.name}` | {_type(hints[field.name])} | {default} | {' '.join(meaning.split())} |")
    return [f"### {title}", "", promise, "", "| field | type | if left out | meaning |", "|---|---|---|---|", *rows, ""]


def _docstrings(struct: type[Struct]) -> dict[str, str]:
    """The text under each field, which Python itself does not keep."""
    module = inspect.getmodule(struct)
    assert isinstance(module, ModuleType), f"{struct} belongs to no module"
    tree = ast.parse(inspect.getsource(module))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == struct.__name__)
    found = {}
    for line, following in pairwise(body):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and isinstance(following, ast.Expr):
            text = following.value
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found[line.target.id] = text.value
    return found


def _type(hint: object) -> str:
    known = WORDS.get(hint)
    if known is not None:
        return known
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "0 or 1" if arguments == (0, 1) else _codes(argument for argument in arguments if argument)
    if origin in {Union, UnionType}:
        return ", ".join(_type(argument) for argument in arguments if argument not in (NoneType, Literal[""]))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"object: text to {_type(arguments[1])}"
    assert isinstance(hint, type), f"{hint} has no name on the page"
    return f"[{hint.__name__}](#{hint.__name__.lower()})"


def _codes(codes: object) -> str:
    assert isinstance(codes, Iterator | frozenset), f"{codes!r} is no list of codes"
    listed = sorted(codes) if isinstance(codes, frozenset) else codes
    return ", ".join(f"`{code}`" for code in listed)


def _default(field: structs.FieldInfo) -> str:
    if field.default is NODEFAULT and field.default_factory is NODEFAULT:
        return ""
    match field.default:
        case None:
            return "none"
        case "":
            return "empty"
        case int() | str() as value:
            return f"`{value}`"
        case date() as day:
            return f"`{day.isoformat()}`"
        case tuple() as values if values:
            return ", ".join(f"`{value}`" for value in values)
        case Struct():
            return "its own defaults"
        case _:
            return "empty"


def _closed_lists() -> tuple[tuple[str, frozenset[str]], ...]:
    return (
        ("calling a number out of order", reasons.CALL),
        ("transfer", reasons.TRANSFER),
        ("sending away", reasons.AWAY),
        ("cancelling", reasons.CANCEL),
        ("moving to another service", reasons.MOVE),
        ("pausing a counter", reasons.PAUSE),
        ("a manager's change", reasons.MANAGE),
    )


if __name__ == "__main__":
    PAGE.write_text(the_page(PAGE.read_text("utf-8")), "utf-8")
