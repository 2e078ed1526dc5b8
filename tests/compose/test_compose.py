"""Tests of compose: what a section of a page becomes on a sheet."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import lxml.html
import pytest

import plainleaf.compose.compose as compose_module
from plainleaf.compose.large_print import unfold_tables, words_of
from plainleaf.files.pictures import OF_LOGO, OF_PAGE, finished
from plainleaf.files.qr import qr_code
from plainleaf.model import Project
from plainleaf.problems import ContentError
from tests.conftest import A_PACK, ROOT, composed_of, project_in, reissue

A_HANDOUT = """\
page: index
template: leaflet
id: T-3
parts:
  - section: index#a
"""


def rewrite(tiny: Path, body: str, page: str = "docs/en/index.md") -> None:
    """Put a new section "a" at the end of a page, the same in both languages' sections."""
    for code in ("en", "ar"):
        file = tiny / page.replace("docs/en", f"docs/{code}")
        file.write_text(f"{file.read_text('utf-8')}\n{body}\n", "utf-8")


def sheets(project: Project) -> dict[str, str]:
    """Compose all sheets of a project; give their HTML by path."""
    return {item.sheet.path: item.html for item in composed_of(project)}


def composed(project: Project, path: str) -> Any:
    (item,) = composed_of(project, f"handouts/{path}")
    return lxml.html.document_fromstring(item.html)


def section(project: Project, body: str, handout: str = A_HANDOUT) -> Any:
    """Give what a section becomes when a handout of its own prints it."""
    rewrite(project.folder, body)
    (project.folder / "handouts" / "a.yml").write_text(handout, "utf-8")
    tree = composed(project, "corner/en/a-a4.pdf")
    (words,) = tree.xpath("//*[@data-section='index#a']")
    return words


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("## A {#a}\n\nText.\n\n### B {#b}\n\nText.", ["h2", "h3"]),
        ("## X {#x}\n\nText.\n\n### A {#a}\n\nText.\n\n#### B {#b}\n\nText.", ["h2", "h3"]),
        ("## X {#x}\n\n### Y {#y}\n\n#### A {#a}\n\nText.", ["h2"]),
    ],
    ids=["h2", "h3", "h4"],
)
def test_the_heading_of_a_section_is_raised_to_the_second_level_and_those_within_follow(
    project: Project, body: str, levels: list[str]
) -> None:
    words = section(project, body)
    assert [heading.tag for heading in words.xpath(".//h2 | .//h3 | .//h4")] == levels


def test_a_section_ends_where_the_next_of_its_level_starts(project: Project) -> None:
    words = section(project, "## A {#a}\n\nIn.\n\n### B {#b}\n\nStill in.\n\n## C {#c}\n\nOut.")
    assert words.text_content().split() == ["A", "In.", "B", "Still", "in."]


def test_a_card_after_a_plain_section_is_not_part_of_it(project: Project) -> None:
    cards = '!!! today ""\n\n    ## C {#c}\n\n    Out.\n\n!!! key ""\n\n    ## D {#d}\n\n    Out.'
    words = section(project, f"## A {{#a}}\n\nIn.\n\n### B {{#b}}\n\nStill in.\n\n{cards}")
    assert words.text_content().split() == ["A", "In.", "B", "Still", "in."]
    assert words.xpath(".//*[contains(@class, 'admonition')]") == []


def test_a_card_with_a_heading_of_a_lower_level_is_part_of_the_section_above_it(
    project: Project,
) -> None:
    card = '!!! today ""\n\n    ### B {#b}\n\n    Still in.'
    words = section(project, f"## A {{#a}}\n\nIn.\n\n{card}\n\n## C {{#c}}\n\nOut.")
    assert words.text_content().split() == ["A", "In.", "B", "Still", "in."]


def test_a_section_on_a_card_ends_with_the_card(project: Project) -> None:
    body = '!!! today ""\n\n    ## A {#a}\n\n    In.\n\nOut.\n\n## C {#c}\n\nOut.'
    assert section(project, body).text_content().split() == ["A", "In."]


def test_a_note_to_editors_is_not_printed(project: Project) -> None:
    note = "<!-- Ask Ludmilla about this. -->"
    words = section(project, f"## A {{#a}}\n\n{note}\nIn.\n\n  {note}\n\nStill in.\n{note}")
    assert words.text_content().split() == ["A", "In.", "Still", "in."]
    assert "Ludmilla" not in lxml.html.tostring(words, encoding="unicode")
    assert "Ludmilla" not in "".join(sheets(project).values())


def test_of_a_link_that_leads_nowhere_from_paper_only_the_words_are_left(
    project: Project,
) -> None:
    text = "See [the page](slip.md), [its part](slip.md#purpose) and [the cut](#wash)."
    words = section(project, f"## A {{#a}}\n\n{text}")
    assert words.xpath(".//a") == []
    assert "See the page, its part and the cut." in words.text_content()


def test_a_link_to_a_section_of_the_same_sheet_leads_there(project: Project) -> None:
    tree = composed(project, "corner/en/note-a4.pdf")
    (link,) = tree.xpath("//*[@data-section='index#today']//a")
    assert link.get("href") == "#index-wash"
    assert [heading.tag for heading in tree.xpath("//*[@id='index-wash']")] == ["h2"]


@pytest.mark.parametrize("address", ["https://a.example/b", "mailto:a@b.example", "tel:999"])
def test_a_link_that_leads_out_into_the_world_is_kept(project: Project, address: str) -> None:
    words = section(project, f"## A {{#a}}\n\nSee [there]({address}).")
    assert words.xpath(".//a/@href") == [address]


def test_ids_bear_the_name_of_their_page_so_that_two_pages_may_share_one(
    project: Project,
) -> None:
    tree = composed(project, "corner/en/slip-a4.pdf")
    ids = tree.xpath("//*[@id]/@id")
    assert "slip-purpose" in ids
    assert "index-ready" in ids
    assert len(ids) == len(set(ids))


def test_a_picture_travels_within_the_sheet(project: Project) -> None:
    tree = composed(project, "corner/en/note-a4.pdf")
    drop = finished(project, project.folder / "docs/assets/drop.svg", OF_PAGE)
    logo = finished(project, project.folder / "clinics/corner/logo.svg", OF_LOGO)
    assert tree.xpath("//img/@src") == [logo.address, drop.address]
    assert tree.xpath("//img/@alt") == ["Logo of Corner Clinic", "A drop of water"]


def test_the_item_of_a_loose_list_loses_its_paragraph(project: Project) -> None:
    """A block within an item breaks the tags of the PDF (PDF/UA-1, 7.2)."""
    words = section(project, "## A {#a}\n\n- one\n\n- two **bold**\n")
    assert [lxml.html.tostring(item, encoding="unicode").strip() for item in words.iter("li")] == [
        "<li>\none\n</li>",
        "<li>\ntwo <strong>bold</strong>\n</li>",
    ]


def test_each_column_of_a_table_has_a_head_with_a_scope(project: Project) -> None:
    words = section(project, "## A {#a}\n\n| B | C |\n|---|---|\n| 1 | 2 |\n")
    assert words.xpath(".//th/@scope") == ["col", "col"]


def test_a_table_to_fill_is_passed_on_as_one(project: Project) -> None:
    handout = f"{A_HANDOUT}    show: fill\n"
    words = section(project, "## A {#a}\n\n| B | C |\n|---|---|\n| 1 |  |\n", handout)
    assert "fill" in words.getparent().get("class").split()
    assert [cell.text_content() for cell in words.iter("td")] == ["1", ""]


def large(project: Project, body: str, handout: str = A_HANDOUT) -> str:
    """Give what a section becomes in large print, without its heading."""
    section(project, f"## A {{#a}}\n\n{body}", handout)
    tree = composed(project, "corner/en/a-a4-large.pdf")
    (words,) = tree.xpath("//*[@data-section='index#a']")
    return "".join(lxml.html.tostring(child, encoding="unicode") for child in words[1:]).strip()


def test_a_table_of_three_columns_becomes_in_large_print_a_block_for_each_row(
    project: Project,
) -> None:
    """Its words stay in order; links stay, and so do ids, each of them once."""
    said = large(
        project,
        "| B { #b } | C | D? |\n|---|---|---|\n"
        "| 1 | two [three](https://a.example/) | 4 |\n| 5 | | 6 |\n\nBelow.",
    )
    assert said == (
        '<div class="rows"><div class="row">'
        '<p class="row-name"><span class="column" id="index-b">B</span>: <strong>1</strong></p>'
        '<ul><li><span class="column">C</span>: '
        '<span>two <a href="https://a.example/">three</a></span></li>'
        '<li><span class="column">D?</span> <span>4</span></li></ul></div>'
        '<div class="row"><p class="row-name"><span class="column">B</span>: '
        "<strong>5</strong></p>"
        '<ul><li><span class="column">D?</span> <span>6</span></li></ul></div></div>\n'
        "<p>Below.</p>"
    )


def test_an_empty_cell_becomes_in_large_print_a_line_to_write_on(project: Project) -> None:
    table = "| B | C | D |\n|---|---|---|\n| 1 | | 2 |"
    assert large(project, table, f"{A_HANDOUT}    show: fill\n") == (
        '<div class="rows"><div class="row">'
        '<p class="row-name"><span class="column">B</span>: <strong>1</strong></p>'
        '<p class="blank"><span class="label">C</span>'
        '<textarea name="index-a-1-2" title="1: C"></textarea></p>'
        '<ul><li><span class="column">D</span>: <span>2</span></li></ul></div></div>'
    )


@pytest.mark.parametrize(
    "rows", ["{0}{1}", "<tbody>{0}{1}</tbody>", "<tbody>{0}</tbody><tbody>{1}</tbody>"]
)
def test_a_table_written_as_html_needs_no_body_to_be_filled_in(project: Project, rows: str) -> None:
    """HTML lets it be left out: whoever types finds the same fields, and so does large print."""
    body = rows.format(
        "<tr><td>1</td><td></td><td>2</td></tr>", "<tr><td>3</td><td>4</td><td></td></tr>"
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in "BCD")
    table = f"<table><thead><tr>{heads}</tr></thead>{body}</table>"
    handout = f"{A_HANDOUT}    show: fill\n"
    said = large(project, table, handout)
    (words,) = composed(project, "corner/en/a-a4.pdf").xpath("//*[@data-section='index#a']")
    fields = [(field.get("name"), field.get("title")) for field in words.iter("textarea")]
    assert fields == [("index-a-1-2", "1: C"), ("index-a-2-3", "3: D")]
    assert said.count('<div class="row">') == 2
    assert [said.count(name) for name, _ in fields] == [1, 1]


def test_a_table_of_two_columns_or_in_standard_print_stays_one(project: Project) -> None:
    assert large(project, "| B | C |\n|---|---|\n| 1 | 2 |").startswith("<table>")
    words = composed(project, "corner/en/note-a4.pdf")
    assert len(words.xpath("//table//tr[th]/td[2]")) == 1
    assert composed(project, "corner/en/note-a4-large.pdf").xpath("//table") == []


def test_a_card_and_a_way_to_show_are_passed_on(project: Project) -> None:
    tree = composed(project, "corner/en/slip-a4.pdf")
    kinds = {
        words.get("data-section"): set(words.getparent().get("class").split())
        for words in tree.xpath("//*[@data-section]")
    }
    assert {"part", "card", "emergency"} <= kinds["index#emergency"]
    assert {"part", "tick-columns"} <= kinds["slip#tell"]
    assert "card" not in kinds["slip#tell"]
    assert {"part", "answers"} <= kinds["slip#questions"]


def test_a_sheet_says_its_language_direction_title_and_date(project: Project) -> None:
    tree = composed(project, "corner/ar/note-a4.pdf")
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")
    assert tree.xpath("string(//title)") == "غسل جرح صغير"
    assert tree.xpath("//meta[@name='dcterms.created']/@content") == ["2026-11-23"]
    assert tree.xpath("//meta[@name='dcterms.modified']/@content") == ["2026-11-23"]
    assert tree.xpath("//meta[@name='author']/@content") == ["Plainleaf's tests"]
    assert tree.xpath("//meta[@name='description']/@content") == ["T-1 الإصدار 1.10"]


@pytest.mark.parametrize(
    ("reviewer", "checked"),
    [
        ("Dr Invented, nurse", "Checked by Dr Invented, nurse."),
        ("nobody yet", "No clinician has signed off this sheet yet."),
    ],
)
def test_a_sheet_says_which_paper_it_is_who_wrote_it_and_who_checked_it(
    project: Project, reviewer: str, checked: str
) -> None:
    reissue(project.folder, reviewer=reviewer)
    tree = composed(project, "corner/en/note-a4.pdf")
    (said,) = spoken(tree, "identity")
    assert re.sub(r"\w{4}-\w{4}$", "CODE", said) == (
        "T-1, Version 1.10, 23 Nov 2026. Review by 24 Nov 2028. Code CODE"
    )
    assert spoken(tree, "page-number") == ["Page of"]
    assert f"Written by Plainleaf's tests. {checked}" in spoken(tree, "control")[0]
    assert "This paper may be out of date." in tree.text_content()


# A pack: a cover, then each handout as a document of its own


def spoken(tree: Any, kind: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in tree.find_class(kind)]


def test_a_pack_is_a_cover_and_then_each_handout_as_it_is_by_itself(project: Project) -> None:
    (project.folder / "handouts" / "pack.yml").write_text(A_PACK, "utf-8")
    (pack,) = composed_of(project, "handouts/corner/en/pack-a4.pdf")
    tree: Any = lxml.html.document_fromstring(pack.html)
    assert tree.xpath("string(//h1)") == tree.xpath("string(//title)") == "Slip for a small cut"
    assert tree.xpath("//meta[@name='description']/@content") == ["T-4 Draft."]
    assert tree.xpath("//*[@data-section]/@data-section") == ["slip#key-points"]
    for item, name in zip(pack.handouts, ("slip", "note"), strict=True):
        (alone,) = composed_of(project, f"handouts/corner/en/{name}-a4.pdf")
        assert item == alone


def test_the_colour_of_a_clinic_reaches_its_sheets_only(project: Project) -> None:
    made = sheets(project)
    assert "--accent: #7a1f5c" in made["handouts/corner/en/note-a4.pdf"]
    assert "--accent: #7a1f5c" not in made["handouts/anyone/en/note-a4.pdf"]


@pytest.mark.parametrize(
    ("sheet", "address"),
    [
        ("corner/en/note-a4", "https://cuts.example/corner/index.html"),
        ("corner/en/slip-letter", "https://cuts.example/corner/slip.html"),
        ("corner/ar/slip-a4-large", "https://cuts.example/corner/ar/slip.html"),
    ],
)
def test_a_sheet_names_the_page_that_says_the_same_and_the_one_that_says_if_it_is_current(
    project: Project, sheet: str, address: str
) -> None:
    """A screen reader meets the code once: for a camera it is no picture but a background."""
    tree = composed(project, f"{sheet}.pdf")
    (phone,) = tree.xpath("//header//a[starts-with(@href, 'tel:')]")
    assert phone.get("href") == "tel:+44-117-496-0123"
    # A form has no room for it in its head, and names it at the end.
    (link,) = tree.xpath("//header//a[starts-with(@href, 'http')]") or tree.xpath(
        "//*[@class='control']//a"
    )
    assert link.get("href") == address
    assert f"https://{link.text_content()}" == address
    (style,) = tree.xpath("//@style")
    (said,) = spoken(tree, "identity")
    code = said.split()[-1]
    scanned = f"https://cuts.example/corner/codes/{code}.html"
    assert style == f"background-image: url('{qr_code(scanned)}')"
    assert [image.get("class") for image in tree.xpath("//header//img")] == ["logo"]


def test_a_clinic_without_a_website_names_that_of_the_project_or_none(project: Project) -> None:
    path = "anyone/en/note-a4.pdf"
    assert composed(project, path).xpath("//header//a | //@style") == []
    file = project.folder / "mkdocs.yml"
    file.write_text(f"site_url: https://all.example/\n{file.read_text('utf-8')}", "utf-8")
    assert composed(project, path).xpath("//header//a/@href") == ["https://all.example/index.html"]
    _, address = composed(project, "corner/en/note-a4.pdf").xpath("//header//a/@href")
    assert address == "https://cuts.example/corner/index.html"


def test_a_form_offers_to_tick_the_other_handouts_with_their_versions(project: Project) -> None:
    tree = composed(project, "corner/en/slip-a4.pdf")
    given = tree.xpath("//*[@data-section='slip#given']/following-sibling::ul/li")
    assert [" ".join(item.text_content().split()) for item in given] == [
        "Washing a small cut, Version 1.10"
    ]


def test_paper_and_size_of_text_choose_the_css(project: Project) -> None:
    made = sheets(project)
    assert "size: 210mm 297mm" in made["handouts/corner/en/note-a4.pdf"]
    assert "size: 8.5in 11in" in made["handouts/corner/en/note-letter.pdf"]
    assert "font-size: 12pt" in made["handouts/corner/en/note-a4.pdf"]
    assert "font-size: 18pt" not in made["handouts/corner/en/note-a4.pdf"]
    assert "font-size: 18pt" in made["handouts/corner/en/note-a4-large.pdf"]


def test_giant_print_is_laid_out_as_large_print(project: Project) -> None:
    """It has the CSS of large print and then its own; wide tables are unfolded."""
    clinic = project.folder / "clinics/corner/clinic.yml"
    clinic.write_text(clinic.read_text("utf-8") + "sizes: [Giant, standard, large]\n", "utf-8")
    made = sheets(project)["handouts/corner/en/note-a4-giant.pdf"]
    assert made.index("font-size: 18pt") < made.index("font-size: 24pt")
    assert composed(project, "corner/en/note-a4-giant.pdf").xpath("//table") == []


def test_css_of_a_project_stands_in_for_the_shared_one(project: Project) -> None:
    file = project.folder / "templates" / "css" / "a4.css"
    file.parent.mkdir(parents=True)
    file.write_text("@page { size: 148mm 210mm; }", "utf-8")
    made = sheets(project)
    assert "148mm 210mm" in made["handouts/corner/en/note-a4.pdf"]
    assert "210mm 297mm" not in made["handouts/corner/en/note-a4.pdf"]


def test_both_sizes_of_every_sheet_hold_the_same_words(project: Project) -> None:
    for folder in (project, project_in(ROOT)):
        said: dict[tuple[str, ...], list[Counter[str]]] = {}
        for item in composed_of(folder):
            sheet = item.sheet
            key = (sheet.clinic.slug, sheet.language.code, sheet.handout.name)
            sections = lxml.html.document_fromstring(item.html).iterfind(".//*[@data-section]")
            for number, section in enumerate(sections):
                said.setdefault((*key, str(number)), []).append(words_of(section))
        assert len(said) > 50
        assert set(map(len, said.values())) == {4}
        for place, words in said.items():
            assert all(each == words[0] for each in words), place


def test_large_print_that_would_lose_a_word_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(tree: lxml.html.HtmlElement) -> None:
        unfold_tables(tree)
        for cell in tree.xpath("//div[@class='rows']//li[1]"):
            cell.drop_tree()

    monkeypatch.setattr(compose_module, "unfold_tables", forgetful)
    compose_module._fitted.cache_clear()
    with pytest.raises(ContentError) as caught:
        composed_of(project)
    compose_module._fitted.cache_clear()
    assert {problem.source.path for problem in caught.value.problems} >= {"docs/en/index.md"}
    assert all("large print of this section" in each.message for each in caught.value.problems)


def test_an_empty_cell_keeps_its_head_in_large_print() -> None:
    tree = lxml.html.fragment_fromstring(
        "<table><thead><tr><th>What</th><th>When</th><th>Done</th></tr></thead>"
        "<tbody><tr><td>Wash</td><td>Daily</td><td></td></tr></tbody></table>",
        create_parent="div",
    )
    before = words_of(tree)
    unfold_tables(tree)
    assert words_of(tree) == before
    assert "Done" in before
