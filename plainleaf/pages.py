"""A page: its front matter, its Markdown with the facts filled in, and its sections."""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import lxml.html
import markdown
from lxml import etree
from lxml.html import HtmlElement as Element
from markupsafe import Markup

from plainleaf.model import Facts, Language, Link, Page, Project, Section
from plainleaf.pictures import fault_of, is_there
from plainleaf.problems import Place, Problem, choices, line_of, read_text
from plainleaf.templates import NameUnknownError, environment, render_text, speech
from plainleaf.yaml_file import Record, parse_yaml

HEADINGS = ("h2", "h3", "h4")
_ALL_HEADINGS = ("h1", *HEADINGS, "h5", "h6")
_ACTIVE = ("script", "iframe", "object", "embed", "form", "link", "meta", "base", "style")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CARDS = ("emergency", "today", "routine", "key")
_UNNAMED = "section-without-an-id"


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
        options.setdefault("toc", {})["slugify"] = lambda *_: _UNNAMED
        return markdown.markdown(text, extensions=list(self.names), extension_configs=options)


@dataclass(slots=True)
class Reader:
    """Reads the pages of one language."""

    project: Project
    language: Language
    facts: Facts
    extensions: Extensions
    problems: list[Problem]
    filler: jinja2.Environment = field(init=False)

    def __post_init__(self) -> None:
        """Make the Jinja that fills this language's pages."""
        self.filler = environment(self.project.template_folders("page"))

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
        updated = record.day("updated")
        record.finish()
        filled = self._fill("\n" * (body_line - 1) + body, Place(name, 1))
        if isinstance(filled, Problem):
            self.problems.append(filled)
            return None
        try:
            html = self.extensions.convert(filled)
        except Exception as error:  # whatever an extension of mkdocs.yml may raise
            fact = f"the Markdown of this page cannot be read: {error}."
            hint = "Look for what only an extension of mkdocs.yml knows, such as a file taken in."
            self.problems.append(Problem(Place(name), fact, hint))
            return None
        tree = lxml.html.fragment_fromstring(html, create_parent="div")
        self._check_pictures(tree, path, text)
        self._check_harmless(tree, name, text)
        sections = {section.id: section for section in self._sections(tree, name, text)}
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
            updated,
            sections,
            filled.lstrip("\n"),
            tuple(_links(tree, slug, name, text)),
            Place(name),
        )

    def _fill(self, text: str, source: Place) -> str | Problem:
        cited: dict[str, None] = {}
        listed: list[bool] = []

        def cite(name: str) -> Markup:
            reference = self.facts.references.get(name)
            if reference is None and not self.facts.is_whole:
                return Markup()  # it may be among those that are broken
            if reference is None:
                hint = choices(self.facts.references, name, "sources in docs/facts/sources.yml")
                raise NameUnknownError(f'there is no source "{name}".', hint)
            if listed:
                hint = "Move `{{ source_list() }}` to the end of the page."
                raise NameUnknownError(f'"{name}" is cited below the list of sources.', hint)
            cited[name] = None
            return Markup('<a href="#source-{}">{}</a>').format(name, reference.label)

        def risk_table(*names: str) -> Markup:
            risks = []
            for name in names:
                if name not in self.facts.risks and not self.facts.is_whole:
                    continue
                if name not in self.facts.risks:
                    hint = choices(self.facts.risks, name, "risks in docs/facts/risks.yml")
                    raise NameUnknownError(f'there is no risk "{name}".', hint)
                if name not in self.language.risks:
                    hint = f"Add its words to {self.language.source.path}, under `risks:`."
                    raise NameUnknownError(
                        f'the risk "{name}" has no words in this language.', hint
                    )
                risks.append((self.facts.risks[name], self.language.risks[name]))
            return block("risk-table", risks=risks, cite=cite)

        def source_list() -> Markup:
            listed.append(True)
            return block("source-list", references=[self.facts.references[name] for name in cited])

        def block(name: str, **values: Any) -> Markup:
            template = self.filler.get_template(f"{name}.html.jinja")
            return Markup(template.render(**speech(self.language), **values))

        names = {"cite": cite, "risk_table": risk_table, "source_list": source_list}
        filled = render_text(
            self.filler, text, source, names, lambda path: self.project.name(Path(path))
        )
        if isinstance(filled, str) and cited and not listed:
            line = line_of(text, "cite(") if "cite(" in text else line_of(text, "risk_table(")
            return Problem(
                Place(source.path, line),
                "this page cites sources but does not list them.",
                "End the page with `## Sources {#sources}` and `{{ source_list() }}`.",
            )
        return filled

    def _check_pictures(self, tree: Element, page: Path, text: str) -> None:
        """Check each picture, and name it from the project's folder."""
        docs = self.project.folder / "docs"
        for image in tree.iter("img"):
            written = image.get("src", "")
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

    def _check_all_read(self, tree: Element, name: str, text: str) -> None:
        """Refuse a heading that Markdown takes for something else: its section would be lost."""
        seen = {heading.get("id") for heading in tree.iter(*_ALL_HEADINGS)}
        for number, line in enumerate(text.split("\n"), start=1):
            words, brace, rest = line.partition("{#")
            title = words.strip(" >#")
            identity = rest.partition("}")[0].partition(" ")[0]
            if words.lstrip(" >").startswith("#") and title and brace and identity not in seen:
                fact = f'the heading "{title}" is not read as a heading.'
                hint = "Start it with no spaces, after an empty line; close any HTML tag above it."
                self.problems.append(Problem(Place(name, number), fact, hint))

    def _sections(self, tree: Element, name: str, text: str) -> Iterator[Section]:
        seen: dict[str, int] = {}
        self._check_all_read(tree, name, text)
        for heading in tree.iter(*_ALL_HEADINGS):
            title = " ".join(heading.text_content().split())
            identity = heading.get("id", "")
            place = Place(name, _line_of_heading(text, identity, title, seen))
            if heading.tag not in HEADINGS:
                fact = f'the heading "{title}" is of a level that pages do not have.'
                hint = "Start headings with ##, ### or ####; the title is the page's only #."
                self.problems.append(Problem(place, fact, hint))
            elif identity.startswith(_UNNAMED):
                fact = f'the heading "{title}" has no id.'
                hint = f"Give it one: `## {title} {{#short-name}}`, the same in each language."
                self.problems.append(Problem(place, fact, hint))
            elif not _ID.fullmatch(identity):
                fact = f'the id "{identity}" cannot stand in a web address.'
                hint = "Use small letters a to z, digits, and a dash between words."
                self.problems.append(Problem(place, fact, hint))
            elif identity in seen:
                fact = f'the id "{identity}" is given twice, first on line {seen[identity]}.'
                self.problems.append(Problem(place, fact, "Give each heading an id of its own."))
            else:
                seen[identity] = place.line
                yield Section(identity, title, _html(heading), _card(heading), place)


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


def _line_of_heading(text: str, identity: str, title: str, seen: Mapping[str, int]) -> int:
    """Find a heading's line: by its id, or by its words where it has none or shares it."""
    for number, line in enumerate(text.split("\n"), start=1):
        if number in seen.values():
            continue
        if f"{{#{identity}}}" in line or f"{{#{identity} " in line or f'id="{identity}"' in line:
            return number
        if identity.startswith(_UNNAMED) and line.lstrip(" >").startswith("#") and title in line:
            return number
    return line_of(text, title)


def _links(tree: Element, slug: str, name: str, text: str) -> Iterator[Link]:
    """Give the links that lead to pages; those to the handouts page and elsewhere are left out."""
    for link in tree.iter("a"):
        target, _, section = str(link.get("href", "")).partition("#")
        place = Place(name, line_of(text, f"({link.get('href')}"))
        if not target and section and not section.startswith(("source-", "fn:", "fnref:")):
            yield Link(slug, section, place)
        elif target.endswith(".md") and ":" not in target and target != "handouts.md":
            page = posixpath.normpath(posixpath.join(posixpath.dirname(slug), target))
            yield Link(page.removesuffix(".md"), section, place)


def _card(heading: Element) -> str:
    parent = heading.getparent()
    kinds = (parent.get("class") or "").split() if parent is not None else []
    return next((kind for kind in CARDS if kind in kinds), "") if "admonition" in kinds else ""


def _html(heading: Element) -> str:
    """Give a heading and what follows it, up to the next heading of its level or above."""
    section: list[Element] = [heading]
    for sibling in heading.itersiblings():
        if sibling.tag in HEADINGS and str(sibling.tag) <= str(heading.tag):
            break
        section.append(sibling)
    return "".join(_outer_html(element) for element in section)


def _outer_html(element: Element) -> str:
    html: str = lxml.html.tostring(copy.deepcopy(element), encoding="unicode")
    return html


def page_files(folder: Path) -> Sequence[Path]:
    """Give the Markdown files of a language's folder, folders within it included."""
    return sorted(folder.rglob("*.md"))
