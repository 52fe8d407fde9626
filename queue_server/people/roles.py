"""The roles of the hall, and what may be asked for with each: rules for names, logins and counters."""

import re
import unicodedata
from typing import Literal, get_args

from queue_server.core.ids import CounterNumber
from queue_server.people.errors import Invalid, shown

Role = Literal["kiosk", "display", "clerk", "guide", "manager", "auditor", "admin", "device", "observer"]

ROLES: tuple[Role, ...] = get_args(Role)
PERSON_ROLES: tuple[Role, ...] = ("clerk", "guide", "manager", "auditor", "admin", "observer")
COUNTER_ROLES: tuple[Role, ...] = ("clerk", "device")

NAME_LENGTH_MAX = 64
LOGIN_LENGTH_MAX = 32
COUNTER_MAX = 9999

LOGIN = re.compile(rf"[a-z][a-z0-9._-]{{1,{LOGIN_LENGTH_MAX - 1}}}")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
UNSEEN_MARKS = re.compile(
    "[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0\\U000e0100-\\U000e01ef]"
)
"""Signs that are unseen, turn the line around, or mean nothing: no two names may differ by them alone."""


def token_role(role: str) -> Role:
    """The role of a token, or Invalid."""
    return _one_of(role, ROLES)


def person_role(role: str) -> Role:
    """The role of a person, or Invalid: a kiosk or a device is not a person."""
    return _one_of(role, PERSON_ROLES)


def counter_for(role: Role, counter: int | None) -> CounterNumber | None:
    """The counter that goes with the role, or Invalid. Whether the hall has such a counter, `hall.toml` says."""
    if counter is None:
        return None
    if role not in COUNTER_ROLES:
        sentence = (
            f"role {role} works at no counter; leave out counter {counter}, or take one of {_list(COUNTER_ROLES)}"
        )
        raise Invalid("counter-not-for-role", sentence, field="counter", role=role)
    if not 1 <= counter <= COUNTER_MAX:
        sentence = f"counter {counter} cannot be; take the counter's number from hall.toml, 1 to {COUNTER_MAX}"
        raise Invalid("counter-invalid", sentence, field="counter")
    return CounterNumber(counter)


def clean_name(name: str) -> str:
    """The name as it is kept: NFC, spaces plain, single and none around; or Invalid."""
    if len(name) <= 4 * NAME_LENGTH_MAX:  # Longer text is refused before it costs anything; NFD has up to four parts.
        signs = [" " if unicodedata.category(sign) == "Zs" else sign for sign in unicodedata.normalize("NFC", name)]
        clean = re.sub(" +", " ", "".join(signs)).strip(" ")
        if 1 <= len(clean) <= NAME_LENGTH_MAX and not any(_is_unseen(sign) for sign in clean):
            return clean
    sentence = (
        f"name {shown(name)} cannot be; give 1 to {NAME_LENGTH_MAX} letters, digits, spaces and signs, none unseen"
    )
    raise Invalid("name-invalid", sentence, field="name")


def name_key(clean: str) -> str:
    """What two names share that a person would call the same."""
    return unicodedata.normalize("NFC", clean.casefold())


def clean_login(login: str) -> str:
    """The login as it is kept, or Invalid."""
    clean = login_key(login)
    if LOGIN.fullmatch(clean):
        return clean
    sentence = (
        f"login {shown(login)} cannot be; give 2 to {LOGIN_LENGTH_MAX} of a-z, 0-9, dot, hyphen and underline, "
        "a letter first, such as nguyen.van.an"
    )
    raise Invalid("login-invalid", sentence, field="login")


def login_key(login: str) -> str:
    """What is looked up for a login as typed: capital letters and spaces around make no difference."""
    return login[: 4 * LOGIN_LENGTH_MAX].strip().lower()


def _one_of(role: str, allowed: tuple[Role, ...]) -> Role:
    for known in allowed:
        if role == known:
            return known
    raise Invalid("role-invalid", f"role {shown(role)} cannot be; take one of {_list(allowed)}", field="role")


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN or UNSEEN_MARKS.fullmatch(sign) is not None


def _list(roles: tuple[Role, ...]) -> str:
    return ", ".join(roles)
