"""The files that pages are made of, read once: scripts, styles, fonts, and the texts of each page as JSON.

All of them live under one version, the digest of everything: a file may be kept for ever, and scripts that import each
other by relative paths always come from one release.
"""

import gzip
import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from aiohttp import web
from msgspec import Struct

from queue_server.api.errors import Problem
from queue_server.api.exchange import Exchange
from queue_server.presenting.texts import TONGUES, Texts
from queue_server.wire.codec import encode

PATH = "/assets/{version}/{path:.+}"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "woff2": "font/woff2",
}
PACKED = frozenset({"css", "js", "json", "svg", "txt"})
"""Kinds that are sent compressed; fonts are already."""
_IMPORT = re.compile(r"""^\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?\s*["'](?P<path>\.[^"']+)["']""", re.MULTILINE)


class Asset(Struct, frozen=True):
    """One file as it is served."""

    body: bytes
    packed: bytes | None
    kind: str


class Assets:
    """Every file under one version.

    Lifetime: of the application. Concurrency: read only.
    """

    def __init__(self, texts: Texts, tables: Mapping[str, Iterable[str]]) -> None:
        """`tables` says which tables of texts each page takes with it."""
        bodies = dict(_files(resources.files("queue_server") / "pages" / "static"))
        for page, names in tables.items():
            for tongue in TONGUES:
                bodies[f"texts/{page}.{tongue}.json"] = encode(_texts_of(texts.by_tongue[tongue], tuple(names)))
        self._files = {path: _asset(path, body) for path, body in sorted(bodies.items())}
        digest = hashlib.sha256()
        for path, file in self._files.items():
            digest.update(path.encode() + b"\0" + hashlib.sha256(file.body).digest())
        self.version = digest.hexdigest()[:12]

    def url(self, path: str) -> str:
        """Where a file is served; a path without a file is a bug: KeyError."""
        assert path in self._files, f"no file {path} among the assets"
        return f"/assets/{self.version}/{path}"

    def modules(self, script: str) -> tuple[str, ...]:
        """The script and all that it imports, so that a page can ask for them at once."""
        found: dict[str, None] = {}
        waiting = [script]
        while waiting:
            path = waiting.pop()
            if path in found:
                continue
            found[path] = None
            text = self._files[path].body.decode()
            folder = posixpath.dirname(path)
            waiting += [posixpath.normpath(posixpath.join(folder, one["path"])) for one in _IMPORT.finditer(text)]
        return tuple(found)

    async def serve(self, exchange: Exchange) -> web.Response:
        """`/assets/{version}/{path}`: an old version gets the present file, which must then not be kept."""
        place = exchange.request.match_info
        file = self._files.get(place["path"])
        if file is None:
            raise Problem(404, "not-found")
        headers = {
            "Content-Type": file.kind,
            "Cache-Control": FOR_EVER if place["version"] == self.version else ASK_AGAIN,
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        if file.packed is not None and "gzip" in exchange.request.headers.get("Accept-Encoding", ""):
            return web.Response(body=file.packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=file.body, headers=headers)


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.rpartition(".")[2] in KINDS:
            yield f"{prefix}{entry.name}", entry.read_bytes()


def _asset(path: str, body: bytes) -> Asset:
    suffix = path.rpartition(".")[2]
    packed = gzip.compress(body, 9, mtime=0) if suffix in PACKED else None
    return Asset(body, packed, KINDS[suffix])


def _texts_of(texts: Mapping[str, str], tables: tuple[str, ...]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if key.partition(".")[0] in tables}
