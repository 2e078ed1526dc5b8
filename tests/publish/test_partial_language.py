"""A language that has some pages: it is whole in itself, and leads to the rest in the main one."""

from __future__ import annotations

import lxml.html
import pytest
from lxml.html import HtmlElement as Element

from plainleaf.check.check import check
from plainleaf.model import Project
from plainleaf.publish.review import review_page
from plainleaf.publish.website import lay_out, run_mkdocs
from tests.conftest import TODAY, known_of, mark
from tests.repository import change

pytestmark = pytest.mark.slow

MACHINE = "ترجمت آلة هذه الكلمات. لم يراجعها أي شخص مؤهل بعد."
CHANGED = "تغير النص الإنجليزي بعد هذه الترجمة."


def website(project: Project, code: str) -> dict[str, Element]:
    """Give the pages of a language, built by MkDocs without a warning."""
    known, _ = known_of(project.anew())
    files, warnings = run_mkdocs(lay_out(known, known.docs.languages[code], [], ()))
    assert warnings == []
    pages = (name for name in files if name.endswith(".html"))
    return {name: lxml.html.fromstring(files[name].decode("utf-8")) for name in pages}


def picker(page: Element) -> dict[str, str]:
    return {
        link.get("hreflang", ""): link.get("href", "")
        for link in page.iter("a")
        if link.get("lang")
    }


def test_a_language_with_one_page_leads_to_the_others_in_the_main_one(project: Project) -> None:
    (project.folder / "docs/ar/slip.md").unlink()
    arabic = website(project, "ar")
    assert "slip.html" not in arabic
    front = arabic["index.html"]
    links = [link for link in front.iter("a") if "slip" in link.get("href", "")]
    assert [(link.get("href"), link.get("hreflang")) for link in links] == [
        ("../slip.html#purpose", "en")
    ]
    assert links[0].text_content().endswith(" (English)")
    assert links[0].find("bdi").get("lang") == "en"
    (rest,) = front.find_class("rest")
    assert (rest.text_content(), rest.find("a").get("href")) == (
        "صفحات أخرى بالإنجليزية",
        "../index.html",
    )
    # What stands in both languages leads to itself, and what does not to the front page.
    english = website(project, "en")
    assert picker(english["index.html"])["ar"] == "ar/index.html"
    assert picker(english["slip.html"])["ar"] == "ar/index.html"
    assert picker(front)["en"] == "../index.html"


def test_the_foot_of_a_language_without_pages_about_the_site_names_those_of_the_main_one(
    project: Project,
) -> None:
    (project.folder / "docs/ar/slip.md").unlink()
    slip = project.folder / "docs/en/slip.md"
    text = slip.read_text("utf-8").replace("updated:", "reader: site\nupdated:", 1)
    slip.write_text(f"{text}\n## Mistakes {{#feedback}}\n\nTell us.\n", "utf-8")
    (foot,) = website(project, "ar")["index.html"].find_class("foot")
    links = {link.get("href"): link for link in foot.iter("a")}
    assert links["../slip.html"].get("lang") == links["../slip.html"].get("hreflang") == "en"
    assert links["../slip.html#feedback"].text_content().endswith(" (English)")
    assert foot.findall(".//bdi")[-1].get("lang") == "en"  # the licence
    (foot,) = website(project, "en")["index.html"].find_class("foot")
    assert [link.get("hreflang") for link in foot.iter("a")] == [None] * 3


def test_a_language_with_every_page_leads_from_each_to_the_same(project: Project) -> None:
    arabic = website(project, "ar")
    assert picker(arabic["slip.html"]) == {"ar": "../ar/slip.html", "en": "../slip.html"}
    assert all(page.find_class("rest") == [] for page in arabic.values())


def test_a_page_says_that_a_machine_made_it_and_that_it_is_too_old(project: Project) -> None:
    mark(project.folder, "machine", "docs/ar/slip.md")
    change(project.folder, "Wash your hands.", "Wash both hands.")
    arabic = website(project, "ar")
    assert MACHINE in arabic["slip.html"].text_content()
    assert MACHINE not in arabic["index.html"].text_content()
    assert CHANGED in arabic["index.html"].text_content()
    assert CHANGED not in arabic["slip.html"].text_content()
    assert MACHINE not in website(project, "en")["slip.html"].text_content()


def test_the_review_page_tells_what_is_offered_and_who_answers_for_it(project: Project) -> None:
    mark(project.folder, "machine", "docs/ar/index.md")
    (project.folder / "docs/ar/slip.md").unlink()
    known, sheets = known_of(project.anew())
    verdict = check(known.docs, known.library, sheets, TODAY)
    page = lxml.html.fromstring(review_page(known, verdict))
    rows = [["".join(map(str, cell.itertext())) for cell in row] for row in page.iter("tr")]
    assert ["note", "ar", "yes"] in rows
    assert ["slip", "ar", "not yet: it lacks docs/ar/slip.md"] in rows
    assert ["docs/ar/index.md", "a machine", "nobody yet", "0"] in rows
