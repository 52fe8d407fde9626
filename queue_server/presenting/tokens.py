"""The design's values: one file for web, Kivy and Pillow, and the style sheet that is made from it."""

import json
from importlib.resources import files

FACES = {
    "vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,"
    "U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB",
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,"
    "U+2212,U+2215,U+FEFF,U+FFFD",
}
"""The two files of each weight, and the letters that each of them holds."""
WEB_WEIGHTS = (500, 600, 700, 800)

Colors = dict[str, dict[str, str]]


def load() -> dict[str, object]:
    """All values, as they stand in `tokens.json`."""
    values: dict[str, object] = json.loads(_text())
    return values


def colors() -> Colors:
    """The colours of each theme, by name."""
    found: dict[str, Colors] = json.loads(_text())
    return found["color"]


def stylesheet() -> str:
    """`tokens.css`: the faces of the font, and the values as custom properties."""
    known = json.loads(_text())
    themes: Colors = known["color"]
    lines = ["/* Made from queue_server/presenting/tokens.json by `make golden`: do not edit. */"]
    lines += [_face(known["font"]["family"], weight, name) for weight in WEB_WEIGHTS for name in FACES]
    lengths = {f"space-{name}": f"{size}px" for name, size in known["space_web_px"].items()}
    lengths |= {f"radius-{name}": f"{size}px" for name, size in known["radius_web_px"].items()}
    lengths |= {f"motion-{name}": f"{known['motion_ms'][name]}ms" for name in ("press", "swap", "enter")}
    easing = known["easing"]
    lengths |= {f"ease-{name}": f"cubic-bezier({','.join(map(str, easing[name]))})" for name in ("out", "in")}
    lines.append(_block(":root", lengths))
    lines.append(_block(":root,.light", {**_data(themes), **themes["light"]}))
    lines += [_block(f".{theme}", themes[theme]) for theme in ("dark", "contrast")]
    lines.append(f"@media (prefers-contrast:more){{{_block(':root', themes['contrast'])}}}")
    return "\n".join(lines) + "\n"


def _face(family: str, weight: int, name: str) -> str:
    source = f'url(../fonts/be-vietnam-pro-{name}-{weight}.woff2) format("woff2")'
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;src:{source};'
        f"unicode-range:{FACES[name]}}}"
    )


def _data(themes: Colors) -> dict[str, str]:
    return {f"data-{name}": value for name, value in themes["data"].items()}


def _block(selector: str, values: dict[str, str]) -> str:
    return selector + "{" + ";".join(f"--{name.replace('_', '-')}:{value}" for name, value in values.items()) + "}"


def _text() -> str:
    return (files(__package__) / "tokens.json").read_text("utf-8")
