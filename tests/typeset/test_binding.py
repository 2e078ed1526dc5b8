"""A pack is bound from its cover and finished handouts: their pages as they are."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import pikepdf
import pytest
from PIL import Image, ImageChops

from plainleaf.compose.compose import Composed
from plainleaf.machine.engine import Died, Engine
from plainleaf.model import Printed, Project
from plainleaf.problems import Problem
from plainleaf.proof import proof_of_pack
from plainleaf.typeset.binding import Parts, bind, pages_of_pack
from plainleaf.typeset.press import set_sheets
from tests.conftest import A_PACK, HERE, composed_of, project_in, set_once
from tests.paper import drawn
from tests.repository import change

pytestmark = pytest.mark.slow

PLACES = ["en/pack-a4", "en/pack-letter-large", "ar/pack-a4"]
DPI = 108


@cache
def composed(project: Project, path: str) -> Composed:
    """Compose a sheet of a clinic of the tiny project."""
    (item,) = composed_of(project, f"handouts/corner/{path}.pdf")
    return item


def printed(item: Composed) -> Printed:
    """Give what is to be printed of a sheet that must be sound."""
    return set_once(item)[0]


class _HereAndNow(Engine):
    """Runs each job in this process, one after the other; one whose HTML holds DEADLY dies."""

    def __init__(self) -> None:
        pass

    def run(self, work: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        for job in jobs:
            yield job, Died() if DEADLY in getattr(job, "html", "") else work(job)


DEADLY = "<!-- dies -->"


HERE_AND_NOW = _HereAndNow()


def whole(
    pack: Composed, before: Callable[[Composed], Sequence[Printed]] = lambda _: ()
) -> Printed:
    """Set a pack that must be sound, with all that it holds but what was set before."""
    found = {item.sheet.path: result for item, result in set_sheets(HERE_AND_NOW, [pack], before)}
    (only,) = found[pack.sheet.path]  # type: ignore[misc] # it did not die
    assert isinstance(only, Printed)
    return only


@dataclass(frozen=True)
class Bound:
    """A pack, with what it holds as it is by itself, and the page on which each of that starts."""

    composed: Composed
    pack: Printed
    cover: Printed
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
    cover, *held = map(printed, (item, *item.handouts))
    (pack,) = bind(Parts(item, [cover], tuple([each] for each in held)))
    assert isinstance(pack, Printed)
    return Bound(item, pack, cover, held)


def opened(printed: Printed) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(printed.pdf))


# What is on paper


def test_a_page_of_a_pack_is_that_of_the_handout_with_its_own_number(bound: Bound) -> None:
    pages = drawn(bound.pack.pdf, DPI)
    assert (
        len(pages) == bound.pack.pages == pages_of_pack([1, *(each.pages for each in bound.held)])
    )
    for place, item in [(0, bound.cover), *bound.places]:
        for number, alone in enumerate(drawn(item.pdf, DPI)):
            assert ImageChops.difference(pages[place + number], alone).getbbox() is None


def test_each_handout_starts_on_the_front_of_a_sheet_of_paper(bound: Bound) -> None:
    assert all(place % 2 == 0 for place, _ in bound.places)
    with opened(bound.pack) as pack:
        printed_on = {
            page for place, item in bound.places for page in range(place, place + item.pages)
        }
        for number in range(1, len(pack.pages)):
            assert (pack.pages[number].Contents.read_bytes() != b"") == (number in printed_on)


@pytest.mark.parametrize(
    ("lengths", "pages"),
    [([1], 1), ([1, 1], 2), ([2, 3, 4], 10), ([1, 2, 1, 1], 6), ([1, 1, 2], 4), ([2, 2], 4)],
)
def test_a_pack_is_as_long_as_its_parts_and_the_blank_backs_between(
    lengths: list[int], pages: int
) -> None:
    assert pages_of_pack(lengths) == pages


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
        ((number, link),) = links(pack)
        names = list(pack.Root.Names.Dests.Names)
        assert [str(link.Dest)] == [str(each) for each in names[::2]]
        pages = [page.obj.objgen for page in pack.pages]
        (start, note) = bound.places[1]
        assert start <= number < start + note.pages
        assert start <= pages.index(names[1].D[0].objgen) < start + note.pages


def test_a_link_leads_into_no_other_handout_that_has_the_same_places(project: Project) -> None:
    """Two handouts print one page, with its links and the places to which they lead."""
    note = (project.folder / "handouts/note.yml").read_text("utf-8")
    (project.folder / "handouts/twin.yml").write_text(note.replace("T-1", "T-5"), "utf-8")
    pack = A_PACK.replace("[slip, note]", "[note, twin]")
    (project.folder / "handouts/pack.yml").write_text(pack, "utf-8")
    with opened(whole(composed(project, "en/pack-a4"))) as pdf:
        names = list(pdf.Root.Names.Dests.Names)
        goals = {str(n): g.D[0].objgen for n, g in zip(names[::2], names[1::2], strict=True)}
        pages = [page.obj.objgen for page in pdf.pages]
        found = [(number, pages.index(goals[str(link.Dest)])) for number, link in links(pdf)]
    assert len(found) == 2
    assert [goal - found[0][1] for _, goal in found] == [0, found[1][0] - found[0][0]]


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
        numbers = [int(each) for each in list(pack.Root.StructTreeRoot.ParentTree.Nums)[::2]]
        held = [page.obj.StructParents for page in pack.pages if "/StructParents" in page.obj]
        notes = [note for page in pack.pages for note in page.obj.get("/Annots", ())]
        held += [note.StructParent for note in notes]
        assert sorted(map(int, held)) == numbers == [*range(len(held))]


# How it comes about


def test_a_pack_is_the_same_whether_its_handouts_were_set_before_or_with_it(
    tiny_pack: Project,
) -> None:
    item = composed(tiny_pack, "en/pack-a4")
    before = {each.sheet.path: [printed(each)] for each in item.handouts}
    assert whole(item).pdf == whole(item, lambda each: before[each.sheet.path]).pdf


def test_a_pack_is_for_paper_even_if_its_cover_has_boxes_to_tick(project: Project) -> None:
    ticks = A_PACK.replace("slip#key-points", "slip#agree\n    show: ticks")
    (project.folder / "handouts" / "pack.yml").write_text(ticks, "utf-8")
    pack = whole(composed(project, "en/pack-a4"))
    assert not pack.is_form
    with opened(pack) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_a_pack_of_a_clinic_that_writes_its_own_details_is_a_form_too(project: Project) -> None:
    (project.folder / "handouts" / "pack.yml").write_text(A_PACK, "utf-8")
    (item,) = composed_of(project, "handouts/anyone/en/pack-a4.pdf")
    found = {each.sheet.path: made for each, made in set_sheets(HERE_AND_NOW, [item])}
    paper, form = found[item.sheet.path]  # type: ignore[misc] # it did not die
    assert isinstance(paper, Printed)
    assert isinstance(form, Printed)
    assert (paper.is_form, form.is_form, form.pages) == (False, True, paper.pages)
    with opened(form) as pdf:
        fields: Any = pdf.Root.AcroForm.Fields
        names = [str(field.T) for field in fields]
        assert len(names) == len(set(names))
        # The cover, the slip and the note; the slip has the daytime number twice, the note too.
        places = {str(field.T): len(field.get("/Kids", [field])) for field in fields}
        assert places["clinic-name"] == 3
        assert places["clinic-daytime"] == 4
        # One font for all of them, which weighs more than the rest.
        assert len(form.pdf) - len(paper.pdf) < 120_000


@pytest.mark.parametrize("place", [0, 1], ids=["the first", "the last"])
def test_a_fault_of_a_handout_costs_its_pack_and_is_told_once(
    tiny_pack: Project, place: int
) -> None:
    item = composed(tiny_pack, "en/pack-a4")
    handouts = [*item.handouts]
    html = handouts[place].html.replace("</style>", "p { colour: red; }</style>")
    handouts[place] = replace(handouts[place], html=html)
    found = set_sheets(HERE_AND_NOW, [replace(item, handouts=tuple(handouts))])
    told = {each.sheet.handout.name: result for each, result in found}
    assert told["pack"] == []
    (problem,) = cast("list[Problem]", told[("slip", "note")[place]])
    assert str(problem.source) == f"handouts/{('slip', 'note')[place]}.yml"
    assert problem.message.startswith("Ignored `colour: red` at ")


@pytest.mark.parametrize("dies", [0, 1], ids=["its cover", "a handout"])
def test_a_pack_of_which_a_part_died_is_not_bound(tiny_pack: Project, dies: int) -> None:
    item = composed(tiny_pack, "en/pack-a4")
    parts = [item, *item.handouts]
    parts[dies] = replace(parts[dies], html=parts[dies].html + DEADLY)
    pack = replace(parts[0], handouts=tuple(parts[1:]))
    told = {each.sheet.handout.name: result for each, result in set_sheets(HERE_AND_NOW, [pack])}
    assert told["pack"] == (Died() if dies == 0 else [])
    assert (told["slip"] == Died()) == (dies == 1)


# The proof of a pack


def swapped(pack: pikepdf.Pdf) -> None:
    first, last = pack.pages[2].Contents, pack.pages[-1].Contents
    pack.pages[2].Contents, pack.pages[-1].Contents = last, first


def read_out_of_order(pack: pikepdf.Pdf) -> None:
    kids = pack.Root.StructTreeRoot.K.K
    pack.Root.StructTreeRoot.K.K = pikepdf.Array([*list(kids)[1:], kids[0]])


def bookmark_elsewhere(pack: pikepdf.Pdf) -> None:
    last = pack.Root.Outlines.Last
    last.Dest = pikepdf.Array([pack.pages[0].obj, pikepdf.Name.Fit])
    if "/A" in last:
        del last.A


def link_elsewhere(pack: pikepdf.Pdf) -> None:
    ((_, link),) = links(pack)
    link.Dest = pikepdf.Array([pack.pages[0].obj, pikepdf.Name.Fit])


def owners_mixed_up(pack: pikepdf.Pdf) -> None:
    pack.pages[2].StructParents = pack.pages[0].StructParents


SPOILT: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "what is printed is not that of its cover and its handouts, in order.": swapped,
    "what is read aloud is not that of its cover and its handouts": read_out_of_order,
    "what its bookmarks lead to is not that of its cover": bookmark_elsewhere,
    "what its links lead to is not that of its cover": link_elsewhere,
    "pieces of text do not know their tag.": owners_mixed_up,
    "its seal is missing": lambda _: None,  # any change breaks the seal
}


def test_the_proof_tells_what_a_pack_has_otherwise_than_its_parts(bound: Bound) -> None:
    parts = [bound.cover.pdf, *(each.pdf for each in bound.held)]
    assert proof_of_pack(bound.composed, bound.pack.pdf, parts, is_form=False) == []
    for said, spoil in SPOILT.items():
        out = io.BytesIO()
        with opened(bound.pack) as pack:
            spoil(pack)
            pack.save(out)
        found = proof_of_pack(bound.composed, out.getvalue(), parts, is_form=False)
        assert any(said in problem.message for problem in found), (said, found)


def test_a_pack_holds_the_logo_once_though_each_handout_brings_it_along(project: Project) -> None:
    (project.folder / "handouts/pack.yml").write_text(A_PACK, "utf-8")
    logo = Image.radial_gradient("L").convert("RGBA")
    logo.putalpha(Image.linear_gradient("L"))
    logo.save(project.folder / "clinics/corner/logo.png")
    change(project.folder, "logo.svg", "logo.png", "clinics/corner/clinic.yml")
    item = whole(composed(project, "en/pack-a4"))
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
