"""Pairing: a code on a screen, a yes of an admin, one token, once."""

import asyncio

import pytest

from queue_server.core.refusal import Refusal
from queue_server.people import pairing
from queue_server.people.errors import Invalid, PeopleUnavailable, Taken, Unknown
from queue_server.people.pairing import PairingStarted
from queue_server.people.people import People
from queue_server.people.secret import Secret, digest_of
from tests.people.conftest import TurnedClock

LOBBY = "192.0.2.50"


def start(hall: People, address: str = LOBBY) -> PairingStarted:
    """A screen shows a code."""
    started = hall.pairings.start(address)
    assert isinstance(started, PairingStarted), started
    return started


async def test_an_approved_screen_gets_its_token_exactly_once(hall: People) -> None:
    """The screen comes to life; whoever overheard the secret and asks later gets nothing."""
    screen = start(hall)
    assert await hall.pairings.collect(screen.poll) is None
    await hall.pairings.approve(screen.code, "display", "Màn hình sảnh")
    answers = await asyncio.gather(*(hall.pairings.collect(screen.poll) for _ in range(5)))
    [token] = [answer for answer in answers if isinstance(answer, Secret)]
    assert answers.count(Refusal("pairing-over")) == 4
    principal = hall.directory.by_token(digest_of(token))
    assert principal is not None
    assert (principal.role, principal.name) == ("display", "Màn hình sảnh")
    assert hall.pairings.open() == ()


def test_a_code_can_be_read_across_the_hall() -> None:
    """The admin stands ten metres away and types what they see."""
    assert not set("0O1IL2Z5S8B") & set(pairing.CODE_ALPHABET)
    assert len(pairing.CODE_ALPHABET) ** pairing.CODE_LENGTH > 200_000_000


async def test_a_code_may_be_typed_in_small_letters_and_groups(hall: People) -> None:
    """Nobody should have to guess how a code is typed."""
    screen = start(hall)
    await hall.pairings.approve(f" {screen.code[:3].lower()}-{screen.code[3:]} ", "display", "Màn hình")
    assert hall.pairings.open()[0].approved_as == "Màn hình"


async def test_a_pairing_ends_after_ten_minutes_approved_or_not(hall: People, clock: TurnedClock) -> None:
    """A screen that was carried away must not find a token waiting for it next week."""
    one, two = start(hall), start(hall)
    await hall.pairings.approve(one.code, "display", "Màn hình")
    clock.turn(minutes=10)
    assert await hall.pairings.collect(one.poll) == Refusal("pairing-over")
    assert await hall.pairings.collect(two.poll) == Refusal("pairing-over")
    with pytest.raises(Unknown):
        await hall.pairings.approve(two.code, "display", "Màn hình")
    assert await hall.register.tokens() == []


def test_the_screen_beyond_a_limit_is_told_when_to_try_again(hall: People, clock: TurnedClock) -> None:
    """Anybody may start a pairing without signing in, so it must not be a way to fill the memory."""
    for number in range(5):
        start(hall)
        clock.turn(seconds=number)
    assert hall.pairings.start(LOBBY) == Refusal("pairings-full", {"limit": 5, "retry_after_s": 590})
    for number in range(45):
        start(hall, f"192.0.2.{number}")
    assert hall.pairings.start("198.51.100.1") == Refusal("pairings-full", {"limit": 50, "retry_after_s": 590})
    clock.turn(seconds=590)
    start(hall)
    assert len({shown.code for shown in hall.pairings.open()}) == len(hall.pairings.open())


async def test_a_refused_screen_gets_nothing(hall: People) -> None:
    """The admin does not know this screen."""
    screen = start(hall)
    hall.pairings.refuse(screen.code)
    assert await hall.pairings.collect(screen.poll) == Refusal("pairing-over")


async def test_an_approval_that_could_not_be_kept_is_refused_while_the_admin_is_there(hall: People) -> None:
    """The mistake must show where it can be mended, not on the screen in the lobby."""
    one, two = start(hall), start(hall)
    await hall.register.issue_token("display", "Màn hình 1")
    with pytest.raises(Taken):
        await hall.pairings.approve(one.code, "display", "Màn hình 1")
    await hall.pairings.approve(one.code, "display", "Màn hình 2")
    await hall.pairings.approve(one.code, "display", "Màn hình 2")
    with pytest.raises(Taken):
        await hall.pairings.approve(two.code, "display", "Màn hình 2")
    with pytest.raises(Invalid):
        await hall.pairings.approve(two.code, "display", "Màn hình 3", 4)


async def test_a_name_taken_between_approval_and_fetching_sends_the_screen_back_to_waiting(hall: People) -> None:
    """The command line may be quicker; then the admin chooses another name, and the code still holds."""
    screen = start(hall)
    await hall.pairings.approve(screen.code, "display", "Màn hình")
    await hall.register.issue_token("display", "Màn hình")
    with pytest.raises(Taken):
        await hall.pairings.collect(screen.poll)
    await hall.pairings.approve(screen.code, "display", "Màn hình 2")
    assert isinstance(await hall.pairings.collect(screen.poll), Secret)


async def test_a_full_disk_does_not_cost_the_screen_its_approval(hall: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """The admin has gone back to the office; the screen asks again by itself."""
    screen = start(hall)
    await hall.pairings.approve(screen.code, "display", "Màn hình")

    async def fail(*_: object) -> Secret:
        raise PeopleUnavailable("people-unavailable", "the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(hall.register, "issue_token", fail)
        with pytest.raises(PeopleUnavailable):
            await hall.pairings.collect(screen.poll)
    assert isinstance(await hall.pairings.collect(screen.poll), Secret)
