"""A no of the rules, as a value: it has a code and the figures behind it, and is shown to people in their language."""

from msgspec import Struct


class Refusal(Struct, frozen=True):
    """The hall's rules do not allow this now. Nothing has changed."""

    code: str
    detail: dict[str, str | int] = {}
