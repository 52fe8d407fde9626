"""Who may call what: one table, the contract's. A route that is not in it is not served.

Beside the roles of a row an admin may do everything, and a manager every counter call, with a reason.
"""

from typing import Literal

from msgspec import Struct

from queue_server.people.roles import ROLES, Role

Method = Literal["GET", "POST", "PUT", "DELETE"]
API = "/api/v1"


class Rule(Struct, frozen=True, kw_only=True):
    """Who may call one route."""

    roles: frozenset[Role] = frozenset()
    is_public: bool = False
    """Everybody may, signed in or not."""
    takes_key: bool = False
    """Whoever has the ticket's key may, without signing in."""
    at_counter: bool = False
    """A counter call: managers too, with a reason; a token that belongs to a counter only there."""
    is_file: bool = False
    """A file from memory, the same for everybody: many of them weigh as much as one request."""
    before_change: bool = False
    """Also with a one-time password that is still to be changed."""


SIGNED_IN: frozenset[Role] = frozenset(ROLES)
EVERYBODY = Rule(is_public=True)
_FILE = Rule(is_public=True, is_file=True)


def _roles(*roles: Role, takes_key: bool = False, at_counter: bool = False) -> Rule:
    every: tuple[Role, ...] = (*roles, "admin", "manager") if at_counter else (*roles, "admin")
    return Rule(roles=frozenset(every), takes_key=takes_key, at_counter=at_counter)


_DESK = _roles("clerk", "device", at_counter=True)
_OWN = Rule(roles=SIGNED_IN, before_change=True)

TABLE: dict[tuple[Method, str], Rule] = {
    # Tickets
    ("POST", f"{API}/tickets"): _roles("kiosk", "clerk", "guide"),
    ("POST", f"{API}/tickets/handover"): _roles("kiosk"),
    ("GET", f"{API}/tickets"): _roles("clerk", "guide", "manager", "auditor"),
    ("GET", f"{API}/tickets/{{id}}/qr"): _roles(takes_key=True),
    ("GET", f"{API}/tickets/{{id}}"): Rule(roles=SIGNED_IN, takes_key=True),
    ("GET", f"{API}/tickets/{{id}}/follow"): _roles(takes_key=True),
    ("POST", f"{API}/tickets/{{id}}/cancel"): _roles("kiosk", "clerk", "guide", takes_key=True),
    ("POST", f"{API}/tickets/{{id}}/move"): _roles("clerk", "guide"),
    ("POST", f"{API}/tickets/{{id}}/priority"): _roles("clerk", "guide"),
    ("POST", f"{API}/tickets/{{id}}/tomorrow"): _roles("clerk", "guide", "manager"),
    ("POST", f"{API}/tickets/{{id}}/slip"): _roles("kiosk", "clerk", "guide"),
    ("POST", f"{API}/leases"): _roles("kiosk"),
    ("POST", f"{API}/ratings"): EVERYBODY,
    ("POST", f"{API}/checkin"): _roles("kiosk", "guide"),
    ("PUT", f"{API}/bookings"): _roles("manager"),
    # Counters
    ("GET", f"{API}/counters/{{n}}"): _DESK,
    ("POST", f"{API}/counters/{{n}}/open"): _DESK,
    ("POST", f"{API}/counters/{{n}}/close"): _DESK,
    ("POST", f"{API}/counters/{{n}}/pause"): _DESK,
    ("POST", f"{API}/counters/{{n}}/resume"): _DESK,
    ("POST", f"{API}/counters/{{n}}/help"): _DESK,
    ("POST", f"{API}/counters/{{n}}/help/done"): _roles("clerk", "guide", at_counter=True),
    ("POST", f"{API}/counters/{{n}}/next"): _DESK,
    ("POST", f"{API}/counters/{{n}}/call"): _DESK,
    ("POST", f"{API}/counters/{{n}}/recall"): _DESK,
    ("POST", f"{API}/counters/{{n}}/start"): _DESK,
    ("POST", f"{API}/counters/{{n}}/absent"): _DESK,
    ("POST", f"{API}/counters/{{n}}/hold"): _DESK,
    ("POST", f"{API}/counters/{{n}}/away"): _roles("clerk", "guide", at_counter=True),
    ("POST", f"{API}/counters/{{n}}/return"): _roles("clerk", "guide", at_counter=True),
    ("POST", f"{API}/counters/{{n}}/transfer"): _DESK,
    ("POST", f"{API}/counters/{{n}}/finish"): _DESK,
    ("PUT", f"{API}/counters/{{n}}/services"): _roles("manager"),
    # The hall
    ("GET", f"{API}/board"): _roles("observer", "display", "clerk", "guide", "manager", "auditor"),
    ("GET", f"{API}/hall"): Rule(roles=SIGNED_IN),
    ("GET", f"{API}/reasons"): Rule(roles=SIGNED_IN),
    ("GET", f"{API}/procedures"): EVERYBODY,
    ("POST", f"{API}/services/{{id}}/pause"): _roles("manager"),
    ("POST", f"{API}/services/{{id}}/resume"): _roles("manager"),
    ("POST", f"{API}/services/{{id}}/catch-up"): _roles("manager"),
    ("POST", f"{API}/day/close"): _roles("manager"),
    ("POST", f"{API}/clock/confirm"): _roles(),
    ("POST", f"{API}/kiosk/help"): _roles("kiosk"),
    ("POST", f"{API}/kiosk/help/done"): _roles("kiosk", "guide", "manager"),
    ("GET", f"{API}/service-index"): _roles("manager", "auditor", "observer"),
    ("GET", f"{API}/events"): _roles("manager", "auditor"),
    ("GET", f"{API}/events/lines"): _roles("manager", "auditor"),
    ("GET", f"{API}/feed"): EVERYBODY,  # What is asked for decides; see `screens`.
    # People and screens
    ("POST", f"{API}/session"): EVERYBODY,
    ("GET", f"{API}/session"): _OWN,
    ("DELETE", f"{API}/session"): _OWN,
    ("PUT", f"{API}/session/password"): _OWN,
    ("POST", f"{API}/pairing"): EVERYBODY,
    ("GET", f"{API}/pairing"): _roles(),
    ("GET", f"{API}/pairing/{{poll}}"): EVERYBODY,
    ("POST", f"{API}/pairing/{{code}}/approve"): _roles(),
    ("DELETE", f"{API}/pairing/{{code}}"): _roles(),
    ("GET", f"{API}/people"): _roles(),
    ("POST", f"{API}/people"): _roles(),
    ("PUT", f"{API}/people/{{login}}"): _roles(),
    ("POST", f"{API}/people/{{login}}/password"): _roles(),
    ("DELETE", f"{API}/people/{{login}}"): _roles(),
    ("GET", f"{API}/tokens"): _roles(),
    ("POST", f"{API}/tokens"): _roles(),
    ("DELETE", f"{API}/tokens/{{name}}"): _roles(),
    # The machine
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", f"{API}/openapi.json"): EVERYBODY,
    ("GET", "/metrics"): _roles("observer"),
    # Pages
    ("GET", "/"): EVERYBODY,
    ("GET", "/lobby"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
    ("GET", "/counter"): EVERYBODY,  # The shell sends to the sign-in page whoever has nothing to do there.
    ("GET", "/counter/{n}"): EVERYBODY,
    ("GET", "/manager"): EVERYBODY,
    ("GET", "/guide"): EVERYBODY,
    ("GET", "/t/{id}"): Rule(is_public=True, takes_key=True),  # A wrong key gets a page too, one without a ticket.
    ("GET", "/assets/{version}/{path:.+}"): _FILE,
}
"""Method and template to who may call it."""
