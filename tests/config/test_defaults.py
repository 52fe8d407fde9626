import tomllib
from importlib import resources

import msgspec
import pytest
from msgspec import structs

from queue_server.config import ServerSettings, check
from queue_server.config.creating import PROFILES, Profile, holidays_text, profile_text
from queue_server.config.errors import Findings
from queue_server.config.values import SCALE, TIMEZONE
from queue_server.core.rules import (
    CounterRules,
    HallRules,
    PolicyRules,
    PriorityGroup,
    ServiceRules,
    Settings,
)
from tests.config.halls import hall_files

HALL_LANGUAGES = next(field.default for field in structs.fields(HallRules) if field.name == "languages")
DEFAULTS = resources.files("queue_server.config").joinpath("default.toml").read_text(encoding="utf-8")


def test_default_toml_says_the_defaults_of_the_code() -> None:
    """People read the file, the server runs the code; two truths would both be believed."""
    config = check(hall_files(DEFAULTS))
    rules = config.rules
    assert (config.server, config.timezone, config.device_digits) == (ServerSettings(), TIMEZONE, 0)
    assert (rules.policy, rules.settings, rules.scale) == (PolicyRules(), Settings(), SCALE)
    assert rules.languages == HALL_LANGUAGES
    (service,), (counter,), (group,) = rules.services, rules.counters, rules.priority
    assert service == ServiceRules(id=service.id, name=service.name, ranges=service.ranges)
    assert counter == CounterRules(number=counter.number, label=str(counter.number), services=counter.services)
    assert group == PriorityGroup(group=group.group, label=group.label, rank=group.rank)


def test_default_toml_holds_every_key_that_is_read() -> None:
    """A setting that is in no list cannot be found by the person who needs it."""
    findings = Findings()
    check(hall_files(DEFAULTS), findings)
    written = set(_keys(tomllib.loads(DEFAULTS)))
    asked = {key for file, key in findings.asked if file == "hall.toml"}
    optional_parts = {"name.vi", "name.en"}
    assert {key for key in asked - written if not key.endswith(tuple(optional_parts))} == set()


def _keys(table: dict[str, object], above: str = "") -> list[str]:
    found = []
    for key, value in table.items():
        found.append(above + key)
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                found += _keys(entry, f"{above}{key}.")
    return found


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_a_correct_hall_without_warnings(profile: Profile) -> None:
    """`denluot-server init` then `run` is the first thing that anybody tries."""
    assert check(hall_files(profile_text(profile), holidays_text())).warnings == ()


def rules_of(profile: Profile) -> HallRules:
    """The rules of a shipped profile."""
    return check(hall_files(profile_text(profile), holidays_text())).rules


def test_the_profiles_have_the_size_that_the_contract_says() -> None:
    """A commune has 6 desks, a centre 60."""
    counts = {profile: len(rules_of(profile).counters) for profile in PROFILES}
    assert counts == {"commune": 6, "ward": 12, "centre": 60, "bench": 20}


@pytest.mark.parametrize("profile", ["commune", "ward", "centre"])
def test_numbers_of_real_halls_fit_keypads_of_four_digits(profile: Profile) -> None:
    """The boxes in use hold two BCD bytes."""
    assert all(numbers.last <= 9999 for service in rules_of(profile).services for numbers in service.ranges)


def test_the_bench_has_no_limits_and_no_guards() -> None:
    """A measurement must meet the server, not a rule."""
    rules = rules_of("bench")
    assert rules.calendar.always_open == 1
    everything = tuple(service.id for service in rules.services)
    assert len(everything) == 5
    assert all(counter.services == everything and counter.opens_with_hall == 1 for counter in rules.counters)
    first, second = rules.services[0].ranges
    assert (first.first, first.last, second.first) == (1001, 9999, 10000)
    assert (rules.settings.min_service_s, rules.settings.next_guard_ms, rules.policy.bulk_from) == (0, 0, 0)


def test_each_priority_row_says_what_it_rests_on() -> None:
    """Only one row of the sample has a law behind it; the others must not pretend to."""
    rows = rules_of("commune").priority
    assert all(row.legal_basis for row in rows)
    assert [row.group for row in rows if row.legal_basis.startswith("Luật")] == ["nguoi-cao-tuoi"]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_rules_can_stand_in_the_journal(profile: Profile) -> None:
    """An event's body holds integers and strings only, so that its hash is the same on every machine."""
    _only_integers_and_strings(msgspec.to_builtins(rules_of(profile)))


def _only_integers_and_strings(value: object) -> None:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for entry in value:
            _only_integers_and_strings(entry)
    else:
        assert type(value) in (int, str), f"{value!r} may not stand in an event"
