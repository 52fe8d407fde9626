"""Every page by its address; what they are made of is the shell's."""

from aiohttp import web

from queue_server.api import citizen
from queue_server.api.access import API, TABLE
from queue_server.api.desk import counter_in_path
from queue_server.api.exchange import Exchange
from queue_server.api.shell import Shell, tongue_of
from queue_server.wire.codec import encode

PLACES = (
    *("/lobby", "/kiosk", "/sign-in", "/counter", "/guide", "/manager", "/audit", "/admin"),
    *(f"{API}/openapi.json", "/readyz"),
)
"""Where the start page leads, as far as this server has it."""


class Pages:
    """What is served beside the API.

    Lifetime: of the application. Concurrency: read only.
    """

    def __init__(self, shell: Shell) -> None:
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

    async def guide(self, exchange: Exchange) -> web.Response:
        """`/guide`."""
        return self._shell.page(exchange, "guide")

    async def manager(self, exchange: Exchange) -> web.Response:
        """`/manager`."""
        return self._shell.page(exchange, "manager")

    async def citizen(self, exchange: Exchange) -> web.Response:
        """`/t/{id}`: an unknown ticket and a wrong key get one and the same page."""
        view, tongue = citizen.opening_view(exchange), citizen.spoken_tongue(exchange)
        data = {} if view is None else {"view": encode(view).decode()}
        lines = citizen.unscripted(exchange, view, tongue_of(exchange, tongue))
        status = 404 if view is None else 200
        return self._shell.page(exchange, "citizen", data, tongue=tongue, unscripted=lines, status=status)

    async def home(self, exchange: Exchange) -> web.Response:
        """`/`: it names the screens that this server has."""
        places = (path for path in PLACES if ("GET", path) in TABLE)
        return self._shell.page(exchange, "home", {"places": " ".join(places)})

    async def lobby(self, exchange: Exchange) -> web.Response:
        """`/lobby`."""
        return self._shell.page(exchange, "lobby")
