"""People in browsers: signing in, one window at a counter, and screens that pair."""

from typing import Any

import aiohttp
import pytest

from tests.api.halls import Answer, TestHall

PASSWORD = "một hai ba bốn năm"


class Browser:
    """Somebody's browser: it keeps the cookie and sends the word with every change."""

    def __init__(self, hall: TestHall) -> None:
        self._hall = hall
        self.cookie = ""
        self.csrf = ""

    async def sign_in(self, login: str, password: str) -> Answer:
        """Sign in."""
        return self._keep(await self._hall.call("POST", "/api/v1/session", {"login": login, "password": password}))

    def _keep(self, answer: Answer) -> Answer:
        set_cookie = answer.headers.get("Set-Cookie", "")
        if answer.status < 300 and set_cookie:
            self.cookie = set_cookie.split(";")[0]
            self.csrf = answer.body["csrf"]
        return answer

    async def change_password(self, old: str, new: str) -> Answer:
        """Change the password; the session is another afterwards."""
        return self._keep(await self.call("PUT", "/session/password", {"password": old, "new_password": new}))

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask from a page."""
        sent = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Origin": self._hall.url} | headers
        return await self._hall.call(method, f"/api/v1{path}", body, headers=sent)


async def a_person(hall: TestHall, login: str, role: str) -> Browser:
    """Somebody with a password of their own, signed in."""
    added = await hall.post("/people", {"login": login, "name": "Nguyễn Thị Lan", "role": role}, role="admin")
    browser = Browser(hall)
    assert (await browser.sign_in(login, added.body["one_time_password"])).status == 201
    assert (await browser.change_password(added.body["one_time_password"], PASSWORD)).status == 200
    return browser


async def test_a_one_time_password_opens_nothing_but_its_own_change(hall: TestHall) -> None:
    """A password on paper has been read by somebody else."""
    added = await hall.post("/people", {"login": "lan", "name": "Lan", "role": "clerk"}, role="admin")
    browser = Browser(hall)
    signed = await browser.sign_in("lan", added.body["one_time_password"])
    assert (signed.status, signed.body["password_change_needed"]) == (201, True)
    cookie = signed.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    refused = await browser.call("POST", "/counters/1/open")
    assert (refused.status, refused.code) == (403, "password-change-needed")
    weak = await browser.change_password(added.body["one_time_password"], "123")
    assert (weak.status, weak.detail["field"]) == (422, "new_password")
    assert (await browser.change_password(added.body["one_time_password"], PASSWORD)).status == 200
    assert (await browser.call("GET", "/session")).body["password_change_needed"] is False
    assert (await browser.call("POST", "/counters/1/open")).body["clerk"] == "Lan"
    assert (await browser.call("DELETE", "/session")).status == 204
    assert (await browser.call("GET", "/session")).status == 401


async def test_another_site_cannot_press_our_buttons(hall: TestHall) -> None:
    """A clerk's browser carries the cookie wherever it goes."""
    lan = await a_person(hall, "lan", "clerk")
    forged = await lan.call("POST", "/counters/1/open", Origin="https://evil.example")
    assert (forged.status, forged.code) == (403, "origin")
    without = await lan.call("POST", "/counters/1/open", **{"X-CSRF-Token": ""})
    assert (without.status, without.code) == (403, "csrf")
    login = await hall.call(
        "POST", "/api/v1/session", {"login": "a", "password": "b"}, headers={"Origin": "https://evil.example"}
    )
    assert login.code == "origin"


async def test_one_clerk_works_from_one_window(hall: TestHall) -> None:
    """Two windows with one counter would call behind each other's back."""
    here = await a_person(hall, "lan", "clerk")
    there = Browser(hall)
    await there.sign_in("lan", PASSWORD)
    await hall.ticket()
    assert (await here.call("POST", "/counters/1/open")).status == 200
    for path in ("/counters/1/next", "/counters/1/open"):
        refused = await there.call("POST", path)
        assert (refused.status, refused.code) == (409, "counter-elsewhere")
    assert (await there.call("POST", "/counters/1/open", {"take_over": True})).status == 200
    assert (await there.call("POST", "/counters/1/next")).body["ticket"]["number"] == 1001
    assert (await here.call("POST", "/counters/1/recall")).code == "counter-elsewhere"
    await there.call("DELETE", "/session")
    assert (await here.call("POST", "/counters/1/recall")).status == 200


async def test_a_counter_changes_hands_only_on_purpose(hall: TestHall) -> None:
    """A colleague who presses by mistake must not take the citizen over."""
    lan, minh = await a_person(hall, "lan", "clerk"), await a_person(hall, "minh", "clerk")
    await lan.call("POST", "/counters/1/open")
    refused = await minh.call("POST", "/counters/1/open")
    assert (refused.status, refused.code) == (409, "counter-taken")
    assert (await minh.call("POST", "/counters/1/open", {"take_over": True})).status == 200
    assert (await lan.call("POST", "/counters/1/next")).code == "counter-taken"


async def test_wrong_passwords_tell_nothing_and_cost_time(hall: TestHall) -> None:
    """Whoever guesses learns neither who exists nor how long to go on."""
    await a_person(hall, "lan", "clerk")
    wrong, unknown = await Browser(hall).sign_in("lan", "x" * 12), await Browser(hall).sign_in("nobody", "x" * 12)
    assert (wrong.status, wrong.raw) == (unknown.status, unknown.raw)
    assert wrong.status == 401
    answers = [await Browser(hall).sign_in("lan", "y" * 12) for _ in range(8)]
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_an_admin_keeps_the_accounts(hall: TestHall) -> None:
    """Add, change, reset, end: each in force at once."""
    lan = await a_person(hall, "lan", "clerk")
    people = (await hall.get("/people", role="admin")).body["people"]
    assert [(one["login"], one["role"]) for one in people] == [("lan", "clerk")]
    taken = await hall.post("/people", {"login": "lan", "name": "Lan", "role": "clerk"}, role="admin")
    assert (taken.status, taken.code) == (409, "login-taken")
    changed = await hall.call("PUT", "/api/v1/people/lan", {"role": "guide", "counter": None}, role="admin")
    assert (changed.status, changed.body["role"], changed.body["name"]) == (200, "guide", "Nguyễn Thị Lan")
    assert (await lan.call("GET", "/session")).status == 401
    reset = await hall.post("/people/lan/password", role="admin")
    assert reset.body["one_time_password"]
    assert (await hall.call("DELETE", "/api/v1/people/lan", role="admin")).status == 204
    assert (await hall.call("DELETE", "/api/v1/people/lan", role="admin")).status == 404
    bad = await hall.post("/people", {"login": "x", "name": "X", "role": "kiosk"}, role="admin")
    assert bad.status == 422


async def test_tokens_are_issued_and_revoked_at_once(hall: TestHall) -> None:
    """A stolen kiosk is shut out by one call."""
    issued = await hall.post("/tokens", {"role": "kiosk", "name": "Kiosk 9"}, role="admin")
    header = {"Authorization": f"Bearer {issued.body['token']}"}
    assert (await hall.call("POST", "/api/v1/tickets", {"service": "ho-tich"}, headers=header)).status == 201
    names = [one["name"] for one in (await hall.get("/tokens", role="admin")).body["tokens"]]
    assert "Kiosk 9" in names
    assert (await hall.call("DELETE", "/api/v1/tokens/Kiosk 9", role="admin")).status == 204
    assert (await hall.call("POST", "/api/v1/tickets", {"service": "ho-tich"}, headers=header)).status == 401
    unknown = await hall.post("/tokens", {"role": "clerk", "name": "C", "counter": 55}, role="admin")
    assert (unknown.status, unknown.detail["field"]) == (422, "counter")


async def test_a_screen_without_a_keyboard_is_let_in(hall: TestHall) -> None:
    """It shows six signs; an admin who stands before it approves them."""
    started = await hall.post("/pairing")
    code, poll = started.body["code"], started.body["poll"]
    assert (await hall.get(f"/pairing/{poll}")).body["state"] == "waiting"
    waiting = (await hall.get("/pairing", role="admin")).body["pairings"]
    assert [one["code"] for one in waiting] == [code]
    approved = await hall.post(f"/pairing/{code}/approve", {"role": "display", "name": "Sảnh 1"}, role="admin")
    assert approved.status == 204
    done = await hall.get(f"/pairing/{poll}")
    assert done.body["state"] == "approved"
    cookie = done.headers["Set-Cookie"].split(";")[0]
    board = await hall.call("GET", "/api/v1/board", headers={"Cookie": cookie})
    assert board.status == 200
    assert (await hall.get(f"/pairing/{poll}")).status == 404


@pytest.mark.parametrize("path", ["/session", "/session/password", "/pairing"])
async def test_answers_about_people_are_kept_nowhere(hall: TestHall, path: str) -> None:
    """A shared computer must not show the last clerk's session to the next."""
    method = "PUT" if path.endswith("password") else "GET"
    answer = await hall.call(method, f"/api/v1{path}", {} if method == "PUT" else None, role="admin")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_cookie_that_is_worth_nothing_is_nobody(hall: TestHall) -> None:
    """An old cookie must not keep the lobby page dark."""
    async with aiohttp.ClientSession(headers={"Cookie": "denluot_session=old"}) as http:
        async with http.get(f"{hall.url}/lobby") as page:
            assert page.status == 200
        async with http.get(f"{hall.url}/api/v1/board") as board:
            assert board.status == 401
