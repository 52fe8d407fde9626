"""The pages under `docs/` and the README say what is so: a page that has gone stale fails here."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.golden.make_journal_page import PAGE, the_page
from tests.golden.make_journals import JOURNALS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "firmware_config").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
GOLDEN_JOURNALS = sorted(JOURNALS.glob("*.ndjson"))

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


def test_the_golden_journal_page_says_what_the_code_writes() -> None:
    """Auditors write verifiers from this page; `make golden` writes it anew, and the difference is read like code."""
    page = PAGE.read_text("utf-8")
    if os.environ.get("GOLDEN") == "write":
        page = the_page(page)
        PAGE.write_text(page, "utf-8")
    assert page == the_page(page)


@pytest.mark.parametrize("journal", GOLDEN_JOURNALS, ids=lambda path: path.stem)
def test_the_verifier_on_the_journal_page_works(journal: Path) -> None:
    """An auditor who copies it must be able to trust its yes and its no."""
    check = _printed_verifier()
    lines = journal.read_text("utf-8").splitlines()
    count, head = check(lines)
    assert count == len(lines)
    assert f'"hash":"{head}"' in lines[-1]
    lines[3] = lines[3].replace("07:3", "07:4", 1)
    with pytest.raises(ValueError, match="event 4 does not fit"):
        check(lines)


def _printed_verifier() -> Callable[[list[str]], tuple[int, str]]:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    scope: dict[str, object] = {"__name__": "printed"}
    exec(compile(code, str(PAGE), "exec"), scope)  # noqa: S102  # Our own page, read as an auditor would.
    check = scope["check"]
    assert callable(check), "the page defines check()"
    return check


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A reader who follows a link in a hall without Internet has nothing else to go by."""
    for target, heading in _LINK.findall(page.read_text("utf-8")):
        found = page if not target else (page.parent / target).resolve()
        assert found.exists(), f"{page.name} links to {target}, which is not there"
        if heading:
            assert heading in _anchors(found), f"{page.name} links to #{heading}, which {found.name} does not have"


def _anchors(page: Path) -> set[str]:
    headings = _HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_architecture_page_names_every_part() -> None:
    """A newcomer who finds a folder that the map does not know stops believing the map."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    server = ROOT / "queue_server"
    parts = {_shown(path) for folder in (server, server / "core") for path in folder.iterdir() if _is_part(path)}
    assert {part for part in parts if part not in page} == set()


def _is_part(path: Path) -> bool:
    return (path.suffix == ".py" and path.name != "__init__.py") or (path / "__init__.py").exists()


def _shown(path: Path) -> str:
    return f"{path.name}/" if path.is_dir() else path.name


def test_decisions_are_numbered_and_dated() -> None:
    """A decision is cited by its number for years; two of one number, or none of a date, cannot be."""
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), f"{path.name} does not begin with its number"
        assert re.search(r"^Date: \d{4}-\d{2}-\d{2}\. Status: ", text, re.MULTILINE), f"{path.name} has no date"
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{path.name} has no {heading}"
