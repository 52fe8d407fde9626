"""What a thermal printer makes of `ESC a` and `GS v 0`, written from the commands' layout and not from our encoder."""

from PIL import Image

ALIGN, RASTER = b"\x1ba", b"\x1dv0"


def on_paper(data: bytes, width: int) -> Image.Image:
    """The paper that comes out, one bit a dot (1 is white); a command that is no picture is refused."""
    strips: list[Image.Image] = []
    place, align = 0, 0
    while place < len(data):
        if data.startswith(ALIGN, place):
            align, place = data[place + 2], place + 3
            continue
        assert data.startswith(RASTER, place), (
            f"byte {place} begins no command of a picture: {data[place : place + 4]!r}"
        )
        mode, across, rows = data[place + 3], _number(data, place + 4), _number(data, place + 6)
        dots = data[place + 8 : place + 8 + across * rows]
        assert len(dots) == across * rows, f"the picture at byte {place} ends too early"
        strip = Image.frombytes("1", (across * 8, rows), bytes(255 - eight for eight in dots))
        strip = strip.resize(
            (strip.width * (1 + (mode & 1)), strip.height * (1 + (mode >> 1))), Image.Resampling.NEAREST
        )
        assert strip.width <= width, f"{strip.width} dots are wider than the paper"
        row = Image.new("1", (width, strip.height), 1)
        row.paste(strip, ((width - strip.width) // 2 if align == 1 else 0, 0))
        strips.append(row)
        place += 8 + len(dots)
    paper = Image.new("1", (width, sum(strip.height for strip in strips)), 1)
    top = 0
    for strip in strips:
        paper.paste(strip, (0, top))
        top += strip.height
    return paper


def _number(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 2], "little")
