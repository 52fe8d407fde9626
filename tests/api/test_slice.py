"""The whole way once: a number is taken, called, shown in the lobby, served and rated."""

import asyncio

from queue_server.client.session import HallSession, LinkDown
from queue_server.wire.messages import Announce, ShowView, Welcome
from tests.api.halls import TestHall


async def test_a_citizen_takes_a_number_is_called_and_served(hall: TestHall) -> None:
    """The least that a hall must do."""
    ticket = await hall.ticket()
    assert (ticket["number"], ticket["state"], ticket["ahead"]) == (1001, "waiting", 0)
    assert ticket["url"] == f"https://hall.example/t/{ticket['id']}?key={ticket['key']}"
    await hall.serving(1)
    called = await hall.post("/counters/1/next", role="clerk")
    assert called.body["ticket"]["number"] == 1001
    assert called.body["ticket"]["key"] is None
    assert (await hall.post("/counters/1/start", role="clerk")).body["state"] == "serving"
    done = await hall.post("/counters/1/finish", {"outcome": "received", "dossiers": ["H1", "H2"]}, role="clerk")
    assert done.body["state"] == "finished"
    rating = {"ticket": ticket["id"], "key": ticket["key"], "score": 4}
    assert (await hall.post("/ratings", rating)).status == 201
    repeated = await hall.post("/ratings", rating)
    assert (repeated.status, repeated.code) == (409, "rating-repeated")


async def test_the_lobby_hears_and_shows_a_call(hall: TestHall) -> None:
    """A call that is not seen in the lobby did not happen for the citizen."""
    await hall.ticket()
    await hall.serving(1)
    heard: list[object] = []
    async with HallSession(hall.url) as screen, asyncio.timeout(10):
        async for message in screen.feed("lobby"):
            heard.append(message)
            if len(heard) == 2:
                await hall.post("/counters/1/next", role="clerk")
            if isinstance(message, Announce):
                break
            assert not isinstance(message, LinkDown)
    assert isinstance(heard[0], Welcome)
    assert isinstance(heard[1], ShowView)
    call = heard[-1]
    assert isinstance(call, Announce)
    assert (call.number, call.counter, call.repeat) == (1001, 1, False)


async def test_every_outcome_of_next_names_the_ticket_or_nobody(hall: TestHall) -> None:
    """An empty line is no error: the clerk's page shows that nobody waits."""
    await hall.serving(1)
    nobody = await hall.post("/counters/1/next", role="clerk")
    assert (nobody.status, nobody.body) == (200, {"ticket": None})
