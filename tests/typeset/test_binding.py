"""A pack is bound from finished handouts: their pages as they are, under numbers that run on."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from plainleaf.compose.compose import Composed
from plainleaf.model import Printed, Project
from plainleaf.problems import Problem
from plainleaf.proof.fonts import read_font
from plainleaf.typeset.binding import numbers_only
from plainleaf.typeset.typeset import typeset
from tests.conftest import A_PACK, HERE, composed_of, project_in
from tests.repository import change
from tests.sheet_text import joined, read_pdf

pytestmark = pytest.mark.slow

PLACES = ["en/pack-a4", "en/pack-letter-large", "ar/pack-a4"]
SCALE = 1.5  # pixels a point


def composed(project: Project, path: str) -> Composed:
    """Compose a sheet of a clinic of the tiny project."""
    (item,) = composed_of(project, f"handouts/corner/{path}.pdf")
    return item


def printed(item: Composed) -> Printed:
    """Set a sheet that must be sound; give what is to be printed."""
    found = typeset(item)
    assert [each for each in found if isinstance(each, Problem)] == []
    assert isinstance(found[0], Printed)
    return found[0]


@dataclass(frozen=True)
class Bound:
    """A pack, with what it holds as it is by itself, and the page on which each of that starts."""

    composed: Composed
    pack: Printed
    held: list[Printed]

    @property
    def places(self) -> list[tuple[int, Printed]]:
        """Tell where the pages of each handout start: on the front of a sheet of paper."""
        found, place = [], 2  # after the cover, which is one page, and its back
        for item in self.held:
            found.append((place, item))
            place += item.pages + item.pages % 2
        return found


@pytest.fixture(scope="module")
def tiny_pack(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a copy of tests/tiny with a pack of its handouts; no test may change it."""
    folder = tmp_path_factory.mktemp("pack") / "tiny"
    shutil.copytree(HERE / "tiny", folder, ignore=shutil.ignore_patterns("site", "build"))
    (folder / "handouts" / "pack.yml").write_text(A_PACK, "utf-8")
    return project_in(folder)


@pytest.fixture(scope="module", params=PLACES)
def bound(tiny_pack: Project, request: pytest.FixtureRequest) -> Bound:
    """Give a pack that was bound from handouts that were set before."""
    item = composed(tiny_pack, request.param)
    held = [printed(each) for each in item.held if isinstance(each, Composed)]
    return Bound(item, printed(replace(item, held=tuple(held))), held)


def drawn(pdf: bytes) -> list[Any]:
    """Draw the pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=SCALE, grayscale=True).to_pil() for page in document]


def opened(printed: Printed) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(printed.pdf))


# What is on paper


def test_a_page_of_a_pack_is_that_of_the_handout_but_for_its_number(bound: Bound) -> None:
    """The number ends the first line of the foot, which is lower than all else but the code."""
    pages = drawn(bound.pack.pdf)
    for place, item in bound.places:
        for number, alone in enumerate(drawn(item.pdf)):
            changed = ImageChops.difference(pages[place + number], alone).getbbox()
            assert changed is not None  # another number
            left, top, right, bottom = changed
            width, height = alone.size
            assert top > 0.85 * height
            assert bottom - top < 0.03 * height
            assert right - left < 0.25 * width
            is_rtl = bound.pack.sheet.language.direction == "rtl"
            assert (right < 0.4 * width) if is_rtl else (left > 0.6 * width)


def test_a_number_is_the_only_thing_that_is_written_anew(bound: Bound) -> None:
    """What a handout shows to a screen reader, it shows in a pack."""
    with opened(bound.pack) as pack:
        for place, item in bound.places:
            with opened(item) as alone:
                for number, page in enumerate(alone.pages):
                    ours = pack.pages[place + number].Contents.read_bytes()
                    (before, one, after), (start, two, end) = map(
                        _around_number, (page.Contents.read_bytes(), ours)
                    )
                    assert (before, after) == (start, end)
                    assert one != two


def _around_number(content: bytes) -> tuple[bytes, bytes, bytes]:
    before, mark, rest = content.partition(b"/Artifact<</Type/Pagination/Subtype/PageNum>>BDC")
    number, end, after = rest.partition(b"\nEMC")
    assert mark
    assert end
    return before, number, after


@pytest.mark.parametrize("paper", ["a4", "a4-large"])
def test_a_number_has_room_for_four_digits_more(
    project: Project, tmp_path: Path, paper: str
) -> None:
    """In a draft no code stands below it, which would be wider."""
    old = "title: Washing a small cut"
    for count in range(66, 25, -1):  # the longest title that fits into a line beside it
        new = f"title: {'i ' * count}"
        change(project.folder, old, new)
        old, item = new, composed(project, f"en/note-{paper}")
        found = typeset(item)[0]
        if isinstance(found, Printed):
            break
    assert item.standing.status == "draft"
    assert isinstance(found, Printed)
    (tmp_path / "note.pdf").write_bytes(found.pdf)
    foot = read_pdf(tmp_path / "note.pdf").head_and_foot(0)
    title = max(foot, key=lambda run: len(run.text))
    number = [run for run in foot if run.base == title.base and run is not title]
    assert joined(number).startswith("Page1of")
    digit = max(run.right - run.left for run in number if run.text.strip().isdigit())
    gap = min(run.left for run in number) - title.right
    assert gap > 4 * digit


# What readers use


def test_bookmarks_of_handouts_follow_each_other(bound: Bound) -> None:
    with opened(bound.pack) as pack, pack.open_outline() as outline:
        ours = [item.title for item in outline.root]
        below = [child.title for item in outline.root for child in item.children]
    titles, inner = [], []
    for item in bound.held:
        with opened(item) as alone, alone.open_outline() as outline:
            titles += [each.title for each in outline.root]
            inner += [child.title for each in outline.root for child in each.children]
    assert ours[1:] == titles
    assert below[-len(inner) :] == inner


def test_a_link_stays_within_its_handout(bound: Bound) -> None:
    """The slip and the note print a card that leads on; only the note prints where it leads."""
    with opened(bound.pack) as pack:
        (link,) = links(pack)
        name = str(link[1].Dest)
        names = list(pack.Root.Names.Dests.Names)
        assert name == "note_index-wash"
        assert [str(each) for each in names[::2]] == [name]
        pages = [page.obj.objgen for page in pack.pages]
        (start, note) = bound.places[1]
        assert start <= pages.index(names[1][0].objgen) < start + note.pages


def test_a_link_leads_into_no_handout_with_a_name_alike(project: Project) -> None:
    """Handout a with page b-index, and handout a-b with page index."""
    for language in ("en", "ar"):
        folder = project.folder / "docs" / language
        shutil.copy(folder / "index.md", folder / "b-index.md")
    note = (project.folder / "handouts/note.yml").read_text("utf-8")
    for number, (name, page) in enumerate([("a", "b-index"), ("a-b", "index")], start=5):
        text = note.replace("T-1", f"T-{number}").replace("page: index", f"page: {page}")
        text = text.replace("section: index#", f"section: {page}#")
        (project.folder / f"handouts/{name}.yml").write_text(text, "utf-8")
    pack = A_PACK.replace("[slip, note]", "[a, a-b]")
    (project.folder / "handouts/pack.yml").write_text(pack, "utf-8")
    with opened(printed(composed(project, "en/pack-a4"))) as pdf:
        names = list(pdf.Root.Names.Dests.Names)
        assert [str(each) for each in names[::2]] == ["a-b_index-wash", "a_b-index-wash"]
        pages = [page.obj.objgen for page in pdf.pages]
        goals = {
            str(n): pages.index(g[0].objgen) for n, g in zip(names[::2], names[1::2], strict=True)
        }
        for number, link in links(pdf):
            assert abs(goals[str(link.Dest)] - number) < 2


def links(pdf: pikepdf.Pdf) -> list[tuple[int, Any]]:
    """Give the links within a file, with the numbers of their pages."""
    return [
        (number, note)
        for number, page in enumerate(pdf.pages)
        for note in page.obj.get("/Annots", ())
        if "/Dest" in note
    ]


def test_each_mark_and_link_of_a_pack_is_held_by_its_own_element(bound: Bound) -> None:
    """Of two pages or links with one number, a screen reader would read one twice."""
    with opened(bound.pack) as pack:
        numbers = list(pack.Root.StructTreeRoot.ParentTree.Nums)
        held = [page.obj.StructParents for page in pack.pages]
        notes = [note for page in pack.pages for note in page.obj.get("/Annots", ())]
        held += [note.StructParent for note in notes]
        assert [*map(int, held)] == [*map(int, numbers[::2])] == [*range(len(held))]


def test_a_font_of_the_cover_is_that_of_all_pages_and_holds_their_letters(bound: Bound) -> None:
    with opened(bound.pack) as pack:
        fonts = [dict(page.Resources.Font.items()) for page in pack.pages if page.obj.Contents]
        for name, ours in fonts[0].items():
            assert {each[name].objgen for each in fonts if name in each} == {ours.objgen}
        letters = {name: read_font(font).widths for name, font in fonts[0].items()}
    for item in bound.held:
        with opened(item) as alone:
            for name, font in alone.pages[0].Resources.Font.items():
                theirs = read_font(font).widths
                assert theirs.items() <= letters.get(name, theirs).items()


# How it comes about


def test_a_pack_is_the_same_whether_its_handouts_were_set_before_or_with_it(
    tiny_pack: Project,
) -> None:
    item = composed(tiny_pack, "en/pack-a4")
    held = tuple(printed(each) for each in item.held if isinstance(each, Composed))
    assert printed(item).pdf == printed(replace(item, held=held)).pdf


def test_a_pack_is_for_paper_even_if_its_cover_has_boxes_to_tick(project: Project) -> None:
    ticks = A_PACK.replace("slip#key-points", "slip#agree\n    show: ticks")
    (project.folder / "handouts" / "pack.yml").write_text(ticks, "utf-8")
    (pack,) = typeset(composed(project, "en/pack-a4"))
    assert isinstance(pack, Printed)
    assert not pack.is_form
    with opened(pack) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_a_fault_of_a_handout_is_one_of_its_own(tiny_pack: Project) -> None:
    item = composed(tiny_pack, "en/pack-a4")
    slip, note = item.held
    assert isinstance(note, Composed)
    note = replace(note, html=note.html.replace("</style>", "p { colour: red; }</style>"))
    (problem,) = typeset(replace(item, held=(slip, note)))
    assert isinstance(problem, Problem)
    assert str(problem.source) == "handouts/note.yml"
    assert problem.message.startswith("Ignored `colour: red` at ")


def test_a_template_that_prints_no_number_for_a_pack_is_named(project: Project) -> None:
    (project.folder / "handouts" / "pack.yml").write_text(A_PACK, "utf-8")
    own = project.folder / "templates/handout/document.html.jinja"
    own.parent.mkdir(parents=True)
    text = (project.shared_templates / "handout/document.html.jinja").read_text("utf-8")
    assert text.count('<span class="number">') == 1
    own.write_text(text.replace('<span class="number">', "<span>"), "utf-8")
    item = composed(project, "en/pack-a4")
    assert list(map(str, typeset(item))) == [
        "templates/handout/leaflet.html.jinja: handouts/corner/en/pack-a4.pdf cannot be numbered "
        "through: the foot of a handout has no number.\n"
        "    Print it as document.html.jinja does: in a span of the class number, in a paragraph "
        "of the class page-number."
    ]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ('<span class="big number">', set()),
        ('<span class="number" style="display: none">', {"is missing from the head or foot"}),
    ],
    ids=["with another class", "hidden"],
)
def test_a_template_may_style_its_number_but_not_hide_it(
    project: Project, own: str, said: set[str]
) -> None:
    (project.folder / "handouts" / "pack.yml").write_text(A_PACK, "utf-8")
    item = composed(project, "en/pack-a4")
    changed = [
        replace(each, html=each.html.replace('<span class="number">', own))
        for each in (item, *item.held)
        if isinstance(each, Composed)
    ]
    found = typeset(replace(changed[0], held=tuple(changed[1:])))
    problems = [each.message for each in found if isinstance(each, Problem)]
    assert bool(problems) == bool(said)
    assert all(any(part in each for part in said) for each in problems)


def test_each_handout_of_a_pack_needs_one_number_in_its_foot() -> None:
    number = '<p class="page-number"><span class="number">Page</span></p>'
    foot = '<div class="page-foot">{}</div>'
    bodies = {
        foot.format(number): True,
        number: False,
        foot.format(""): False,
        foot.format(number * 2): False,
        foot.format('<p class="page-number">Page</p>'): False,
    }
    for body, is_good in bodies.items():
        html = f"<body><article>Cover</article><article>{body}</article></body>"
        assert bool(numbers_only(html, [1])) == is_good


def test_a_pack_holds_the_logo_once_though_each_handout_brings_it_along(project: Project) -> None:
    (project.folder / "handouts/pack.yml").write_text(A_PACK, "utf-8")
    logo = Image.radial_gradient("L").convert("RGBA")
    logo.putalpha(Image.linear_gradient("L"))
    logo.save(project.folder / "clinics/corner/logo.png")
    change(project.folder, "logo.svg", "logo.png", "clinics/corner/clinic.yml")
    item = printed(composed(project, "en/pack-a4"))
    with pikepdf.open(io.BytesIO(item.pdf)) as pdf:
        shown = [
            drawing.objgen
            for page in pdf.pages
            for drawing in page.obj.Resources.get("/XObject", {}).values()
            if drawing.Subtype == "/Image"
        ]
        held = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
    assert len(set(shown)) == 1
    assert len(held) == 2  # its dots, and how far one sees through each
