"""The application: routes behind the gate, and the broadcaster."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from queue_server.api import openapi, pages
from queue_server.api.access import TABLE, Rule
from queue_server.api.alerts import Alerts
from queue_server.api.errors import HEADERS, Problem, Refusals, keep_running
from queue_server.api.exchange import Doors, Exchange
from queue_server.api.feed import Feed
from queue_server.api.gate import Gate
from queue_server.api.parts import Live, Parts
from queue_server.api.routes import SERVED, Endpoint, Route, page_routes
from queue_server.api.seats import Seats
from queue_server.api.shell import Shell
from queue_server.bookings.store import BOOKINGS_FILE, open_bookings
from queue_server.people.errors import PeopleUnavailable

__all__ = ["DOORS", "PARTS", "Live", "Parts", "build_app"]

PARTS = web.AppKey("parts", Parts)
DOORS = web.AppKey("doors", Doors)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(parts: Parts) -> web.Application:
    """The application of one hall. Its caller sets up a runner without an access log."""
    app = web.Application(client_max_size=parts.live.config.server.body_bytes_max)
    refusals = Refusals(parts.texts)
    app[PARTS] = parts
    app.cleanup_ctx.append(_doors)
    routes = (*SERVED, openapi.DOCUMENT_ROUTE, *page_routes(pages.Pages(Shell(parts.texts))))
    served = {(route.method, route.template) for route in routes}
    assert served == set(TABLE), f"the tables of routes and of access differ in {served ^ set(TABLE)}"
    for route in routes:
        rule = TABLE[route.method, route.template]
        app.router.add_route(route.method, route.template, _guarded(app, route, rule, refusals))
    app.router.add_route("*", "/{nothing:.*}", _nothing_there(app, refusals))
    app.on_response_prepare.append(_sign)
    app.on_shutdown.append(_say_goodbye)
    return app


def _guarded(app: web.Application, route: Route, rule: Rule, refusals: Refusals) -> Handler:
    """The endpoint behind the gate. It supervises one request: each fault in it becomes an answer."""
    endpoint: Endpoint = route.endpoint
    parts = app[PARTS]
    doors: Doors | None = None

    async def handle(request: web.Request) -> web.StreamResponse:
        nonlocal doors
        doors = doors or app[DOORS]
        try:
            try:
                asker = doors.gate.admit(request, rule)
            except Problem as problem:
                if problem.status != 401 or not await _is_news(parts):
                    raise
                asker = doors.gate.admit(request, rule)
            return await endpoint(Exchange(request, parts, asker, doors))
        except Exception as fault:  # The supervisor of one request; in here because a middleware costs each of them.
            return refusals.answer(request, fault)

    return handle


def _nothing_there(app: web.Application, refusals: Refusals) -> Handler:
    """What answers where no route does: 405 with the methods that there are, else 404."""

    async def handle(request: web.Request) -> web.StreamResponse:
        allowed: set[str] = set()
        for resource in app.router.resources():
            match, methods = await resource.resolve(request)
            if match is None:
                allowed |= methods
        if allowed:
            return refusals.say(Problem(405, "method-not-allowed", headers={"Allow": ", ".join(sorted(allowed))}))
        return refusals.say(Problem(404, "not-found"))

    return handle


async def _is_news(parts: Parts) -> bool:
    """Whether the command line has changed the tokens since the last look: a new one works at once."""
    known = parts.people.directory.generation
    try:
        await parts.people.directory.notice()
    except PeopleUnavailable:
        return False
    return parts.people.directory.generation != known


async def _doors(app: web.Application) -> AsyncIterator[None]:
    """What the application keeps, and its one task; both end with it."""
    parts = app[PARTS]
    feed = Feed(parts)
    alerts = Alerts(parts, feed.refresh)
    await alerts.recall()
    async with open_bookings(parts.folder / BOOKINGS_FILE) as bookings, asyncio.TaskGroup() as group:
        app[DOORS] = Doors(
            gate=Gate(parts),
            seats=Seats(parts.people.directory.stands),
            feed=feed,
            alerts=alerts,
            bookings=bookings,
            report_turn=asyncio.Lock(),
        )
        followers = (alerts.follow, feed.follow)  # The views show what the alerts take note of.
        parts.engine.followers.extend(followers)
        task = group.create_task(keep_running("feed", feed.run), name="feed")
        try:
            yield
        finally:
            for follower in followers:
                parts.engine.followers.remove(follower)
            task.cancel()


async def _sign(_: web.Request, response: web.StreamResponse) -> None:
    """No answer tells which versions of what run here."""
    response.headers["Server"] = HEADERS["Server"]


async def _say_goodbye(app: web.Application) -> None:
    await app[DOORS].feed.close_all()
