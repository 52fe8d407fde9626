"""Accounts and tokens, for admins."""

from aiohttp import web
from msgspec import UNSET, UnsetType

from queue_server.api.errors import Problem
from queue_server.api.exchange import Body, Exchange, json_answer
from queue_server.api.sessions import known_counter
from queue_server.people.roles import login_key
from queue_server.people.store import PersonLine
from queue_server.wire import answers, requests

ADD = Body(requests.AddPerson)
CHANGE = Body(requests.ChangePerson)
RESET = Body(requests.ResetPassword)
ADD_TOKEN = Body(requests.AddToken)


async def list_people(exchange: Exchange) -> web.Response:
    """`GET /people`."""
    people = await exchange.parts.people.register.people()
    return json_answer(answers.People(tuple(_person(one) for one in people)))


async def add_person(exchange: Exchange) -> web.Response:
    """`POST /people`: with the one-time password, shown this once."""
    body = await ADD.read(exchange)
    known_counter(exchange, body.counter)
    one_time = await exchange.parts.people.register.add_person(body.login, body.name, body.role, body.counter)
    return json_answer(_person(await _line(exchange, body.login), str(one_time)), 201)


async def change_person(exchange: Exchange) -> web.Response:
    """`PUT /people/{login}`."""
    body = await CHANGE.read(exchange)
    present = await _line(exchange, _login(exchange))
    counter = present.counter if isinstance(body.counter, UnsetType) else body.counter
    known_counter(exchange, counter)
    await exchange.parts.people.register.change_person(
        present.login, name=body.name or present.name, role=body.role or present.role, counter=counter
    )
    return json_answer(_person(await _line(exchange, present.login)))


async def reset_password(exchange: Exchange) -> web.Response:
    """`POST /people/{login}/password`: a new one-time password; the person's sessions end."""
    await RESET.read(exchange)
    one_time = await exchange.parts.people.register.reset_password(_login(exchange))
    return json_answer(_person(await _line(exchange, _login(exchange)), str(one_time)))


async def end_person(exchange: Exchange) -> web.Response:
    """`DELETE /people/{login}`."""
    await exchange.parts.people.register.end_person(_login(exchange))
    return web.Response(status=204)


def _login(exchange: Exchange) -> str:
    return exchange.request.match_info["login"]


async def _line(exchange: Exchange, login: str) -> PersonLine:
    key = login_key(login)
    for one in await exchange.parts.people.register.people():
        if one.login == key:
            return one
    raise Problem(404, "person-unknown")


def _person(line: PersonLine, one_time: str | UnsetType = UNSET) -> answers.Person:
    return answers.Person(
        id=line.id,
        login=line.login,
        name=line.name,
        role=line.role,
        counter=line.counter,
        password_change_needed=line.must_change == 1,
        one_time_password=one_time,
    )


# Tokens


async def list_tokens(exchange: Exchange) -> web.Response:
    """`GET /tokens`."""
    tokens = await exchange.parts.people.register.tokens()
    shown = (answers.Token(id=one.id, name=one.name, role=one.role, counter=one.counter) for one in tokens)
    return json_answer(answers.Tokens(tuple(shown)))


async def add_token(exchange: Exchange) -> web.Response:
    """`POST /tokens`: with the secret, shown this once."""
    body = await ADD_TOKEN.read(exchange)
    known_counter(exchange, body.counter)
    token = await exchange.parts.people.register.issue_token(body.role, body.name, body.counter)
    issued = answers.IssuedToken(token=str(token), name=body.name, role=body.role, counter=body.counter)
    return json_answer(issued, 201)


async def revoke_token(exchange: Exchange) -> web.Response:
    """`DELETE /tokens/{name}`."""
    await exchange.parts.people.register.revoke_token(exchange.request.match_info["name"])
    return web.Response(status=204)
