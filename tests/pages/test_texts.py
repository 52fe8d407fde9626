"""Scripts hold no words, and every text that they name is there."""

import re
from importlib import resources
from pathlib import Path

import pytest

from queue_server.api.shell import PAGES
from queue_server.presenting.texts import TONGUES, load

STATIC = Path(str(resources.files("queue_server") / "pages" / "static"))
SCRIPTS = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
SERVER = Path(str(resources.files("queue_server") / "api" / "shell.py"))
TABLES = sorted({table for page in PAGES.values() for table in page.tables})
NAMED = re.compile(rf"""["'`](?P<key>(?:{"|".join(map(re.escape, TABLES))})\.[a-z0-9-]+)["'`]""")
BY_CODE = re.compile(r"""\bt\.of\(\s*["'](?P<prefix>[a-z-]+\.[a-z0-9-]+)["']""")
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
WORDS_BETWEEN_TAGS = re.compile(r">[^<>$`{}=;()]*[A-Za-z]{3,}[^<>$`{}=;()]*<")


def sources() -> str:
    """All scripts of ours, and the shell, without comments."""
    return "\n".join(COMMENT.sub("", path.read_text("utf-8")) for path in (*SCRIPTS, SERVER))


def test_every_text_that_a_page_names_is_there_and_every_text_is_used() -> None:
    """A missing text shows as a key to a clerk; an unused one is translated for nobody."""
    text = sources()
    prefixes = {found["prefix"] for found in BY_CODE.finditer(text)}
    named = {found["key"] for found in NAMED.finditer(BY_CODE.sub("", text))}
    named = {key for key in named if not key.endswith(".html")}
    known = {key for key in load().by_tongue["vi"] if key.partition(".")[0] in TABLES}
    by_code = {key for key in known if any(key.startswith(f"{prefix}-") for prefix in prefixes)}
    assert sorted(named - known) == [], "named and not there"
    assert sorted(known - named - by_code) == [], "there and not named"
    assert [prefix for prefix in prefixes if not any(key.startswith(f"{prefix}-") for key in known)] == []


def test_every_page_takes_along_the_tables_that_its_scripts_name() -> None:
    """A text of another page's table is not there when it is drawn."""
    for name, page in PAGES.items():
        waiting, seen = [STATIC / page.script], set[Path]()
        while waiting:
            path = waiting.pop().resolve()
            if path in seen or "vendor" in path.parts:
                continue
            seen.add(path)
            script = COMMENT.sub("", path.read_text("utf-8"))
            waiting += [
                path.parent / one
                for one in re.findall(r'from "(\.[^"]+)"|import "(\.[^"]+)"', script)
                for one in one
                if one
            ]
            used = {found["key"].partition(".")[0] for found in NAMED.finditer(script)}
            assert used <= set(page.tables), f"{path.name} on page {name}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_holds_no_words_for_people(path: Path) -> None:
    """Words in scripts are in one language and are found by nobody who translates."""
    script = COMMENT.sub("", path.read_text("utf-8"))
    assert re.findall(r"[À-ỹ]", script) == []
    assert WORDS_BETWEEN_TAGS.findall(script) == []


@pytest.mark.parametrize("tongue", TONGUES)
def test_texts_fit_where_they_stand(tongue: str) -> None:
    """The texts of a page come as one file; a page must open within half a second."""
    texts = load().by_tongue[tongue]
    for name, page in PAGES.items():
        size = sum(len(f"{key}{text}".encode()) for key, text in texts.items() if key.partition(".")[0] in page.tables)
        assert size < 25_000, f"{name} takes {size} bytes of texts along"
