"""The shell of every page: one template, one policy, one way to name scripts, styles and texts.

A page is one entry of `PAGES` and one script. Its data comes over the API and the feed; the shell holds none.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import jinja2
from aiohttp import web
from msgspec import Struct

from queue_server.api.assets import Assets
from queue_server.api.exchange import Exchange
from queue_server.people.roles import Role
from queue_server.presenting.texts import TONGUES, Texts, Tongue

LANGUAGE_COOKIE = "denluot_language"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
"""lit-html alone may turn text into elements, and only its own templates: what people wrote is never run."""
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
FONTS = (
    *(f"fonts/be-vietnam-pro-{name}-{weight}.woff2" for weight in (500, 600, 700) for name in ("latin", "vietnamese")),
    "fonts/be-vietnam-pro-latin-800.woff2",
)
"""What every page shows at once; 800 is for figures."""
_PHONE_FONTS = tuple(one for one in FONTS if "-600." not in one)


class PageKind(Struct, frozen=True, kw_only=True):
    """What a page is made of."""

    script: str
    title: str
    """The key of its title."""
    styles: tuple[str, ...]
    tables: tuple[str, ...]
    """The tables of texts that its scripts use."""
    roles: frozenset[Role] | None = frozenset()
    """Who it is for; None for everybody. Others are sent to sign in; what they may do is the API's to say."""
    theme: str = "light"
    fonts: tuple[str, ...] = FONTS
    plain: tuple[str, ...] = ()
    """Scripts that are no modules, for this page alone; it must draw before they have come."""


_DESK = ("css/tokens.css", "css/base.css", "css/parts.css")
PAGES: dict[str, PageKind] = {
    "sign-in": PageKind(
        script="js/sign-in.js",
        title="sign-in.title",
        styles=(*_DESK, "css/sign-in.css"),
        tables=("page", "sign-in"),
        roles=None,
    ),
    "counters": PageKind(
        script="js/counters.js",
        title="counters.title",
        styles=(*_DESK, "css/sign-in.css"),
        tables=("page", "counters"),
        roles=frozenset({"clerk", "manager", "admin"}),
    ),
    "clerk": PageKind(
        script="js/clerk.js",
        title="clerk.title",
        styles=(*_DESK, "css/clerk.css"),
        tables=("page", "clerk"),
        roles=frozenset({"clerk", "manager", "admin"}),
    ),
    "guide": PageKind(
        script="js/guide.js",
        title="guide.title",
        styles=(*_DESK, "css/guide.css", "css/slip.css"),
        tables=("page", "guide"),
        roles=frozenset({"guide", "admin"}),
    ),
    "manager": PageKind(
        script="js/manager.js",
        title="manager.title",
        styles=(*_DESK, "vendor/uPlot.min.css", "css/manager.css"),
        tables=("page", "manager"),
        roles=frozenset({"manager", "auditor", "admin"}),
        plain=("vendor/uPlot.iife.min.js",),
    ),
    "lobby": PageKind(
        script="js/lobby.js",
        title="lobby.title",
        styles=("css/tokens.css", "css/base.css", "css/lobby.css"),
        tables=("page", "lobby"),
        roles=None,
        theme="dark",
    ),
    "home": PageKind(
        script="js/home.js",
        title="home.title",
        styles=(*_DESK, "css/home.css"),
        tables=("page", "home"),
        roles=None,
    ),
    "citizen": PageKind(
        script="js/citizen.js",
        title="citizen.title",
        styles=(*_DESK, "css/citizen.css"),
        tables=("page", "citizen"),
        roles=None,
        fonts=_PHONE_FONTS,
    ),
}
"""Every page of the shell, by name."""


class Shell:
    """Makes pages.

    Lifetime: of the application. Concurrency: the loop's thread; nothing changes after the start.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.assets = Assets(texts, {name: page.tables for name, page in PAGES.items()})
        loader = jinja2.PackageLoader("queue_server", "pages/templates")
        environment = jinja2.Environment(
            loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._template = environment.get_template("shell.html")
        self._modules = {name: self.assets.modules(page.script) for name, page in PAGES.items()}

    def page(
        self,
        exchange: Exchange,
        name: str,
        data: Mapping[str, str] | None = None,
        *,
        tongue: Tongue = "vi",
        unscripted: Sequence[str] = (),
        status: int = 200,
    ) -> web.Response:
        """The page for this asker, or the way to the sign-in page; `data` stands on the root element for its script.

        `tongue` is for whoever has not chosen one; `unscripted` is what is shown where no script runs.
        """
        page, who = PAGES[name], exchange.asker.principal
        if page.roles is not None and (who is None or who.must_change or who.role not in page.roles):
            return web.Response(status=302, headers={"Location": _sign_in(exchange), "Cache-Control": "no-store"})
        tongue = tongue_of(exchange, tongue)
        signed = "no" if who is None else "yes"
        values = {"page": name, "version": self.assets.version, "signed": signed, **(data or {})}
        text = self._template.render(
            tongue=tongue,
            theme=page.theme,
            title=self._texts.say(tongue, page.title),
            hall=_hall_name(exchange, tongue),
            data=values,
            fonts=[self.assets.url(one) for one in page.fonts],
            styles=[self.assets.url(one) for one in page.styles],
            icon=self.assets.url("img/icon.svg"),
            texts={one: self.assets.url(f"texts/{name}.{one}.json") for one in ("vi", "en")},
            plain=[self.assets.url(one) for one in page.plain],
            modules=[self.assets.url(one) for one in self._modules[name]],
            unscripted=unscripted,
            wait=self._texts.say(tongue, "page.loading"),
            no_script=self._texts.both("page.no-script"),
        )
        return web.Response(status=status, text=text, headers=HEADERS)


def tongue_of(exchange: Exchange, otherwise: Tongue = "vi") -> Tongue:
    """The language that the reader chose, Vietnamese first."""
    request = exchange.request
    chosen = request.query.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in TONGUES:
        return "en" if chosen == "en" else "vi"
    return otherwise


def _hall_name(exchange: Exchange, tongue: Tongue) -> str:
    name = exchange.parts.live.config.rules.name
    return name.en or name.vi if tongue == "en" else name.vi


def _sign_in(exchange: Exchange) -> str:
    return f"/sign-in?next={quote(exchange.request.path, safe='')}"
