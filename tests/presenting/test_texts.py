"""Every no and every state has a sentence in both languages."""

import ast
import re
import string
from pathlib import Path

import pytest

from queue_server.core import reasons
from queue_server.presenting.texts import TONGUES, Texts, load

SERVER = Path(__file__).parents[2] / "queue_server"
PEOPLE_ERRORS = frozenset({"Invalid", "Taken", "Unknown", "Full", "PeopleUnavailable", "_invalid"})
NAMED_IN_THE_PLAN = """
malformed unauthorized forbidden not-found unknown-service unknown-counter unknown-ticket unknown-number unknown-group
unknown-ask invalid too-large too-many-requests busy journal-unavailable starting clock-unconfirmed key-reused
nobody-waiting counter-closed counter-paused counter-open counter-taken counter-empty counter-busy not-called
not-serving not-paused not-waiting not-held-away-or-absent return-too-late wrong-counter ticket-ended cancel-too-late
hall-closed day-sealed no-numbers daily-limit session-limit service-paused service-not-paused person-limit
person-service-limit would-pass-closing lease-expired lease-unknown lease-day lease-too-large lease-empty
already-handed-over booking-unknown booking-used booking-other-day rating-late rating-repeated rating-unasked
score-unknown same-counter counter-serves-nothing outside-desk-hours reason-needed reason-unknown promise-off
promise-too-early no-opening-ahead service-not-here priority-not-in-force slip-unknown conflict internal login-wrong
login-locked password-weak password-change-needed session-ended pairing-unknown pairing-expired pairing-full origin csrf
"""


@pytest.fixture(scope="module")
def texts() -> Texts:
    """All texts, read once."""
    return load()


def placeholders(text: str) -> set[str]:
    """The gaps that are filled in."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def codes_in_the_code() -> set[str]:
    """First arguments of refusals, and of what `people` raises, that are written out."""
    codes = set()
    for path in SERVER.rglob("*.py"):
        makers = {"Refusal", *PEOPLE_ERRORS} if path.parent.name == "people" else {"Refusal"}
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                given = node.args[:1] + [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                codes |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return codes


def test_both_languages_have_the_same_keys_and_the_same_gaps(texts: Texts) -> None:
    """A key in one language alone leaves half of the people with nothing to read."""
    assert texts.by_tongue["vi"].keys() == texts.by_tongue["en"].keys()
    differing = {
        key
        for key, text in texts.by_tongue["vi"].items()
        # The part of the day stands in Vietnamese alone: "sáng mai".
        if placeholders(text) - {"part"} != placeholders(texts.by_tongue["en"][key])
    }
    assert differing == set()


def test_no_refusal_lacks_a_sentence(texts: Texts) -> None:
    """A person who is refused reads why and what to do, not a code."""
    codes = codes_in_the_code() | set(NAMED_IN_THE_PLAN.split())
    assert sorted(code for code in codes if not texts.knows(f"error.{code}")) == []


def test_no_reason_of_the_closed_lists_lacks_a_text(texts: Texts) -> None:
    """Clerks choose reasons by their text."""
    codes = reasons.CALL | reasons.TRANSFER | reasons.AWAY | reasons.CANCEL | reasons.PAUSE | reasons.MANAGE
    assert sorted(code for code in codes | reasons.MOVE if not texts.knows(f"reason.{code}")) == []


def test_a_code_without_a_text_still_says_something(texts: Texts) -> None:
    """A forgotten text must not turn a refusal into a fault of the server."""
    assert texts.error("no-such-code") == texts.error("conflict")


@pytest.mark.parametrize("tongue", TONGUES)
def test_texts_are_polite_and_blame_nobody(texts: Texts, tongue: str) -> None:
    """These words are kept out of public texts by the design: they blame, beg or shout."""
    unwanted = re.compile(
        r"\b(lỗi|thất bại|hệ thống|bạn|quý khách|khách hàng|error|failed|failure|invalid|sorry)\b|!|…", re.IGNORECASE
    )
    found = {key: text for key, text in texts.by_tongue[tongue].items() if unwanted.search(text)}
    assert found == {}


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_refusal_is_whole_sentences(texts: Texts, tongue: str) -> None:
    """Half a sentence reads like a broken machine."""
    refusals = {key: text for key, text in texts.by_tongue[tongue].items() if key.startswith("error.")}
    assert {
        key for key, text in refusals.items() if not text[0].isupper() or not text.endswith((".", "ông/bà."))
    } == set()
