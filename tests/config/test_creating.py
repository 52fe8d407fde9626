from pathlib import Path

import pytest

from queue_server.config import InitRefused, init, load
from queue_server.config.creating import PROFILES, Profile


@pytest.mark.parametrize("profile", PROFILES)
def test_a_new_hall_loads_at_once(tmp_path: Path, profile: Profile) -> None:
    """The first command of a new user is followed by the second."""
    made = init(tmp_path / "deep" / "hall", profile)
    config = load(made.folder)
    assert config.rules.hall == made.hall
    assert config.warnings == ()


def test_the_secret_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Who reads the key can make the key of any ticket."""
    folder = init(tmp_path / "hall", "commune").folder
    modes = {name: (folder / name).stat().st_mode & 0o777 for name in (".", "keys", "keys/hall.key")}
    assert modes == {".": 0o700, "keys": 0o700, "keys/hall.key": 0o600}
    (folder / "keys/hall.key").chmod(0o644)
    (said,) = load(folder).warnings
    assert "chmod 600" in said


def test_two_halls_differ_in_id_and_key(tmp_path: Path) -> None:
    """Journals and MQTT topics of two halls must never be taken for each other."""
    one, other = init(tmp_path / "one", "commune"), init(tmp_path / "other", "commune")
    assert one.hall != other.hall
    assert load(one.folder).key != load(other.folder).key


def test_the_comments_reach_the_hall(tmp_path: Path) -> None:
    """The commented file is the manual."""
    text = (init(tmp_path / "hall", "commune").folder / "hall.toml").read_text(encoding="utf-8")
    assert "# Mã hội trường" in text


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    """A hall's journal cannot be had back."""
    folder = tmp_path / "hall"
    folder.mkdir()
    init(folder, "commune")  # An empty folder may be filled.
    before = (folder / "hall.toml").read_bytes()
    for taken in (folder, folder / "hall.toml"):
        with pytest.raises(InitRefused, match="never overwritten"):
            init(taken, "ward")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InitRefused):
        init(link, "ward")
    assert (folder / "hall.toml").read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["hall", "link"]


def test_a_place_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """The command says why and exits; there is no half hall."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InitRefused):
        init(tmp_path / "file" / "hall", "commune")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
