"""The review page: what it shows to those who keep the words, and that patients never meet it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from plainleaf.check.check import check
from plainleaf.check.gates import grades
from plainleaf.model import Docs, Project
from plainleaf.publish.review import review_page
from tests.conftest import TODAY, known_of, mark, published, reissue
from tests.repository import change

SLIP, NOTE = "docs/en/slip.md", "handouts/note.yml"
LONG = (
    "Show us the injury, and then tell us carefully how it came about. Afterwards the clinician "
    "writes down everything that you say on this paper, and you may ask the clinician to change it."
)
DOUBLED = (
    "<!-- waive leftovers.doubled us the the place: her <own> words -->\nShow us the the place."
)


def review(project: Project, day: date = TODAY) -> tuple[Docs, str]:
    known, sheets = known_of(project, day)
    verdict = check(known.docs, known.library, sheets, day)
    assert [each for each in verdict.problems if not each.is_warning] == []
    return known.docs, review_page(known, verdict)


def tree_of(html: str) -> Any:
    return lxml.html.document_fromstring(html)


def under(html: str, heading: str) -> list[str]:
    """Give the text of each row or item below a heading."""
    tree = tree_of(html)
    title = next(h for h in tree.iter("h2") if h.text_content() == heading)
    rows = []
    for element in title.itersiblings():
        if element.tag == "h2":
            break
        rows += [
            " | ".join(" ".join(cell.text_content().split()) for cell in row.iter("td", "li"))
            for row in element.iter("tr", "li")
        ]
        if element.tag == "p":
            rows.append(element.text_content())
    return [row for row in rows if row]


def test_each_section_has_its_grades_and_a_plot_of_them(project: Project) -> None:
    change(project.folder, "Show us the place.", LONG, SLIP)
    docs, html = review(project)
    (graded,) = grades(docs)[SLIP]
    (row,) = [row for row in tree_of(html).iter("tr") if row.findtext("td") == graded.title]
    fk, smog = round(graded.masked.first, 1), round(graded.masked.second, 1)
    assert graded.title == "Where the cut is"
    assert [cell.text for cell in row.iter("td")][:4] == [
        graded.title,
        str(graded.words),
        str(fk),
        str(smog),
    ]
    (plot,) = row.iter("svg")
    assert plot.get("role") == "img"
    assert plot.get("aria-label") == f"Flesch-Kincaid {fk}, SMOG {smog}"
    assert len(list(plot.iter("circle"))) == len(list(plot.iter("rect"))) == 2


def test_a_section_above_the_aim_stands_out(project: Project) -> None:
    change(project.folder, "Show us the place.", LONG, SLIP)
    rows = [row for row in tree_of(review(project)[1]).iter("tr") if row.get("class") == "over"]
    assert [row.findtext("td") for row in rows] == ["Where the cut is"]


def test_sources_are_counted_by_year(project: Project) -> None:
    more = [
        f"\n{name}:\n  label: {name}\n  title: An invented one.\n  where: a.example\n"
        f"  seen: leaflet\n  year: {year}\n  kind: review\n  size: none\n"
        "  limits: It is invented.\n"
        for name, year in (("one-more", "2020"), ("older", "1998"), ("undated", "not known"))
    ]
    path = project.folder / "docs/facts/sources.yml"
    path.write_text(path.read_text("utf-8") + "".join(more), "utf-8")
    names = ("first-aid-leaflet", "one-more", "older", "undated")
    cites = ", ".join(f'{{{{ cite("{name}") }}}}' for name in names)
    for language in ("en", "ar"):
        name = f"docs/{language}/index.md"
        change(project.folder, '{{ cite("first-aid-leaflet") }}', cites, name)
    assert under(review(project)[1], "Sources by age") == [
        "1998 | 1 | older (review)",
        "2020 | 2 | first-aid-leaflet (leaflet), one-more (review)",
        "not known | 1 | undated (review)",
    ]


def test_what_must_be_looked_at_first_stands_first(project: Project) -> None:
    reissue(project.folder, review_by=date(2027, 6, 1))
    nobody, doctor = "nobody yet", "Dr Invented, nurse"
    assert under(review(project)[1], "To be looked at again") == [
        f"2027-06-01 | note (en) 1.10 | ledger/note.yml | {doctor}",
        f"2028-11-24 | page index (ar) | docs/ar/index.md | {nobody}",
        f"2028-11-24 | page slip (ar) | docs/ar/slip.md | {nobody}",
        f"2028-11-24 | page index (en) | docs/en/index.md | {nobody}",
        f"2028-11-24 | page slip (en) | docs/en/slip.md | {nobody}",
        f"2028-11-24 | note (ar) 1.10 | ledger/note.yml | {doctor}",
        f"2028-11-24 | slip (ar) 2.0 | ledger/slip.yml | {doctor}",
        f"2028-11-24 | slip (en) 2.0 | ledger/slip.yml | {doctor}",
    ]


def test_what_is_due_stands_in_a_table_of_its_own_and_not_among_the_warnings(
    project: Project,
) -> None:
    reissue(project.folder, review_by=date(2026, 11, 24))
    reissue(project.folder, "slip", review_by=date(2027, 2, 23))
    html = review(project)[1]
    _, *rows = under(html, "Due soon, or overdue")
    assert rows == [
        "2026-11-24 overdue | note (en) 1.10 | ledger/note.yml | Dr Invented, nurse",
        "2027-02-23 | slip (en) 2.0 | ledger/slip.yml | Dr Invented, nurse",
    ]
    assert under(html, "Warnings") == ["There are none."]
    titles = [h.text_content() for h in tree_of(html).iter("h2")]
    assert titles.index("Due soon, or overdue") + 1 == titles.index("To be looked at again")


def test_where_nothing_is_due_the_page_says_so(project: Project) -> None:
    reissue(project.folder, review_by=date(2027, 2, 28))
    assert under(review(project)[1], "Due soon, or overdue") == ["Nothing is."]


def test_how_it_stands_with_each_handout_is_told_for_each_clinic_that_prints_it(
    project: Project,
) -> None:
    change(project.folder, "Show us the place.", "Show us the spot.", SLIP)
    change(project.folder, "languages: [en, ar]", "languages: [en]", "clinics/corner/clinic.yml")
    reissue(project.folder, language="ar", review_by=date(2026, 11, 24))
    ledger = project.folder / "ledger/slip.yml"
    ledger.write_text(ledger.read_text("utf-8").partition("\nar:\n")[0], "utf-8")
    heading = "How it stands with each handout"
    assert under(review(project)[1], heading)[1:] == [
        "note (ar) | anyone | overdue | 1.10 | 2026-11-23 | 2026-11-24 | by hand",
        "note (en) | anyone | issued | 1.10 | 2026-11-23 | 2028-11-24 | by hand",
        "note (en) | corner | approved | 1.10 | 2026-11-23 | 2028-11-24"
        " | Dr Also Invented, nurse in charge, on 2026-11-24",
        "slip (ar) | anyone | draft, never issued |  |  |  | by hand",
        "slip (en) | anyone | draft, changed since 2.0 |  |  |  | by hand",
        "slip (en) | corner | draft, changed since 2.0 |  |  |  | nobody yet",
    ]


def test_warnings_and_waivers_are_listed(project: Project) -> None:
    change(project.folder, "Show us the place.", DOUBLED, SLIP)
    mark(project.folder)
    reissue(project.folder, reviewer="nobody yet")
    html = review(project)[1]
    (warning,) = under(html, "Warnings")
    assert warning.startswith("ledger/note.yml:")
    assert warning.endswith(": no clinician has signed off: note (en). control.reviewer note en")
    assert under(html, "Waivers") == [
        f"{SLIP}:24: leftovers.doubled us the the place. her <own> words"
    ]


def test_where_there_is_nothing_the_page_says_so(project: Project) -> None:
    html = review(project)[1]
    assert under(html, "Warnings") == under(html, "Waivers") == ["There are none."]


def test_the_page_fetches_nothing_does_nothing_and_asks_search_engines_to_pass_by(
    project: Project,
) -> None:
    html = review(project)[1]
    assert '<meta name="robots" content="noindex">' in html
    tree = tree_of(html)
    assert list(tree.iter("script", "img", "iframe", "form", "a")) == []
    # Its own styles, and the word that there is no icon to ask for.
    assert [link.get("href") for link in tree.iter("link")] == ["data:,", "review.css"]


def test_a_day_changes_the_page_only_when_something_becomes_due_or_overdue(
    project: Project,
) -> None:
    by = date(2027, 5, 24)
    reissue(project.folder, review_by=by)
    days = (-170, -91, -90, -89, -30, 0, 1, 2, 300)
    pages = [review(project, by + timedelta(days=days))[1] for days in days]
    far, soon, late = pages[0], pages[2], pages[6]
    assert pages == [far, far, soon, soon, soon, soon, late, late, late]
    assert len({far, soon, late}) == 3


def test_the_site_holds_the_page_and_leads_nobody_to_it(tiny_site: Path) -> None:
    page = tiny_site / "review.html"
    assert "<h1>Review of these pages</h1>" in page.read_text("utf-8")
    others = [path for path in tiny_site.rglob("*") if path.is_file() and path != page]
    texts = [path for path in others if path.suffix in (".html", ".xml", ".json", ".js", ".txt")]
    assert {path.name for path in texts} >= {"index.html", "handouts.html", "handouts.json"}
    assert [path for path in texts if "review.html" in path.read_text("utf-8")] == []


@pytest.mark.slow
def test_the_map_of_a_hosted_site_leaves_the_page_out(project: Project) -> None:
    path = project.folder / "mkdocs.yml"
    text = path.read_text("utf-8")
    path.write_text(f"site_url: https://cuts.example/\n{text}", "utf-8")
    _, html = review(project)
    published(known_of(project)[0], [], html)
    sitemap = (project.site / "sitemap.xml").read_text("utf-8")
    assert "https://cuts.example/slip.html" in sitemap
    assert "review" not in sitemap


def test_what_is_said_over_and_over_is_counted(project: Project) -> None:
    often = " ".join(["Nobody knows how deep."] * 5)
    change(project.folder, "Show us the place.", often, SLIP)
    change(
        project.folder,
        "Clean water is enough",
        f"{often} Clean water is enough",
        "docs/en/index.md",
    )
    assert under(review(project)[1], "What is said over and over") == [
        "Words that stand together many times, on several pages. "
        "A reader who meets them too often stops reading.",
        "nobody knows how deep | 10 | 2",
    ]


def test_where_nothing_is_said_over_and_over_the_page_says_so(project: Project) -> None:
    assert under(review(project)[1], "What is said over and over") == ["Nothing is."]
