"""Tests of overflow: a word wider than its place is named, and all that fits is left alone."""

from __future__ import annotations

import pytest

from plainleaf.model import Project
from plainleaf.problems import Problem
from plainleaf.typeset.typeset import typeset
from tests.repository import PAGE, change
from tests.typeset.test_typeset import composed, printed, refused, with_body
from tests.zoo.logos import drawn, saved

pytestmark = pytest.mark.slow

LONG = "Immunoglobulinreplacementtreatmentmonitoringandfollowupprotocol" * 2
ADDRESS = "https://www.a-long-name.example/" + "a-page-in-a-folder/" * 9
A_PAGE = (
    "Write a shorter word, or `&shy;` within it where it may be parted; "
    "a table may need fewer columns."
)


def said(project: Project, path: str = "corner/en/note-a4") -> list[str]:
    """Set a sheet; give what is said about it, nothing if it is printed."""
    results = typeset(composed(project, path))
    return [str(problem) for problem in results if isinstance(problem, Problem)]


def test_each_word_too_wide_is_named_with_its_line(project: Project) -> None:
    """On a card, in a list, half of it bold, in a box, in a table and in columns."""
    change(project.folder, "bleeding that goes on", f"A{LONG[:50]} that goes on")
    change(project.folder, "Hold the cut", f"Hold B{LONG}")
    change(
        project.folder,
        "![A drop of water](assets/drop.svg)",
        f'One **C{LONG[:30]}**{LONG[30:]}.\n\n!!! key ""\n\n    D{LONG}\n\n'
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>\n<tr><td>c</td><td>d</td></tr>\n"
        f"<tr><td>E{LONG[:40]}</td><td>d</td></tr></tbody></table>",
    )
    change(project.folder, "- Our number", f"- F{LONG[:50]}")
    lines = enumerate((project.folder / PAGE).read_text("utf-8").splitlines(), start=1)
    wanted = {number for number, line in lines if LONG[:30] in line}
    told = said(project)
    for letter, line, each in zip("ABCDEF", sorted(wanted), told, strict=True):
        assert each.startswith(f'docs/en/index.md:{line}: "{letter}{LONG[:35]}')
        assert f" of handouts/corner/en/note-a4.pdf.\n    {A_PAGE}" in each
        assert '" is too wide for its place on page ' in each


def test_what_can_be_broken_is_printed(project: Project) -> None:
    parts = [LONG[at : at + 12] for at in range(0, 120, 12)]
    many = ["&shy;".join(parts), "<wbr>".join(parts), f"[{ADDRESS}]({ADDRESS})", "A word " * 40]
    items = "\n".join(f"- {words}" for words in many)
    change(project.folder, "- Our number", items)
    assert said(project) == []


@pytest.mark.parametrize(
    "folder", ["", "a/", "a/b/", "a/b/c/", "a/b/c/d/", "leaflets/of/the/clinic/"]
)
def test_the_address_of_a_page_fits_beside_or_below_the_widest_logo(
    project: Project, folder: str
) -> None:
    logo = saved(drawn(1500, 300), "PNG")
    (project.folder / "clinics/corner/wide.png").write_bytes(logo)
    change(project.folder, "logo.svg", "wide.png", "clinics/corner/clinic.yml")
    hosted = f"site_url: https://h.example/{folder}\nsite_name:"
    change(project.folder, "site_name:", hosted, "mkdocs.yml")
    assert said(project) == []


@pytest.mark.parametrize(
    ("file", "line", "old", "new"),
    [
        ("docs/en/words.yml", 0, "signature: Signature", f"signature: {LONG}"),
        ("docs/en/words.yml", 0, "left: Left side", f"left: {LONG}"),
        ("docs/en/slip.md", 2, "title: Slip for a small cut", f"title: {LONG}"),
    ],
    ids=["a fixed word", "a label", "a title"],
)
def test_a_word_from_elsewhere_is_named_where_it_stands(
    project: Project, file: str, line: int, old: str, new: str
) -> None:
    # Words are added above the labels now and then.
    text = (project.folder / file).read_text("utf-8")
    line = line or text[: text.index(old)].count("\n") + 1
    change(project.folder, old, new, file)
    told = said(project, "corner/en/slip-a4")
    assert told != []
    assert {each.partition(": ")[0] for each in told} == {f"{file}:{line}"}, told


@pytest.mark.parametrize("sheet", ["corner/en/note-a4", "corner/ar/note-letter-large"])
def test_what_a_clinic_cannot_change_is_broken_and_never_refused(
    project: Project, sheet: str
) -> None:
    clinic = "clinics/corner/clinic.yml"
    change(project.folder, "name: Corner Clinic", f"name: {LONG}", clinic)
    change(project.folder, "1 Corner Street, Bristol", LONG, clinic)
    assert said(project, sheet) == []


def test_a_word_of_a_template_is_named_at_the_handout(project: Project) -> None:
    result = refused(with_body(composed(project), f"<p>{LONG}</p>"))
    assert [str(problem) for problem in result] == [
        f'handouts/note.yml:2: "{LONG}" is too wide for its place on page 2 of '
        "handouts/corner/en/note-a4.pdf.\n    Write a shorter word."
    ]


def test_a_word_that_is_kept_on_one_line_is_judged_with_its_line(project: Project) -> None:
    phrase = "one line " * 20
    html = '<p style="white-space: nowrap; width: 40mm">{}</p>'
    printed(with_body(composed(project), html.format("one line")))
    refused(with_body(composed(project), html.format(phrase)))


def test_a_word_too_wide_in_arabic_is_named(project: Project) -> None:
    change(project.folder, "رقم هاتفنا", "مستشفى" * 20, "docs/ar/index.md")
    (told,) = said(project, "corner/ar/note-a4")
    assert told.startswith("docs/ar/index.md:")
