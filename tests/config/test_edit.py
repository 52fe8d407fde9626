import fcntl
import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_server.config import ConfigErrors, EditRefused, HallConfig, change, edit, fingerprint, init, load
from queue_server.config.edit import Change

AT = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A commune's hall folder."""
    return init(tmp_path / "hall", "commune").folder


def changed(hall: Path, *changes: Change, file: str = "hall.toml") -> HallConfig:
    """The hall after these changes."""
    return change(hall, changes, who="p-1", why="test", at=AT, file=file)


def test_a_change_keeps_every_comment(hall: Path) -> None:
    """The comments are how the next person finds the way."""
    before = (hall / "hall.toml").read_text(encoding="utf-8")
    config = changed(hall, (("policy", "ordinary_per_priority"), 3), (("service", "dat-dai", "daily_limit"), 80))
    after = (hall / "hall.toml").read_text(encoding="utf-8")
    assert (config.rules.policy.ordinary_per_priority, config.rules.services[1].daily_limit) == (3, 80)
    assert config == load(hall)
    assert [line for line in after.split("\n") if "#" in line and "ordinary" not in line] == [
        line for line in before.split("\n") if "#" in line and "ordinary" not in line
    ]
    assert "# Cứ 5 lượt thường" in after


def test_entries_are_found_by_their_own_name_added_and_taken_away(hall: Path) -> None:
    """Places in a list move when somebody adds an entry; names do not."""
    config = changed(
        hall,
        (("counter", "3", "label"), "3A"),
        (("counter", "+"), {"number": 7, "services": ["cu-tru"]}),
        (("priority", "con-nho", "enabled"), False),
        (("tickets", "default_transfer"), None),
        (("rating", "version"), 2),
    )
    assert config.rules.counters[2].label == "3A"
    assert config.rules.counters[6].services == ("cu-tru",)
    assert "con-nho" not in {row.group for row in config.rules.priority}
    assert (config.rules.settings.default_transfer, config.rules.scale.version) == ("", 2)


def test_holidays_are_changed_in_their_own_file(hall: Path) -> None:
    """The yearly decision is entered by a manager, not by an engineer."""
    day = {"day": "2026-11-24", "name": "Ngày Văn hóa Việt Nam"}
    config = changed(hall, (("holiday", "+"), day), file="holidays.toml")
    assert "2026-11-24" in {holiday.day.isoformat() for holiday in config.rules.calendar.holidays}


WRONG: list[Change] = [
    (("policy", "ordinary_per_priority"), 0),
    (("service", "ho-tich", "numbers"), "1001-2500"),
    (("service", "nowhere", "prefix"), "A"),
    (("service", 99, "prefix"), "A"),
    (("hall", "id", "deeper"), "x"),
    (("hall", "+"), "x"),
    (("policy", "order"), object()),
    (("hall",), None),
]


@pytest.mark.parametrize("wrong", WRONG, ids=[repr(path) for path, _ in WRONG])
def test_a_wrong_change_is_refused_whole(hall: Path, wrong: Change) -> None:
    """Half of a change is a third state that nobody asked for."""
    before = {file.name: file.read_bytes() for file in hall.iterdir() if file.is_file()}
    with pytest.raises(ConfigErrors):
        changed(hall, (("policy", "bulk_from"), 9), wrong)
    after = {file.name: file.read_bytes() for file in hall.iterdir() if file.is_file() and file.name != edit.LOCK_FILE}
    assert after == before


def test_a_file_that_is_wrong_already_lists_its_mistakes(hall: Path) -> None:
    """A program must not hide what a person broke by hand."""
    (hall / "hall.toml").write_text("a = ")
    with pytest.raises(ConfigErrors) as refused:
        changed(hall, (("policy", "bulk_from"), 9))
    assert refused.value.errors[0].code == "not-toml"


def test_five_earlier_versions_are_kept_and_each_change_has_its_line(hall: Path) -> None:
    """Who changed what, and how to go back."""
    for count in range(1, 8):
        changed(hall, (("policy", "others_per_bulk"), count))
    kept = sorted(file.name for file in hall.glob("hall.toml.*"))
    assert kept == [f"hall.toml.{number}" for number in range(1, 6)]
    assert "others_per_bulk = 6" in (hall / "hall.toml.1").read_text(encoding="utf-8")
    assert "others_per_bulk = 2" in (hall / "hall.toml.5").read_text(encoding="utf-8")
    lines = (hall / edit.LOG_FILE).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 7
    assert json.loads(lines[0]) == {
        "at": AT.isoformat(), "who": "p-1", "why": "test", "file": "hall.toml", "keys": ["policy.others_per_bulk"]
    }  # fmt: skip


def test_changes_at_the_same_moment_are_all_kept(hall: Path) -> None:
    """Two managers at two desks."""
    names = ["ho-tich", "dat-dai", "bao-tro", "cu-tru", "tra-ket-qua"]
    threads = [threading.Thread(target=changed, args=(hall, (("service", name, "daily_limit"), 77))) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [service.daily_limit for service in load(hall).rules.services] == [77] * 5


def test_a_lock_that_is_never_given_back_is_not_waited_for_for_ever(
    hall: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hanging program must not hang the manager's page."""
    monkeypatch.setattr(edit, "LOCK_WAIT_SECONDS", 0.0)
    with (hall / edit.LOCK_FILE).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(EditRefused):
            changed(hall, (("policy", "bulk_from"), 9))


def test_a_folder_that_is_gone_refuses_the_change(tmp_path: Path) -> None:
    """The answer names the folder."""
    with pytest.raises(EditRefused, match="nowhere"):
        changed(tmp_path / "nowhere", (("policy", "bulk_from"), 9))


def test_the_fingerprint_tells_every_change(hall: Path) -> None:
    """The server asks each second and reads only when something changed."""
    seen = [fingerprint(hall)]
    assert fingerprint(hall) == seen[0]
    changed(hall, (("policy", "bulk_from"), 9))
    seen.append(fingerprint(hall))
    (hall / "holidays.toml").unlink()
    seen.append(fingerprint(hall))
    assert len(set(seen)) == 3
