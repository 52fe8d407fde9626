"""The OpenAPI 3.1 document, made from the structs of the wire and the table of routes."""

import re
from functools import lru_cache

import msgspec
from aiohttp import web
from msgspec import Struct

from queue_server.api.access import API, TABLE
from queue_server.api.exchange import Exchange, json_answer
from queue_server.api.routes import SERVED, Route
from queue_server.wire import answers

Json = dict[str, "Json | list[Json] | list[str] | str | int | bool"]
TEMPLATE = "#/components/schemas/{name}"
_NO_SCOPES: list[str] = []
_IN_PATH = re.compile(r"{(\w+)}")
_ERRORS = {
    "400": "Malformed",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "Not found",
    "408": "The request did not arrive whole in time",
    "409": "Refused by the rules of the hall",
    "413": "Too large",
    "422": "A field is not valid",
    "429": "Too many requests",
    "503": "Try again",
}


async def show_document(exchange: Exchange) -> web.Response:
    """`GET /openapi.json`."""
    del exchange
    return json_answer(msgspec.Raw(_content()))


@lru_cache(maxsize=1)
def _content() -> bytes:
    return msgspec.json.encode(document())


DOCUMENT_ROUTE = Route(method="GET", template=f"{API}/openapi.json", endpoint=show_document, about="This document")


def document() -> Json:
    """The document."""
    kinds = _kinds()
    schemas, components = msgspec.json.schema_components(kinds, ref_template=TEMPLATE)
    by_kind = dict(zip(kinds, schemas, strict=True))
    paths: Json = {}
    for route in (*SERVED, DOCUMENT_ROUTE):
        path = paths.setdefault(route.template, {})
        assert isinstance(path, dict), f"path {route.template}"
        path[route.method.lower()] = _operation(route, by_kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Đến Lượt", "version": "1", "description": "Tickets, calls and screens of a one-stop hall."},
        "paths": paths,
        "components": {
            "schemas": dict(components),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "denluot_session"},
            },
        },
    }


def _kinds() -> list[type[Struct]]:
    found: dict[type[Struct], None] = {answers.ErrorAnswer: None}
    for route in SERVED:
        found |= {kind: None for kind in (route.body, route.answer) if kind is not None}
    return list(found)


def _operation(route: Route, by_kind: dict[type[Struct], dict[str, object]]) -> Json:
    rule = TABLE[route.method, route.template]
    name = route.template.removeprefix(API)
    operation: Json = {
        "summary": route.about,
        "operationId": f"{route.method.lower()}{re.sub(r'[^A-Za-z0-9]+', '-', name)}".rstrip("-"),
        "parameters": _parameters(route),
        "responses": _responses(route, by_kind),
    }
    if not rule.is_public:
        security: list[Json] = [{"token": _NO_SCOPES}, {"session": _NO_SCOPES}, *([{}] if rule.takes_key else [])]
        operation["security"] = security
        operation["description"] = f"Roles: {', '.join(sorted(rule.roles))}."
    if route.body is not None:
        operation["requestBody"] = {"content": {route.takes: {"schema": _plain(by_kind[route.body])}}}
    elif route.method in {"POST", "PUT"}:
        operation["requestBody"] = {"content": {route.takes: {"schema": {"type": "string"}}}}
    return operation


def _parameters(route: Route) -> list[Json]:
    in_path: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _IN_PATH.findall(route.template)
    ]
    in_query: list[Json] = [
        {"name": one.name, "in": "query", "description": one.about, "schema": _plain(dict(one.schema))}
        for one in route.query
    ]
    keyed: list[Json] = []
    if route.repeats:
        schema: Json = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
        keyed = [{"name": "Idempotency-Key", "in": "header", "schema": schema}]
    return [*in_path, *in_query, *keyed]


def _responses(route: Route, by_kind: dict[type[Struct], dict[str, object]]) -> Json:
    if route.answer is not None:
        good: Json = {"description": "Done", "content": {route.kind: {"schema": _plain(by_kind[route.answer])}}}
    elif route.status in {101, 204}:
        good = {"description": "Done"}
    else:
        good = {"description": "Done", "content": {route.kind: {"schema": {}}}}
    error: Json = {"application/json": {"schema": _plain(by_kind[answers.ErrorAnswer])}}
    bad: Json = {code: {"description": about, "content": error} for code, about in _ERRORS.items()}
    return {str(route.status): good, **bad}


def _plain(schema: dict[str, object]) -> Json:
    plain: Json = msgspec.convert(msgspec.to_builtins(schema), dict)
    return plain
