"""Whole views as they go out, kept as files; a changed key or word shows as a difference to read.

`make golden` writes them anew. A missing file fails: a view that nobody looked at is not tested.
"""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from queue_server.core.board import Board
from queue_server.core.effects import AnnounceTicket
from queue_server.presenting.texts import Texts, load
from queue_server.views import (
    announce_view,
    board_view,
    counter_view,
    guide_view,
    kiosk_view,
    lobby_view,
    staff_notes,
    ticket_view,
)
from queue_server.wire.codec import encode
from queue_server.wire.screens import Alert
from tests.views.halls import CIVIL, LAND, ONE, TWO, a_busy_morning, at, named, ticket_of

FOLDER = Path(__file__).parents[1] / "golden" / "views"
NOW = at(7, 52)
WAITS = {CIVIL: (at(7, 51, 30), 600, 1200), LAND: (at(7, 51, 59), 0, 300)}
WORDS = {named(1006): {"group": "elderly", "language": "vi"}}
ALERTS = (
    Alert(id="counter-2", kind="counter", counter=2, label="2A", since=at(7, 50)),
    Alert(id="kiosk-t-1", kind="kiosk", counter=None, label="Kiosk 1", since=at(7, 48)),
)

Scene = Callable[[Board, Texts], msgspec.Struct]
SCENES: dict[str, Scene] = {
    "ticket-waiting": lambda board, _: ticket_view(
        board,
        ticket_of(board, 1008),
        ahead=2,
        wait=(570, 1170),
        head="0123456789ab",
        key="key",
        url="https://an-hoa/t/1",
    ),
    "ticket-for-staff": lambda board, texts: ticket_view(
        board,
        ticket_of(board, 1006),
        ahead=None,
        wait=None,
        head="0123456789ab",
        group="elderly",
        notes=staff_notes(board, ticket_of(board, 1006), texts, WORDS),
    ),
    "board-full": lambda board, texts: board_view(board, at=NOW, waits=WAITS, texts=texts, is_full=True),
    "board-public": lambda board, texts: board_view(board, at=NOW, waits=WAITS, texts=texts, is_full=False),
    "counter-1": lambda board, texts: counter_view(
        board, board.counters[ONE], at=NOW, head="0123456789ab", texts=texts, words=WORDS, clerk="Nguyễn Thu Hà"
    ),
    "lobby": lambda board, texts: lobby_view(board, at=NOW, waits=WAITS, texts=texts),
    "lobby-zone-b": lambda board, texts: lobby_view(board, at=NOW, waits=WAITS, texts=texts, zone="b"),
    "kiosk": lambda board, texts: kiosk_view(board, at=NOW, waits=WAITS, texts=texts),
    "guide": lambda board, texts: guide_view(board, at=NOW, waits=WAITS, texts=texts, words=WORDS, alerts=ALERTS),
    "kiosk-closed": lambda board, texts: kiosk_view(board, at=at(17), waits={}, texts=texts),
    "announce": lambda board, texts: announce_view(
        board, AnnounceTicket(sequence=27, ticket=named(1004), number=1004, counter=TWO, repeat=True), texts
    ),
}


@pytest.mark.parametrize("name", SCENES)
def test_a_golden_view_goes_out_as_it_was_agreed(name: str) -> None:
    """Screens of other makers are written against these bytes."""
    text = msgspec.json.format(encode(SCENES[name](a_busy_morning(), load())), indent=2).decode() + "\n"
    path = FOLDER / f"{name}.json"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, "utf-8")
    assert path.exists(), f"{path.name} is missing; run `make golden` and read what it wrote"
    assert text == path.read_text("utf-8")


def test_no_golden_view_is_left_over() -> None:
    """A file that no scene writes would look like a promise."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SCENES)
