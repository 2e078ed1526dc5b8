"""A translated sheet says on every page that a machine made it, and that it is too old."""

from __future__ import annotations

import lxml.html
import pytest
from lxml.html import HtmlElement as Element

from plainleaf.model import Project
from tests.conftest import composed_of, issue, mark, reissue
from tests.repository import change

SLIP = "docs/en/slip.md"
MACHINE = "ترجمت آلة هذه الكلمات. لم يراجعها أي شخص مؤهل بعد."
CHANGED = "تغير النص الإنجليزي بعد هذه الترجمة."
EXAMPLE = "مثال فقط. هذه العيادة غير موجودة."


def marks_of(project: Project, handout: str, language: str = "ar") -> tuple[str, str]:
    """Give the kind of page of a sheet in standard print, and what stands in its head."""
    (item,) = composed_of(project, f"handouts/corner/{language}/{handout}-a4.pdf")
    tree: Element = lxml.html.fromstring(item.html)
    (notice,) = tree.find_class("notice")
    (article,) = tree.iter("article")
    assert ("warning" in notice.get("class", "")) == item.is_marked
    return article.get("class", "").split()[0], notice.text_content().strip()


def test_a_sheet_that_a_qualified_person_has_reviewed_bears_no_mark(project: Project) -> None:
    assert marks_of(project, "note") == ("example-leaflet", EXAMPLE)


def test_what_a_machine_translated_says_so_until_it_is_reviewed(project: Project) -> None:
    mark(project.folder, "machine", "docs/ar/index.md")
    assert marks_of(project, "note") == ("warning-leaflet", f"{MACHINE} {EXAMPLE}")
    assert marks_of(project, "note", "en")[0] == "example-leaflet"
    mark(project.folder, "reviewed", "docs/ar/index.md")
    assert marks_of(project, "note")[0] == "example-leaflet"
    # The words beside the pages stand on each sheet, too.
    mark(project.folder, "machine", "docs/ar/words.yml")
    assert marks_of(project, "note")[0] == "warning-leaflet"


def test_a_version_that_was_issued_as_a_machines_says_so(project: Project) -> None:
    reissue(project.folder, "note", "ar", translation="machine")
    assert marks_of(project, "note") == ("warning-leaflet", f"{MACHINE} {EXAMPLE}")


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        pytest.param("- Plasters", "- Many plasters", "docs/en/index.md", id="a section"),
        pytest.param(
            "title: Washing a", "title: How to wash a", "docs/en/index.md", id="the title"
        ),
    ],
)
def test_a_sheet_whose_original_has_changed_says_so(
    project: Project, old: str, new: str, file: str
) -> None:
    change(project.folder, old, new, file)
    assert marks_of(project, "note") == ("warning-leaflet", f"{CHANGED} {EXAMPLE}")


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        pytest.param("- Get help if it", "- Get help when it", "docs/en/index.md", id="a section"),
        pytest.param(
            "description: How", "description: Here is how", "docs/en/index.md", id="a line"
        ),
        pytest.param("  menu: Menu", "  menu: The menu", "docs/en/words.yml", id="a word"),
    ],
)
def test_what_a_sheet_does_not_print_makes_it_no_older(
    project: Project, old: str, new: str, file: str
) -> None:
    change(project.folder, old, new, file)
    assert marks_of(project, "note") == ("example-leaflet", EXAMPLE)


def test_a_label_and_a_risk_that_a_sheet_prints_make_it_older(project: Project) -> None:
    change(project.folder, "  left: Left side", "  left: On the left", "docs/en/words.yml")
    assert marks_of(project, "note")[0] == "example-leaflet"
    assert CHANGED in marks_of(project, "slip")[1]
    change(project.folder, "    name: Infection", "    name: An infection", "docs/en/words.yml")
    assert CHANGED in marks_of(project, "note")[1]


def test_a_draft_by_a_machine_that_is_too_old_says_all_three(project: Project) -> None:
    mark(project.folder, "machine")
    change(project.folder, "أرنا المكان.", "أرنا مكانه.", "docs/ar/slip.md")
    change(project.folder, "Show us the place.", "Show us where.", SLIP)
    kind, said = marks_of(project, "slip")
    assert kind == "three-warnings-form"
    assert said.endswith(f"{MACHINE} {CHANGED} {EXAMPLE}")


def test_the_same_old_words_issued_again_are_as_old(project: Project) -> None:
    """They cannot be issued; and if they were, the sheet would say so."""
    change(project.folder, "- Plasters", "- Many plasters", "docs/en/index.md")
    issue(project.folder, "note")
    reissue(project.folder, "note", "ar", translates="1.11")
    assert CHANGED in marks_of(project, "note")[1]
