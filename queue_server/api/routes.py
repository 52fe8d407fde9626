"""Every route that is served: what it does in a sentence, what it takes and what it answers."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from queue_server.api import (
    assets,
    audit,
    booked,
    citizen,
    counters,
    hall,
    helping,
    leases,
    people_admin,
    probes,
    procedures,
    ratings,
    reading,
    screens,
    sessions,
    tickets,
)
from queue_server.api.access import API, Method
from queue_server.api.exchange import Exchange
from queue_server.api.pages import Pages
from queue_server.reports.service_index import ServiceIndex
from queue_server.wire import answers, naming, requests
from queue_server.wire import probes as told
from queue_server.wire import procedures as found
from queue_server.wire.citizen import CitizenTicket
from queue_server.wire.helping import Help, QrCode
from queue_server.wire.manager import AuditLines

Endpoint = Callable[[Exchange], Awaitable[web.StreamResponse]]


class Query(Struct, frozen=True):
    """A parameter of the query."""

    name: str
    schema: dict[str, str | int | list[str]]
    about: str


class Route(Struct, frozen=True, kw_only=True):
    """One route."""

    method: Method
    template: str
    endpoint: Endpoint
    about: str
    body: type[Struct] | None = None
    answer: type[Struct] | None = None
    status: int = 200
    kind: str = "application/json"
    """The content type of the answer."""
    takes: str = "application/json"
    """The content type of the body."""
    query: tuple[Query, ...] = ()
    repeats: bool = False
    """Whether a repeated Idempotency-Key gets the same answer: so it is for every command to the hall."""


def _post(
    template: str,
    endpoint: Endpoint,
    about: str,
    body: type[Struct],
    answer: type[Struct] | None,
    status: int = 200,
) -> Route:
    return Route(
        method="POST",
        template=f"{API}{template}",
        endpoint=endpoint,
        about=about,
        body=body,
        answer=answer,
        status=status,
        repeats=True,
    )


def _get(
    template: str, endpoint: Endpoint, about: str, answer: type[Struct] | None, query: tuple[Query, ...] = ()
) -> Route:
    return Route(method="GET", template=f"{API}{template}", endpoint=endpoint, about=about, answer=answer, query=query)


def _counter(name: str, endpoint: Endpoint, about: str, body: type[Struct], answer: type[Struct]) -> Route:
    return _post(f"/counters/{{n}}/{name}", endpoint, about, body, answer)


_DAY: dict[str, str | int | list[str]] = {"type": "string", "format": "date"}
_KEY = Query("key", {"type": "string"}, "The key of the ticket, in place of signing in")
_NUMBER = Query("number", {"type": "integer", "minimum": 1}, "The number, without its prefix")
_INDEX = (
    Query("from", _DAY, "First day; today when left out"),
    Query("to", _DAY, "Last day; today when left out"),
    Query("by", {"type": "string"}, "service, procedure, counter, clerk, hour, weekday, day, month, quarter or year"),
)
_EVENTS = (
    Query("after", {"type": "integer", "minimum": 0}, "Only events later than this sequence"),
    Query("limit", {"type": "integer", "minimum": 1, "maximum": reading.EVENTS_MAX}, "At most so many"),
)
_PROCEDURES = (
    Query("q", {"type": "string", "maxLength": found.QUERY_LENGTH_MAX}, "A code or words; the first 200 count"),
    Query("limit", {"type": "integer", "minimum": 1, "maximum": found.LIMIT_MAX}, "At most so many"),
)
_LINES = (
    Query("after", {"type": "integer", "minimum": 0}, "Only lines later than this sequence"),
    Query("limit", {"type": "integer", "minimum": 1, "maximum": audit.LINES_MAX}, "At most so many, the newest"),
    Query("counter", {"type": "integer", "minimum": 1}, "Only those of this counter"),
    Query("number", {"type": "integer", "minimum": 1}, "Only those of this number"),
)
_FEED = (
    Query(
        "view", {"type": "string", "enum": ["lobby", "kiosk", "counter", "guide", "manager"]}, "What the screen shows"
    ),
    Query("counter", {"type": "integer"}, "Which counter, for the view of a counter"),
    Query("zone", {"type": "string"}, "Only the counters of one part of the hall"),
    Query("after", {"type": "integer", "minimum": 0}, "Announce again what nobody answered since this sequence"),
)

TICKETS = (
    _post("/tickets", tickets.take, "Take a number", requests.TakeTicket, answers.Ticket, 201),
    _post("/tickets/handover", leases.hand_over, "Hand in tickets from a lease", requests.HandOver, answers.HandedOver),
    _get("/tickets", helping.find, "The ticket of a number", answers.Ticket, (_NUMBER,)),
    _get("/tickets/{id}/qr", helping.qr, "The citizen's page as a QR code", QrCode, (_KEY,)),
    _get("/tickets/{id}", tickets.show, "Where a ticket stands", answers.Ticket, (_KEY,)),
    _get("/tickets/{id}/follow", citizen.follow, "What its holder's page draws", CitizenTicket, (_KEY,)),
    _post("/tickets/{id}/cancel", tickets.cancel, "Give a ticket up", requests.CancelTicket, answers.Ticket),
    _post("/tickets/{id}/move", tickets.move, "Put it under another service", requests.MoveTicket, answers.Ticket),
    _post(
        "/tickets/{id}/priority",
        tickets.set_priority,
        "Confirm, give or refuse priority",
        requests.SetPriority,
        answers.Ticket,
    ),
    _post(
        "/tickets/{id}/tomorrow",
        tickets.promise_tomorrow,
        "Promise a first place at the next opening",
        requests.PromiseTomorrow,
        answers.Promised,
    ),
    _post("/tickets/{id}/slip", tickets.record_slip, "What became of the slip", requests.RecordSlip, answers.Ticket),
    _post("/leases", leases.grant, "Numbers for a kiosk that may lose the link", requests.Lease, answers.Lease),
    _post("/ratings", ratings.rate, "Say how the visit was", requests.Rate, answers.Rated, 201),
    _post("/checkin", booked.check_in, "Turn a booking into a ticket", requests.CheckIn, answers.Ticket, 201),
    Route(
        method="PUT",
        template=f"{API}/bookings",
        endpoint=booked.put,
        about="Hand in bookings as CSV: code,service,at",
        answer=answers.BookingsTaken,
        takes="text/csv",
    ),
)
COUNTERS = (
    _get("/counters/{n}", counters.show, "A counter as its clerk sees it", answers.Counter),
    _counter("open", counters.open_counter, "Begin to call", requests.OpenCounter, answers.Counter),
    _counter("close", counters.close, "Stop calling", requests.AtCounter, answers.Counter),
    _counter("pause", counters.pause, "Take a break", requests.AtCounter, answers.Counter),
    _counter("resume", counters.resume, "Come back from a break", requests.AtCounter, answers.Counter),
    _counter("help", counters.ask_help, "Ask for a colleague", requests.AtCounter, answers.Counter),
    _counter("help/done", helping.end_counter, "Somebody is there", requests.CounterHelpDone, Help),
    _counter("next", counters.call_next, "End this visit and call who is next", requests.AtCounter, answers.NextAnswer),
    _counter("call", counters.call_number, "Call one number, with a reason", requests.CallNumber, answers.Ticket),
    _counter("recall", counters.recall, "Announce the call again", requests.AtCounter, answers.Ticket),
    _counter("start", counters.start, "The citizen is here", requests.AtCounter, answers.Ticket),
    _counter("absent", counters.absent, "The citizen did not come", requests.AtCounter, answers.Ticket),
    _counter("hold", counters.hold, "Keep the citizen for this desk", requests.AtCounter, answers.Ticket),
    _counter("away", counters.send_away, "Let the citizen mend papers", requests.SendAway, answers.Ticket),
    _counter("return", counters.return_ticket, "A ticket waits again", requests.ReturnTicket, answers.Ticket),
    _counter("transfer", counters.transfer, "Pass the citizen on", requests.TransferTicket, answers.Ticket),
    _counter("finish", counters.finish, "End the visit", requests.FinishTicket, answers.Ticket),
    Route(
        method="PUT",
        template=f"{API}/counters/{{n}}/services",
        endpoint=counters.set_services,
        about="What the counter serves today",
        body=requests.SetServices,
        answer=answers.Counter,
        repeats=True,
    ),
)
HALL = (
    _get("/board", hall.show_board, "The whole hall", answers.Board),
    _get("/hall", hall.show_hall, "The rules in force by name, for pages", naming.Hall),
    _get("/reasons", hall.list_reasons, "The closed lists of reasons", answers.Reasons),
    _get("/procedures", procedures.find, "Procedures by code or in one's own words", found.Procedures, _PROCEDURES),
    _post("/services/{id}/pause", hall.pause, "Give no new tickets", requests.PauseService, answers.ServiceAnswer),
    _post("/services/{id}/resume", hall.resume, "Give tickets again", requests.PauseService, answers.ServiceAnswer),
    _post(
        "/services/{id}/catch-up",
        hall.catch_up,
        "Mark tickets as served by hand",
        requests.CatchUp,
        answers.ServiceAnswer,
    ),
    _post("/day/close", hall.close_day, "Seal the day now", requests.CloseDay, answers.DayClosed),
    _post("/clock/confirm", hall.confirm_clock, "Vouch for the clock", requests.ConfirmClock, answers.ClockConfirmed),
    _post("/kiosk/help", helping.ask_for_person, "A citizen calls a person", requests.AskForPerson, Help),
    _post("/kiosk/help/done", helping.end_person, "Somebody is there", requests.HelpDone, Help),
    _get("/service-index", reading.index, "Waiting, service and satisfaction in figures", ServiceIndex, _INDEX),
    Route(
        method="GET",
        template=f"{API}/events",
        endpoint=reading.events,
        about="The journal, one event a line",
        kind="application/x-ndjson",
        query=_EVENTS,
    ),
    _get("/events/lines", audit.lines, "What happened today, in plain words", AuditLines, _LINES),
    Route(
        method="GET",
        template=f"{API}/feed",
        endpoint=screens.feed,
        about="WebSocket: views and announcements",
        status=101,
        query=_FEED,
    ),
)
PEOPLE = (
    _post("/session", sessions.sign_in, "Sign in", requests.SignIn, answers.Session, 201),
    _get("/session", sessions.show, "Who is signed in", answers.Session),
    Route(method="DELETE", template=f"{API}/session", endpoint=sessions.sign_out, about="Sign out", status=204),
    Route(
        method="PUT",
        template=f"{API}/session/password",
        endpoint=sessions.change_password,
        about="Change one's own password",
        body=requests.ChangePassword,
        answer=answers.Session,
    ),
    _post(
        "/pairing", sessions.start_pairing, "A screen asks to be let in", requests.StartPairing, answers.Pairing, 201
    ),
    _get("/pairing", sessions.list_pairings, "Screens that wait to be let in", answers.OpenPairings),
    _get("/pairing/{poll}", sessions.ask_pairing, "Whether the screen is let in", answers.PairingState),
    _post("/pairing/{code}/approve", sessions.approve_pairing, "Let a screen in", requests.ApprovePairing, None, 204),
    Route(
        method="DELETE",
        template=f"{API}/pairing/{{code}}",
        endpoint=sessions.refuse_pairing,
        about="Do not let a screen in",
        status=204,
    ),
    _get("/people", people_admin.list_people, "Everybody who may sign in", answers.People),
    _post("/people", people_admin.add_person, "Add somebody", requests.AddPerson, answers.Person, 201),
    Route(
        method="PUT",
        template=f"{API}/people/{{login}}",
        endpoint=people_admin.change_person,
        about="Another name, role or counter",
        body=requests.ChangePerson,
        answer=answers.Person,
    ),
    _post(
        "/people/{login}/password",
        people_admin.reset_password,
        "A new one-time password",
        requests.ResetPassword,
        answers.Person,
    ),
    Route(
        method="DELETE",
        template=f"{API}/people/{{login}}",
        endpoint=people_admin.end_person,
        about="End an account",
        status=204,
    ),
    _get("/tokens", people_admin.list_tokens, "All live tokens", answers.Tokens),
    _post("/tokens", people_admin.add_token, "Issue a token", requests.AddToken, answers.IssuedToken, 201),
    Route(
        method="DELETE",
        template=f"{API}/tokens/{{name}}",
        endpoint=people_admin.revoke_token,
        about="Revoke a token",
        status=204,
    ),
)
PROBES = (
    Route(method="GET", template="/healthz", endpoint=probes.health, about="Alive", answer=told.Health),
    Route(method="GET", template="/readyz", endpoint=probes.ready, about="Takes commands", answer=told.Ready),
    Route(method="GET", template="/metrics", endpoint=probes.metrics, about="Figures", kind="text/plain"),
)
SERVED = (*TICKETS, *COUNTERS, *HALL, *(replace(one, repeats=False) for one in PEOPLE), *PROBES)
"""What the OpenAPI document describes."""


def page_routes(pages: Pages) -> tuple[Route, ...]:
    """The pages, which are no part of the API."""
    html = "text/html"
    return (
        Route(method="GET", template="/", endpoint=pages.home, about="Where to go", kind=html),
        Route(method="GET", template="/lobby", endpoint=pages.lobby, about="Calls, for everybody", kind=html),
        Route(method="GET", template="/sign-in", endpoint=pages.sign_in, about="Signing in", kind=html),
        Route(method="GET", template="/counter", endpoint=pages.counters, about="Choosing a counter", kind=html),
        Route(method="GET", template="/counter/{n}", endpoint=pages.counter, about="A clerk at work", kind=html),
        Route(method="GET", template="/manager", endpoint=pages.manager, about="The whole hall", kind=html),
        Route(method="GET", template="/guide", endpoint=pages.guide, about="The guide's tablet", kind=html),
        Route(method="GET", template="/t/{id}", endpoint=pages.citizen, about="Whoever holds a ticket", kind=html),
        Route(method="GET", template=assets.PATH, endpoint=pages.file, about="Files of pages, for ever", kind="*/*"),
    )
