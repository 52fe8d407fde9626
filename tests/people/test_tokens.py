"""Tokens: shown once, kept as digests, named clearly, worth nothing once revoked."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queue_server.people import register, roles
from queue_server.people.errors import Full, Invalid, Taken, Unknown
from queue_server.people.people import People
from queue_server.people.secret import digest_of


async def test_a_token_opens_the_door_from_the_moment_it_is_issued(hall: People) -> None:
    """A technician who has just printed a token must not have to wait or restart anything."""
    token = await hall.register.issue_token("device", "Hộp gọi quầy 3", 3)
    principal = hall.directory.by_token(digest_of(token))
    assert principal is not None
    assert (principal.role, principal.counter, principal.kind, principal.name) == (
        "device",
        3,
        "token",
        "Hộp gọi quầy 3",
    )
    assert principal.actor.startswith("t-")
    assert len(principal.actor) == 10
    assert hall.directory.name_of(principal.actor) == "Hộp gọi quầy 3"


async def test_a_revoked_token_is_worth_nothing_at_once_and_its_name_is_free_again(hall: People) -> None:
    """A stolen kiosk must be shut out now; the one put in its place carries the same name."""
    old = await hall.register.issue_token("kiosk", "Kiosk 1")
    await hall.register.revoke_token("kiosk 1")
    assert hall.directory.by_token(digest_of(old)) is None
    new = await hall.register.issue_token("kiosk", "Kiosk 1")
    assert hall.directory.by_token(digest_of(new)) is not None


async def test_the_file_does_not_hold_a_token_or_a_password(hall: People, path: Path, one_time: str) -> None:
    """Whoever steals the folder or a backup must not be able to act with it."""
    token = await hall.register.issue_token("kiosk", "Kiosk 1")
    session = await hall.signing.sign_in("admin", one_time, "192.0.2.1")
    secrets = [token, one_time, getattr(session, "cookie", ""), getattr(session, "csrf", "")]
    assert all(secrets)
    everything = bytes_of(path.parent)
    assert b"Kiosk 1" in everything
    assert not [secret for secret in secrets if str(secret).encode() in everything]


def bytes_of(folder: Path) -> bytes:
    """All that a thief finds in the folder; nobody else may read any of it."""
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_no_repr_shows_a_secret(hall: People, one_time: str) -> None:
    """A value that lands in a log line or a traceback must not open a door."""
    token = await hall.register.issue_token("kiosk", "Kiosk 1")
    session = await hall.signing.sign_in("admin", one_time, "192.0.2.1")
    pairing = hall.pairings.start("192.0.2.9")
    text = repr((token, session, pairing, hall.directory.by_token(digest_of(token)), await hall.register.tokens()))
    secrets = [str(token), str(getattr(session, "cookie", "")), str(getattr(session, "csrf", ""))]
    assert not [secret for secret in [*secrets, str(getattr(pairing, "poll", ""))] if not secret or secret in text]


@pytest.mark.parametrize("twin", ["Kiosk 1", "KIOSK  1", " kiosk 1 ", "Kiosk\u00a01"])
async def test_two_live_tokens_never_share_a_name_a_person_would_call_the_same(hall: People, twin: str) -> None:
    """Revoking "Kiosk 1" must hit the one kiosk that people mean."""
    await hall.register.issue_token("kiosk", "Kiosk 1")
    with pytest.raises(Taken, match="revoke that token first"):
        await hall.register.issue_token("kiosk", twin)


async def test_a_name_is_the_same_whichever_way_its_letters_are_composed(hall: People) -> None:
    """Some keyboards send ế as one sign, others as three; people see no difference."""
    await hall.register.issue_token("kiosk", unicodedata.normalize("NFD", "Tiếp dân"))
    await hall.register.revoke_token("Tiếp dân")


@pytest.mark.parametrize(
    ("role", "counter", "code"),
    [
        ("boss", None, "role-invalid"),
        ("kiosk", 3, "counter-not-for-role"),
        ("clerk", 0, "counter-invalid"),
        ("device", 10_000, "counter-invalid"),
    ],
)
async def test_a_wrong_role_or_counter_is_refused_by_name(
    hall: People, role: str, counter: int | None, code: str
) -> None:
    """The message is all that a technician at the command line has to go by."""
    with pytest.raises(Invalid) as caught:
        await hall.register.issue_token(role, "Thiết bị", counter)
    assert caught.value.code == code
    assert str(counter if counter is not None else role) in str(caught.value)


async def test_revoking_what_is_not_there_says_so(hall: People) -> None:
    """A typing error must not look like a token shut out."""
    with pytest.raises(Unknown, match="Kiosk 9"):
        await hall.register.revoke_token("Kiosk 9")


async def test_the_token_beyond_the_limit_is_refused(hall: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script gone wild must not fill the memory of the hall."""
    monkeypatch.setattr(register, "TOKENS_MAX", 2)
    await hall.register.issue_token("kiosk", "Kiosk 1")
    await hall.register.issue_token("kiosk", "Kiosk 2")
    with pytest.raises(Full, match="2 tokens"):
        await hall.register.issue_token("kiosk", "Kiosk 3")


@given(st.text(st.characters(), max_size=200))
@example("")
@example("a\x00b")
@example("a\u200bb")
@example("\u202egnp.exe")
@example("\ud800")
@example("\u3164")
@example("e\u0302\u0301")
@example("x" * 65)
def test_a_name_is_either_safe_to_print_or_refused_in_print_that_is_safe(name: str) -> None:
    """Names go to slips, logs and terminals: an escape sequence or a turned line there would deceive."""
    try:
        clean = roles.clean_name(name)
    except Invalid as refused:
        said = str(refused)
    else:
        said = clean
        assert 1 <= len(clean) <= 64
        assert clean == clean.strip()
        assert roles.clean_name(clean) == clean
        assert roles.clean_name(unicodedata.normalize("NFD", clean)) == clean
    assert said.isprintable()
    assert len(said) < 200


@given(st.text(st.characters(), max_size=200))
@example("\ud800\udfff")
def test_any_text_can_be_presented_as_a_token(presented: str) -> None:
    """A header holds whatever the other side sends; asking who it is must never fail."""
    assert len(digest_of(presented)) == 32


@given(st.text(st.characters(), max_size=100))
@example("Nguyen.Van.An")
@example("İstanbul")
@example("-rf")
def test_a_login_is_plain_or_refused(login: str) -> None:
    """A login is typed on any keyboard and stands in file names and commands."""
    try:
        clean = roles.clean_login(login)
    except Invalid as refused:
        said = str(refused)
    else:
        said = clean
        assert clean.isascii()
        assert roles.clean_login(clean.upper()) == clean
    assert said.isprintable()
