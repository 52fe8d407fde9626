"""What can go wrong with people and tokens: one class for each remedy, a code for each case, a sentence for a person.

No sentence and no detail ever holds a password or a token.
"""


class PeopleError(Exception):
    """The base: nothing was changed. `code` names the case for programs, the sentence names value and remedy."""

    def __init__(self, code: str, sentence: str, **detail: str | int) -> None:
        super().__init__(sentence)
        self.code = code
        self.detail: dict[str, str | int] = detail


class Invalid(PeopleError):
    """A value breaks a rule: give another one. `detail["field"]` names it."""


class Taken(PeopleError):
    """The value is right, but something that stands is in its way: change that first, or choose another."""


class Unknown(PeopleError):
    """There is nothing of that name: look at the list."""


class Full(PeopleError):
    """A stated limit is reached: remove what is not used, or wait."""


class PeopleUnavailable(PeopleError):
    """The database of people cannot be opened, read or written now: look at the disk, then try again."""


def shown(value: object) -> str:
    """A value from outside, safe to print: quoted, unprintable characters escaped, cut at 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
