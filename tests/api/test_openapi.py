"""The document says what is served, no more and no less, and what is served keeps to it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from queue_server.api.access import TABLE
from queue_server.api.openapi import document
from queue_server.wire.codec import encode
from tests.api.halls import TestHall, a_hall

PAGES = {
    "/",
    "/lobby",
    "/sign-in",
    "/counter",
    "/counter/{n}",
    "/t/{id}",
    "/guide",
    "/manager",
    "/assets/{version}/{path:.+}",
}
NOT_SENT = {"/api/v1/feed", "/api/v1/day/close", "/api/v1/clock/confirm", "/api/v1/session"}
"""A WebSocket; what would end the hall that the others are sent to; and guessing, which is slowed down on purpose."""


def test_every_served_route_is_in_the_document_and_nothing_else() -> None:
    """A call that is not written down is found by those who look for it, and by nobody else."""
    paths: Any = document()["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert described == {(method, path) for method, path in TABLE if path not in PAGES}
    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_the_document_is_valid_and_refers_to_nothing_missing() -> None:
    """Programs are generated from it."""
    whole: Any = document()
    assert whole["openapi"] == "3.1.0"
    for name in whole["components"]["schemas"]:
        schema = {"$ref": f"#/components/schemas/{name}", "components": whole["components"]}
        jsonschema_rs.meta.validate(schema)
        jsonschema_rs.validator_for(schema)


def test_a_check_in_makes_a_ticket_and_says_so() -> None:
    """A generated client that waits for 200 would show an error to a citizen who holds a number."""
    paths: Any = document()["paths"]
    answers = paths["/api/v1/checkin"]["post"]["responses"]
    assert {code for code in answers if code < "400"} == {"201"}
    ticket = paths["/api/v1/tickets"]["post"]["responses"]["201"]["content"]
    assert answers["201"]["content"] == ticket


async def test_the_document_is_served(hall: TestHall) -> None:
    """Anybody may read how to ask."""
    assert (await hall.get("/openapi.json")).body == json.loads(encode(document()))


@pytest.mark.parametrize("role", ["admin", "kiosk", "clerk"])
async def test_answers_keep_to_the_document(tmp_path: Path, role: str) -> None:
    """Hundreds of made-up requests: no fault of ours, and no answer that the document does not describe."""
    async with a_hall(tmp_path / "hall", server="rate_per_s = 1000000\nrate_burst = 1000000") as hall:
        await hall.serving(1)
        await hall.ticket()
        await asyncio.to_thread(_ask_all, document(), hall.url, hall.tokens[role])
        assert (await hall.get("/board", role="clerk")).status == 200


def _ask_all(whole: Any, url: str, token: str) -> None:
    schema = schemathesis.openapi.from_dict(whole)
    schema.config.update(base_url=url)
    operations: Any = schema.get_all_operations()
    for result in operations:
        operation = result.ok()
        if operation.path not in NOT_SENT:
            _ask(operation, token)


def _ask(operation: Any, token: str) -> None:
    from hypothesis import given

    @given(case=operation.as_strategy())
    @settings(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        case.call_and_validate(
            headers={"Authorization": f"Bearer {token}"},
            checks=[not_a_server_error, status_code_conformance, response_schema_conformance],
        )

    ask()
