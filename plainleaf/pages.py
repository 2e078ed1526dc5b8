"""A page: its front matter, its Markdown, and what must not stand in it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import markdown
from lxml import etree
from lxml.html import HtmlElement as Element

from plainleaf.fill import fill_page
from plainleaf.markup import in_page
from plainleaf.model import NOBODY, READERS, Facts, Language, Page, Project
from plainleaf.origins import Origins
from plainleaf.pictures import fault_of, is_there
from plainleaf.problems import Place, Problem, choices, line_of, read_text
from plainleaf.sections import UNNAMED, links_of, sections_of
from plainleaf.waivers import without_notes
from plainleaf.yaml_file import Record, parse_yaml

# What a page is: it states facts about this treatment (treatment) or about health (clinical), it
# explains terms (glossary), or it does none of these (plain).
KINDS = ("treatment", "clinical", "plain", "glossary")

_ACTIVE = ("script", "iframe", "object", "embed", "form", "link", "meta", "base", "style")


@dataclass(frozen=True, slots=True)
class Extensions:
    """The Markdown extensions of mkdocs.yml, with their options."""

    names: tuple[str, ...]
    options: Mapping[str, Mapping[str, Any]]

    def convert(self, text: str) -> str:
        """Turn Markdown into HTML just as the website does, but mark headings without an id."""
        options: dict[str, dict[str, Any]] = {
            name: dict(self.options[name]) for name in self.options
        }
        options.setdefault("toc", {})["slugify"] = lambda *_: UNNAMED
        return markdown.markdown(text, extensions=list(self.names), extension_configs=options)


@dataclass(slots=True)
class Reader:
    """Reads the pages of one language."""

    project: Project
    language: Language
    facts: Facts
    extensions: Extensions
    problems: list[Problem]

    def read(self, path: Path) -> Page | None:
        """Read a page, or note its problems and give None."""
        before = len(self.problems)
        name = self.project.name(path)
        text = read_text(path, name, self.problems)
        split = None if text is None else _front_matter(text, name, self.problems)
        if text is None or split is None:
            return None
        record, body, body_line = split
        title = record.text("title")
        description = record.text("description")
        order = record.number("order", 1, 999)
        kind = record.one_of("kind", KINDS)
        updated = record.day("updated")
        review_by = record.day("review_by")
        sources = record.texts("sources", default=())
        for source in sources if self.facts.is_whole else ():
            if source not in self.facts.references:
                hint = choices(self.facts.references, source, "sources in docs/facts/sources.yml")
                record.note(f'there is no source "{source}".', hint, "sources")
        compare = record.texts("compare", default=())
        reader = record.one_of("reader", READERS, "")
        formerly = record.texts("formerly", default=())
        reviewer = _reviewer(record)
        record.finish()
        # The empty lines keep the numbers of the lines; notes to editors are not published.
        whole = "\n" * (body_line - 1) + without_notes(body)
        filled = fill_page(self.project, self.language, self.facts, whole, sources, Place(name, 1))
        if isinstance(filled, Problem):
            self.problems.append(filled)
            return None
        whole, cited = filled
        if "<!--" in whole:
            place = Place(name, line_of(whole, "<!--"))
            hint = "Write it on a line of its own, from `<!--` to `-->`."
            self.problems.append(Problem(place, "a note to editors would be published.", hint))
        try:
            html = self.extensions.convert(whole)
        except Exception as error:  # whatever an extension of mkdocs.yml may raise
            fact = f"the Markdown of this page cannot be read: {error}."
            hint = "Look for what only an extension of mkdocs.yml knows, such as a file taken in."
            self.problems.append(Problem(Place(name), fact, hint))
            return None
        tree = lxml.html.fragment_fromstring(html, create_parent="div")
        self._check_pictures(tree, path, text)
        self._check_harmless(tree, name, text)
        self.problems += in_page(tree, name, text)
        sections = {section.id: section for section in sections_of(tree, name, text, self.problems)}
        for option in compare:
            if option not in sections:
                hint = choices(sections, option, "sections")
                record.note(f'there is no section "{option}".', hint, "compare")
        if len(self.problems) > before:
            return None
        folder = self.project.folder / "docs" / self.language.code
        slug = path.relative_to(folder).with_suffix("").as_posix()
        return Page(
            slug,
            self.language.code,
            title,
            description,
            order,
            kind,
            updated,
            review_by,
            sources,
            cited,
            compare,
            reader,
            formerly,
            reviewer,
            sections,
            whole.lstrip("\n"),
            html,
            tuple(links_of(tree, slug, name, text)),
            Place(name),
        )

    def _check_pictures(self, tree: Element, page: Path, text: str) -> None:
        """Check each picture, and name it from the project's folder."""
        docs = self.project.folder / "docs"
        for image in tree.iter("img"):
            written = image.get("src", "")
            if written.startswith("data:") and "icons" in (image.get("class") or ""):
                self._check_icons(image)  # drawn by icons.py
                continue
            place = Place(self.project.name(page), line_of(text, written or "]()"))
            # docs/assets stands beside the pages of every language on the website.
            inside = posixpath.normpath(
                (page.parent.relative_to(docs / self.language.code) / written).as_posix()
            )
            shared = inside.startswith("assets/")
            path = docs / inside if shared else docs / self.language.code / inside
            is_outside = ":" in written or inside.startswith("..")
            if is_there(path):
                is_outside |= not path.resolve().is_relative_to(docs.resolve())
            if is_outside or not is_there(path):
                lies = "lies outside docs/" if is_outside else "is not there"
                fact = f'the picture "{written}" {lies}.'
                hint = "Put it into docs/assets/ and name it as `assets/picture.svg`."
                self.problems.append(Problem(place, fact, hint))
                continue
            if fault := fault_of(path):
                hint = "Save the picture again as a plain SVG, PNG or JPEG."
                self.problems.append(Problem(place, f'the picture "{written}" {fault}.', hint))
            if not image.get("alt", "").strip():
                fact = f'the picture "{written}" has no text for people who cannot see it.'
                hint = "Say what it shows between the square brackets: `![An arm](…)`."
                self.problems.append(Problem(place, fact, hint))
            image.set("src", self.project.name(path))

    def _check_icons(self, image: Element) -> None:
        """Refuse an icon array whose template gives it no words."""
        if not image.get("alt", "").strip():
            place = Origins(self.project, "page").of(image, "icon-array")
            fact = "a picture has no text for people who cannot see it."
            self.problems.append(Problem(place, fact, 'Say what it shows: `alt="{{ words.… }}"`.'))

    def _check_harmless(self, tree: Element, name: str, text: str) -> None:
        """Refuse what acts or fetches: people read these pages in private, and on paper."""
        for element in tree.iter(etree.Element):
            deeds = [str(key) for key in element.attrib if str(key).startswith("on")]
            leads = str(element.get("href", "")).strip().lower()
            if element.tag in _ACTIVE or deeds or leads.startswith(("javascript:", "data:")):
                what = f"<{element.tag}>" if element.tag in _ACTIVE else (*deeds, leads)[0]
                place = Place(name, line_of(text, what.removesuffix(">")))
                fact = f'this page holds "{what}", and a page must not act.'
                self.problems.append(Problem(place, fact, "Take it away; write words instead."))
            elif "style" in element.attrib:
                # The columns of a table are set to a side by a colon in the line under its heads.
                signs = ("--:", ":--") if element.tag in ("td", "th") else ()
                sign = next((sign for sign in signs if sign in text), "style=")
                place = Place(name, line_of(text, sign))
                fact = "this page styles a part of itself, and the website would drop that."
                hint = "Take `style=` away; in a table, write the line under its heads without `:`."
                self.problems.append(Problem(place, fact, hint))


def _reviewer(record: Record) -> tuple[str, date] | None:
    """Give who checked a page and when, or None as long as nobody has."""
    by = record.text("reviewer", NOBODY)
    if by != NOBODY:
        return by, record.day("reviewed")
    if record.has("reviewed"):
        record.day("reviewed")
        hint = "Write the name and role of who checked it after `reviewer:`."
        record.note("this page was checked, and does not say by whom.", hint, "reviewed")
    return None


def _front_matter(text: str, name: str, problems: list[Problem]) -> tuple[Record, str, int] | None:
    """Split a page's file: its front matter, its body, and the line on which the body starts."""
    lines = text.split("\n")
    fence = lines.index("---", 1) if lines[0] == "---" and "---" in lines[1:] else 0
    head = "\n".join(lines[1:fence])
    if not head.strip():
        problems.append(
            Problem(
                Place(name, 1),
                "this page does not start with its title and date.",
                "Start it with `---`, the lines title, description, order and updated, and `---`.",
            )
        )
        return None
    record = parse_yaml(head, Place(name, 2), "a page", problems)
    return None if record is None else (record, "\n".join(lines[fence + 1 :]), fence + 2)


def page_files(folder: Path) -> Sequence[Path]:
    """Give the Markdown files of a language's folder, folders within it included."""
    return sorted(folder.rglob("*.md"))
