"""The plain pages: static files, read once, under a policy that lets nothing else in."""

import hashlib
from html import escape
from importlib import resources

from aiohttp import web
from msgspec import Struct

from queue_server.api.desk import counter_in_path
from queue_server.api.errors import Problem
from queue_server.api.exchange import Exchange
from queue_server.api.shell import Shell

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


class Page(Struct, frozen=True):
    """One file as it is served."""

    body: bytes
    kind: str
    tag: str


def load() -> dict[str, Page]:
    """Every file of `queue_server/pages` by name."""
    folder = resources.files("queue_server") / "pages"
    pages = {}
    for file in folder.iterdir():
        kind = KINDS.get(f".{file.name.rpartition('.')[2]}")
        if kind is not None:
            pages[file.name] = _page(file.read_bytes(), kind)
    return pages


def _page(body: bytes, kind: str) -> Page:
    return Page(body, kind, f'"{hashlib.sha256(body).hexdigest()[:20]}"')


class Pages:
    """What is served beside the API.

    Lifetime: of the application. Concurrency: read only.
    """

    def __init__(self, pages: dict[str, Page], shell: Shell) -> None:
        self._pages = pages
        self._shell = shell
        self.file = shell.assets.serve
        """`/assets/{version}/{path}`."""

    async def sign_in(self, exchange: Exchange) -> web.Response:
        """`/sign-in`."""
        return self._shell.page(exchange, "sign-in")

    async def counters(self, exchange: Exchange) -> web.Response:
        """`/counter`."""
        return self._shell.page(exchange, "counters")

    async def counter(self, exchange: Exchange) -> web.Response:
        """`/counter/{n}`."""
        number = counter_in_path(exchange)
        return self._shell.page(exchange, "clerk", {"counter": str(number)})

    async def home(self, exchange: Exchange) -> web.Response:
        """`/`."""
        return self._answer(exchange, _named(self._pages["home.html"], exchange))

    async def lobby(self, exchange: Exchange) -> web.Response:
        """`/lobby`."""
        return self._answer(exchange, _named(self._pages["lobby.html"], exchange))

    async def asset(self, exchange: Exchange) -> web.Response:
        """`/assets/{name}`."""
        name = exchange.request.match_info["name"]
        page = self._pages.get(name)
        if page is None or name.endswith(".html"):
            raise Problem(404, "not-found")
        return self._answer(exchange, page)

    def _answer(self, exchange: Exchange, page: Page) -> web.Response:
        headers = {**HEADERS, "ETag": page.tag}
        if exchange.request.headers.get("If-None-Match") == page.tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=page.body, headers={**headers, "Content-Type": page.kind})


def _named(page: Page, exchange: Exchange) -> Page:
    """The page with the hall's name in it."""
    rules = exchange.parts.live.config.rules
    body = page.body.replace(b"{{hall}}", escape(rules.name.vi).encode())
    return _page(body.replace(b"{{hall_en}}", escape(rules.name.en or rules.name.vi).encode()), page.kind)
