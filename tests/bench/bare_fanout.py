"""The yardstick of the screens: aiohttp sends some texts to every socket, one after the other, and nothing else."""

import asyncio

import msgspec
from aiohttp import web

from tests.bench.empty_handler import run_alone


class FanOut:
    """`GET /feed` takes a socket in, `POST /fan` sends texts to all of them. Lifetime: of the process."""

    def __init__(self) -> None:
        self._sockets: set[web.WebSocketResponse] = set()

    async def feed(self, request: web.Request) -> web.WebSocketResponse:
        """One client, until it hangs up."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        async for _ in socket:
            pass
        self._sockets.discard(socket)
        return socket

    async def fan(self, request: web.Request) -> web.Response:
        """Send each text to all."""
        for text in msgspec.json.decode(await request.read(), type=list[str]):
            for socket in tuple(self._sockets):
                await socket.send_str(text)
        return web.json_response({"ok": True})

    async def close(self, _app: web.Application) -> None:
        """Hang up, for otherwise a thousand clients would hold up the end of the process."""
        await asyncio.gather(*(socket.close() for socket in tuple(self._sockets)))


def main() -> None:
    """Serve until the process is ended."""
    fan_out = FanOut()
    app = web.Application()
    app.router.add_get("/feed", fan_out.feed)
    app.router.add_post("/fan", fan_out.fan)
    app.on_shutdown.append(fan_out.close)
    run_alone(app)


if __name__ == "__main__":
    main()
