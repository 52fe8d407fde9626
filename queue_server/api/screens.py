"""`/api/v1/feed`: a screen connects, is greeted, and is kept up to date by the broadcaster."""

import asyncio
import socket as sockets

from aiohttp import ClientConnectionResetError, web

from queue_server.api.access import API, TABLE
from queue_server.api.errors import Problem, invalid, too_many
from queue_server.api.exchange import Exchange
from queue_server.api.feed import Screen, ViewKey
from queue_server.api.showing import STAFF
from queue_server.core.ids import CounterNumber
from queue_server.wire.codec import encode
from queue_server.wire.messages import Welcome

HEARTBEAT_SECONDS = 30.0
MESSAGE_BYTES_MAX = 4096  # A screen has nothing to say; a longer message ends the connection.
ZONE_LENGTH_MAX = 64
GUIDES = frozenset({"guide", "manager", "admin"})
"""Who may see the guide's view: it names priority groups."""
WATCHERS = frozenset({"manager", "auditor", "admin"})
"""Who may see the whole hall with its clerks."""
SEND_BUFFER_BYTES = 131_072  # What the kernel holds for one screen; more would only be older views.
NEVER_WAIT = 2**62  # aiohttp would hold the broadcaster until a slow screen has read; we look at the buffer ourselves.
RETRY_SECONDS = 5


async def feed(exchange: Exchange) -> web.StreamResponse:
    """`GET /feed`: lobby for everybody, the others for those who are signed in."""
    request, feed = exchange.request, exchange.doors.feed
    key, after = view_key(exchange), _after(exchange)
    exchange.doors.gate.same_origin(request)
    limits = exchange.parts.live.config.server
    if feed.count >= limits.screens_max:
        raise Problem(503, "busy", {"limit": limits.screens_max}, {"Retry-After": str(RETRY_SECONDS)})
    if exchange.asker.principal is None and feed.count_from(exchange.asker.address) >= limits.screens_per_address_max:
        raise too_many(RETRY_SECONDS)
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS,
        compress=False,
        max_msg_size=MESSAGE_BYTES_MAX,
        writer_limit=NEVER_WAIT,
        timeout=1.0,
    )
    if not socket.can_prepare(request).ok:
        raise Problem(400, "websocket-needed", {"url": f"{API}/feed"})
    await socket.prepare(request)
    transport = request.transport
    if transport is None:
        return socket
    _limit_buffer(transport)
    screen = Screen(socket, transport, key, exchange.asker.principal, exchange.asker.address)
    engine = exchange.parts.engine
    welcome = encode(Welcome(sequence=engine.board.sequence, now=engine.now()))
    try:
        await feed.greet(screen, welcome, after)
        async for _ in socket:
            pass  # What a screen says is ignored; reading is how we see that it left.
    except (ClientConnectionResetError, ConnectionError):
        pass
    finally:
        feed.leave(screen)
    return socket


def view_key(exchange: Exchange) -> ViewKey:
    """Which view is asked for, or Problem: 422, or 401 and 403 for what the asker may not see."""
    query, asker = exchange.request.query, exchange.asker
    kind = query.get("view", "lobby")
    zone = query.get("zone", "")
    if len(zone) > ZONE_LENGTH_MAX:
        raise invalid("zone", f"Expected at most {ZONE_LENGTH_MAX} characters")
    if kind == "lobby":
        # A zone that no counter has shows an empty hall; unknown ones share one view, so that they cost nothing.
        known = {one.rules.zone for one in exchange.parts.engine.board.counters.values()}
        return ViewKey(kind="lobby", zone=zone if zone in known else zone and "?")
    if kind not in {"kiosk", "counter", "guide", "manager"}:
        raise invalid("view", "Expected lobby, kiosk, counter, guide or manager")
    principal = asker.principal
    if principal is None:
        raise Problem(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
    if principal.must_change:
        raise Problem(403, "password-change-needed")
    if kind == "kiosk":
        return ViewKey(kind="kiosk")
    if kind == "guide":
        if principal.role not in GUIDES:
            raise Problem(403, "forbidden", {"role": principal.role})
        return ViewKey(kind="guide", is_staff=True)
    if kind == "manager":
        if principal.role not in WATCHERS:
            raise Problem(403, "forbidden", {"role": principal.role})
        return ViewKey(kind="manager", is_staff=True)
    rule = TABLE["GET", f"{API}/counters/{{n}}"]
    text = query.get("counter", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise invalid("counter", "Expected the number of a counter")
    counter = CounterNumber(int(text))
    if principal.role not in rule.roles:
        raise Problem(403, "forbidden", {"role": principal.role})
    if principal.kind == "token" and principal.counter not in (None, counter):
        raise Problem(403, "counter-not-yours", {"counter": principal.counter or 0})
    if counter not in exchange.parts.engine.board.counters:
        raise Problem(404, "unknown-counter", {"counter": int(counter)})
    return ViewKey(kind="counter", counter=counter, is_staff=principal.role in STAFF)


def _after(exchange: Exchange) -> int | None:
    text = exchange.request.query.get("after")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise invalid("after", "Expected a sequence of the journal")
    return int(text)


def _limit_buffer(transport: asyncio.BaseTransport) -> None:
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, SEND_BUFFER_BYTES)
