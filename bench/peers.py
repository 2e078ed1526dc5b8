"""The programs that set the same sheets, or build the same website: what they take, how they run.

What differs, and so cannot be compared, stands in bench/compare.py.
"""

from __future__ import annotations

import json
import pickle
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lxml.html
import pypdfium2
from lxml.html import defs

from bench.measure import PYTHON, Measured, run
from plainleaf.compose.compose import Composed
from plainleaf.files.fonts import FIELDS, SCHEME, font_files, sheet_font
from plainleaf.machine.needs import browser

TREES = "trees"  # a folder beside the project, with the tree of each language
SETUP = "make setup-bench"
INLINE = defs.phrase_tags | defs.font_style_tags | {"a", "br", "span", "sub", "sup"}
UNSEEN = {"script", "style", "svg"}


@dataclass(frozen=True, slots=True)
class Peer:
    """A program beside ours: its name, whether it is there, how to get it, and how it is run.

    run takes the folder that lay_out wrote, and leaves PDFs in made.
    """

    name: str
    is_there: Callable[[], bool]
    how: str
    run: Callable[[Path], Measured]
    made: str


def has(package: str) -> bool:
    """Tell whether a Python package is set up."""
    return find_spec(package) is not None


def sample(name: str, folder: Path) -> Measured:
    """Let one program set all sheets of a folder, in one process."""
    return run([PYTHON, "-m", "bench.job", "sample", str(folder), "--by", name])


def mkdocs(tree: str, folder: Path) -> Measured:
    """Let MkDocs build a tree of a folder."""
    shutil.rmtree(folder / tree / "site", ignore_errors=True)
    return run([PYTHON, "-m", "mkdocs", "build", "--quiet"], folder / tree)


OURS = Peer("Plainleaf", lambda: True, "", partial(sample, "plainleaf"), "plainleaf")
BARE = Peer("WeasyPrint alone", lambda: True, "", partial(sample, "weasyprint"), "weasyprint")
TO_PDF = Peer(
    "mkdocs-to-pdf", partial(has, "mkdocs_to_pdf"), SETUP, partial(mkdocs, "to-pdf"), "to-pdf/site"
)
SETTERS = (
    OURS,
    BARE,
    Peer(
        "Chromium, print to PDF",
        lambda: browser() is not None,
        SETUP,
        partial(sample, "chromium"),
        "chromium",
    ),
    Peer("Typst", partial(has, "typst"), SETUP, partial(sample, "typst"), "typst"),
    TO_PDF,
)
# What mkdocs-to-pdf does besides printing: the website of the same pages.
WITHOUT_PDF = Peer("MkDocs on those pages", lambda: True, "", partial(mkdocs, "mkdocs"), "")


def website(engine: str, project: Path) -> Measured:
    """Let an engine build the website of each language of a project, laid out beside it."""
    runs = []
    for tree in sorted((project.parent / TREES).iterdir()):
        shutil.rmtree(tree / "site", ignore_errors=True)
        command = [PYTHON, "-m", engine, "build", "--config-file", "mkdocs.yml"]
        runs.append(run(command, tree))
    own, worker = max(one.own for one in runs), max(one.worker for one in runs)
    seconds, cpu = sum(one.seconds for one in runs), sum(one.cpu for one in runs)
    return Measured(seconds, cpu, own, worker)


MKDOCS = Peer("MkDocs alone", partial(has, "mkdocs"), "make setup", partial(website, "mkdocs"), "")
ZENSICAL = Peer("Zensical alone", partial(has, "zensical"), SETUP, partial(website, "zensical"), "")


def lay_out(folder: Path, sheets: Sequence[Composed]) -> None:
    """Write sheets in the form that each program takes."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "fonts").mkdir(parents=True)
    (folder / "sheets.pickle").write_bytes(pickle.dumps(sheets))
    trees: dict[str, list[Any]] = {"mkdocs": [], "to-pdf": [{"to-pdf": {}}]}
    for tree, plugins in trees.items():
        (folder / tree / "docs").mkdir(parents=True)
        theme = {"name": "material", "font": False}
        settings = {"site_name": "Sheets", "theme": theme, "plugins": plugins}
        (folder / tree / "mkdocs.yml").write_text(json.dumps(settings), "utf-8")
    for number, each in enumerate(sheets):
        fonts = each.sheet.language.fonts
        for name in (FIELDS, *font_files(fonts)):
            (folder / "fonts" / name).write_bytes(sheet_font(name, fonts) or b"")
        html = each.html.replace(f'"{SCHEME}', '"fonts/')
        (folder / f"{number}.html").write_text(html, "utf-8")
        (folder / f"{number}.typ").write_text(in_typst(each), "utf-8")
        body = lxml.html.document_fromstring(each.html).find("body")
        page = lxml.html.tostring(body, encoding="unicode")
        inner = page.partition(">")[2].rpartition("</body>")[0]
        name = "index.md" if number == 0 else f"{number}.md"
        for tree in trees:
            # Markdown leaves a block of HTML as it is.
            (folder / tree / "docs" / name).write_text(f"<div>{inner}</div>\n", "utf-8")


def in_typst(composed: Composed) -> str:
    """Give the words of a sheet in Typst: headings, lists, tables and paragraphs; no pictures."""
    sheet, quoted = composed.sheet, partial(json.dumps, ensure_ascii=False)
    fonts = ", ".join(map(quoted, sheet.language.fonts))
    paper = {"letter": "us-letter"}.get(sheet.paper.name, sheet.paper.name)
    body = lxml.html.document_fromstring(composed.html).find("body")
    blocks = "\n\n".join(_typst(tag, words) for tag, words in _blocks(body))
    return (
        f"#set document(title: {quoted(sheet.title)})\n#set page(paper: {quoted(paper)})\n"
        f"#set text(lang: {quoted(sheet.language.code)}, font: ({fonts},), size: 12pt)\n\n"
        f"{blocks}\n"
    )


def _blocks(element: Any) -> Iterator[tuple[str, Any]]:
    """Give each run of words with the tag it stands in, and each table as a whole."""
    if element.tag == "table":
        yield "table", [[_plain(cell.text_content()) for cell in row] for row in element.iter("tr")]
        return
    words = [element.text or ""]
    for child in element:
        if child.tag in INLINE:
            words += [child.text_content(), child.tail or ""]
            continue
        if text := _plain("".join(words)):
            yield element.tag, text
        if isinstance(child.tag, str) and child.tag not in UNSEEN:
            yield from _blocks(child)
        words = [child.tail or ""]
    if text := _plain("".join(words)):
        yield element.tag, text


def _typst(tag: str, words: Any) -> str:
    quoted = partial(json.dumps, ensure_ascii=False)
    if tag == "table":
        columns = max(map(len, words))
        rows = [[*row, *[""] * (columns - len(row))] for row in words]
        cells = ", ".join(f"[#{quoted(cell)}]" for row in rows for cell in row)
        return f"#table(columns: {columns}, {cells})"
    if re.fullmatch("h[1-6]", tag):
        return f"#heading(level: {tag[1]}, {quoted(words)})"
    return f"- #{quoted(words)}" if tag == "li" else f"#{quoted(words)}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def totals(folder: Path) -> dict[str, int]:
    """Give how many pages, bytes and words the PDFs below a folder hold."""
    pages = words = size = 0
    for path in sorted(folder.rglob("*.pdf")):
        size += path.stat().st_size
        document = pypdfium2.PdfDocument(path)
        pages += len(document)
        words += sum(len(page.get_textpage().get_text_range().split()) for page in document)
        document.close()
    return {"pages": pages, "bytes": size, "words": words}
