"""Signing in and out, one's own password, and screens that pair."""

from urllib.parse import urlsplit

from aiohttp import web

from queue_server.api.errors import Problem, too_many
from queue_server.api.exchange import Body, Exchange, json_answer, refused
from queue_server.api.gate import COOKIE
from queue_server.core.ids import CounterNumber
from queue_server.core.refusal import Refusal
from queue_server.people.directory import Principal
from queue_server.people.errors import Invalid
from queue_server.people.secret import csrf_of, digest_of
from queue_server.people.signing import SignedIn
from queue_server.wire import answers, requests

SIGN_IN = Body(requests.SignIn)
PASSWORD = Body(requests.ChangePassword)
APPROVE = Body(requests.ApprovePairing)
START_PAIRING = Body(requests.StartPairing)
COOKIE_SECONDS = 16 * 3600
SCREEN_COOKIE_SECONDS = 400 * 86_400  # The longest that browsers keep a cookie; a revoked token ends it sooner.


async def sign_in(exchange: Exchange) -> web.Response:
    """`POST /session`."""
    body = await SIGN_IN.read(exchange)
    exchange.doors.gate.same_origin(exchange.request)
    signing = exchange.parts.people.signing
    signed = await signing.sign_in(body.login, body.password, exchange.asker.address)
    return _signed_in(exchange, signed, 201)


async def change_password(exchange: Exchange) -> web.Response:
    """`PUT /session/password`: all other sessions of the person end, and this one is a new one."""
    body = await PASSWORD.read(exchange)
    who, address = _who(exchange), exchange.asker.address
    try:
        signed = await exchange.parts.people.signing.change_password(who, body.password, body.new_password, address)
    except Invalid as fault:
        named = {"old": "password", "password": "new_password"}.get(str(fault.detail.get("field")), "new_password")
        raise Problem(422, fault.code, {**fault.detail, "field": named, "problem": str(fault)}) from None
    return _signed_in(exchange, signed, 200)


def _signed_in(exchange: Exchange, signed: SignedIn | Refusal, status: int) -> web.Response:
    if isinstance(signed, Refusal):
        if signed.code == "sign-in-wrong":
            raise Problem(401, signed.code)
        raise too_many(int(signed.detail.get("retry_after_s", 1)))
    principal = exchange.parts.people.directory.by_session(digest_of(signed.cookie))
    if principal is None:
        raise Problem(401, "session-ended")
    response = json_answer(_session(principal, signed.cookie), status)
    _set_cookie(exchange, response, signed.cookie, COOKIE_SECONDS)
    return response


async def show(exchange: Exchange) -> web.Response:
    """`GET /session`: who is signed in, and the word that changes must carry."""
    cookie = exchange.request.cookies.get(COOKIE, "")
    return json_answer(_session(_who(exchange), cookie))


def _session(principal: Principal, cookie: str) -> answers.Session:
    return answers.Session(
        actor=principal.actor,
        name=principal.name,
        role=principal.role,
        counter=principal.counter,
        csrf=str(csrf_of(cookie)) if cookie else "",
        expires_at=None,
        password_change_needed=principal.must_change,
    )


async def sign_out(exchange: Exchange) -> web.Response:
    """`DELETE /session`."""
    who = _who(exchange)
    if who.kind == "session":
        await exchange.parts.people.signing.sign_out(who)
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path="/")
    return response


def _who(exchange: Exchange) -> Principal:
    assert exchange.asker.principal is not None, "the route is for those who are signed in"
    return exchange.asker.principal


def _set_cookie(exchange: Exchange, response: web.Response, secret: str, seconds: int) -> None:
    public = urlsplit(exchange.parts.live.config.server.public_url)
    is_secure = exchange.request.secure or (public.scheme == "https" and public.netloc == exchange.request.host)
    response.set_cookie(
        COOKIE, str(secret), max_age=seconds, path="/", httponly=True, samesite="Strict", secure=is_secure
    )


# Screens


async def start_pairing(exchange: Exchange) -> web.Response:
    """`POST /pairing`."""
    await START_PAIRING.read(exchange)
    exchange.doors.gate.same_origin(exchange.request)
    started = exchange.parts.people.pairings.start(exchange.asker.address)
    if isinstance(started, Refusal):
        raise too_many(int(started.detail.get("retry_after_s", 1)))
    return json_answer(answers.Pairing(code=started.code, poll=str(started.poll), expires_at=started.ends_at), 201)


async def ask_pairing(exchange: Exchange) -> web.Response:
    """`GET /pairing/{poll}`."""
    token = await exchange.parts.people.pairings.collect(exchange.request.match_info["poll"])
    if isinstance(token, Refusal):
        raise refused(token, in_path=frozenset({"pairing-over"}))
    if token is None:
        return json_answer(answers.PairingState(state="waiting"))
    response = json_answer(answers.PairingState(state="approved", token=str(token)))
    _set_cookie(exchange, response, token, SCREEN_COOKIE_SECONDS)
    return response


async def list_pairings(exchange: Exchange) -> web.Response:
    """`GET /pairing`."""
    return json_answer(
        answers.OpenPairings(
            tuple(
                answers.OpenPairing(
                    code=one.code,
                    address=one.address,
                    began_at=one.began_at,
                    expires_at=one.ends_at,
                    approved_as=one.approved_as,
                )
                for one in exchange.parts.people.pairings.open()
            )
        )
    )


async def approve_pairing(exchange: Exchange) -> web.Response:
    """`POST /pairing/{code}/approve`."""
    body = await APPROVE.read(exchange)
    known_counter(exchange, body.counter)
    code = exchange.request.match_info["code"]
    await exchange.parts.people.pairings.approve(code, body.role, body.name, body.counter)
    return web.Response(status=204)


async def refuse_pairing(exchange: Exchange) -> web.Response:
    """`DELETE /pairing/{code}`."""
    exchange.parts.people.pairings.refuse(exchange.request.match_info["code"])
    return web.Response(status=204)


def known_counter(exchange: Exchange, counter: int | None) -> None:
    """Nothing for no counter or one of the hall, else 422."""
    board = exchange.parts.engine.board
    if counter is not None and board.rules is not None and CounterNumber(counter) not in board.counters:
        raise Problem(422, "unknown-counter", {"field": "counter", "counter": counter})
