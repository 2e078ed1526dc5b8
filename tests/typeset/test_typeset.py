"""Tests of typeset: what WeasyPrint only warns about is refused, and nothing comes from outside."""

from __future__ import annotations

import dataclasses
import gc
import io
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from plainleaf.compose.compose import Composed
from plainleaf.files.fonts import sheet_font
from plainleaf.machine.engine import Engine
from plainleaf.model import Printed, Project
from plainleaf.problems import Problem
from plainleaf.typeset.typeset import ready, typeset
from tests.conftest import HERE, composed_of, project_in, set_once
from tests.paper import read_pdf

pytestmark = pytest.mark.slow

FACE = '@font-face { font-family: "Odd"; src: url("font:AtkinsonHyperlegible-Bold.ttf"); }'
HINT = "Seen while setting this handout: look at its template, its CSS and its pictures."


def composed(project: Project, path: str = "corner/en/note-a4") -> Composed:
    """Compose one sheet of a project."""
    return composed_of(project, f"handouts/{path}.pdf")[0]


@cache
def tiny_sheet(path: str = "corner/en/note-a4") -> Composed:
    """Compose a sheet of tests/tiny as it stands, once for all tests."""
    return composed(project_in(HERE / "tiny"), path)


@cache
def tiny_pdfs(path: str = "corner/en/note-a4") -> list[Printed]:
    """Give a sheet of tests/tiny as it stands, and its form."""
    return set_once(tiny_sheet(path))


def printed(sheet: Composed) -> Printed:
    """Set a sheet that must be sound; give what is to be printed."""
    results = typeset(sheet)
    assert [item for item in results if isinstance(item, Problem)] == []
    return next(item for item in results if isinstance(item, Printed) and not item.is_form)


def refused(sheet: Composed) -> list[Problem]:
    """Set a sheet that must be refused; give all that is wrong with it."""
    results = typeset(sheet)
    assert [item for item in results if isinstance(item, Printed)] == []
    return [item for item in results if isinstance(item, Problem)]


def with_body(sheet: Composed, html: str) -> Composed:
    """Put something of its own at the end of a sheet."""
    return dataclasses.replace(sheet, html=sheet.html.replace("</body>", f"{html}</body>"))


def with_article(sheet: Composed, html: str) -> Composed:
    """Put something of its own at the end of a sheet's words."""
    return dataclasses.replace(sheet, html=sheet.html.replace("</article>", f"{html}</article>"))


def of_handout(sheet: Composed, **said: Any) -> Composed:
    """Let the handout of a sheet say something else."""
    handout = dataclasses.replace(sheet.sheet.handout, **said)
    return dataclasses.replace(sheet, sheet=dataclasses.replace(sheet.sheet, handout=handout))


def with_css(sheet: Composed, css: str) -> Composed:
    return dataclasses.replace(sheet, html=sheet.html.replace("</style>", f"\n{css}</style>"))


def problems_of(sheet: Composed) -> list[str]:
    """Set a sheet that must be refused; give what is said about it."""
    result = refused(sheet)
    assert {problem.source.path for problem in result} <= {"handouts/note.yml"}
    assert {problem.hint for problem in result} == {HINT}
    return [problem.message for problem in result]


def test_a_sound_sheet_is_printed_with_its_number_of_pages(tmp_path: Path) -> None:
    ready()
    result = tiny_pdfs()[0]
    assert result.pdf.startswith(b"%PDF-1.7")
    file = tmp_path / "note.pdf"
    file.write_bytes(result.pdf)
    assert len(read_pdf(file).sizes) == result.pages == 2


def test_a_font_that_one_sheet_declares_is_no_font_of_the_next() -> None:
    note = tiny_sheet()
    hopeful = with_css(note, 'p { font-family: Odd, "Atkinson Hyperlegible"; }')
    before = printed(hopeful).pdf
    typeset(with_css(note, f"{FACE} p {{ font-family: Odd; }}"))
    assert printed(hopeful).pdf == before


def test_each_sheet_tells_all_that_is_wrong_with_a_style_that_several_have() -> None:
    sheet = with_css(tiny_sheet(), "p { colour: red; colr: red; }")
    told = problems_of(sheet)
    assert len(told) == 2
    assert problems_of(sheet) == told


def test_a_process_that_has_printed_leaves_no_fonts_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Engine() as crew:
        ((_, results),) = crew.run(typeset, [tiny_sheet("corner/en/slip-a4")])
    assert isinstance(results, list)
    assert {type(item) for item in results} == {Printed}
    assert [*tmp_path.iterdir()] == []


def test_memory_is_tidied_up_as_before_when_a_sheet_is_finished() -> None:
    assert gc.isenabled()
    printed(tiny_sheet())
    assert gc.isenabled()


def test_the_css_of_a_project_may_not_hold_a_slip_of_the_pen(project: Project) -> None:
    file = project.folder / "templates" / "css" / "sheet.css"
    file.parent.mkdir(parents=True)
    shutil.copy(HERE.parent / "templates" / "css" / "sheet.css", file)
    with file.open("a", encoding="utf-8") as css:
        css.write("\np { colour: red; }\n")
    (message,) = problems_of(composed(project))
    assert message.startswith("Ignored `colour: red` at ")
    assert message.endswith(", unknown property.")


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("p { colour: red; }", "Ignored `colour: red` at LINE:5, unknown property."),
        ("p { color: rde; }", "Ignored `color: rde` at LINE:5, invalid value."),
        ("@page { size: a44; }", "Ignored `size: a44` at LINE:9, invalid value."),
        ("p::nothing { color: red; }", "Invalid or unsupported selector, 'p::nothing '."),
    ],
    ids=["a property that is none", "a value that is none", "a paper", "a selector that is none"],
)
def test_css_that_would_only_be_ignored_is_refused(css: str, said: str) -> None:
    sheet = with_css(tiny_sheet(), css)
    line = sheet.html.partition("<style>")[2].partition("</style>")[0].count("\n") + 1
    assert problems_of(sheet) == [said.replace("LINE", str(line))]


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("picture", "http://a.example/spy.png"),
        ("picture", "https://a.example/spy.png"),
        ("picture", "file:///etc/passwd"),
        ("picture", "ftp://a.example/x.png"),
        ("background", "file:///etc/passwd"),
        ("style sheet", "http://a.example/spy.css"),
        ("style sheet", "file:///etc/passwd"),
        ("font", "http://a.example/spy.ttf"),
        ("font", "font:../../etc/passwd"),
        ("attachment", "file:///etc/passwd"),
    ],
)
def test_a_sheet_that_asks_for_anything_from_outside_is_refused(way: str, address: str) -> None:
    face = f'@font-face {{ font-family: Spy; src: url("{address}"); }} h1 {{ font-family: Spy; }}'
    asking = {
        "picture": with_body(tiny_sheet(), f'<p><img src="{address}" alt="A"></p>'),
        "background": with_css(tiny_sheet(), f'h1 {{ background: url("{address}"); }}'),
        "style sheet": with_body(tiny_sheet(), f'<link rel="stylesheet" href="{address}">'),
        "font": with_css(tiny_sheet(), face),
        "attachment": with_body(tiny_sheet(), f'<link rel="attachment" href="{address}">'),
    }
    assert problems_of(asking[way]) == [f'the sheet asks for "{address}", which it does not carry.']


def test_a_picture_that_cannot_be_drawn_is_named_by_its_words() -> None:
    """WeasyPrint tells it by all that it holds."""
    broken = "data:image/png;base64," + "A" * 4000
    sheet = with_body(tiny_sheet(), f'<p><img src="{broken}" alt="A cup"></p>')
    (problem,) = refused(sheet)
    assert problem.message == f'the picture "A cup" cannot be printed on {sheet.sheet.path}.'
    assert problem.hint == "Save it again as a PNG or JPEG."


def test_a_picture_named_by_its_file_is_refused() -> None:
    """Only pictures of pages and logos travel with a sheet; a template's own must be data."""
    sheet = with_body(tiny_sheet(), '<p><img src="logo.svg" alt="A"></p>')
    assert problems_of(sheet) == [
        'the sheet asks for "https://plainleaf.invalid/logo.svg", which it does not carry.'
    ]


def test_an_svg_that_asks_for_anything_from_outside_is_refused() -> None:
    """The picture is data, but what it names is not."""
    svg = (
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>"
        "<image href='http://a.example/spy.png' width='10' height='10'/></svg>"
    )
    sheet = with_body(tiny_sheet(), f'<p><img src="{svg}" alt="A"></p>')
    (problem,) = refused(sheet)
    assert problem.message == f'the picture "A" cannot be printed on {sheet.sheet.path}.'


def test_a_picture_without_words_is_refused() -> None:
    png = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8A"
        "AQUBAScY42YAAAAASUVORK5CYII="
    )
    messages = problems_of(with_body(tiny_sheet(), f'<p><img src="{png}"></p>'))
    assert len(messages) == 1
    assert "alt" in messages[0]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the machine have one font, for the letter あ; give its settings."""
    ours = sheet_font("AtkinsonHyperlegible-Regular.ttf", ("Atkinson Hyperlegible",))
    assert ours
    font = TTFont(io.BytesIO(ours))
    for table in font["cmap"].tables:
        table.cmap = {0x3042: "A"}
    for name in font["name"].names:
        name.string = "Of This Machine" if name.nameID in (1, 4, 16) else "Regular"
    (tmp_path / "fonts").mkdir()
    font.save(tmp_path / "fonts/machine.ttf")
    settings = tmp_path / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{tmp_path}/fonts</dir></fontconfig>", "utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    return settings


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("is_here", [True, False])
def test_a_letter_that_no_font_of_a_sheet_has_is_refused_whatever_the_machine_has(
    is_here: bool,
) -> None:
    sheet = with_body(tiny_sheet(), "<p>\N{HIRAGANA LETTER A}</p>")
    if is_here:
        results = typeset(sheet)
    else:
        with Engine() as engine:
            ((_, results),) = engine.run(typeset, [sheet])  # type: ignore[assignment]
    told = [item.message for item in results if isinstance(item, Problem)]
    assert len(told) == len(results)
    assert any("U+3042" in message for message in told)
    assert not any("Of This Machine" in message for message in told)


def test_a_font_that_css_names_and_a_sheet_does_not_bring_is_not_taken_from_the_machine(
    machine: Path, tmp_path: Path
) -> None:
    """The letters of a sheet are those of its own fonts, on every machine."""
    fonts = {"h1": '"Of This Machine"', "h2": '"No Such Font"', "th": "sans-serif"}
    css = "".join(f"{name} {{ font-family: {font} }}" for name, font in fonts.items())
    (tmp_path / "sheet.pdf").write_bytes(printed(with_css(tiny_sheet(), css)).pdf)
    found = {font.name for font in read_pdf(tmp_path / "sheet.pdf").fonts}
    assert all("Atkinson" in font or "Noto" in font for font in found), found
    # What this process starts, such as a browser, finds the fonts of the machine as before.
    assert os.environ["FONTCONFIG_FILE"] == str(machine)


def test_a_link_to_nowhere_is_refused() -> None:
    messages = problems_of(with_body(tiny_sheet(), '<p><a href="#nowhere">See</a></p>'))
    assert messages == ["No anchor #nowhere for internal URI reference."]


def test_a_sheet_that_its_clinic_makes_too_long_is_printed_and_the_clinic_is_told() -> None:
    sheet = tiny_sheet("corner/en/slip-a4")
    whole = tiny_pdfs("corner/en/slip-a4")[0]
    assert whole.pages > 1
    sheet_to_print, form = (
        x for x in typeset(of_handout(sheet, most_pages=1)) if isinstance(x, Printed)
    )
    assert (sheet_to_print.pdf, form.is_form) == (whole.pdf, True)
    (warning,) = sheet_to_print.warnings
    assert str(warning) == (
        "clinics/corner/clinic.yml: warning: what this clinic prints beside the words makes "
        f"handouts/corner/en/slip-a4.pdf {whole.pages} pages long; handouts/slip.yml allows 1.\n"
        "    It is made all the same. A shorter name or address takes less room."
    )


def test_large_print_may_have_as_many_pages_as_it_needs() -> None:
    assert printed(of_handout(tiny_sheet("corner/en/note-a4-large"), most_pages=1)).pages > 1


# Page 1 of aftercare: what people keep at hand

HELP = {"emergency": ("emergency",), "today": ("today",), "ready": ("routine",)}


def as_aftercare(sheet: Composed, kind: str = "aftercare") -> Composed:
    """Let the tiny note be an aftercare sheet, with its cards and a list as the levels of help."""
    parts = tuple(
        dataclasses.replace(part, elements=HELP.get(part.section, ("do",)))
        for part in sheet.sheet.handout.parts
    )
    return of_handout(sheet, kind=kind, parts=parts, most_pages=9)


def breaking(sheet: Composed, *sections: str) -> Composed:
    """Start a page before each of these sections."""
    css = "".join(f"#index-{section} {{ break-before: page; }}" for section in sections)
    return with_css(sheet, css)


def test_aftercare_with_all_levels_of_help_on_page_1_is_printed() -> None:
    assert printed(as_aftercare(tiny_sheet())).warnings == ()
    # What is no help may stand further on.
    result = printed(breaking(as_aftercare(tiny_sheet()), "risks"))
    assert (result.pages, result.warnings) == (2, ())


@pytest.mark.parametrize(
    ("breaks", "elsewhere"),
    [
        (["ready"], ["ready"]),
        (["today"], ["ready", "today"]),
        (["emergency"], ["emergency", "ready", "today"]),
    ],
)
def test_aftercare_whose_help_its_clinic_drives_off_page_1_is_printed_and_the_clinic_is_told(
    breaks: list[str], elsewhere: list[str]
) -> None:
    result = printed(breaking(as_aftercare(tiny_sheet()), *breaks))
    assert sorted(map(str, result.warnings)) == [
        "clinics/corner/clinic.yml: warning: what this clinic prints above it keeps "
        f"index#{section} off page 1 of handouts/corner/en/note-a4.pdf.\n"
        "    It is made all the same. A shorter name or address takes less room."
        for section in elsewhere
    ]


def test_aftercare_in_large_print_may_show_help_on_more_than_one_page() -> None:
    large = as_aftercare(tiny_sheet("corner/en/note-a4-large"))
    assert printed(breaking(large, "today")).warnings == ()


def test_only_aftercare_must_show_its_help_on_page_1() -> None:
    sheet = as_aftercare(tiny_sheet(), kind="information")
    assert printed(breaking(sheet, "today")).warnings == ()


MARKDOWN = """
- one
    - within one
        - within that
            - and once more
- two

Loose, and an item of two paragraphs:

- one

    More of one.

- two

Numbered lists:

1. one
    1. within one
2. two

Text with **bold**, `code` and a<br>break.
**[A bold link](https://a.example/)** and [**bold in a link**](https://a.example/).

| A | B |
|---|---|
| 1 | 2 |

---

```
code
```
"""


def with_markdown(project: Project, body: str) -> Composed:
    file = project.folder / "docs" / "en" / "index.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("{#wash}\n", f"{{#wash}}\n{body}\nThen:\n", 1), "utf-8")
    return composed(project)


def test_whatever_markdown_a_page_holds_its_sheet_is_sound(project: Project) -> None:
    """What is printed was proved: by the validator of both standards, too."""
    assert printed(with_markdown(project, MARKDOWN)).pages > 1
