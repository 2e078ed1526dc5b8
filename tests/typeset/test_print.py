"""Tests of what a printer makes of a sheet: grey, on both sides, at arm's length, by a camera."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby, pairwise
from pathlib import Path
from statistics import median

import pytest
import segno
from PIL import Image, ImageChops, ImageFilter, ImageStat

from plainleaf.model import Project
from tests.conftest import HERE, composed_of
from tests.paper import MM, Run, drawn, drawn_page, joined, read_pdf, squeezed
from tests.sheet_text import Sheet, cases, each, words_of
from tests.typeset.test_typeset import printed as set_soundly

SHEETS = [*cases("shipped", HERE.parent), *cases("tiny", HERE / "tiny")]
# The other paper and clinic hold the same drawings, a pack those of its handouts, and the
# consent form in large print is long.
SEEN = [
    case
    for case in SHEETS
    if case.paper == "a4"
    and case.clinic != "any-clinic"
    and case.handout != "pack"
    and (case.size == "standard" or case.handout != "consent")
]
ON_LINE = [case for case in SEEN if case.clinic in ("example-clinic", "corner")]
LEVELS = ("emergency", "today", "routine")

# WCAG 2.2: 1.4.6 for text and 1.4.11 for lines; the greys that reach 7 and 3 to 1 on white.
TEXT_GREY = 89
LINE_GREY = 148
# A page of text covers some 5 %. More than twice that drains a cartridge and shows through.
MOST_INK = 0.12


def cut(
    page: Image.Image, dpi: int, left: float, top: float, right: float, low: float
) -> Image.Image:
    """Cut a piece out of a page; all sides in points."""
    scale = dpi / 72
    return page.crop((int(left * scale), int(top * scale), int(right * scale), int(low * scale)))


def darkest(piece: Image.Image) -> float:
    """Give the darkest grey of a piece: 0 is black, 255 white."""
    return ImageStat.Stat(piece).extrema[0][0]


# Black and white


@pytest.mark.slow
@each(SEEN)
def test_text_and_lines_have_contrast_in_grey(sheet: Sheet) -> None:
    """Measured at the darkest point of each stretch of text and of each line."""
    dpi = 150
    pages = drawn(sheet.pdf, dpi)
    for run in sheet.paper.painted:
        # A sign above or below its letter is painted by itself, outside the height of letters.
        is_seen = any(letter.isalnum() for letter in run.text) and "Figure" not in run.roles
        if is_seen:
            top, low = run.base - 0.7 * run.size, run.base + 0.1 * run.size
            piece = cut(pages[run.page], dpi, run.left, top, run.right + 1, low)
            assert darkest(piece) <= TEXT_GREY, run.text
    for rule in sheet.paper.rules:
        piece = cut(pages[rule.page], dpi, rule.left, rule.y - 1, rule.right, rule.y + 1.5)
        assert darkest(piece) <= LINE_GREY, rule


@pytest.mark.slow
@each(SEEN)
def test_no_page_drinks_ink(sheet: Sheet) -> None:
    """Nor is there a black block of a centimetre each way: it smears, and it hides what is near."""
    for number, page in enumerate(drawn(sheet.pdf, 150)):
        small = page.reduce(6)  # 25 dots an inch: a centimetre is 10 of them
        assert 1 - ImageStat.Stat(small).mean[0] / 255 <= MOST_INK, f"page {number + 1}"
        assert darkest(small.filter(ImageFilter.MaxFilter(11))) > LINE_GREY, f"page {number + 1}"


# Typography


def lines(runs: Sequence[Run]) -> Iterator[tuple[Run, str]]:
    """Give the lines of paragraphs and list items: the first run of each, and what it says."""
    said = [
        run
        for run in runs
        if squeezed(run.text)
        and (run.within("P") or run.within("LI"))
        and not run.within("Table")
        and "Lbl" not in run.roles
    ]
    for _, line in groupby(said, lambda run: (run.page, round(run.base), block_of(run))):
        whole = list(line)
        yield whole[0], "".join(run.text for run in whole).strip()


def block_of(run: Run) -> int:
    return run.within("LI") or run.within("P")


@pytest.mark.slow
def test_a_line_of_running_text_holds_no_more_than_70_letters(shipped_project: Path) -> None:
    """The median over all lines that are full: those after which the paragraph goes on.

    A column of half a sheet holds some 45, which is easier yet on eyes that lose their line; RNIB
    asks for 60 to 70 at most.
    """
    full = []
    for case in SHEETS:
        is_whole = case.source == "shipped" and case.size == "standard" and case.handout != "pack"
        if is_whole and case.paper == "a4":
            parts = Sheet(case, shipped_project).said
            found = [line for part in parts for line in lines(part)]
            full += [
                len(text)
                for (one, text), (two, _) in pairwise(found)
                if (block_of(one), one.page) == (block_of(two), two.page)
            ]
    assert len(full) > 300
    assert 40 <= median(full) <= 70


@pytest.mark.slow
@each(SHEETS)
def test_a_list_hangs_its_marks_to_the_side_of_its_text(sheet: Sheet) -> None:
    """The lines of an item start below each other, and its mark stands clear of them."""
    items: dict[tuple[int, int], list[Run]] = {}
    for run in sheet.paper.spoken:
        if run.within("LI") and squeezed(run.text) and "Figure" not in run.roles:
            items.setdefault((run.page, run.within("LI")), []).append(run)
    for runs in items.values():
        marks = [run for run in runs if "Lbl" in run.roles]
        body = [run for run in runs if run not in marks]
        starts = [
            min(run.left for run in line) if not sheet.is_rtl else max(run.right for run in line)
            for _, line in (
                (base, list(line)) for base, line in groupby(body, lambda run: run.base)
            )
        ]
        # The text of a line that turns back, such as a number between Arabic words, starts inside.
        if not sheet.is_rtl:
            assert max(starts) - min(starts) < 1, runs[0].text
        for mark in marks:
            if sheet.is_rtl:
                assert mark.left >= max(starts) - 0.1, runs[0].text
            else:
                assert mark.right <= min(starts) + 0.1, runs[0].text


@pytest.mark.slow
@each(SHEETS)
def test_text_starts_at_the_same_place_on_each_page(sheet: Sheet) -> None:
    """Within half a millimetre; a page that starts with a larger heading, within one."""
    edges: dict[str, set[float]] = {}
    tops: dict[str, set[float]] = {}
    of_text: dict[str, set[float]] = {}
    titles = {run.page for run in sheet.paper.spoken if run.within("H1")}
    for number, (width, _) in enumerate(sheet.paper.sizes):
        runs = [run for run in sheet.paper.on(number) if squeezed(run.text)]
        if not runs:
            continue
        kind = sheet.document_on(number)["id"]
        side = max(run.right for run in runs) if sheet.is_rtl else min(run.left for run in runs)
        edges.setdefault(kind, set()).add(width - side if sheet.is_rtl else side)
        said = [run for run in sheet.paper.spoken if run.page == number]
        text = [run for run in runs if run.within("Sect") and "Figure" not in said[0].roles]
        first = min(text, key=lambda run: run.base, default=None)
        if number in titles or first is None or is_on_a_card(sheet, first):
            continue
        tops.setdefault(kind, set()).add(first.base)
        if first.roles[-2] in ("P", "LBody", "LI"):
            of_text.setdefault(kind, set()).add(first.base)
    for places in (*edges.values(), *of_text.values()):
        assert max(places) - min(places) <= 0.5 * MM
    for places in tops.values():
        assert max(places) - min(places) <= 1 * MM


def is_on_a_card(sheet: Sheet, run: Run) -> bool:
    """Tell whether a run stands further in than text does."""
    marginal = sheet.paper.head_and_foot(run.page)
    if sheet.is_rtl:
        return max(other.right for other in marginal) - run.right > 1
    return run.left - min(other.left for other in marginal) > 1


@pytest.mark.slow
@each(SHEETS)
def test_a_paragraph_that_is_broken_leaves_two_lines_or_more_on_each_page(sheet: Sheet) -> None:
    if sheet.is_rtl:
        return  # the painted order of its letters tells nothing of its lines
    whole = [squeezed(text) for section in sheet.sections for text in section.paragraphs]
    words = [run for run in sheet.paper.spoken if not run.within("Figure")]
    found = [(run.page, squeezed(text)) for run, text in lines(words)]
    for at, ((one, last), (two, first)) in enumerate(pairwise(found)):
        if one != two and any(last + first in text for text in whole):
            assert found[at - 1][0] == one
            assert any(found[at - 1][1] + last + first in text for text in whole), last
            assert found[at + 2][0] == two
            assert any(last + first + found[at + 2][1] in text for text in whole), first


@pytest.mark.slow
@each(SHEETS)
def test_a_card_stands_on_one_page(sheet: Sheet) -> None:
    for section, part in zip(sheet.sections, sheet.said, strict=True):
        if section.is_card and sheet.case.size == "standard":
            words = part[: words_of(part, section)]
            assert len({run.page for run in words}) == 1, section.heading


def printed(project: Project, path: str, folder: Path) -> Path:
    """Set one sheet of a project, which no gate has looked at; give its file."""
    result = set_soundly(*composed_of(project, f"handouts/{path}.pdf"))
    pdf = folder / "sheet.pdf"
    pdf.write_bytes(result.pdf)
    return pdf


def test_emphasis_is_bold_and_a_link_is_plain_and_no_line_is_stretched(
    project: Project, tmp_path: Path
) -> None:
    """Italics, underlines and stretched lines are hard on weak eyes (UKAAF G003)."""
    page = project.folder / "docs/en/index.md"
    text = "Press *hard* and see [the leaflet](https://a.example/) for more about small cuts. " * 6
    page.write_text(page.read_text("utf-8").replace("{#wash}\n", f"{{#wash}}\n\n{text}\n"), "utf-8")
    paper = read_pdf(printed(project, "anyone/en/note-a4", tmp_path))
    assert not [font for font in paper.fonts if "Italic" in font.name or "Oblique" in font.name]
    emphasised = [run for run in paper.spoken if run.text.strip() == "hard"]
    assert len(emphasised) == 6
    linked = [run for run in paper.painted if run.within("Link")]
    assert linked
    for run in linked:
        assert not [
            rule for rule in paper.rules if 0 <= rule.y - run.base < 3 and run.page == rule.page
        ]
    ends: dict[float, float] = {}
    for run in paper.painted:
        if "small cuts" in run.text or run.within("P") in {one.within("P") for one in emphasised}:
            ends[run.base] = max(ends.get(run.base, 0), run.right)
    assert len({round(end, 1) for end in [*ends.values()][:-1]}) > 1


# Levels of help


@pytest.mark.slow
@each([case for case in SEEN if case.handout == "aftercare"])
def test_symbols_of_the_levels_of_help_differ_at_a_quarter_of_their_size(sheet: Sheet) -> None:
    """In grey; each is drawn in outline beside its heading."""
    dpi = 40  # on paper held at arm's length, what 150 dots an inch are in a hand
    wide = (8 if sheet.case.size == "standard" else 11) * MM
    shapes = []
    for part in sheet.said[: len(LEVELS)]:
        heading = next(run for run in part if "H2" in run.roles)
        ahead = wide * (10.5 / 8 if sheet.case.size == "standard" else 14 / 11)
        left = heading.right + ahead - wide if sheet.is_rtl else heading.left - ahead
        top = heading.base - heading.size * 0.35 - wide / 2
        page = drawn(sheet.pdf, dpi)[heading.page]
        shapes.append(cut(page, dpi, left - 1, top, left + wide + 1, top + wide).resize((16, 16)))
    assert len(shapes) == len(LEVELS)
    for shape in shapes:
        assert 0.05 < 1 - ImageStat.Stat(shape).mean[0] / 255 < 0.45
    for one, two in combinations(shapes, 2):
        assert ImageStat.Stat(ImageChops.difference(one, two)).mean[0] > 30


# The code


@pytest.mark.slow
@each(ON_LINE)
def test_the_code_on_the_first_page_leads_to_the_page_of_the_code_that_is_printed_below_it(
    sheet: Sheet,
) -> None:
    """Its squares are read off the page, one by one; 20 mm wide, and white all around.

    That of a draft leads to the page with its words, and none is printed.
    """
    dpi = 300
    # On a form it stands at the end: the head of its first page has room for a label.
    page = drawn_page(sheet.pdf, dpi, -1 if sheet.is_form else 0)
    said = "".join(run.text for run in sheet.paper.spoken if not run.within("Sect"))
    typed, printed = sheet.online(sheet.handout), sheet.code(sheet.handout)
    assert squeezed(typed) in squeezed(said)
    if printed:
        assert printed in said
        address = f"{sheet.clinic['website'].rstrip('/')}/codes/{printed}.html"
    else:
        assert squeezed(sheet.words["draft_means"]) in joined(sheet.paper.head_and_foot(0))
        address = f"https://{typed}"
    code = segno.make_qr(address, error="m", boost_error=False)
    size = len(code.matrix)
    black = page.point(lambda grey: 255 if grey < 128 else 0)
    within = (37, 297) if sheet.is_form else (43, 75)  # words end 4 mm before the code of a form
    left, top, right, low = where_the_code_is(black, dpi, within, is_rtl=sheet.is_rtl)
    module = (right - left) / size
    for wide in (right - left, low - top):
        assert wide / dpi * 25.4 == pytest.approx(20, abs=0.2)
    quiet = int(4 * module)
    around = (left - quiet, top - quiet, right + quiet, low + quiet)
    white = black.crop(around)
    white.paste(0, (quiet, quiet, quiet + right - left, quiet + low - top))
    assert white.getbbox() is None
    read_off = [
        [
            black.getpixel((int(left + (x + 0.5) * module), int(top + (y + 0.5) * module))) == 255
            for x in range(size)
        ]
        for y in range(size)
    ]
    assert read_off == [[bool(square) for square in row] for row in code.matrix]


def where_the_code_is(
    black: Image.Image, dpi: int, within: tuple[int, int], *, is_rtl: bool
) -> tuple[int, int, int, int]:
    """Find what is about 20 mm high at the outer edge, between white above and below.

    within is how many mm from that edge, and from the top of the page, it is looked for.
    """
    inch = dpi / 25.4
    width = black.width
    outer = (
        (int(4 * inch), int(within[0] * inch))
        if is_rtl
        else (width - int(within[0] * inch), width - int(4 * inch))
    )
    strip = black.crop((outer[0], 0, outer[1], int(within[1] * inch)))
    filled = [
        strip.crop((0, y, strip.width, y + 1)).getbbox() is not None for y in range(strip.height)
    ]
    start = 0
    for is_filled, rows in groupby(filled):
        height = len(list(rows))
        if is_filled and abs(height / inch - 20) < 1:
            box = strip.crop((0, start, strip.width, start + height)).getbbox()
            assert box is not None
            return outer[0] + box[0], start, outer[0] + box[2], start + height
        start += height
    raise AssertionError("no code")
