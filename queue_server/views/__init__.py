"""What each kind of screen and asker may see of the board. Pure: `at`, waits, words and texts are arguments."""

from queue_server.views.boards import announce_view, board_view
from queue_server.views.counters import counter_view
from queue_server.views.guide import guide_view
from queue_server.views.hall import hall_view
from queue_server.views.screens import kiosk_view, lobby_view
from queue_server.views.tickets import staff_notes, ticket_view
from queue_server.views.waits import Waits, wait_left

__all__ = [
    "Waits",
    "announce_view",
    "board_view",
    "counter_view",
    "guide_view",
    "hall_view",
    "kiosk_view",
    "lobby_view",
    "staff_notes",
    "ticket_view",
    "wait_left",
]
