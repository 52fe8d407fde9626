"""The values that the hall's files become, and what is assumed where they are silent."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from queue_server.api.settings import Settings
from queue_server.config.errors import warning
from queue_server.config.messages import sentence
from queue_server.core.rules import HallRules, Name, RatingScale, ScaleLevel

TIMEZONE = "Asia/Ho_Chi_Minh"

SCALE = RatingScale(
    id="hai-long-4",
    version=1,
    levels=(
        ScaleLevel(score=4, label=Name("Rất hài lòng", "Very satisfied"), counts_as="satisfied"),
        ScaleLevel(score=3, label=Name("Hài lòng", "Satisfied"), counts_as="satisfied"),
        ScaleLevel(score=2, label=Name("Chưa hài lòng", "Not satisfied"), counts_as="dissatisfied"),
        ScaleLevel(score=1, label=Name("Rất không hài lòng", "Very dissatisfied"), counts_as="dissatisfied"),
    ),
    reasons=("waiting", "attitude", "procedure", "result"),
)
"""Four faces without a middle; a hall that must use another form writes its own."""


class HallConfig(Settings, frozen=True, kw_only=True):
    """Everything that the hall's files say, checked."""

    timezone: str = TIMEZONE
    device_digits: int = 0
    """Digits that the narrowest keypad or board shows; 0 when the hall has none."""
    warnings: tuple[str, ...] = ()

    def zone(self) -> ZoneInfo:
        """The hall's time zone; loading has proven that it exists."""
        return ZoneInfo(self.timezone)


def width_warnings(rules: HallRules, digits_by_device: Mapping[str, int]) -> tuple[str, ...]:
    """One line for each service and device where a number is wider than the device can show."""
    found = []
    for position, service in enumerate(rules.services, start=1):
        last = max((numbers.last for numbers in service.ranges), default=0)
        for device, digits in digits_by_device.items():
            if digits and len(str(last)) > digits:
                words = sentence("number-wide", number=last, width=len(str(last)), device=device, digits=digits)
                found.append(warning("hall.toml", f"service[{position}].numbers", words))
    return tuple(found)
