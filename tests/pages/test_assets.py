"""How pages and their files are served."""

import re
from importlib import resources
from pathlib import Path

import pytest

from queue_server.api.shell import PAGES
from queue_server.presenting import tokens
from tests.api.halls import TestHall

STATIC = Path(str(resources.files("queue_server") / "pages" / "static"))


def test_golden_tokens_are_those_of_the_style_sheet(*, writes_golden: bool) -> None:
    """One source for colours and sizes: web, kiosk and slips never drift apart."""
    path = STATIC / "css" / "tokens.css"
    if writes_golden:
        path.write_text(tokens.stylesheet(), "utf-8")
    assert path.read_text("utf-8") == tokens.stylesheet(), "tokens.css is stale; run `make golden`"


def luminance(color: str) -> float:
    """As WCAG has it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(first: str, second: str) -> float:
    """The contrast of two colours."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "surface", 17.0),
        ("ink2", "ground", 7.5),
        ("edge", "surface", 4.5),
        ("enamel", "surface", 7.9),
        ("on_signal", "signal", 11.0),
        ("good", "good_tint", 5.6),
        ("warn", "warn_tint", 6.7),
        ("stop", "stop_tint", 6.1),
    ],
)
def test_colours_keep_the_contrast_that_the_design_promises(ink: str, ground: str, least: float) -> None:
    """Tired eyes read this page for eight hours."""
    light = tokens.colors()["light"]
    assert ratio(light[ink], light[ground]) >= least


def test_every_file_that_came_from_elsewhere_has_its_licence() -> None:
    """We hand these files on; their licences ask to go with them."""
    names = {path.name for path in (STATIC / "vendor").iterdir()}
    assert names == {"lit-html.js", "lit-html.LICENSE.txt", "uPlot.iife.min.js", "uPlot.min.css", "uPlot.LICENSE.txt"}
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "OFL.txt").read_text("utf-8")


async def test_files_may_be_kept_for_ever_and_change_their_address(hall: TestHall) -> None:
    """A page that was open before an update never mixes two releases."""
    page = (await hall.call("GET", "/sign-in")).raw.decode()
    url = re.search(r'"(/assets/\w+/js/sign-in\.js)"', page)
    assert url is not None
    file = await hall.call("GET", url[1], headers={"Accept-Encoding": "gzip"})
    assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert file.headers["Content-Encoding"] == "gzip"
    old = await hall.call("GET", "/assets/000000000000/js/sign-in.js")
    assert (old.status, old.headers["Cache-Control"]) == (200, "no-cache")
    assert (await hall.call("GET", "/assets/000000000000/js/nothing.js")).status == 404
    assert (await hall.call("GET", "/assets/000000000000/..%2f..%2fapi%2fapp.py")).status == 404


async def test_pages_run_nothing_but_our_own_files(hall: TestHall) -> None:
    """What people write in names and codes is never run."""
    answer = await hall.call("GET", "/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    text = answer.raw.decode()
    assert not re.search(r"<style|style=|<script(?![^>]*src=)| on[a-z]+=", text)


def test_scripts_make_no_elements_of_text() -> None:
    """Only lit-html does, of templates that we wrote; the policy would stop the rest, in front of a clerk."""
    unwanted = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function| style=")
    scripts = [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts]
    assert [path.name for path in scripts if unwanted.search(path.read_text("utf-8"))] == []


async def test_a_page_for_staff_sends_strangers_to_the_door(hall: TestHall) -> None:
    """They come back to the very page once they have signed in."""
    for path, page in (("/counter/4", "clerk"), ("/counter", "counters")):
        answer = await hall.call("GET", path)
        assert (answer.status, answer.headers["Location"]) == (302, f"/sign-in?next={path.replace('/', '%2F')}")
        assert (await hall.call("GET", path, role="kiosk")).status == 302
        assert (await hall.call("GET", path, role="clerk")).status == 200, page
    assert (await hall.call("GET", "/counter/999", role="clerk")).status == 404


async def test_a_page_weighs_little(hall: TestHall) -> None:
    """150 kB in all, fonts included, as it comes over the line: desks share a thin one."""
    for path, role in (("/sign-in", None), ("/counter", "clerk"), ("/counter/4", "clerk"), ("/guide", "guide")):
        page = await hall.call("GET", path, role=role)
        total = len(page.raw)
        urls = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.raw.decode()))
        for url in urls:
            async with hall.http.get(hall.url + url, headers={"Accept-Encoding": "gzip"}) as got:
                total += int(got.headers["Content-Length"])
        assert total < 150_000, f"{path} weighs {total} bytes"


async def test_every_page_speaks_both_languages(hall: TestHall) -> None:
    """The reader's choice is kept on the machine; Vietnamese comes first."""
    assert '<html lang="vi"' in (await hall.call("GET", "/sign-in")).raw.decode()
    english = await hall.call("GET", "/sign-in", headers={"Cookie": "denluot_language=en"})
    assert '<html lang="en"' in english.raw.decode()
    assert "Sign in" in english.raw.decode()
    assert '<html lang="vi"' in (await hall.call("GET", "/sign-in?lang=xx")).raw.decode()
    assert set(PAGES) >= {"sign-in", "counters", "clerk"}


async def test_the_hall_by_name_holds_what_pages_need(hall: TestHall) -> None:
    """A clerk chooses among names, not ids; nobody reads it without signing in."""
    assert (await hall.get("/hall")).status == 401
    known = (await hall.get("/hall", role="clerk")).body
    assert [one["id"] for one in known["services"]] == ["ho-tich", "dat-dai", "tra-ket-qua", "dai"]
    assert known["counters"][1] == {
        "number": 4, "label": "4", "zone": "", "services": ["ho-tich"], "state": "closed", "clerk": None
    }  # fmt: skip
    assert known["priority"][0]["proof"] == {"vi": "Thẻ căn cước", "en": "Identity card"}


async def test_a_tab_that_fell_behind_ends_nobody_elses_visit(hall: TestHall) -> None:
    """Two tabs, one counter: what a person saw decides what their key may do."""
    await hall.serving(4)
    first, second = await hall.ticket(), await hall.ticket()
    assert (await hall.post("/counters/4/next", {"holds": ""}, role="clerk")).body["ticket"]["id"] == first["id"]
    assert (await hall.post("/counters/4/next", {"holds": first["id"]}, role="clerk")).body["ticket"]["id"] == second[
        "id"
    ]
    for name in ("finish", "absent", "hold", "recall", "start", "next"):
        late = await hall.post(f"/counters/4/{name}", {"holds": first["id"]}, role="clerk")
        assert (late.status, late.code) == (409, "moved-on"), name
    assert (await hall.get("/counters/4", role="clerk")).body["ticket"]["id"] == second["id"]
