"""People: accounts, one-time passwords, sessions and what ends them."""

from pathlib import Path

import pytest

from queue_server.core.refusal import Refusal
from queue_server.people.directory import Principal
from queue_server.people.errors import Invalid, Taken, Unknown
from queue_server.people.passwords import Hasher
from queue_server.people.people import People, open_people
from queue_server.people.secret import csrf_matches, csrf_of, digest_of
from queue_server.people.signing import SignedIn
from tests.people.conftest import TurnedClock, cheap_hasher

HERE = "192.0.2.1"
GOOD = "bốn mùa hoa nở quanh nhà"


async def sign_in(hall: People, login: str, password: str, address: str = HERE) -> SignedIn:
    """A session that must come about."""
    answer = await hall.signing.sign_in(login, password, address)
    assert isinstance(answer, SignedIn), answer
    return answer


def who(hall: People, signed: SignedIn) -> Principal:
    """Who is signed in with this session, which must stand."""
    principal = hall.directory.by_session(digest_of(signed.cookie))
    assert principal is not None
    return principal


async def a_clerk(hall: People, login: str = "an", role: str = "clerk") -> SignedIn:
    """A person who has changed the one-time password to GOOD."""
    one_time = await hall.register.add_person(login, "Nguyễn Văn An", role, 2 if role == "clerk" else None)
    first = await sign_in(hall, login, one_time)
    changed = await hall.signing.change_password(who(hall, first), one_time, GOOD, HERE)
    assert isinstance(changed, SignedIn), changed
    return changed


async def test_the_first_admin_must_change_the_printed_password(hall: People, one_time: str) -> None:
    """The password lay on paper; whoever read it must not be able to use it later."""
    first = await sign_in(hall, "Admin ", one_time)
    assert who(hall, first).must_change
    changed = await hall.signing.change_password(who(hall, first), one_time, GOOD, HERE)
    assert isinstance(changed, SignedIn)
    assert not who(hall, changed).must_change
    assert hall.directory.by_session(digest_of(first.cookie)) is None
    assert await hall.signing.sign_in("admin", one_time, HERE) == Refusal("sign-in-wrong")
    assert who(hall, await sign_in(hall, "admin", GOOD)).role == "admin"


async def test_a_wrong_login_and_a_wrong_password_answer_alike(hall: People) -> None:
    """An answer that differs would list the staff of the hall."""
    assert await hall.signing.sign_in("admin", "wrong password", HERE) == Refusal("sign-in-wrong")
    assert await hall.signing.sign_in("nobody", "wrong password", HERE) == Refusal("sign-in-wrong")


async def test_a_login_that_does_not_exist_is_hashed_like_one_that_does(
    hall: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of the answer would list the staff as well. Counted, because measuring time would fail by chance."""
    checked: list[str] = []
    verify = Hasher._verify  # The only place where a hash is computed has no public face.

    def count(self: Hasher, stored: str, clean: str) -> bool:
        checked.append(stored.rpartition("$")[0].rpartition("$")[0])
        return verify(self, stored, clean)

    monkeypatch.setattr(Hasher, "_verify", count)
    await hall.signing.sign_in("nobody", "wrong password", HERE)
    await hall.signing.sign_in("nobody", "x" * 5000, HERE)
    await hall.signing.sign_in("nobody", "\ud800" * 12, HERE)
    assert checked == ["$argon2id$v=19$m=8,t=1,p=1"] * 3


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn", "password-too-short"),
        ("e\u0302\u0301" * 9, "password-too-short"),
        ("dài quá " * 20, "password-too-long"),
        ("x" * 5000, "password-too-long"),
        ("MatKhau123", "password-common"),
        ("aaaaaaaaaaaa", "password-common"),
        ("an-an-an-an-1", "password-common"),
        ("half a sign \ud800", "password-invalid"),
        (GOOD, "password-same"),
    ],
)
async def test_a_weak_password_is_refused_with_the_rule_and_without_the_password(
    hall: People, password: str, code: str
) -> None:
    """The person must know what to do better; a log must not learn what they tried."""
    clerk = await a_clerk(hall)
    with pytest.raises(Invalid) as caught:
        await hall.signing.change_password(who(hall, clerk), GOOD, password, HERE)
    assert caught.value.code == code
    assert password not in f"{caught.value!r} {caught.value.detail}"
    assert hall.directory.by_session(digest_of(clerk.cookie)) is not None


async def test_the_same_password_from_another_keyboard_is_right(hall: People) -> None:
    """Telex keyboards differ in how they compose ở; the clerk typed the same."""
    await a_clerk(hall)
    decomposed = "bo\u0302\u0301n mu\u0300a hoa no\u031b\u0309 quanh nha\u0300"
    assert decomposed != GOOD
    assert who(hall, await sign_in(hall, "an", decomposed)).counter == 2


async def test_whoever_reads_only_the_cookie_of_another_site_cannot_make_the_csrf_word(hall: People) -> None:
    """A page elsewhere makes the browser send the cookie, but cannot read it."""
    one, two = await a_clerk(hall), await a_clerk(hall, "binh")
    assert csrf_matches(one.cookie, one.csrf)
    assert one.csrf == csrf_of(one.cookie)
    assert not csrf_matches(one.cookie, two.csrf)
    assert not csrf_matches(one.cookie, "\ud800")


async def test_a_role_a_reset_or_the_end_of_the_account_ends_sessions_at_once(hall: People) -> None:
    """Who is no longer manager must not be manager until the evening in a tab left open."""
    for act in ("role", "reset", "end"):
        signed = await a_clerk(hall, f"clerk-{act}")
        other = await sign_in(hall, f"clerk-{act}", GOOD)
        held = who(hall, other)
        seen = hall.directory.generation
        if act == "role":
            await hall.register.change_person(f"clerk-{act}", name="Nguyễn Văn An", role="guide")
        elif act == "reset":
            await hall.register.reset_password(f"clerk-{act}")
        else:
            await hall.register.end_person(f"clerk-{act}")
        assert hall.directory.by_session(digest_of(signed.cookie)) is None, act
        assert hall.directory.by_session(digest_of(other.cookie)) is None, act
        assert hall.directory.generation > seen, act
        assert not hall.directory.stands(held), act


async def test_another_name_or_counter_leaves_the_person_signed_in(hall: People) -> None:
    """Moving a clerk to another desk must not throw them out while a citizen sits there."""
    signed = await a_clerk(hall)
    await hall.register.change_person("an", name="Nguyễn Thị An", role="clerk", counter=5)
    assert (who(hall, signed).name, who(hall, signed).counter) == ("Nguyễn Thị An", 5)


async def test_a_session_ends_by_itself_and_says_so(hall: People, clock: TurnedClock) -> None:
    """A desk left signed in overnight would serve whoever comes first in the morning."""
    idle, busy = await a_clerk(hall), await a_clerk(hall, "binh")
    clock.turn(hours=11)
    assert who(hall, busy)
    clock.turn(hours=1)
    held, seen = who(hall, busy), hall.directory.generation
    assert hall.directory.by_session(digest_of(idle.cookie)) is None
    clock.turn(hours=4)
    assert hall.directory.by_session(digest_of(busy.cookie)) is None
    await hall.directory.notice()
    assert hall.directory.generation > seen
    assert not hall.directory.stands(held)
    assert await hall.register.sessions() == []


async def test_a_restart_keeps_people_signed_in_but_not_longer(path: Path, one_time: str, clock: TurnedClock) -> None:
    """A power cut at ten must not cost sixty clerks their sign-in; nor may it lengthen anybody's session."""
    async with open_people(path, clock, cheap_hasher()) as before:
        signed = await sign_in(before, "admin", one_time)
        clock.turn(hours=10)
        assert who(before, signed)
    clock.turn(hours=5)
    async with open_people(path, clock, cheap_hasher()) as after:
        assert after.directory.stands(who(after, signed))
        clock.turn(hours=1)
        assert after.directory.by_session(digest_of(signed.cookie)) is None


async def test_one_ends_one_session_and_only_a_session_of_the_person_meant(hall: People) -> None:
    """A person ends the tab forgotten at another desk, and nobody else's."""
    here, there, other = await a_clerk(hall), await sign_in(hall, "an", GOOD, "192.0.2.7"), await a_clerk(hall, "binh")
    me = who(hall, here).actor
    assert [(line.id, line.address) for line in await hall.register.sessions(me)] == [
        (there.session, "192.0.2.7"),
        (here.session, HERE),
    ]
    with pytest.raises(Unknown):
        await hall.register.end_session(other.session, me)
    await hall.register.end_session(there.session, me)
    await hall.signing.sign_out(who(hall, here))
    assert hall.directory.by_session(digest_of(there.cookie)) is None
    assert hall.directory.by_session(digest_of(here.cookie)) is None
    assert who(hall, other)


async def test_the_eleventh_session_of_a_person_ends_the_first(hall: People) -> None:
    """A script that signs in for each request must not fill the memory of the hall."""
    first = await a_clerk(hall)
    for _ in range(10):
        assert who(hall, first)
        last = await sign_in(hall, "an", GOOD)
    assert hall.directory.by_session(digest_of(first.cookie)) is None
    assert who(hall, last)


async def test_a_password_reset_while_it_was_checked_opens_nothing(
    hall: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking takes a while; an account that an admin closes in that moment must stay closed."""
    await a_clerk(hall)
    matches = Hasher.matches

    async def slow(self: Hasher, stored: str | None, typed: str) -> bool:
        right = await matches(self, stored, typed)
        await hall.register.end_person("an")
        return right

    monkeypatch.setattr(Hasher, "matches", slow)
    assert await hall.signing.sign_in("an", GOOD, HERE) == Refusal("sign-in-wrong")
    assert await hall.register.sessions() == []


async def test_the_last_admin_stays(hall: People) -> None:
    """Without an admin nobody can let anybody in."""
    with pytest.raises(Taken, match="last admin"):
        await hall.register.end_person("admin")
    with pytest.raises(Taken, match="last admin"):
        await hall.register.change_person("admin", name="Quản trị", role="clerk")
    await hall.register.change_person("admin", name="Quản trị viên", role="admin")
    await hall.register.add_person("second", "Phó quản trị", "admin")
    await hall.register.end_person("admin")


async def test_a_login_may_be_given_again_after_its_owner_left_and_is_another_person(hall: People) -> None:
    """The records name who acted: the new clerk must not stand for what the old one did."""
    old = who(hall, await a_clerk(hall)).actor
    with pytest.raises(Taken, match="choose another login"):
        await hall.register.add_person("AN", "Trần Thị An", "clerk")
    await hall.register.end_person("an")
    new = who(hall, await a_clerk(hall)).actor
    assert old != new
    assert hall.directory.name_of(old) == "Nguyễn Văn An"


async def test_a_kiosk_is_not_a_person_and_a_token_has_no_password(hall: People) -> None:
    """A shared login for a machine is how passwords end up on stickers."""
    with pytest.raises(Invalid, match="take one of clerk"):
        await hall.register.add_person("kiosk", "Kiosk", "kiosk")
    token = await hall.register.issue_token("clerk", "Bàn phím", 1)
    principal = hall.directory.by_token(digest_of(token))
    assert principal is not None
    with pytest.raises(Invalid):
        await hall.signing.change_password(principal, GOOD, "another good one", HERE)
