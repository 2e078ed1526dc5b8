"""Tests of the proof: a sound sheet passes, and whatever may break one is found and named."""

from __future__ import annotations

import dataclasses
import io
import re
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import lxml.html
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Operator, Stream, String

from plainleaf.compose.compose import Composed
from plainleaf.model import Size
from plainleaf.problems import Problem
from plainleaf.proof import proof
from plainleaf.proof.fonts import unicode_map
from plainleaf.proof.painted import painted
from plainleaf.records.identity import sealed
from plainleaf.typeset.typeset import typeset
from tests.conftest import HERE, composed_of, project_in, set_once
from tests.tags import kids, notes_of, tagged
from tests.typeset.test_typeset import of_handout, with_article

pytestmark = pytest.mark.slow

NOTE = "corner/en/note-a4"
SLIP = "corner/en/slip-a4"
FORM = "anyone/en/slip-a4"
WASH = "how to wash the cut"
LEAFLET = "the first aid leaflet"
# What the tiny project has none of: words in another language, and links that lead out.
MORE = (
    '<p>She said <span lang="fr">bonjour tout le monde</span> to us.</p>'
    '<p>Read <a href="https://a.example/leaflet">the first aid leaflet</a>.</p>'
)


@cache
def composed_sheets() -> dict[str, Composed]:
    """Compose every sheet of the tiny project."""
    return {
        item.sheet.path.removeprefix("handouts/").removesuffix(".pdf"): longer(item, MORE)
        for item in composed_of(project_in(HERE / "tiny"))
    }


@cache
def good_sheet(path: str, *, is_form: bool = False) -> tuple[Composed, bytes]:
    """Give a sheet of the tiny project and one of its PDFs: to be printed, or to be filled in."""
    composed = composed_sheets()[path]
    return composed, set_once(composed)[is_form].pdf


def longer(composed: Composed, html: str) -> Composed:
    """Give a sheet with more HTML at its end, on as many pages as it takes."""
    return with_article(of_handout(composed, most_pages=99), html)


def said_of(composed: Composed, pdf: bytes, *, is_form: bool = False) -> str:
    """Give all that the proof says of a PDF, line by line."""
    return "\n".join(map(str, proof(composed, pdf, is_form=is_form)))


def broken(pdf: bytes, break_it: Break) -> bytes:
    """Break a PDF, and seal it as if it had been made so."""
    done = io.BytesIO()
    with warnings.catch_warnings(), pikepdf.open(io.BytesIO(pdf)) as document:
        warnings.simplefilter("ignore")  # pikepdf warns of some faults by itself
        break_it(document)
        document.save(done, fix_metadata_version=False)
    return sealed(done.getvalue())


# Sound sheets


@pytest.mark.parametrize("paper", ["a4", "letter", "a4-large"])
@pytest.mark.parametrize(
    "handout",
    ["corner/en/note", "corner/en/slip", "corner/ar/note", "corner/ar/slip", "anyone/en/slip"],
)
def test_a_sound_sheet_and_its_form_pass(handout: str, paper: str) -> None:
    composed = composed_sheets()[f"{handout}-{paper}"]
    for item in set_once(composed):
        assert said_of(composed, item.pdf, is_form=item.is_form) == ""


def test_messages_name_sheet_page_and_the_place_of_the_words() -> None:
    composed, pdf = good_sheet(NOTE)
    bad = broken(pdf, a_paragraph_without_its_tag)
    problem = proof(composed, bad, is_form=False)[0]
    assert problem.source.path == "docs/en/index.md"
    assert problem.message == (
        "handouts/corner/en/note-a4.pdf: "
        '"Clean water is enough (source: First aid leaflet). We write…" '
        "is missing from what is read aloud."
    )
    form, pdf = good_sheet(FORM, is_form=True)
    (problem,) = proof(form, broken(pdf, a_hidden_field), is_form=True)[:1]
    assert problem.source.path == "handouts/slip.yml"
    assert problem.message.startswith("handouts/anyone/en/slip-a4-form.pdf, page 1: the field ")


def test_what_is_no_pdf_is_refused() -> None:
    composed, _ = good_sheet(NOTE)
    assert "the file cannot be read (" in said_of(composed, b"Not a PDF.")


# Ways to break a PDF

Break = Callable[[pikepdf.Pdf], object]


def put(find: Callable[[pikepdf.Pdf], Any], **entries: Any) -> Break:
    """Set entries of something in a PDF, or take away those that are None."""

    def break_it(pdf: pikepdf.Pdf) -> None:
        found = find(pdf)
        for name, value in entries.items():
            if value is None:
                del found[f"/{name}"]
            else:
                found[f"/{name}"] = value

    return break_it


def root(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root


def info(pdf: pikepdf.Pdf) -> Any:
    return pdf.trailer.Info


def first_page(pdf: pikepdf.Pdf) -> Any:
    return pdf.pages[0].obj


def tag(role: str, place: int = 0) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: tagged(pdf, role)[place]


def link(words: str) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: links(pdf, words)[0]


def field(kind: str = "") -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: widgets(pdf, kind)[0]


# In the tree of tags


def drop(item: Any) -> None:
    """Take an element out of the one around it."""
    rest = [kid for kid in kids(item.P) if isinstance(kid, int) or kid.objgen != item.objgen]
    item.P.K = Array(rest)


def a_paragraph_without_its_tag(pdf: pikepdf.Pdf) -> None:
    """The one below the table of risks."""
    (table,) = tagged(pdf, "Table")
    siblings = list(table.P.K)
    place = [kid.objgen for kid in siblings].index(table.objgen)
    drop(siblings[place + 1])


def swapped_blocks(pdf: pikepdf.Pdf) -> None:
    first = tagged(pdf, "LI")[0]
    first.P.K = Array(kids(first.P)[::-1])


def text_tagged_twice(pdf: pikepdf.Pdf) -> None:
    heading = tagged(pdf, "H1")[0]
    heading.K = Array([heading.K, heading.K])


def a_list_without_numbering(pdf: pikepdf.Pdf) -> None:
    for item in tagged(pdf, "L"):
        del item["/A"]


def a_numbered_list_with_dots(pdf: pikepdf.Pdf) -> None:
    (numbered,) = (item for item in tagged(pdf, "L") if item.A.ListNumbering == "/Decimal")
    numbered.A.ListNumbering = Name.Disc


def an_item_with_another_number(pdf: pikepdf.Pdf) -> None:
    (numbered,) = (item for item in tagged(pdf, "L") if item.A.ListNumbering == "/Decimal")
    one, two = (kids(item)[0] for item in kids(numbered)[:2])
    assert one.S == two.S == "/Lbl"
    one.K, two.K = two.K, one.K


def text_that_names_another_tag(pdf: pikepdf.Pdf) -> None:
    owners = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
    owners[0], owners[1] = owners[1], owners[0]


def two_lines_without_a_space(pdf: pikepdf.Pdf) -> None:
    """The space goes that ends the first line of an item."""

    def change(steps: list[Step]) -> list[Step]:
        lines = [place for place, step in enumerate(steps) if step[1] in SHOW]
        assert len(lines) == 2
        pieces, name = steps[lines[0]]
        (shown,) = pieces
        assert name == "TJ"
        last = max(place for place, piece in enumerate(shown) if isinstance(piece, String))
        cut = Array([piece for place, piece in enumerate(shown) if place != last])
        return [*steps[: lines[0]], ([cut], name), *steps[lines[0] + 1 :]]

    repaint_mark(pdf, tagged(pdf, "LBody")[1].K, change)


def text_of_another_page(pdf: pikepdf.Pdf) -> None:
    """A paragraph holds a mark of the next page instead of its own."""
    item = tagged(pdf, "P")[1]
    item.K = Dictionary(Type=Name.MCR, Pg=pdf.pages[1].obj, MCID=item.K)


def an_element_of_another_page(pdf: pikepdf.Pdf) -> None:
    """The title holds the first mark of the next page."""
    title = tagged(pdf, "H1")[0]
    title.Pg, title.K = pdf.pages[1].obj, 0


def painted_as_other_words(pdf: pikepdf.Pdf) -> None:
    def change(steps: list[Step]) -> list[Step]:
        words = Dictionary(ActualText=String("Burning a small cut"))
        return [([Name.Span, words], "BDC"), *steps, ([], "EMC")]

    repaint_mark(pdf, title_mark(pdf), change)


def two_tables_of_one(pdf: pikepdf.Pdf) -> None:
    """As if it had ended where only the page did."""
    (table,) = tagged(pdf, "Table")
    head, body = kids(table)
    second = pdf.make_indirect(Dictionary(S=Name.Table, P=table.P, K=body))
    body.P = second
    table.K = head
    others = kids(table.P)
    place = [kid.objgen for kid in others].index(table.objgen)
    table.P.K = Array([*others[: place + 1], second, *others[place + 1 :]])


def a_paragraph_in_two(pdf: pikepdf.Pdf) -> None:
    """As if it had ended where only the line did."""
    item = tagged(pdf, "P")[-1]
    *first, last = kids(item)
    second = pdf.make_indirect(Dictionary(S=Name.P, P=item.P, Pg=item.Pg, K=last))
    item.K = Array(first)
    item.P.K = Array([*kids(item.P), second])


def a_head_said_again(pdf: pikepdf.Pdf) -> None:
    (table,) = tagged(pdf, "Table")
    head, body = kids(table)
    table.K = Array([head, body, head])


def a_list_in_two(pdf: pikepdf.Pdf) -> None:
    """As if it had ended where only the page did: its numbers start anew."""
    (numbered,) = (item for item in tagged(pdf, "L") if item.A.ListNumbering == "/Decimal")
    *first, last = kids(numbered)
    second = pdf.make_indirect(Dictionary(S=Name.L, P=numbered.P, A=numbered.A, K=last))
    last.P = second
    numbered.K = Array(first)
    others = kids(numbered.P)
    place = [kid.objgen for kid in others].index(numbered.objgen)
    numbered.P.K = Array([*others[: place + 1], second, *others[place + 1 :]])


def a_part_without_its_language(pdf: pikepdf.Pdf) -> None:
    (part,) = (item for item in tagged(pdf, "Span") if "/Lang" in item)
    del part["/Lang"]


def a_link_without_annotation(pdf: pikepdf.Pdf) -> None:
    link = tagged(pdf, "Link")[-1]
    link.K = Array([kid for kid in kids(link) if isinstance(kid, int)])


def links(pdf: pikepdf.Pdf, words: str) -> list[Any]:
    """Give the annotations of a link."""
    return [note for note in notes_of(pdf, "Link") if str(note.get("/Contents", "")) == words]


def a_link_around_other_words(pdf: pikepdf.Pdf) -> None:
    link = tagged(pdf, "Link")[-1]
    words = next(kid for kid in kids(link) if isinstance(kid, int))
    link.K = Array([kid for kid in kids(link) if not isinstance(kid, int)])
    outer = kids(link.P)
    place = [kid if isinstance(kid, int) else kid.objgen for kid in outer].index(link.objgen)
    link.P.K = Array([*outer[:place], words, *outer[place:]])


def a_link_that_leads_to_another_page(pdf: pikepdf.Pdf) -> None:
    links(pdf, WASH)[0].Dest = Array([pdf.pages[-1].obj, Name.XYZ, 0, 800, 0])


def a_name_that_leads_to_another_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.Dests.Names[1][0] = pdf.pages[-1].obj


def two_links_that_know_each_other(pdf: pikepdf.Pdf) -> None:
    one, two = links(pdf, WASH)[0], links(pdf, LEAFLET)[0]
    one.StructParent, two.StructParent = two.StructParent, one.StructParent


def a_note_on_the_page(pdf: pikepdf.Pdf) -> None:
    words = String("Ask me")
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, F=28, Rect=[100, 100, 120, 120], Contents=words
    )
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))


def a_link_without_its_tag(pdf: pikepdf.Pdf) -> None:
    for item in tagged(pdf, "Link"):
        item.S = Name.Span


# Ways to break what is painted

Step = tuple[list[Any], str]
Change = Callable[[list[Step]], list[Step]]
SHOW = ("Tj", "TJ")


def repaint(pdf: pikepdf.Pdf, page: int, change: Change) -> None:
    """Change the operators of a page."""
    steps = [
        (list(step.operands), str(step.operator))
        for step in pikepdf.parse_content_stream(pdf.pages[page])
    ]
    changed = [(given, Operator(name)) for given, name in change(steps)]
    data = pikepdf.unparse_content_stream(changed)
    pdf.pages[page].obj.Contents = pdf.make_stream(data)


def repaint_mark(pdf: pikepdf.Pdf, mark: int, change: Change) -> None:
    """Change the operators between the start and the end of a mark of the first page."""

    def within(steps: list[Step]) -> list[Step]:
        start = next(n for n, step in enumerate(steps) if is_text(step) and mark == step[0][1].MCID)
        end = next(n for n in range(start, len(steps)) if steps[n][1] == "EMC")
        return [*steps[: start + 1], *change(steps[start + 1 : end]), *steps[end:]]

    repaint(pdf, 0, within)


def is_text(step: Step) -> bool:
    """Tell whether a mark starts here whose text has a tag."""
    given, name = step
    return name == "BDC" and "/MCID" in given[1]


def without_glyphs(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step[1] not in SHOW]


def title_mark(pdf: pikepdf.Pdf) -> int:
    """Give the number of the mark that holds the title; it is not the first to be painted."""
    return int(tagged(pdf, "H1")[0].K)


def is_title(pdf: pikepdf.Pdf, step: Step) -> bool:
    """Tell whether the mark of the title starts here."""
    return is_text(step) and title_mark(pdf) == step[0][1].MCID


def around_title(before: list[Step], after: Sequence[Step] = ()) -> Break:
    """Put operators before and after the glyphs of the title."""

    def change(steps: list[Step]) -> list[Step]:
        show = next(place for place, step in enumerate(steps) if step[1] in SHOW)
        return [*steps[:show], *before, steps[show], *after, *steps[show + 1 :]]

    return lambda pdf: repaint_mark(pdf, title_mark(pdf), change)


def at_title(change: Callable[[Step], list[Step]]) -> Break:
    """Put other operators where the mark of the title starts."""

    def break_it(pdf: pikepdf.Pdf) -> None:
        def within(steps: list[Step]) -> list[Step]:
            place = next(place for place, step in enumerate(steps) if is_title(pdf, step))
            return [*steps[:place], *change(steps[place]), *steps[place + 1 :]]

        repaint(pdf, 0, within)

    return break_it


def title_as(given: list[Any], name: str) -> Break:
    return at_title(lambda _: [(given, name)])


def numbered(number: int) -> Break:
    """The mark of the title gets another number."""
    return at_title(lambda step: [([step[0][0], Dictionary(MCID=number)], step[1])])


def clipped(left: float) -> Break:
    clip: list[Step] = [([left, 0, 794 - left, 1123], "re"), ([], "W"), ([], "n")]
    return at_title(lambda step: [*clip, step])


def is_running(step: Step) -> bool:
    """Tell whether the head or foot of a page starts here."""
    given, name = step
    return name == "BDC" and given[1].get("/Type") == "/Pagination"


def foot_as(given: list[Any]) -> Break:
    def change(steps: list[Step]) -> list[Step]:
        return [(given, "BMC") if is_running(step) else step for step in steps]

    return lambda pdf: repaint(pdf, 0, change)


def no_foot(pdf: pikepdf.Pdf) -> None:
    def change(steps: list[Step]) -> list[Step]:
        kept, inside = [], False
        for step in steps:
            inside = step[1] != "EMC" and (inside or is_running(step))
            if not (inside and step[1] in (*SHOW, "Do")):
                kept.append(step)
        return kept

    repaint(pdf, 0, change)


def running(kind: str, change: Change, page: int = 1) -> Break:
    """Change the operators of each Header or Footer of a page."""

    def within(steps: list[Step]) -> list[Step]:
        found: list[Step] = []
        inside: list[Step] | None = None
        for step in steps:
            if inside is None:
                found.append(step)
                inside = [] if is_running(step) and step[0][1].get("/Subtype") == kind else None
            elif step[1] == "EMC":
                found += [*change(inside), step]
                inside = None
            else:
                inside.append(step)
        return found

    return lambda pdf: repaint(pdf, page, within)


def placed(change: Callable[[list[Any]], list[Any]]) -> Change:
    """Change the places of text."""
    return lambda steps: [
        (change(given), name) if name == "Tm" else (given, name) for given, name in steps
    ]


def a_line_unpainted(pdf: pikepdf.Pdf) -> None:
    """The second of the two lines that one mark holds."""

    def change(steps: list[Step]) -> list[Step]:
        last = max(place for place, step in enumerate(steps) if step[1] in SHOW)
        return [*steps[:last], *steps[last + 1 :]]

    repaint_mark(pdf, tagged(pdf, "LBody")[1].K, change)


def lines_over_each_other(pdf: pikepdf.Pdf) -> None:
    def change(steps: list[Step]) -> list[Step]:
        place, show = (
            next(step for step in steps if step[1] in names) for names in (("Tm",), SHOW)
        )
        end = next(place for place, step in enumerate(steps) if step[1] == "ET")
        return [*steps[:end], place, show, *steps[end:]]

    repaint_mark(pdf, tagged(pdf, "LBody")[1].K, change)


def a_number_over_words(pdf: pikepdf.Pdf) -> None:
    """Print the end of the foot of the first page where the foot begins."""

    def change(steps: list[Step]) -> list[Step]:
        place = max(place for place, (_, operator) in enumerate(steps) if operator == "Tm")
        *shape, _, y = steps[place][0]
        return [*steps[:place], ([*shape, 80, y], "Tm"), *steps[place + 1 :]]

    repaint(pdf, 0, change)


# Ways to break fonts


def fonts(pdf: pikepdf.Pdf) -> list[Any]:
    """Give the fonts of the first page."""
    found: Any = pdf.pages[0].obj.Resources.Font
    return list(found.values())


def not_embedded(found: Any) -> Break:
    """Take their files from fonts."""

    def break_it(pdf: pikepdf.Pdf) -> None:
        for font in found(pdf):
            descriptor = font.DescendantFonts[0].FontDescriptor
            for name in descriptor.keys() & {"/FontFile", "/FontFile2", "/FontFile3"}:
                del descriptor[name]

    return break_it


def _letter_as(code: bytes) -> Break:
    """Let the letter e stand for another."""

    def break_it(pdf: pikepdf.Pdf) -> None:
        for font in fonts(pdf):
            data = font.ToUnicode.read_bytes()
            font.ToUnicode.write(data.replace(b" <0065>", b" <" + code + b">"))

    return break_it


def _letter_missing(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        lines = font.ToUnicode.read_bytes().split(b"\n")
        font.ToUnicode.write(b"\n".join(line for line in lines if not line.endswith(b" <0065>")))


# Ways to break pages


# Ways to break what a file tells of itself


def _metadata(old: bytes, new: bytes) -> Break:
    def break_it(pdf: pikepdf.Pdf) -> None:
        data = pdf.Root.Metadata.read_bytes()
        assert old in data
        pdf.Root.Metadata = Stream(
            pdf, data.replace(old, new), Type=Name.Metadata, Subtype=Name.XML
        )

    return break_it


def a_bookmark_less(pdf: pikepdf.Pdf) -> None:
    first = pdf.Root.Outlines.First
    first.First = first.First.Next


def a_bookmark_that_leads_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.First.Dest = Array([pdf.pages[-1].obj, Name.XYZ, 0, 800, 0])


BROKEN_SHEETS: list[tuple[Break, *tuple[str, ...]]] = [
    (put(root, StructTreeRoot=None), "is missing from what is read aloud."),
    (put(lambda pdf: pdf.Root.MarkInfo, Marked=False), "the file does not say that it is tagged."),
    (
        a_paragraph_without_its_tag,
        "is not in the tree of tags, so it is not read aloud.",
        "is missing from what is read aloud.",
    ),
    (swapped_blocks, "is read aloud in the wrong order."),
    (
        put(tag("H2", 1), S=Name.H3),
        'page 1: "Call us today" is tagged as a heading of level 3, not a heading of level 2.',
    ),
    (put(tag("P", -1), S=Name.Span), "is tagged as loose text, not a paragraph."),
    (put(tag("H1"), S=Name.P), "is tagged as a paragraph, not a heading of level 1."),
    (
        put(tag("TH"), S=Name.TD),
        '"What may happen" is tagged as a cell of a table, not the head of a row or column.',
        "row 1 of a table is tagged as TD, TH, TH, not TH, TH, TH.",
    ),
    (
        lambda pdf: drop(tagged(pdf, "TD")[-1]),
        "row 2 of a table is tagged as TH, TD, not TH, TD, TD.",
    ),
    (lambda pdf: drop(tagged(pdf, "TR")[-1]), "a table has 1 rows of tags, not 2."),
    (put(tag("Table"), S=Name.Div), "a table is not tagged as one."),
    (
        put(lambda pdf: tagged(pdf, "TH")[0].A, Scope=None),
        "row 1 of a table does not say of what its heads are the head.",
    ),
    (
        put(lambda pdf: tagged(pdf, "TH")[-1].A, Scope=Name.Column),
        "row 2 of a table does not say of what its heads are the head.",
    ),
    (
        put(tag("Figure", -1), Alt=String("")),
        "a picture has no words that stand for it.",
        'the picture "A drop of water" is missing from what is read aloud.',
    ),
    (
        put(tag("Figure", -1), Alt=String("A cat on a mat")),
        'the picture "A drop of water" is described as "A cat on a mat".',
    ),
    (
        put(lambda pdf: tagged(pdf, "Figure")[-1].A, BBox=Array([300, 500, 336, 536])),
        "stands elsewhere than its tag tells.",
    ),
    (put(lambda pdf: tagged(pdf, "Figure")[-1].A, BBox=None), "does not tell where it stands."),
    (text_tagged_twice, "is tagged 2 times."),
    (put(tag("Link", -1), S=Name.H2), "is missing from what is read aloud."),
    (put(lambda pdf: tagged(pdf, "Figure")[-1].P, S=Name.H3), "page 1: a heading has no words."),
    (an_item_with_another_number, 'the item "Wash your hands." has "2." where 1 belongs.'),
    (
        lambda pdf: repaint_mark(pdf, tagged(pdf, "Lbl")[0].K, without_glyphs),
        'the item "blood that spurts" has no mark or number on the page.',
    ),
    (text_that_names_another_tag, "page 1: 2 pieces of text do not know their tag."),
    (two_lines_without_a_space, "page 1: two words are read aloud as one: "),
    (text_of_another_page, '"1 Corner Street, Bristol" is not in the tree of tags'),
    (an_element_of_another_page, '"Washing a small cut" is read aloud as "What may go wrong".'),
    (put(tag("TD"), Pg=None), '"Not known. In larger cuts with'),
    (put(tag("H1"), K=None), '"Washing a small cut" is missing from what is read aloud.'),
    (
        put(tag("H1"), ActualText=String("Burning a small cut")),
        '"Washing a small cut" is read aloud as "Burning a small cut".',
    ),
    (
        put(tag("H1"), Alt=String("Burning a small cut")),
        '"Washing a small cut" is read aloud as "Burning a small cut".',
    ),
    (painted_as_other_words, '"Washing a small cut" is read aloud as "Burning a small cut".'),
    (
        put(lambda pdf: pdf.Root.StructTreeRoot, RoleMap=Dictionary({"/H1": Name.P})),
        "it breaks PDF/UA-1 (PDFUA1-STRUCT-TREE-ROLE-MAP",
    ),
    (
        two_tables_of_one,
        "a table has 1 rows of tags, not 2.",
        "1 more tables are tagged than there are.",
    ),
    (a_paragraph_in_two, '"Read the first aid leaflet." is missing from what is read aloud.'),
    (
        a_head_said_again,
        "a table has 3 rows of tags, not 2.",
        "is read aloud, but is not in the words of this sheet.",
    ),
    (a_list_in_two, 'the list before "Cover it with a clean plaster." ends, but its items go on.'),
    (a_list_without_numbering, "tells its numbering not at all."),
    (a_numbered_list_with_dots, 'the list with "Wash your hands." tells its numbering as Disc.'),
    (
        put(lambda pdf: tagged(pdf, "LI")[0].P, S=Name.Div),
        'the item "blood that spurts" is in no list.',
    ),
    (put(root, Lang=String("de")), 'the file says "de", but it is written in "en".'),
    (
        a_part_without_its_language,
        '"She said bonjour tout le monde to us." is marked as language en, not en, fr.',
    ),
    (
        put(tag("H2"), Lang=String("fr")),
        '"Call an ambulance now" is marked as language fr, not en.',
    ),
    (a_link_without_annotation, 'the link "the first aid leaflet" cannot be followed.'),
    (a_link_around_other_words, '"the first aid leaflet" is not tagged as a link.'),
    (
        put(link(LEAFLET), Contents=String("https://a.example/leaflet")),
        'the link "the first aid leaflet" is read aloud as "https://a.example/leaflet".',
    ),
    (
        put(lambda pdf: links(pdf, LEAFLET)[0].A, URI=String("https://b.example/")),
        'the link "the first aid leaflet" does not lead to https://a.example/leaflet.',
    ),
    (
        a_link_that_leads_to_another_page,
        'the link "how to wash the cut" does not lead to #index-wash.',
    ),
    (a_name_that_leads_to_another_page, 'link "how to wash the cut" does not lead to #index-wash.'),
    (put(root, Names=None), 'the link "how to wash the cut" does not lead to #index-wash.'),
    (two_links_that_know_each_other, "page 1: a link or field does not know its tag."),
    (a_note_on_the_page, "page 1: something lies on it that is neither a link nor a field."),
    (
        put(
            lambda pdf: pdf.Root,
            OpenAction=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")),
        ),
        "it breaks PDF/A-2a (",
    ),
    (put(link(WASH), F=0), 'the link "how to wash the cut" is hidden in print.'),
    (a_link_without_its_tag, '"how to wash the cut" is not tagged as a link.'),
    (foot_as([Name.Span]), "has no tag, so it is not read aloud."),
    (foot_as([Name.Artifact]), "is marked as decoration, so it is not read aloud."),
    (
        title_as([Name.Artifact], "BMC"),
        '"Washing a small cut" is marked as decoration, so it is not read aloud.',
    ),
    (
        title_as([Name.Artifact, Dictionary(Type=Name.Pagination)], "BDC"),
        "is set as head and foot, but more is in it than belongs there.",
    ),
    (title_as([Name.Span], "BMC"), '"Washing a small cut" has no tag, so'),
    (
        no_foot,
        'page 1: "Example only. This clinic does not exist." is missing from the head or foot '
        'of the page. There stands "".',
    ),
    (
        running("/Header", without_glyphs),
        'page 2: "Example only. This clinic does not exist." is missing',
    ),
    (
        running("/Footer", without_glyphs),
        'There stands "Example only. This clinic does not exist.".',
    ),
    (
        running("/Footer", placed(lambda given: [*given[:5], float(given[5]) + 90])),
        "runs off the page.",
    ),
    (
        running("/Header", lambda steps: [*steps, *steps]),
        "is set as head and foot, but more is in it than belongs there.",
    ),
    (
        running("/Header", placed(lambda given: [0.5, 0, 0, -0.5, *given[4:]])),
        "is set in 6.0 pt; the least is 12 pt.",
    ),
    (a_line_unpainted, 'is read aloud as "bleeding that goes on after you press hard".'),
    (lines_over_each_other, "is printed twice in the same place."),
    (numbered(99), '"Washing a small cut" is not in the tree of tags, so it is not read aloud.'),
    (numbered(1), '"Washing a small cut" is missing from what is read aloud.'),
    (
        lambda pdf: repaint_mark(pdf, title_mark(pdf), without_glyphs),
        '"Washing a small cut" is missing from what is read aloud.',
    ),
    (
        lambda pdf: repaint_mark(pdf, title_mark(pdf), lambda steps: [*steps, *steps]),
        'page 1: "Washing a small cut" is printed twice in the same place.',
    ),
    (
        around_title([([0.6, 0.6, 0.6], "rg")]),
        '"Washing a small cut" is too pale: its contrast with paper is 2.8:1',
    ),
    (
        around_title([([0.5], "g")]),
        '"Washing a small cut" is too pale: its contrast with paper is 4.0:1',
    ),
    (
        around_title([([0, 0, 1, 0], "k")]),
        '"Washing a small cut" is too pale: its contrast with paper is 1.1:1',
    ),
    (
        around_title([([3], "Tr")], [([0], "Tr")]),
        '"Washing a small cut" is set in ink that cannot be seen.',
    ),
    (
        around_title([([0.4, 0, 0, -0.4, 100, 200], "Tm")]),
        '"Washing a small cut" is set in 7.9 pt; the least is 12 pt.',
    ),
    (around_title([([1, 0, 0, -1, 700, 200], "Tm")]), '"Washing a small cut" runs off the page.'),
    (
        around_title([([1, 0, 0, -1, 6, 200], "Tm")]),
        '"Washing a small cut" stands less than 5 mm from the edge of the paper',
    ),
    (a_number_over_words, "is printed over other words of the head or foot."),
    (clipped(300), '"Washing a small cut" is cut off at a side.'),
    (clipped(500), '"Washing a small cut" is cut away and cannot be seen.'),
    (
        lambda pdf: repaint_mark(pdf, tagged(pdf, "Figure")[-1].K, lambda _: []),
        'the picture "A drop of water" is not on the page.',
    ),
    (not_embedded(fonts), "is not in the file, so other letters may be seen."),
    (
        put(
            lambda pdf: fonts(pdf)[0].DescendantFonts[0].FontDescriptor,
            FontName=Name("/ABCDEF+DejaVu-Sans"),
        ),
        'the font "DejaVu-Sans" was printed, which is not among',
    ),
    (put(lambda pdf: fonts(pdf)[0], ToUnicode=None), "cannot be read aloud or copied."),
    (_letter_as(b"0000"), "would be read aloud as U+0000."),
    (_letter_as(b"FFFD"), "would be read aloud as U+FFFD."),
    (_letter_missing, "has a letter that cannot be read aloud."),
    (_letter_as(b"0078"), '"Plasters" is read aloud as "Plastxrs".'),
    (lambda pdf: pdf.pages.remove(p=2), '"What may go wrong" is missing from what is read aloud.'),
    (
        lambda pdf: pdf.pages.append(pdf.pages[0]),
        "is not in the tree of tags, so it is not read aloud.",
    ),
    (lambda pdf: pdf.pages.reverse(), "is missing from the head or foot of the page."),
    (
        put(first_page, MediaBox=Array([0, 0, 612, 792])),
        "page 1: the page is 216 × 279 mm, but A4 is 210 × 297 mm.",
    ),
    (
        put(first_page, CropBox=Array([0, 100, 595.28, 841.89])),
        "page 1: the page is 210 × 262 mm, but A4 is 210 × 297 mm.",
    ),
    (put(first_page, Rotate=90), "page 1: the page is turned round."),
    (put(first_page, Tabs=Name.R), "page 1: the tab key would not follow the order of reading."),
    (put(info, Title=String("Untitled")), 'its title is "Untitled", not "Washing a small cut'),
    (
        put(lambda pdf: pdf.Root.ViewerPreferences, DisplayDocTitle=None),
        "a reader would show the name of the file and not its title.",
    ),
    (put(info, Author=String("Nobody")), 'its author is "Nobody", not "Plainleaf\'s tests".'),
    (
        put(info, Subject=String("T-9 Version 9")),
        'its subject is "T-9 Version 9", not "T-1 Version 1.10".',
    ),
    (
        put(info, CreationDate=String("D:20250101")),
        'its date of creation is "20250101", not "20261123".',
    ),
    (put(info, ModDate=None), 'its date of change is "", not "20261123".'),
    (
        _metadata(b'pdfuaid:part="1"', b""),
        "its metadata (XMP) tells nothing where the standard PDF/UA-1 belongs.",
    ),
    (_metadata(b'conformance="A"', b'conformance="B"'), 'tells "B" where the level A of PDF/A'),
    (_metadata(b"Washing a small cut", b"Untitled"), 'tells "Untitled" where its title belongs.'),
    (_metadata(b"2026-11-23", b"2025-01-01"), 'tells "2025-01-01" where its date of change'),
    (_metadata(b'"corner"', b'"anyone"'), 'tells "anyone" where its clinic belongs.'),
    (_metadata(b"</rdf:RDF>", b""), "its metadata (XMP) cannot be read."),
    (
        put(root, Metadata=None),
        "it has no metadata (XMP), so no reader knows that it is accessible.",
        "it breaks PDF/UA-1 (",
        "its seal is missing, or is not that of its bytes.",
    ),
    (
        put(lambda pdf: pdf.Root.Outlines.First, Title=String("Contents")),
        'the heading "Washing a small cut" has no bookmark.',
    ),
    (a_bookmark_less, 'the heading "Call an ambulance now" has no bookmark.'),
    (put(root, Outlines=None), "the bookmarks are not the headings of the sheet in their order."),
    (a_bookmark_that_leads_elsewhere, 'the bookmark "Washing a small cut" leads elsewhere.'),
]


@pytest.mark.parametrize("row", BROKEN_SHEETS, ids=lambda row: row[1])
def test_a_broken_sheet_is_refused(row: tuple[Break, *tuple[str, ...]]) -> None:
    break_it, *told = row
    composed, pdf = good_sheet(NOTE)
    said = said_of(composed, broken(pdf, break_it))
    assert [each for each in told if each not in said] == [], said


def test_text_may_be_painted_in_pieces() -> None:
    composed, pdf = good_sheet(NOTE)

    def in_pieces(document: pikepdf.Pdf) -> None:
        def change(steps: list[Step]) -> list[Step]:
            place = next(place for place, step in enumerate(steps) if step[1] == "TJ")
            (pieces,) = steps[place][0]
            one, two = list(pieces)[:3], list(pieces)[3:]
            moved = [([Array(one)], "TJ"), ([Array(two)], "TJ")]
            return [*steps[:place], *moved, *steps[place + 1 :]]

        repaint_mark(document, title_mark(document), change)

    assert said_of(composed, broken(pdf, in_pieces)) == ""


def test_letters_stand_where_operators_place_them_and_are_unknown_after_others() -> None:
    _, pdf = good_sheet(NOTE)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        name, font = next(iter(document.pages[0].obj.Resources.Font.items()))
        codes = {text: code for code, text in unicode_map(font).items()}
        word = b"<" + b"".join(b"%04x" % codes[letter] for letter in "cut") + b">"
        lines = [
            b"q 2 0 0 2 10 20 cm /Artifact BMC BT %s 6 Tf" % name.encode(),
            b"1 0 0 1 50 300 Tm [%s]TJ 1 0 0 1 55 280 Tm [%s 500 %s]TJ" % ((word,) * 3),
            b"1 0 0 1 50 250 Tm 3 Ts [%s]TJ 1 0 0 1 50 200 Tm %sTj ET EMC Q" % ((word,) * 2),
        ]
        document.pages[0].obj.Contents = document.make_stream(b"\n".join(lines))
        runs = painted(document)[0].runs
    assert [run.text for run in runs] == ["cut", "cutcut", "cut", "\ufffd"]
    assert [round(run.base) for run in runs] == [620, 580, 526, 426]
    assert [round(run.box[0]) for run in runs] == [110, 120, 110, 110]
    assert {run.size for run in runs} == {12}
    assert {run.mark.artifact for run in runs} == {"Artifact"}


def test_letters_of_a_font_may_be_listed_or_given_as_ranges() -> None:
    source = (
        b"2 beginbfchar\n<0001> <0061>\n<0002> <00660069>\nendbfchar\n"
        b"2 beginbfrange\n<0010> <0012> <0041>\n<0020> <0021> [<0078> <0079>]\nendbfrange"
    )
    with pikepdf.new() as pdf:
        letters = unicode_map(pikepdf.Dictionary(ToUnicode=pdf.make_stream(source)))
    assert letters == {1: "a", 2: "fi", 16: "A", 17: "B", 18: "C", 32: "x", 33: "y"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_runs_on_over_the_end_of_a_page_is_one(language: str) -> None:
    """A paragraph and an item are tagged on both pages, the head of a table on each.

    To set a sheet is to prove it.
    """
    composed = composed_sheets()[f"corner/{language}/note-a4"]
    tree: Any = lxml.html.document_fromstring(composed.html)
    words = tree.xpath("string(//table/following::p[1])")
    rows = f"<tr><th scope='row'>{words}</th><td>{words}</td><td></td></tr>" * 25
    head = "<thead><tr><th>One</th><th>Two</th><th>Three</th></tr></thead>"
    link = f"<p><a href='https://a.example/long'>{words * 60}</a></p>"
    long = f"{link}<p>{words * 60}</p><ol><li>{words * 60}</li></ol><table>{head}{rows}</table>"
    composed = longer(composed, long)
    assert [str(item) for item in typeset(composed) if isinstance(item, Problem)] == []


def test_in_arabic_a_paragraph_without_its_tag_is_found() -> None:
    composed, pdf = good_sheet("corner/ar/note-a4")
    said = said_of(composed, broken(pdf, a_paragraph_without_its_tag))
    assert "docs/ar/index.md" in said
    assert "is missing from what is read aloud." in said


CLINIC = "clinics/corner/clinic.yml"


# Styles that leave no room, and what is said of each.
CROWDED = {
    ".phones { position: absolute; top: 16mm; right: 60mm; }": '" is printed over "Ambulance".',
    "h1 { margin-top: -9mm; }": '"Read this online:" is printed over "Washing a small cut".',
    ".tel { width: 24mm; } .tel > * { white-space: normal; }": (
        f'{CLINIC}:7: handouts/corner/en/note-a4.pdf: the number "0117 496 0123" is parted.\n'
        "    Look at the sheet's CSS: it must leave the number a line of its own."
    ),
    ".clinic .logo { position: relative; left: 19mm; }": (
        f"{CLINIC}:2: handouts/corner/en/note-a4.pdf, page 1: "
        'a picture lies on "Corner Clinic".\n'
        "    Look at the sheet's CSS: it must leave the picture room of its own."
    ),
}


def said_with_css(path: str, css: str) -> str:
    """Give all that is said of a sheet with a style of its own."""
    composed = composed_sheets()[path]
    styled = composed.html.replace("</style>", f"{css}</style>", 1)
    return "\n".join(map(str, typeset(dataclasses.replace(composed, html=styled))))


def test_words_pictures_and_numbers_need_room_of_their_own() -> None:
    said = said_with_css(NOTE, "".join(CROWDED))
    assert [fault for fault in CROWDED.values() if fault not in said] == [], said


def test_words_in_arabic_need_room_of_their_own() -> None:
    css = ".card .phones { position: absolute; top: 16mm; left: 95mm; }"
    assert "is printed over" in said_with_css("corner/ar/note-a4", css)


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("corner/en/note-a4", "large", "12.0 pt; the least is 16 pt."),
        ("corner/en/note-a4-large", "giant", "18.0 pt; the least is 24 pt."),
    ],
)
def test_large_print_must_be_larger(path: str, text: Size, fault: str) -> None:
    composed, pdf = good_sheet(path)
    sheet = dataclasses.replace(composed.sheet, size=text)
    said = said_of(dataclasses.replace(composed, sheet=sheet), pdf)
    assert f"is set in {fault}" in said


# Ways to break a form


def widgets(pdf: pikepdf.Pdf, kind: str = "") -> list[Any]:
    """Give the places of fields, of one kind if it is given, those of the heads apart."""
    fields = [note for note in notes_of(pdf, "Widget") if "/FT" in note]
    return [note for note in fields if kind in str(note.FT)]


def a_hidden_field(pdf: pikepdf.Pdf) -> None:
    widgets(pdf)[0].F = 2 + 4


def a_space_of_one_line(pdf: pikepdf.Pdf) -> None:
    note = next(note for note in widgets(pdf, "Tx") if int(note.get("/Ff", 0)) & 4096)
    note.Ff = 0


def _shrunk(kind: str, wide: float, high: float) -> Break:
    def break_it(pdf: pikepdf.Pdf) -> None:
        left, low, _, _ = map(float, widgets(pdf, kind)[0].Rect)
        widgets(pdf, kind)[0].Rect = Array([left, low, left + wide, low + high])

    return break_it


def two_fields_of_one_name(pdf: pikepdf.Pdf) -> None:
    one, two = widgets(pdf, "Tx")[:2]
    two.T = one.T


def a_field_less(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields = Array(
        item for item in pdf.Root.AcroForm.Fields if item.get("/FT") != "/Sig"
    )


def fields_over_each_other(pdf: pikepdf.Pdf) -> None:
    one, two = widgets(pdf, "Tx")[:2]
    two.Rect = one.Rect


def a_field_of_whatever_size(pdf: pikepdf.Pdf) -> None:
    note = widgets(pdf, "Tx")[0]
    note.DA = String(str(note.get("/DA")).replace(" 12 ", " 0 "))


def a_font_of_fields_without_names(pdf: pikepdf.Pdf) -> None:
    for font in fonts_of_fields(pdf):
        kept = re.sub(rb"<(0[1-9a-f]\w\w|1e\w\w)>\n", b"<0041>\n", font.ToUnicode.read_bytes())
        font.ToUnicode = pdf.make_stream(kept)


def fonts_of_fields(pdf: pikepdf.Pdf) -> list[Any]:
    return list(pdf.Root.AcroForm.DR.Font.values())


def a_head_without_its_field(pdf: pikepdf.Pdf) -> None:
    field = next(item for item in pdf.Root.AcroForm.Fields if "/Kids" in item)
    field.Kids = Array(list(field.Kids)[1:])


def swapped_fields(pdf: pikepdf.Pdf) -> None:
    one, two = [item for item in tagged(pdf, "Form") if item.K.Obj.get("/FT") == "/Btn"][:2]
    one.K, two.K = two.K, one.K


def a_field_outside_the_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields = Array(list(pdf.Root.AcroForm.Fields)[:-1])


def a_kid_without_its_field(pdf: pikepdf.Pdf) -> None:
    """A field of the head goes by another name on the last page."""
    field = next(item for item in pdf.Root.AcroForm.Fields if "/Kids" in item)
    *field.Kids, kid = list(field.Kids)
    del kid["/Parent"]
    kid.T, kid.FT = String("patient-name-2"), Name.Tx
    pdf.Root.AcroForm.Fields.append(kid)


def a_kid_moved_to_another_page(pdf: pikepdf.Pdf) -> None:
    field = next(item for item in pdf.Root.AcroForm.Fields if "/Kids" in item)
    first = pdf.pages[0].obj
    first.Annots = Array(note for note in first.Annots if note.objgen != field.Kids[0].objgen)
    pdf.pages[1].obj.Annots.append(field.Kids[0])


def a_kid_over_the_text(pdf: pikepdf.Pdf) -> None:
    field = next(item for item in pdf.Root.AcroForm.Fields if "/Kids" in item)
    field.Kids[0].Rect = widgets(pdf, "Tx")[0].Rect


def a_tick_box_moved_out_of_the_page(pdf: pikepdf.Pdf) -> None:
    left, low, right, high = map(float, widgets(pdf, "Btn")[0].Rect)
    widgets(pdf, "Btn")[0].Rect = Array([left - 60, low, right - 60, high])


def fields_that_know_each_other(pdf: pikepdf.Pdf) -> None:
    one, two = widgets(pdf, "Btn")[:2]
    one.StructParent, two.StructParent = two.StructParent, one.StructParent


def a_field_that_shows_words(pdf: pikepdf.Pdf) -> None:
    note = widgets(pdf, "Tx")[0]
    note.AP.N = _look(pdf, note, b"0 0 40 9 re f")


def a_tick_that_cannot_be_seen(pdf: pikepdf.Pdf) -> None:
    note = widgets(pdf, "Btn")[0]
    note.AP.N["/on"] = _look(pdf, note, b"")


def a_box_that_looks_ticked(pdf: pikepdf.Pdf) -> None:
    note = widgets(pdf, "Btn")[0]
    note.AP.N["/Off"] = note.AP.N["/on"]


def _look(pdf: pikepdf.Pdf, note: Any, paint: bytes) -> Any:
    left, low, right, high = map(float, note.Rect)
    box = Array([0, 0, right - left, high - low])
    return Stream(
        pdf, paint, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary()
    )


BROKEN_FORMS: list[tuple[Break, *tuple[str, ...]]] = [
    (a_hidden_field, "is hidden on screen or in print."),
    (put(field(), F=0), "is hidden on screen or in print."),
    (put(field(), T=None), "a field has no name."),
    (
        put(field(), T=String("other")),
        'the field "other" is not in the HTML of this sheet.',
        ") is missing.",
    ),
    (put(field(), TU=None), 'is read aloud as "".'),
    (put(field("Btn"), FT=Name.Tx), "is not a box to tick."),
    (a_space_of_one_line, "is not a space to write in."),
    (
        put(field("Sig"), FT=Name.Tx),
        'the field "Your signature: Signature" is not a place to sign.',
    ),
    (_shrunk("Tx", 100, 20), "measures 35.3 × 7.1 mm; it needs 5 × 8.5 mm."),
    (_shrunk("Btn", 12, 12), "measures 4.2 × 4.2 mm; it needs 5 × 5 mm."),
    (_shrunk("Sig", 180, 36), "measures 63.5 × 12.7 mm; it needs 70 × 12 mm."),
    (two_fields_of_one_name, "two fields have the name"),
    (a_field_less, 'the field "Your signature: Signature" (slip-signature-signature) is missing.'),
    (lambda pdf: drop(tagged(pdf, "Form")[-1]), "is not in the tree of tags."),
    (
        put(lambda pdf: pdf.Root.AcroForm, NeedAppearances=True),
        "a reader would draw the fields anew, each in its own way.",
    ),
    (put(field("Tx"), AP=None), "has no look of its own."),
    (put(lambda pdf: widgets(pdf, "Btn")[0].AP.N, Off=None), "has no look of its own."),
    (put(field("Btn"), V=Name.on), "is filled in already."),
    (put(field("Tx"), V=String("Jane Doe")), "is filled in already."),
    (put(field("Tx"), Rect=Array([500, 100, 700, 140])), "runs off the page."),
    (fields_over_each_other, "lie over each other."),
    (put(field("Tx"), DA=String("0 g /Helv 12 Tf")), "does not say in which font it is filled in."),
    (put(field("Tx"), Ff=0), "scrolls: what has scrolled away is not on the paper that is signed."),
    (a_field_of_whatever_size, "is filled in at whatever size a reader chooses."),
    (a_font_of_fields_without_names, "lacks letters of names, such as Ā ā Ă ă Ą."),
    (not_embedded(fonts_of_fields), "is filled in with a font that is not in the file."),
    (a_head_without_its_field, 'the field "Name" is not once on every page that asks for it.'),
    (lambda pdf: drop(tagged(pdf, "Form")[0]), 'the field "Name" is not in the tree of tags.'),
    (
        a_kid_without_its_field,
        'the field "patient-name-2" is not in the HTML of this sheet.',
        'the field "Name" is not once on every page that asks for it.',
    ),
    (a_kid_moved_to_another_page, 'the field "Name" is not once on every page that asks for it.'),
    (a_kid_over_the_text, "lie over each other."),
    (a_tick_box_moved_out_of_the_page, 'the field "slip-place-left" runs off the page.'),
    (fields_that_know_each_other, "page 1: a link or field does not know its tag."),
    (put(field("Tx"), Ff=1), 'the field "Clinic" cannot be filled in as it should.'),
    (put(field("Tx"), Ff=1 << 13), 'the field "Clinic" cannot be filled in as it should.'),
    (put(field("Btn"), Ff=1 << 16), 'the field "Left side" cannot be filled in as it should.'),
    (put(field("Tx"), MaxLen=3), 'the field "Clinic" cannot be filled in as it should.'),
    (a_field_that_shows_words, 'the field "Clinic" has no look of its own.'),
    (a_tick_that_cannot_be_seen, 'the field "Left side" has no look of its own.'),
    (a_box_that_looks_ticked, 'the field "Left side" has no look of its own.'),
    (swapped_fields, "is reached out of turn."),
    (a_field_outside_the_form, "a field on it is not part of the form."),
]


@pytest.mark.parametrize("row", BROKEN_FORMS, ids=lambda row: row[1])
def test_a_broken_form_is_refused(row: tuple[Break, *tuple[str, ...]]) -> None:
    break_it, *told = row
    composed, pdf = good_sheet(FORM, is_form=True)
    said = said_of(composed, broken(pdf, break_it), is_form=True)
    assert [each for each in told if each not in said] == [], said


def test_a_sheet_that_is_only_printed_has_no_fields() -> None:
    composed, pdf = good_sheet(FORM, is_form=True)
    assert "it has fields to fill in on screen, but is only to be printed." in said_of(
        composed, pdf
    )
