"""Tests of working on in one process: after each edit, what a process that starts anew gives."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import _lru_cache_wrapper
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from plainleaf.check.check import check
from plainleaf.check.gates.control import of_statuses
from plainleaf.compose.compose import compose
from plainleaf.compose.content import contents
from plainleaf.load.load import load
from plainleaf.model import Project
from plainleaf.plan import plan
from plainleaf.problems import ContentError, Problem, stop_at
from plainleaf.read.pages import parsed
from plainleaf.read.read import read
from plainleaf.records.status import statuses_of
from tests.conftest import HERE, ROOT, TODAY, copy_of, on_one_paper

pytestmark = pytest.mark.slow

LINES = "handout/fields/lines.html.jinja"
SHARED_LINES = (ROOT / "templates" / LINES).read_text("utf-8")
# What is edited, by the file: a text in it and another for it, or the whole file where that is "".
EDITS = {
    "page": ("docs/en/slip.md", "You can say yes or no.", "You can say no."),
    "page with a problem": ("docs/en/slip.md", "You can say yes or no.", "See [it](no.md)."),
    "lines of a page": ("docs/en/slip.md", "We fill in", "\n\nWe fill in"),
    "clinic": ("clinics/corner/clinic.yml", "Corner Clinic", "Clinic at the Corner"),
    "approval": ("clinics/corner/approvals.yml", "role: ", "role: new "),
    "risk": ("docs/facts/risks.yml", "under 5 in 100", "under 6 in 100"),
    "source": ("docs/facts/sources.yml", "title: ", "title: New "),
    "word": ("docs/en/words.yml", "page: Page", "page: Leaf"),
    "handout": ("handouts/note.yml", "show: columns", "show: ticks"),
    "ledger": ("ledger/note.yml", "change: The first", "change: My first"),
    "picture": ("docs/assets/drop.svg", "</svg>", "<g/></svg>"),
    "broken picture": ("docs/assets/drop.svg", "</svg>", ""),
    "address of the site": ("mkdocs.yml", "site_name:", "site_url: https://a.example/\nsite_name:"),
    "extension": ("mkdocs.yml", "  - admonition\n", ""),
    "template": ("../templates/handout/document.html.jinja", "<h1>", '<h1 class="new">'),
    "template with a fault": ("../templates/handout/document.html.jinja", "</h1>", "<img></h1>"),
    "broken template": ("../templates/handout/phone.html.jinja", "{%", "{% if %}{%"),
    "template of pages": ("../templates/page/risk-table.html.jinja", "<table", "<p>New.</p><table"),
    "style of this project": ("templates/css/sheet.css", "", "p { color: red }"),
    "template of this project": (f"templates/{LINES}", "", f"{SHARED_LINES}<p>New.</p>"),
}


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a copy of tests/tiny and of the templates that each test leaves as it was."""
    folder = tmp_path_factory.mktemp("lasting")
    on_one_paper(copy_of(HERE / "tiny", folder / "tiny"), "corner", "anyone")
    shutil.copytree(ROOT / "templates", folder / "templates")
    return Project(folder / "tiny", folder / "templates")


@contextmanager
def edit(project: Project, name: str, old: str, new: str) -> Iterator[None]:
    """Edit a file so that it looks as old as it was, and undo that at the end."""
    path = project.folder / name
    before = path.read_bytes() if path.exists() else None
    text = (before or b"").decode("utf-8")
    assert old in text
    path.parent.mkdir(parents=True, exist_ok=True)
    keeping_times(path, (text.replace(old, new, 1) if old else new).encode("utf-8"))
    try:
        yield
    finally:
        if before is None:
            shutil.rmtree(project.folder / "templates")
        else:
            keeping_times(path, before)


def keeping_times(path: Path, content: bytes) -> None:
    """Write a file that looks as old as it was."""
    times = path.stat() if path.exists() else None
    path.write_bytes(content)
    if times:
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    """Give a process of its own, which knows nothing of what this one has worked out."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        yield process


def made(project: Project, day: date = TODAY) -> Any:
    """Give all that comes before typesetting: problems, contents, statuses, and the sheets."""
    project, problems = project.anew(), list[Problem]()
    docs, library = read(project, problems), load(project, problems)
    sheets = plan(docs, library, problems)
    verdict = check(docs, library, sheets, day)
    try:
        stop_at([*problems, *verdict.problems])
        content = contents(docs, library, sheets)
        stands = statuses_of(library, content, day)
        verdict = verdict.with_more(of_statuses(library, stands))
        return verdict, content, stands, compose(docs, library, sheets, stands)
    except ContentError as error:
        return error.problems


def made_afresh(project: Project, day: date = TODAY) -> Any:
    """Give the same from nothing that was worked out before."""
    for kept in gc.get_objects():
        # One without a bound holds what comes with the code: fonts, words, the dictionary.
        if isinstance(kept, _lru_cache_wrapper) and kept.cache_parameters()["maxsize"]:
            kept.cache_clear()
    return made(project, day)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_gives_what_a_new_process_gives_and_undone_what_was_before(
    lasting: Project, elsewhere: ProcessPoolExecutor, name: str
) -> None:
    first = made(lasting)
    with edit(lasting, *EDITS[name]):
        then = made(lasting)
        assert then != first
        assert then == elsewhere.submit(made_afresh, lasting).result()
    assert made(lasting) == first


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2030, 1, 1)])
def test_another_day_gives_what_a_new_process_gives_on_that_day(
    lasting: Project, elsewhere: ProcessPoolExecutor, day: date
) -> None:
    first = made(lasting)
    then = made(lasting, day)
    assert then != first
    assert then == elsewhere.submit(made_afresh, lasting, day).result()
    assert made(lasting) == first


def test_the_order_of_words_counts_where_a_template_prints_them_in_it(lasting: Project) -> None:
    in_order = f"{SHARED_LINES}<p>{{% for word in words %}}{{{{ word }}}} {{% endfor %}}</p>"
    swapped = ("docs/en/words.yml", "  page: Page\n  of: of\n", "  of: of\n  page: Page\n")
    with edit(lasting, f"templates/{LINES}", "", in_order):
        first = made(lasting)
        with edit(lasting, *swapped):
            assert made(lasting) != first


def test_only_the_page_that_was_edited_is_parsed_again(lasting: Project) -> None:
    made(lasting)
    before = parsed.cache_info()
    with edit(lasting, "docs/en/slip.md", "Show us", "Please show us"):
        made(lasting)
        edited = parsed.cache_info()
    made(lasting)
    pages = len(list(lasting.folder.glob("docs/??/*.md")))
    assert (edited.misses - before.misses, edited.hits - before.hits) == (1, pages - 1)
    assert parsed.cache_info().misses == edited.misses


def test_what_an_extension_takes_in_may_change_without_the_page(lasting: Project) -> None:
    taken_in = lasting.folder / "taken-in.txt"
    taken_in.write_text("You can say yes.", "utf-8")
    snippets = f"  - admonition\n  - pymdownx.snippets: {{base_path: [{lasting.folder}]}}"
    page, said, _ = EDITS["page"]
    with (
        edit(lasting, "mkdocs.yml", "  - admonition", snippets),
        edit(lasting, page, said, '\n\n--8<-- "taken-in.txt"'),
    ):
        first = made(lasting)
        taken_in.write_text("You can say no.", "utf-8")
        assert made(lasting) != first
