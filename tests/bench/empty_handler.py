"""The yardstick: an aiohttp handler that reads a body and answers a JSON object, on the loop that the server uses."""

import asyncio
import sys

from aiohttp import web


async def _empty(request: web.Request) -> web.Response:
    await request.read()
    return web.json_response({"ok": True})


async def serve_alone(app: web.Application) -> None:
    """Serve on a free port until the process is ended."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    host, port = runner.addresses[0]
    sys.stdout.write(f"ready http://{host}:{port}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def run_alone(app: web.Application) -> None:
    """`serve_alone` on the fastest loop there is, as the server does."""
    try:
        import uvloop  # Optional, hence late.
    except ImportError:
        asyncio.run(serve_alone(app))
    else:
        uvloop.run(serve_alone(app))


def main() -> None:
    """Serve `POST /empty`."""
    app = web.Application()
    app.router.add_post("/empty", _empty)
    run_alone(app)


if __name__ == "__main__":
    main()
