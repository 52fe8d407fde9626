"""Every word that is stored, sent or shown stands in `docs/vocabulary.md`, and means there what it says on screens."""

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from queue_server.core import events, reasons
from queue_server.core.board import State
from queue_server.core.events import NoTicket, Origin, Outcome, Reason
from queue_server.core.rules import Order, PriorityRule
from queue_server.journal.codec import EVENT_TYPES
from queue_server.people.roles import ROLES
from queue_server.presenting.texts import load
from queue_server.wire.fields import CounterState, ServiceState

PAGE = Path(__file__).parents[1] / "docs" / "vocabulary.md"
CALL_CODES = get_args(get_type_hints(Reason)["code"])
CLOSED_LISTS = (
    reasons.CALL | reasons.TRANSFER | reasons.AWAY | reasons.CANCEL | reasons.PAUSE | reasons.MANAGE | reasons.MOVE
)
VISIT_ENDS = ("finish", "next", "close", "day-end")

WORDS = {
    "kinds of events": tuple(event_type.KIND for event_type in EVENT_TYPES),
    "states of a ticket": tuple(state.value for state in State),
    "states of a counter": get_args(CounterState),
    "states of a service": get_args(ServiceState),
    "roles": ROLES,
    "reasons of a call": CALL_CODES,
    "reasons from the closed lists": tuple(sorted(CLOSED_LISTS)),
    "policies": (*get_args(Order), *get_args(PriorityRule)),
    "origins": get_args(Origin),
    "ends of a visit": VISIT_ENDS,
    "outcomes": get_args(Outcome),
    "reasons for no ticket": get_args(NoTicket),
}


def _rows() -> list[tuple[str, str]]:
    """(word, Vietnamese) of every row of every table."""
    cells = [line.split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [(cell[1].strip(), cell[2].strip()) for cell in cells]


@pytest.mark.parametrize("family", WORDS)
def test_every_stored_word_is_explained(family: str) -> None:
    """A clerk, an auditor and a programmer who read different words talk past each other."""
    explained = {word for word, _ in _rows()}
    assert [word for word in WORDS[family] if f"`{word}`" not in explained] == []


def test_no_kind_of_event_is_explained_that_is_not_there() -> None:
    """A word that nothing uses is looked for in vain."""
    (table,) = re.findall(r"## Kinds of events.*?\n(?=\| kind)(.*)", PAGE.read_text("utf-8"), re.DOTALL)
    assert re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE) == list(WORDS["kinds of events"])


@pytest.mark.parametrize(
    ("table", "family"),
    [
        ("state", "states of a ticket"),
        ("counter", "states of a counter"),
        ("reason", "reasons from the closed lists"),
    ],
)
def test_the_page_uses_the_words_of_the_screens(table: str, family: str) -> None:
    """One thing, one word: what the page calls `away` must be what the clerk reads."""
    texts, rows = load(), _rows()
    for word in WORDS[family]:
        shown = texts.say("vi", f"{table}.{word}").lower()
        assert (f"`{word}`", shown) in rows, f"screens say {shown!r} for {word}"


def test_visit_ends_are_those_of_finished_tickets() -> None:
    """Other ends of a stay are events of their own kind."""
    assert set(VISIT_ENDS) <= set(get_args(events.EndedBy))
