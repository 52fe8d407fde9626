"""What each asker may see of the board, and what stays hidden."""

import timeit
from datetime import timedelta

import msgspec
import pytest

from queue_server.core.board import Board, State
from queue_server.core.effects import AnnounceTicket
from queue_server.core.events import DaySealed, TicketAbsent, TicketCaughtUp, TicketFinished, TicketReturned
from queue_server.core.policy import pick
from queue_server.presenting.texts import Texts, load
from queue_server.views import (
    Waits,
    announce_view,
    board_view,
    counter_view,
    kiosk_view,
    lobby_view,
    staff_notes,
    ticket_view,
    wait_left,
)
from queue_server.views.counters import WAITING_MAX
from queue_server.views.screens import LOBBY_CALLS
from queue_server.views.tickets import STATE_NAMES
from tests.views.halls import (
    CIVIL,
    HA,
    LAND,
    ONE,
    PICKUP,
    THREE,
    TWO,
    a_busy_morning,
    at,
    called,
    issued,
    named,
    opened,
    ticket_of,
    told,
)

NOW = at(7, 52)
WAITS: Waits = {CIVIL: (at(7, 51, 30), 600, 1200), LAND: (at(7, 51, 59), 0, 300)}
WORDS = {named(1006): {"group": "elderly", "language": "vi"}, named(1005): {"group": "elderly", "language": "en"}}


@pytest.fixture(scope="module")
def texts() -> Texts:
    """All texts, read once."""
    return load()


@pytest.fixture(scope="module")
def morning() -> Board:
    """One of everything."""
    return a_busy_morning()


# Tickets


def test_a_fresh_ticket_has_every_key_and_null_for_what_is_unknown() -> None:
    """A client must not guess which keys come when."""
    board = told((at(7, 10), issued(1001)))
    view = ticket_view(board, ticket_of(board, 1001), ahead=0, wait=None, head="abc", key="k", url=None)
    assert msgspec.to_builtins(view) == {
        "id": "ticket-1001",
        "number": 1001,
        "shown": "1001",
        "service": "civil",
        "priority": None,
        "state": "waiting",
        "issued_at": "2026-11-23T07:10:00+07:00",
        "called_at": None,
        "started_at": None,
        "finished_at": None,
        "counter": None,
        "ahead": 0,
        "expected_wait_s": None,
        "wait_p90_s": None,
        "head": "abc",
        "key": "k",
        "url": None,
        "warning": None,
    }


def test_a_ticket_shows_its_number_as_on_paper_and_its_warning(morning: Board) -> None:
    """The slip says Đ2002 and that it might be too late; so does every screen."""
    view = ticket_view(morning, ticket_of(morning, 2002), ahead=1, wait=(60, 120), head="")
    assert (view.shown, view.warning) == ("Đ2002", "would-pass-closing")
    assert (view.expected_wait_s, view.wait_p90_s) == (60, 120)


def test_a_ticket_that_moved_on_still_shows_what_is_on_paper(morning: Board) -> None:
    """The citizen compares the screen with the slip, not with the service."""
    moved = ticket_of(morning, 2001)
    assert moved.service == CIVIL
    assert ticket_view(morning, moved, ahead=0, wait=None, head="").shown == "Đ2001"


def test_every_state_of_a_ticket_has_a_name() -> None:
    """A new state must be given a name before it can be answered."""
    assert {state: state.value for state in State} == STATE_NAMES


def test_a_ticket_served_by_hand_has_no_time_of_service() -> None:
    """Nobody knows when it was served while the server was dead, so nobody may read a time."""
    board = told((at(7, 10), issued(1001)), (at(9), TicketCaughtUp(ticket=named(1001), by=HA)))
    assert ticket_view(board, ticket_of(board, 1001), ahead=None, wait=None, head="").finished_at is None


def test_a_finished_ticket_says_when() -> None:
    """The end of a visit is when the desk ended it."""
    board = told(
        (at(7, 10), issued(1001)),
        (at(7, 30), opened()),
        (at(7, 31), called(1001)),
        (at(7, 40), TicketFinished(ticket=named(1001), counter=ONE, ended_by="finish", by=HA)),
    )
    view = ticket_view(board, ticket_of(board, 1001), ahead=None, wait=None, head="")
    assert (view.state, view.finished_at) == ("finished", at(7, 40))


def test_the_public_never_reads_a_group(morning: Board) -> None:
    """Why somebody has priority is between that person and the desk."""
    view = msgspec.json.encode(ticket_view(morning, ticket_of(morning, 1006), ahead=None, wait=None, head=""))
    assert b"elderly" not in view
    assert b"staff" not in view


def test_staff_read_the_group_and_the_full_reason(morning: Board, texts: Texts) -> None:
    """The desk confirms priority, so it must see what is claimed."""
    ticket = ticket_of(morning, 1006)
    notes = staff_notes(morning, ticket, texts, WORDS)
    view = ticket_view(morning, ticket, ahead=None, wait=None, head="", group="elderly", notes=notes)
    assert view.priority == "elderly"
    assert notes.reason is not None
    assert notes.reason.vi == "Lượt ưu tiên 1:5, hạng 2, trong Hộ tịch, Đất đai"
    assert (notes.claimed_rank, notes.confirmed, notes.language) == (2, False, "vi")


def test_a_ticket_costs_the_same_with_any_number_of_people_waiting() -> None:
    """Each `POST /tickets` is answered with it; a loop here would slow the whole hall at its busiest."""

    def cost(waiting: int) -> float:
        board = told(*((at(7, 10), issued(1001 + index)) for index in range(waiting)))
        ticket = ticket_of(board, 1001)
        timer = timeit.Timer(lambda: ticket_view(board, ticket, ahead=3, wait=(600, 1200), head="abc", key="k"))
        return min(timer.repeat(5, 2000)) / 2000

    few, many = cost(10), cost(900)
    assert many < few * 3
    assert many < 50e-6, f"one ticket view took {many * 1e6:.1f} microseconds"


@pytest.mark.parametrize(("passed_s", "left"), [(0, (600, 1200)), (30, (570, 1170)), (700, (0, 500)), (5000, (0, 0))])
def test_waits_are_counted_from_the_answer(passed_s: int, left: tuple[int, int]) -> None:
    """A forecast grows old; a citizen reads the seconds that are left."""
    made = at(8)
    assert wait_left({CIVIL: (made, 600, 1200)}, CIVIL, made + timedelta(seconds=passed_s)) == left


def test_an_unknown_wait_is_null() -> None:
    """Said only where it is known."""
    assert wait_left({}, CIVIL, NOW) is None


# The board


def test_the_board_tells_staff_the_whole_reason_and_others_the_short_one(morning: Board, texts: Texts) -> None:
    """Observers and screens learn that a rule was followed, not whose rule."""
    full = board_view(morning, at=NOW, waits=WAITS, texts=texts, is_full=True)
    short = board_view(morning, at=NOW, waits=WAITS, texts=texts, is_full=False)
    of_1006 = [call.number for call in full.calls].index(1006)
    assert full.calls[of_1006].reason.vi == "Lượt ưu tiên 1:5, hạng 2, trong Hộ tịch, Đất đai"
    assert short.calls[of_1006].reason.vi == "ưu tiên theo quy định"


def test_the_board_lists_calls_newest_first_and_recalls_only_once(morning: Board, texts: Texts) -> None:
    """A recall is no second call."""
    calls = board_view(morning, at=NOW, waits=WAITS, texts=texts, is_full=True).calls
    assert [call.number for call in calls] == [1004, 1006, 2001, 1003, 1002, 1001]


def test_the_board_says_what_each_counter_does(morning: Board, texts: Texts) -> None:
    """The states of the contract, one each."""
    view = board_view(morning, at=NOW, waits=WAITS, texts=texts, is_full=True)
    assert [(one.number, one.state, one.ticket) for one in view.counters] == [
        (1, "serving", 1006),
        (2, "calling", 1004),
        (3, "closed", None),
    ]
    idle = told((at(7, 30), opened(ONE)))
    assert board_view(idle, at=NOW, waits={}, texts=texts, is_full=True).counters[0].state == "open"


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(6, 59, False), (7, 0, True), (11, 29, True), (11, 30, False), (13, 0, True), (17, 0, False)],
)
def test_the_hall_is_open_while_tickets_are_given_or_desks_work(
    texts: Texts, hour: int, minute: int, is_open: bool
) -> None:
    """From the first ticket of a session until its desks close."""
    assert board_view(told(), at=at(hour, minute), waits={}, texts=texts, is_full=True).open is is_open


def test_a_sealed_day_is_closed(texts: Texts) -> None:
    """Nothing more happens on it."""
    board = told((at(10), DaySealed(day=at(7).date(), tickets=0, served=0, by=HA)))
    view = kiosk_view(board, at=at(10, 1), waits={}, texts=texts)
    assert not view.open
    assert view.opens_at == at(7) + timedelta(days=1)
    assert {tile.state for tile in view.services} == {"closed"}


# Counters


def test_a_clerk_sees_whom_next_will_call_first(morning: Board, texts: Texts) -> None:
    """The list and the button must agree."""
    counter = morning.counters[ONE]
    view = counter_view(morning, counter, at=NOW, head="h", texts=texts, words=WORDS)
    chosen = pick(morning, counter, NOW)
    assert chosen is not None
    assert view.waiting[0].id == chosen.ticket
    # 2001 was sent to this very counter; four others were called since the last bulk ticket, so 1007 has its turn.
    assert [one.number for one in view.waiting] == [2001, 1007, 1005, 2002, 1008]
    assert view.waiting_count == 5


def test_a_clerk_sees_held_away_and_absent_tickets(morning: Board, texts: Texts) -> None:
    """Nobody is lost: each can be called back from the page."""
    view = counter_view(morning, morning.counters[ONE], at=NOW, head="h", texts=texts, words=WORDS)
    assert [one.number for one in view.held] == [1001]
    assert [one.number for one in view.away] == [1002]
    assert [one.number for one in view.absent] == [1003]
    elsewhere = counter_view(morning, morning.counters[THREE], at=NOW, head="h", texts=texts, words=WORDS)
    assert (elsewhere.held, elsewhere.away, elsewhere.absent) == ((), (), ())


def test_a_clerk_sees_priority_claimed_by_those_who_wait(morning: Board, texts: Texts) -> None:
    """The desk asks for the proof."""
    view = counter_view(morning, morning.counters[ONE], at=NOW, head="h", texts=texts, words=WORDS)
    assert {one.number: one.priority for one in view.waiting}[1005] == "elderly"
    without = counter_view(morning, morning.counters[ONE], at=NOW, head="h", texts=texts)
    assert b"elderly" not in msgspec.json.encode(without)


def test_the_waiting_list_is_cut_and_still_counted(texts: Texts) -> None:
    """A clerk needs the next ones; a page of ten thousand would need a second."""
    board = told(*((at(7, 10), issued(1001 + index)) for index in range(WAITING_MAX + 30)))
    view = counter_view(board, board.counters[ONE], at=NOW, head="h", texts=texts)
    assert [one.number for one in view.waiting] == list(range(1001, 1001 + WAITING_MAX))
    assert [one.ahead for one in view.waiting] == list(range(WAITING_MAX))
    assert view.waiting_count == WAITING_MAX + 30


def test_who_came_back_from_absence_stands_where_the_rule_puts_them(morning: Board, texts: Texts) -> None:
    """After the next two calls of the service."""
    board = told((at(7, 51), TicketReturned(ticket=named(1003), due_calls=2, by=HA)), board=morning)
    view = counter_view(board, board.counters[TWO], at=NOW, head="", texts=texts)
    assert [one.number for one in view.waiting] == [1007, 1005, 1003, 1008, 4001]


# Public screens


def test_the_lobby_shows_numbers_and_places_only(morning: Board, texts: Texts) -> None:
    """A lobby screen is read by everybody, and photographed."""
    view = lobby_view(morning, at=NOW, waits=WAITS, texts=texts)
    shown = msgspec.json.encode(view)
    for hidden in (b"elderly", b"priority", b"reason", b"rank", b"p-ha", b"ticket-1006"):
        assert hidden not in shown


def test_the_lobby_shows_each_number_once_and_who_is_on_the_way(morning: Board, texts: Texts) -> None:
    """A recall moves the number up; it does not double it."""
    calls = lobby_view(morning, at=NOW, waits=WAITS, texts=texts).calls
    assert [(one.number, one.label, one.calling) for one in calls][:3] == [
        (1004, "2A", True),
        (1006, "1", False),
        (2001, "1", False),
    ]
    assert calls[0].sequence > calls[1].sequence


def test_a_zone_sees_its_own_counters(morning: Board, texts: Texts) -> None:
    """A screen on the second floor must not send people to the first."""
    view = lobby_view(morning, at=NOW, waits=WAITS, texts=texts, zone="b")
    assert [one.number for one in view.counters] == [2, 3]
    assert {one.counter for one in view.calls} == {2}


def test_the_lobby_keeps_only_the_last_calls(texts: Texts) -> None:
    """A limit on everything."""
    story = [(at(7, 10), issued(1001 + index)) for index in range(20)]
    calls = [
        (at(7, 31 + index), event)
        for index in range(20)
        for event in (called(1001 + index), TicketAbsent(ticket=named(1001 + index), counter=ONE, by=HA))
    ]
    board = told(*story, (at(7, 30), opened()), *calls)
    assert len(lobby_view(board, at=at(8), waits={}, texts=texts).calls) == LOBBY_CALLS


@pytest.mark.parametrize(
    ("hour", "minute", "code", "text"),
    [
        (6, 30, "not-yet-open", "Lấy số từ 07:00."),
        (11, 30, "lunch", "Nghỉ trưa đến 13:00. Số chưa gọi được giữ, gọi trước vào buổi chiều."),
        (17, 0, "closed-until", "Đã hết giờ lấy số. Mở lại lúc 07:00 sáng mai, thứ Ba 24/11/2026."),
    ],
)
def test_a_closed_hall_says_when_it_opens(texts: Texts, hour: int, minute: int, code: str, text: str) -> None:
    """No dead end without a next step."""
    board = told()
    for notices in (
        lobby_view(board, at=at(hour, minute), waits={}, texts=texts).notices,
        kiosk_view(board, at=at(hour, minute), waits={}, texts=texts).notices,
    ):
        assert [(notice.code, notice.text.vi) for notice in notices] == [(code, text)]


def test_a_hall_without_rules_still_has_screens(texts: Texts) -> None:
    """Before the first day opens, or while the clock is unconfirmed, screens say where to ask."""
    empty = Board()
    assert kiosk_view(empty, at=NOW, waits={}, texts=texts).notices[0].code == "starting"
    assert lobby_view(empty, at=NOW, waits={}, texts=texts).notices[0].code == "starting"
    assert not board_view(empty, at=NOW, waits={}, texts=texts, is_full=True).open


def test_a_tile_says_why_it_gives_no_number(texts: Texts) -> None:
    """Paused, spent for the session, and spent for the day are different news."""
    story = [(at(7, 10 + index), issued(2001 + index, service=LAND)) for index in range(3)]
    story += [(at(7, 20 + index), issued(4001 + index, service=PICKUP)) for index in range(2)]
    tiles = {one.id: one for one in kiosk_view(told(*story), at=NOW, waits={}, texts=texts).services}
    assert tiles["civil"].state == "open"
    assert tiles["civil"].notice is None
    # Three a session: more in the afternoon.
    assert (tiles["land"].state, tiles["land"].opens_at) == ("no-numbers", at(13))
    assert tiles["land"].elsewhere is not None
    # Two numbers in all: more tomorrow.
    assert (tiles["pickup"].state, tiles["pickup"].opens_at) == ("no-numbers", at(7) + timedelta(days=1))
    assert tiles["pickup"].notice is not None
    assert "sáng mai" in tiles["pickup"].notice.vi


def test_a_paused_tile_promises_no_hour(morning: Board, texts: Texts) -> None:
    """Nobody knows when a manager will resume."""
    tiles = {one.id: one for one in kiosk_view(morning, at=NOW, waits={}, texts=texts).services}
    assert (tiles["pickup"].state, tiles["pickup"].opens_at) == ("paused", None)
    assert tiles["pickup"].notice is not None


def test_the_kiosk_offers_the_priority_rows_in_force_today(morning: Board, texts: Texts) -> None:
    """A row that ended yesterday must not be promised."""
    assert [row.group for row in kiosk_view(morning, at=NOW, waits={}, texts=texts).priority] == ["elderly"]


def test_an_announcement_says_what_screens_show(morning: Board, texts: Texts) -> None:
    """The same words for the eye and the ear, and a sequence by which a screen knows it again."""
    effect = AnnounceTicket(sequence=99, ticket=named(2002), number=2002, counter=THREE, repeat=True)
    view = announce_view(morning, effect, texts)
    assert (view.sequence, view.shown, view.label, view.repeat) == (99, "Đ2002", "12", True)
    assert view.text.vi == "Mời lại số, Đ, hai, không, không, hai, đến quầy, mười hai."
