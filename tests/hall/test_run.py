"""The `run` command: what it prints, how it stops, and what it says when it cannot run."""

import asyncio
import re
import signal
from pathlib import Path

import pytest

from queue_server.journal.port import JOURNAL_FILE
from tests.hall.doors import API
from tests.hall.proof import exported
from tests.hall.running import a_hall, a_session, a_token, command, running

REVOKED_WITHIN_SECONDS = 2.0


async def test_run_prints_ready_with_its_address_and_stops_at_sigterm(hall: Path) -> None:
    """Whoever supervises the server waits for this line, and gives it five seconds to end."""
    async with running(hall) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", server.url)
        async with a_session() as session, session.get(f"{server.url}/healthz") as response:
            assert response.status == 200
        assert await server.stop() == 0
    assert server.said() == ""


async def test_interrupt_stops_like_sigterm(hall: Path) -> None:
    """Ctrl-C of the one who tries it out is no error."""
    async with running(hall) as server:
        assert await server.stop(signal.SIGINT) == 0


async def test_open_screens_do_not_hold_up_the_stop(hall: Path) -> None:
    """Ten lobby screens and idle connections stay open for ever; a restart must not wait for them."""
    async with running(hall) as server, a_session() as session:
        feeds = [await session.ws_connect(f"{server.url}{API}/feed?view=lobby") for _ in range(10)]
        assert await server.stop() == 0
        for feed in feeds:
            await feed.close()


async def test_a_port_that_is_taken_is_said_in_plain_words(hall: Path, tmp_path: Path) -> None:
    """The commonest mistake of all: the server runs already."""
    other = await asyncio.to_thread(a_hall, tmp_path / "other")
    async with running(hall) as server:
        port = server.url.rpartition(":")[2]
        ended = await asyncio.to_thread(command, "run", other, "--port", port)
    assert ended.code == 2, ended
    assert port in ended.err
    assert "--port" in ended.err  # What to do about it.
    assert "Traceback" not in ended.err


async def test_a_second_server_on_the_same_hall_is_refused(hall: Path) -> None:
    """Started twice by mistake on two ports: whichever wrote last would stop, and that may be the one people use."""
    token = await asyncio.to_thread(a_token, hall, "clerk")
    async with running(hall) as server, a_session(token) as session:
        ended = await asyncio.to_thread(command, "run", hall, "--port", "0")
        assert (ended.code, ended.out) == (2, "")
        assert "runs already" in ended.err
        assert "Traceback" not in ended.err
        async with session.post(f"{server.url}{API}/tickets", json={"service": "ho-tich"}) as response:
            assert response.status == 201
        await server.kill()
        await server.start()  # A power cut leaves no lock behind.
        async with session.post(f"{server.url}{API}/tickets", json={"service": "ho-tich"}) as response:
            assert response.status == 201
    assert [row.kind for row in exported(hall)].count("ticket-issued") == 2


async def test_the_log_quotes_no_request(hall: Path) -> None:
    """A log is read by many; a broken request may hold a token or the key of a ticket."""
    async with running(hall) as server:
        port = int(server.url.rpartition(":")[2])
        for request in (
            b"GET /t/x?key=SECRET HTTP/9\r\n\r\n",
            b"GET / HTTP/1.1\r\nAuthorization : Bearer SECRET\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            assert b" 400 " in await reader.readline()
            writer.close()
        assert await server.stop() == 0
    assert server.said() == ""


def test_a_broken_file_of_bookings_is_said_in_plain_words(hall: Path) -> None:
    """Whoever has to mend it reads this and not the code."""
    (hall / "bookings.db").write_bytes(b"no database at all, and longer than a header" * 50)
    ended = command("run", hall, "--port", "0")
    assert (ended.code, ended.out) == (2, "")
    assert "bookings.db" in ended.err
    assert "Traceback" not in ended.err


async def test_what_the_server_writes_is_for_its_owner_alone(hall: Path) -> None:
    """A folder that somebody opens to others must not show them the appointments."""
    async with running(hall):
        assert await asyncio.to_thread(_open_to_others, hall) == []


def _open_to_others(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.is_file() and file.stat().st_mode & 0o077]


def _spoil(hall: Path) -> None:
    text = (hall / "hall.toml").read_text("utf-8")
    text = text.replace('order = "first-come"', "").replace("[policy]", '[policy]\nordr = "fastest"')
    text = text.replace('priority = "interleaved"', 'priority = "sometimes"').replace("always_open = true", "")
    (hall / "hall.toml").write_text(text.replace("port = 8080", "port = 80800"), "utf-8")


@pytest.mark.parametrize("name", ["run", "check"])
def test_every_mistake_of_the_configuration_is_listed_at_once(hall: Path, name: str) -> None:
    """Five mistakes must not take five restarts to find."""
    _spoil(hall)
    ended = command(name, hall)
    said = ended.err + ended.out
    assert ended.code == (2 if name == "run" else 1)
    for key, value in (("policy.ordr", "fastest"), ("policy.priority", "sometimes"), ("server.port", "80800")):
        assert re.search(rf"hall\.toml:\d+ .*{re.escape(key)}.*{value}", said), said
    assert "order" in said  # The nearest key that there is.
    assert "Traceback" not in said
    assert not (hall / JOURNAL_FILE).exists()


async def test_tokens_work_and_end_while_the_server_runs(hall: Path) -> None:
    """A stolen tablet is shut out without closing the hall."""
    async with running(hall) as server:
        made = await asyncio.to_thread(command, "token", hall, "--role", "observer", "--name", "Tablet")
        async with a_session(made.out.strip()) as session:

            async def status() -> int:
                async with session.get(f"{server.url}{API}/board") as response:
                    return response.status

            async def becomes(wanted: int) -> None:
                async with asyncio.timeout(REVOKED_WITHIN_SECONDS):
                    while await status() != wanted:
                        pass

            await becomes(200)
            ended = await asyncio.to_thread(command, "token", hall, "--revoke", "Tablet")
            assert (ended.code, ended.out) == (0, "")
            await becomes(401)
